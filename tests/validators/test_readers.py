"""DuckDB, Polars, pandas and pyarrow read equal rows from every table."""

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

duckdb = pytest.importorskip("duckdb", reason="runs in its own environment: make test-validators")
pandas = pytest.importorskip("pandas", reason="runs in its own environment: make test-validators")
import polars as pl  # noqa: E402 -- after the modules that may be missing
import pyarrow.parquet as pq  # noqa: E402

Rows = list[tuple[Any, ...]]


def plain(value: Any) -> Any:
    """One value as every reader can state it."""
    if value is None or value is pandas.NaT or value is pandas.NA:
        return None
    if hasattr(value, "to_pydatetime"):
        value = value.to_pydatetime()
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    if isinstance(value, date):
        return value.isoformat()
    return value.item() if hasattr(value, "item") else value


def by_pyarrow(path: Path) -> Rows:
    table = pq.read_table(path)
    return [tuple(row.values()) for row in table.to_pylist()]


def by_polars(path: Path) -> Rows:
    return pl.read_parquet(path).rows()


def by_duckdb(path: Path) -> Rows:
    with duckdb.connect() as connection:
        connection.execute("SET TimeZone = 'UTC'")
        table = connection.execute("SELECT * FROM read_parquet(?)", [str(path)]).to_arrow_table()
    return [tuple(row.values()) for row in table.to_pylist()]


def by_pandas(path: Path) -> Rows:
    frame = pandas.read_parquet(path, dtype_backend="pyarrow")
    return list(frame.itertuples(index=False, name=None))


def normal(rows: Rows) -> Rows:
    return [tuple(plain(value) for value in row) for row in rows]


def test_four_libraries_read_equal_rows(release: Path) -> None:
    paths = sorted(release.rglob("*.parquet"))
    assert len(paths) >= 20
    for path in paths:
        expected = normal(by_pyarrow(path))
        for reader in (by_polars, by_duckdb, by_pandas):
            assert normal(reader(path)) == expected, (reader.__name__, path.name)


def test_a_file_that_is_cut_off_is_read_by_none(copy: Path) -> None:
    path = copy / "tables/events.parquet"
    path.write_bytes(path.read_bytes()[:-100])
    for reader in (by_pyarrow, by_polars, by_duckdb, by_pandas):
        with pytest.raises(Exception, match=r"(?i)parquet|magic|footer|bytes"):
            reader(path)
