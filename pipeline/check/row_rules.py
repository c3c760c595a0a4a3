"""From rows and a table's model to the rows that hold and the rules that the others broke.

Only what was read off a page is split this way; nothing is repaired. The one decision made here: a failure that
pandera cannot pin to a row (a missing column, another type) is a bug, not a row's fault, and stops the run.

Pandera tells which row breaks which rule, at the cost of one query per rule. Nearly all rows break none, so
`keeps_rules` asks for that first, all rules in one query (some thirty times quicker over a part of a slice).
"""

import json
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import polars as pl
from pandera.errors import SchemaErrors

from schemas.registry import OBSERVED
from schemas.render import table_schema
from schemas.table import Table, check_rule_name

BROKEN_SCHEMA = pl.Schema(
    {"row_index": pl.Int64, "row_key": pl.String, "column": pl.String, "rule": pl.String, "row": pl.String}
)
"""`row_index` is the 0-based place of the row in the frame that was split; a row stands once per rule it broke."""

_FAILURES = pl.Schema({"row_index": pl.Int64, "column": pl.String, "rule": pl.String})


class SchemaFailure(Exception):  # noqa: N818 -- named after pandera's own word for it
    """A frame does not have the columns and types its model declares."""


@dataclass(frozen=True, slots=True)
class RowSplit:
    """A frame, taken apart by its row rules."""

    valid: pl.DataFrame
    """The rows that break no rule, in order, with all columns of the frame."""
    broken: pl.DataFrame
    """One row per row and broken rule (`BROKEN_SCHEMA`), sorted by row_index, column (null last) and rule."""


def split(name: str, frame: pl.DataFrame) -> RowSplit:
    """Split rows read off pages into those that hold and those that go into the quarantine.

    Args:
        name: a key of `schemas.OBSERVED`: the table the rows are quarantined under.
        frame: has the columns of that model, in any order; further columns are not looked at and stay in `valid`.

    Raises:
        KeyError: rows of that name are not read off pages.
        SchemaFailure: a column is missing or has another type.
    """
    table = OBSERVED[name]
    failed = failures(table, frame)
    if failed.is_empty():
        return RowSplit(frame, pl.DataFrame(schema=BROKEN_SCHEMA))
    index = pl.int_range(pl.len(), dtype=pl.Int64)
    valid = frame.filter(~index.is_in(failed["row_index"].unique().to_list()))
    if not failures(table, valid).is_empty():
        raise SchemaFailure(f"{name}: rows broke a rule only after others were taken away")
    return RowSplit(valid, _describe(table, frame, failed))


def failures(table: Table, frame: pl.DataFrame) -> pl.DataFrame:
    """The row rules that rows of a frame break: row_index, column (null for a rule over the row) and rule, sorted.

    Args:
        table: published or observed.
        frame: at most a part of a table (pandera's memory grows with it; 100,000 rows are fine).

    Raises:
        SchemaFailure: a column is missing or has another type.
    """
    names = [column.name for column in table.columns]
    missing = [name for name in names if name not in frame.columns]
    if missing:
        raise SchemaFailure(f"{table.name}: the columns {', '.join(missing)} are missing")
    if keeps_rules(table, frame):
        return pl.DataFrame(schema=_FAILURES)
    try:
        table.schema.validate(frame.select(names), lazy=True)
    except SchemaErrors as errors:
        return _failures(table, errors.failure_cases)
    return pl.DataFrame(schema=_FAILURES)


def keeps_rules(table: Table, *frames: pl.DataFrame) -> bool:
    """Tell whether no row breaks a row rule; false as well where a type is another.

    Args:
        table: published or observed.
        frames: together they have the columns of the table. A rule is asked of the first frame that has all columns it
            reads; so wordings that stand in many rows can be given once, in a frame of their own in front.

    Raises:
        SchemaFailure: a rule reads columns that do not stand together in any frame.
    """
    types = table_schema(table)
    if any(dtype != types[name] for frame in frames for name, dtype in frame.schema.items() if name in types):
        return False
    asked: list[list[pl.Expr]] = [[] for _ in frames]
    for condition in table.conditions:
        names = set(condition.meta.root_names())
        place = next((number for number, frame in enumerate(frames) if names.issubset(frame.columns)), None)
        if place is None:
            raise SchemaFailure(f"{table.name}: the columns {', '.join(sorted(names))} are missing")
        asked[place].append(condition.all())
    kept = (
        frame.select(pl.all_horizontal(conditions))
        for frame, conditions in zip(frames, asked, strict=True)
        if conditions
    )
    return all(frame.item() for frame in kept)


def _failures(table: Table, cases: pl.DataFrame) -> pl.DataFrame:
    whole = cases.filter(pl.col("index").is_null())
    if not whole.is_empty():
        first = whole.row(0, named=True)
        raise SchemaFailure(f"{table.name}: {first['column']}: {first['check']} (found: {first['failure_case']})")
    rows = [
        (index, column, check_rule_name(column, check.partition("(")[0]))
        if context == "Column"
        else (index, None, check)
        for index, column, check, context in cases.select("index", "column", "check", "schema_context").iter_rows()
    ]
    return (
        pl.DataFrame(rows, schema=_FAILURES, orient="row").unique().sort("row_index", "column", "rule", nulls_last=True)
    )


def _describe(table: Table, frame: pl.DataFrame, failed: pl.DataFrame) -> pl.DataFrame:
    columns = [column.name for column in table.columns]
    indices = failed["row_index"].unique().sort()
    rows = dict(zip(indices.to_list(), frame.select(columns)[indices.to_list()].iter_rows(named=True), strict=True))
    return pl.DataFrame(
        [
            (index, row_key(table, rows[index]), column, rule, row_json(rows[index]))
            for index, column, rule in failed.iter_rows()
        ],
        schema=BROKEN_SCHEMA,
        orient="row",
    )


def row_key(table: Table, row: dict[str, Any]) -> str:
    """The key of a row as one text, its parts joined by `/` (quarantine.row_key)."""
    return "/".join("" if row[name] is None else str(row[name]) for name in table.key)


def row_json(row: dict[str, Any]) -> str:
    """A row as JSON text: keys sorted, dates and instants in ISO 8601 (quarantine.row)."""
    return json.dumps(row, ensure_ascii=False, sort_keys=True, default=_iso)


def _iso(value: object) -> str:
    if isinstance(value, date | datetime):
        return value.isoformat()
    raise TypeError(f"no place in a table for {value!r}")
