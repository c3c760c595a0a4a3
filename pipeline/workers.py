"""Worker processes: how they are started, and what holds in each before it imports anything."""

import os
import signal
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context, parent_process
from threading import Thread


def worker_pool(n_workers: int) -> ProcessPoolExecutor:
    """A pool of so many processes, each started when there is a job for it."""
    return ProcessPoolExecutor(n_workers, mp_context=get_context("spawn"), initializer=_prepare_worker)


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
