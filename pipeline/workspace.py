"""Where a build keeps what: one place for every path under outputs/, and how finished tables come into view.

`tables/` changes only in `promote`: staged files are renamed into it one by one after a journal says which, so a build
killed between two renames is finished by the next run, and one killed earlier has changed nothing.
"""

import json
import os
import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

_PARQUET_END: Final = b"PAR1"


@dataclass(frozen=True, slots=True)
class Workspace:
    """The folders of one outputs root."""

    outputs: Path

    @property
    def tables(self) -> Path:
        """The published tables, always whole."""
        return self.outputs / "tables"

    @property
    def slices(self) -> Path:
        """What was read off raw files, one folder per slice."""
        return self.outputs / "work" / "slices"

    @property
    def staging(self) -> Path:
        """Tables of the build under way, not yet checked."""
        return self.outputs / "work" / "staging"

    @property
    def caches(self) -> Path:
        """Results that are expensive and depend on their input alone."""
        return self.outputs / "work" / "caches"

    @property
    def mirrors(self) -> Path:
        """Copies of raw dumps that lie in an object store."""
        return self.outputs / "work" / "mirrors"

    @property
    def elsewhere(self) -> Path:
        """Places of raw roots that only a cluster sees, as if they lay here; only CDX files do, for a while."""
        return self.outputs / "work" / "elsewhere"

    @property
    def file_state(self) -> Path:
        """Size, modification time and digest of every raw file read."""
        return self.outputs / "work" / "files.json"

    @property
    def index_state(self) -> Path:
        """Digests of raw files known to be CDX files, and of those known not to be."""
        return self.outputs / "work" / "indexes.json"

    @property
    def build_state(self) -> Path:
        """What the published tables were made from."""
        return self.outputs / "work" / "build.json"

    @property
    def journal(self) -> Path:
        """Names of the tables a promotion is moving; present only while it moves them."""
        return self.outputs / "work" / "promote.json"

    @property
    def lock(self) -> Path:
        """Held by the build that is under way."""
        return self.outputs / "work" / "lock"

    @property
    def releases(self) -> Path:
        """Releases, one folder per version."""
        return self.outputs / "releases"

    @property
    def report(self) -> Path:
        """The report and explorer."""
        return self.outputs / "report"

    @property
    def dagster_home(self) -> Path:
        """Run history of Dagster."""
        return self.outputs / "dagster"

    def staged(self, table: str) -> Path:
        """File of a staged table."""
        return self.staging / f"{table}.parquet"

    def table(self, table: str) -> Path:
        """File of a published table."""
        return self.tables / f"{table}.parquet"


def prepare(workspace: Workspace) -> None:
    """Create the folders, finish a promotion that was cut off, clear what a killed build or a power cut left."""
    workspace.slices.mkdir(parents=True, exist_ok=True)
    workspace.tables.mkdir(parents=True, exist_ok=True)
    if workspace.journal.exists():
        _move(workspace, json.loads(workspace.journal.read_text()))
    shutil.rmtree(workspace.staging, ignore_errors=True)
    workspace.staging.mkdir(parents=True)
    for left in (*workspace.slices.glob(".tmp-*"), *workspace.tables.glob(".*.tmp")):
        shutil.rmtree(left) if left.is_dir() else left.unlink(missing_ok=True)
    for piece in workspace.slices.iterdir():
        if not all(map(_ends_well, piece.glob("*/*.parquet"))):
            shutil.rmtree(piece)


def promote(workspace: Workspace, tables: Sequence[str]) -> None:
    """Put the staged tables in place of the published ones; tables no longer made are removed."""
    write_json(workspace.journal, list(tables))
    _move(workspace, tables)


def write_json(path: Path, value: object) -> None:
    """Write a JSON file that is complete or absent."""
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    temporary.write_text(json.dumps(value, ensure_ascii=False, sort_keys=True, indent=0) + "\n", encoding="utf-8")
    with temporary.open("rb+") as written:
        os.fsync(written.fileno())
    temporary.replace(path)


def _ends_well(path: Path) -> bool:
    """Whether a Parquet file has its end: what was renamed but not yet on the disk when the power went has none."""
    with path.open("rb") as file:
        file.seek(max(0, path.stat().st_size - len(_PARQUET_END)))
        return file.read() == _PARQUET_END


def _move(workspace: Workspace, tables: Sequence[str]) -> None:
    for table in tables:
        staged = workspace.staged(table)
        if staged.exists():
            staged.replace(workspace.table(table))
    wanted = {f"{table}.parquet" for table in tables}
    for path in workspace.tables.glob("*.parquet"):
        if path.name not in wanted:
            path.unlink()
    workspace.journal.unlink()
