"""From the block of an HTTP record to status, headers and the page's bytes, as tolerantly as a browser.

The one decision made here: what the headers say is tried, and what the bytes show wins. A `chunked` body that has no
chunks (many tools store it joined), a `gzip` body that is plain already, a stream that breaks off: each gives what can
be had, and says whether that is all. Nothing is ever unpacked beyond a limit.
"""

import re
import zlib
from typing import NamedTuple

_HEADER_END = re.compile(rb"\r?\n\r?\n")
_STATUS = re.compile(rb"HTTP/\d(?:\.\d)?[ \t]+(\d{3})\b|HTTP/\d(?:\.\d)?[ \t]*$", re.IGNORECASE)
_FIELD = re.compile(r"^([!-9;-~]+)[ \t]*:[ \t]*(.*(?:\n[ \t]+.*)*)", re.MULTILINE)
_CHUNK_SIZE = re.compile(rb"[ \t]*([0-9a-fA-F]{1,15})[ \t]*(?:;[^\r\n]*)?\r?\n")
_MAX_LAYERS = 4
_PIECE = 64 * 1024
_ZSTD_MAGIC = b"\x28\xb5\x2f\xfd"
_ZSTD_PIECE = 512
"""Bytes of Zstandard unpacked at once: 512 become 16 MiB at the most, which bounds what a bomb can take."""


class HttpMessage(NamedTuple):
    """An HTTP response as a record stores it."""

    status: int | None
    """Null where the block has no status line."""
    headers: dict[str, str]
    """Names in lower case; of a repeated header the first."""
    body: bytes
    """As stored, still packed."""


class Body(NamedTuple):
    """A body freed of its transfer and content encodings."""

    content: bytes
    is_whole: bool
    """False where a layer breaks off or is damaged; `content` is what came before."""


class BodyTooLargeError(Exception):
    """The unpacked body is larger than the limit."""


def parse_http(block: bytes) -> HttpMessage:
    """Part a record's block into status, headers and body; a block that does not start as HTTP is all body."""
    if block[:5].upper() != b"HTTP/":
        return HttpMessage(None, {}, block)
    end = _HEADER_END.search(block)
    head, body = (block, b"") if end is None else (block[: end.start()], block[end.end() :])
    line, _, rest = head.partition(b"\n")
    match = _STATUS.match(line.strip())
    return HttpMessage(int(match[1]) if match and match[1] else None, parse_fields(rest), body)


def is_whole_head(block: bytes) -> bool:
    """Tell whether the headers of a record's block end in it."""
    return _HEADER_END.search(block) is not None


def parse_fields(head: bytes) -> dict[str, str]:
    """Return the fields of a header block by name in lower case, of repeated ones the first; folds are joined."""
    try:
        text = head.decode("utf-8")
    except UnicodeDecodeError:
        text = head.decode("latin-1")
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", " ")
    found = _FIELD.findall(text)
    found.reverse()
    return {name.lower(): (" ".join(value.split()) if "\n" in value else value.strip()) for name, value in found}


def decode_body(message: HttpMessage, max_bytes: int) -> Body:
    """Undo the transfer and content encodings that the headers name, as far as the bytes agree.

    Raises:
        BodyTooLargeError: Where the result, or a step towards it, would be larger than `max_bytes`.
    """
    content, is_whole = message.body, True
    length = message.headers.get("content-length", "")
    transfer = _tokens(message.headers.get("transfer-encoding"))
    if "chunked" in transfer:
        content, is_whole = join_chunks(content)
    elif length.isdecimal() and len(length) < 16 and len(content) < int(length):
        is_whole = False
    layers = [
        token
        for name in ("transfer-encoding", "content-encoding")
        for token in reversed(_tokens(message.headers.get(name)))
        if token not in ("chunked", "identity", "none", "")
    ]
    for layer in layers[:_MAX_LAYERS]:
        unpacked = unpack(content, layer, max_bytes)
        if unpacked is None:
            continue  # mislabelled, or undone already by the tool that stored it
        content, layer_is_whole = unpacked
        is_whole = is_whole and layer_is_whole
    if len(content) > max_bytes:
        raise BodyTooLargeError
    return Body(content, is_whole)


def join_chunks(body: bytes) -> tuple[bytes, bool]:
    """Join the chunks of a body; return it and whether it ended as it should.

    A body without any chunk comes back as it is, and counts as whole: its tool joined the chunks and kept the header.
    Where chunk sizes break off in the middle, the rest is taken as it stands.
    """
    match = _CHUNK_SIZE.match(body)
    if match is None:
        return body, True
    parts: list[bytes] = []
    at = 0
    while match is not None:
        size = int(match[1], 16)
        start = match.end()
        if size == 0:
            return b"".join(parts), True
        if start + size > len(body):
            if not parts and not body[start:].lstrip()[:1].startswith((b"<", b"\x1f")) and size > 2 * len(body):
                return body, True  # the first line only looks like a size
            parts.append(body[start:])
            return b"".join(parts), False
        parts.append(body[start : start + size])
        at = start + size
        at += 2 if body[at : at + 2] == b"\r\n" else 1 if body[at : at + 1] == b"\n" else 0
        match = _CHUNK_SIZE.match(body, at)
    if len(parts) == 1 and at < len(body) and body[at - 2 : at] != b"\r\n":
        return body, True
    parts.append(body[at:])
    return b"".join(parts), False


def unpack(content: bytes, encoding: str, max_bytes: int) -> tuple[bytes, bool] | None:
    """Undo one content encoding; return the bytes and whether they are all there, null if it was not applied.

    Raises:
        BodyTooLargeError: Where the result would be larger than `max_bytes`.
    """
    if encoding in ("gzip", "x-gzip", "deflate"):
        if content[:2] == b"\x1f\x8b":
            return _inflate(content, 31, max_bytes)
        if encoding != "deflate":
            return None
        return _inflate(content, 15, max_bytes) or _inflate(content, -15, max_bytes)
    if encoding == "br":
        return _unbrotli(content, max_bytes)
    if encoding in ("zstd", "x-zstd"):
        return _unzstd(content, max_bytes)
    return None


def _tokens(value: str | None) -> list[str]:
    return [token.strip().lower() for token in value.split(",")] if value else []


def _inflate(content: bytes, wbits: int, max_bytes: int) -> tuple[bytes, bool] | None:
    parts: list[bytes] = []
    total = 0
    rest = content
    member = zlib.decompressobj(wbits)
    while rest:
        try:
            part = member.decompress(rest, min(_PIECE, max_bytes - total + 1))
        except zlib.error:
            rescued = b"".join(parts) or _rescue(content, wbits, max_bytes)
            return (rescued, False) if rescued or wbits == 31 else None
        parts.append(part)
        total += len(part)
        if total > max_bytes:
            raise BodyTooLargeError
        rest = member.unconsumed_tail
        if member.eof:
            rest = member.unused_data
            if wbits != 31 or rest[:2] != b"\x1f\x8b":
                return b"".join(parts), True
            member = zlib.decompressobj(wbits)
        elif not rest and not part:
            break
    return (b"".join(parts), False) if total or wbits == 31 else None


def _rescue(content: bytes, wbits: int, max_bytes: int) -> bytes:
    """Return what a damaged stream gives before its damage, fed byte by byte; the first piece alone is worth it."""
    member = zlib.decompressobj(wbits)
    found = bytearray()
    try:
        for at in range(min(len(content), _PIECE)):
            found += member.decompress(content[at : at + 1], max_bytes - len(found) + 1)
            if len(found) >= max_bytes:
                break
    except zlib.error:
        pass
    return bytes(found)


def _unbrotli(content: bytes, max_bytes: int) -> tuple[bytes, bool] | None:
    import brotli  # type: ignore[import-untyped]

    stream = brotli.Decompressor()
    parts: list[bytes] = []
    total = 0
    given = content
    try:
        while True:
            part = stream.process(given, output_buffer_limit=_PIECE)
            given = b""
            parts.append(part)
            total += len(part)
            if total > max_bytes:
                raise BodyTooLargeError
            if stream.is_finished():
                return b"".join(parts), True
            if stream.can_accept_more_data():
                break
    except brotli.error:
        pass
    return (b"".join(parts), False) if total else None


def _unzstd(content: bytes, max_bytes: int) -> tuple[bytes, bool] | None:
    import zstandard

    stream = zstandard.ZstdDecompressor(max_window_size=2**27).decompressobj()
    parts: list[bytes] = []
    total = 0
    try:
        for at in range(0, len(content), _ZSTD_PIECE):
            part = stream.decompress(content[at : at + _ZSTD_PIECE])
            parts.append(part)
            total += len(part)
            if total > max_bytes:
                raise BodyTooLargeError
            if stream.eof:
                return b"".join(parts), True
    except zstandard.ZstdError:
        pass
    return (b"".join(parts), False) if total or content.startswith(_ZSTD_MAGIC) else None
