"""Worker processes: how they are started, and what holds in each before it imports anything.

A pool is for answers of a few bytes: all of its workers answer through one pipe, and one that is killed while it writes
leaves a part of an answer there, for the rest of which the pool waits for ever. A `Worker` has a pipe of its own, which
ends with it.
"""

import os
import signal
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from contextlib import suppress
from multiprocessing import get_context, parent_process
from multiprocessing.connection import Connection
from threading import Thread
from traceback import format_exc
from typing import Any, TypeVar

_Job = TypeVar("_Job")
_Made = TypeVar("_Made")


class WorkerDiedError(Exception):
    """A worker was gone before its answer was there."""


class Worker:
    """A process that makes one thing after the other, of whatever size."""

    def __init__(self) -> None:
        """Start the process.

        Raises:
            OSError: the system starts no other.
        """
        context = get_context("spawn")
        self._pipe, theirs = context.Pipe()
        with theirs:  # once only the worker has that end, the pipe ends with the worker
            self._process = context.Process(target=_answer, args=(theirs,), daemon=True)
            self._process.start()

    def made(self, make: Callable[[_Job], _Made], job: _Job) -> _Made:
        """What a job comes to; whatever `make` raises is raised.

        Raises:
            WorkerDiedError: the process is no more.
        """
        try:
            self._pipe.send((make, job))
            answer: tuple[Exception | None, _Made] = self._pipe.recv()
        except (EOFError, OSError) as died:
            raise WorkerDiedError from died
        error, made = answer
        if error is not None:
            raise error
        return made

    def end(self) -> None:
        """End the process, whatever it is at."""
        self._process.terminate()
        self._process.join()


def worker_pool(n_workers: int) -> ProcessPoolExecutor:
    """A pool of so many processes, each started when there is a job for it."""
    return ProcessPoolExecutor(n_workers, mp_context=get_context("spawn"), initializer=_prepare_worker)


def _answer(pipe: "Connection[Any, Any]") -> None:
    """What a worker does: make what it is asked for until nobody asks any more."""
    _prepare_worker()
    with suppress(EOFError, OSError):
        while True:
            pipe.send(_answered(*pipe.recv()))


def _answered(make: Callable[[_Job], _Made], job: _Job) -> tuple[Exception | None, _Made | None]:
    try:
        return None, make(job)
    except Exception as error:  # noqa: BLE001 -- is raised where the result is wanted
        error.add_note(format_exc())
        return error, None


def _prepare_worker() -> None:
    """Set up a worker before it imports anything.

    Ctrl-C is for the parent, which then stops the pool; a worker must not print a traceback of its own. The workers
    are the threads: libraries that start some in each would hold memory for them and take turns on the same processors.
    A worker that waits for its next job does not notice that nobody is left to send one, so a thread waits for that.
    """
    os.environ.update(dict.fromkeys(("POLARS_MAX_THREADS", "OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS"), "1"))
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    """End this process as soon as its parent is gone, however that ended; nobody would take the result of its job."""
    parent = parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)
