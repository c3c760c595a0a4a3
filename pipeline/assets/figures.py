"""Key figures of a table for Dagster's plots over time: what someone would look at first after a build.

Each figure is a polars expression over the table's own rows that gives one number; null (no row to count over) is left
out of a run's metadata. Rows and bytes are reported for every table and do not stand here.
"""

from collections.abc import Mapping
from typing import Final

import polars as pl

Figures = Mapping[str, pl.Expr]


def _known(column: str) -> pl.Expr:
    return pl.col(column).is_not_null().sum()


def _of(column: str, value: str) -> pl.Expr:
    return (pl.col(column) == value).sum()


FIGURES: Final[Mapping[str, Figures]] = {
    "articles": {
        "articles with a date": _known("published_on"),
        "articles cut off in every capture": pl.col("is_truncated").sum(),
        "articles with several versions": (pl.col("n_versions") > 1).sum(),
        "words": pl.col("n_words").sum(),
    },
    "events": {
        "events with a date": _known("published_on"),
        "events with their article": _known("article_id"),
        "events with a speaker": _known("speaker"),
        "events seen in one capture": (pl.col("n_captures") == 1).sum(),
    },
    "event_countries": {"countries": pl.col("country").n_unique()},
    "counter_observations": {"observations that stray": (~pl.col("is_consistent")).sum()},
    "captures": {
        "captures with a url": _known("url"),
        "captures without a time": pl.col("captured_at").is_null().sum(),
        "captures with a sound clock": _of("clock_check", "ok"),
        "captures cut off": pl.col("is_truncated").sum(),
        "captures whose lists cannot be observed": (~pl.col("teasers_observable")).sum(),
        "lines not placed": pl.col("n_unplaced_lines").sum(),
    },
    "event_forms": {"wordings joined by likeness": _of("match", "near")},
    "event_match_decisions": {"pairs that are one event": pl.col("same").sum()},
    "event_article_links": {
        "links by href": _of("method", "href"),
        "links by text": _of("method", "text"),
        "articles no teaser announces": _of("method", "article_only"),
    },
    "article_versions": {
        "words that came": pl.col("n_words_added").sum(),
        "words that went": pl.col("n_words_removed").sum(),
    },
    "coverage": {
        "intervals closed": _of("status", "closed"),
        "intervals open": _of("status", "open"),
        "days open": (pl.col("to_on") - pl.col("from_on")).dt.total_days().filter(pl.col("status") == "open").sum(),
    },
    "raw_records": {
        status: _of("status", status) for status in ("capture", "duplicate", "revisit", "not_a_page", "rejected")
    },
    "quarantine": {
        "whole rows": pl.col("column").is_null().sum(),
        "single values": _known("column"),
    },
    "id_redirects": {"merged": _of("reason", "merged"), "withdrawn": _of("reason", "withdrawn")},
}


def key_figures(table: str, rows: pl.LazyFrame) -> dict[str, int | float]:
    """The table's figures by name; of `quality_measures` every measure is one."""
    if table == "quality_measures":
        measured = rows.filter(pl.col("value").is_not_null()).select("measure", "value").sort("measure").collect()
        return dict(measured.iter_rows())
    wanted = FIGURES.get(table, {})
    if not wanted:
        return {}
    found = rows.select(figure.alias(name) for name, figure in wanted.items()).collect(engine="streaming")
    return {name: value for name, value in found.row(0, named=True).items() if value is not None}
