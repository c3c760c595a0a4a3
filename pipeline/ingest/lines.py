"""From a stream of bytes to its lines, none of them longer than what may be held.

The one decision made here: a line above the limit is passed over, not cut; the lines after it are read as if nothing
had been, and the caller learns where it was and how long.
"""

from collections.abc import Iterable, Iterator
from typing import NamedTuple


class ByteLine(NamedTuple):
    """One line that is not blank."""

    offset: int
    """Byte offset of its first byte in the (unpacked) stream."""
    length: int
    """Bytes without the line's end."""
    content: bytes | None
    """Without the line's end; null where it is longer than the limit."""


def lines(pieces: Iterable[bytes], max_bytes: int) -> Iterator[ByteLine]:
    """Yield the lines of a stream that are not blank; where the stream raises, the whole lines before come first."""
    held = bytearray()
    start = 0
    overflow = 0
    for piece in pieces:
        *ended, rest = piece.split(b"\n")
        for part in ended:
            held += part
            length = overflow + len(held)
            line = _line(held, start, length, is_whole=length <= max_bytes)
            start += length + 1
            held = bytearray()
            overflow = 0
            if line is not None:
                yield line
        held += rest
        if overflow or len(held) > max_bytes:
            overflow += len(held)
            held = bytearray()
    length = overflow + len(held)
    line = _line(held, start, length, is_whole=length <= max_bytes)
    if line is not None:
        yield line


def _line(held: bytearray, start: int, length: int, *, is_whole: bool) -> ByteLine | None:
    if not is_whole:
        return ByteLine(start, length, None)
    content = bytes(held)
    return ByteLine(start, length, content) if content.strip() else None
