"""raw_records: the ledger, every record of every raw file with what became of it."""

from typing import Any

import polars as pl

from schemas import columns
from schemas.model import TableModel, Timestamp, field, row_rule
from schemas.table import Table

LEADS_TO_A_CAPTURE = ("capture", "duplicate", "revisit")
"""The statuses whose records show a capture."""


def _verbatim(title: str, meaning: str, *, term: str) -> Any:
    return field(title, f"{meaning}, verbatim; null where the raw form has none.", term=term, nullable=True)


class RawRecords(TableModel):
    """One row per record of a raw file."""

    raw_path: str = field(
        "Raw file",
        "Path of the file relative to its raw folder (with the folder's name before it where there are several), "
        "bytes that are not UTF-8 percent-encoded.",
        term="dcterms:source",
        pattern=r"^[^/][\s\S]*$",  # a name may hold a line break
    )
    record_no: pl.Int32 = columns.position("Place of the record in its file, from 0.")
    raw_format: str = field(
        "Raw format",
        "The form of the file, by its content.",
        term="schema:encodingFormat",
        values={
            "text": "plain text of a page",
            "html": "HTML of a page",
            "warc": "WARC",
            "arc": "ARC",
            "wet": "WARC with extracted text",
            "wacz": "WARC packed in WACZ",
            "jsonl": "a text corpus as JSON lines",
            "parquet": "a text corpus as Parquet",
            "cdx": "an index of a web archive",
            "unknown": "none of these",
        },
    )
    offset: pl.Int64 = columns.count(
        "Offset",
        "Where the record starts in the (compressed) file; null where it is not addressed by bytes.",
        unit="bytes",
        nullable=True,
    )
    length: pl.Int64 = columns.count(
        "Length", "Length of the record as stored; null where it is not known.", unit="bytes", nullable=True
    )
    warc_record_id: str = _verbatim("WARC record id", "WARC-Record-ID", term="dcterms:identifier")
    record_type: str = _verbatim("Record type", "WARC-Type", term="dcterms:type")
    refers_to: str = _verbatim(
        "Refers to",
        "The record id a revisit refers to, else the URL and time it names instead",
        term="dcterms:references",
    )
    url: str = field(
        "URL",
        "URL of the record, verbatim (a form without a scheme gets http://); null where the raw form has none.",
        term="schema:url",
        nullable=True,
    )
    recorded_at: Timestamp = field(
        "Recorded at",
        "Time the raw form itself carries; null where it carries none.",
        term="dcterms:created",
        unit="instant (UTC)",
        nullable=True,
    )
    http_status: pl.Int32 = field(
        "HTTP status",
        "Status of the HTTP response; null where the raw form has none.",
        term="schema:status",
        nullable=True,
        minimum=0,
    )
    media_type: str = _verbatim("Media type", "Content type of the payload", term="schema:encodingFormat")
    sha256: str = columns.sha256(
        "SHA-256", "Digest of the record's payload bytes, by us; null where they could not be read."
    )
    payload_digest: str = _verbatim("Payload digest", "The raw form's own digest or id", term="schema:identifier")
    status: str = field(
        "Status",
        "What became of the record.",
        term="schema:status",
        values={
            "capture": "it made a capture",
            "duplicate": "it shows a capture that another record made",
            "revisit": "it says that the payload of a capture was seen again",
            "not_a_page": "sound, but no page",
            "rejected": "broken, empty or unreadable, or its capture was quarantined",
        },
    )
    reason: str = field(
        "Reason",
        "Why, as a word; null only for status capture.",
        term="dcterms:provenance",
        nullable=True,
        pattern=columns.SNAKE_CASE,
    )
    capture_id: str = columns.capture_id("The capture the record leads to; null where it leads to none.", nullable=True)

    @row_rule("A reason is given for every status but capture.")
    def reason_null_only_for_capture(cls) -> pl.Expr:
        """Both ways."""
        return pl.col("reason").is_null() == (pl.col("status") == "capture")

    @row_rule("Records with status capture, duplicate or revisit lead to a capture, others to none.")
    def status_leads_to_capture(cls) -> pl.Expr:
        """Both ways; that the capture exists is the foreign key's rule."""
        return pl.col("capture_id").is_not_null() == pl.col("status").is_in(LEADS_TO_A_CAPTURE)


TABLE = Table(
    name="raw_records",
    model=RawRecords,
    title="Raw records",
    description="One row per record of every raw file that was read: what it was, and what became of it.",
    key=("raw_path", "record_no"),
    stage="ingest",
    group="ledger",
)
