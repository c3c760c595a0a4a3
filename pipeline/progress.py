"""How far a build has come, told to whoever listens: a terminal, a log, Dagster, or nobody."""

from typing import Protocol


class Progress(Protocol):
    """Receives the steps of a build."""

    def start(self, stage: str, total: int, unit: str) -> None:
        """A stage begins; `total` in `unit` (`bytes`, `tables`), 0 where unknown."""

    def advance(self, amount: int, captures: int = 0) -> None:
        """A piece of the stage is done."""

    def finish(self) -> None:
        """The stage is done."""


class Silent:
    """A listener that does nothing."""

    def start(self, stage: str, total: int, unit: str) -> None:
        """Ignore the start of a stage."""

    def advance(self, amount: int, captures: int = 0) -> None:
        """Ignore a step."""

    def finish(self) -> None:
        """Ignore the end of a stage."""
