"""The explorer's captures: what is told of each, in the order of their instants, in files of some hundreds.

The one decision made here: a capture is told once and events name it by its number, for a page of a list shows a dozen
events. Numbers follow the instants, so the captures that show an event stand in few files. Rows go through partitions,
so memory is bounded whatever the number of captures.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Final

import polars as pl

from pipeline.report.figure import Tables
from pipeline.report.row_json import row_json
from pipeline.stages.shuffle import PARTITION, shuffle

CAPTURES_PER_FILE: Final = 512
"""Captures of a file: some 200 kB."""
ROWS_READ: Final = 250_000
"""Rows of a long table that are looked at together."""
_AT_ONCE: Final = 64 * CAPTURES_PER_FILE

CAPTURE: Final = {
    "capture_id": "c",
    "captured_at": "t",
    "archive": "a",
    "url": "u",
    "memento_url": "m",
    "lookup_url": "s",
    "raw_path": "p",
    "record_no": "n",
}
"""What is told of a capture, under one letter each."""

_OF_CAPTURES: Final = ("capture_id", "captured_at", "archive", "url", "memento_url", "lookup_url")
_OF_RECORDS: Final = ("raw_path", "record_no")


def capture_numbers(tables: Tables) -> pl.DataFrame:
    """capture_id, capture: captures numbered in the order of their instants, those of unknown time last."""
    captures = tables["captures"].select("capture_id", "captured_at").collect(engine="streaming")
    return captures.sort("captured_at", "capture_id", nulls_last=True).select("capture_id").with_row_index("capture")


def capture_files(tables: Tables, numbers: pl.DataFrame, scratch: Path) -> Iterator[str]:
    """The files of captures in order, each a JSON list of captures.

    Args:
        tables: the published tables.
        numbers: `capture_numbers`.
        scratch: a folder that may be written to; nothing stays in it.
    """
    n_partitions = max(1, -(-numbers.height // _AT_ONCE))
    made = pl.col("status") == "capture"
    captures, records = tables["captures"], tables["raw_records"].filter(made).select("capture_id", *_OF_RECORDS)
    number = {"capture": pl.get_index_type()}
    told = number | {name: captures.collect_schema()[name] for name in _OF_CAPTURES}
    found = number | {name: records.collect_schema()[name] for name in _OF_RECORDS}
    with (
        shuffle(scratch / "captures", n_partitions, told) as pages,
        shuffle(scratch / "records", n_partitions, found) as places,
    ):
        for rows, spread in ((captures.select(_OF_CAPTURES), pages), (records, places)):
            for piece in pieces(rows):
                numbered = piece.join(numbers, on="capture_id")
                spread.add(numbered.with_columns((pl.col("capture") // _AT_ONCE).alias(PARTITION)))
        for own_pages, own_places in zip(pages, places, strict=True):
            first = own_places.sort("capture", *_OF_RECORDS).unique("capture", keep="first")
            known = own_pages.join(first, on="capture", how="left").sort("capture")
            lettered = known.select(pl.col(name).alias(letter) for name, letter in CAPTURE.items())
            as_json = lettered.select(row_json(lettered.schema))["c"]
            for start in range(0, len(as_json), CAPTURES_PER_FILE):
                yield f"[{','.join(as_json[start : start + CAPTURES_PER_FILE])}]"


def pieces(rows: pl.LazyFrame) -> Iterator[pl.DataFrame]:
    """The rows of a long table, some at a time."""
    n_rows = int(rows.select(pl.len()).collect(engine="streaming").item())
    for start in range(0, n_rows, ROWS_READ):
        yield rows.slice(start, ROWS_READ).collect()
