"""From the columns of a corpus to what a row says: text, url, time, the dump's own id, and what the text can show.

The one decision made here: columns are known by the names that C4, mC4, CulturaX, FineWeb, OSCAR, datatrove and
browsertrix give them (nested ones joined by a dot), unless the user names them; and whether an absent teaser means
anything. It does not, in any of these corpora but the last:
    FineWeb              text is trafilatura's extract of the main content: lists of links are left out.
    C4                   lines that do not end in a punctuation mark are dropped, as are repeated groups of three lines:
                         teaser titles go, some teaser texts stay.
    mC4, CulturaX        lines that repeat across the corpus are dropped, and a list repeats on every page of its day.
    OSCAR                runs of short lines at the start and the end of a page are cut off, and lists stand at the end.
    browsertrix pages    the text a browser showed, whole: lists are there.
A corpus in an unknown layout shows an absent teaser no better, unless the user says so (`corpus_keeps_lists`).
"""

import hashlib
import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from pipeline.ingest.reader import CorpusColumns, ReadOptions, rejected
from pipeline.records import Outcome, PageText, RawRecord, RecordedTime, TimePrecision, TimeSource
from pipeline.urls import is_same_site, parse_timestamp, unwrap_archive_url, urlkey

_HEADERS = ("warc_headers", "metadata.warc_headers", "meta.warc_headers", "meta.headers", "meta")
_TEXT = ("text", "content", "raw_content", "raw_text", "plain_text", "body_text")
_URL = (
    *("url", "uri", "source_url", "warc_target_uri", "metadata.url", "meta.url", "metadata.uri", "page_url"),
    *(f"{headers}.warc-target-uri" for headers in _HEADERS),
)
_TIME = (
    *("timestamp", "warc_date", "date", "crawl_date", "crawl_timestamp", "fetch_time", "captured_at", "ts"),
    *("metadata.date", "metadata.timestamp", "meta.timestamp"),
    *(f"{headers}.warc-date" for headers in _HEADERS),
)
_IDENTITY = (
    *("warc_record_id", "id", "digest", "payload_digest", "content_digest", "doc_id", "metadata.id"),
    *(f"{headers}.warc-record-id" for headers in _HEADERS),
)
_CRAWL = ("dump", "metadata.dump")
_TIME_TEXT = re.compile(
    r"(\d{4})[-/.](\d\d)[-/.](\d\d)(?:[T ](\d\d):(\d\d)(?::(\d\d)(?:[.,]\d+)?)?\s*(Z|UTC|[+-]\d\d:?\d\d)?)?",
    re.IGNORECASE,
)
_RECORD_ID = re.compile(r"<?urn:uuid:[0-9a-f-]{36}>?", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Layout:
    """Where the parts of a row stand; a dot leads into a nested column, null says that there is no such column."""

    text: str | None
    url: str | None
    time: str | None
    identity: str | None
    crawl: str | None
    keeps_lists: bool

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns to read, top level only."""
        named = (self.text, self.url, self.time, self.identity, self.crawl)
        return tuple(sorted({name.partition(".")[0] for name in named if name is not None}))


def layout_of(columns: Collection[str], given: CorpusColumns, keeps_lists: bool | None) -> Layout:
    """Find the parts of a row among the names of its columns (nested ones with their dots)."""
    by_name = {name.lower(): name for name in sorted(columns, reverse=True)}

    def find(named: str | None, known: tuple[str, ...]) -> str | None:
        if named is not None:
            return named if named in columns else None
        return next((by_name[name] for name in known if name in by_name), None)

    is_page_list = "ts" in columns and "url" in columns and "timestamp" not in columns
    return Layout(
        text=find(given.text, _TEXT),
        url=find(given.url, _URL),
        time=find(given.time, _TIME),
        identity=find(given.identity, _IDENTITY),
        crawl=find(None, _CRAWL),
        keeps_lists=is_page_list if keeps_lists is None else keeps_lists,
    )


def column_names(row: Mapping[str, Any], prefix: str = "", depth: int = 3) -> tuple[str, ...]:
    """Return the names of a row's values, nested ones joined by dots."""
    names: list[str] = []
    for key, value in row.items():
        names.append(prefix + key)
        if isinstance(value, dict) and depth > 1:
            names.extend(column_names(value, f"{prefix}{key}.", depth - 1))
    return tuple(names)


def row_record(
    row: Mapping[str, Any], layout: Layout, options: ReadOptions, raw_path: str, record_no: int, raw_format: str
) -> RawRecord:
    """Turn one row into its ledger record; never raises for what the row holds."""
    text = _value(row, layout.text)
    printed_url = _value(row, layout.url)
    url = _string(printed_url) if isinstance(printed_url, str) else None
    identity = _string(_value(row, layout.identity))
    crawl = _string(_value(row, layout.crawl))
    unwrapped = unwrap_archive_url(url) if url else None
    recorded = parse_time(_value(row, layout.time))
    record = RawRecord(
        raw_path=raw_path,
        record_no=record_no,
        raw_format=raw_format,
        outcome=Outcome.PAGE,
        url=unwrapped.url if unwrapped else None,
        # The copy an archive kept shows the page as it was then, whenever the corpus's crawler came by.
        recorded=(unwrapped.recorded if unwrapped else None) or recorded,
        warc_record_id=identity if identity and _RECORD_ID.fullmatch(identity) else None,
        payload_digest=None if identity is None or _RECORD_ID.fullmatch(identity) else identity,
        media_type="text/plain",
        archive=(unwrapped.archive if unwrapped else None)
        or ("Common Crawl" if crawl and crawl.startswith("CC-MAIN-") else None),
        memento_url=unwrapped.memento_url if unwrapped else None,
    )
    if unwrapped and options.site_hosts and not is_same_site(urlkey(unwrapped.url), options.site_hosts):
        return record._replace(outcome=Outcome.NOT_A_PAGE, reason="other_site")
    if text is None and layout.keeps_lists:
        return record._replace(outcome=Outcome.NOT_A_PAGE, reason="no_text")
    if not isinstance(text, str) or not text or text.isspace():
        problem = rejected(raw_path, "empty", f"row {record_no} holds no text.")
        return record._replace(outcome=Outcome.REJECTED, reason=problem.reason, detail=problem.detail)
    text, content = _encoded(text)
    record = record._replace(
        length=len(content),
        sha256=hashlib.sha256(content).hexdigest(),
        page=PageText(text, teasers_observable=layout.keeps_lists),
    )
    if len(content) > options.max_record_bytes:
        detail = f"row {record_no} holds {len(content):,} bytes, above the limit of {options.max_record_bytes:,}."
        problem = rejected(raw_path, "record_too_large", detail)
        return record._replace(outcome=Outcome.REJECTED, reason=problem.reason, detail=problem.detail, page=None)
    return record


def parse_time(value: object) -> RecordedTime | None:
    """Read a row's time: a timestamp, an ISO time (`-`, `/` or `.` between the date's parts), or 14, 12 or 8 digits.

    A time without an offset is UTC, as Common Crawl's are. Nothing before 1990 or after 2100 is a capture's time.
    """
    recorded: RecordedTime | None = None
    if isinstance(value, datetime):
        at = value.astimezone(UTC) if value.tzinfo else value.replace(tzinfo=UTC)
        recorded = RecordedTime(at, TimeSource.CORPUS, TimePrecision.SECOND)
    elif isinstance(value, date):
        recorded = RecordedTime(
            datetime(value.year, value.month, value.day, tzinfo=UTC), TimeSource.CORPUS, TimePrecision.DAY
        )
    elif isinstance(value, str):
        text = value.strip()
        recorded = parse_timestamp(text, TimeSource.CORPUS) if text.isdigit() else _parse_time_text(text)
    return recorded if recorded and 1990 <= recorded.at.year <= 2100 else None


def _parse_time_text(text: str) -> RecordedTime | None:
    match = _TIME_TEXT.fullmatch(text)
    if match is None:
        return None
    year, month, day, hour, minute, second, zone = match.groups()
    precision = TimePrecision.DAY if hour is None else TimePrecision.MINUTE if second is None else TimePrecision.SECOND
    iso = f"{year}-{month}-{day}T{hour or '00'}:{minute or '00'}:{second or '00'}"
    offset = (
        "+00:00" if zone is None or zone.upper() in ("Z", "UTC") else zone if ":" in zone else f"{zone[:3]}:{zone[3:]}"
    )
    try:
        return RecordedTime(datetime.fromisoformat(iso + offset).astimezone(UTC), TimeSource.CORPUS, precision)
    except (ValueError, OverflowError):
        return None


def _value(row: Mapping[str, Any], name: str | None) -> object:
    """Return the value under a dotted name, null where the row has none."""
    if name is None:
        return None
    if name in row:
        return row[name]
    value: object = row
    for part in name.split("."):
        if not isinstance(value, Mapping):
            return None
        value = value.get(part)
    return value


def _string(value: object) -> str | None:
    if isinstance(value, bytes):
        value = value.decode("utf-8", "replace")
    if isinstance(value, int | str) and not isinstance(value, bool):
        return _valid_unicode(str(value)).strip() or None
    return None


def _encoded(text: str) -> tuple[str, bytes]:
    """Return a text and its UTF-8, lone surrogates replaced: JSON can write them, UTF-8 cannot."""
    try:
        return text, text.encode()
    except UnicodeEncodeError:
        text = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
        return text, text.encode()


def _valid_unicode(text: str) -> str:
    return _encoded(text)[0]
