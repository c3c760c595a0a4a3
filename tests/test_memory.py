"""Memory that was freed goes back to the system where the C library can be asked for it."""

import ctypes
import os
import sys
from datetime import UTC, date, datetime
from pathlib import Path

import polars as pl
import pyarrow as pa
import pytest

from pipeline.cli import main
from pipeline.memory import give_back, with_own_strings


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


def test_rows_picked_from_many_take_no_more_than_their_own_strings() -> None:
    many = pl.DataFrame({"place": range(10_000), "text": [f"{number:0200}" for number in range(10_000)]})
    few = with_own_strings(many.filter(pl.col("place") % 1_000 == 0))
    assert few["text"].to_list() == [f"{number:0200}" for number in range(0, 10_000, 1_000)]
    strings = few["text"].to_arrow(compat_level=pl.CompatLevel.newest())
    buffers = strings.buffers() if isinstance(strings, pa.Array) else []
    assert 2_000 < sum(buffer.size for buffer in buffers if buffer) < 10_000


def test_rows_with_strings_of_their_own_are_the_same_rows() -> None:
    rows = pl.DataFrame(
        {
            "text": ["Visa – ‘news’", None, ""],
            "number": pl.Series([1, None, 3], dtype=pl.UInt32),
            "day": [date(2019, 3, 6), None, date(2020, 1, 1)],
            "at": [datetime(2019, 3, 6, 12, tzinfo=UTC), None, None],
            "kind": pl.Series(["a", None, "b"], dtype=pl.Enum(["b", "a"])),
        }
    )
    for some in (rows, rows.clear(), pl.concat([rows, rows], rechunk=False)):
        own = with_own_strings(some)
        assert own.equals(some)
        assert own.schema == some.schema


def test_the_command_asks_for_freed_memory_to_go_back_soon_unless_someone_asked_otherwise(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(sys, "argv", ["chancery", "--version"])
    monkeypatch.delenv("_RJEM_MALLOC_CONF", raising=False)
    with pytest.raises(SystemExit):
        main()
    assert os.environ["_RJEM_MALLOC_CONF"] == "dirty_decay_ms:200,muzzy_decay_ms:0"
    monkeypatch.setenv("_RJEM_MALLOC_CONF", "dirty_decay_ms:5000")
    with pytest.raises(SystemExit):
        main()
    assert os.environ["_RJEM_MALLOC_CONF"] == "dirty_decay_ms:5000"
