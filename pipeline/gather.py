"""From the pages of all slices to captures and the finished ledger: which record is the capture, which a duplicate.

Two records hold the same capture when their ids agree (data-model.md, "Ids"); the one whose time and URL are proven
best gives the row. Pure: frames in, frames out; a page is addressed by `part` and `page_no`. All pages of one
capture_id must come together, but any number of captures may be looked at by itself, and so may the records of a part.
"""

from dataclasses import dataclass
from typing import Final

import polars as pl

from pipeline.records import Outcome, TimeSource
from pipeline.revisits import PLACE

_TRUST: Final = {source.value: rank for rank, source in enumerate(TimeSource)}
_OF_THE_RECORD: Final = [
    *PLACE,
    "captured_at",
    "captured_at_source",
    "captured_at_precision",
    "clock_check",
    "archive",
    "memento_url",
]
"""What the record whose time is trusted most says of a capture; the rest is read off the page."""
_LOOKUP: Final = "https://web.archive.org/web/"


@dataclass(frozen=True, slots=True)
class Chosen:
    """The captures among some pages."""

    captures: pl.DataFrame
    """Rows of `captures`, sorted, with `part` and `page_no` of the page that gives their content."""
    makers: pl.DataFrame
    """`part`, `page_no` of the pages whose records are the captures; the others are duplicates."""


def choose_captures(pages: pl.DataFrame) -> Chosen:
    """Choose captures among pages.

    Args:
        pages: slice table `pages` with `part`, and `is_revisit`: whether a revisit added the page. Pages that broke a
            rule are absent; all others of the same capture_id are there.
    """
    ranked = pages.with_columns(
        trust=pl.col("captured_at_source").replace_strict(_TRUST, default=len(_TRUST), return_dtype=pl.Int8)
    ).sort(
        "capture_id",
        "is_revisit",
        "trust",
        pl.col("url").is_null(),
        pl.col("has_links").not_(),
        *PLACE,
    )
    chosen = ranked.unique("capture_id", keep="first", maintain_order=True)
    return Chosen(
        captures=capture_columns(_with_content(chosen, ranked), "part", "page_no"),
        makers=chosen.filter(~pl.col("is_revisit")).select("part", "page_no"),
    )


def _with_content(chosen: pl.DataFrame, ranked: pl.DataFrame) -> pl.DataFrame:
    """Take the page's content from the record that shows most of it, time and URL from the one that proves them best.

    All records of a capture have the same lines, but only a URL tells some kinds of page, and some forms keep no links.
    """
    several = ranked.filter(pl.col("capture_id").is_duplicated())
    content = several.sort(
        "capture_id",
        "is_revisit",
        pl.col("url").is_null(),
        pl.col("has_links").not_(),
        "is_truncated",
        maintain_order=True,
    ).unique("capture_id", keep="first", maintain_order=True)
    proven = chosen.select("capture_id", *_OF_THE_RECORD, proven_url="url", proven_key="urlkey")
    times = proven.join(content.drop(_OF_THE_RECORD), on="capture_id").with_columns(
        url=pl.coalesce("proven_url", "url"), urlkey=pl.coalesce("proven_key", "urlkey")
    )
    alone = chosen.join(content, on="capture_id", how="anti")
    return pl.concat([alone, times.select(alone.columns)]).sort("capture_id")


def capture_columns(pages: pl.DataFrame, *also: str) -> pl.DataFrame:
    """The columns of `captures` of candidate pages, derived ones filled in, in the contract's order; then `also`."""
    stamp = pl.col("captured_at").dt.strftime("%Y%m%d%H%M%S")
    lookup = (
        pl.when(pl.col("url").is_null())
        .then(None)
        .otherwise(pl.concat_str(pl.lit(_LOOKUP), stamp.fill_null("*"), pl.lit("/"), pl.col("url")))
    )
    return pages.select(
        "capture_id",
        "url",
        "urlkey",
        "captured_at",
        pl.col("captured_at").dt.date().alias("captured_on"),
        "captured_at_source",
        "captured_at_precision",
        "archive",
        "memento_url",
        lookup.alias("lookup_url"),
        "page_date",
        "moscow_clock",
        "london_clock",
        "clock_check",
        "page_kind",
        "layout",
        "section",
        "language",
        "text_sha256",
        "n_lines",
        "n_unplaced_lines",
        "n_teasers",
        "n_counters",
        "is_truncated",
        "teasers_observable",
        *also,
    )


def ledger(records: pl.DataFrame, pages: pl.DataFrame, makers: pl.DataFrame, verdicts: pl.DataFrame) -> pl.DataFrame:
    """Give every record of a part its final status, reason and capture (data-model.md, raw_records).

    Args:
        records: slice table `records` of the part.
        pages: page_no, capture_id of the part's own pages that broke no rule.
        makers: page_no of those of them that are captures.
        verdicts: `revisits.VERDICTS`, of these records at least.

    Returns:
        Rows of `raw_records`, with `detail` (a sentence for the summary); sorted.
    """
    joined = (
        records.join(pages.select("page_no", "capture_id"), on="page_no", how="left")
        .join(makers.select("page_no", is_winner=pl.lit(value=True)), on="page_no", how="left")
        .join(verdicts, on=PLACE, how="left")
    )
    is_page = pl.col("outcome") == Outcome.PAGE.value
    is_revisit = pl.col("outcome") == Outcome.REVISIT.value
    return joined.select(
        *PLACE,
        "raw_format",
        "offset",
        "length",
        "warc_record_id",
        "record_type",
        "refers_to",
        "url",
        "recorded_at",
        "http_status",
        "media_type",
        "sha256",
        "payload_digest",
        pl.when(is_revisit)
        .then("status_verdict")
        .when(is_page & pl.col("is_winner").is_not_null())
        .then(pl.lit("capture"))
        .when(is_page & pl.col("capture_id").is_not_null())
        .then(pl.lit("duplicate"))
        .when(is_page)
        .then(pl.lit("rejected"))
        .otherwise("outcome")
        .alias("status"),
        pl.when(is_revisit)
        .then("reason_verdict")
        .when(is_page & pl.col("is_winner").is_not_null())
        .then(None)
        .when(is_page & pl.col("capture_id").is_not_null())
        .then(pl.lit("same_capture"))
        .when(is_page)
        .then(pl.lit("quarantined"))
        .otherwise("reason")
        .alias("reason"),
        pl.coalesce("capture_id", "capture_id_verdict").alias("capture_id"),
        "detail",
    ).sort(PLACE)
