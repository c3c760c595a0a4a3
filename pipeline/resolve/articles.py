"""From the distinct texts of articles to clusters: which texts are one article.

The decision made here: one address is one article unless its texts have nothing in common; without an address, title,
date and words together decide, and a text that fits two articles equally well joins neither. Verdicts rest on the
pair alone, except that words under many titles are no article's own; a join is refused where the clusters it would
bring together exclude each other (another number of one section, days apart).
"""

from dataclasses import dataclass
from functools import cache
from typing import Final, TypeAlias

import polars as pl

from pipeline.remember import DIGEST, earlier_rows, group_digests, remembered_rows
from pipeline.resolve.article_groups import article_neighbourhoods
from pipeline.resolve.article_work import Work, title_diff
from pipeline.resolve.articles_compared import (
    COMPARED,
    NOTHING_COMPARED,
    WORTH,
    Compared,
    Earlier,
    Taken,
    compared_row,
    form_digests,
)
from pipeline.resolve.articles_complete import common_words, join_complete
from pipeline.resolve.articles_truncated import join_truncated
from pipeline.resolve.ids import MEMBERS
from pipeline.resolve.printed import PrintedBodies
from pipeline.resolve.signatures import ENOUGH, Bodies, read_forms, text_facts

_KIND: Final = "article-clusters"
_AT_ONCE: Final = 4_000
"""Texts that are clustered together, beyond those of one neighbourhood."""


@dataclass(frozen=True, slots=True)
class ArticleClusters:
    """Which texts are one article."""

    members: pl.DataFrame
    """text_id, form_id, cluster_id (the smallest form_id of the cluster), body_key, normal_title; one row per text."""
    forms: pl.DataFrame
    """form_id, cluster_id, first_captured_at; what `ids.assign_ids` takes."""


def cluster_articles(texts: pl.DataFrame, bodies: PrintedBodies) -> ArticleClusters:
    """Cluster the distinct texts of articles, neighbourhood by neighbourhood.

    Args:
        texts: columns `signatures.TEXTS`, any order. A `urlkey` that names a listing is no address.
        bodies: their bodies.
    """
    known = texts.join(text_facts(texts, bodies), on="text_id")
    known = known.join(article_neighbourhoods(known), on="text_id")
    digests = group_digests(
        known.select("neighbourhood", "text_id", "is_truncated", "first_captured_at"), "neighbourhood"
    ).join(known.group_by("neighbourhood").agg(n_texts=pl.len()), on="neighbourhood", maintain_order="left")
    known = known.join(digests.select("neighbourhood", DIGEST), on="neighbourhood")
    earlier = cache(lambda: Earlier(earlier_rows(_KIND)))

    def pick(missing: pl.Series) -> _Picked:
        part = known.join(missing.to_frame(), on=DIGEST, how="semi")
        # bodies are read and normalised with those that lie beside them: texts that are compared lie together
        part = part.sort("neighbourhood", "normal_title", "published_on", "form_id", "text_id", nulls_last=True)
        return part, bodies.only(part["body_sha256"]), earlier().of(part["text_id"])

    found = remembered_rows(_KIND, digests[DIGEST], pick, _clusters_of, _AT_ONCE, digests["n_texts"])
    found = found.select("text_id", "cluster_id").explode("text_id", "cluster_id")
    members = known.select("text_id", "form_id", "body_key", "normal_title", "first_captured_at").join(
        found, on="text_id"
    )
    forms = members.group_by("form_id").agg(pl.col("cluster_id").first(), pl.col("first_captured_at").min())
    return ArticleClusters(
        members=members.select("text_id", "form_id", "cluster_id", "body_key", "normal_title").sort("text_id"),
        forms=forms.select(MEMBERS.keys()).sort("form_id"),
    )


_Picked: TypeAlias = tuple[pl.DataFrame, PrintedBodies, pl.DataFrame]
"""Texts of some neighbourhoods with the digest of theirs, in the order they are compared in; their bodies; what
was `COMPARED` of them before."""


def _clusters_of(picked: _Picked) -> pl.DataFrame:
    """text_id and cluster_id of each neighbourhood's texts and what was `COMPARED`, by its digest."""
    texts, bodies, earlier = picked
    clusters, compared = _clusters(texts, Bodies(texts["body_sha256"], bodies), Compared(earlier))
    named = texts.join(clusters, on=["neighbourhood", "form_id"]).group_by("neighbourhood", DIGEST)
    return named.agg("text_id", "cluster_id").join(compared, on="neighbourhood").drop("neighbourhood")


def _clusters(texts: pl.DataFrame, bodies: Bodies, earlier: Compared) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Neighbourhood, form_id and cluster_id of each form; and of each neighbourhood what was `COMPARED`."""
    rows = []
    compared = []
    numbers = texts["neighbourhood"].unique().sort()
    for number, forms in zip(numbers, read_forms(texts), strict=True):
        work = Work(forms, bodies)
        common = common_words(forms)
        digests = form_digests(forms, common) if len(forms) >= WORTH else []
        kept = NOTHING_COMPARED
        if len(forms) > 1:
            _join_addresses(work)
            scores = join_complete(work, common, earlier.take(forms, digests) if digests else Taken())
            join_truncated(work)
            kept = compared_row(digests, scores) if digests else kept
        rows += [(number, form.form_id, forms[work.root(place)].form_id) for place, form in enumerate(forms)]
        compared.append((number, *kept))
    neighbourhood: dict[str, pl.DataType | type[pl.DataType]] = {"neighbourhood": texts.schema["neighbourhood"]}
    return (
        pl.DataFrame(rows, neighbourhood | {"form_id": pl.String, "cluster_id": pl.String}, orient="row"),
        pl.DataFrame(compared, neighbourhood | COMPARED, orient="row"),
    )


def _join_addresses(work: Work) -> None:
    """Join the forms of one address, except where their texts have nothing in common."""
    groups: dict[str, list[int]] = {}
    for place, form in enumerate(work.forms):
        if form.address is not None:
            groups.setdefault(form.address.key, []).append(place)
    for _, places in sorted(groups.items()):
        for position, place in enumerate(places):
            for other in places[:position]:
                if work.root(place) != work.root(other) and _have_something_in_common(work, place, other):
                    work.join(place, other)


def _have_something_in_common(work: Work, a: int, b: int) -> bool:
    one, two = work.forms[a], work.forms[b]
    if one.body_key == two.body_key or (one.title is not None and one.title == two.title):
        return True
    if min(one.n_words, two.n_words) < ENOUGH:
        return one.title is None or two.title is None or title_diff(one, two).share >= 0.5
    if one.opening == two.opening or title_diff(one, two).share >= 0.5:
        return True
    sample, other = work.bodies.sample(one.row), work.bodies.sample(two.row)
    return len(sample & other) >= max(1, 0.05 * min(len(sample), len(other)))
