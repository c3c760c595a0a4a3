"""One command, run in a process of its own: CPU seconds of it and all its children, and what memory they held together.

CPU is what is compared, because wall time depends on who else uses the machine. Memory is summed PSS (each shared page
counted once over all processes), sampled where asked for, as each look stops the process that is looked at; only Linux
tells it.
"""

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

_INTERVAL = 0.2
"""Seconds between two looks at the memory."""


@dataclass(frozen=True, slots=True)
class Cost:
    """What a command cost."""

    cpu: float
    """Seconds, user and system, of the command and all processes it waited for."""
    wall: float
    """Seconds."""
    peak_mb: float | None
    """Largest summed PSS seen, in MB (10⁶ bytes); null where it was not asked for or the system does not tell."""
    output: str
    """What it printed."""


class CommandFailedError(Exception):
    """A measured command ended with an error."""


def run_module(*arguments: str | Path, with_memory: bool = False) -> Cost:
    """Run `python -m` with these arguments and measure it.

    Raises:
        CommandFailedError: it ended with an error.
    """
    return run_command([sys.executable, "-m", *map(str, arguments)], with_memory=with_memory)


def run_command(command: Sequence[str], *, with_memory: bool = False) -> Cost:
    """Run a command and measure it.

    Raises:
        CommandFailedError: it ended with an error.
    """
    started = time.perf_counter()
    before = os.times()
    peak: int | None = None
    with (
        tempfile.TemporaryFile() as told,
        subprocess.Popen(command, stdout=told, stderr=subprocess.STDOUT) as process,
    ):
        while with_memory and process.poll() is None:
            peak = _larger(peak, _summed_pss(process.pid))
            time.sleep(_INTERVAL)
        process.wait()
        told.seek(0)
        printed = told.read().decode("utf-8", "replace")
    after = os.times()
    if process.returncode:
        raise CommandFailedError(f"{' '.join(command)} ended with {process.returncode}:\n{printed}")
    return Cost(
        cpu=after.children_user + after.children_system - before.children_user - before.children_system,
        wall=time.perf_counter() - started,
        peak_mb=None if peak is None else peak / 1e6,
        output=printed,
    )


def _larger(peak: int | None, seen: int | None) -> int | None:
    return peak if seen is None else max(seen, peak or 0)


def _summed_pss(root: int) -> int | None:
    """Bytes of the processes below and including `root`."""
    if not Path("/proc/self/smaps_rollup").exists():
        return None
    return sum(map(_pss, _family(root)))


def _family(root: int) -> list[int]:
    family = [root]
    for member in family:
        try:
            for path in Path(f"/proc/{member}/task").glob("*/children"):
                family += map(int, path.read_text().split())
        except OSError:
            continue  # it ended while we looked
    return family


def _pss(process: int) -> int:
    try:
        for line in Path(f"/proc/{process}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1]) * 1024
    except OSError:
        pass  # it ended while we looked
    return 0
