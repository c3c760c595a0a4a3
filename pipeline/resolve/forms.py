"""The teaser forms that are clustered: as printed, with their words made comparable.

The decision made here: which form is a cluster's seed (the first captured, then the smallest id), and that forms which
differ in typography only are judged once.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

import polars as pl

from pipeline.resolve.normalise import Wording, wording

_EPOCH: Final = date(1970, 1, 1)


@dataclass(frozen=True, slots=True)
class Form:
    """A form as printed, with what decides who is the seed."""

    words: Wording
    title: str | None
    teaser: str | None
    first: datetime | None
    last: datetime | None

    @property
    def seed_order(self) -> tuple[bool, float, str]:
        """Puts the form first that was captured first."""
        return self.first is None, 0.0 if self.first is None else self.first.timestamp(), self.words.form_id


def read_forms(forms: pl.DataFrame) -> dict[str, Form]:
    """Forms by id, in order of id.

    Raises:
        ValueError: a form_id stands in two rows.
    """
    columns = ("form_id", "published_on", "title", "teaser", "is_cut", "first_captured_at", "last_captured_at")
    table = {
        name: Form(
            wording(name, None if day is None else (day - _EPOCH).days, title, teaser, is_cut=bool(is_cut)),
            title,
            teaser,
            first,
            last,
        )
        for name, day, title, teaser, is_cut, first, last in forms.select(columns).sort("form_id").iter_rows()
    }
    if len(table) != forms.height:
        raise ValueError("forms: a form_id stands in more than one row")
    return table


def typographic_groups(forms: Iterable[Form]) -> list[list[str]]:
    """Forms of one day whose words, case included, are the same: they are judged once, through the first of them."""
    groups: dict[tuple[int | None, str, str | None, bool], list[str]] = defaultdict(list)
    for form in forms:
        words = form.words
        groups[words.day, words.title, words.teaser, words.is_cut].append(words.form_id)
    return list(groups.values())
