"""A folder of a release as one ZIP, for portals that know no folders; equal input, equal bytes.

Stored, not packed: Parquet and gzip do not shrink further, and stored members can be read in place.
"""

import shutil
import zipfile
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Final

from pipeline.publish.targets.source import PIECE, ReleaseFile, describe

_EPOCH: Final = (1980, 1, 1, 0, 0, 0)
"""The earliest time a ZIP can hold."""


def without_folders(files: Iterable[ReleaseFile], scratch: Path) -> Sequence[ReleaseFile]:
    """Files at the top as they are, every folder as `<folder>.zip` whose members carry the folder's name.

    So unpacking all ZIPs in one place gives the release back. Order: as the files', a ZIP at its first member's place.
    """
    folders: dict[str, list[ReleaseFile]] = {}
    for file in files:
        folder, separator, _ = file.name.partition("/")
        folders.setdefault(f"{folder}.zip" if separator else file.name, []).append(file)
    return [
        members[0] if members[0].name == name else _zip(name, members, scratch / name)
        for name, members in folders.items()
    ]


def _zip(name: str, members: Sequence[ReleaseFile], path: Path) -> ReleaseFile:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as archive:
        for member in members:
            entry = zipfile.ZipInfo(member.name, _EPOCH)
            entry.create_system = 3  # Unix everywhere, so that the bytes do not tell where they were written
            entry.external_attr = 0o644 << 16
            entry.file_size = member.size
            with member.path.open("rb") as read, archive.open(entry, "w") as write:
                shutil.copyfileobj(read, write, PIECE)
    return describe(name, path)
