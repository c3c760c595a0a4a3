"""Which wordings stand above which on some capture."""

from datetime import date

import polars as pl

from pipeline.resolve.list_order import printed_above


def rows(*given: tuple[str, int, str, int]) -> pl.DataFrame:
    return pl.DataFrame(
        [(capture, position, form, date(2019, 3, day)) for capture, position, form, day in given],
        schema={"capture_id": pl.String, "position": pl.Int32, "form_id": pl.String, "published_on": pl.Date},
        orient="row",
    )


def test_a_form_is_paired_with_those_above_it_on_a_capture() -> None:
    found = printed_above(rows(("c1", 0, "x", 6), ("c1", 1, "y", 6), ("c2", 1, "z", 6), ("c2", 0, "x", 6)))
    assert found.rows() == [("y", "x"), ("z", "x")]


def test_forms_of_distant_days_and_repeats_of_a_form_are_left_out() -> None:
    found = printed_above(rows(("c1", 0, "x", 9), ("c1", 1, "x", 9), ("c1", 2, "y", 7), ("c1", 3, "z", 6)))
    assert found.rows() == [("y", "x"), ("z", "y")]


def test_pairs_of_parts_put_together_are_the_pairs_of_the_whole() -> None:
    whole = rows(("c1", 0, "x", 6), ("c1", 1, "y", 6), ("c2", 0, "x", 6), ("c2", 1, "y", 6), ("c2", 2, "z", 5))
    parts = [printed_above(part) for _, part in whole.group_by("capture_id")]
    assert pl.concat(parts).unique().sort("form_id", "above_form_id").equals(printed_above(whole))
