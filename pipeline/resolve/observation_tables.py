"""From resolved wordings and texts back to the captures that show them, a range of captures at a time.

What a range gives is rows of the observation tables, or aggregates of them that add up with those of other ranges:
how often an event was seen, and what tells the section of a list. Forms, texts, events and captures go by numbers, for
a row of ids would hold twenty times as much.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

import polars as pl

from pipeline.memory import with_own_strings
from pipeline.resolve.observed import Seen
from pipeline.resolve.sections import FOLDER

_SIGHTINGS: Final = pl.Schema(
    {
        "event": pl.UInt32(),
        "n_captures": pl.Int64(),
        "n_observations": pl.Int64(),
        "first_captured_at": pl.Datetime("us", "UTC"),
        "last_captured_at": pl.Datetime("us", "UTC"),
        "section": pl.String(),
        "section_at": pl.Datetime("us", "UTC"),
        "section_capture": pl.UInt32(),
    }
)


@dataclass(frozen=True, slots=True)
class Numbers:
    """What each printed wording and text is of."""

    forms: pl.DataFrame
    """form, form_id, published_on, event, event_id."""
    texts: pl.DataFrame
    """text, article, article_id, version_id, event, event_id (null for an article without an event)."""
    printed: pl.DataFrame
    """capture, text: what `observed.distinct_texts` finds."""
    events: pl.DataFrame
    """event, event_id: `event` is the number of an event in the order of the ids."""


def teaser_observations(seen: Seen, numbers: Numbers) -> pl.DataFrame:
    """Rows of `teaser_observations`, sorted."""
    is_repeat = pl.col("position") > pl.col("position").min().over("capture", "event")
    return (
        seen.teasers.join(numbers.forms.select("form", "form_id", "event", "event_id"), on="form")
        .with_columns(is_repeat=is_repeat)
        .join(seen.captures.select("capture", "capture_id"), on="capture")
        .sort("capture", "position")
    )


def article_observations(seen: Seen, numbers: Numbers) -> pl.DataFrame:
    """Rows of `article_observations`, sorted."""
    return (
        seen.articles.join(numbers.printed, on="capture")
        .join(numbers.texts, on="text")
        .join(seen.captures.select("capture", "capture_id"), on="capture")
        .sort("capture")
    )


def listed_events(seen: Seen, numbers: Numbers) -> pl.DataFrame:
    """Each teaser's event: capture, position, event, published_on (as the teaser prints it)."""
    events = numbers.forms.select("form", "event", "published_on")
    return seen.teasers.select("capture", "position", "form").join(events, on="form").drop("form")


@dataclass(frozen=True, slots=True)
class Listed:
    """capture, event: which events the lists of captures show, a range at a time, any number of times."""

    ranges: Iterable[Seen]
    numbers: Numbers

    def __iter__(self) -> Iterator[pl.DataFrame]:
        for seen in self.ranges:
            yield listed_events(seen, self.numbers).select("capture", "event").unique()


def event_sightings(ranges: Iterable[Seen], numbers: Numbers) -> pl.DataFrame:
    """Per event: how often and when it was seen, and under which section it was seen last.

    Returns:
        event_id, n_captures (over teasers and article), n_observations (teasers), first_captured_at, last_captured_at,
        section.
    """
    articles = numbers.printed.join(numbers.texts.select("text", "event").drop_nulls(), on="text")
    found = pl.DataFrame(schema=_SIGHTINGS)
    for seen in ranges:
        captures = seen.captures.select("capture", "captured_at", "section")
        listed = listed_events(seen, numbers).group_by("capture", "event").agg(n_observations=pl.len().cast(pl.Int64))
        shown = articles.join(captures.select("capture"), on="capture", how="semi")
        of_pages = shown.select("capture", "event", n_observations=pl.lit(0, dtype=pl.Int64))
        each = (
            pl.concat([listed, of_pages])
            .group_by("capture", "event")
            .agg(pl.col("n_observations").sum())
            .join(captures, on="capture")
            .select(
                "event",
                "n_observations",
                "section",
                n_captures=pl.lit(1, dtype=pl.Int64),
                first_captured_at="captured_at",
                last_captured_at="captured_at",
                section_at="captured_at",
                section_capture="capture",
            )
        )
        found = _added(pl.concat([found, with_own_strings(_added(each.select(_SIGHTINGS.names())))]))
    return found.join(numbers.events, on="event").drop("event", "section_at", "section_capture")


def _added(rows: pl.DataFrame) -> pl.DataFrame:
    """Sightings added up, one row per event; the section is that of the last capture that prints one."""
    last = (
        rows.drop_nulls("section")
        .sort("section_at", "section_capture", nulls_last=False)
        .group_by("event", maintain_order=True)
        .agg(pl.col("section", "section_at", "section_capture").last())
    )
    return (
        rows.group_by("event")
        .agg(
            pl.col("n_captures", "n_observations").sum(),
            pl.col("first_captured_at").min(),
            pl.col("last_captured_at").max(),
        )
        .join(last, on="event", how="left")
        .select(_SIGHTINGS.names())
    )


def pages_with_sections(ranges: Iterable[Seen], numbers: Numbers) -> pl.DataFrame:
    """What tells the section of each capture's list: capture, section (as printed), folder, article, event."""
    folder = pl.col("urlkey").str.extract(FOLDER)
    labels, folders = set[str](), set[str]()
    for seen in ranges:
        labels.update(seen.captures["section"].drop_nulls().unique())
        folders.update(seen.captures.select(folder=folder)["folder"].drop_nulls().unique())
    own = numbers.printed.join(numbers.texts.select("text", "article", "event"), on="text").drop("text")
    # some bytes per capture instead of a label and a name
    coded = (pl.col("section").cast(pl.Enum(sorted(labels))), folder.cast(pl.Enum(sorted(folders))).alias("folder"))
    return pl.concat(seen.captures.select("capture", *coded).join(own, on="capture", how="left") for seen in ranges)
