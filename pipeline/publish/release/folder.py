"""Release folders: where they stand, what they are called, and their tables as frames."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import polars as pl
import pyarrow.parquet as pq

from pipeline.errors import ChanceryError
from pipeline.publish.release.editions import FULL
from pipeline.publish.release.versions import Version, parse_version
from schemas.names import TABLE_NAMES
from schemas.render import FILE_KEY

MANIFEST: Final = "manifest.json"
CHECKSUMS: Final = "SHA256SUMS"
DIFF: Final = "diff.json"
CHANGELOG: Final = "CHANGELOG.md"
VERSION_KEY: Final = "chancery.version"
EDITION_KEY: Final = "chancery.edition"
"""Keys in the footer of every Parquet file of a release."""

_NAME: Final = re.compile(r"(\d+\.\d+\.\d+)(?:-([a-z-]+))?")


@dataclass(frozen=True, slots=True)
class TableFolder:
    """Tables of a release, or of a build."""

    path: Path
    """The folder that was named."""
    tables: Path
    """The folder with the Parquet files."""

    def __contains__(self, name: str) -> bool:
        """Whether it holds a table."""
        return self.file(name).is_file()

    def file(self, name: str) -> Path:
        """File of a table."""
        return self.tables / f"{name}.parquet"

    def scan(self, name: str) -> pl.LazyFrame:
        """Rows of a table."""
        return pl.scan_parquet(self.file(name), glob=False)

    def described(self, name: str) -> dict[str, Any]:
        """What the file itself says about its table."""
        metadata = pq.read_schema(self.file(name)).metadata or {}
        described: dict[str, Any] = json.loads(metadata[FILE_KEY])
        return described

    @property
    def manifest(self) -> dict[str, Any] | None:
        """The release's manifest; null for the tables of a build."""
        try:
            content: dict[str, Any] = json.loads((self.path / MANIFEST).read_text(encoding="utf-8"))
        except FileNotFoundError:
            return None
        except (OSError, ValueError) as error:
            raise ChanceryError(f"{self.path / MANIFEST} cannot be read: {error}.") from error
        return content

    @property
    def label(self) -> str:
        """The version, with the edition where it is not the full one; the folder's name for the tables of a build."""
        manifest = self.manifest
        if manifest is None:
            return self.path.name
        return release_name(parse_version(str(manifest["version"])), str(manifest["edition"]))


def open_tables(path: Path) -> TableFolder:
    """A release folder, or a folder of tables.

    Raises:
        ChanceryError: there is none.
    """
    folder = TableFolder(path, path / "tables" if (path / "tables").is_dir() else path)
    if not any(name in folder for name in TABLE_NAMES):
        raise ChanceryError(f"{path} holds no tables; name a release's folder or outputs/tables.")
    return folder


def release_name(version: Version, edition: str) -> str:
    """Name of a release's folder under releases/: `1.2.0`, or `1.2.0-no-text`."""
    return str(version) if edition == FULL.name else f"{version}-{edition}"


def find_releases(releases: Path) -> Mapping[tuple[Version, str], Path]:
    """The releases under a folder by version and edition."""
    if not releases.is_dir():
        return {}
    found = {}
    for path in sorted(releases.iterdir()):
        match = _NAME.fullmatch(path.name)
        if match is not None and (path / CHECKSUMS).is_file():
            found[parse_version(match[1]), match[2] or FULL.name] = path
    return found


def newest(releases: Mapping[tuple[Version, str], Path]) -> Path | None:
    """The release with the highest version, its full edition where there is one."""
    key = max(releases, key=lambda release: (release[0], release[1] == FULL.name), default=None)
    return None if key is None else releases[key]
