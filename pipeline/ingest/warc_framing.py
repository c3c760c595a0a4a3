"""From the bytes of a WARC file (0.17 to 1.1) to its records: headers, block, place in the file.

The one decision made here: where a record ends. `Content-Length` is believed if a record, or the end of the run,
follows the block; otherwise the next place where a record begins decides, and the record says so. (A reader that
believes the length alone loses the record behind one that promises too much.) A record may begin in the middle of a
line: a crawl that broke off and went on writes the next one right behind the last byte of the one before, be that in
its block or in its header. What lies between records and belongs to none is counted as a broken record of its own, so
that every byte of a file is accounted for.
"""

import re
from collections.abc import Iterator
from typing import NamedTuple

from pipeline.ingest.http_body import parse_fields
from pipeline.ingest.members import CORRUPT, TRUNCATED, Members

_START = re.compile(rb"\s*WARC/\d")
_HEADER_END = re.compile(rb"\r?\n\r?\n")
_RECORD = rb"WARC/\d+\.\d+[ \t]*\r?\n[A-Za-z-]+[ \t]*:"
_NEXT = re.compile(rb"(?:\r?\n){0,4}(?=" + _RECORD + rb")")
_INNER = re.compile(_RECORD)
_FRAGMENT = re.compile(rb"W(?:A(?:RC?)?)?(?=" + _RECORD + rb"|\Z)")
"""All that is left of a record that was cut inside its first word."""
_FIELD_OR_FOLD = re.compile(rb"[ \t]|[!-9;-~]+[ \t]*:")
_ONCE = frozenset({"warc-type", "warc-record-id", "warc-date", "warc-target-uri", "content-length"})
"""Fields that a record names once at the most."""
_MARK = b"WARC/"
_BLANKS = b"\r\n \t\0"
_MAX_HEADER = 64 * 1024
_HEAD = 64 * 1024
"""Bytes kept of a block that is too large to keep: enough for its HTTP headers."""
_WINDOW = 256 * 1024
_VERSION_LINE = 256
"""Bytes that hold a version line, the breaks before it and the name of the field behind it."""

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
    if not source.buffer.startswith(_MARK, source.at):
        return _stray(source, offset)
    found = _take_header(source)
    if found is None:
        source.at += len(_MARK)  # the record that is given up is not the next one
        problem = TRUNCATED_RECORD if _skip_to_next(source) < _MAX_HEADER else CORRUPT_RECORD
        return WarcRecord({}, b"", offset, None, problem=problem, detail="a record's header does not end.")
    head, is_whole = found
    if not is_whole:
        detail = "a record's header breaks off where the next record begins."
        return WarcRecord({}, b"", offset, None, problem=TRUNCATED_RECORD, detail=detail)
    headers = parse_fields(head.partition(b"\n")[2])
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
        ahead = source.take(_VERSION_LINE)  # the next record may begin in the last bytes that the length promises
        found = _NEXT.search(block + ahead)
        source.put_back(ahead if found is None else (block + ahead)[found.end() :])
        if found is not None:
            block = (block + ahead)[: found.start()]
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
        source.go_back(begin - len(head))
        _skip_to_next(source)
    else:
        source.skip(n_bytes - len(head))
        if not _is_followed_well(source):
            if source.packing is None and begin is not None:
                source.go_back(begin - len(head))
            _skip_to_next(source)
    detail = f"its block of {n_bytes} bytes is above the limit of {max_bytes}."
    length = _stored_length(source, offset)
    return WarcRecord(headers, head, offset, length, problem=RECORD_TOO_LARGE, detail=detail)


def _take_header(source: Members) -> tuple[bytes, bool] | None:
    """Take a record's header up to its blank line, or up to the record that begins in it, and tell whether it is whole.

    Null, and nothing taken, where it has no end.
    """
    wanted = 2048
    while True:
        have = source.fill(wanted)
        match = _HEADER_END.search(source.buffer, source.at)
        if match is not None:
            head = source.buffer[source.at : match.start()]
            inner = _cut_at(head)
            source.at = match.end() if inner is None else source.at + inner
            return head[:inner], inner is None
        if have < wanted or wanted >= _MAX_HEADER:
            return None
        wanted = _MAX_HEADER


def _cut_at(head: bytes) -> int | None:
    """Return where the next record begins inside a header that was cut; null for a header that is whole.

    The value of a field may end like a version line (`WARC-Target-URI: http://x/WARC/1.0`). It does so unless what
    follows names again what a record names once.
    """
    if head.find(_MARK, len(_MARK)) < 0:
        return None
    for inner in _INNER.finditer(head + b"\r\n", len(_MARK)):
        before, line = head[: inner.start()], head[head.rfind(b"\n", 0, inner.start()) + 1 : inner.start()]
        named_twice = parse_fields(before).keys() & parse_fields(head[inner.start() :]).keys() & _ONCE
        if named_twice or not _FIELD_OR_FOLD.match(line):
            return inner.start()
    return None


def _is_followed_well(source: Members) -> bool:
    """Tell whether what follows a block is the next record or nothing; blanks in between are passed over."""
    gap = _skip_blanks(source)
    if source.fill(5) == 0 or source.buffer.startswith(_MARK, source.at) or _is_fragment(source):
        return True
    source.put_back(gap)
    return False


def _is_fragment(source: Members) -> bool:
    """Tell whether a record was cut inside its first word, so that the next one or the end of the run follows it."""
    source.fill(_VERSION_LINE)
    return _FRAGMENT.match(source.buffer, source.at) is not None


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
        keep = found.start() if found else len(window) if len(window) < _WINDOW else len(window) - _VERSION_LINE
        parts.append(window[:keep])
        total += keep
        source.at += keep
        if found or len(window) < _WINDOW:
            break
    return b"".join(parts)


def _skip_to_next(source: Members) -> int:
    """Pass over everything before the next record; return how many bytes that was."""
    skipped = 0
    while part := _rest_of_block(source, 0):
        skipped += len(part)
        if _NEXT.match(source.buffer, source.at):
            break
    return skipped


def _stray(source: Members, offset: int | None) -> WarcRecord:
    """Return the record of bytes that belong to none."""
    problem = TRUNCATED_RECORD if _is_fragment(source) else CORRUPT_RECORD
    skipped = _skip_to_next(source)
    if source.damage == CORRUPT and source.fill(1) == 0:
        return WarcRecord({}, b"", offset, None, problem=CORRUPT_MEMBER, detail="a member is damaged.")
    detail = f"{skipped} bytes belong to no record."
    return WarcRecord({}, b"", offset, None, problem=problem, detail=detail)


def _stored_length(source: Members, offset: int | None) -> int | None:
    """Return the record's stored length; null in a packed member that goes on after the record."""
    if offset is None:
        return None
    if source.packing is None:
        return (source.position or 0) - offset
    return None if source.fill(1) else source.end_offset - offset
