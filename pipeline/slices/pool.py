"""Reads slices in a pool of worker processes and keeps their rows as Parquet until the raw files change.

A slice's folder appears under its key only when all its parts are written, so a build killed at any moment leaves
whole slices or none, and the next one goes on from there.
"""

import gc
import os
import shutil
from collections.abc import Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, wait
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from pipeline.counted import counted
from pipeline.errors import ChanceryError
from pipeline.ingest.reader import ReadOptions
from pipeline.progress import Progress
from pipeline.slices.plan import Slice
from pipeline.workers import worker_pool

if TYPE_CHECKING:
    from pipeline.slices.part import Part

_IN_PROCESS_BYTES: Final = 4 * 1024 * 1024
"""Below this much raw input a pool costs more than it gains."""


_ALLOCATIONS: Final = 200_000
"""New objects after which Python looks for cycles while it reads; they come from libraries' errors alone."""


@dataclass(frozen=True, slots=True)
class SliceJob:
    """Everything a worker needs."""

    slice: Slice
    folder: Path
    options: ReadOptions


def read_slices(
    slices: Sequence[Slice], folder: Path, options: ReadOptions, *, workers: int, progress: Progress
) -> None:
    """Read every slice that has no folder yet.

    Args:
        slices: the plan.
        folder: where slices are kept.
        options: what readers obey.
        workers: processes to use.
        progress: told the bytes of raw files read.

    Raises:
        ChanceryError: a worker was killed, as systems do where memory runs out.
    """
    todo = [SliceJob(piece, folder, options) for piece in slices if not (folder / piece.key).is_dir()]
    total = sum(job.slice.size for job in todo)
    progress.start("read", total, "bytes")
    done = _here(todo) if workers <= 1 or total < _IN_PROCESS_BYTES or len(todo) == 1 else _in_pool(todo, workers)
    for job, captures in done:
        progress.advance(job.slice.size, captures)
    progress.finish()


def forget_slices(slices: Sequence[Slice], folder: Path) -> None:
    """Remove the folders of slices that are no longer in the plan."""
    wanted = {piece.key for piece in slices}
    for path in folder.iterdir():
        if path.name not in wanted:
            shutil.rmtree(path, ignore_errors=True)


def read_slice(job: SliceJob) -> int:
    """Read one slice, write its parts and return the number of pages in it."""
    # A part holds a hundred thousand rows, none in a cycle: looking through them again and again is half of the cost.
    thresholds = gc.get_threshold()
    gc.set_threshold(_ALLOCATIONS, 20, 100)
    try:
        return _read_slice(job)
    finally:
        gc.set_threshold(*thresholds)


def _read_slice(job: SliceJob) -> int:
    from pipeline.ingest.read import read_file
    from pipeline.slices.part import Part

    temporary = job.folder / f"{_temporary(job)}{os.getpid()}"
    shutil.rmtree(temporary, ignore_errors=True)
    temporary.mkdir(parents=True)
    part, number, pages = Part(), 0, 0
    for file in job.slice.files:
        for record in read_file(file, job.options):
            part.add(record)
            if part.is_full:
                _write(part, temporary / f"{number:05d}")
                part, number, pages = Part(), number + 1, pages + len(part.pages)
    _write(part, temporary / f"{number:05d}")
    temporary.rename(job.folder / job.slice.key)
    return pages + len(part.pages)


def _write(part: "Part", folder: Path) -> None:
    folder.mkdir()
    for name, frame in part.frames().items():
        frame.write_parquet(folder / f"{name}.parquet", compression="zstd", compression_level=1)


def _here(jobs: Sequence[SliceJob]) -> Iterator[tuple[SliceJob, int]]:
    for job in jobs:
        yield job, read_slice(job)


def _in_pool(jobs: Sequence[SliceJob], workers: int) -> Iterator[tuple[SliceJob, int]]:
    """Largest slices first, so that no worker is left with a long one at the end."""
    queue = sorted(jobs, key=lambda job: (-job.slice.size, job.slice.key))
    with worker_pool(workers) as pool:
        running: dict[Future[int], SliceJob] = {pool.submit(read_slice, job): job for job in queue}
        try:
            while running:
                finished, _ = wait(running, return_when=FIRST_COMPLETED)
                for future in finished:
                    yield running.pop(future), future.result()
        except BrokenProcessPool as error:
            raise ChanceryError(_killed(queue)) from error
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            raise


def _temporary(job: SliceJob) -> str:
    """What the name of a folder begins with while its slice is read; the worker's process number follows."""
    return f".tmp-{job.slice.key}-"


def _killed(jobs: Sequence[SliceJob]) -> str:
    """What to say when a worker was killed: only folders tell what was being read."""
    begun = [job.slice.files for job in jobs if any(job.folder.glob(f"{_temporary(job)}*"))]
    told = [files[0].raw_path + (f" and {counted(len(files) - 1, 'other')}" if files[1:] else "") for files in begun]
    place = f" (at {', '.join(sorted(set(told)))})" if told else ""
    return (
        f"a process that read raw files was killed{place}, as systems do when memory runs out; run the command again, "
        "with fewer --workers if that may be so: whatever was read is kept."
    )
