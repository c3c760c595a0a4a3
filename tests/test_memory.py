"""Memory that was freed goes back to the system where the C library can be asked for it."""

import ctypes
import sys
from pathlib import Path

import pytest

from pipeline.memory import give_back


def held() -> int:
    """Pages of this process in memory."""
    return int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])


@pytest.mark.skipif(
    not sys.platform.startswith("linux") or not hasattr(ctypes.CDLL(None), "malloc_trim"), reason="needs glibc"
)
def test_what_was_freed_below_something_still_in_use_goes_back() -> None:
    texts = [b"x" * 6_000 for _ in range(20_000)]
    last = [b"y" * 6_000]
    del texts
    before = held()
    give_back()
    assert held() < before - 10_000
    assert last
