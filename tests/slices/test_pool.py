"""Slices are read by workers; one that is killed is told of in a sentence, and the others' slices are kept."""

import os
import signal
import time
from pathlib import Path
from threading import Thread

import pytest

from pipeline.errors import ChanceryError
from pipeline.ingest.reader import RawFile, ReadOptions
from pipeline.progress import Silent
from pipeline.slices.plan import Slice
from pipeline.slices.pool import read_slices


def kill_reader_of(key: str, folder: Path) -> None:
    """Kill the worker that has begun the slice."""
    while not (begun := list(folder.glob(f".tmp-{key}-*"))):
        time.sleep(0.01)
    os.kill(int(begun[0].name.rpartition("-")[2]), signal.SIGKILL)


def test_a_killed_worker_is_told_of_with_its_files_and_what_was_read_stays(tmp_path: Path) -> None:
    endless, page, slices = tmp_path / "endless.txt", tmp_path / "page.txt", tmp_path / "slices"
    os.mkfifo(endless)  # whoever reads it waits
    page.write_text("A page")
    slices.mkdir()
    read, waiting = (RawFile(path, path.name, 4_000_000, 0) for path in (page, endless))
    done, waits, more = Slice("done", (read,)), Slice("waits", (waiting, read)), Slice("more", (read,))
    read_slices([done], slices, ReadOptions(), workers=2, progress=Silent())
    killer = Thread(target=kill_reader_of, args=("waits", slices))
    killer.start()
    with pytest.raises(ChanceryError, match=r"was killed \(at .*endless.txt and 1 other.*\), .* run the command again"):
        read_slices([done, waits, more], slices, ReadOptions(), workers=2, progress=Silent())
    killer.join()
    assert (slices / "done").is_dir()
    assert not (slices / "waits").exists()
