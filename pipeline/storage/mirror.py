"""Raw dumps in an object store become local files that stay: what is unchanged by ETag and size is not fetched again.

The decision made here: a build reads local files only, so that a dump gives the same tables wherever it lies. The copy
needs the dump's size on disk and 8 MiB of memory. A file that was cut off is continued where it stopped, if the object
is still the same; a whole one appears by rename. Objects that are gone take their copies with them, and so does
whatever else lies among the copies: only what was noted as whole stays.
"""

import hashlib
import json
import os
import sys
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any, Final, TextIO

from pipeline.errors import ChanceryError
from pipeline.progress import Progress
from pipeline.storage.place import Place, told

_PIECE: Final = 1024 * 1024
_AT_ONCE: Final = 8
"""Objects fetched at the same time: many are small, and most of their time is waiting."""
_JOURNAL: Final = "objects.jsonl"
"""What was fetched whole, a line per object, written as it arrives."""
_LONGEST_NAME: Final = 255
"""Bytes of a file name that every usual file system takes."""


@dataclass(frozen=True, slots=True)
class _Remote:
    """One object."""

    key: str
    name: str
    """Its path below the prefix."""
    etag: str
    size: int


def mirror(place: Place, client: Any, folder: Path, progress: Progress) -> Path:
    """Copy everything under a place and return the root to read.

    Args:
        place: a prefix, of which all objects below are taken, or a single object.
        client: from `ObjectStore.client`.
        folder: where copies are kept; each place has a folder of its own in it.
        progress: told the bytes fetched.

    Returns:
        A folder (or a file) whose own name is the last part of the place, as it would be had it been copied by hand.

    Raises:
        ChanceryError: there is nothing there, it cannot be reached, or a key cannot be the name of a file.
    """
    name = hashlib.sha256(place.url.encode()).hexdigest()[:16]
    home = folder / name
    root = home / (PurePosixPath(place.prefix).name or place.bucket)
    notes = folder / f"{name}.fetched"  # not beside the root, which may have any name
    with told(place):
        remote = list(_list(place, client))
    if not remote:
        raise ChanceryError(f"there is no object under {place.url}; check the name and your credentials.")
    _check_names(place, remote)
    home.mkdir(parents=True, exist_ok=True)
    notes.mkdir(exist_ok=True)
    missing = _tidy(notes, root, remote)
    if missing:
        progress.start("fetch", sum(item.size for item in missing), "bytes")
        with told(place):
            _fetch_all(place, client, missing, notes, root, progress)
        progress.finish()
    return root


def _tidy(notes: Path, root: Path, remote: Sequence[_Remote]) -> list[_Remote]:
    """Remove copies of what is gone or changed, or not known to be whole, and return the objects to fetch."""
    journal = notes / _JOURNAL
    known = _load(journal)
    wanted = {item.name: [item.etag, item.size] for item in remote}
    present = set(_present(root))
    kept = {name: facts for name, facts in known.items() if wanted.get(name) == facts and name in present}
    for name in present - kept.keys():
        _remove(root, name)
    temporary = journal.with_suffix(".tmp")
    with temporary.open("w", encoding="utf-8") as file:
        for name, facts in sorted(kept.items()):
            _note(file, name, facts)
    temporary.replace(journal)
    missing = [item for item in remote if item.name not in kept]
    parts = {_partial(notes, item) for item in missing}
    for path in notes.glob("*.part"):
        if path not in parts:
            path.unlink()
    return missing


def _present(root: Path) -> Iterator[str]:
    """Names of the files that lie here, as `_Remote.name`."""
    if root.is_file():
        yield ""
    for folder, _, names in os.walk(root):
        yield from (Path(folder, name).relative_to(root).as_posix() for name in names)


def _list(place: Place, client: Any) -> Iterator[_Remote]:
    """The objects below the prefix, or the one it names; the empty objects that stand for folders are left out."""
    listing = client.get_paginator("list_objects_v2").paginate(Bucket=place.bucket, Prefix=place.prefix)
    for page in listing:
        for item in page.get("Contents", []):
            key = item["Key"]
            below = key.removeprefix(place.prefix)
            is_below = not place.prefix or key == place.prefix or below.startswith("/")
            if is_below and not (key.endswith("/") and item["Size"] == 0):
                yield _Remote(key, below.removeprefix("/") if place.prefix else key, item["ETag"], item["Size"])


def _check_names(place: Place, remote: Sequence[_Remote]) -> None:
    """Refuse what would lose an object, or write outside the folder."""
    if sys.platform == "darwin" and len({item.name.casefold() for item in remote}) < len(remote):
        raise ChanceryError(f"{place.url} has keys that differ in case only, which are one file here; rename them.")
    names = {item.name for item in remote}
    for item in remote:
        parts = item.name.split("/")
        is_bad = len(remote) > 1 or item.name
        above = {"/".join(parts[:depth]) for depth in range(len(parts))}
        too_long = any(len(part.encode()) > _LONGEST_NAME for part in parts)
        if is_bad and (too_long or "\0" in item.name or not {"", ".", ".."}.isdisjoint(parts) or above & names):
            raise ChanceryError(
                f"the object {item.key!r} in {place.bucket} cannot be copied to a file of that name; rename it."
            )


def _target(root: Path, name: str) -> Path:
    return root / name if name else root


def _remove(root: Path, name: str) -> None:
    """Remove a copy, and the folders that are empty without it."""
    path = _target(root, name)
    path.unlink()
    for parent in path.parents:
        if not parent.is_relative_to(root) or any(parent.iterdir()):
            break
        parent.rmdir()


def _fetch_all(
    place: Place, client: Any, missing: Sequence[_Remote], notes: Path, root: Path, progress: Progress
) -> None:
    """Fetch several objects at a time, noting each that has arrived."""
    with ThreadPoolExecutor(_AT_ONCE) as pool, (notes / _JOURNAL).open("a", encoding="utf-8") as journal:
        under_way = [pool.submit(_fetch, place, client, item, notes, root) for item in missing]
        try:
            for future in as_completed(under_way):
                item = future.result()
                _note(journal, item.name, [item.etag, item.size])
                progress.advance(item.size)
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            raise


def _partial(notes: Path, item: _Remote) -> Path:
    return notes / f"{hashlib.sha256(f'{item.key} {item.etag}'.encode()).hexdigest()[:32]}.part"


def _fetch(place: Place, client: Any, item: _Remote, notes: Path, root: Path) -> _Remote:
    """Fetch one object, or the rest of it."""
    partial = _partial(notes, item)
    start = partial.stat().st_size if partial.exists() else 0
    if start < item.size or not start:
        rest = {"Range": f"bytes={start}-"} if start else {}
        body = client.get_object(Bucket=place.bucket, Key=item.key, IfMatch=item.etag, **rest)["Body"]
        with body, partial.open("ab") as file:
            for piece in body.iter_chunks(_PIECE):
                file.write(piece)
            file.flush()
            os.fsync(file.fileno())
    if partial.stat().st_size != item.size:
        partial.unlink()
        raise ChanceryError(f"{place.bucket}/{item.key} did not arrive whole; run the same command again.")
    path = _target(root, item.name)
    path.parent.mkdir(parents=True, exist_ok=True)
    partial.replace(path)
    return item


def _note(journal: TextIO, name: str, facts: list[str | int]) -> None:
    """Append a line that is complete or, where the machine stops within it, not read again."""
    journal.write(json.dumps([name, facts]) + "\n")
    journal.flush()


def _load(journal: Path) -> dict[str, list[str | int]]:
    """ETag and size of what was fetched, by name."""
    known: dict[str, list[str | int]] = {}
    if journal.exists():
        for line in journal.read_text(encoding="utf-8").splitlines():
            try:
                name, facts = json.loads(line)
            except ValueError:
                continue
            known[name] = facts
    return known
