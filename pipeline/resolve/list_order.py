"""From teaser observations to which wordings lists print above which.

The decision made here: only wordings dated at most two days apart are paired; others cannot be one item, and their
order says nothing. Rows are paired with the row one above, two above and so on, so that memory stays that of the rows.
"""

import polars as pl

from pipeline.resolve.compare import WINDOW_DAYS


def printed_above(teasers: pl.LazyFrame, forms: pl.DataFrame) -> pl.DataFrame:
    """Distinct pairs `form_id`, `above_form_id` of forms of which some capture prints the second above the first.

    Args:
        teasers: one row per printed teaser, in any order: `capture_id`, `position`, `form_id`.
        forms: one row per distinct form: `form_id`, `published_on`; a form without a date is in no pair.

    Returns:
        Sorted by both columns.
    """
    numbered = forms.select("form_id", "published_on").drop_nulls().sort("form_id").with_row_index("form")
    shown = (
        teasers.select("capture_id", "position", "form_id")
        .join(numbered.lazy(), on="form_id")
        .select(pl.col("capture_id").rank("dense").alias("capture"), "position", "form", "published_on")
        .sort("capture", "position", "form")
        .collect()
    )
    found = [_pairs(shown, steps) for steps in range(1, _longest(shown))]
    names = numbered["form_id"]
    pairs = pl.concat([shown.select("form", above=pl.col("form")).clear(), *found]).unique().sort("form", "above")
    return pl.DataFrame({"form_id": names.gather(pairs["form"]), "above_form_id": names.gather(pairs["above"])})


def _longest(shown: pl.DataFrame) -> int:
    """The most teasers on one capture."""
    return 0 if shown.is_empty() else int(shown.group_by("capture").len()["len"].to_numpy().max())


def _pairs(shown: pl.DataFrame, steps: int) -> pl.DataFrame:
    """Each row with the row so many steps above it on the same capture, where their days are close."""
    days_apart = (pl.col("published_on") - pl.col("published_on").shift(steps)).dt.total_days().abs()
    return (
        shown.lazy()
        .select(
            "form",
            above=pl.col("form").shift(steps),
            is_pair=(pl.col("capture") == pl.col("capture").shift(steps)) & (days_apart <= WINDOW_DAYS),
        )
        .filter("is_pair", pl.col("form") != pl.col("above"))
        .select("form", "above")
        .unique()
        .collect()
    )
