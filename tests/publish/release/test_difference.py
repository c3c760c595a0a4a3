"""A difference counts what came, went and changed, and its level follows from it."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import polars as pl
import pyarrow.parquet as pq
import pytest
from click.testing import CliRunner

from pipeline.cli import chancery
from pipeline.publish.release.difference import Difference, RowChanges, compare
from pipeline.publish.release.folder import open_tables
from pipeline.publish.release.versions import Level, Version
from schemas.render import FILE_KEY

DAY = "country"


def written(
    folder: Path, rows: list[tuple[str, str]], describe: Callable[[dict[str, Any]], None] | None = None
) -> Path:
    """A folder with the one table event_countries; `describe` edits what its file says of it."""
    from schemas.render import arrow_schema

    folder.mkdir()
    schema = arrow_schema("event_countries")
    said = json.loads(schema.metadata[FILE_KEY])
    if describe is not None:
        describe(said)
    table = pl.DataFrame(rows, schema=["event_id", "country"], orient="row").to_arrow().cast(schema)
    pq.write_table(table.replace_schema_metadata({FILE_KEY: json.dumps(said)}), folder / "event_countries.parquet")
    return folder


def difference(old: Path, new: Path) -> Difference:
    return compare(open_tables(old), open_tables(new))


def test_rows_are_told_apart_by_their_key(tmp_path: Path) -> None:
    old = written(tmp_path / "old", [("e1", "FRA"), ("e1", "GBR"), ("e2", "USA")])
    new = written(tmp_path / "new", [("e1", "FRA"), ("e2", "RUS"), ("e2", "USA"), ("e3", "USA")])
    found = difference(old, new)
    assert found.rows == (
        RowChanges("event_countries", 3, 4, n_added=2, n_removed=1, added=("e2/RUS", "e3/USA"), removed=("e1/GBR",)),
    )
    assert found.level is Level.MINOR


def test_equal_tables_differ_in_nothing(tmp_path: Path) -> None:
    rows = [("e1", "FRA")]
    assert difference(written(tmp_path / "old", rows), written(tmp_path / "new", rows)).level is Level.NONE


def _other_type(said: dict[str, Any]) -> None:
    said["columns"][1]["type"] = "int32"


def _new_column(said: dict[str, Any]) -> None:
    said["columns"].append(said["columns"][1] | {"name": "share"})


def _gone_column(said: dict[str, Any]) -> None:
    said["columns"].pop()


def _may_be_null(said: dict[str, Any]) -> None:
    said["columns"][1]["nullable"] = True


def _other_key(said: dict[str, Any]) -> None:
    said["key"] = ["event_id"]


def _other_order(said: dict[str, Any]) -> None:
    said["columns"].reverse()


def _other_words(said: dict[str, Any]) -> None:
    said["columns"][1]["description"] = "Said otherwise."


def _other_pattern(said: dict[str, Any]) -> None:
    said["columns"][1]["pattern"] = "^[A-Z]{2}$"


@pytest.mark.parametrize(
    ("edit", "what", "level"),
    [
        (_other_type, "type_changed", Level.MAJOR),
        (_gone_column, "column_removed", Level.MAJOR),
        (_may_be_null, "null_allowed", Level.MAJOR),
        (_other_key, "key_changed", Level.MAJOR),
        (_other_order, "columns_reordered", Level.MAJOR),
        (_new_column, "column_added", Level.MINOR),
        (_other_pattern, "values_changed", Level.MINOR),
        (_other_words, "wording_changed", Level.PATCH),
    ],
)
def test_the_level_follows_from_what_a_reader_must_expect(
    tmp_path: Path, edit: Callable[[dict[str, Any]], None], what: str, level: Level
) -> None:
    rows = [("e1", "FRA")]
    found = difference(written(tmp_path / "old", rows), written(tmp_path / "new", rows, edit))
    assert [change.what for change in found.schema] == [what]
    assert found.schema[0].level is level
    assert found.level >= level


def test_a_changed_value_is_counted_by_its_column(full: Path, copy: Path) -> None:
    path = copy / "tables/captures.parquet"
    metadata = pq.read_schema(path).metadata
    rows = pl.read_parquet(path)
    edited = rows.with_columns(url=pl.when(pl.int_range(pl.len()) < 2).then(None).otherwise(pl.lit("http://a/")))
    n_changed = (rows["url"].fill_null("-") != edited["url"].fill_null("-")).sum()
    pq.write_table(edited.to_arrow().cast(pq.read_schema(path)).replace_schema_metadata(metadata), path)
    (changes,) = [change for change in difference(full, copy).rows if change.level is not Level.NONE]
    assert changes.table == "captures"
    assert changes.n_changed == n_changed > 2
    assert changes.columns == (("url", n_changed),)
    assert len(changes.changed) == 5


def test_editions_of_one_release_differ_in_nothing(full: Path, no_text: Path) -> None:
    found = difference(full, no_text)
    assert found.level is Level.NONE
    assert "statements" in found.left_out
    assert "articles.body" in found.left_out


def test_versions_are_raised_by_the_level() -> None:
    version = Version(1, 2, 3)
    assert [str(version.raised(level)) for level in Level] == ["1.2.3", "1.2.4", "1.3.0", "2.0.0"]


def test_the_command_prints_and_saves(released_outputs: Path, built: Path, tmp_path: Path) -> None:
    saved = tmp_path / "saved.json"
    arguments = ["diff", "1.0.0", "1.0.0-no-text", "--outputs", str(released_outputs), "--save", str(saved)]
    result = CliRunner().invoke(chancery, arguments)
    assert result.exit_code == 0
    assert "Nothing changed since 1.0.0." in result.output
    assert json.loads(saved.read_text())["level"] == "none"
    assert CliRunner().invoke(chancery, ["diff", "1.0.0", "9.9.9", "--outputs", str(released_outputs)]).exit_code == 2
