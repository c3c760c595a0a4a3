"""Counters: the usual start day of each, from the observations themselves, and which observations stray from it.

A counter is whatever the pages count; a new wording needs no code. The usual start is the start most observations
imply (source-format.md, Counters: page date minus days); on a tie the earliest. Observations may come in pieces:
what is kept of them is counts per counter and start.
"""

from collections.abc import Iterable
from typing import Final

import polars as pl

_FIRST_LABEL: Final = ["observed_on", "capture_id", "position"]
"""Which observation gives a counter its label: the first."""


def count_starts(observations: pl.DataFrame, counted: pl.DataFrame | None = None) -> pl.DataFrame:
    """How many observations imply which start: counter, start_on, n; added to what was counted before.

    Args:
        observations: columns `counter`, `start_on` and any others.
        counted: what this function gave for other observations.
    """
    found = observations.drop_nulls("start_on").group_by("counter", "start_on").agg(n=pl.len().cast(pl.Int64))
    if counted is None:
        return found
    return pl.concat([counted, found]).group_by("counter", "start_on").agg(pl.col("n").sum())


def usual_starts(counted: pl.DataFrame) -> pl.DataFrame:
    """The usual start of each counter that has any: counter, usual_start_on."""
    return (
        counted.sort("counter", -pl.col("n"), "start_on")
        .unique("counter", keep="first", maintain_order=True)
        .select("counter", pl.col("start_on").alias("usual_start_on"))
    )


def judge_counters(observations: pl.DataFrame, usual: pl.DataFrame) -> pl.DataFrame:
    """Add `is_consistent` to counter observations: whether `start_on` is the counter's usual one, null if unknown.

    Args:
        observations: columns `counter`, `start_on` and any others.
        usual: what `usual_starts` gives.
    """
    return (
        observations.join(usual, on="counter", how="left", maintain_order="left")
        .with_columns(is_consistent=pl.col("start_on") == pl.col("usual_start_on"))
        .drop("usual_start_on")
    )


def summarise_counters(pieces: Iterable[pl.DataFrame]) -> pl.DataFrame:
    """The table `counters` from judged counter observations, a piece at a time."""
    starts: pl.DataFrame | None = None
    summed: pl.DataFrame | None = None
    for observations in pieces:
        starts = count_starts(observations, starts)
        each = observations.select(
            "counter",
            "label",
            *_FIRST_LABEL,
            last_observed_on="observed_on",
            n_observations=pl.lit(1, dtype=pl.Int64),
            n_inconsistent=(~pl.col("is_consistent")).fill_null(value=False).cast(pl.Int64),
        )
        summed = _summed(each if summed is None else pl.concat([summed, _summed(each)]))
    assert starts is not None
    assert summed is not None
    return (
        summed.join(usual_starts(starts), on="counter", how="left")
        .select(
            "counter",
            "label",
            start_on="usual_start_on",
            first_observed_on="observed_on",
            last_observed_on="last_observed_on",
            n_observations="n_observations",
            n_inconsistent="n_inconsistent",
        )
        .sort("counter")
    )


def _summed(rows: pl.DataFrame) -> pl.DataFrame:
    """One row per counter; `observed_on` and the rest of its key are those of the first observation."""
    return (
        rows.sort(_FIRST_LABEL, nulls_last=True)
        .group_by("counter", maintain_order=True)
        .agg(
            pl.col("label", *_FIRST_LABEL).first(),
            pl.col("last_observed_on").max(),
            pl.col("n_observations", "n_inconsistent").sum(),
        )
    )
