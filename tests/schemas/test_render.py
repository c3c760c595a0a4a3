"""What is rendered from the tables, for those who cannot read pandera."""

import json
from pathlib import Path

import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from schemas import render
from schemas.names import TABLE_NAMES
from schemas.registry import TABLES


def test_the_data_dictionary_is_not_stale() -> None:
    stored = render.DICTIONARY.read_text(encoding="utf-8")
    assert stored == render.data_dictionary(), "run: python -m schemas.render"


@pytest.mark.parametrize("name", TABLE_NAMES)
def test_an_empty_frame_has_the_columns_and_breaks_no_row_rule(name: str) -> None:
    TABLES[name].model.validate(render.empty_frame(name))


@pytest.mark.parametrize("name", TABLE_NAMES)
def test_a_frame_casts_to_its_arrow_schema(name: str) -> None:
    table = render.empty_frame(name).to_arrow().cast(render.arrow_schema(name))
    assert table.schema.equals(render.arrow_schema(name), check_metadata=True)


def test_an_arrow_field_carries_its_description_unit_and_term() -> None:
    days = render.arrow_schema("counter_observations").field("days")
    assert days.type == pa.int32()
    assert not days.nullable
    assert days.metadata[b"description"] == b"The number printed."
    assert days.metadata[b"unit"] == b"days"
    assert days.metadata[b"property"] == b"https://schema.org/value"


def test_a_parquet_file_says_what_it_is_in_clear_text(tmp_path: Path) -> None:
    path = tmp_path / "events.parquet"
    pq.write_table(render.empty_frame("events").to_arrow().cast(render.arrow_schema("events")), path)
    said = json.loads(pl.read_parquet_metadata(path)["chancery"])
    assert said["key"] == ["event_id"]
    assert said["description"].startswith("One row per published item")
    assert [column["name"] for column in said["columns"]] == list(pl.read_parquet_schema(path))
    assert {"column": "article_id", "references": "articles.article_id", "nullable": True} in said["foreign_keys"]
    known_from = next(column for column in said["columns"] if column["name"] == "known_from")
    assert list(known_from["values"]) == ["teaser", "article", "both"]


def test_dagster_columns_are_plain_data_with_the_key_marked_unique() -> None:
    columns = {column["name"]: column for column in render.dagster_columns("articles")}
    assert json.loads(json.dumps(columns)) == columns
    assert columns["article_id"]["unique"]
    assert not columns["event_id"]["unique"]
    assert columns["event_id"]["tags"]["references"] == "events.event_id"
    assert columns["first_captured_at"]["type"] == "timestamp[us, tz=UTC]"
    assert columns["title"]["nullable"]


def test_the_dictionary_names_every_table_column_and_rule() -> None:
    text = render.data_dictionary()
    for table in TABLES.values():
        section = text.split(f"\n## {table.name}\n")[1].split("\n## ")[0]
        for column in table.columns:
            assert f"\n| `{column.name}` |" in section
        for rule in table.row_rules:
            assert f"- `{rule.name}`" in section


def test_rendering_imports_neither_dagster_nor_the_pipeline() -> None:
    for path in Path(render.__file__).parent.glob("*.py"):
        lines = path.read_text(encoding="utf-8").splitlines()
        imports = [line for line in lines if line.lstrip().startswith(("import ", "from "))]
        assert not any("dagster" in line or "pipeline" in line for line in imports), path.name
