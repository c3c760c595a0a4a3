"""Tables of the build under way: written by the stage that makes them, read by those that follow."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

import polars as pl

from pipeline.publish.parquet import write_batches, write_table
from pipeline.workspace import Workspace
from schemas.registry import TABLES


@dataclass(frozen=True, slots=True)
class Staged:
    """A table as it was staged."""

    table: str
    n_rows: int
    size: int
    """Bytes of the file."""


def stage_tables(workspace: Workspace, tables: Mapping[str, pl.DataFrame]) -> list[Staged]:
    """Sort each table by its key and write it."""
    staged = []
    for name, frame in tables.items():
        ordered = frame.sort(TABLES[name].key)
        staged.append(Staged(name, ordered.height, write_table(name, ordered, workspace.staged(name))))
    return staged


def stage_rows(workspace: Workspace, name: str, pieces: Iterable[pl.DataFrame]) -> Staged:
    """Write a table whose rows come in the order of its key, a piece at a time; the file does not tell the pieces."""
    n_rows = 0

    def counted() -> Iterator[pl.DataFrame]:
        nonlocal n_rows
        for piece in pieces:
            n_rows += piece.height
            yield piece

    size = write_batches(name, counted(), workspace.staged(name))
    return Staged(name, n_rows, size)


def scan_staged(workspace: Workspace, table: str) -> pl.LazyFrame:
    """A staged table."""
    return pl.scan_parquet(workspace.staged(table), glob=False)


def keep(workspace: Workspace, name: str, frame: pl.DataFrame) -> None:
    """Keep a frame that is not published for a later stage."""
    frame.write_parquet(workspace.staging / f"_{name}.parquet", compression="zstd", compression_level=1)


def kept(workspace: Workspace, name: str) -> pl.LazyFrame:
    """A frame another stage kept."""
    return pl.scan_parquet(workspace.staging / f"_{name}.parquet", glob=False)
