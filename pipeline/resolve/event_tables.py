"""From clustered wordings and linked articles to the event tables: which wording an event shows, and what it says.

Decides what is "newest complete": of the wordings no dump cut off, the one seen last; only where every wording was cut,
the longest. Categories, speakers and the like are read off the title that is shown (`titles`).
"""

import json
from dataclasses import dataclass
from typing import Any, Final

import polars as pl

from pipeline.remember import DIGEST, remembered_rows, text_digest
from pipeline.resolve.titles import TitleFacts, read_title

OPENING_LETTERS: Final = 500
"""Of an article without a teaser, this much of its text stands for the teaser it would have: source-format.md, Teasers
("the text is the start of the article with its paragraphs joined by a space")."""


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
    described = merged.with_columns(_title_digests(merged)).join(_facts(merged), on=DIGEST, how="left").sort("event_id")
    events = described.with_columns(
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
        category=pl.col("category").fill_null("other"),
        speaker=pl.col("speakers").list.first().struct.field("name"),
        speaker_role=pl.col("speakers").list.first().struct.field("role"),
    )
    return EventTables(
        events=events.drop(DIGEST, "speakers", "problems"),
        event_speakers=_speakers(described),
        event_countries=_countries(described),
        problems=_problems(described),
    )


_SPEAKER: Final = {"position": pl.Int32, "name": pl.String, "role": pl.String}
_PROBLEM: Final = {"column": pl.String, "rule": pl.String}
_FACTS: Final[dict[str, pl.DataType | type[pl.DataType]]] = {
    "category": pl.String,
    "place": pl.String,
    "title_date": pl.Date,
    "title_date_kind": pl.String,
    "countries": pl.String,
    "speakers": pl.List(pl.Struct(_SPEAKER)),
    "problems": pl.List(pl.Struct(_PROBLEM)),
}
"""What a title says; countries parted by blanks."""


def _title_digests(events: pl.DataFrame) -> pl.Series:
    digests = [text_digest(f"{day} {title}") for title, day in events.select("title", "published_on").iter_rows()]
    return pl.Series(DIGEST, digests, dtype=pl.String)


def _facts(events: pl.DataFrame) -> pl.DataFrame:
    """`_FACTS` of each event's title and day, by digest."""
    named = events.select(_title_digests(events), "title", "published_on").filter(pl.col("title").is_not_null())

    def pick(missing: pl.Series) -> pl.DataFrame:
        return named.join(missing.to_frame(), on=DIGEST, how="semi").unique(DIGEST)

    return remembered_rows("titles", named[DIGEST], pick, _facts_of)


def _facts_of(titles: pl.DataFrame) -> pl.DataFrame:
    read = [(digest, *_fact_row(read_title(title, day))) for digest, title, day in titles.iter_rows()]
    return pl.DataFrame(read, schema={DIGEST: pl.String, **_FACTS}, orient="row")


def _fact_row(fact: TitleFacts) -> tuple[Any, ...]:
    speakers = [
        {"position": position, "name": speaker.name, "role": speaker.role}
        for position, speaker in enumerate(fact.speakers)
    ]
    problems = [{"column": problem.column, "rule": problem.rule} for problem in fact.problems]
    countries = None if fact.countries is None else " ".join(fact.countries)
    return fact.category, fact.place, fact.title_date, fact.title_date_kind, countries, speakers, problems


def _speakers(described: pl.DataFrame) -> pl.DataFrame:
    return _exploded(described, "event_id", column="speakers")


def _countries(described: pl.DataFrame) -> pl.DataFrame:
    listed = described.select("event_id", country=pl.col("countries").str.split(" ")).drop_nulls("country")
    return listed.explode("country").filter(pl.col("country") != "")


def _problems(described: pl.DataFrame) -> pl.DataFrame:
    rows = []
    found = _exploded(described, "event_id", "source_capture_id", "title", "published_on", column="problems")
    for event, capture, title, day, column, rule in found.iter_rows():
        said = {"event_id": event, "title": title, "published_on": None if day is None else day.isoformat()}
        text = json.dumps(said, ensure_ascii=False, sort_keys=True)
        rows.append(("events", event, column, rule, text, capture))
    schema = ["table", "row_key", "column", "rule", "row", "capture_id"]
    return pl.DataFrame(rows, schema=dict.fromkeys(schema, pl.String), orient="row")


def _exploded(described: pl.DataFrame, *kept: str, column: str) -> pl.DataFrame:
    """One row per entry of a column of lists, its fields as columns."""
    has_any = pl.col(column).list.len() > 0
    return described.filter(has_any).select(*kept, column).explode(column).unnest(column)
