"""From a file as stored to the bytes its maker packed: gzip, Zstandard and LZ4 are undone, whatever its name.

The one decision made here: packing is told by its magic number, and undoing it is always bounded. No caller can be made
to hold more than it asked for, and a packed stream that breaks off gives what was before the break, then says so.
"""

import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, Protocol

from pipeline.ingest.reader import RejectedFileError

_CHUNK = 64 * 1024
# Zstandard and LZ4 unpack all they are given at once, so they are given little: 256 bytes become 8 MiB at the most
# (a Zstandard block of one repeated byte takes 4 bytes and gives 128 KiB).
_FRAME_PIECE = 256
_MAGIC = {
    b"\x1f\x8b": "gzip",
    b"\x28\xb5\x2f\xfd": "zstd",
    b"\x04\x22\x4d\x18": "lz4",
    b"BZh": "bzip2",
    b"\xfd7zXZ\x00": "xz",
}
READABLE = frozenset({"gzip", "zstd", "lz4"})


class _Decompressor(Protocol):
    """What the three libraries have in common."""

    @property
    def eof(self) -> bool: ...

    @property
    def unused_data(self) -> bytes: ...

    def decompress(self, data: bytes, /) -> bytes: ...


def packing_of(head: bytes) -> str | None:
    """Name the packing that a file starts with, null for none that is known."""
    for magic, name in _MAGIC.items():
        if head.startswith(magic):
            return name
    # Zstandard allows frames to be skipped before the first; a .warc.zst keeps its dictionary in one.
    if len(head) >= 4 and head[1:4] == b"\x2a\x4d\x18" and head[0] & 0xF0 == 0x50:
        return "zstd"
    return None


def peek(head: bytes, packing: str, n_bytes: int) -> bytes:
    """Return up to `n_bytes` of what the start of a packed file holds; what can be had where it is broken."""
    content = bytearray()
    try:
        for piece in _unpack(iter([head]), packing):
            content += piece
            if len(content) >= n_bytes:
                break
    except RejectedFileError:
        pass
    return bytes(content[:n_bytes])


def stream(path: Path) -> Iterator[bytes]:
    """Yield a file's content in pieces of bounded size, unpacked where it is packed.

    Raises:
        RejectedFileError: Where the packed stream is damaged or ends too early, after everything before that point.
        OSError: Where the file cannot be read.
    """
    with path.open("rb") as file:
        head = file.read(_CHUNK)
        packing = packing_of(head)
        pieces = _pieces(head, file)
        yield from pieces if packing is None else _unpack(pieces, packing)


def read_bounded(path: Path, max_bytes: int) -> bytes:
    """Return the whole unpacked content of a file.

    Raises:
        RejectedFileError: `record_too_large` above `max_bytes`, or as `stream` does.
    """
    content = bytearray()
    for piece in stream(path):
        content += piece
        if len(content) > max_bytes:
            raise too_large(max_bytes)
    return bytes(content)


def unpack(content: bytes, packing: str, max_bytes: int) -> tuple[bytes, bool]:
    """Return what packed bytes hold, and whether that is all of it: a damaged end leaves what was before it.

    Raises:
        RejectedFileError: `record_too_large` above `max_bytes`, or why nothing at all could be unpacked.
    """
    unpacked = bytearray()
    try:
        for piece in _unpack(iter([content]), packing):
            unpacked += piece
            if len(unpacked) > max_bytes:
                break
    except RejectedFileError:
        if not unpacked:
            raise
        return bytes(unpacked), False
    if len(unpacked) > max_bytes:
        raise too_large(max_bytes)
    return bytes(unpacked), True


def too_large(max_bytes: int) -> RejectedFileError:
    """Return the error of a record above the limit."""
    return RejectedFileError("record_too_large", f"it holds more than {max_bytes:,} bytes, the limit for one record.")


def _pieces(head: bytes, file: BinaryIO) -> Iterator[bytes]:
    piece = head
    while piece:
        yield piece
        piece = file.read(_CHUNK)


def _unpack(pieces: Iterator[bytes], packing: str) -> Iterator[bytes]:
    """Yield the content of a stream of one or more packed members."""
    if packing == "gzip":
        return _inflate(pieces)
    if packing in READABLE:
        return _unpack_frames(pieces, packing)
    raise RejectedFileError("unsupported_compression", f"it is packed with {packing}; unpack it and run again.")


def _inflate(pieces: Iterator[bytes]) -> Iterator[bytes]:
    """Yield the content of gzip members; bytes after the last member that start no new one are padding."""
    member = zlib.decompressobj(31)
    fresh = True
    for piece in pieces:
        rest = piece
        while rest:
            if fresh:
                rest = rest.lstrip(b"\0")
                if not rest:
                    break
            try:
                content = member.decompress(rest, _CHUNK)
            except zlib.error as error:
                raise _damaged("gzip", error) from error
            fresh = False
            if content:
                yield content
            if member.eof:
                rest = member.unused_data
                member = zlib.decompressobj(31)
                fresh = True
            else:
                rest = member.unconsumed_tail
    if not fresh:
        yield from _flushed(member)
        raise _cut_off("gzip")


def _flushed(member: "zlib._Decompress") -> Iterator[bytes]:
    """Yield what an unfinished member still holds."""
    content = member.flush(_CHUNK)
    if content:
        yield content


def _unpack_frames(pieces: Iterator[bytes], packing: str) -> Iterator[bytes]:
    """Yield the content of Zstandard or LZ4 frames; the libraries pass over skippable ones themselves."""
    frame = _new_frame(packing)
    fresh = True
    for piece in pieces:
        rest = piece
        while rest:
            part, rest = rest[:_FRAME_PIECE], rest[_FRAME_PIECE:]
            try:
                content = frame.decompress(part)
            except Exception as error:
                raise _damaged(packing, error) from error
            fresh = False
            if content:
                yield content
            if frame.eof:
                rest = (frame.unused_data or b"") + rest
                frame = _new_frame(packing)
                fresh = True
    if not fresh:
        raise _cut_off(packing)


def _new_frame(packing: str) -> _Decompressor:
    if packing == "zstd":
        import zstandard

        return zstandard.ZstdDecompressor(max_window_size=2**27).decompressobj()
    import lz4.frame  # type: ignore[import-untyped]

    decompressor: _Decompressor = lz4.frame.LZ4FrameDecompressor()
    return decompressor


def _damaged(packing: str, error: Exception) -> RejectedFileError:
    return RejectedFileError("damaged_compression", f"its {packing} stream is damaged ({error}); fetch it anew.")


def _cut_off(packing: str) -> RejectedFileError:
    return RejectedFileError("truncated_compression", f"its {packing} stream ends too early; fetch it anew.")
