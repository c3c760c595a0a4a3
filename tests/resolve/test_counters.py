"""Counters: the usual start day comes from the observations, and what strays from it is told."""

from datetime import date

import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from pipeline.resolve.counters import count_starts, judge_counters, summarise_counters, usual_starts

START = date(2018, 3, 4)


def observations(starts: list[date | None], counter: str = "salisbury-incident") -> pl.DataFrame:
    return pl.DataFrame(
        {
            "capture_id": [f"c{number:03}" for number in range(len(starts))],
            "position": [0] * len(starts),
            "counter": [counter] * len(starts),
            "label": ["the Salisbury incident"] * len(starts),
            "observed_on": [None if day is None else date(2019, 1, 1 + number) for number, day in enumerate(starts)],
            "start_on": starts,
        },
        schema_overrides={"start_on": pl.Date, "observed_on": pl.Date},
    )


def judged(rows: pl.DataFrame) -> pl.DataFrame:
    return judge_counters(rows, usual_starts(count_starts(rows)))


def test_an_observation_that_implies_another_start_is_inconsistent_and_counted() -> None:
    found = judged(observations([START, START, date(2018, 3, 5), None]))
    assert found["is_consistent"].to_list() == [True, True, False, None]
    summary = summarise_counters([found]).row(0, named=True)
    assert (summary["start_on"], summary["n_observations"], summary["n_inconsistent"]) == (START, 4, 1)
    assert (summary["first_observed_on"], summary["last_observed_on"]) == (date(2019, 1, 1), date(2019, 1, 3))


def test_on_a_tie_the_earliest_start_is_the_usual_one() -> None:
    assert judged(observations([date(2018, 3, 5), START]))["is_consistent"].to_list() == [False, True]


def test_a_counter_of_which_no_start_is_known_has_none() -> None:
    summary = summarise_counters([judged(observations([None]))]).row(0, named=True)
    assert summary["start_on"] is None
    assert summary["n_inconsistent"] == 0


def test_a_new_counter_needs_no_code() -> None:
    both = pl.concat([observations([START]), observations([date(2020, 1, 1)], "closure-of-the-consulate")])
    assert summarise_counters([judged(both)])["counter"].to_list() == [
        "closure-of-the-consulate",
        "salisbury-incident",
    ]


@given(order=st.permutations(range(6)))
def test_the_order_of_observations_changes_no_verdict(order: list[int]) -> None:
    plain = observations([START, START, START, date(2018, 3, 5), None, date(2018, 3, 6)])
    found = judged(plain[order]).sort("capture_id")
    assert found.equals(judged(plain))
    assert summarise_counters([found]).equals(summarise_counters([judged(plain)]))


@given(cut=st.integers(0, 6), order=st.permutations(range(6)))
def test_observations_in_pieces_give_what_they_give_together(cut: int, order: list[int]) -> None:
    whole = judged(observations([START, START, date(2018, 3, 5), date(2018, 3, 5), None, date(2018, 3, 6)]))[order]
    pieces = [whole.head(cut), whole.slice(cut)]
    assert summarise_counters(pieces).equals(summarise_counters([whole]))
    together = usual_starts(count_starts(pieces[1], count_starts(pieces[0])))
    assert together.equals(usual_starts(count_starts(whole)))
