"""What Dagster is told of a table before and after it is made, rendered from `schemas`.

The decision made here: groups are the stages in the order in which they run, so that Dagster, which sorts groups by
name, lists the tables along the way of the data.
"""

import json
from typing import Final

import dagster as dg
import polars as pl

from pipeline.assets.figures import key_figures
from pipeline.stages.staging import Staged, scan_staged
from pipeline.workspace import Workspace
from schemas.registry import TABLES
from schemas.render import dagster_columns

READ: Final = "stage_1_read"
RESOLVE: Final = "stage_2_resolve"
MEASURE: Final = "stage_3_measure"
PUBLISH: Final = "stage_4_publish"
RELEASE: Final = "stage_5_release"
"""Groups of assets: the stages, in order."""

DICTIONARY: Final = "docs/data-dictionary.md"
_SAMPLE_ROWS = 5
_CELL = 80


def table_specs(*names: str, group: str, deps: tuple[str, ...] = ()) -> list[dg.AssetSpec]:
    """Asset specs of the tables of a stage: key, description and columns come off the schema."""
    return [
        dg.AssetSpec(
            key=name,
            description=description(name),
            group_name=group,
            kinds={"parquet", "polars"},
            deps=list(deps),
            metadata={
                "dagster/column_schema": column_schema(name),
                "key": ", ".join(TABLES[name].key),
                "docs": dg.MetadataValue.path(f"{DICTIONARY}#{name}"),
            },
            tags={"part_of_the_dataset": TABLES[name].group},
        )
        for name in names
    ]


def description(name: str) -> str:
    """What a table is, how its rows lead to others, and where its columns and rules are explained."""
    table = TABLES[name]
    leads = "".join(f"\n- `{key.column}` leads to `{key.table}.{key.target}`" for key in table.foreign_keys)
    return (
        f"**{table.title}.** {table.description}\n\nKey: {', '.join(f'`{column}`' for column in table.key)}. "
        f"Columns and rules: `{DICTIONARY}#{name}`.{f'{chr(10)}{leads}' if leads else ''}"
    )


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
            **key_figures(staged.table, rows),
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
