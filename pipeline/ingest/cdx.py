"""From CDX and CDXJ files to what they know about the files beside them: url, time and digest.

The one decision made here: an index only fills gaps, and only with what is certain. A file is joined to the index lines
that name it, else to those with the SHA-1 of its bytes, else to those of its url; where these lines disagree about a
fact (one url captured twice, one payload seen at three times) the fact stays unknown.

A CDX file is one ledger row, `not_a_page` with the reason `index`: its lines are about records, they hold none.
Known are CDX with a header line (` CDX N b a m s k r M S V g`, any order of the letters), the same without a header, in
the order of 11, 9 or 7 fields that archives write, CDXJ (a key, a time, a JSON object), what index servers answer with
`output=json` (an object per line, or one list of lists), and the list of pairs that wayback-machine-downloader leaves
beside what it fetched.
"""

import base64
import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from pipeline.ingest.detect import detect
from pipeline.ingest.lines import lines
from pipeline.ingest.reader import RawFile, ReadOptions, RejectedFileError, printable
from pipeline.ingest.unpack import read_bounded, stream
from pipeline.records import Outcome, RawRecord, RecordedTime, TimeSource
from pipeline.urls import parse_timestamp, urlkey

_T = TypeVar("_T")
_K = TypeVar("_K")
_MAX_LINE = 1024 * 1024
_LETTERS = {"b": "time", "a": "url", "k": "digest", "g": "filename", "V": "offset", "s": "status"}
_FIELDS_WITHOUT_HEADER = {
    11: ("key", "time", "url", "mime", "status", "digest", "redirect", "robots", "length", "offset", "filename"),
    9: ("key", "time", "url", "mime", "status", "digest", "redirect", "offset", "filename"),
    7: ("key", "time", "url", "mime", "status", "digest", "length"),
}
_JSON_NAMES = {
    "url": "url",
    "original": "url",
    "timestamp": "time",
    "digest": "digest",
    "sha": "digest",
    "filename": "filename",
    "offset": "offset",
}


@dataclass(frozen=True, slots=True)
class CdxEntry:
    """One capture that an index lists."""

    url: str | None
    recorded: RecordedTime | None
    digest: str | None
    """Verbatim."""
    filename: str | None
    """Last part of the name of the file that holds the capture."""
    offset: int | None


@dataclass(frozen=True, slots=True)
class CdxIndex:
    """All captures that the CDX files of a build list, by what they can be found with."""

    by_place: Mapping[tuple[str, int | None], tuple[CdxEntry, ...]] = field(default_factory=dict)
    by_digest: Mapping[str, tuple[CdxEntry, ...]] = field(default_factory=dict)
    """Keys are SHA-1 in base 32, without a prefix."""
    by_url: Mapping[str, tuple[CdxEntry, ...]] = field(default_factory=dict)
    """Keys are `urlkey`s."""


class CdxReader:
    """Accounts for a CDX or CDXJ file."""

    raw_format = "cdx"

    def read(self, file: RawFile, options: ReadOptions) -> Iterator[RawRecord]:
        """Yield the file's one record; how many of its lines could be read stands in its detail."""
        n_read = n_broken = 0
        for entry in _entries(file, options.max_record_bytes):
            n_read += entry is not None
            n_broken += entry is None
        broken = f", {n_broken} {'line' if n_broken == 1 else 'lines'} could not be read" if n_broken else ""
        yield RawRecord(
            raw_path=file.raw_path,
            record_no=0,
            raw_format=self.raw_format,
            outcome=Outcome.NOT_A_PAGE,
            reason="index",
            detail=f"{printable(file.raw_path)}: {n_read} captures listed{broken}.",
            offset=0,
            length=file.size,
            record_type="cdx",
            media_type="text/x-cdx",
        )


def find_indexes(files: Iterable[RawFile]) -> list[RawFile]:
    """Return the files that are CDX or CDXJ by their content; unreadable ones are left to `read_file` to report."""
    found = []
    for file in files:
        try:
            if detect(file).form == "cdx":
                found.append(file)
        except OSError:
            continue
    return found


def load_index(files: Iterable[RawFile], options: ReadOptions) -> CdxIndex | None:
    """Read the given CDX files into one index, null where they list nothing.

    Whatever of a file cannot be read is left out here; `read_file` reports it.
    """
    by_place: dict[tuple[str, int | None], list[CdxEntry]] = {}
    by_digest: dict[str, list[CdxEntry]] = {}
    by_url: dict[str, list[CdxEntry]] = {}
    for file in files:
        try:
            for entry in _entries(file, options.max_record_bytes):
                if entry is None:
                    continue
                if entry.filename is not None:
                    by_place.setdefault((entry.filename, entry.offset), []).append(entry)
                if entry.digest is not None and (digest := _bare_digest(entry.digest)) is not None:
                    by_digest.setdefault(digest, []).append(entry)
                if entry.url is not None:
                    by_url.setdefault(urlkey(entry.url), []).append(entry)
        except (RejectedFileError, OSError):
            continue
    if not (by_place or by_digest or by_url):
        return None
    return CdxIndex(_frozen(by_place), _frozen(by_digest), _frozen(by_url))


def complete(record: RawRecord, index: CdxIndex, body: bytes | None = None) -> RawRecord:
    """Fill a record's unknown url, time and digest from the index; what the record knows of itself stays.

    Args:
        record: Any ledger record.
        index: The captures listed beside the dump.
        body: The record's payload, where the record is a file of its own.
    """
    if record.url is not None and record.recorded is not None:
        return record
    entries = _matching(record, index, body)
    if not entries:
        return record
    return record._replace(
        url=_better_url(record.url, _agreed([entry.url for entry in entries])),
        recorded=record.recorded or _agreed([entry.recorded for entry in entries]),
        payload_digest=record.payload_digest or _agreed([entry.digest for entry in entries]),
    )


def _better_url(known: str | None, listed: str | None) -> str | None:
    """The record's own URL, but for the ending that `wget -E` adds to a page's name: there the index knows better."""
    if known is None:
        return listed
    return listed if listed is not None and urlkey(known) == f"{urlkey(listed)}.html" else known


def _matching(record: RawRecord, index: CdxIndex, body: bytes | None) -> Sequence[CdxEntry]:
    """Return the lines that are about this record, by the surest way that finds any."""
    name = record.raw_path.rpartition("/")[2]
    entries = index.by_place.get((name, record.offset)) or index.by_place.get((name, None))
    if entries is None and body is not None and index.by_digest:
        digest = base64.b32encode(hashlib.sha1(body, usedforsecurity=False).digest()).decode("ascii")
        entries = index.by_digest.get(digest)
    if record.url is None:
        return entries or ()
    of_url = index.by_url.get(urlkey(record.url), ())
    if entries is None:
        return of_url
    return [entry for entry in entries if entry in of_url] or entries


def _agreed(values: Sequence[_T]) -> _T | None:
    return values[0] if all(value == values[0] for value in values) else None


def _frozen(groups: Mapping[_K, list[CdxEntry]]) -> dict[_K, tuple[CdxEntry, ...]]:
    return {key: tuple(entries) for key, entries in groups.items()}


def _bare_digest(digest: str) -> str | None:
    """Return a SHA-1 in base 32, null for any other digest."""
    bare = digest.removeprefix("sha1:").upper()
    return bare if len(bare) == 32 and bare.isalnum() else None


def _entries(file: RawFile, max_bytes: int) -> Iterator[CdxEntry | None]:
    """Yield one entry per line, null for a line that is no CDX line."""
    names: Sequence[str] | None = None
    for line in lines(stream(file.path), _MAX_LINE):
        text = (line.content or b"").decode("utf-8", "replace").strip("\r")
        if text.lstrip().startswith("[") and line.offset == 0:
            yield from _server_entries(file, max_bytes)
            return
        if text.startswith("!"):
            continue
        if text.lstrip().startswith("CDX "):
            names = [_LETTERS.get(letter, "") for letter in text.split()[1:]]
            continue
        yield _json_entry(text) if "{" in text else _plain_entry(text, names)


def _server_entries(file: RawFile, max_bytes: int) -> Iterator[CdxEntry | None]:
    """Yield the entries of a JSON list of lists: the first one names the fields, or all are pairs of time and url."""
    try:
        rows = json.loads(read_bounded(file.path, max_bytes))
    except (ValueError, RecursionError) as error:
        raise RejectedFileError("bad_json", "its JSON is damaged or not whole.") from error
    if not rows or not all(isinstance(row, list) for row in rows):
        raise RejectedFileError("bad_json", "it is no list of lists.")
    names = [_JSON_NAMES.get(str(name), "") for name in rows[0]]
    if any(names):
        del rows[0]
    elif rows[0] and parse_timestamp(str(rows[0][0])) is not None:
        names = ["time", "url"]
    else:
        raise RejectedFileError("bad_json", "its lists name no field that is known.")
    for row in rows:
        yield _entry({name: str(value) for name, value in zip(names, row, strict=False) if value is not None})


def _json_entry(text: str) -> CdxEntry | None:
    """Read a CDXJ line: a key, a time and a JSON object, or the object alone."""
    head, _brace, rest = text.partition("{")
    try:
        facts = json.loads("{" + rest)
    except (ValueError, RecursionError):
        return None
    named = {_JSON_NAMES[name]: str(value) for name, value in facts.items() if name in _JSON_NAMES}
    key_and_time = head.split()
    if len(key_and_time) >= 2:
        named["time"] = key_and_time[1]
    return _entry(named)


def _plain_entry(text: str, names: Sequence[str] | None) -> CdxEntry | None:
    """Read a CDX line with the fields that the header, or else their number, tells."""
    values = text.split()
    if names is None:
        names = _FIELDS_WITHOUT_HEADER.get(len(values))
    if names is None or len(names) != len(values):
        return None
    return _entry({name: value for name, value in zip(names, values, strict=True) if value != "-"})


def _entry(facts: Mapping[str, str]) -> CdxEntry | None:
    """Build an entry from named facts, null where neither url nor file is among them."""
    url, filename, offset = facts.get("url"), facts.get("filename"), facts.get("offset", "")
    if url is None and filename is None:
        return None
    return CdxEntry(
        url=url,
        recorded=parse_timestamp(facts.get("time", ""), TimeSource.CDX),
        digest=facts.get("digest"),
        filename=filename.rpartition("/")[2] if filename else None,
        offset=int(offset) if offset.isascii() and offset.isdigit() else None,
    )
