"""From a WARC file (plain, gzip, Zstandard, LZ4; also WET) to its ledger records.

The one decision made here: what the fields of a WARC header mean for the ledger. Where a record ends is decided in
`warc_framing`, what is a page in `archived`. A conversion record is a WET record, and its format is called so.
"""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import BinaryIO

from pipeline.ingest.archived import Archived, page_address, to_raw_record
from pipeline.ingest.members import Members
from pipeline.ingest.reader import WHOLE, RawFile, ReadOptions, RejectedFileError, Share, left_out
from pipeline.ingest.unpack import READABLE, packing_of
from pipeline.ingest.warc_framing import WarcRecord, is_warc_start, warc_records
from pipeline.records import RawRecord, RecordedTime, TimePrecision, TimeSource
from pipeline.urls import parse_timestamp

_DATE = re.compile(
    r"(\d{4})-(\d\d)-(\d\d)(?:[T ](\d\d)(?::(\d\d)(?::(\d\d)(?:[.,]\d+)?)?)?)?\s*(Z|[+-]\d\d:?\d\d)?", re.IGNORECASE
)
_USUAL_LENGTH = len("2019-11-18T21:03:00Z")
_COMMON_CRAWL = re.compile(r"^ispartof\s*:\s*CC-(?:MAIN|NEWS)", re.IGNORECASE | re.MULTILINE)
_COMMON_CRAWL_FILE = re.compile(r"CC-(?:MAIN|NEWS)-\d", re.IGNORECASE)


class WarcReader:
    """Reads a WARC file."""

    raw_format = "warc"

    def read(self, file: RawFile, options: ReadOptions) -> Iterator[RawRecord]:
        """Yield every record of the file.

        Raises:
            RejectedFileError: `no_records` where there is none.
        """
        with file.path.open("rb") as stream:
            yield from read_warc(
                stream, file.size, file.raw_path, options, raw_format=self.raw_format, share=file.share
            )


def read_warc(
    stream: BinaryIO,
    size: int,
    raw_path: str,
    options: ReadOptions,
    *,
    raw_format: str,
    first_no: int = 0,
    share: Share = WHOLE,
) -> Iterator[RawRecord]:
    """Yield the records of an open, seekable WARC file of `size` bytes, numbered from `first_no` on.

    Raises:
        RejectedFileError: `no_records` where there is none.
    """
    packing = packing_of(stream.read(8))
    stream.seek(0)
    if packing is not None and packing not in READABLE:
        raise RejectedFileError("unsupported_compression", f"it is packed with {packing}; unpack it and run again.")
    source = Members(stream, packing, size, is_warc_start)
    record_no = first_no
    archive: str | None = None
    for record in warc_records(source, options.max_record_bytes):
        if record.headers.get("warc-type", "").lower() == "warcinfo":
            archive = _archive_of(record)
        found = _archived(record, archive)
        form = "wet" if found.kind == "conversion" and raw_format == "warc" else raw_format
        if share.holds(record_no):
            yield to_raw_record(found, raw_path, record_no, form, options)
        else:
            address = page_address(found)
            yield left_out(raw_path, record_no, form, None if address is None else address.url)
        record_no += 1
    if record_no == first_no:
        raise RejectedFileError("no_records", "no WARC record was found in it.")


def warc_date(text: str) -> RecordedTime | None:
    """Return the time of a `WARC-Date`; null for one that names no day.

    WARC 1.1 allows any precision from a year to nanoseconds (section 5.4). Fractions of a second are dropped; an hour
    without minutes counts as its day. A year or a month is no time of capture: the page's clock knows better. An offset
    is not legal but tolerated, as are 14 digits.
    """
    if len(text) == _USUAL_LENGTH and text[-1] == "Z":
        try:
            return RecordedTime(datetime.fromisoformat(text), TimeSource.WARC, TimePrecision.SECOND)
        except ValueError:
            pass
    match = _DATE.fullmatch(text.strip())
    if match is None:
        return parse_timestamp(text.strip(), TimeSource.WARC)
    year, month, day, hour, minute, second, zone = match.groups()
    try:
        if hour is None or minute is None:
            at = datetime(int(year), int(month), int(day), tzinfo=UTC)
            return RecordedTime(at, TimeSource.WARC, TimePrecision.DAY)
        leap = second == "60"
        at = datetime(
            int(year), int(month), int(day), int(hour), int(minute), 59 if leap else int(second or 0), tzinfo=UTC
        )
        if zone and zone not in "Zz":
            sign = -1 if zone[0] == "+" else 1
            at += sign * timedelta(hours=int(zone[1:3]), minutes=int(zone[-2:]))
    except (ValueError, OverflowError):
        return None
    return RecordedTime(at, TimeSource.WARC, TimePrecision.SECOND if second else TimePrecision.MINUTE)


def _archived(record: WarcRecord, archive: str | None) -> Archived:
    headers = record.headers
    kind = headers.get("warc-type", "").lower()
    content_type = headers.get("content-type", "")
    is_http = kind in ("response", "revisit") and (
        record.block[:5].upper() == b"HTTP/" or content_type.lower().startswith("application/http")
    )
    refers_to = headers.get("warc-refers-to")
    if refers_to is None and kind == "revisit" and (target := headers.get("warc-refers-to-target-uri")):
        refers_to = f"{target} {headers.get('warc-refers-to-date', '')}".strip()
    return Archived(
        kind=kind,
        block=record.block,
        url=headers.get("warc-target-uri") or None,
        recorded=warc_date(headers.get("warc-date", "")),
        media_type=_block_type(kind, headers),
        is_http=is_http,
        is_cut=record.is_cut or "warc-truncated" in headers or "warc-segment-number" in headers,
        problem=record.problem,
        detail=record.detail,
        offset=record.offset,
        length=record.length,
        record_id=headers.get("warc-record-id"),
        refers_to=refers_to,
        payload_digest=headers.get("warc-payload-digest"),
        archive=archive,
        source_url=headers.get("warc-source-uri"),
    )


def _block_type(kind: str, headers: dict[str, str]) -> str | None:
    """Return the media type of a block that is no HTTP message."""
    printed = headers.get("content-type")
    if kind == "revisit" or (kind == "response" and printed and printed.lower().startswith("application/http")):
        return headers.get("warc-identified-payload-type")
    return printed or headers.get("warc-identified-payload-type")


def _archive_of(record: WarcRecord) -> str | None:
    is_named = _COMMON_CRAWL.search(record.block[:8192].decode("utf-8", "replace"))
    is_file = _COMMON_CRAWL_FILE.match(record.headers.get("warc-filename", ""))
    return "Common Crawl" if is_named or is_file else None
