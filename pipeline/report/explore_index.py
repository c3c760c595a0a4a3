"""The explorer's index: per event what its filters and its search need, small enough to be loaded whole.

The one decision made here: events are numbered in the order of their ids, and that number alone says in which file of
the index and of the details an event stands. Searched are title, teaser, speakers and place, and the words of older
wordings that the newest does not have.
"""

from collections.abc import Iterable, Iterator
from typing import Any, Final

import polars as pl

from pipeline.report.country_names import country_names
from pipeline.report.explore_captures import CAPTURES_PER_FILE
from pipeline.report.figure import Tables
from schemas.events import CATEGORIES

INDEX_EVENTS: Final = 2000
"""Events per file of the index."""

DETAIL_EVENTS: Final = 64
"""Events per file of details: what is loaded to show one."""


def manifest(tables: Tables) -> dict[str, Any]:
    """What the page knows before it loads anything else: sizes, and the values its filters offer."""
    n_events = int(tables["events"].select(pl.len()).collect().item())
    return {
        "events": n_events,
        "perDetail": DETAIL_EVENTS,
        "perCaptures": CAPTURES_PER_FILE,
        "categories": _counted(tables["events"], "category"),
        "speakers": _counted(tables["event_speakers"].unique(["event_id", "name"]), "name"),
        "countries": _countries(tables),
        "meaning": CATEGORIES,
    }


def index_files(tables: Tables) -> Iterator[list[list[Any]]]:
    """The files of the index in order: per event id, day, category, speakers, countries, versions, captures and texts.

    Yields:
        One list per file; an event is [event_id, day or "", category, [speaker …], countries, number of versions (0: no
        article), number of captures, title or null, teaser or null, place and further words].
    """
    ids = tables["events"].select("event_id").sort("event_id").collect()["event_id"]
    articles = tables["articles"].select("article_id", "n_versions").collect().lazy()
    for start in range(0, len(ids), INDEX_EVENTS):
        own = ids[start : start + INDEX_EVENTS]
        within = pl.col("event_id").is_between(pl.lit(own[0]), pl.lit(own[-1]))
        speakers = tables["event_speakers"].filter(within).sort("event_id", "position")
        forms = tables["event_forms"].filter(within).select("event_id", titles="title", teasers="teaser")
        rows = (
            tables["events"]
            .filter(within)
            .select(
                "event_id", "published_on", "category", "countries", "article_id", "n_captures", "title", "teaser",
                "first_title", "place",
            )
            .join(articles, on="article_id", how="left")
            .join(speakers.group_by("event_id", maintain_order=True).agg("name"), on="event_id", how="left")
            .join(forms.group_by("event_id").agg("titles", "teasers"), on="event_id", how="left")
            .sort("event_id")
            .collect()
        )  # fmt: skip
        yield [_entry(row) for row in rows.iter_rows(named=True)]


def _entry(row: dict[str, Any]) -> list[Any]:
    texts = {row["first_title"], *(row["titles"] or ()), *(row["teasers"] or ())} - {row["title"], row["teaser"], None}
    further = sorted(_words(texts) - _words({row["title"], row["teaser"]} - {None})) if texts else ()
    return [
        row["event_id"],
        "" if row["published_on"] is None else row["published_on"].isoformat(),
        row["category"],
        list(dict.fromkeys(name for name in row["name"] or () if name)),
        row["countries"] or "",
        row["n_versions"] or 0,
        row["n_captures"],
        row["title"],
        row["teaser"],
        " ".join(filter(None, (row["place"], *further))),
    ]


def _words(texts: Iterable[str]) -> set[str]:
    return set("\n".join(texts).lower().split())


def _counted(rows: pl.LazyFrame, column: str) -> list[list[Any]]:
    """Values with the number of events that have them, most frequent first."""
    counted = rows.filter(pl.col(column).is_not_null()).group_by(column).agg(n=pl.len())
    return [list(row) for row in counted.sort(["n", column], descending=[True, False]).collect().iter_rows()]


def _countries(tables: Tables) -> list[list[Any]]:
    counted = _counted(tables["event_countries"], "country")
    names = country_names(code for code, _ in counted)
    return [[code, number, names.get(code, code)] for code, number in counted]
