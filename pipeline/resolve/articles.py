"""From the distinct texts of articles to clusters: which texts are one article.

The decision made here: one address is one article unless its texts have nothing in common; without an address, title,
date and words together decide, and a text that fits two articles equally well joins neither. Verdicts rest on the
pair alone; a join is refused where the clusters it would bring together exclude each other (another number of one
section, days apart).
"""

from dataclasses import dataclass
from typing import Final

import polars as pl

from pipeline.resolve.article_work import Work, title_diff
from pipeline.resolve.articles_complete import join_complete
from pipeline.resolve.articles_truncated import join_truncated
from pipeline.resolve.ids import MEMBERS
from pipeline.resolve.signatures import ENOUGH, TEXTS, Bodies, read_forms


@dataclass(frozen=True, slots=True)
class ArticleClusters:
    """Which texts are one article."""

    members: pl.DataFrame
    """text_id, form_id, cluster_id (the smallest form_id of the cluster), body_key, normal_title; one row per text."""
    forms: pl.DataFrame
    """form_id, cluster_id, first_captured_at; what `ids.assign_ids` takes."""


_MEMBERS: Final[dict[str, type[pl.DataType]]] = {
    "text_id": pl.String,
    "form_id": pl.String,
    "cluster_id": pl.String,
    "body_key": pl.String,
    "normal_title": pl.String,
}


def cluster_articles(texts: pl.DataFrame) -> ArticleClusters:
    """Cluster the distinct texts of articles.

    Args:
        texts: columns `signatures.TEXTS`, any order. A `urlkey` that names a listing is no address.
    """
    forms, of_row = read_forms(texts.select(TEXTS.keys()))
    work = Work(forms, Bodies(texts.get_column("body")))
    _join_addresses(work)
    join_complete(work)
    join_truncated(work)
    cluster_of = {form.form_id: forms[work.root(place)].form_id for place, form in enumerate(forms)}
    by_id = {form.form_id: form for form in forms}
    members = [
        (text, name, cluster_of[name], by_id[name].body_key, by_id[name].title)
        for text, name in zip(texts.get_column("text_id"), of_row, strict=True)
    ]
    return ArticleClusters(
        members=pl.DataFrame(members, schema=_MEMBERS, orient="row").sort("text_id"),
        forms=pl.DataFrame(
            [(form.form_id, cluster_of[form.form_id], form.first_captured_at) for form in forms],
            schema=MEMBERS,
            orient="row",
        ),
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
