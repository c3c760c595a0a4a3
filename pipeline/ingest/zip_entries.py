"""From a ZIP file, whole or clipped, to its entries as streams: read in place, never extracted.

The one decision made here: a ZIP without its directory (the end of the file is missing) is read by its local headers,
which stand before each entry; what they do not tell, the next header's mark does. Names are labels here and never
paths, so a hostile one can do no harm.
"""

import io
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, cast

_LOCAL = b"PK\x03\x04"
_LOCAL_SIZE = 30
_MARK = re.compile(rb"PK(?:\x03\x04|\x07\x08|\x01\x02|\x05\x06)")
_HAS_DESCRIPTOR = 0x08
_IS_ENCRYPTED = 0x01
_WINDOW = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of a ZIP file."""

    name: str
    size: int
    """Bytes unpacked; of a clipped entry what is there."""
    data_offset: int | None
    """Where its bytes stand in the ZIP file; null where they are deflated."""
    info: zipfile.ZipInfo | None = None


class Slice(io.RawIOBase):
    """A part of an open file as a file of its own."""

    def __init__(self, file: BinaryIO, start: int, size: int) -> None:
        super().__init__()
        self._file = file
        self._start = start
        self._size = size
        self._at = 0

    def readable(self) -> bool:
        """Return true."""
        return True

    def seekable(self) -> bool:
        """Return true."""
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        """Go to an offset of the part."""
        base = {io.SEEK_SET: 0, io.SEEK_CUR: self._at, io.SEEK_END: self._size}[whence]
        self._at = max(0, base + offset)
        return self._at

    def tell(self) -> int:
        """Return where the part is being read."""
        return self._at

    def read(self, size: int | None = -1) -> bytes:
        """Return the next bytes of the part."""
        left = max(0, self._size - self._at)
        wanted = left if size is None or size < 0 else min(size, left)
        self._file.seek(self._start + self._at)
        content = self._file.read(wanted)
        self._at += len(content)
        return content


class ZipEntries:
    """The entries of a ZIP file, in the order in which they stand in it."""

    def __init__(self, path: Path) -> None:
        """Open a ZIP file; close it with `close`."""
        self._file = path.open("rb")
        self._size = path.stat().st_size
        self._zip: zipfile.ZipFile | None = None
        try:
            self._zip = zipfile.ZipFile(self._file)
            self.entries = [self._entry(info) for info in sorted(self._zip.infolist(), key=_place)]
        except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError, EOFError):
            self._zip = None
            self.entries = list(self._by_local_headers())

    @property
    def is_clipped(self) -> bool:
        """Whether the directory is missing or cannot be read."""
        return self._zip is None

    def close(self) -> None:
        """Close the file."""
        self._file.close()

    def open(self, entry: Entry) -> BinaryIO:
        """Return an entry's content as a seekable stream.

        Raises:
            zipfile.BadZipFile, RuntimeError, NotImplementedError: Where it is broken, encrypted or oddly packed.
        """
        if entry.data_offset is not None:
            return cast("BinaryIO", Slice(self._file, entry.data_offset, entry.size))
        if self._zip is None or entry.info is None:
            raise zipfile.BadZipFile("a deflated entry cannot be read without the directory")
        return cast("BinaryIO", self._zip.open(entry.info))

    def _entry(self, info: zipfile.ZipInfo) -> Entry:
        is_stored = info.compress_type == zipfile.ZIP_STORED and not info.flag_bits & _IS_ENCRYPTED
        start = self._data_offset(info.header_offset) if is_stored else None
        name = info.orig_filename  # `filename` ends at a NUL, and an archive behind such a name would not be read
        if start is None:
            return Entry(name, info.file_size, None, info)
        return Entry(name, max(0, min(info.file_size, self._size - start)), start, info)

    def _data_offset(self, header_offset: int) -> int | None:
        self._file.seek(header_offset)
        header = self._file.read(_LOCAL_SIZE)
        if len(header) < _LOCAL_SIZE or not header.startswith(_LOCAL):
            return None
        return header_offset + _LOCAL_SIZE + _u16(header, 26) + _u16(header, 28)

    def _by_local_headers(self) -> Iterator[Entry]:
        at: int | None = self._find_mark(0)
        while at is not None and at < self._size:
            self._file.seek(at)
            header = self._file.read(_LOCAL_SIZE)
            if len(header) < _LOCAL_SIZE or not header.startswith(_LOCAL):
                at = self._find_mark(at + 4)
                continue
            name = self._file.read(_u16(header, 26)).decode("utf-8", "replace")
            start = at + _LOCAL_SIZE + _u16(header, 26) + _u16(header, 28)
            size = int.from_bytes(header[18:22], "little")
            if _u16(header, 6) & _HAS_DESCRIPTOR or size == 0xFFFFFFFF:
                after = self._find_mark(start)
                size = (self._size if after is None else after) - start
            size = max(0, min(size, self._size - start))
            is_stored = _u16(header, 8) == zipfile.ZIP_STORED and not _u16(header, 6) & _IS_ENCRYPTED
            yield Entry(name, size, start if is_stored else None)
            at = self._find_mark(start + size)

    def _find_mark(self, start: int) -> int | None:
        """Return where the next mark of a ZIP's own structures stands."""
        while start < self._size:
            self._file.seek(start)
            window = self._file.read(_WINDOW)
            match = _MARK.search(window)
            if match is not None:
                return start + match.start()
            if len(window) < _WINDOW:
                return None
            start += _WINDOW - 3
        return None


def _place(info: zipfile.ZipInfo) -> tuple[int, str]:
    return info.header_offset, info.filename


def _u16(header: bytes, at: int) -> int:
    return int.from_bytes(header[at : at + 2], "little")
