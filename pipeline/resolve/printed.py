"""The printed bodies of articles, which are looked up where they are read instead of standing in every frame.

The decision made here: texts go by the digest of their body. All other columns of a million captures' texts hold less
than their bodies do, and no step reads more than a few thousand of those at once.
"""

from collections.abc import Iterator
from typing import Final, Protocol, Self

import polars as pl

_AT_ONCE: Final = 2_000
"""Rows whose bodies are held together."""


class BodyRows(Protocol):
    """Bodies by the row they belong to, looked up once and read when they are needed."""

    def read(self, start: int, n_rows: int) -> pl.Series:
        """The bodies of so many rows, at most, from one on; null where none is known."""


class PrintedBodies(Protocol):
    """Bodies by the digest of what they print."""

    @property
    def languages(self) -> pl.DataFrame:
        """body_sha256, language; one row per body."""

    def of(self, digests: pl.Series) -> pl.DataFrame:
        """body_sha256, body of those digests whose body is known, each once, in any order."""

    def only(self, digests: pl.Series) -> Self:
        """The bodies of these digests alone, as little as another process needs to be handed to read them."""

    def by_row(self, digests: pl.Series) -> BodyRows:
        """The bodies of rows, each with a digest or null."""


def with_bodies(rows: pl.DataFrame, bodies: PrintedBodies) -> pl.DataFrame:
    """Rows in their order with the `body` of their `body_sha256`."""
    return rows.join(bodies.of(rows["body_sha256"]), on="body_sha256", how="left", maintain_order="left")


def pieces_with_bodies(rows: pl.DataFrame, bodies: PrintedBodies) -> Iterator[pl.DataFrame]:
    """Rows in their order with their bodies, some at a time; one piece, if without rows, where there are none."""
    for start in range(0, max(rows.height, 1), _AT_ONCE):
        yield with_bodies(rows.slice(start, _AT_ONCE), bodies)
