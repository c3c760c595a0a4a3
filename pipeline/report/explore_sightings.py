"""Which captures show which events, as numbers: the longest part of what the explorer tells, in a few bytes each.

The one decision made here is what a sighting is: a capture, and either the wording of a teaser with its line or the
version of the event's article. They are brought together by ranges of events, over files on disk where there are many.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import polars as pl

from pipeline.report.explore_captures import pieces
from pipeline.report.figure import Tables
from pipeline.stages.shuffle import PARTITION, Shuffle, shuffle

SIGHTING: Final = {"number": pl.UInt32, "capture": pl.UInt32, "wording": pl.UInt32, "place": pl.UInt32}
"""The event's number; the capture's number; which of the event's wordings a teaser has, from 1, null for an article;
its line, or the version of the article, 0 where it is cut off."""


def wordings_in_order(forms: pl.DataFrame) -> pl.DataFrame:
    """Wordings of events in the order in which they are told: those seen first come first."""
    return forms.sort("event_id", "first_captured_at", "form_id", nulls_last=True)


@contextmanager
def sightings(tables: Tables, captures: pl.DataFrame, per_range: int, scratch: Path) -> Iterator[Shuffle]:
    """The sightings of one range of events after the other, in no order within.

    Args:
        tables: the published tables.
        captures: `explore_captures.capture_numbers`.
        per_range: events of a range, by their numbers.
        scratch: a folder that may be written to; nothing stays in it.
    """
    events = tables["events"].select("event_id").sort("event_id").with_row_index("number").collect()
    forms = tables["event_forms"].select("event_id", "form_id", "first_captured_at").collect()
    wordings = wordings_in_order(forms).select(
        "form_id", wording=pl.int_range(1, pl.len() + 1, dtype=pl.UInt32).over("event_id")
    )
    owners = tables["articles"].select("article_id", "event_id").collect().join(events, on="event_id")
    versions = tables["article_versions"].select("version_id", "version").collect()
    with shuffle(scratch / "sightings", max(1, -(-events.height // per_range)), SIGHTING) as spread:
        for seen in pieces(tables["teaser_observations"].select("event_id", "capture_id", "form_id", "line_no")):
            shown = seen.join(events, on="event_id").join(wordings, on="form_id").rename({"line_no": "place"})
            spread.add(_numbered(shown, captures, per_range))
        for seen in pieces(tables["article_observations"].select("article_id", "capture_id", "version_id")):
            shown = seen.join(owners, on="article_id").join(versions, on="version_id", how="left")
            shown = shown.with_columns(wording=None, place=pl.col("version").fill_null(0))
            spread.add(_numbered(shown, captures, per_range))
        yield spread


def _numbered(shown: pl.DataFrame, captures: pl.DataFrame, per_range: int) -> pl.DataFrame:
    rows = shown.join(captures, on="capture_id").select(pl.col(name).cast(dtype) for name, dtype in SIGHTING.items())
    return rows.with_columns((pl.col("number") // per_range).alias(PARTITION))
