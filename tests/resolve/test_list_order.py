"""Which wordings stand above which on some capture."""

from datetime import date

import polars as pl

from pipeline.resolve.list_order import printed_above

FORMS = pl.DataFrame(
    {
        "form": [0, 1, 2, 3],
        "form_id": ["w", "x", "y", "z"],
        "published_on": [None, date(2019, 3, 9), date(2019, 3, 7), date(2019, 3, 6)],
    }
).cast({"form": pl.UInt32})


def above(*shown: tuple[str, int, str]) -> list[tuple[str, str]]:
    """Pairs found on all captures together, which are those found on one capture after the other."""
    schema = pl.Schema({"capture": pl.String(), "position": pl.Int32(), "form_id": pl.String()})
    teasers = pl.DataFrame(shown, schema=schema, orient="row").join(FORMS.select("form", "form_id"), on="form_id")
    found = printed_above([teasers], FORMS)
    assert found.equals(printed_above(teasers.partition_by("capture"), FORMS))
    return [(form, other) for form, other in found.iter_rows()]


def test_a_form_is_paired_with_those_above_it_on_a_capture() -> None:
    assert above(("c1", 0, "x"), ("c1", 1, "y"), ("c2", 1, "z"), ("c2", 0, "y")) == [("y", "x"), ("z", "y")]


def test_forms_that_stand_apart_in_a_list_are_paired_too() -> None:
    assert above(("c1", 0, "y"), ("c1", 1, "x"), ("c1", 2, "z")) == [("x", "y"), ("z", "y")]


def test_forms_of_distant_days_undated_ones_and_repeats_of_a_form_are_left_out() -> None:
    assert above(("c1", 0, "x"), ("c1", 1, "x"), ("c1", 2, "w"), ("c1", 3, "z")) == []


def test_order_of_rows_and_number_of_captures_that_show_a_pair_do_not_matter() -> None:
    shown = [("c1", 0, "x"), ("c1", 1, "y"), ("c2", 0, "x"), ("c2", 1, "y"), ("c2", 2, "z")]
    assert above(*shown) == above(*reversed(shown)) == [("y", "x"), ("z", "y")]


def test_no_teasers_give_no_pairs() -> None:
    assert above() == []
