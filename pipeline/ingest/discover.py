"""From raw roots to the list of files to read and the names they bear in the ledger.

The one decision made here: nothing under a root is passed over in silence. Every regular file is handed on, hidden ones
and our own README included (the readers say that they are no pages); whatever cannot be a file to read, an unreadable
folder, a link that leads nowhere or in a circle, a socket, becomes a ledger record at once.

Links are followed, but for those to a folder that contains them. A folder reached twice is read once, under its real
place where that lies inside the roots, else under the first link in the order of names, so that links can neither loop
nor multiply what is read. A root that this machine does not see comes with its listing and is
named as if it lay here.
"""

# Names stay plain strings here: a Path per entry doubles the cost of a folder with 100,000 files.
# ruff: noqa: PTH100, PTH110, PTH112, PTH114, PTH116, PTH120

import errno
import os
import re
import stat
from collections.abc import Container, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from pipeline.errors import ChanceryError
from pipeline.ingest.reader import RawFile, printable, rejected
from pipeline.records import Outcome, RawRecord

# A literal "%" is itself encoded only before two signs that decoding would take for an encoded byte or an encoded "%".
_AMBIGUOUS_PERCENT = re.compile(r"%(?=25|[89A-F][0-9A-F])")
_SURROGATE = re.compile("[\udc80-\udcff]")
_FIRST_SURROGATE = 0xDC00


@dataclass(frozen=True, slots=True)
class Discovery:
    """What lies under the raw roots."""

    files: tuple[RawFile, ...]
    """Sorted by raw path (by its UTF-8 bytes)."""
    problems: tuple[RawRecord, ...]
    """Ledger records of what is no file to read, sorted likewise."""


class ListedFile(NamedTuple):
    """A regular file that another machine sees."""

    name: str
    """Path below its root, `/` as separator; empty where the root itself is the file."""
    size: int
    mtime_ns: int


@dataclass(frozen=True, slots=True)
class Listing:
    """What lies under a root that this machine does not see."""

    root: Path
    """The absolute place it would have here, which gives it its name; nothing lies there."""
    files: tuple[ListedFile, ...]


@dataclass(slots=True)
class _Walk:
    """What one discovery has gathered so far."""

    files: list[RawFile] = field(default_factory=list)
    problems: list[RawRecord] = field(default_factory=list)
    seen_folders: set[tuple[int, int]] = field(default_factory=set)
    linked_folders: list[tuple[str, str, int]] = field(default_factory=list)
    """(raw path, path, `root_at`) of links to folders, walked after all real folders."""
    root_at: int = 0
    """Where the name of the root that is walked begins in the paths below it."""


def discover(roots: Sequence[Path], listings: Sequence[Listing] = ()) -> Discovery:
    """List every file under the given folders (or the given files themselves).

    Args:
        roots: Folders or single files, in any order; one inside another is covered by the outer one.
        listings: What lies under those of the roots that this machine does not see.

    Raises:
        ChanceryError: When a root does not exist or no root is given.
    """
    walk = _Walk()
    listed = {listing.root: listing.files for listing in listings}
    for prefix, path in _named_roots(roots, listed):
        walk.root_at = len(os.fspath(path)) - len(path.name)
        if path in listed:
            _take_listed(walk, prefix, path, listed[path])
        elif path.is_dir():
            _enter(walk, prefix, os.fspath(path))
        else:
            _take_file(walk, prefix or encode_name(path.name), os.fspath(path))
    while walk.linked_folders:
        links, walk.linked_folders = sorted(walk.linked_folders), []
        for raw_path, link, walk.root_at in links:
            _enter_link(walk, raw_path, link)
    return Discovery(
        files=tuple(sorted(walk.files, key=lambda file: file.raw_path.encode())),
        problems=tuple(sorted(walk.problems, key=lambda record: record.raw_path.encode())),
    )


def encode_name(name: str) -> str:
    """Return a file name as valid Unicode, one to one: a non-UTF-8 byte becomes `%XX`.

    Names that are valid UTF-8 stay as they are, but for a `%` that would read like an encoded byte (`%E9`) or like an
    encoded `%` (`%25`): it becomes `%25`.
    """
    if "%" in name:
        name = _AMBIGUOUS_PERCENT.sub("%25", name)
    return name if name.isascii() else _SURROGATE.sub(_percent_byte, name)


def _percent_byte(match: re.Match[str]) -> str:
    return f"%{ord(match[0]) - _FIRST_SURROGATE:02X}"


def _named_roots(roots: Sequence[Path], listed: Container[Path]) -> list[tuple[str, Path]]:
    """Give each root the prefix of its raw paths: none for a single one, else the shortest unique tail of its path."""
    if not roots:
        raise ChanceryError("No raw dump was named: give a folder or a file with --raw.")
    for root in roots:
        if root not in listed and not os.path.exists(root):
            raise ChanceryError(
                f"The raw dump {printable(encode_name(os.fspath(root)))} does not exist: check the path given to --raw."
            )
    by_place = {os.path.realpath(root): Path(os.path.abspath(root)) for root in sorted(roots)}
    kept = {
        place: path for place, path in by_place.items() if not any(str(up) in by_place for up in Path(place).parents)
    }
    paths = sorted(kept.values())
    if len(paths) == 1:
        return [("", paths[0])]
    lengths = dict.fromkeys(paths, 1)
    while True:
        names = {
            path: "~".join(encode_name(part) for part in path.parts[1:][-lengths[path] :]) or "root" for path in paths
        }
        taken = list(names.values())
        clashing = [path for path in paths if taken.count(names[path]) > 1]
        if not clashing:
            return [(names[path], path) for path in paths]
        for path in clashing:
            lengths[path] += 1


def _enter(walk: _Walk, raw_path: str, path: str, *, is_linked: bool = False) -> None:
    """Walk a folder and the real folders in it, leaving links to folders for later.

    Only below a link can a real folder have been reached before.
    """
    pending = [(raw_path, path)]
    while pending:
        folder_name, folder = pending.pop()
        prefix = f"{folder_name}/" if folder_name else ""
        try:
            identity = _identity(folder)
            if is_linked and identity in walk.seen_folders:
                walk.problems.append(_linked_twice(folder_name))
                continue
            walk.seen_folders.add(identity)
            with os.scandir(folder) as entries:
                for entry in entries:
                    name = prefix + encode_name(entry.name)
                    if entry.is_dir(follow_symlinks=False):
                        pending.append((name, entry.path))
                    elif entry.is_symlink() and os.path.isdir(entry.path):
                        walk.linked_folders.append((name, entry.path, walk.root_at))
                    else:
                        _take_file(walk, name, entry.path)
        except OSError as error:
            walk.problems.append(rejected(folder_name or ".", "unreadable", _sentence("the folder", error)))


def _enter_link(walk: _Walk, raw_path: str, path: str) -> None:
    """Walk the folder that a link leads to, unless it contains the link itself."""
    target = os.path.realpath(path)
    link_folder = os.path.realpath(os.path.dirname(path))
    if os.path.commonpath([target, link_folder]) == target:
        detail = "the link leads back to a folder that contains it, so it was not followed."
        walk.problems.append(rejected(raw_path, "symlink_loop", detail))
    else:
        _enter(walk, raw_path, path, is_linked=True)


def _identity(folder: str) -> tuple[int, int]:
    status = os.stat(folder)
    return status.st_dev, status.st_ino


def _linked_twice(raw_path: str) -> RawRecord:
    return RawRecord(raw_path, record_no=0, raw_format="unknown", outcome=Outcome.NOT_A_PAGE, reason="linked_twice")


def _take_file(walk: _Walk, raw_path: str, path: str) -> None:
    """Add a regular file, or say why the thing at this path is none."""
    try:
        status = os.stat(path)
    except OSError as error:
        if error.errno == errno.ELOOP:
            problem = rejected(raw_path, "symlink_loop", "the link leads back to itself, so it was not followed.")
        elif error.errno == errno.ENOENT and os.path.islink(path):
            problem = rejected(raw_path, "broken_symlink", "the link leads to a file that is not there.")
        else:
            problem = rejected(raw_path, "unreadable", _sentence("the file", error))
        walk.problems.append(problem)
        return
    if stat.S_ISREG(status.st_mode):
        tree_path = path[walk.root_at :]
        walk.files.append(RawFile(Path(path), raw_path, status.st_size, status.st_mtime_ns, tree_path))
    else:
        detail = "it is a socket, pipe or device, which holds no dump."
        walk.problems.append(rejected(raw_path, "not_a_file", detail))


def _take_listed(walk: _Walk, prefix: str, root: Path, files: Sequence[ListedFile]) -> None:
    """Add the files of a listing, named as `_enter` and `_take_file` name those of a root that lies here."""
    for file in files:
        path = os.fspath(root / file.name)
        raw_path = "/".join(part for part in (prefix, encode_name(file.name)) if part) or encode_name(root.name)
        walk.files.append(RawFile(Path(path), raw_path, file.size, file.mtime_ns, path[walk.root_at :]))


def _sentence(what: str, error: OSError) -> str:
    """Say in one sentence what the operating system refused."""
    return f"{what} could not be read ({error.strerror or type(error).__name__}); check its permissions."
