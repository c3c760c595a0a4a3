"""Where a Dagster run finds its raw roots and outputs."""

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import dagster as dg
from pydantic import Field

from pipeline.defaults import newest_release, withdrawals_file
from pipeline.progress import Progress, Silent
from pipeline.request import BuildRequest


class BuildArguments(Protocol):
    """What assets ask: the arguments of the build, and who is told how far it is."""

    def request(self) -> BuildRequest:
        """The arguments."""
        ...

    def progress(self) -> Progress:
        """The listener."""
        ...


@dataclass(frozen=True, slots=True)
class Asked:
    """The arguments of a command line, handed on as they are."""

    asked: BuildRequest
    listener: Progress

    def request(self) -> BuildRequest:
        """The arguments."""
        return self.asked

    def progress(self) -> Progress:
        """The listener."""
        return self.listener


class Build(dg.ConfigurableResource[BuildRequest]):
    """The arguments of a build as Dagster configuration."""

    raw: list[str] = Field(default_factory=lambda: ["raw"])
    """Raw roots."""
    outputs: str = "outputs"
    workers: int = 0
    """0: one per processor."""
    previous: str = ""
    """Folder of the release whose ids are continued; empty: the newest under releases/, if any."""
    fresh: bool = False
    withdrawals: str = ""
    """`withdrawals.toml`; empty: the one in the working folder, if any."""

    def request(self) -> BuildRequest:
        """The configuration as a request."""
        outputs = Path(self.outputs)
        return BuildRequest(
            raw=tuple(Path(root) for root in self.raw),
            outputs=outputs,
            workers=self.workers or os.cpu_count() or 1,
            previous=Path(self.previous) if self.previous else newest_release(outputs),
            fresh=self.fresh,
            withdrawals=Path(self.withdrawals) if self.withdrawals else withdrawals_file(),
        )

    def progress(self) -> Progress:
        """Who is told how far the build is; Dagster itself shows its events."""
        return Silent()
