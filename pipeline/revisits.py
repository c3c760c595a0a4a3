"""From revisit records and the records they repeat to further captures of the same pages.

A revisit (WARC 1.1, section 6.7) is a capture of the payload it refers to, at its own time. The decision made here: it
is joined by the record id it names, else by payload digest (the same URL first, then the earliest record), as section
6.7.2 lets a writer choose. Records are looked through part by part; of them only those that a revisit asks for are
held.
"""

from collections.abc import Iterable, Mapping
from typing import Any, Final, TypeAlias

import polars as pl

from pipeline.observe import clock_verdict, instant_text
from pipeline.parse.page import Header
from pipeline.records import Outcome, RecordedTime, TimePrecision, TimeSource
from pipeline.resolve.ids import capture_id
from pipeline.urls import normalise_url

_Verdict: TypeAlias = tuple[str, int, str, str | None, str | None]
"""raw_path, record_no, status, reason, capture_id of a revisit record."""

PLACE: Final = ["raw_path", "record_no"]
VERDICTS: Final = pl.Schema(
    {
        "raw_path": pl.String,
        "record_no": pl.Int32,
        "status_verdict": pl.String,
        "reason_verdict": pl.String,
        "capture_id_verdict": pl.String,
    }
)
"""What became of a revisit record."""

_ORIGINAL: Final = {"part": "original_part", "page_no": "original_page_no", "outcome": "original_outcome"}
_IS_REVISIT: Final = pl.col("outcome") == Outcome.REVISIT.value


def revisits_among(records: pl.LazyFrame) -> pl.DataFrame:
    """The revisit records of a part."""
    return (
        records.filter(_IS_REVISIT)
        .select(
            *PLACE,
            "url",
            "urlkey",
            "recorded_at",
            "recorded_source",
            "recorded_precision",
            "refers_to",
            "payload_digest",
        )
        .collect()
    )


def find_originals(revisits: pl.DataFrame, parts: Iterable[pl.LazyFrame]) -> pl.DataFrame:
    """The record that each revisit repeats.

    Args:
        revisits: what `revisits_among` found in all parts.
        parts: slice table `records` with `part`, one part after the other, in any order.

    Returns:
        The revisits with original_part, original_page_no and original_outcome, null where there is none; sorted.
    """
    wanted_ids, wanted_digests = revisits["refers_to"].drop_nulls(), revisits["payload_digest"].drop_nulls()
    columns = [*PLACE, "warc_record_id", "payload_digest", "urlkey", "recorded_at", *_ORIGINAL]
    by_id: pl.DataFrame | None = None
    by_digest: pl.DataFrame | None = None
    for part in parts:
        asked_for = pl.col("warc_record_id").is_in(wanted_ids.implode())
        repeated = pl.col("payload_digest").is_in(wanted_digests.implode())
        found = part.filter(~_IS_REVISIT & (asked_for | repeated)).select(columns).collect()
        by_id = _first(by_id, found.drop_nulls("warc_record_id"), ["warc_record_id"])
        by_digest = _first(by_digest, found.drop_nulls("payload_digest"), ["payload_digest", "urlkey"])
    if by_id is None or by_digest is None:
        return revisits.with_columns(
            original_part=pl.lit(None, dtype=pl.Int32),
            original_page_no=pl.lit(None, dtype=pl.Int32),
            original_outcome=pl.lit(None, dtype=pl.String),
        )
    earliest = by_digest.sort("recorded_at", *PLACE, nulls_last=True)
    rules = (
        (by_id.rename({"warc_record_id": "refers_to"}), ["refers_to"]),
        (by_digest.drop_nulls("urlkey"), ["payload_digest", "urlkey"]),
        (earliest.unique("payload_digest", keep="first", maintain_order=True), ["payload_digest"]),
    )
    found = pl.concat(
        [
            revisits.select(*PLACE, *on).join(originals.select(*on, *_ORIGINAL), on=on).select(*PLACE, *_ORIGINAL)
            for originals, on in rules
        ]
    )
    chosen = found.unique(PLACE, keep="first", maintain_order=True).rename(_ORIGINAL)
    return revisits.join(chosen, on=PLACE, how="left").sort(PLACE)


def _first(known: pl.DataFrame | None, found: pl.DataFrame, on: list[str]) -> pl.DataFrame:
    """The first record, by its place, of each value."""
    rows = found if known is None else pl.concat([known, found])
    return rows.sort(PLACE).unique(on, keep="first", maintain_order=True)


def judge_revisits(revisits: pl.DataFrame, pages: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """What became of each revisit (`VERDICTS`), and the pages that revisits add.

    Args:
        revisits: what `find_originals` gives.
        pages: slice table `pages` with `part`: those of the parts in which originals of these revisits stand.
    """
    targets = pages.select(pl.all().name.prefix("page_"))
    with_page = revisits.join(
        targets, left_on=["original_part", "original_page_no"], right_on=["page_part", "page_page_no"], how="left"
    ).sort(PLACE)
    rows = [_revisited(row) for row in with_page.iter_rows(named=True)]
    verdicts = pl.DataFrame([verdict for verdict, _ in rows], schema=VERDICTS, orient="row")
    return verdicts, pl.DataFrame([page for _, page in rows if page is not None], schema=pages.schema)


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
    }
    return (*place, "revisit", "same_payload", page["capture_id"]), page


def _clock_check(page: Mapping[str, Any], time: RecordedTime) -> str | None:
    if page["page_date"] is None:
        return None
    header = Header(page["page_date"], page["moscow_clock"], page["london_clock"], language="en")
    return clock_verdict(header, time)
