"""The rows of all slices of a plan: part by part, so that no caller holds them all, or as one lazy frame.

A row's `part` is the place of its part in the order of the plan.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from pipeline.frames import ROWS, row_schema
from pipeline.slices.plan import Slice


@dataclass(frozen=True, slots=True)
class SliceStore:
    """The parts of all slices, in the order of the plan."""

    parts: tuple[Path, ...]

    def scan(self, table: str) -> pl.LazyFrame:
        """All rows of a slice table, with `part` (Int32, 0-based)."""
        if not self.parts:
            return pl.LazyFrame(schema=row_schema(ROWS[table]) | {"part": pl.Int32()})
        return pl.concat([self.scan_part(table, part) for part in range(len(self.parts))])

    def scan_part(self, table: str, part: int) -> pl.LazyFrame:
        """The rows of one part, with `part`."""
        return pl.scan_parquet(self._file(table, part), glob=False).with_columns(part=pl.lit(part, dtype=pl.Int32))

    def each(self, table: str) -> Iterator[pl.DataFrame]:
        """The rows of one part after the other, with `part`."""
        for part in range(len(self.parts)):
            yield self.scan_part(table, part).collect()

    def count(self, table: str) -> int:
        """Number of rows in all parts, told by their files' footers."""
        if not self.parts:
            return 0
        files = [self._file(table, part) for part in range(len(self.parts))]
        return int(pl.scan_parquet(files, glob=False).select(pl.len()).collect().item())

    def _file(self, table: str, part: int) -> Path:
        return self.parts[part] / f"{table}.parquet"


def open_slices(slices: Sequence[Slice], folder: Path) -> SliceStore:
    """The store of slices that have all been read."""
    return open_slice_keys([piece.key for piece in slices], folder)


def open_slice_keys(keys: Sequence[str], folder: Path) -> SliceStore:
    """The store of slices by their keys."""
    return SliceStore(tuple(part for key in keys for part in sorted((folder / key).iterdir())))
