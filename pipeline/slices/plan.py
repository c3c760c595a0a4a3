"""Which raw files make a slice, and the key under which its rows are kept.

A slice's key depends on the names and contents of its files, on the reading options and on the code that reads, and on
nothing else; a slice whose key is known is not read again. Small files are bundled; where a bundle ends depends on the
files' own names, so that one more file changes one bundle and not all that follow. A large file is shared by several
slices, each of which finds all its records and looks at some: where a record ends costs a tenth of what it holds.
"""

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from importlib.metadata import version
from pathlib import Path
from typing import Final
from unicodedata import unidata_version

from pipeline.ingest.reader import RawFile, Share

SMALL_FILE: Final = 4 * 1024 * 1024
"""Bytes up to which a file is bundled with others."""

BUNDLE_BYTES: Final = 64 * 1024 * 1024
BUNDLE_FILES: Final = 4_000

SHARE_BYTES: Final = 64 * 1024 * 1024
"""Bytes of a file from which on it is shared, and of one share of it."""
MOST_SHARES: Final = 4
"""Each looks for the ends of all records."""

_BUNDLE_ENDS: Final = 1 / 512
"""Share of files whose name ends a bundle."""

_LIBRARIES: Final = (
    "brotli",
    "chardet",
    "lz4",
    "pandera",
    "polars",
    "py3langid",
    "pyarrow",
    "pydantic-core",
    "selectolax",
    "tzdata",
    "zstandard",
)
"""Their versions are part of the key: another version may read a page otherwise."""


@dataclass(frozen=True, slots=True)
class Slice:
    """Raw files, or a share of one, that one worker reads in one go."""

    key: str
    """Name of the slice's folder, hex."""
    files: tuple[RawFile, ...]

    @property
    def size(self) -> int:
        """Bytes of all its files, of shared ones their part."""
        return sum(file.size // file.share.of for file in self.files)


def plan_slices(files: Sequence[RawFile], digests: Mapping[str, str], fingerprint: str) -> tuple[Slice, ...]:
    """Bundle files and name the bundles.

    Args:
        files: all raw files, in any order.
        digests: sha256 of each file's bytes by `raw_path`.
        fingerprint: of the code and the options that read (`code_fingerprint`).
    """
    return tuple(Slice(_key(bundle, digests, fingerprint), bundle) for bundle in _bundles(files))


def code_fingerprint(*more: object) -> str:
    """Digest of this project's reading code, its libraries' versions and whatever else is given."""
    root = Path(__file__).resolve().parents[2]
    digest = hashlib.sha256(json.dumps([unidata_version, *(repr(item) for item in more)]).encode())
    for library in _LIBRARIES:
        digest.update(f"{library}=={version(library)}\n".encode())
    for path in _sources(root):
        digest.update(path.relative_to(root).as_posix().encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()


def _sources(root: Path) -> Iterable[Path]:
    folders = ("pipeline/ingest", "pipeline/parse", "pipeline/slices", "pipeline/check", "schemas")
    single = (
        "pipeline/frames.py",
        "pipeline/gather.py",
        "pipeline/observe.py",
        "pipeline/records.py",
        "pipeline/urls.py",
    )
    found = [path for folder in folders for path in (root / folder).rglob("*.py")]
    return sorted([*found, *(root / name for name in single), root / "pipeline/resolve/ids.py"])


def _bundles(files: Sequence[RawFile]) -> Iterator[tuple[RawFile, ...]]:
    bundle: list[RawFile] = []
    size = 0
    for file in sorted(files, key=lambda file: file.raw_path.encode()):
        if file.size > SMALL_FILE:
            yield from ((replace(file, share=share),) for share in _shares(file))
            continue
        bundle.append(file)
        size += file.size
        if size >= BUNDLE_BYTES or len(bundle) >= BUNDLE_FILES or _ends_bundle(file):
            yield tuple(bundle)
            bundle, size = [], 0
    if bundle:
        yield tuple(bundle)


def _shares(file: RawFile) -> Iterator[Share]:
    n_shares = min(MOST_SHARES, max(1, -(-file.size // SHARE_BYTES)))
    for number in range(n_shares):
        yield Share(number, n_shares)


def _ends_bundle(file: RawFile) -> bool:
    first = hashlib.sha256(file.raw_path.encode()).digest()[:4]
    return int.from_bytes(first) < _BUNDLE_ENDS * 2**32


def _key(files: Sequence[RawFile], digests: Mapping[str, str], fingerprint: str) -> str:
    named = [
        [file.raw_path, file.tree_path, digests[file.raw_path], file.share.number, file.share.of] for file in files
    ]
    return hashlib.sha256(json.dumps([fingerprint, named]).encode()).hexdigest()[:32]
