"""Worker processes: how they are started, and what holds in each before it imports anything."""

import os
import signal
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context


def worker_pool(n_workers: int) -> ProcessPoolExecutor:
    """A pool of so many processes, each started when there is a job for it."""
    return ProcessPoolExecutor(n_workers, mp_context=get_context("spawn"), initializer=_prepare_worker)


def _prepare_worker() -> None:
    """Set up a worker before it imports anything.

    Ctrl-C is for the parent, which then stops the pool; a worker must not print a traceback of its own. The workers
    are the threads: libraries that start some in each would hold memory for them and take turns on the same processors.
    """
    os.environ.update(dict.fromkeys(("POLARS_MAX_THREADS", "OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS"), "1"))
    signal.signal(signal.SIGINT, signal.SIG_IGN)
