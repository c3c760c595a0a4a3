"""Where the dataset comes from: captures over time, and what repetition came to."""

import polars as pl

from pipeline.counted import counted
from pipeline.report.charts import ranked_bars, stacked_months
from pipeline.report.figure import Figure, Section, Tables, in_words


def origin(tables: Tables) -> Section:
    """Captures over time and what was collapsed."""
    return Section(
        "origin",
        "Where it comes from",
        "A capture is one page of the site as an archive saw it at one instant. How many there are measures how often "
        "archives came by, not what the site published.",
        (
            _captures_by(tables, "page_kind", "kind", "Captures over time, by kind of page"),
            _captures_by(tables, "captured_at_source", "source", "Captures over time, by where their time was read"),
            _collapsed(tables),
            _records(tables),
        ),
    )


def _captures_by(tables: Tables, column: str, kind: str, title: str) -> Figure:
    captures = tables["captures"]
    rows = (
        captures.filter(pl.col("captured_on").is_not_null())
        .group_by(
            pl.col("captured_on").dt.truncate("1mo").alias("month"), in_words(column).fill_null("unknown").alias(kind)
        )
        .agg(captures=pl.len())
        .sort("month", kind)
        .collect()
    )
    without = captures.select(pl.col("captured_on").is_null().sum()).collect().item()
    says = "One bar per month, UTC." + (f" Left out: {counted(without, 'capture')} of unknown time." if without else "")
    return Figure(
        f"captures-by-{kind}",
        title,
        says,
        rows,
        stacked_months(rows, "month", kind, "captures", unit="captures") if rows.height else None,
        "No capture with a known time.",
    )


def _collapsed(tables: Tables) -> Figure:
    """How often the same thing was met, and how many things it came to."""

    def count(name: str) -> int:
        return int(tables[name].select(pl.len()).collect().item())

    pages = tables["raw_records"].filter(pl.col("status").is_in(["capture", "duplicate", "revisit"]))
    steps = [
        ("raw records that show a page", int(pages.select(pl.len()).collect().item())),
        ("captures", count("captures")),
        ("teaser observations", count("teaser_observations")),
        ("distinct wordings of events", count("event_forms")),
        ("events", count("events")),
        ("article observations", count("article_observations")),
        ("article versions", count("article_versions")),
        ("articles", count("articles")),
    ]
    rows = pl.DataFrame(steps, schema={"what": pl.String, "count": pl.Int64}, orient="row")
    return Figure(
        "collapsed",
        "From repetition to things",
        "Archives show the same page, teaser and text again and again. Records become captures; teaser observations "
        "become wordings, then events; article observations become versions, then articles.",
        rows,
        ranked_bars(rows, "what", "count", unit="rows") if any(number for _, number in steps) else None,
    )


def _records(tables: Tables) -> Figure:
    rows = (
        tables["raw_records"]
        .group_by("raw_format", "status", "reason")
        .agg(records=pl.len())
        .sort(["records", "raw_format", "status", "reason"], descending=[True, False, False, False])
        .collect()
    )
    return Figure(
        "raw-records",
        "What became of each raw record",
        "Every record of every dump is accounted for: it shows a page, repeats one, or says why it does not.",
        rows,
    )
