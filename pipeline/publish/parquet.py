"""Writes the Parquet files: same rows, same bytes (data-model.md, "General rules").

Types, descriptions and key come from `schemas.render`; every setting that could change a byte is fixed here. A file is
complete or absent: it is written under a temporary name, flushed to disk and renamed.
"""

import os
from collections.abc import Iterable
from pathlib import Path
from typing import Final

import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq

from schemas.render import arrow_schema

ROWS_PER_GROUP: Final = 100_000
"""Upper bound of rows in a row group."""

_COMPRESSION_LEVEL: Final = 3


def write_table(name: str, frame: pl.DataFrame, path: Path, extra: dict[str, str] | None = None) -> int:
    """Write the rows of one published table, already sorted by its key, and return the size in bytes.

    Raises:
        pyarrow.ArrowInvalid: the frame does not have the columns and types of the schema.
    """
    return write_batches(name, [frame], path, extra)


def write_batches(name: str, frames: Iterable[pl.DataFrame], path: Path, extra: dict[str, str] | None = None) -> int:
    """Write consecutive pieces of one table; row groups depend on the rows alone, not on how they were cut."""
    return write_rows(arrow_schema(name), frames, path, extra)


def write_rows(
    schema: pa.Schema, frames: Iterable[pl.DataFrame], path: Path, extra: dict[str, str] | None = None
) -> int:
    """Write consecutive pieces of rows of any Arrow schema, with the same settings."""
    if extra:
        schema = schema.with_metadata((schema.metadata or {}) | {k.encode(): v.encode() for k, v in extra.items()})
    temporary = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        with pq.ParquetWriter(
            temporary,
            schema,
            version="2.6",
            compression="zstd",
            compression_level=_COMPRESSION_LEVEL,
            use_dictionary=True,
            write_statistics=True,
            data_page_version="1.0",
            store_schema=True,
        ) as writer:
            for group in _row_groups(schema, frames):
                writer.write_table(group, row_group_size=ROWS_PER_GROUP)
        with temporary.open("rb+") as written:
            os.fsync(written.fileno())
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)
    return path.stat().st_size


def _row_groups(schema: pa.Schema, frames: Iterable[pl.DataFrame]) -> Iterable[pa.Table]:
    """Exactly `ROWS_PER_GROUP` rows at a time, the last group shorter; none at all for no rows.

    A row group without rows is legal, but some readers take its length for the size of their batches and fail.
    """
    pending: list[pl.DataFrame] = []
    height = 0
    for frame in frames:
        pending.append(frame)
        height += frame.height
        while height >= ROWS_PER_GROUP:
            rows = pl.concat(pending)
            yield _arrow(schema, rows.head(ROWS_PER_GROUP))
            pending = [rows.slice(ROWS_PER_GROUP)]
            height -= ROWS_PER_GROUP
    rest = _arrow(schema, pl.concat(pending)) if pending else schema.empty_table()
    if rest.num_rows:
        yield rest


def _arrow(schema: pa.Schema, frame: pl.DataFrame) -> pa.Table:
    # in one piece: where pieces meet, the writer decides whether a column's dictionary still pays
    return frame.select(schema.names).rechunk().to_arrow().cast(schema)
