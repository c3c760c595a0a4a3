"""From teaser observations to which wordings lists print above which.

The decision made here: only wordings dated at most two days apart are paired; others cannot be one item, and their
order says nothing. Pairs of slices can be put together and made unique again in any order.
"""

import polars as pl

from pipeline.resolve.compare import WINDOW_DAYS


def printed_above(observations: pl.DataFrame) -> pl.DataFrame:
    """Distinct pairs `form_id`, `above_form_id` of forms of which some capture prints the second above the first.

    Args:
        observations: one row per teaser on a capture: `capture_id`, `position`, `form_id`, `published_on`.

    Returns:
        Sorted by both columns.
    """
    shown = observations.select("capture_id", "position", "form_id", "published_on").drop_nulls()
    days_apart = (pl.col("published_on") - pl.col("published_on_above")).dt.total_days().abs()
    return (
        shown.join(shown, on="capture_id", suffix="_above")
        .filter(
            pl.col("position_above") < pl.col("position"),
            pl.col("form_id_above") != pl.col("form_id"),
            days_apart <= WINDOW_DAYS,
        )
        .select("form_id", above_form_id="form_id_above")
        .unique()
        .sort("form_id", "above_form_id")
    )
