"""What all readers share: the file they are given, the options they obey, and the shape they have.

The one decision made here: a reader is anything with a `raw_format` and a `read` that turns one file into records.
It may raise; `pipeline.ingest.read.read_file` turns whatever it raises into a rejected record, so that no reader has to
guard against every kind of broken input and none can lose the records before the break.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Final, Protocol

from pipeline.records import Outcome, RawRecord

if TYPE_CHECKING:
    from pipeline.ingest.cdx import CdxIndex

MAX_RECORD_BYTES = 64 * 1024 * 1024
"""Largest payload that is read, in bytes after decompression; a page of the site has some 10 kB."""


RECORDS_IN_TURN: Final = 1_000
"""Records that one share of a file takes before it is the turn of the next."""


@dataclass(frozen=True, slots=True)
class Share:
    """Which records of a file are read: several slices share a large one, each taking so many records in turn."""

    number: int = 0
    of: int = 1

    def holds(self, record_no: int) -> bool:
        """Whether a record is of this share."""
        return self.of == 1 or record_no // RECORDS_IN_TURN % self.of == self.number


WHOLE: Final = Share()
"""All of a file."""


@dataclass(frozen=True, slots=True)
class RawFile:
    """One file of a raw root, as discovery saw it."""

    path: Path
    raw_path: str
    """Name in the ledger: relative to its root, `/` as separator, non-UTF-8 bytes percent-encoded."""
    size: int
    """Bytes."""
    mtime_ns: int
    """Modification time, nanoseconds since 1970; tells an unchanged file from a changed one, never published."""
    tree_path: str = ""
    """The path as stored, from the root's own name on: download tools write url and time into it."""
    share: Share = WHOLE
    """What of it is read."""


@dataclass(frozen=True, slots=True)
class CorpusColumns:
    """Names of a corpus's columns where the user gives them; null means: find it by its name.

    A dot leads into a nested column (`warc_headers.warc-date`).
    """

    text: str | None = None
    url: str | None = None
    time: str | None = None
    identity: str | None = None
    """The dump's own digest or id of a row."""


@dataclass(frozen=True, slots=True)
class ReadOptions:
    """What the user or the build may change about reading; the same options give the same records."""

    max_record_bytes: int = MAX_RECORD_BYTES
    """A record that would need more bytes than this is rejected as `record_too_large`."""
    site_hosts: tuple[str, ...] = ()
    """Hosts whose pages are wanted, without `www.`; pages of others are `other_site`. Empty: no page is turned away."""
    corpus_columns: CorpusColumns = field(default_factory=CorpusColumns)
    corpus_keeps_lists: bool | None = None
    """Whether the texts of corpora still hold their lists of teasers; null: as the layout's documentation says."""
    cdx: "CdxIndex | None" = None
    """Captures listed by the CDX files of the dump, for files that carry no url or time of their own."""


class Reader(Protocol):
    """Turns one raw file into its ledger records."""

    raw_format: str
    """The form's name in the ledger (data-model.md, raw_records)."""

    def read(self, file: RawFile, options: ReadOptions) -> Iterator[RawRecord]:
        """Yield every record of the file in file order, `record_no` counting from 0 without gaps.

        Records of other shares are passed over: a reader may give `left_out` for them and so save looking at them.
        """
        ...


class RejectedFileError(Exception):
    """A file, or the rest of one, cannot be read; becomes one rejected record.

    Attributes:
        reason: Snake_case word for the ledger.
        detail: One sentence for a person, without the file's name.
    """

    def __init__(self, reason: str, detail: str) -> None:
        super().__init__(detail)
        self.reason = reason
        self.detail = detail


def rejected(raw_path: str, reason: str, detail: str, *, record_no: int = 0, raw_format: str = "unknown") -> RawRecord:
    """Return the ledger record of something that could not be read."""
    return RawRecord(
        raw_path=raw_path,
        record_no=record_no,
        raw_format=raw_format,
        outcome=Outcome.REJECTED,
        reason=reason,
        detail=f"{printable(raw_path)}: {detail}",
    )


def left_out(raw_path: str, record_no: int, raw_format: str, url: str | None = None) -> RawRecord:
    """Return what stands for a record of another share."""
    return RawRecord(raw_path, record_no, raw_format, Outcome.LEFT_OUT, url=url)


def printable(raw_path: str) -> str:
    """Return a raw path fit for one line of a message: control characters escaped."""
    return "".join(char if char.isprintable() else char.encode("unicode_escape").decode("ascii") for char in raw_path)
