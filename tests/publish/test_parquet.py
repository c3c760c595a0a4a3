"""Parquet files: row groups depend on the rows alone, a file is whole or absent, types are the schema's."""

import hashlib
import itertools
import json
from functools import cache
from pathlib import Path

import polars as pl
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.publish.parquet import ROWS_PER_GROUP, write_batches, write_table
from schemas.render import arrow_schema, empty_frame, polars_schema

N_ROWS = 2 * ROWS_PER_GROUP + 17


@cache
def lines(n_rows: int) -> pl.DataFrame:
    """Texts of which some repeat and some do not: their dictionary pays for a while, and then no more."""
    texts = ["a line" if number % 3 else hashlib.sha256(str(number).encode()).hexdigest() for number in range(n_rows)]
    return pl.DataFrame(
        {"capture_id": ["c0123456789abcdef"] * n_rows, "line_no": range(1, n_rows + 1), "text": texts},
        schema=polars_schema("unplaced_lines"),
    )


@given(cuts=st.lists(st.integers(0, N_ROWS), max_size=4))
def test_how_the_rows_were_cut_changes_no_byte(tmp_path_factory: pytest.TempPathFactory, cuts: list[int]) -> None:
    folder = tmp_path_factory.getbasetemp() / "cuts"
    rows = lines(N_ROWS)
    edges = [0, *sorted(cuts), N_ROWS]
    pieces = [rows.slice(start, stop - start) for start, stop in itertools.pairwise(edges)]
    write_table("unplaced_lines", rows, folder / "whole.parquet")
    write_batches("unplaced_lines", pieces, folder / "pieces.parquet")
    digests = {hashlib.sha256((folder / name).read_bytes()).digest() for name in ("whole.parquet", "pieces.parquet")}
    assert len(digests) == 1
    sizes = pq.ParquetFile(folder / "pieces.parquet").metadata
    assert [sizes.row_group(number).num_rows for number in range(sizes.num_row_groups)] == [
        ROWS_PER_GROUP,
        ROWS_PER_GROUP,
        17,
    ]


def test_a_file_says_in_clear_text_what_it_holds(tmp_path: Path) -> None:
    write_table("counters", empty_frame("counters"), tmp_path / "counters.parquet", {"version": "1.2.3"})
    metadata = pq.ParquetFile(tmp_path / "counters.parquet").schema_arrow.metadata
    assert json.loads(metadata[b"chancery"])["table"] == "counters"
    assert metadata[b"version"] == b"1.2.3"
    assert pq.read_schema(tmp_path / "counters.parquet").equals(arrow_schema("counters"))


def test_rows_of_another_shape_leave_the_old_file_in_place(tmp_path: Path) -> None:
    path = tmp_path / "counters.parquet"
    write_table("counters", empty_frame("counters"), path)
    before = path.read_bytes()
    with pytest.raises(pl.exceptions.ColumnNotFoundError):
        write_table("counters", empty_frame("coverage"), path)
    assert path.read_bytes() == before
    assert [entry.name for entry in tmp_path.iterdir()] == ["counters.parquet"]
