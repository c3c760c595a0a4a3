"""Rows of many parts, brought together by the partition they belong to: a few at a time, over files on disk.

The decision made here: a partition is what is worked on at once, so how many there are depends on the number of pages
alone and memory on none of them. Where one partition is all, rows never leave memory. What a killed build leaves lies
among the staged files, which the next one clears.
"""

import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import polars as pl
from polars.datatypes import DataType, DataTypeClass

PAGES_PER_PARTITION: Final = 16_384
"""Pages of a partition, about: with all that stands on them some 100 MB while they are worked on."""

_HELD_BYTES: Final = 16 * 1024 * 1024
"""Rows that are collected before they are written to their partitions."""

PARTITION: Final = "partition"
"""Column that says where a row goes; it is not kept."""


class Shuffle:
    """Takes rows in any order and gives them back one partition at a time, in the order in which they came."""

    def __init__(self, folder: Path, n_partitions: int, schema: Mapping[str, DataType | DataTypeClass]) -> None:
        self.n_partitions = n_partitions
        self._folder = folder
        self._schema = pl.Schema(schema)
        self._held: list[pl.DataFrame] = []
        self._held_bytes = 0
        self._n_written = 0

    def add(self, rows: pl.DataFrame) -> None:
        """Take rows, with `PARTITION` and the columns of the schema."""
        if rows.is_empty():
            return
        self._held.append(rows.select(PARTITION, *self._schema.names()))
        self._held_bytes += int(rows.estimated_size())
        if self.n_partitions > 1 and self._held_bytes > _HELD_BYTES:
            self._write()

    def __iter__(self) -> Iterator[pl.DataFrame]:
        """Every partition, also those without rows; any number of times."""
        return map(self.rows, range(self.n_partitions))

    def rows(self, partition: int) -> pl.DataFrame:
        """The rows of one partition; there may be none."""
        if self.n_partitions == 1:
            held = pl.concat(self._held).drop(PARTITION) if self._held else pl.DataFrame(schema=self._schema)
            self._held = [held.with_columns(pl.lit(0).alias(PARTITION))] if self._held else []
            return held
        self._write()
        files = sorted(self._folder.glob(f"{partition}/*.parquet"))
        frames = [pl.read_parquet(file, glob=False) for file in files]
        return pl.concat(frames) if frames else pl.DataFrame(schema=self._schema)

    def _write(self) -> None:
        if not self._held:
            return
        rows = pl.concat(self._held)
        self._held, self._held_bytes = [], 0
        for (partition,), piece in rows.partition_by(PARTITION, as_dict=True, include_key=False).items():
            folder = self._folder / str(partition)
            folder.mkdir(parents=True, exist_ok=True)
            piece.write_parquet(folder / f"{self._n_written:06}.parquet", compression="lz4", statistics=False)
        self._n_written += 1


@contextmanager
def shuffle(folder: Path, n_partitions: int, schema: Mapping[str, DataType | DataTypeClass]) -> Iterator[Shuffle]:
    """A shuffle whose files are gone afterwards."""
    shutil.rmtree(folder, ignore_errors=True)
    try:
        yield Shuffle(folder, n_partitions, schema)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def hash_partitions(n_rows: int, size: int) -> int:
    """How many partitions by hash hold about `size` rows each: a power of two."""
    n_partitions = 1
    while n_partitions * size < n_rows:
        n_partitions *= 2
    return n_partitions


def by_hash(column: str, n_partitions: int) -> pl.Expr:
    """The partition of an id, a letter and hex digits of a hash: by its leading bits, so in the order of the ids."""
    leading = pl.col(column).str.slice(1, 4).str.to_integer(base=16, dtype=pl.Int64)
    return (leading * n_partitions // 65_536).alias(PARTITION)
