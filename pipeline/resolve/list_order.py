"""From teaser observations to which wordings lists print above which.

The decision made here: only wordings dated at most two days apart are paired; others cannot be one item, and their
order says nothing. Rows are paired with the row one above, two above and so on, so that memory stays that of the rows;
of a range of captures only its distinct pairs are kept.
"""

from collections.abc import Iterable

import polars as pl

from pipeline.resolve.compare import WINDOW_DAYS


def printed_above(ranges: Iterable[pl.DataFrame], forms: pl.DataFrame) -> pl.DataFrame:
    """Distinct pairs `form_id`, `above_form_id` of forms of which some capture prints the second above the first.

    Args:
        ranges: one row per printed teaser, in any order: `capture`, `position`, `form`; all of a capture in one frame.
        forms: one row per distinct form: `form` (its number), `form_id`, `published_on`; a form without a date is in
            no pair.

    Returns:
        Sorted by both columns.
    """
    dated = forms.select("form", "published_on").drop_nulls()
    found = pl.DataFrame(schema={"form": dated.schema["form"], "above": dated.schema["form"]})
    for teasers in ranges:
        shown = (
            teasers.select("capture", "position", "form")
            .join(dated, on="form", maintain_order="left")
            .sort("capture", "position", "form")
        )
        pairs = [_pairs(shown, steps) for steps in range(1, _longest(shown))]
        found = pl.concat([found, *pairs]).unique()
    names = forms.select("form", "form_id")
    return (
        found.join(names, on="form")
        .join(names.rename({"form": "above", "form_id": "above_form_id"}), on="above")
        .select("form_id", "above_form_id")
        .sort("form_id", "above_form_id")
    )


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
