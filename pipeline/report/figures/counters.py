"""The counters of days: what was printed against the day it was printed on."""

import polars as pl

from pipeline.report.charts import counter_lines
from pipeline.report.figure import Figure, Section, Tables

_STRAYS_DRAWN = 300


def counters(tables: Tables) -> Section:
    """Days printed against the date, and the captures that stray."""
    return Section(
        "counters",
        "Counters of days",
        "The site counted days since two matters in dispute. The number printed can be checked against the date beside "
        "it; whether the claim is right cannot, and is not asserted here.",
        (_lines(tables), _usual(tables), _strays(tables)),
    )


def _lines(tables: Tables) -> Figure:
    known = (
        tables["counter_observations"]
        .filter(pl.col("observed_on").is_not_null())
        .group_by("counter", "label", "observed_on", "days", "is_consistent")
        .agg(captures=pl.len())
        .sort("counter", "observed_on", "days", "label")
        .collect()
    )
    ends = (
        tables["counters"]
        .filter(pl.col("start_on").is_not_null() & pl.col("first_observed_on").is_not_null())
        .select("label", "start_on", observed_on=pl.concat_list("first_observed_on", "last_observed_on"))
        .explode("observed_on")
        .with_columns(days=(pl.col("observed_on") - pl.col("start_on")).dt.total_days())
        .sort("label", "observed_on")
        .collect()
    )
    # one capture a month is enough to see that they lie on the line
    seen = (
        known.filter("is_consistent")
        .with_columns(month=pl.col("observed_on").dt.truncate("1mo"))
        .unique(["counter", "month"], keep="first", maintain_order=True)
        .drop("label")
        .join(tables["counters"].select("counter", "label").collect(), on="counter", maintain_order="left")
    )
    strays = known.filter(~pl.col("is_consistent"))
    return Figure(
        "counters-by-date",
        "Days printed, against the date",
        "A counter that counts right lies on its line: the date minus the days is always the same start day. Circles "
        f"are the first capture of each month; crosses are captures beside the line ({strays['captures'].sum():,}).",
        known,
        counter_lines(ends, seen, strays.head(_STRAYS_DRAWN)) if ends.height else None,
        "No capture shows a counter together with a date.",
    )


def _usual(tables: Tables) -> Figure:
    columns = ["counter", "start_on", "first_observed_on", "last_observed_on", "n_observations", "n_inconsistent"]
    return Figure(
        "counters-usual-start",
        "The counters and their usual start days",
        "start on: the day a counter usually counts from; n inconsistent: observations that give another one.",
        tables["counters"].select(columns).sort("counter").collect(),
        nothing="No capture shows a counter.",
    )


def _strays(tables: Tables) -> Figure:
    rows = (
        tables["counter_observations"]
        .filter(~pl.col("is_consistent"))
        .join(tables["counters"].select("counter", usual_start_on="start_on"), on="counter", how="left")
        .select("capture_id", "counter", "observed_on", "days", "start_on", "usual_start_on")
        .sort("counter", "observed_on", "capture_id")
        .collect()
    )
    return Figure(
        "counters-astray",
        "Captures whose counter strays",
        "Captures where the date minus the days is not the counter's usual start day.",
        rows,
        nothing="None: every counter with a date lies on its line.",
    )
