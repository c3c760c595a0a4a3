"""The scores are what their names say, on cases counted by hand."""

import pytest

from tests.simulation.gold import link_scores, pairwise_scores, wrong_pairs


def test_pairs_are_counted_over_clusters() -> None:
    gold = {"a": 1, "b": 1, "c": 1, "d": 2, "e": 2}  # 3 + 1 true pairs
    found = {"a": "x", "b": "x", "c": "y", "d": "y", "e": "z"}  # 1 + 1 found pairs, ab is right
    scores = pairwise_scores(gold, found)
    assert (scores.n_right, scores.n_found, scores.n_true) == (1, 2, 4)
    assert scores.precision == 0.5
    assert scores.recall == 0.25
    assert scores.f1 == pytest.approx(1 / 3)


def test_weights_count_every_copy_of_a_form() -> None:
    gold, found = {"f": 1, "g": 1}, {"f": "x", "g": "y"}
    scores = pairwise_scores(gold, found, {"f": 3, "g": 1})  # 4 observations: 6 true pairs, 3 of them copies of f
    assert (scores.n_right, scores.n_found, scores.n_true) == (3, 3, 6)


def test_nothing_to_find_is_found() -> None:
    scores = pairwise_scores({"a": 1, "b": 2}, {"a": 1, "b": 2})
    assert (scores.precision, scores.recall, scores.f1) == (1.0, 1.0, 1.0)


def test_keys_must_be_the_same_on_both_sides() -> None:
    with pytest.raises(ValueError, match="one side only"):
        pairwise_scores({"a": 1}, {"b": 1})


def test_links_are_compared_as_sets() -> None:
    scores = link_scores([("e1", "a1"), ("e2", "a2"), ("e3", "a3")], [("e1", "a1"), ("e2", "a3")])
    assert scores.precision == 0.5
    assert scores.recall == pytest.approx(1 / 3)


def test_wrong_pairs_name_what_was_merged_and_what_was_parted() -> None:
    merged, parted = wrong_pairs({"a": 1, "b": 1, "c": 2}, {"a": "x", "b": "y", "c": "y"})
    assert merged == [("b", "c")]
    assert parted == [("a", "b")]
