"""A release as publishing sees it: files with sizes and hashes, taken from its `SHA256SUMS` and checked against it.

The one decision: a folder whose files are not exactly those of its `SHA256SUMS` is never published.
"""

import hashlib
import json
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any, Final

from pipeline.errors import ChanceryError

SUMS: Final = "SHA256SUMS"
PIECE: Final = 1 << 20
_SUM_LINE: Final = re.compile(r"([0-9a-f]{64}) [ *](.+)")
_VERSION: Final = re.compile(r"(?:0|[1-9][0-9]*)(?:\.(?:0|[1-9][0-9]*)){2}")
_EDITION: Final = re.compile(r"[a-z]+(?:-[a-z]+)*")
_LABEL: Final = re.compile(r"([0-9]+)\.([0-9]+)\.([0-9]+)(?:-[a-z-]+)?")


@dataclass(frozen=True)
class ReleaseFile:
    """One file, under the name it has in the release."""

    name: str
    """Relative path with slashes."""
    path: Path
    size: int
    """Bytes."""
    sha256: str
    """Hex, lower case."""


@dataclass(frozen=True)
class Release:
    """A finished release folder."""

    folder: Path
    version: str
    """From `manifest.json`, as is the edition."""
    edition: str
    files: tuple[ReleaseFile, ...]
    """Sorted by name, `SHA256SUMS` last: whoever sees it sees the rest."""

    @property
    def label(self) -> str:
        """Version and edition, the folder's name: `1.2.0`, `1.2.0-no-text`."""
        return self.version + self._suffix

    @property
    def latest(self) -> str:
        """Name of the pointer to the newest release of this edition: `latest`, `latest-no-text`."""
        return f"latest{self._suffix}"

    @property
    def _suffix(self) -> str:
        return "" if self.edition == "full" else f"-{self.edition}"

    def read_json(self, name: str) -> dict[str, Any]:
        """A JSON object of the release."""
        return _read_object(self.folder / name)

    def has(self, name: str) -> bool:
        """Whether the release has a file of that name."""
        return any(file.name == name for file in self.files)


def digest(pieces: Iterable[bytes], new: Callable[[], Any] = hashlib.sha256) -> tuple[str, int]:
    """Hex digest (SHA-256, or what `new` makes) and length of bytes that come in pieces."""
    state, n_bytes = new(), 0
    for piece in pieces:
        state.update(piece)
        n_bytes += len(piece)
    return str(state.hexdigest()), n_bytes


def pieces_of(path: Path) -> Iterable[bytes]:
    """A local file in pieces."""
    with path.open("rb") as stream:
        while piece := stream.read(PIECE):
            yield piece


def describe(name: str, path: Path) -> ReleaseFile:
    """A local file with its size and hash."""
    sha256, size = digest(pieces_of(path))
    return ReleaseFile(name, path, size, sha256)


def open_release(folder: Path) -> Release:
    """Read and verify a release folder.

    Raises `ChanceryError` where a file is missing, differs from its sum, or stands there without one.
    """
    sums = folder / SUMS
    if not sums.is_file():
        raise ChanceryError(f"{folder} is no finished release: it has no {SUMS} (make one with: chancery release).")
    listed = _read_sums(sums)
    present = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if not path.is_dir()} - {SUMS}
    if extra := sorted(present - listed.keys()):
        raise ChanceryError(f"{folder} has files that {SUMS} does not list: {_some(extra)}.")
    if missing := sorted(listed.keys() - present):
        raise ChanceryError(f"{folder} lacks files that {SUMS} lists: {_some(missing)}.")
    files = [describe(name, folder / name) for name in sorted(listed)]
    if wrong := [file.name for file in files if file.sha256 != listed[file.name]]:
        raise ChanceryError(f"{folder} has files that differ from their sum in {SUMS}: {_some(wrong)}.")
    manifest = _read_object(folder / "manifest.json")
    version, edition = str(manifest.get("version", "")), str(manifest.get("edition", "full"))
    if not _VERSION.fullmatch(version) or not _EDITION.fullmatch(edition):
        raise ChanceryError(f"{folder}/manifest.json has no version of the form 1.2.3 and edition, but {version!r}.")
    return Release(folder, version, edition, (*files, describe(SUMS, sums)))


def version_order(label: str) -> tuple[int, int, int]:
    """Sorts labels of one edition by version; what is no label sorts before all."""
    match = _LABEL.fullmatch(label)
    return (-1, -1, -1) if match is None else (int(match[1]), int(match[2]), int(match[3]))


def _read_sums(path: Path) -> dict[str, str]:
    listed: dict[str, str] = {}
    for line in path.read_text("utf-8").splitlines():
        match = _SUM_LINE.fullmatch(line)
        if match is None:
            raise ChanceryError(f"{path} has a line that is no checksum: {line[:80]!r}.")
        name = PurePosixPath(match[2])
        if name.is_absolute() or ".." in name.parts:
            raise ChanceryError(f"{path} names a file outside the release: {match[2]!r}.")
        listed[name.as_posix()] = match[1]
    return listed


def _read_object(path: Path) -> dict[str, Any]:
    try:
        value = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise ChanceryError(f"{path} cannot be read as JSON: {error}.") from error
    if not isinstance(value, dict):
        raise ChanceryError(f"{path} is no JSON object.")
    return value


def _some(names: list[str]) -> str:
    return ", ".join(names[:5]) + (f" and {len(names) - 5} more" if len(names) > 5 else "")
