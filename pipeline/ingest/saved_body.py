"""From an HTTP body saved as it travelled to the bytes of the page: chunks joined, packings undone.

The one decision made here: without headers the bytes must speak for themselves. A layer is taken off only where the
bytes begin like one; Brotli, which has no magic number, only where the bytes are no text and unpack as Brotli.
"""

import re

from pipeline.ingest.unpack import READABLE, packing_of, too_large, unpack

_CHUNK_SIZE = re.compile(rb"([0-9a-fA-F]{1,8})[ \t]*(?:;[^\r\n]{0,200})?\r\n")
_BINARY = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f]")
_MAX_LAYERS = 4


def unwrap_body(body: bytes, max_bytes: int) -> tuple[bytes, bool]:
    """Take off every layer that the bytes show; return the page's bytes and whether they are all there.

    Raises:
        RejectedFileError: `record_too_large`, or a damaged packing of which nothing could be read.
    """
    is_whole = True
    for _layer in range(_MAX_LAYERS):
        packing = packing_of(body)
        if packing in READABLE:
            body, layer_is_whole = unpack(body, packing, max_bytes)
        elif _is_chunked(body):
            body, layer_is_whole = join_chunks(body)
        elif not body.startswith((b"\xff\xfe", b"\xfe\xff")) and _BINARY.search(body, 0, 4096):
            unpacked = _unpack_brotli(body, max_bytes)
            if unpacked is None:
                break
            body, layer_is_whole = unpacked
        else:
            break
        is_whole &= layer_is_whole
    return body, is_whole


def join_chunks(body: bytes) -> tuple[bytes, bool]:
    """Join the chunks of a body, and say whether its end is there.

    From where the sizes stop making sense, the bytes are taken as they stand.
    """
    content = bytearray()
    at = 0
    while match := _CHUNK_SIZE.match(body, at):
        size = int(match[1], 16)
        end = match.end() + size
        content += body[match.end() : end]
        if size == 0:
            return bytes(content), True
        at = end + 2
        if body[end:at] != b"\r\n":
            at = end
            break
    return bytes(content + body[at:]), False


def _is_chunked(body: bytes) -> bool:
    """Whether a body begins with the size of a chunk that ends where that says, or is a page cut off within it."""
    match = _CHUNK_SIZE.match(body)
    if match is None:
        return False
    end = match.end() + int(match[1], 16)
    if end < len(body):
        return body[end : end + 2] == b"\r\n"
    start = body[match.end() : match.end() + 64]
    return start.lstrip().startswith(b"<") or packing_of(start) is not None


def _unpack_brotli(body: bytes, max_bytes: int) -> tuple[bytes, bool] | None:
    """Return a Brotli stream's content and whether it is whole, null where the bytes are none."""
    import brotli  # type: ignore[import-untyped]

    stream = brotli.Decompressor()
    content = bytearray()
    piece = body
    try:
        while not stream.is_finished():
            content += stream.process(piece, output_buffer_limit=64 * 1024)
            if len(content) > max_bytes:
                raise too_large(max_bytes)
            if stream.can_accept_more_data():
                break
            piece = b""
    except brotli.error:
        return (bytes(content), False) if content else None
    return (bytes(content), stream.is_finished()) if content else None
