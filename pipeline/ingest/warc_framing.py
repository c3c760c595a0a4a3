"""From the bytes of a WARC file (0.17 to 1.1) to its records: headers, block, place in the file.

The one decision made here: where a record ends. `Content-Length` is believed if a record, or the end of the run,
follows the block; otherwise the next place where a record begins decides, and the record says so. (A reader that
believes the length alone loses the record behind one that promises too much.) What lies between records and belongs to
none is counted as a broken record of its own, so that every byte of a file is accounted for.
"""

import re
from collections.abc import Iterator
from typing import NamedTuple

from pipeline.ingest.http_body import parse_fields
from pipeline.ingest.members import CORRUPT, TRUNCATED, Members

_START = re.compile(rb"\s*WARC/\d")
_HEADER_END = re.compile(rb"\r?\n\r?\n")
_NEXT = re.compile(rb"(?:\r?\n){1,4}(?=WARC/\d+\.\d+[ \t]*\r?\n[A-Za-z-]+[ \t]*:)")
_BLANKS = b"\r\n \t\0"
_MAX_HEADER = 64 * 1024
_HEAD = 64 * 1024
"""Bytes kept of a block that is too large to keep: enough for its HTTP headers."""
_WINDOW = 256 * 1024

CORRUPT_MEMBER = "corrupt_member"
CORRUPT_RECORD = "corrupt_record"
TRUNCATED_RECORD = "truncated_record"
RECORD_TOO_LARGE = "record_too_large"


class WarcRecord(NamedTuple):
    """One record as it stands in the file."""

    headers: dict[str, str]
    """By name in lower case; empty where there is no header to read."""
    block: bytes
    """Of a record that is too large only the beginning."""
    offset: int | None
    """In the file as stored; null for a record that does not begin a member of a packed file."""
    length: int | None
    """As stored; null where the member holds more than the record."""
    is_cut: bool = False
    """True where the block is shorter than `Content-Length` says."""
    problem: str | None = None
    """`corrupt_member`, `corrupt_record`, `truncated_record` or `record_too_large`: no page can be made of it."""
    detail: str | None = None
    """What is wrong, also of a record that can be used."""


def is_warc_start(head: bytes) -> bool:
    """Tell whether bytes are the beginning of a WARC record."""
    return _START.match(head) is not None


def warc_records(source: Members, max_bytes: int) -> Iterator[WarcRecord]:
    """Yield every record of a file, broken ones with their problem; a block above `max_bytes` is passed over."""
    while source.next_run():
        if source.fill(1) == 0:
            yield _nothing(source)
        while source.fill(1):
            record = _record(source, max_bytes)
            if record is not None:
                yield record


def _nothing(source: Members) -> WarcRecord:
    """Return the record of a member of which nothing could be unpacked."""
    what = "ends too early" if source.damage == TRUNCATED else "cannot be unpacked"
    problem = TRUNCATED_RECORD if source.damage == TRUNCATED else CORRUPT_MEMBER
    detail = f"the member at byte {source.run_offset} {what}."
    return WarcRecord({}, b"", source.run_offset, None, problem=problem, detail=detail)


def _record(source: Members, max_bytes: int) -> WarcRecord | None:
    """Take one record; null for blanks before the end of the run."""
    offset = source.position
    _skip_blanks(source)
    if offset is None or source.packing is None:
        offset = source.position
    if source.fill(5) == 0:
        return None
    if not source.buffer.startswith(b"WARC/", source.at):
        return _stray(source, offset)
    head = _take_header(source)
    if head is None:
        skipped = _skip_to_next(source)
        problem = TRUNCATED_RECORD if source.fill(1) == 0 and skipped < _MAX_HEADER else CORRUPT_RECORD
        return WarcRecord({}, b"", offset, None, problem=problem, detail="a record's header does not end.")
    headers = parse_fields(head)
    declared = headers.get("content-length", "")
    n_bytes = int(declared) if declared.isascii() and declared.isdecimal() and len(declared) < 19 else None
    return _with_block(source, headers, n_bytes, offset, max_bytes)


def _with_block(
    source: Members, headers: dict[str, str], n_bytes: int | None, offset: int | None, max_bytes: int
) -> WarcRecord:
    if n_bytes is not None and n_bytes > max_bytes:
        return _too_large(source, headers, n_bytes, offset, max_bytes)
    detail = None
    is_cut = False
    block = b"" if n_bytes is None else source.take(n_bytes)
    if n_bytes is None or len(block) < n_bytes or not _is_followed_well(source):
        found = _NEXT.search(block)
        if found is not None:
            source.put_back(block[found.end() :])
            block = block[: found.start()]
        elif n_bytes is None or len(block) == n_bytes:
            block += _rest_of_block(source, max_bytes - len(block))
        if n_bytes is None:
            detail = "it has no Content-Length."
        elif len(block) != n_bytes:
            detail = f"Content-Length says {n_bytes} bytes, there are {len(block)}."
            is_cut = len(block) < n_bytes
        if len(block) > max_bytes:
            skipped = _skip_to_next(source)
            detail = f"its block of {len(block) + skipped} bytes or more is above the limit of {max_bytes}."
            return WarcRecord(headers, block[:_HEAD], offset, None, problem=RECORD_TOO_LARGE, detail=detail)
        _skip_blanks(source)
    problem = None
    if source.damage == CORRUPT and source.fill(1) == 0:
        problem, detail = CORRUPT_MEMBER, f"the member at byte {source.run_offset} is damaged."
    return WarcRecord(headers, block, offset, _stored_length(source, offset), is_cut, problem, detail)


def _too_large(
    source: Members, headers: dict[str, str], n_bytes: int, offset: int | None, max_bytes: int
) -> WarcRecord:
    """Pass over a block without keeping it, unless its length is wrong: then only as far as the next record."""
    head = source.take(_HEAD)
    found = _NEXT.search(head)
    begin = source.position
    reachable = source.packing is None and begin is not None and n_bytes - len(head) <= source.size - begin
    if found is not None and not reachable:
        source.put_back(head[found.end() :])
    elif source.packing is None and begin is not None and not reachable:
        _skip_to_next(source)
    else:
        source.skip(n_bytes - len(head))
        if not _is_followed_well(source):
            if source.packing is None and begin is not None:
                source.go_back(begin)
            _skip_to_next(source)
    detail = f"its block of {n_bytes} bytes is above the limit of {max_bytes}."
    length = _stored_length(source, offset)
    return WarcRecord(headers, head, offset, length, problem=RECORD_TOO_LARGE, detail=detail)


def _take_header(source: Members) -> bytes | None:
    """Take a record's header up to its blank line; null, and nothing taken, where there is none."""
    wanted = 2048
    while True:
        have = source.fill(wanted)
        match = _HEADER_END.search(source.buffer, source.at)
        if match is not None:
            head = source.buffer[source.at : match.start()]
            source.at = match.end()
            return head.partition(b"\n")[2]
        if have < wanted or wanted >= _MAX_HEADER:
            return None
        wanted = _MAX_HEADER


def _is_followed_well(source: Members) -> bool:
    """Tell whether what follows a block is the next record or nothing; blanks in between are passed over."""
    gap = _skip_blanks(source)
    if source.fill(5) == 0 or source.buffer.startswith(b"WARC/", source.at):
        return True
    source.put_back(gap)
    return False


def _skip_blanks(source: Members) -> bytes:
    """Pass over line breaks and padding; return the last of them."""
    gap = b""
    while source.fill(1):
        window = source.buffer[source.at : source.at + 4096]
        blank = len(window) - len(window.lstrip(_BLANKS))
        gap = window[:blank]
        source.at += blank
        if blank < len(window):
            break
    return gap


def _rest_of_block(source: Members, room: int) -> bytes:
    """Return what lies before the next record, at most a little more than there is room for."""
    parts: list[bytes] = []
    total = 0
    while total <= room and source.fill(_WINDOW):
        window = source.buffer[source.at : source.at + _WINDOW]
        found = _NEXT.search(window)
        # A start that is cut by the window's end is looked for again in the next one.
        keep = found.start() if found else len(window) if len(window) < _WINDOW else len(window) - 256
        parts.append(window[:keep])
        total += keep
        source.at += keep
        if found or len(window) < _WINDOW:
            break
    return b"".join(parts)


def _skip_to_next(source: Members) -> int:
    """Pass over everything before the next record; return how many bytes that was."""
    skipped = 0
    source.at += min(1, source.fill(1))
    while part := _rest_of_block(source, 0):
        skipped += len(part)
        if _NEXT.match(source.buffer, source.at):
            break
    return skipped


def _stray(source: Members, offset: int | None) -> WarcRecord:
    """Return the record of bytes that belong to none."""
    skipped = _skip_to_next(source)
    if source.damage == CORRUPT and source.fill(1) == 0:
        return WarcRecord({}, b"", offset, None, problem=CORRUPT_MEMBER, detail="a member is damaged.")
    detail = f"{skipped + 1} bytes belong to no record."
    return WarcRecord({}, b"", offset, None, problem=CORRUPT_RECORD, detail=detail)


def _stored_length(source: Members, offset: int | None) -> int | None:
    """Return the record's stored length; null in a packed member that goes on after the record."""
    if offset is None:
        return None
    if source.packing is None:
        return (source.position or 0) - offset
    return None if source.fill(1) else source.end_offset - offset
