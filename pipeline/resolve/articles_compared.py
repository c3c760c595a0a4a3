"""What earlier builds found when they compared texts of articles pair by pair, so that only new texts are compared.

The one decision made here: what may be taken over. How sure two texts are one article depends on the two alone, so a
score holds as long as both are what they were, whatever else became their neighbour. Texts of one address are not
taken over: whether they are compared at all depends on what joined them before.
"""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

import polars as pl

from pipeline.remember import text_digest
from pipeline.resolve.signatures import Form

WORTH: Final = 32
"""Forms of a neighbourhood from which on it pays to look for what was compared before."""

COMPARED: Final[dict[str, pl.DataType | type[pl.DataType]]] = {
    "compared": pl.List(pl.String),
    "one": pl.List(pl.UInt32),
    "other": pl.List(pl.UInt32),
    "score": pl.List(pl.Float64),
}
"""Of a neighbourhood: digests of its forms; and of pairs of them, by their places, how sure they are one article."""

Scores = dict[tuple[int, int], float]
"""How sure two forms are one article, by their places, the smaller first; a pair that is not has no score."""


@dataclass(frozen=True, slots=True)
class Taken:
    """What is known of the pairs of a neighbourhood."""

    scores: Scores = field(default_factory=dict)
    groups: Sequence[int | None] = ()
    """Of each form, the earlier neighbourhood it was compared in: two of one, of different addresses, are known."""


class Earlier:
    """The neighbourhoods of earlier builds.

    Args:
        kept: text_id (a list of its texts) and `COMPARED` of each; null where nothing was kept.
    """

    def __init__(self, kept: pl.DataFrame | None) -> None:
        rows = pl.DataFrame(schema={"text_id": pl.List(pl.String), **COMPARED}) if kept is None else kept
        self._rows = rows.filter(pl.col("compared").list.len() > 0).with_row_index("number")
        self._of_text = self._rows.select("number", "text_id").explode("text_id")

    def of(self, texts: pl.Series) -> pl.DataFrame:
        """`COMPARED` of the neighbourhoods that one of these texts was in."""
        numbers = self._of_text.join(texts.to_frame("text_id"), on="text_id", how="semi").select("number")
        return self._rows.join(numbers, on="number", how="semi").sort("number").select(COMPARED.keys())


class Compared:
    """What was found in some neighbourhoods of earlier builds.

    Args:
        rows: `COMPARED` of each.
    """

    def __init__(self, rows: pl.DataFrame) -> None:
        self._rows = rows.rows()
        self._of_form: dict[str, list[int]] = {}
        for number, (digests, *_) in enumerate(self._rows):
            for digest in digests:
                self._of_form.setdefault(digest, []).append(number)

    def take(self, forms: Sequence[Form], digests: Sequence[str]) -> Taken:
        """What holds of these forms still."""
        found = Counter(number for digest in digests for number in self._of_form.get(digest, ()))
        places = {digest: place for place, digest in enumerate(digests)}
        groups: list[int | None] = [None] * len(forms)
        scores: Scores = {}
        for number, _ in sorted(found.items(), key=lambda item: (-item[1], item[0])):
            members, ones, others, values = self._rows[number]
            here = [places.get(digest) for digest in members]
            own = {place for place in here if place is not None and groups[place] is None}
            for place in own:
                groups[place] = number
            for one, other, value in zip(ones, others, values, strict=True):
                a, b = here[one], here[other]
                if (
                    a is not None
                    and b is not None
                    and a in own
                    and b in own
                    and not _at_one_address(forms[a], forms[b])
                ):
                    scores[min(a, b), max(a, b)] = value
        return Taken(scores, groups)


def form_digests(forms: Sequence[Form], common: Collection[str]) -> list[str]:
    """A digest of all that is read of each form when it is compared.

    Args:
        forms: of one neighbourhood.
        common: `articles_complete.common_words`.
    """
    return [
        text_digest(
            repr(
                (
                    form.form_id,
                    form.address and form.address.key,
                    form.printed_title,
                    form.published_on and form.published_on.isoformat(),
                    form.is_truncated,
                    form.first_captured_at and form.first_captured_at.isoformat(),
                    form.body_key,
                    form.body_key in common,
                    form.printing,
                )
            )
        )
        for form in forms
    ]


def compared_row(digests: Sequence[str], scores: Mapping[tuple[int, int], float]) -> tuple[list[object], ...]:
    """What is kept of a neighbourhood: a row of `COMPARED`."""
    pairs = sorted(scores)
    return list(digests), [a for a, _ in pairs], [b for _, b in pairs], [scores[pair] for pair in pairs]


NOTHING_COMPARED: Final[tuple[list[object], ...]] = ([], [], [], [])
"""The row of a neighbourhood that is not worth it."""


def _at_one_address(one: Form, two: Form) -> bool:
    return one.address is not None and two.address is not None and one.address.key == two.address.key
