"""Ranges of captures: what stands on some of them, off the slices, where a stage must not hold what stands on all.

The decision made here: a capture goes by its number, its row in `captures`. Numbers are in the order of the ids, so
ranges that come one after the other give tables sorted by capture_id, and a row holds 4 bytes instead of an id.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import polars as pl

from pipeline.slices.store import SliceStore
from pipeline.stages.shuffle import PARTITION
from pipeline.stages.staging import kept, scan_staged
from pipeline.workspace import Workspace


@dataclass(frozen=True, slots=True)
class CaptureRanges:
    """All captures of a build, so many to a range."""

    workspace: Workspace
    store: SliceStore
    chosen: pl.DataFrame
    """part, page_no, capture: the page that gives each capture its content; a revisit repeats a page."""
    size: int

    @property
    def n_ranges(self) -> int:
        """How many ranges there are; one, if without captures, where there are none."""
        return max(1, -(-self.chosen.height // self.size))

    def captures(self, *columns: str) -> Iterator[pl.DataFrame]:
        """Rows of `captures`, one range after the other, with their number as `capture`."""
        return (self.captures_of(number, *columns) for number in range(self.n_ranges))

    def captures_of(self, number: int, *columns: str) -> pl.DataFrame:
        """Those of one range."""
        first = number * self.size
        rows = scan_staged(self.workspace, "captures").select(columns).slice(first, self.size).collect()
        return rows.with_row_index("capture", offset=first)  # before the slice it would have all rows read

    def each(self, table: str) -> Iterator[pl.DataFrame]:
        """Rows of a slice table that stand on captures, one part after the other, with `capture` and its range."""
        for part, rows in enumerate(self.store.each(table)):
            here = self.chosen.filter(pl.col("part") == part).drop("part")
            yield (
                rows.drop("part")
                .join(here, on="page_no", maintain_order="left_right")
                .with_columns((pl.col("capture") // self.size).alias(PARTITION))
            )


def open_ranges(workspace: Workspace, store: SliceStore, size: int) -> CaptureRanges:
    """The ranges of the captures that the reading stage chose."""
    return CaptureRanges(workspace, store, kept(workspace, "chosen").collect(), size)
