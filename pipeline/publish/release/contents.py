"""Digests of logical rows: equal rows give equal digests whatever wrote or packed the file.

The serialisation, stated so that anyone can repeat it: one line of UTF-8 per row, in the table's order, ended by a
line feed; before them one such line with the column names. A line is a JSON array without blanks, text unescaped
except for what JSON requires; null, true and false as in JSON; integers in decimal digits; floats as Python's repr (the
shortest text that gives the same number); days as "YYYY-MM-DD", instants as "YYYY-MM-DDTHH:MM:SS.ffffffZ".
The digest is the SHA-256 of all lines.
"""

import hashlib
import json
from collections.abc import Iterable, Iterator
from pathlib import Path

import polars as pl
import pyarrow.parquet as pq

_ENCODE = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode


class RowDigest:
    """The digest of a table that comes in pieces."""

    def __init__(self, columns: Iterable[str]) -> None:
        self._digest = hashlib.sha256(f"{_ENCODE(list(columns))}\n".encode())
        self.n_rows = 0

    def add(self, frame: pl.DataFrame) -> None:
        """Take the next rows, which have those columns in that order."""
        rows = frame.with_columns(
            pl.col(pl.Date).dt.strftime("%Y-%m-%d"), pl.col(pl.Datetime).dt.strftime("%Y-%m-%dT%H:%M:%S%.6fZ")
        )
        self.n_rows += frame.height
        self._digest.update("".join(f"{_ENCODE(row)}\n" for row in rows.iter_rows()).encode())

    def hexdigest(self) -> str:
        """The digest so far."""
        return self._digest.hexdigest()


def row_groups(path: Path) -> Iterator[pl.DataFrame]:
    """The rows of a Parquet file, one row group after the other; at least one frame, be it empty."""
    with pq.ParquetFile(path) as file:
        for group in range(file.num_row_groups):
            yield pl.DataFrame(pl.from_arrow(file.read_row_group(group)))
        if not file.num_row_groups:
            yield pl.DataFrame(pl.from_arrow(file.schema_arrow.empty_table()))


def rows_digest(path: Path) -> tuple[str, int]:
    """The digest of a Parquet file's rows, and how many they are."""
    digest: RowDigest | None = None
    for frame in row_groups(path):
        digest = digest or RowDigest(frame.columns)
        digest.add(frame)
    assert digest is not None
    return digest.hexdigest(), digest.n_rows


def file_digest(path: Path) -> str:
    """SHA-256 of a file's bytes."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
