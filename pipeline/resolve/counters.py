"""Counters: the usual start day of each, from the observations themselves, and which observations stray from it.

A counter is whatever the pages count; a new wording needs no code. The usual start is the start most observations
imply (source-format.md, Counters: page date minus days); on a tie the earliest.
"""

import polars as pl


def judge_counters(observations: pl.DataFrame) -> pl.DataFrame:
    """Add `is_consistent` to counter observations: whether `start_on` is the counter's usual one, null if unknown.

    Args:
        observations: columns `counter`, `start_on` and any others.
    """
    usual = _usual_starts(observations)
    return (
        observations.join(usual, on="counter", how="left", maintain_order="left")
        .with_columns(is_consistent=pl.col("start_on") == pl.col("usual_start_on"))
        .drop("usual_start_on")
    )


def summarise_counters(observations: pl.DataFrame) -> pl.DataFrame:
    """The table `counters` from judged counter observations."""
    return (
        observations.sort("observed_on", "capture_id", "position", nulls_last=True)
        .group_by("counter")
        .agg(
            pl.col("label").first(),
            first_observed_on=pl.col("observed_on").min(),
            last_observed_on=pl.col("observed_on").max(),
            n_observations=pl.len().cast(pl.Int64),
            n_inconsistent=(~pl.col("is_consistent")).sum().cast(pl.Int64),
        )
        .join(_usual_starts(observations), on="counter", how="left")
        .select(
            "counter",
            "label",
            pl.col("usual_start_on").alias("start_on"),
            "first_observed_on",
            "last_observed_on",
            "n_observations",
            "n_inconsistent",
        )
        .sort("counter")
    )


def _usual_starts(observations: pl.DataFrame) -> pl.DataFrame:
    return (
        observations.drop_nulls("start_on")
        .group_by("counter", "start_on")
        .agg(pl.len().alias("n"))
        .sort("counter", -pl.col("n").cast(pl.Int64), "start_on")
        .unique("counter", keep="first", maintain_order=True)
        .select("counter", pl.col("start_on").alias("usual_start_on"))
    )
