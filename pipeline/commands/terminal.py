"""Progress for people: a bar per stage on a terminal, a plain line per stage elsewhere."""

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

from pipeline.progress import Progress, Silent

_LABELS = {
    "read": "Reading raw files",
    "resolve": "Resolving what is the same thing",
    "check": "Checking rules",
}


class PlainLines:
    """One line when a stage begins and one when it ends, for logs."""

    def __init__(self) -> None:
        self._captures = 0
        self._since = 0.0
        self._stage = ""

    def start(self, stage: str, total: int, unit: str) -> None:
        """Say that a stage begins."""
        self._stage, self._captures, self._since = _LABELS.get(stage, stage), 0, time.monotonic()
        size = f" ({_megabytes(total)} new)" if unit == "bytes" else ""
        print(f"{self._stage}{size} …", file=sys.stderr)

    def advance(self, amount: int, captures: int = 0) -> None:
        """Count captures."""
        self._captures += captures

    def finish(self) -> None:
        """Say what the stage came to."""
        if self._captures:
            seconds = max(time.monotonic() - self._since, 1e-3)
            rate = f"{self._captures:,} captures, {self._captures / seconds:,.0f} per second"
            print(f"{self._stage}: {rate}", file=sys.stderr)


class Bars:
    """A bar per stage with rate and time left."""

    def __init__(self) -> None:
        from rich.console import Console
        from rich.progress import BarColumn, TextColumn, TimeRemainingColumn
        from rich.progress import Progress as RichProgress

        self._bars = RichProgress(
            TextColumn("{task.description:<34}"),
            BarColumn(),
            TextColumn("{task.percentage:>3.0f} %"),
            TextColumn("{task.fields[rate]}"),
            TimeRemainingColumn(),
            console=Console(stderr=True),
            transient=False,
        )
        self._task: int | None = None
        self._captures = 0
        self._since = 0.0

    def open(self) -> None:
        """Take the terminal."""
        self._bars.start()

    def close(self) -> None:
        """Give the terminal back."""
        self._bars.stop()

    def start(self, stage: str, total: int, unit: str) -> None:
        """Add a bar."""
        self._captures, self._since = 0, time.monotonic()
        self._task = self._bars.add_task(_LABELS.get(stage, stage), total=max(total, 1), rate="")

    def advance(self, amount: int, captures: int = 0) -> None:
        """Move the bar."""
        assert self._task is not None
        self._captures += captures
        seconds = max(time.monotonic() - self._since, 1e-3)
        rate = f"{self._captures / seconds:,.0f} captures/s" if self._captures else ""
        self._bars.update(self._task, advance=amount, rate=rate)  # type: ignore[arg-type]

    def finish(self) -> None:
        """Fill the bar."""
        assert self._task is not None
        self._bars.update(self._task, completed=self._bars.tasks[-1].total)  # type: ignore[arg-type]


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
