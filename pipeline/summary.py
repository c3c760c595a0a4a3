"""What a build has come to, in figures: made from the staged tables, kept beside them, shown by the command line."""

import json
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any


@dataclass(frozen=True, slots=True)
class TableSummary:
    """One table."""

    name: str
    n_rows: int
    n_quarantined: int
    """Rows taken out, or values set to null, by row rules."""
    n_rules: int
    """Rules checked."""
    n_failed: int
    """Rules broken, warnings included."""


@dataclass(frozen=True, slots=True)
class BuildSummary:
    """One build."""

    tables: tuple[TableSummary, ...]
    statuses: dict[str, int]
    """Raw records by status."""
    problems: tuple[str, ...]
    """One sentence per rejected record, the first few of each reason."""
    n_problems: int
    warnings: tuple[str, ...]
    """One sentence per rule that holds with exceptions."""
    notes: tuple[str, ...] = ()
    """One sentence per thing to know that is no fault."""
    up_to_date: bool = False
    files: dict[str, list[int]] = field(default_factory=dict)
    """Size and modification time of each published file, by table; tells whether someone changed one."""

    @property
    def n_quarantined(self) -> int:
        """Rows and values in quarantine."""
        return sum(table.n_quarantined for table in self.tables)

    def to_json(self) -> dict[str, Any]:
        """As plain data."""
        return asdict(self)

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> "BuildSummary":
        """From what `to_json` gave."""
        tables = tuple(TableSummary(**table) for table in data.pop("tables"))
        return cls(
            tables=tables,
            problems=tuple(data.pop("problems")),
            warnings=tuple(data.pop("warnings")),
            notes=tuple(data.pop("notes")),
            **data,
        )


def published_files(tables: Path) -> dict[str, list[int]]:
    """Size and modification time of every table in a folder, by name."""
    found = {path.stem: path.stat() for path in sorted(tables.glob("*.parquet"))}
    return {name: [stat.st_size, stat.st_mtime_ns] for name, stat in found.items()}


@dataclass(frozen=True, slots=True)
class LastBuild:
    """What is remembered of the last good build."""

    fingerprint: str
    """Of everything its tables are a function of."""
    code: str
    """Of the code that made them."""
    summary: BuildSummary


def load_last_build(path: Path) -> LastBuild | None:
    """The last good build, null where none is known."""
    try:
        kept = json.loads(path.read_text(encoding="utf-8"))
        return LastBuild(str(kept["fingerprint"]), str(kept["code"]), BuildSummary.from_json(kept["summary"]))
    except (OSError, ValueError, KeyError, TypeError):
        return None
