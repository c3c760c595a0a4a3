"""What Dagster is told of a table before and after it is made, rendered from `schemas`."""

import json

import dagster as dg
import polars as pl

from pipeline.stages.staging import Staged, scan_staged
from pipeline.workspace import Workspace
from schemas.registry import TABLES
from schemas.render import dagster_columns

_SAMPLE_ROWS = 5
_CELL = 80


def table_specs(*names: str, deps: tuple[str, ...] = ()) -> list[dg.AssetSpec]:
    """Asset specs of tables: key, description, group and columns come off the schema."""
    return [
        dg.AssetSpec(
            key=name,
            description=f"**{TABLES[name].title}.** {TABLES[name].description}",
            group_name=TABLES[name].group,
            kinds={"parquet", "polars"},
            deps=list(deps),
            metadata={"dagster/column_schema": column_schema(name), "key": ", ".join(TABLES[name].key)},
        )
        for name in names
    ]


def column_schema(name: str) -> dg.TableSchema:
    """Columns of a table for Dagster's catalogue."""
    return dg.TableSchema(
        columns=[
            dg.TableColumn(
                name=column["name"],
                type=column["type"],
                description=column["description"],
                constraints=dg.TableColumnConstraints(nullable=column["nullable"], unique=column["unique"]),
                tags={key: str(value)[:250] for key, value in column["tags"].items() if key in {"unit", "references"}},
            )
            for column in dagster_columns(name)
        ]
    )


def materialized(workspace: Workspace, staged: Staged) -> dg.MaterializeResult[None]:
    """What a run reports of a table it made."""
    rows = scan_staged(workspace, staged.table)
    return dg.MaterializeResult(
        asset_key=staged.table,
        metadata={
            "dagster/row_count": staged.n_rows,
            "bytes": staged.size,
            "sample": dg.MetadataValue.md(markdown_table(rows.head(_SAMPLE_ROWS).collect())),
        },
    )


def markdown_table(frame: pl.DataFrame) -> str:
    """Rows as a Markdown table; long values are cut, nothing in them can break the table."""
    if frame.is_empty():
        return "no rows"
    lines = ["| " + " | ".join(frame.columns) + " |", "|" + "---|" * frame.width]
    lines += ["| " + " | ".join(_cell(value) for value in row) + " |" for row in frame.iter_rows()]
    return "\n".join(lines)


def _cell(value: object) -> str:
    text = "" if value is None else value if isinstance(value, str) else json.dumps(value, default=str)
    text = " ".join(text.split()).replace("\\", "\\\\").replace("|", "\\|").replace("<", "&lt;").replace("`", "'")
    return text if len(text) <= _CELL else text[: _CELL - 1] + "…"
