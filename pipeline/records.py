"""What the readers hand on: a raw record, with its page as text where it holds one.

Terms follow the WARC 1.1 specification where it has one (record type, refers-to, payload digest). What is made for
each record or line is a named tuple: a frozen dataclass takes three times as long to fill.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple


class Outcome(StrEnum):
    """What a reader found in a raw record, before captures are told from duplicates."""

    PAGE = "page"
    """The record holds a page; `RawRecord.page` is set."""
    REVISIT = "revisit"
    """The record says that an earlier payload was seen again; it is joined to that payload later."""
    NOT_A_PAGE = "not_a_page"
    """Sound, but nothing a reader would see as a page (an image, a request, crawl metadata)."""
    REJECTED = "rejected"
    """Broken, empty or unreadable; `RawRecord.reason` says how."""
    LEFT_OUT = "left_out"
    """Not looked at: another share of the same file holds it. Goes no further than `read_file`."""


class TimeSource(StrEnum):
    """Where a capture's time was read; the order of the members is the order of trust."""

    WARC = "warc"
    WAYBACK = "wayback"
    CORPUS = "corpus"
    CDX = "cdx"
    PAGE_CLOCK = "page_clock"


class TimePrecision(StrEnum):
    """How exact a capture's time is."""

    SECOND = "second"
    MINUTE = "minute"
    DAY = "day"


@dataclass(frozen=True, slots=True)
class RecordedTime:
    """A capture time that the dump itself carries."""

    at: datetime
    """Timezone-aware, UTC."""
    source: TimeSource
    precision: TimePrecision


class Link(NamedTuple):
    """A hyperlink of a page whose form kept them."""

    line_no: int
    """The 1-based line of `PageText.text` on which the link's text starts."""
    text: str
    href: str
    """Absolute where the page's own URL is known, as printed otherwise."""


class PageText(NamedTuple):
    """A page as the lines a reader saw."""

    text: str
    """Lines parted by a line feed, in the shape source-format.md describes; any Unicode."""
    links: tuple[Link, ...] = ()
    teasers_observable: bool = True
    """False where the dump's maker dropped lists, so that an absent teaser means nothing."""
    is_cut: bool = False
    """True where the dump itself says that the page is not whole (WARC-Truncated, short payload)."""
    lines: tuple[str, ...] | None = None
    """The text cut at its line feeds, where its reader made it of them: strings known from other pages are found by
    what they are rather than by what they hold."""


class RawRecord(NamedTuple):
    """One record of one raw file: a row of the ledger, and the page in it where there is one."""

    raw_path: str
    """Relative to its raw root, `/` as separator, non-UTF-8 bytes percent-encoded."""
    record_no: int
    """0-based place of the record in its file."""
    raw_format: str
    """`text`, `html`, `warc`, `arc`, `wet`, `wacz`, `jsonl`, `parquet`, `cdx` or `unknown`."""
    outcome: Outcome
    reason: str | None = None
    """A snake_case word, set unless the outcome is `page` or `revisit`."""
    detail: str | None = None
    """One sentence for a person: which file, where, what to do. Shown in the summary, never published."""
    offset: int | None = None
    """Byte offset of the record in the (compressed) file."""
    length: int | None = None
    """Length of the record in bytes, as stored."""
    warc_record_id: str | None = None
    record_type: str | None = None
    refers_to: str | None = None
    url: str | None = None
    """Verbatim; a form without a scheme gets `http://`."""
    recorded: RecordedTime | None = None
    http_status: int | None = None
    media_type: str | None = None
    sha256: str | None = None
    """Hex digest of the record's payload bytes (of the whole file where a file is one record)."""
    payload_digest: str | None = None
    """The dump's own digest or id, verbatim."""
    archive: str | None = None
    """Name of the archive, only where the dump proves it."""
    memento_url: str | None = None
    """URL of the memento (RFC 7089), only where the dump proves it."""
    page: PageText | None = None
