"""The rows of all slices of a plan as lazy frames, each row with the `part` it came from."""

from collections.abc import Sequence
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
        pieces = [
            pl.scan_parquet(folder / f"{table}.parquet").with_columns(part=pl.lit(number, dtype=pl.Int32))
            for number, folder in enumerate(self.parts)
        ]
        return pl.concat(pieces)


def open_slices(slices: Sequence[Slice], folder: Path) -> SliceStore:
    """The store of slices that have all been read."""
    return SliceStore(tuple(part for piece in slices for part in sorted((folder / piece.key).iterdir())))
