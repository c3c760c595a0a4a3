"""From wordings of teasers and texts of articles to what links are judged by.

The decision made here: how much of an article is read. A teaser is the start of its article, so no more of a body is
held and normalised than the longest teaser could reach.
"""

from collections.abc import Mapping
from typing import Any, Final

import polars as pl

from pipeline.memory import with_own_strings
from pipeline.resolve.link_evidence import Start, Teaser
from pipeline.resolve.printed import PrintedBodies, pieces_with_bodies
from pipeline.resolve.words import normal_texts

_START: Final = 2500
"""Letters of a body that are compared with teasers, the longest of which have some 1,500."""


def read_teasers(shown: pl.DataFrame) -> dict[str, list[Teaser]]:
    """The wordings of each event."""
    rows = shown.with_columns(
        normal_title=normal_texts(pl.col("title")), normal_text=normal_texts(pl.col("teaser"))
    ).sort("event", "form_id")
    events: dict[str, list[Teaser]] = {}
    for row in rows.iter_rows(named=True):
        events.setdefault(row["event"], []).append(_teaser(row))
    return events


def _teaser(row: Mapping[str, Any]) -> Teaser:
    repeats_title = row["normal_text"] == row["normal_title"]
    return Teaser(
        row["form_id"],
        row["published_on"],
        row["title"],
        None if repeats_title else row["teaser"] or None,
        row["is_cut"],
        row["normal_title"] or None,
        "" if repeats_title else row["normal_text"] or "",
    )


def with_starts(printed: pl.DataFrame, bodies: PrintedBodies) -> pl.DataFrame:
    """Texts with the start of their body as `start`."""
    start = pl.col("body").fill_null("").str.slice(0, _START)
    pieces = pieces_with_bodies(printed, bodies)  # a start of its own strings keeps no body alive
    return pl.concat([with_own_strings(piece.with_columns(start=start).drop("body")) for piece in pieces])


def read_starts(printed: pl.DataFrame, bodies: PrintedBodies) -> dict[str, list[Start]]:
    """The texts of each article; those that start alike once."""
    rows = (
        with_starts(printed, bodies)
        .with_columns(normal_title=normal_texts(pl.col("title")), normal_text=normal_texts(pl.col("start")))
        .sort("article", "text_id")
    )
    articles: dict[str, dict[Start, None]] = {}
    for article, day, title, text, normal_title, normal_text in rows.select(
        "article", "published_on", "title", "start", "normal_title", "normal_text"
    ).iter_rows():
        articles.setdefault(article, {}).setdefault(Start(day, title, text, normal_title or None, normal_text))
    return {article: list(starts) for article, starts in articles.items()}
