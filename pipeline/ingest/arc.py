"""From an ARC file (1.0 or 1.1, plain or packed) to its ledger records.

The one decision made here: what begins an ARC record. ARC has no mark as WARC has; a line `URL IP-address date …
length` is one, and its URL may hold blanks, as old crawls have it. A length that is missing, negative or wrong is made
good by the next such line, which may begin in the middle of another one: a crawl that broke off and went on writes it
right behind the last byte of the record before, be that in its block or in its own line. Only where that line breaks
off in its URL are the two taken for one: URLs hold other URLs. The file's own description (`filedesc:`) counts as its
`warcinfo`.
"""

import re
from collections.abc import Iterator

from pipeline.ingest.archived import Archived, to_raw_record
from pipeline.ingest.members import CORRUPT, Members
from pipeline.ingest.reader import RawFile, ReadOptions, RejectedFileError, left_out
from pipeline.ingest.unpack import packing_of
from pipeline.records import RawRecord, TimeSource
from pipeline.urls import parse_timestamp

_URL = rb"[A-Za-z][A-Za-z0-9+.-]{1,20}:[^\r\n]{1,8000}?"
_IPV4 = rb"\d{1,3}(?:\.\d{1,3}){3}"
_IP = rb"(?:" + _IPV4 + rb"|[0-9A-Fa-f:]{2,45}|-)"
_START = re.compile(
    rb"\s*(?P<url>" + _URL + rb")[ ]" + _IP + rb"[ ](?P<date>\d{8,20})[ ]"
    rb"(?P<type>[^\s]{1,200}|)[^\r\n]{0,2000}?[ ](?P<length>-?\w{1,18})[ ]*\r?\n"
)
_USUAL = rb"(?:https?|ftp|dns|filedesc):"
"""How the URLs of nearly all records begin, whatever letters stand before them."""
_USUAL_START = re.compile(_USUAL)
_FIELDS = rb"[ ]" + _IP + rb"[ ]\d{8,20}[ ][^\r\n]{0,2200}?[ ]-?\w{1,18}[ ]*\r?\n"
_IN_LINE = _USUAL + rb'(?:[^\s<>"](?!(?<=[\w.-])https?://)){1,8000}' + _FIELDS
"""A record that begins in the middle of a line; before its URL another one may have broken off."""
_NEXT = re.compile(rb"\r?\n(?=" + _USUAL + rb"[^\r\n]{1,8000}?" + _FIELDS + rb")|(?=" + _IN_LINE + rb")")
_CUT = re.compile(
    rb"\s*" + _URL + rb"[ ]"
    rb"(?:\d[\d.]{0,14}|" + _IPV4 + rb"[ ]|" + _IP + rb"[ ](?:\d{1,20}|\d{8,20}[ ][^\r\n]{0,2200}?))"
    rb"(?=" + _USUAL + rb"[^\r\n]{1,8000}?" + _FIELDS + rb")"
)
"""A record's line that breaks off behind its URL, where the next record begins."""
_HTTP = b"HTTP/"
_MAX_LINE = 16 * 1024
_HEAD = 64 * 1024


class ArcReader:
    """Reads an ARC file."""

    raw_format = "arc"

    def read(self, file: RawFile, options: ReadOptions) -> Iterator[RawRecord]:
        """Yield every record of the file.

        Raises:
            RejectedFileError: `no_records` where there is none.
        """
        record_no = 0
        with file.path.open("rb") as stream:
            packing = packing_of(stream.read(8))
            stream.seek(0)
            source = Members(stream, packing, file.size, lambda head: _START.match(head) is not None)
            for found in _records(source, options.max_record_bytes):
                if file.share.holds(record_no):
                    yield to_raw_record(found, file.raw_path, record_no, self.raw_format, options)
                else:
                    yield left_out(file.raw_path, record_no, self.raw_format)
                record_no += 1
        if record_no == 0:
            raise RejectedFileError("no_records", "no ARC record was found in it.")


def _records(source: Members, max_bytes: int) -> Iterator[Archived]:
    while source.next_run():
        if source.fill(1) == 0:
            yield _broken(source, source.run_offset, "corrupt_member", "a member cannot be unpacked.")
        while source.fill(1):
            offset = source.position
            source.fill(_MAX_LINE)
            line = _START.match(source.buffer, source.at)
            cut = None if line is None else _CUT.match(source.buffer, source.at, line.end())
            if cut is not None:
                source.at = cut.end()
                detail = "a record's line breaks off where the next record begins."
                yield _broken(source, offset, "truncated_record", detail)
            elif line is not None:
                source.at = line.end()
                yield _record(source, line, offset, max_bytes)
            elif (skipped := len(_up_to_next(source, max_bytes).strip())) > 0:
                damaged = source.damage == CORRUPT and source.fill(1) == 0
                reason = "corrupt_member" if damaged else "corrupt_record"
                yield _broken(source, offset, reason, f"{skipped} bytes belong to no record.")


def _record(source: Members, line: re.Match[bytes], offset: int | None, max_bytes: int) -> Archived:
    declared = line["length"]
    n_bytes = int(declared) if declared.isdigit() else None
    problem, detail = None, None
    if n_bytes is not None and n_bytes > max_bytes:
        block = source.take(_HEAD)
        source.skip(n_bytes - len(block))
        problem, detail = "record_too_large", f"its {n_bytes} bytes are above the limit of {max_bytes}."
    else:
        block = b"" if n_bytes is None else source.take(n_bytes)
        if n_bytes is None or len(block) < n_bytes or not _is_followed_well(source):
            block, detail = _mended(source, block, n_bytes, max_bytes)
    if len(block) > max_bytes:
        block, problem, detail = block[:_HEAD], "record_too_large", f"it is above the limit of {max_bytes} bytes."
    if source.damage == CORRUPT and source.fill(1) == 0:
        problem, detail = "corrupt_member", "its member is damaged."
    url = line["url"].decode("utf-8", "replace")
    is_cut = n_bytes is not None and len(block) < n_bytes and problem is None
    return Archived(
        kind="warcinfo" if url.lower().startswith("filedesc:") else "response",
        block=block,
        url=url,
        recorded=parse_timestamp(line["date"][:14].decode(), TimeSource.WARC),
        media_type=line["type"].decode("latin-1"),
        is_http=block[:5].upper() == _HTTP or (is_cut and _HTTP.startswith(block.upper())),
        is_cut=is_cut,
        problem=problem,
        detail=detail,
        offset=offset,
        length=_stored_length(source, offset),
    )


def _mended(source: Members, block: bytes, n_bytes: int | None, max_bytes: int) -> tuple[bytes, str | None]:
    """Return a block whose length was missing or wrong as the next record's line ends it, and what was wrong."""
    ahead = source.take(_MAX_LINE)  # the next record may begin in the last bytes that the length promises
    whole = block + ahead
    found = _NEXT.search(whole)
    source.put_back(ahead if found is None else whole[found.end() :])
    if found is not None:
        block = whole[: found.start()]
    elif n_bytes is None or len(block) == n_bytes:
        block += _up_to_next(source, max_bytes - len(block))
    if n_bytes is None:
        return block.rstrip(b"\n"), "its length is missing."
    return block, None if len(block) == n_bytes else f"its length says {n_bytes} bytes, there are {len(block)}."


def _is_followed_well(source: Members) -> bool:
    source.fill(_MAX_LINE)
    rest = source.buffer[source.at : source.at + _MAX_LINE]
    blank = len(rest) - len(rest.lstrip(b"\r\n"))
    is_parted = blank > 0 or _USUAL_START.match(rest) is not None  # `ttp:` is what a cut block left of the next line
    if blank == len(rest) or (is_parted and _START.match(rest)):
        source.at += blank
        return True
    return False


def _up_to_next(source: Members, room: int) -> bytes:
    """Take what lies before the next record's line, a little more than there is room for at the most."""
    parts: list[bytes] = []
    total = 0
    while total <= room and source.fill(2 * _MAX_LINE):
        window = source.buffer[source.at : source.at + 2 * _MAX_LINE]
        found = _NEXT.search(window)
        if found is not None:
            parts.append(window[: found.start()])
            source.at += found.end()
            break
        keep = len(window) if len(window) < 2 * _MAX_LINE else _MAX_LINE
        parts.append(window[:keep])
        source.at += keep
        total += keep
    return b"".join(parts)


def _broken(source: Members, offset: int | None, problem: str, detail: str) -> Archived:
    at = source.run_offset if offset is None else offset
    return Archived("", b"", None, None, None, is_http=False, problem=problem, detail=detail, offset=at)


def _stored_length(source: Members, offset: int | None) -> int | None:
    if offset is None:
        return None
    if source.packing is None:
        return (source.position or 0) - offset
    return None if source.fill(1) else source.end_offset - offset
