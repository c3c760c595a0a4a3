"""Progress says how fast it goes and how long it will take, in a log as on a terminal."""

import io

from rich.console import Console

from pipeline.commands.terminal import Bars, Pace, PlainLines, duration, listener
from pipeline.progress import Silent


class Clock:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


def test_rate_and_time_left_follow_from_what_is_done() -> None:
    clock = Clock()
    pace = Pace(clock)
    pace.begin(1000)
    assert (pace.percent, pace.rate, pace.left) == (0, "", "")
    clock.now += 10
    pace.advance(250, 400)
    assert (pace.percent, pace.rate, pace.left) == (25, "40/s", "about 30 s left")
    pace.advance(750, 0)
    assert (pace.percent, pace.left) == (100, "")


def test_lengths_of_time_are_words() -> None:
    assert [duration(seconds) for seconds in (0.2, 89, 90, 3600, 11_100)] == [
        "0 s",
        "89 s",
        "2 min",
        "60 min",
        "3 h 5 min",
    ]


def test_a_log_gets_a_line_now_and_then() -> None:
    clock, log = Clock(), io.StringIO()
    lines = PlainLines(log, clock)
    lines.start("read", 2_000_000, "bytes")
    for _ in range(8):
        clock.now += 10
        lines.advance(250_000, 500)
    lines.finish()
    assert log.getvalue().splitlines() == [
        "Reading raw files (2.0 MB new) …",
        "Reading raw files: 12 %, 500 captures, 50/s, about 70 s left",
        "Reading raw files: 50 %, 2,000 captures, 50/s, about 40 s left",
        "Reading raw files: 87 %, 3,500 captures, 50/s, about 10 s left",
        "Reading raw files: 4,000 captures in 80 s (50/s)",
    ]


def test_one_capture_is_told_as_one() -> None:
    clock, log = Clock(), io.StringIO()
    lines = PlainLines(log, clock)
    lines.start("read", 1, "bytes")
    clock.now += 1
    lines.advance(1, 1)
    lines.finish()
    assert log.getvalue().splitlines()[-1] == "Reading raw files: 1 capture in 1 s (1.0/s)"


def test_a_bar_fits_80_columns() -> None:
    out = io.StringIO()
    bars = Bars()
    bars._bars.live.console = Console(file=out, width=80, force_terminal=True, color_system=None)
    bars.open()
    bars.start("read", 100, "bytes")
    bars.advance(40, 123_456)
    bars.finish()
    bars.close()
    assert "Reading raw files" in out.getvalue()
    assert "123,456 captures" in out.getvalue()


def test_a_quiet_build_has_no_listener() -> None:
    with listener(quiet=True) as progress:
        assert isinstance(progress, Silent)
