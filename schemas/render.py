"""Renders the schemas for those who cannot read pandera: Arrow, polars, Dagster's columns, the data dictionary.

Nothing is stated here; every word comes from a table's model. The one decision made here is where a Parquet file
carries it: as metadata of each Arrow field, and once more as clear text under the file-level key `chancery`, for
polars and DuckDB do not see field metadata.
"""

import json
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import polars as pl
import pyarrow as pa

from schemas.registry import TABLES
from schemas.table import Column, Rule, Table

FILE_KEY = b"chancery"
DICTIONARY = Path(__file__).resolve().parent.parent / "docs" / "data-dictionary.md"

_ARROW: dict[pl.DataType, pa.DataType] = {
    pl.String(): pa.string(),
    pl.Boolean(): pa.bool_(),
    pl.Int32(): pa.int32(),
    pl.Int64(): pa.int64(),
    pl.Float64(): pa.float64(),
    pl.Date(): pa.date32(),
    pl.Datetime("us", "UTC"): pa.timestamp("us", tz="UTC"),
}


def polars_schema(name: str) -> pl.Schema:
    """Column names and polars types of a published table, in published order.

    Raises:
        KeyError: there is no such table.
    """
    return table_schema(TABLES[name])


def table_schema(table: Table) -> pl.Schema:
    """Column names and polars types of any table, published or observed."""
    return pl.Schema({column.name: _polars_type(column) for column in table.columns})


def empty_frame(name: str) -> pl.DataFrame:
    """A published table without rows."""
    return pl.DataFrame(schema=polars_schema(name))


@cache
def arrow_schema(name: str) -> pa.Schema:
    """The Arrow schema a published table is written with: field metadata and the file-level key `chancery`."""
    return table_arrow_schema(TABLES[name])


def table_arrow_schema(table: Table) -> pa.Schema:
    """The Arrow schema of any table, with the same metadata."""
    fields = [
        pa.field(column.name, _ARROW[_polars_type(column)], nullable=column.nullable, metadata=_field_metadata(column))
        for column in table.columns
    ]
    return pa.schema(fields, metadata={FILE_KEY: json.dumps(describe_table(table), ensure_ascii=False)})


def describe(name: str) -> dict[str, Any]:
    """All that is said about a published table, as JSON-ready data."""
    return describe_table(TABLES[name])


def describe_table(table: Table) -> dict[str, Any]:
    """All that is said about any table, as JSON-ready data."""
    return {
        "table": table.name,
        "title": table.title,
        "description": table.description,
        "stage": table.stage,
        "group": table.group,
        "is_headline": table.is_headline,
        "key": list(table.key),
        "foreign_keys": [
            {"column": key.column, "references": f"{key.table}.{key.target}", "nullable": key.nullable}
            for key in table.foreign_keys
        ],
        "columns": [_describe_column(column) for column in table.columns],
    }


def dagster_columns(name: str) -> tuple[dict[str, Any], ...]:
    """Per column what Dagster's TableColumn takes: name, type, description, nullable, unique and tags, as plain data.

    `unique` is true for the one column of a one-column key.
    """
    table = TABLES[name]
    references = {key.column: f"{key.table}.{key.target}" for key in table.foreign_keys}
    return tuple(
        {
            "name": column.name,
            "type": _type_name(column),
            "description": column.description,
            "nullable": column.nullable,
            "unique": table.key == (column.name,),
            "tags": {
                tag: value
                for tag, value in {
                    "title": column.title,
                    "unit": column.unit,
                    "property": column.iri,
                    "references": references.get(column.name),
                }.items()
                if value is not None
            },
        }
        for column in table.columns
    )


def data_dictionary() -> str:
    """The data dictionary as Markdown: every table, every column, every rule."""
    from schemas.rules import table_rules

    head = "Rendered from `schemas/` by `python -m schemas.render`; a test fails when it is stale."
    return dictionary_of(TABLES, {name: table_rules(name) for name in TABLES}, head)


def dictionary_of(tables: Mapping[str, Table], rules: Mapping[str, Sequence[Rule]], head: str) -> str:
    """The data dictionary of some tables with the rules that are checked of each.

    Args:
        tables: by name, in the order they are listed.
        rules: by table.
        head: the first sentence under the title.
    """
    parts = [
        "# Data dictionary",
        "",
        head,
        "An empty cell in *null* means that the column is never null. Every rule is checked at each build: a broken",
        "rule stops it, a broken warning is reported.",
        "",
        "| table | what a row is | key | group |",
        "|---|---|---|---|",
        *(
            f"| [{table.name}](#{table.name}) | {_cell(table.description)} | {_code(table.key)} | {table.group} |"
            for table in tables.values()
        ),
    ]
    for table in tables.values():
        parts += [
            "",
            f"## {table.name}",
            "",
            f"**{table.title}.** {table.description}",
            "",
            f"Key: {_code(table.key)}. Made by the stage `{table.stage}`.",
            "",
            "| column | type | unit | null | what it says | property |",
            "|---|---|---|---|---|---|",
            *(_dictionary_row(column) for column in table.columns),
            "",
            *(f"- `{rule.name}`{_severity(rule.severity)}: {rule.description}" for rule in rules[table.name]),
        ]
    return "\n".join(parts) + "\n"


def _dictionary_row(column: Column) -> str:
    says = [column.description]
    if column.references:
        says.append(f"→ `{column.references}`")
    if column.values and any(column.values.values()):
        says.append("; ".join(f"`{value}`: {meaning}" for value, meaning in column.values.items()))
    elif column.values:
        says.append("one of " + _code(tuple(column.values)))
    null = "yes" if column.nullable else ""
    prefix, _, name = column.term.partition(":")
    return (
        f"| `{column.name}` | {_type_name(column)} | {column.unit or ''} | {null} | {_cell('<br>'.join(says))} | "
        f"[{prefix}:{name}]({column.iri}) |"
    )


def _severity(severity: str) -> str:
    return "" if severity == "error" else f" ({severity})"


def _code(names: tuple[str, ...]) -> str:
    return ", ".join(f"`{name}`" for name in names)


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")


def _polars_type(column: Column) -> pl.DataType:
    dtype: pl.DataType | type[pl.DataType] = column.dtype
    return dtype() if isinstance(dtype, type) else dtype


def _type_name(column: Column) -> str:
    return str(_ARROW[_polars_type(column)])


def _field_metadata(column: Column) -> dict[str, str]:
    return {key: value for key, value in _describe_column(column).items() if isinstance(value, str) and key != "name"}


def _describe_column(column: Column) -> dict[str, Any]:
    said = {
        "name": column.name,
        "type": _type_name(column),
        "title": column.title,
        "description": column.description,
        "unit": column.unit,
        "property": column.iri,
        "nullable": column.nullable,
        "values": dict(column.values) or None,
        "pattern": column.pattern,
        "minimum": None if column.minimum is None else str(column.minimum),
        "maximum": None if column.maximum is None else str(column.maximum),
        "references": column.references,
    }
    return {key: value for key, value in said.items() if value is not None}


if __name__ == "__main__":
    DICTIONARY.parent.mkdir(exist_ok=True)
    DICTIONARY.write_text(data_dictionary(), encoding="utf-8")
