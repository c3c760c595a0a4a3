"""A Ctrl-C that meets a finalizer, where Python ignores errors, still stops what runs."""

import signal
import time

import pytest

from pipeline.interrupts import interrupts_arrive


class Interrupted:
    """Whose finalizer a Ctrl-C meets."""

    def __del__(self) -> None:
        signal.raise_signal(signal.SIGINT)


def end_and_go_on() -> None:
    Interrupted()
    for _ in range(600):
        time.sleep(0.1)


def test_an_interrupt_in_a_finalizer_arrives_after_it() -> None:
    with pytest.raises(KeyboardInterrupt), interrupts_arrive(KeyboardInterrupt):
        end_and_go_on()


def test_other_errors_in_a_finalizer_are_told_as_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    class Odd:
        def __del__(self) -> None:
            raise ValueError("odd")

    told: list[object] = []
    monkeypatch.setattr("sys.unraisablehook", lambda what: told.append(what.exc_type))
    with interrupts_arrive(KeyboardInterrupt):
        Odd()
    assert told == [ValueError]
