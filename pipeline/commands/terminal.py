"""Progress for people: a bar per stage on a terminal, plain lines elsewhere, both with the rate and the time left."""

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final, TextIO

from pipeline.counted import counted
from pipeline.progress import Progress, Silent

_LABELS: Final = {
    "fetch": "Fetching raw files",
    "read": "Reading raw files",
    "resolve": "Finding what is the same",
    "check": "Checking rules",
    "upload": "Copying the tables out",
}
_FIRST_LINE_AFTER: Final = 5.0
"""Seconds; a stage that is over by then needs no line on the way."""
_LINE_EVERY: Final = 30.0
"""Seconds between lines in a log."""


class Pace:
    """How far a stage is, how fast it goes, and how long it will take from here."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self.begin(0)

    def begin(self, total: int) -> None:
        """Start to count anew."""
        self._since = self._clock()
        self._total, self._done, self.captures = total, 0, 0

    def advance(self, amount: int, captures: int) -> None:
        """Count a piece of the stage."""
        self._done += amount
        self.captures += captures

    @property
    def seconds(self) -> float:
        """Seconds since the start of the stage."""
        return max(self._clock() - self._since, 1e-3)

    @property
    def percent(self) -> int:
        """Whole percent done."""
        return min(100 * self._done // self._total, 100) if self._total else 0

    @property
    def rate(self) -> str:
        """Captures per second, empty where none are counted."""
        if not self.captures:
            return ""
        per_second = self.captures / self.seconds
        return f"{per_second:,.0f}/s" if per_second >= 10 else f"{per_second:,.1f}/s"

    @property
    def left(self) -> str:
        """Time left at the pace so far, empty while nothing is done."""
        if not self._done or self._done >= self._total:
            return ""
        return f"about {duration(self.seconds * (self._total - self._done) / self._done)} left"


def duration(seconds: float) -> str:
    """A length of time in words short enough for a line: `45 s`, `12 min`, `3 h 5 min`."""
    whole = round(seconds)
    if whole < 90:
        return f"{whole} s"
    minutes = round(whole / 60)
    return f"{minutes} min" if minutes < 90 else f"{minutes // 60} h {minutes % 60} min"


class PlainLines:
    """A line when a stage begins, one now and then while it lasts, and one when it ends; for logs."""

    def __init__(self, stream: TextIO | None = None, clock: Callable[[], float] = time.monotonic) -> None:
        self._stream = stream or sys.stderr
        self._pace = Pace(clock)
        self._stage = ""
        self._next_line = 0.0

    def start(self, stage: str, total: int, unit: str) -> None:
        """Say that a stage begins."""
        self._stage = _LABELS.get(stage, stage)
        self._pace.begin(total)
        self._next_line = _FIRST_LINE_AFTER
        self._say(f"{self._stage}{f' ({_megabytes(total)} new)' if unit == 'bytes' else ''} …")

    def advance(self, amount: int, captures: int = 0) -> None:
        """Count; say how far it is when the last line is a while ago."""
        pace = self._pace
        pace.advance(amount, captures)
        if pace.left and pace.seconds >= self._next_line:
            self._next_line = pace.seconds + _LINE_EVERY
            done = f"{counted(pace.captures, 'capture')}, {pace.rate}, " if pace.captures else ""
            self._say(f"{self._stage}: {pace.percent} %, {done}{pace.left}")

    def finish(self) -> None:
        """Say what the stage came to."""
        pace = self._pace
        if pace.captures:
            self._say(f"{self._stage}: {counted(pace.captures, 'capture')} in {duration(pace.seconds)} ({pace.rate})")

    def _say(self, line: str) -> None:
        print(line, file=self._stream, flush=True)


class Bars:
    """A bar per stage."""

    def __init__(self) -> None:
        from rich.console import Console
        from rich.progress import BarColumn, TextColumn
        from rich.progress import Progress as RichProgress

        self._bars = RichProgress(
            TextColumn("{task.description:<25}"),
            BarColumn(bar_width=20),
            TextColumn("{task.percentage:>3.0f} %  {task.fields[pace]}"),
            console=Console(stderr=True),
        )
        self._pace = Pace(time.monotonic)
        self._task = self._bars.add_task("", visible=False, pace="")

    def open(self) -> None:
        """Take the terminal."""
        self._bars.start()

    def close(self) -> None:
        """Give the terminal back."""
        self._bars.stop()

    def start(self, stage: str, total: int, unit: str) -> None:
        """Add a bar."""
        size = _megabytes(total) if unit == "bytes" else ""
        self._pace.begin(total)
        self._task = self._bars.add_task(_LABELS.get(stage, stage), total=max(total, 1), pace=size)

    def advance(self, amount: int, captures: int = 0) -> None:
        """Move the bar."""
        self._pace.advance(amount, captures)
        self._bars.update(self._task, advance=amount, pace=self._words())

    def finish(self) -> None:
        """Fill the bar."""
        self._bars.update(self._task, completed=self._bars.tasks[-1].total, pace=self._words())

    def _words(self) -> str:
        pace = self._pace
        done = counted(pace.captures, "capture") if pace.captures else ""
        return ", ".join(filter(None, (done, pace.rate, pace.left)))


@contextmanager
def listener(*, quiet: bool) -> Iterator[Progress]:
    """Whoever tells a person how far the build is: bars on a terminal, lines elsewhere, nobody when quiet."""
    if quiet:
        yield Silent()
    elif sys.stderr.isatty():
        bars = Bars()
        bars.open()
        try:
            yield bars
        finally:
            bars.close()
    else:
        yield PlainLines()


def _megabytes(size: int) -> str:
    return f"{size / 1e6:,.1f} MB" if size >= 50_000 else f"{size / 1e3:,.1f} kB"
