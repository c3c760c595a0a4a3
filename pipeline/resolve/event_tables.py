"""From clustered wordings and linked articles to the event tables: which wording an event shows, and what it says.

Decides what is "newest complete": of the wordings no dump cut off, the one seen last; only where every wording was cut,
the longest. Categories, speakers and the like are read off the title that is shown (`titles`).
"""

import json
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import polars as pl

from pipeline.remember import remembered
from pipeline.resolve.titles import TitleFacts, read_title

OPENING_LETTERS: Final = 500
"""Of an article without a teaser, this much of its text stands for the teaser it would have: source-format.md, Teasers
("the text is the start of the article with its paragraphs joined by a space")."""

_UTC: Final = pl.Datetime("us", "UTC")


@dataclass(frozen=True, slots=True)
class EventTables:
    """Rows of the tables about events, by their published columns."""

    events: pl.DataFrame
    event_speakers: pl.DataFrame
    event_countries: pl.DataFrame
    problems: pl.DataFrame
    """Values that were not trusted: table, row_key, column, rule, row, capture_id."""


def opening(body: str) -> str:
    """The start of an article as the site's teasers print it."""
    flat = " ".join(body.split())
    if len(flat) <= OPENING_LETTERS:
        return flat
    return flat[:OPENING_LETTERS].rpartition(" ")[0] or flat[:OPENING_LETTERS]


def shown_wordings(forms: pl.DataFrame) -> pl.DataFrame:
    """The wording each event shows and the one it had first.

    Args:
        forms: event_id, form_id, published_on, title, teaser, is_cut, n_observations, first_captured_at,
            last_captured_at, source_capture_id.

    Returns:
        event_id, published_on, title, first_title, teaser, source_capture_id, n_forms; sorted by event_id.
    """
    newest = forms.with_columns(
        letters=pl.col("title").str.len_chars().fill_null(0) + pl.col("teaser").str.len_chars().fill_null(0)
    ).sort(
        "event_id",
        "is_cut",
        pl.col("teaser").is_null(),
        pl.when("is_cut").then(-pl.col("letters").cast(pl.Int64)).otherwise(0),
        pl.col("last_captured_at"),
        pl.col("first_captured_at"),
        "form_id",
        descending=[False, False, False, False, True, True, False],
        nulls_last=True,
    )
    first = forms.filter(pl.col("title").is_not_null()).sort(
        "event_id", "first_captured_at", "form_id", nulls_last=True
    )
    return (
        newest.group_by("event_id", maintain_order=True)
        .agg(
            pl.col("published_on", "teaser", "source_capture_id").first(),
            pl.col("title").drop_nulls().first(),
            n_forms=pl.len().cast(pl.Int64),
        )
        .join(
            first.group_by("event_id", maintain_order=True).agg(first_title=pl.col("title").first()),
            on="event_id",
            how="left",
        )
        .sort("event_id")
    )


def describe_events(shown: pl.DataFrame, seen: pl.DataFrame, articles: pl.DataFrame) -> EventTables:
    """Assemble the event tables.

    Args:
        shown: what `shown_wordings` gives.
        seen: event_id, n_captures, n_observations, first_captured_at, last_captured_at, section.
        articles: event_id, article_id of each event's article (one per event), dated_by_page (published_on was
            printed on the article's own page).
    """
    merged = shown.join(seen, on="event_id", how="left").join(articles, on="event_id", how="left").sort("event_id")
    facts = [_facts(title, day) for title, day in merged.select("title", "published_on").iter_rows()]
    ids = merged["event_id"].to_list()
    events = merged.with_columns(
        known_from=pl.when(pl.col("article_id").is_null())
        .then(pl.lit("teaser"))
        .when(pl.col("n_observations") == 0)
        .then(pl.lit("article"))
        .otherwise(pl.lit("both")),
        teaser=pl.when(pl.col("n_observations") > 0).then("teaser"),
        published_on_source=pl.when(pl.col("published_on").is_null())
        .then(None)
        .when(pl.col("n_observations") > 0)
        .then(pl.lit("teaser"))
        .otherwise(pl.lit("page")),
        category=pl.Series([fact.category or "other" for fact in facts], dtype=pl.String),
        speaker=pl.Series([fact.speaker for fact in facts], dtype=pl.String),
        speaker_role=pl.Series([fact.speaker_role for fact in facts], dtype=pl.String),
        place=pl.Series([fact.place for fact in facts], dtype=pl.String),
        title_date=pl.Series([fact.title_date for fact in facts], dtype=pl.Date),
        title_date_kind=pl.Series([fact.title_date_kind for fact in facts], dtype=pl.String),
        countries=pl.Series(
            [None if fact.countries is None else " ".join(fact.countries) for fact in facts], dtype=pl.String
        ),
    )
    return EventTables(
        events=events,
        event_speakers=_speakers(ids, facts),
        event_countries=_countries(ids, facts),
        problems=_problems(events, facts),
    )


_facts = lru_cache(maxsize=65_536)(remembered(read_title))


def _speakers(ids: list[str], facts: list[TitleFacts]) -> pl.DataFrame:
    rows = [
        (event, position, speaker.name, speaker.role)
        for event, fact in zip(ids, facts, strict=True)
        for position, speaker in enumerate(fact.speakers)
    ]
    schema = {"event_id": pl.String, "position": pl.Int32, "name": pl.String, "role": pl.String}
    return pl.DataFrame(rows, schema=schema, orient="row")


def _countries(ids: list[str], facts: list[TitleFacts]) -> pl.DataFrame:
    rows = [(event, code) for event, fact in zip(ids, facts, strict=True) for code in fact.countries or ()]
    return pl.DataFrame(rows, schema={"event_id": pl.String, "country": pl.String}, orient="row")


def _problems(events: pl.DataFrame, facts: list[TitleFacts]) -> pl.DataFrame:
    rows = []
    described = events.select("event_id", "source_capture_id", "title", "published_on").iter_rows()
    for (event, capture, title, day), fact in zip(described, facts, strict=True):
        said = {"event_id": event, "title": title, "published_on": None if day is None else day.isoformat()}
        text = json.dumps(said, ensure_ascii=False, sort_keys=True)
        rows += [("events", event, problem.column, problem.rule, text, capture) for problem in fact.problems]
    schema = ["table", "row_key", "column", "rule", "row", "capture_id"]
    return pl.DataFrame(rows, schema=dict.fromkeys(schema, pl.String), orient="row")
