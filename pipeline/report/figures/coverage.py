"""What the archives may have missed: gaps between lists, and events never captured in full."""

from typing import Final

import polars as pl

from pipeline.report.charts import spans, stacked_months
from pipeline.report.figure import Figure, Section, Tables

_STATUS: Final = {"closed": "var(--good)", "open": "var(--warn)", "unobservable": "var(--line-strong)"}
_SPANS_DRAWN: Final = 400


def coverage(tables: Tables) -> Section:
    """Gaps of the archives, and items known by their teaser only."""
    return Section(
        "coverage",
        "What may be missing",
        "A gap here is a gap of the archives, not of the site. Where the lists of two captures overlap, nothing "
        "between them can be missing; where they do not, items may be.",
        (_lists(tables), _in_full(tables), _never_in_full(tables)),
    )


def _lists(tables: Tables) -> Figure:
    rows = (
        tables["coverage"]
        .with_columns(days=(pl.col("to_on") - pl.col("from_on")).dt.total_days() + 1)
        .select("section", "from_on", "to_on", "days", "status", "capture_id_before", "capture_id_after")
        .sort("section", "from_on")
        .collect()
    )
    # spans too short to be seen are drawn last to go, the longest first
    drawn = rows.sort(["days", "section", "from_on"], descending=[True, False, False]).head(_SPANS_DRAWN)
    drawn = drawn.with_columns(pl.col("section").fill_null("no label")).sort("section", "from_on")
    return Figure(
        "coverage-by-section",
        "Where lists overlap and where items may be missing",
        "Per section: closed – lists overlap, nothing can be missing; open – items may be missing; unobservable – the "
        "dump cannot show lists.",
        rows,
        spans(drawn, "section", "from_on", "to_on", "status", _STATUS) if rows.height else None,
        "No section's list was seen with dates.",
    )


def _fullness() -> pl.Expr:
    return (
        pl.when(pl.col("article_id").is_null())
        .then(pl.lit("teaser only"))
        .when(pl.col("is_truncated"))
        .then(pl.lit("article cut off"))
        .otherwise(pl.lit("article in full"))
    )


def _in_full(tables: Tables) -> Figure:
    cut = tables["articles"].select("article_id", "is_truncated")
    rows = (
        tables["events"]
        .filter(pl.col("published_on").is_not_null())
        .join(cut, on="article_id", how="left")
        .group_by(month=pl.col("published_on").dt.truncate("1mo"), captured=_fullness())
        .agg(events=pl.len())
        .sort("month", "captured")
        .collect()
    )
    return Figure(
        "captured-in-full",
        "Events captured in full, cut off, or by their teaser only",
        "By month of publication.",
        rows,
        stacked_months(rows, "month", "captured", "events", unit="events") if rows.height else None,
        "No event with a known date.",
    )


def _never_in_full(tables: Tables) -> Figure:
    cut = tables["articles"].select("article_id", "is_truncated")
    rows = (
        tables["events"]
        .join(cut, on="article_id", how="left")
        .filter(pl.col("article_id").is_null() | pl.col("is_truncated"))
        .select("event_id", "published_on", "title", "n_captures", captured=_fullness())
        .sort(["published_on", "event_id"], descending=[True, False], nulls_last=True)
        .collect()
    )
    return Figure(
        "never-in-full",
        "Events never captured in full",
        "What to look for in other archives: items of which no complete article is in these dumps.",
        rows,
        nothing="None: every event has a complete article.",
    )
