"""From the pages of all slices to captures and the finished ledger: which record is the capture, which a duplicate.

Two records hold the same capture when their ids agree (data-model.md, "Ids"); the one whose time and URL are proven
best gives the row. A revisit (WARC 1.1, section 6.7) is a capture of the payload it refers to, at its own time. Pure:
frames in, frames out; a page is addressed by `part` and `page_no`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, TypeAlias

import polars as pl

from pipeline.observe import clock_verdict, instant_text
from pipeline.parse.page import Header
from pipeline.records import Outcome, RecordedTime, TimePrecision, TimeSource
from pipeline.resolve.ids import capture_id
from pipeline.urls import normalise_url

_Verdict: TypeAlias = tuple[str, int, str, str | None, str | None]
"""raw_path, record_no, status, reason, capture_id of a revisit record."""

_TRUST: Final = {source.value: rank for rank, source in enumerate(TimeSource)}
_PLACE: Final = ["raw_path", "record_no"]
_OF_THE_RECORD: Final = [
    *_PLACE,
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
class Gathered:
    """What all records together are."""

    captures: pl.DataFrame
    """Rows of `captures`, with `part` and `page_no` of the page that gives their content."""
    raw_records: pl.DataFrame
    """Rows of `raw_records`, with `detail` (a sentence for the summary)."""


def gather(records: pl.DataFrame, pages: pl.DataFrame) -> Gathered:
    """Choose captures and finish the ledger.

    Args:
        records: slice table `records` of all parts, with `part`.
        pages: slice table `pages` of all parts, with `part`; pages that broke a rule are absent.
    """
    verdicts, revisited = _join_revisits(records, pages)
    own = pages.with_columns(is_revisit=pl.lit(value=False))
    ranked = (
        pl.concat([own, revisited])
        .with_columns(
            trust=pl.col("captured_at_source").replace_strict(_TRUST, default=len(_TRUST), return_dtype=pl.Int8)
        )
        .sort(
            "capture_id",
            "is_revisit",
            "trust",
            pl.col("url").is_null(),
            pl.col("has_links").not_(),
            *_PLACE,
        )
    )
    chosen = ranked.unique("capture_id", keep="first", maintain_order=True)
    return Gathered(
        captures=capture_columns(_with_content(chosen, ranked), "part", "page_no"),
        raw_records=_ledger(records, own, chosen, verdicts),
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


def _ledger(records: pl.DataFrame, own: pl.DataFrame, chosen: pl.DataFrame, verdicts: pl.DataFrame) -> pl.DataFrame:
    """Give every record its final status, reason and capture (data-model.md, raw_records)."""
    winners = chosen.filter(~pl.col("is_revisit")).select(*_PLACE, is_winner=pl.lit(value=True))
    candidates = own.select(*_PLACE, "capture_id")
    joined = (
        records.join(candidates, on=_PLACE, how="left")
        .join(winners, on=_PLACE, how="left")
        .join(verdicts, on=_PLACE, how="left", suffix="_verdict")
    )
    is_page = pl.col("outcome") == Outcome.PAGE.value
    is_revisit = pl.col("outcome") == Outcome.REVISIT.value
    return joined.select(
        *_PLACE,
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
    ).sort(_PLACE)


def _join_revisits(records: pl.DataFrame, pages: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """What became of each revisit record, and the pages that revisits add.

    A revisit is joined by the record id it names, else by payload digest (the same URL first, then the earliest
    record), as WARC 1.1, section 6.7.2 lets a writer choose.
    """
    revisits = records.filter(pl.col("outcome") == Outcome.REVISIT.value)
    found = pl.concat([_by_record_id(revisits, records), _by_digest(revisits, records)]).unique(
        _PLACE, keep="first", maintain_order=True
    )
    joined = revisits.select(*_PLACE, "url", "urlkey", "recorded_at", "recorded_source", "recorded_precision").join(
        found, on=_PLACE, how="left"
    )
    targets = pages.select(pl.all().name.prefix("page_"))
    with_page = joined.join(
        targets, left_on=["original_part", "original_page_no"], right_on=["page_part", "page_page_no"], how="left"
    ).sort(_PLACE)
    rows = [_revisited(row) for row in with_page.iter_rows(named=True)]
    verdicts = pl.DataFrame(
        [verdict for verdict, _ in rows],
        schema={
            "raw_path": pl.String,
            "record_no": pl.Int32,
            "status_verdict": pl.String,
            "reason_verdict": pl.String,
            "capture_id_verdict": pl.String,
        },
        orient="row",
    )
    schema = pages.schema | {"is_revisit": pl.Boolean}
    added = pl.DataFrame([page for _, page in rows if page is not None], schema=schema)
    return verdicts, added


_ORIGINAL: Final = {
    "part": "original_part",
    "page_no": "original_page_no",
    "outcome": "original_outcome",
}


def _by_record_id(revisits: pl.DataFrame, records: pl.DataFrame) -> pl.DataFrame:
    originals = (
        records.filter(pl.col("warc_record_id").is_not_null() & (pl.col("outcome") != Outcome.REVISIT.value))
        .sort(_PLACE)
        .unique("warc_record_id", keep="first", maintain_order=True)
        .select("warc_record_id", *_ORIGINAL)
        .rename({"warc_record_id": "refers_to", **_ORIGINAL})
    )
    return revisits.select(*_PLACE, "refers_to").join(originals, on="refers_to").select(*_PLACE, *_ORIGINAL.values())


def _by_digest(revisits: pl.DataFrame, records: pl.DataFrame) -> pl.DataFrame:
    originals = (
        records.filter(pl.col("payload_digest").is_not_null() & (pl.col("outcome") != Outcome.REVISIT.value))
        .sort(*_PLACE)
        .unique(["payload_digest", "urlkey"], keep="first", maintain_order=True)
        .select("payload_digest", pl.col("urlkey").alias("original_urlkey"), "recorded_at", *_PLACE, *_ORIGINAL)
        .rename({**_ORIGINAL, "recorded_at": "original_at", "raw_path": "original_path", "record_no": "original_no"})
    )
    return (
        revisits.select(*_PLACE, "payload_digest", "urlkey")
        .join(originals, on="payload_digest")
        .with_columns(other_url=(pl.col("urlkey") != pl.col("original_urlkey")).fill_null(value=True))
        .sort(*_PLACE, "other_url", "original_at", "original_path", "original_no", nulls_last=True)
        .unique(_PLACE, keep="first", maintain_order=True)
        .select(*_PLACE, *_ORIGINAL.values())
    )


def _revisited(row: Mapping[str, Any]) -> tuple[_Verdict, dict[str, Any] | None]:
    """The verdict on one revisit, and the page it adds: the original's content at the revisit's own time."""
    place = (row["raw_path"], row["record_no"])
    outcome = row["original_outcome"]
    if outcome is None or outcome == Outcome.REJECTED.value:
        return (*place, "rejected", "revisit_without_original", None), None
    if outcome == Outcome.NOT_A_PAGE.value:
        return (*place, "not_a_page", "revisit_of_not_a_page", None), None
    if row["page_capture_id"] is None:
        return (*place, "rejected", "revisit_of_quarantined", None), None
    if row["recorded_at"] is None:
        return (*place, "rejected", "revisit_without_time", None), None
    time = RecordedTime(
        row["recorded_at"], TimeSource(row["recorded_source"]), TimePrecision(row["recorded_precision"])
    )
    page = {name.removeprefix("page_"): value for name, value in row.items() if name.startswith("page_")}
    page |= {
        "part": row["original_part"],
        "page_no": row["original_page_no"],
        "raw_path": row["raw_path"],
        "record_no": row["record_no"],
        "capture_id": capture_id(page["text_sha256"], instant_text(time)),
        "url": page["url"] if row["url"] is None else normalise_url(row["url"]),
        "urlkey": page["urlkey"] if row["urlkey"] is None else row["urlkey"],
        "captured_at": time.at,
        "captured_at_source": time.source.value,
        "captured_at_precision": time.precision.value,
        "archive": page["archive"] if row["raw_path"] == page["raw_path"] else None,
        "memento_url": None,
        "clock_check": _clock_check(page, time),
        "is_revisit": True,
    }
    return (*place, "revisit", "same_payload", page["capture_id"]), page


def _clock_check(page: Mapping[str, Any], time: RecordedTime) -> str | None:
    if page["page_date"] is None:
        return None
    header = Header(page["page_date"], page["moscow_clock"], page["london_clock"], language="en")
    return clock_verdict(header, time)
