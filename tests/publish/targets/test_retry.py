"""Waits between attempts, by a clock of the test's own."""

from collections.abc import Callable

import pytest

from pipeline.publish.targets.retry import PassingError
from tests.publish.targets.conftest import Hours


def failing(times: int, wait: float | None = None) -> Callable[[], str]:
    left = [times]

    def act() -> str:
        if left[0]:
            left[0] -= 1
            raise PassingError("not now", wait)
        return "done"

    return act


def test_waits_double_from_one_second(hours: Hours) -> None:
    assert hours.retry()(failing(4)) == "done"
    assert hours.waits == [1, 2, 4, 8]


def test_no_wait_is_longer_than_the_longest(hours: Hours) -> None:
    hours.retry(longest_wait=5)(failing(5))
    assert hours.waits == [1, 2, 4, 5, 5]


def test_the_other_side_may_ask_for_a_wait(hours: Hours) -> None:
    hours.retry()(failing(1, wait=30))
    assert hours.waits == [30]


def test_the_last_attempt_raises_without_a_wait(hours: Hours) -> None:
    with pytest.raises(PassingError):
        hours.retry(attempts=3)(failing(3))
    assert hours.waits == [1, 2]


def test_patience_ends_before_the_attempts(hours: Hours) -> None:
    with pytest.raises(PassingError):
        hours.retry(attempts=10, patience=6)(failing(10))
    assert hours.waits == [1, 2], "1 + 2 + 4 would pass 6 seconds"


def test_a_final_failure_is_not_tried_again(hours: Hours) -> None:
    def act() -> None:
        raise ValueError("for good")

    with pytest.raises(ValueError, match="for good"):
        hours.retry()(act)
    assert hours.waits == []


def test_each_wait_is_said(hours: Hours) -> None:
    hours.retry()(failing(1))
    assert hours.said == ["not now; trying again in 1 s (attempt 2 of 6)."]
