"""Published tables for tests of the report: the sound dataset of the counterexamples, as it is or with changes."""

from pathlib import Path
from typing import Any

import polars as pl

from pipeline.publish.parquet import write_table
from pipeline.report.figure import Tables
from schemas.registry import TABLES
from schemas.render import empty_frame
from tests.counterexamples.cases import base, frames

HOSTILE = "</script><script>window.ran=1</script><img src=x onerror='window.ran=1'>\u2028\"&{{7*7}}"
"""What runs, closes or opens something wherever it is taken for more than text."""


def sound_tables(**changes: dict[str, Any]) -> Tables:
    """The sound dataset; `events={"title": "x"}` sets a column of all rows of a table."""
    rows = base()
    for table, values in changes.items():
        for row in rows[table]:
            row.update(values)
    return {name: frame.lazy() for name, frame in frames(rows).items()}


def empty_tables() -> Tables:
    """A dataset without any rows."""
    return {name: empty_frame(name).lazy() for name in TABLES}


def hostile_tables() -> Tables:
    """The sound dataset with hostile text behind every free text of every table."""
    rows = base()
    for name, table in TABLES.items():
        free = [
            column.name
            for column in table.columns
            if not column.values and not column.name.endswith(("_id", "_sha256", "_clock"))
        ]
        typed = {*free} - {"countries", "country", "counter", "reason", "from_on", "to_on"}
        for row in rows[name]:
            row.update({column: row[column] + HOSTILE for column in typed if _is_text(row[column])})
    return {name: frame.lazy() for name, frame in frames(rows).items()}


def odd_tables() -> Tables:
    """The sound dataset in which the first article's first text came back, and the other article has no text at all."""
    tables = dict(sound_tables())
    is_edited = pl.col("article_id") == "a000000000000000a"
    versions = tables["article_versions"]
    first = versions.filter(is_edited, pl.col("version") == 1).select("body").collect().item()
    tables["article_versions"] = versions.with_columns(body=pl.when(is_edited).then("body"))
    tables["articles"] = tables["articles"].with_columns(body=pl.when(is_edited).then(pl.lit(first)))
    return tables


def lone_tables() -> Tables:
    """Of the sound dataset's events the edited one alone."""
    is_edited = pl.col("event_id") == "e000000000000000b"
    tables = sound_tables().items()
    return {name: rows.filter(is_edited) if "event_id" in rows.collect_schema() else rows for name, rows in tables}


def write_tables(tables: Tables, folder: Path) -> Path:
    """Publish the tables in a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, frame in tables.items():
        write_table(name, frame.collect().sort(TABLES[name].key), folder / f"{name}.parquet")
    return folder


def _is_text(value: object) -> bool:
    return isinstance(value, str) and not (value[:4].isdigit() and value[4:5] == "-")
