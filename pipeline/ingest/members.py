"""From an archive file, packed or not, to runs of plain bytes that each begin at a record.

The one decision made here: where reading may start again. A packed archive is a row of members (gzip members, Zstandard
or LZ4 frames). A member that begins with a record starts a run of its own, whatever the one before promised; a member
that does not goes on with the run before it. After damage, the next place in the file where a member begins and, once
unpacked, shows a record starts the next run. So a fault costs the record it is in and no other.

Memory: one buffer, as large as its user asks for; members are unpacked in small pieces, so a bomb cannot fill it.
"""

import zlib
from collections.abc import Callable
from typing import BinaryIO, Protocol

_READ = 64 * 1024
_GZIP_PIECE = 16 * 1024
_FRAME_PIECE = 512
"""Zstandard and LZ4 give back all they can at once: 512 bytes become 16 MiB at the most."""
_MAX_OUTPUT = 64 * 1024
_HEAD = 512
"""Bytes of a member that tell whether it begins with a record."""
_SKIPPABLE = b"\x2a\x4d\x18"
_DICTIONARY_FRAME = b"\x5d\x2a\x4d\x18"
_MAX_DICTIONARY = 16 * 1024 * 1024
_MAGIC = {"gzip": b"\x1f\x8b\x08", "zstd": b"\x28\xb5\x2f\xfd", "lz4": b"\x04\x22\x4d\x18"}

CORRUPT = "corrupt"
"""A member's bytes cannot be unpacked, or do not match its check sum."""
TRUNCATED = "truncated"
"""The file ends inside a member."""


class _Unpacker(Protocol):
    @property
    def eof(self) -> bool: ...
    @property
    def unused_data(self) -> bytes | None: ...
    def decompress(self, data: bytes, /) -> bytes: ...


class Members:
    """Reads a file run by run. `buffer[at:]` is what is unpacked and not yet taken."""

    def __init__(self, file: BinaryIO, packing: str | None, size: int, is_start: Callable[[bytes], bool]) -> None:
        """Prepare to read.

        Args:
            file: Open for reading, at its start; must be seekable.
            packing: `gzip`, `zstd`, `lz4` or null for plain bytes.
            size: Bytes of the file.
            is_start: Tells whether bytes are the beginning of a record.
        """
        self.file = file
        self.packing = packing
        self.size = size
        self.buffer = b""
        self.at = 0
        self.damage: str | None = None
        """Why the run ended before its time, known once its bytes are used up."""
        self.run_offset = 0
        """Where in the file the run began."""
        self._is_start = is_start
        self._limit = (_MAX_OUTPUT,) if packing == "gzip" else ()
        self._taken = 0  # bytes of the run before `buffer`
        self._ended = False  # no more bytes can come for this run
        self._input = b""
        self._input_at = 0
        self._input_offset = 0  # file offset of the input's end
        self._unpacker: _Unpacker | None = None
        self._waiting: tuple[int, bytes, str | None] | None = None  # start, first bytes and damage of the next run
        self._member_offset = 0
        self._is_members_first_piece = True
        self._dictionary: bytes | None = None
        self._first = True

    @property
    def position(self) -> int | None:
        """Where in the file the next byte stands; null inside a packed run."""
        if self.packing is None:
            return self._taken + self.at
        return self.run_offset if self._taken + self.at == 0 else None

    @property
    def end_offset(self) -> int:
        """Where in the file the run that was used up ended."""
        return self._waiting[0] if self._waiting else self._offset()

    def next_run(self) -> bool:
        """Go to the next run; false at the end of the file."""
        if self.packing is None:
            return self._first and not (self._set_first())
        damage = self.damage
        self.buffer, self.at, self._taken, self._ended, self.damage = b"", 0, 0, False, None
        if self._waiting is not None:
            self.run_offset, self.buffer, self.damage = self._waiting
            self._ended = self.damage is not None
            self._waiting = None
            return True
        if damage is not None and not self._resynchronise(self._member_offset + 1):
            return False
        if self._first:
            self._first = False
            self._read_dictionary()
        if not self._open_member():
            return False
        self.run_offset = self._member_offset
        return True

    def fill(self, n_bytes: int) -> int:
        """Unpack until `n_bytes` can be taken, or the run is used up; return how many can."""
        have = len(self.buffer) - self.at
        if have >= n_bytes or self._ended:
            return have
        parts = [self.buffer[self.at :]]
        self._taken += self.at
        while have < n_bytes and not self._ended:
            part = self._more(n_bytes - have)
            if part:
                parts.append(part)
                have += len(part)
        self.buffer, self.at = b"".join(parts), 0
        return have

    def take(self, n_bytes: int) -> bytes:
        """Return up to `n_bytes`, fewer only where the run is used up."""
        self.fill(n_bytes)
        start, self.at = self.at, min(len(self.buffer), self.at + n_bytes)
        return self.buffer[start : self.at]

    def skip(self, n_bytes: int) -> int:
        """Pass over up to `n_bytes` without keeping them; return how many there were."""
        skipped = 0
        if self.packing is None and n_bytes > _READ:
            skipped = min(n_bytes, self.size - (self._taken + self.at))
            self._seek_plain(self._taken + self.at + skipped)
            return skipped
        while skipped < n_bytes and (have := self.fill(min(_READ, n_bytes - skipped))):
            step = min(have, n_bytes - skipped)
            self.at += step
            skipped += step
        return skipped

    def put_back(self, content: bytes) -> None:
        """Make bytes that were just taken the next ones again."""
        self._taken += self.at - len(content)
        self.buffer = content + self.buffer[self.at :]
        self.at = 0

    def go_back(self, position: int) -> None:
        """Return to an offset of a plain file."""
        self._seek_plain(position)

    def _set_first(self) -> bool:
        self._first = False
        return False

    def _seek_plain(self, position: int) -> None:
        self.file.seek(position)
        self.buffer, self.at, self._taken, self._ended = b"", 0, position, False

    def _more(self, n_bytes: int) -> bytes:
        """Return more bytes of the run; none where a member ended or the run did."""
        if self.packing is None:
            part = self.file.read(max(n_bytes, _READ))
            self._ended = not part
            return part
        if self._unpacker is None:
            return self._go_on()
        return self._unpack()

    def _go_on(self) -> bytes:
        """Open the next member: the run goes on with it, unless it begins with a record."""
        if not self._open_member():
            self._ended = True
            return b""
        head = b""
        while len(head) < _HEAD and self._unpacker is not None:
            head += self._unpack()
        if self._is_start(head) or (self.damage is not None and not head):
            self._waiting = (self._member_offset, head, self.damage)
            self.damage = None
            self._ended = True
            return b""
        return head

    def _unpack(self) -> bytes:
        """Unpack one piece of the open member."""
        unpacker = self._unpacker
        piece = self._piece(_GZIP_PIECE if self.packing == "gzip" else _FRAME_PIECE)
        if unpacker is None or not piece:
            self._break_off(TRUNCATED)
            return b""
        spare = None if self.packing != "gzip" or self._is_members_first_piece else unpacker.copy()  # type: ignore[attr-defined]
        first, self._is_members_first_piece = self._is_members_first_piece, False
        try:
            part = unpacker.decompress(piece, *self._limit)
        except Exception:  # noqa: BLE001 -- three libraries, each with errors of its own
            self._break_off(CORRUPT)
            return _rescued(self._new_unpacker() if first else spare, piece) if self.packing == "gzip" else b""
        if unpacker.eof:
            self._input_at -= len(unpacker.unused_data or b"")
            self._unpacker = None
        elif self.packing == "gzip":
            self._input_at -= len(unpacker.unconsumed_tail)  # type: ignore[attr-defined]
        return part

    def _break_off(self, damage: str) -> None:
        self.damage = damage
        self._ended = True
        self._unpacker = None

    def _piece(self, n_bytes: int) -> bytes:
        if self._input_at >= len(self._input):
            self._input = self.file.read(_READ)
            self._input_offset += len(self._input)
            self._input_at = 0
        piece = self._input[self._input_at : self._input_at + n_bytes]
        self._input_at += len(piece)
        return piece

    def _offset(self) -> int:
        return self._input_offset - len(self._input) + self._input_at

    def _peek_input(self, n_bytes: int) -> bytes:
        while len(self._input) - self._input_at < n_bytes:
            more = self.file.read(_READ)
            if not more:
                break
            self._input = self._input[self._input_at :] + more
            self._input_offset += len(more)
            self._input_at = 0
        return self._input[self._input_at : self._input_at + n_bytes]

    def _seek_input(self, offset: int) -> None:
        self.file.seek(offset)
        self._input, self._input_at, self._input_offset = b"", 0, offset

    def _open_member(self) -> bool:
        """Begin to unpack the next member, passing over padding and skippable frames; false at the end of the file."""
        while head := self._peek_input(8):
            if self.packing != "gzip" and head[1:4] == _SKIPPABLE and head[0] & 0xF0 == 0x50:
                self._seek_input(self._offset() + 8 + int.from_bytes(head[4:8], "little"))
                continue
            if not head.startswith(_MAGIC[self.packing or ""]) and not head.strip(b"\0"):
                self._input_at += len(head)
                continue
            break
        if not head:
            return False
        self._member_offset = self._offset()
        self._unpacker = self._new_unpacker()
        self._is_members_first_piece = True
        return True

    def _new_unpacker(self) -> _Unpacker:
        if self.packing == "gzip":
            return zlib.decompressobj(31)
        if self.packing == "zstd":
            import zstandard

            dictionary = zstandard.ZstdCompressionDict(self._dictionary) if self._dictionary else None
            return zstandard.ZstdDecompressor(dict_data=dictionary, max_window_size=2**27).decompressobj()
        import lz4.frame  # type: ignore[import-untyped]

        unpacker: _Unpacker = lz4.frame.LZ4FrameDecompressor()
        return unpacker

    def _read_dictionary(self) -> None:
        """Take the dictionary of a .warc.zst (in a skippable frame at its start, itself packed or not)."""
        head = self._peek_input(8)
        if self.packing != "zstd" or head[:4] != _DICTIONARY_FRAME:
            return
        size = int.from_bytes(head[4:8], "little")
        if size > _MAX_DICTIONARY:
            return
        content = self._peek_input(8 + size)[8:]
        if content.startswith(_MAGIC["zstd"]):
            import zstandard

            try:
                content = zstandard.ZstdDecompressor().decompress(content, max_output_size=_MAX_DICTIONARY)
            except zstandard.ZstdError:
                return
        self._dictionary = content

    def _resynchronise(self, offset: int) -> bool:
        """Find the next member from an offset on that unpacks to the beginning of a record."""
        magic = _MAGIC[self.packing or ""]
        self._seek_input(offset)
        while True:
            window = self._peek_input(_READ)
            found = window.find(magic)
            if found < 0:
                if len(window) < _READ:
                    return False
                self._input_at += len(window) - len(magic) + 1
                continue
            self._input_at += found
            here = self._offset()
            if self._is_start(self._try_member()):
                self._seek_input(here)
                return True
            self._seek_input(here + 1)

    def _try_member(self) -> bytes:
        try:
            return self._new_unpacker().decompress(self._peek_input(_FRAME_PIECE))[:_READ]
        except Exception:  # noqa: BLE001 -- three libraries, each with errors of its own
            return b""


def _rescued(unpacker: _Unpacker | None, piece: bytes) -> bytes:
    """Return what the piece with the damage gives before it, fed byte by byte."""
    found = bytearray()
    try:
        for at in range(len(piece)):
            found += unpacker.decompress(piece[at : at + 1]) if unpacker else b""
    except zlib.error:
        pass
    return bytes(found)
