"""Publishing to a folder (a mounted share, a web server's root): `<folder>/<label>/`, `latest` pointing at the newest.

The one decision: a release is copied beside its place under a hidden name and renamed once, so readers see none or all
of it; what is there already is never written over.
"""

import os
import shutil
from collections.abc import Iterator, Sequence
from pathlib import Path

from pipeline.publish.targets.contract import PublishError
from pipeline.publish.targets.source import Release, ReleaseFile, describe, pieces_of, version_order


class FolderTarget:
    """A folder of releases on this machine."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._label = ""
        self._latest = ""

    def copies(self, release: Release) -> Sequence[ReleaseFile]:
        """All files of the release."""
        return release.files

    def plan(self, release: Release) -> list[str]:
        """What would be copied, kept and renamed."""
        self._label, self._latest = release.label, release.latest
        if self._final.exists():
            self._require_equal(release)
            return [f"{self._final} is there already, with equal bytes.", self._pointer_sentence()]
        missing = [file for file in release.files if not self._holds(file)]
        n_bytes = sum(file.size for file in missing)
        return [
            f"copy {len(missing)} of {len(release.files)} files ({n_bytes:,} bytes) to {self._partial}.",
            f"rename it to {self._final}.",
            self._pointer_sentence(),
        ]

    def stage(self, release: Release) -> None:
        """Copy what the hidden folder does not hold yet."""
        if self._final.exists():
            return
        names = {file.name for file in release.files}
        for path in sorted(self._partial.rglob("*")):
            if not path.is_dir() and path.relative_to(self._partial).as_posix() not in names:
                path.unlink()
        try:
            for file in release.files:
                if not self._holds(file):
                    _copy(file.path, self._partial / file.name)
        except OSError as error:
            raise PublishError(f"copying to {self._partial} failed: {error.strerror or error}") from error

    def fetch(self, copy: ReleaseFile) -> Iterator[bytes]:
        """Read the copy from where it now stands."""
        place = self._final if self._final.exists() else self._partial
        try:
            yield from pieces_of(place / copy.name)
        except OSError as error:
            raise PublishError(f"{place / copy.name} cannot be read: {error.strerror or error}") from error

    def discard(self, copy: ReleaseFile) -> None:
        """Remove a copy from the hidden folder."""
        (self._partial / copy.name).unlink(missing_ok=True)

    def reveal(self, release: Release) -> str:
        """Rename the folder, then move `latest` unless it points at a newer release."""
        try:
            if not self._final.exists():
                self._partial.rename(self._final)
                _sync(self._folder)
            if self._moves_pointer():
                new = self._folder / f".{self._latest}.{os.getpid()}"
                new.unlink(missing_ok=True)
                new.symlink_to(release.label, target_is_directory=True)
                new.replace(self._folder / self._latest)
        except OSError as error:
            raise PublishError(f"renaming to {self._final} failed: {error.strerror or error}") from error
        return str(self._final)

    def abandon(self) -> str:
        """Nothing of an unfinished copy can be seen; it is kept so that the next run goes on from it."""
        if self._partial.exists():
            return f"Readers see nothing of it; what was copied waits in {self._partial} for the next run."
        return f"No unfinished copy is left in {self._folder}."

    @property
    def _final(self) -> Path:
        return self._folder / self._label

    @property
    def _partial(self) -> Path:
        return self._folder / f".{self._label}.partial"

    def _holds(self, file: ReleaseFile) -> bool:
        path = self._partial / file.name
        return path.is_file() and path.stat().st_size == file.size and describe(file.name, path).sha256 == file.sha256

    def _require_equal(self, release: Release) -> None:
        present = {path.relative_to(self._final).as_posix() for path in self._final.rglob("*") if not path.is_dir()}
        same = present == {file.name for file in release.files} and all(
            describe(file.name, self._final / file.name).sha256 == file.sha256 for file in release.files
        )
        if not same:
            raise PublishError(f"{self._final} is there already with other bytes; a published version never changes")

    def _moves_pointer(self) -> bool:
        pointer = self._folder / self._latest
        if not pointer.is_symlink():
            if pointer.exists():
                raise PublishError(f"{pointer} is no link; move it away")
            return True
        return version_order(self._label) >= version_order(pointer.readlink().name)

    def _pointer_sentence(self) -> str:
        if self._moves_pointer():
            return f"point {self._folder / self._latest} at {self._label}."
        return f"leave {self._folder / self._latest}, which points at a newer release."


def _copy(source: Path, place: Path) -> None:
    place.parent.mkdir(parents=True, exist_ok=True)
    with source.open("rb") as read, place.open("wb") as write:
        shutil.copyfileobj(read, write, 1 << 20)
        write.flush()
        os.fsync(write.fileno())
    _sync(place.parent)


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
