"""Pieces of pure work, made by this process and by others beside it: the same results, in the same order.

The decision made here: who makes what. A piece goes to another process while one of those is idle or soon will be, and
is made here otherwise; so the others never wait for this one, and a piece that takes long keeps nobody else waiting.
What a process that died was to make is made here, and so is everything once one cannot be started.
"""

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import Future
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from queue import Empty, SimpleQueue
from threading import Thread
from typing import Any, Final, TypeAlias, TypeVar

from pipeline.workers import Worker, WorkerDiedError

_Job = TypeVar("_Job")
_Made = TypeVar("_Made")

FEWEST: Final = 3
"""Pieces that are worth the second it takes a process to start."""

_Order: TypeAlias = tuple[Future[Any], Callable[[Any], Any], Any]
"""What will hold the result, the function and the job."""


class _Others:
    """Processes beside this one; they start when there is something for them."""

    def __init__(self, n_processes: int) -> None:
        self._n_processes = n_processes
        self._workers: list[Worker] = []
        self._threads: list[Thread] = []
        self._orders: SimpleQueue[_Order | None] = SimpleQueue()
        self._takes_more = True

    def made(self, make: Callable[[_Job], _Made], jobs: Iterable[_Job]) -> Iterator[_Made]:
        """What each job comes to, in order."""
        results: deque[Future[_Made]] = deque()
        away: dict[Future[_Made], _Job] = {}
        for job in jobs:
            away = {future: sent for future, sent in away.items() if not future.done() or _died(future)}
            self._takes_more = self._takes_more and not any(future.done() for future in away)
            if self._takes_more and sum(not future.done() for future in away) <= self._n_processes:
                future = self._send(make, job)
                away[future] = job
            else:
                future = _done(make(job))
            results.append(future)
            while results and results[0].done():
                yield _result(make, results.popleft(), away)
        while results:
            yield _result(make, results.popleft(), away)

    def _send(self, make: Callable[[_Job], _Made], job: _Job) -> Future[_Made]:
        if len(self._workers) < self._n_processes:
            try:
                self._workers.append(Worker())
            except OSError:  # the system starts no other (too many open files, …)
                self._takes_more = False
                return _done(make(job))
            self._threads.append(Thread(target=_serve, args=(self._workers[-1], self._orders), daemon=True))
            self._threads[-1].start()
        future: Future[_Made] = Future()
        self._orders.put((future, make, job))
        return future

    def stop(self) -> None:
        """End the processes, whatever they are at."""
        with suppress(Empty):
            while True:
                self._orders.get_nowait()
        for worker in self._workers:
            worker.end()
        for _ in self._threads:
            self._orders.put(None)
        for thread in self._threads:
            thread.join()


def _serve(worker: Worker, orders: "SimpleQueue[_Order | None]") -> None:
    """Have a worker make what is ordered."""
    while _serve_one(worker, orders):
        pass


def _serve_one(worker: Worker, orders: "SimpleQueue[_Order | None]") -> bool:
    """Have the next order made, which nothing refers to afterwards; false after the last."""
    order = orders.get()
    if order is None:
        return False
    future, make, job = order
    try:
        future.set_result(worker.made(make, job))
    except BaseException as error:  # noqa: BLE001 -- is raised where the result is wanted
        future.set_exception(error)
    return True


_others: ContextVar[_Others | None] = ContextVar("others", default=None)


@contextmanager
def spreading(n_processes: int) -> Iterator[None]:
    """Let `made_in_order` use processes beside this one, which are gone afterwards; zero of them, or none at all."""
    others = _Others(n_processes) if n_processes > 0 else None
    token = _others.set(others)
    try:
        yield
    finally:
        _others.reset(token)
        if others is not None:
            others.stop()


def made_in_order(make: Callable[[_Job], _Made], jobs: Iterable[_Job], n_jobs: int) -> Iterator[_Made]:
    """What each job comes to, in the order of the jobs.

    Args:
        make: a pure function of a module, which other processes find by its name.
        jobs: what it takes; the next one is asked for when there is somebody to make it.
        n_jobs: how many there are.
    """
    others = _others.get()
    if others is None or n_jobs < FEWEST:
        return map(make, jobs)
    return others.made(make, jobs)


def _done(made: _Made) -> Future[_Made]:
    future: Future[_Made] = Future()
    future.set_result(made)
    return future


def _died(future: Future[_Made]) -> bool:
    """Whether the process that had the job is no more."""
    return isinstance(future.exception(), WorkerDiedError)


def _result(make: Callable[[_Job], _Made], future: Future[_Made], away: Mapping[Future[_Made], _Job]) -> _Made:
    return make(away[future]) if _died(future) else future.result()
