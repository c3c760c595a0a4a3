"""From the files of this folder to frames: the sound dataset, and each counterexample as a change to it.

A counterexample names the `table` and the `rule` that refuses it, says `why` in a sentence, and lists `changes`: `set`
columns of a `row`, `add` a row, `drop` a row, or `reverse` the rows of a table. `observed` cases change rows as they
are read off pages, before it is known what they are observations of.
"""

import copy
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

import polars as pl

from schemas.registry import OBSERVED, TABLES
from schemas.render import table_schema
from schemas.table import Table

FOLDER = Path(__file__).resolve().parent
Rows = dict[str, list[dict[str, Any]]]


@dataclass(frozen=True)
class Counterexample:
    """One file."""

    path: Path
    table: str
    rule: str
    why: str
    changes: tuple[Mapping[str, Any], ...]

    @property
    def is_observed(self) -> bool:
        return self.path.parent.parent.name == "observed"

    def rows(self) -> Rows:
        """The dataset with the changes made."""
        rows = base_observed() if self.is_observed else base()
        for change in self.changes:
            _apply(rows[change["in"]], change)
        return rows


def base() -> Rows:
    """The sound dataset: a few rows in every published table."""
    rows: Rows = json.loads((FOLDER / "base.json").read_text(encoding="utf-8"))
    return rows


def base_observed() -> Rows:
    """The sound rows as read off pages."""
    stated: dict[str, Any] = json.loads((FOLDER / "base_observed.json").read_text(encoding="utf-8"))
    published = base()
    return {name: published[rows] if isinstance(rows, str) else rows for name, rows in stated.items()}


def frames(rows: Rows, *, observed: bool = False) -> dict[str, pl.DataFrame]:
    """Typed frames of all tables."""
    return {name: frame(table, rows[name]) for name, table in (OBSERVED if observed else TABLES).items()}


def frame(table: Table, rows: list[dict[str, Any]]) -> pl.DataFrame:
    """A typed frame of one table's rows, dates read from ISO 8601."""
    schema = table_schema(table)
    assert all(list(row) == schema.names() for row in rows), f"{table.name}: columns differ from its schema"
    typed = [{name: _typed(value, schema[name]) for name, value in row.items()} for row in rows]
    return pl.DataFrame(typed, schema=schema)


def counterexamples() -> list[Counterexample]:
    """All counterexamples, by path."""
    found = []
    for path in sorted(FOLDER.glob("*/*/*.json")):
        stated = json.loads(path.read_text(encoding="utf-8"))
        changes = tuple(stated["changes"])
        found.append(Counterexample(path, stated["table"], stated["rule"], stated["why"], changes))
    return found


def _typed(value: Any, dtype: pl.DataType) -> Any:
    if value is None:
        return None
    if dtype == pl.Date:
        return date.fromisoformat(value)
    if dtype == pl.Datetime("us", "UTC"):
        return datetime.fromisoformat(value)
    return value


def _apply(rows: list[dict[str, Any]], change: Mapping[str, Any]) -> None:
    if "set" in change:
        unknown = set(change["set"]) - set(rows[change["row"]])
        assert not unknown, f"no such columns: {unknown}"
        rows[change["row"]] |= change["set"]
    elif "add" in change:
        rows.insert(change["row"], copy.deepcopy(rows[change["like"]]) | change["add"])
    elif change.get("drop"):
        del rows[change["row"]]
    else:
        assert change["reverse"]
        rows.reverse()
