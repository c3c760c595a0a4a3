"""`chancery check` finds each kind of damage, and finds it by the check that is named after it."""

import gzip
import json
import re
from collections.abc import Callable
from pathlib import Path

import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from click.testing import CliRunner

from pipeline.cli import chancery
from pipeline.errors import ChanceryError
from pipeline.publish.release.contents import file_digest
from pipeline.publish.release.verify import verify

CHECKS = [
    "checksums",
    "files",
    "schemas",
    "counts",
    "rows",
    "keys",
    "foreign keys",
    "rules",
    "register",
    "csv",
    "corpus",
    "metadata",
    "history",
]


def failed(folder: Path) -> set[str]:
    return {check.name for check in verify(folder) if not check.passed}


def sum_again(folder: Path) -> None:
    """Write the checksums of whatever is there now, so that only the other checks can tell."""
    paths = sorted(path for path in folder.rglob("*") if path.is_file() and path.name != "SHA256SUMS")
    lines = [f"{file_digest(path)}  {path.relative_to(folder).as_posix()}\n" for path in paths]
    (folder / "SHA256SUMS").write_text("".join(lines))


def change(folder: Path, name: str, edit: Callable[[pl.DataFrame], pl.DataFrame]) -> None:
    """Change rows of a table; its footer stays."""
    path = folder / f"{name}.parquet"
    schema = pq.read_schema(path)
    table = edit(pl.read_parquet(path)).to_arrow()
    fields = [field.with_nullable(nullable=True) for field in schema if field.name in table.column_names]
    pq.write_table(table.cast(pa.schema(fields, metadata=schema.metadata)), path)


def with_first(column: str, value: object) -> Callable[[pl.DataFrame], pl.DataFrame]:
    first = pl.int_range(pl.len()) == 0
    return lambda rows: rows.with_columns(pl.when(first).then(pl.lit(value)).otherwise(pl.col(column)).alias(column))


@pytest.mark.parametrize("edition", ["full", "no_text"])
def test_a_sound_release_passes_every_check(edition: str, request: pytest.FixtureRequest) -> None:
    checks = verify(request.getfixturevalue(edition))
    assert [check.name for check in checks] == CHECKS
    assert all(check.passed for check in checks)
    (rules,) = [check for check in checks if check.name == "rules"]
    assert int(rules.detail.split()[0]) > 350


def test_a_changed_byte_is_found(copy: Path) -> None:
    (copy / "LICENSE.md").write_text((copy / "LICENSE.md").read_text() + "x")
    assert failed(copy) == {"checksums"}


def test_a_missing_file_is_found(copy: Path) -> None:
    (copy / "CITATION.cff").unlink()
    assert failed(copy) == {"checksums", "files", "metadata"}
    sum_again(copy)
    assert failed(copy) == {"files", "metadata"}


def test_a_file_too_many_is_found(copy: Path) -> None:
    (copy / "tables/notes.txt").write_text("x")
    assert failed(copy) == {"checksums"}


@pytest.mark.parametrize(
    ("table", "edit", "check"),
    [
        ("tables/counters", lambda rows: rows.drop("label"), "schemas"),
        ("tables/counters", lambda rows: rows.head(1), "counts"),
        ("tables/event_countries", lambda rows: rows.with_columns(country=pl.lit("FRA")), "rows"),
        ("tables/captures", lambda rows: pl.concat([rows, rows.head(1)]), "keys"),
        ("tables/captures", lambda rows: rows.slice(1), "foreign keys"),
        ("tables/counter_observations", lambda rows: rows.with_columns(pl.col("days") + 1), "rules"),
        ("tables/event_forms", with_first("since_release", None), "register"),
        ("tables/event_forms", with_first("since_release", "9.0.0"), "register"),
        ("tables/events", with_first("title", "Another title"), "csv"),
        ("corpus", lambda rows: rows.with_columns(text=pl.lit("x")), "corpus"),
    ],
)
def test_changed_rows_are_found(
    copy: Path, table: str, edit: Callable[[pl.DataFrame], pl.DataFrame], check: str
) -> None:
    change(copy, table, edit)
    sum_again(copy)
    assert check in failed(copy)


def test_a_twin_with_other_cells_is_found(copy: Path) -> None:
    path = copy / "csv/events.csv.gz"
    path.write_bytes(gzip.compress(gzip.decompress(path.read_bytes()).replace(b"both", b"BOTH"), mtime=0))
    sum_again(copy)
    assert "csv" in failed(copy)


@pytest.mark.parametrize(
    ("name", "old", "new"),
    [
        ("croissant.json", '"version": "1.0.0"', '"version": "1.0.1"'),
        ("schema_org.jsonld", '"sha256": "', '"sha256": "0'),
        ("dcat.jsonld", '"@value": "', '"@value": "0'),
        ("CITATION.cff", "version: 1.0.0", "version: 2.0.0"),
        (".zenodo.json", '"version": "1.0.0"', '"version": ""'),
        ("README.md", "tables/events.parquet", "tables/event.parquet"),
        ("README.md", "---\n", ""),
        ("dcat.ttl", "This edition holds", "It holds"),
        ("croissant.json", "{", ""),
    ],
)
def test_a_description_that_does_not_agree_is_found(copy: Path, name: str, old: str, new: str) -> None:
    text = (copy / name).read_text()
    assert old in text
    (copy / name).write_text(text.replace(old, new))
    sum_again(copy)
    assert failed(copy) == {"metadata"}


def test_a_history_of_another_release_is_found(copy: Path) -> None:
    diff = json.loads((copy / "diff.json").read_text())
    (copy / "diff.json").write_text(json.dumps(diff | {"new": "1.0.1"}))
    sum_again(copy)
    assert failed(copy) == {"history"}


def test_a_folder_without_checksums_is_no_release(tmp_path: Path) -> None:
    with pytest.raises(ChanceryError, match="SHA256SUMS"):
        verify(tmp_path)


def test_the_command_prints_a_line_per_check_and_tells_by_its_code(copy: Path) -> None:
    sound = CliRunner().invoke(chancery, ["check", str(copy)])
    assert sound.exit_code == 0
    assert [re.sub(r"^ok +(.*?):.*", r"\1", line) for line in sound.output.splitlines()] == CHECKS
    (copy / "LICENSE.md").unlink()
    broken = CliRunner().invoke(chancery, ["check", str(copy)])
    assert broken.exit_code == 1
    assert "FAILED  checksums: LICENSE.md: is missing" in broken.output
    assert CliRunner().invoke(chancery, ["check", str(copy / "nowhere")]).exit_code == 2
