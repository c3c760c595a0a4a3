"""What the site published: events over time, who speaks, where, and which states the titles name."""

import polars as pl

from pipeline.counted import counted
from pipeline.report.charts import ranked_bars, stacked_months
from pipeline.report.country_names import country_names
from pipeline.report.figure import Figure, Section, Tables, in_words


def content(tables: Tables) -> Section:
    """Events over time, and what their titles say."""
    return Section(
        "content",
        "What is in it",
        "An event is an item the site published: known from a teaser, from its article, or from both. Categories, "
        "speakers, places and countries are read off the title's words and describe the wording, nothing else.",
        (_events_by_category(tables), _speakers(tables), _places(tables), _countries(tables)),
    )


def _events_by_category(tables: Tables) -> Figure:
    events = tables["events"]
    rows = (
        events.filter(pl.col("published_on").is_not_null())
        .group_by(month=pl.col("published_on").dt.truncate("1mo"), category=in_words("category"))
        .agg(events=pl.len())
        .sort("month", "category")
        .collect()
    )
    undated = events.select(pl.col("published_on").is_null().sum()).collect().item()
    left_out = f" Left out: {counted(undated, 'event')} of unknown date." if undated else ""
    says = "One bar per month of publication." + left_out
    return Figure(
        "events-by-category",
        "Events per month, by category",
        says,
        rows,
        stacked_months(rows, "month", "category", "events", unit="events") if rows.height else None,
        "No event with a known date.",
    )


def _speakers(tables: Tables) -> Figure:
    rows = (
        tables["event_speakers"]
        .filter(pl.col("name").is_not_null())
        .unique(["event_id", "name"])
        .group_by(speaker=pl.col("name"))
        .agg(events=pl.len())
        .sort(["events", "speaker"], descending=[True, False])
        .collect()
    )
    return _ranked(
        "speakers", "Who speaks", "Persons the titles name as those who speak, as printed.", rows, "speaker",
        "No title names a speaker.",
    )  # fmt: skip


def _places(tables: Tables) -> Figure:
    rows = (
        tables["events"]
        .filter(pl.col("place").is_not_null())
        .group_by("place")
        .agg(events=pl.len())
        .sort(["events", "place"], descending=[True, False])
        .collect()
    )
    return _ranked("places", "Where", "Places of the occasion, as the titles print them.", rows, "place",
                   "No title names a place.")  # fmt: skip


def _countries(tables: Tables) -> Figure:
    counted = (
        tables["event_countries"]
        .group_by(code="country")
        .agg(events=pl.len())
        .sort(["events", "code"], descending=[True, False])
        .collect()
    )
    names = country_names(counted["code"].to_list())
    rows = counted.select(
        country=pl.col("code").replace_strict(names, default=None, return_dtype=pl.String).fill_null(pl.col("code")),
        code="code",
        events="events",
    )
    return _ranked(
        "countries",
        "With which countries",
        "States that titles name by name. A state is listed because its name is printed; nothing follows about its "
        "part in the matter.",
        rows,
        "country",
        "No title names a state.",
    )


def _ranked(name: str, title: str, says: str, rows: pl.DataFrame, column: str, nothing: str) -> Figure:
    if rows.height > 15:
        says += f" The 15 most frequent of {rows.height:,} are drawn; the table has all."
    spec = ranked_bars(rows, column, "events", unit="events") if rows.height else None
    return Figure(name, title, says, rows, spec, nothing)
