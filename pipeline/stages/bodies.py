"""The bodies of a build in one file, off the slices: each once, found by the digest of what it prints.

The decision made here: bodies lie on disk as they are and are read one by one. A step that asks for some thousand of
them reads just those; all that memory holds is where they lie.
"""

import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Self

import polars as pl

from pipeline.memory import with_own_strings


@dataclass(frozen=True, slots=True)
class BodyFile:
    """Bodies in a file (`pipeline.resolve.printed.PrintedBodies`)."""

    path: Path
    places: pl.DataFrame
    """body_sha256, start, size (bytes), language; in the order of the file."""

    @property
    def languages(self) -> pl.DataFrame:
        """body_sha256, language; one row per body."""
        return self.places.select("body_sha256", "language")

    def of(self, digests: pl.Series) -> pl.DataFrame:
        """body_sha256, body of those digests whose body is known, each once."""
        places = self.only(digests).places
        bodies = RowsOfFile(self.path, places).read(0, places.height)
        return places.select("body_sha256", bodies.alias("body"))

    def only(self, digests: pl.Series) -> Self:
        """The bodies of these digests alone, in the order of the file."""
        wanted = digests.unique().to_frame("body_sha256")
        return replace(self, places=self.places.join(wanted, on="body_sha256", how="semi", maintain_order="left"))

    def by_row(self, digests: pl.Series) -> "RowsOfFile":
        """The bodies of rows."""
        rows = digests.to_frame("body_sha256")
        return RowsOfFile(self.path, rows.join(self.places, on="body_sha256", how="left", maintain_order="left"))


@dataclass(frozen=True, slots=True)
class RowsOfFile:
    """The bodies of rows in a file (`pipeline.resolve.printed.BodyRows`)."""

    path: Path
    places: pl.DataFrame
    """start, size; null where no body is known."""

    def read(self, start: int, n_rows: int) -> pl.Series:
        """The bodies of so many rows from one on."""
        places = self.places.select("start", "size").slice(start, n_rows).iter_rows()
        with self.path.open("rb") as file:
            number = file.fileno()
            bodies = [None if at is None else os.pread(number, size, at).decode() for at, size in places]
        return pl.Series("body", bodies, dtype=pl.String)


@contextmanager
def body_file(path: Path, pieces: Iterable[pl.DataFrame]) -> Iterator[BodyFile]:
    """A file of bodies that is gone afterwards.

    Args:
        path: where it lies in the meantime.
        pieces: body_sha256, body, language; a body may stand in several.
    """
    places = pl.DataFrame(schema={"body_sha256": pl.String, "start": pl.Int64, "size": pl.Int64, "language": pl.String})
    end = 0
    try:
        with path.open("wb") as file:
            for piece in pieces:
                new = piece.unique("body_sha256", maintain_order=True).join(
                    places, on="body_sha256", how="anti", maintain_order="left"
                )
                file.write("".join(new["body"]).encode())
                size = pl.col("body").str.len_bytes().cast(pl.Int64)
                found = new.select(
                    "body_sha256", (size.cum_sum() - size + end).alias("start"), size.alias("size"), "language"
                )
                places = pl.concat([places, with_own_strings(found)])
                end += int(found["size"].sum())
        yield BodyFile(path, places)
    finally:
        path.unlink(missing_ok=True)
