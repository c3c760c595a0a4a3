"""Pieces of work spread over processes come to what one process makes of them."""

import errno
import multiprocessing
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import Future
from multiprocessing.connection import Connection
from multiprocessing.context import SpawnProcess
from pathlib import Path

import polars as pl
import pytest

from pipeline.remember import DIGEST, remembered_rows, remembering
from pipeline.request import BuildRequest
from pipeline.spread import FEWEST, _Others, made_in_order, spreading
from tests.conftest import ROOT
from tests.simulation import crawl, simulate_site
from tests.simulation.writers import write_jsonl_stream
from tests.stage_runs import run_stages
from tests.worlds import table_digests


def told(number: int) -> tuple[int, int]:
    """The number and who was asked; the smaller the number, the later the answer."""
    time.sleep(max(0, 5 - number) / 50)
    return number, os.getpid()


def squared(number: int) -> int:
    return number * number


def refused(number: int) -> int:
    if number == FEWEST:
        raise ValueError(f"{number} cannot be made")
    return number


def only_here(job: tuple[int, int]) -> int:
    """A job that kills whoever makes it, except the process it names."""
    here, number = job
    if os.getpid() != here:
        os.kill(os.getpid(), signal.SIGKILL)
    return number


def half_told(job: tuple[int, int]) -> int:
    """A job that kills whoever makes it in the middle of its answer, except the process it names."""
    here, number = job
    if os.getpid() != here:

        def send_half(self: Connection, content: bytes) -> None:
            os.write(self.fileno(), content[: len(content) // 2])
            os.kill(os.getpid(), signal.SIGKILL)

        Connection._send = send_half  # type: ignore[attr-defined]
    return number


def lengths(texts: pl.Series) -> pl.DataFrame:
    return pl.DataFrame({DIGEST: texts, "length": texts.str.len_bytes(), "made_by": [os.getpid()] * texts.len()})


def itself(digests: pl.Series) -> pl.Series:
    return digests


@pytest.mark.parametrize("n_others", [1, 2])
def test_results_come_in_the_order_of_the_jobs_whoever_makes_them(n_others: int) -> None:
    with spreading(n_others):
        made = list(made_in_order(told, range(24), 24))
    assert [number for number, _ in made] == list(range(24))
    makers = {process for _, process in made}
    assert os.getpid() in makers
    assert 1 < len(makers) <= 1 + n_others


@pytest.mark.parametrize("n_others", [-3, 0])
def test_without_other_processes_everything_is_made_here(n_others: int) -> None:
    with spreading(n_others):
        assert {process for _, process in made_in_order(told, range(5, 25), 20)} == {os.getpid()}
    assert list(made_in_order(squared, range(4), 4)) == [0, 1, 4, 9]


def test_a_few_pieces_start_no_process() -> None:
    with spreading(2):
        made = list(made_in_order(told, range(FEWEST - 1), FEWEST - 1))
    assert {process for _, process in made} == {os.getpid()}


def test_what_cannot_be_made_is_an_error_wherever_it_was_tried() -> None:
    def all_of_them() -> None:
        with spreading(2):
            list(made_in_order(refused, range(20), 20))

    with pytest.raises(ValueError, match=f"{FEWEST} cannot be made"):
        all_of_them()


def test_what_a_killed_process_was_to_make_is_made_here() -> None:
    jobs = [(os.getpid(), number) for number in range(10)]
    with spreading(2):
        assert list(made_in_order(only_here, jobs, len(jobs))) == list(range(10))


HALF_TOLD = """
import os
from pipeline.spread import made_in_order, spreading
from tests.test_spread import half_told
if __name__ == "__main__":
    with spreading(2):
        print(list(made_in_order(half_told, [(os.getpid(), number) for number in range(10)], 10)))
"""


def test_a_process_killed_while_it_answers_is_not_waited_for(tmp_path: Path) -> None:
    script = tmp_path / "half_told.py"
    script.write_text(HALF_TOLD)
    found = {**os.environ, "PYTHONPATH": str(ROOT)}
    said = subprocess.run([sys.executable, script], env=found, capture_output=True, timeout=60, check=True, text=True)
    assert said.stdout == f"{list(range(10))}\n"


def test_no_process_is_left_whatever_ended_the_work() -> None:
    def stopped() -> None:
        with spreading(2):
            for number, _ in enumerate(made_in_order(told, range(-600, 600), 1200)):
                if number == FEWEST:
                    raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        stopped()
    assert not multiprocessing.active_children()


@pytest.mark.parametrize("n_started", [0, 1])
def test_a_process_that_cannot_be_started_is_asked_for_once_and_missed_by_nobody(
    monkeypatch: pytest.MonkeyPatch, n_started: int
) -> None:
    asked = 0
    start = SpawnProcess.start

    def started(self: SpawnProcess) -> None:
        nonlocal asked
        asked += 1
        if asked > n_started:
            raise OSError(errno.EMFILE, os.strerror(errno.EMFILE))
        start(self)

    monkeypatch.setattr(SpawnProcess, "start", started)
    with spreading(3):
        made = list(made_in_order(told, range(24), 24))
    assert [number for number, _ in made] == list(range(24))
    assert len({process for _, process in made}) == 1 + n_started
    assert asked == n_started + 1


def test_remembered_rows_are_the_same_and_kept_whoever_makes_them(tmp_path: Path) -> None:
    texts = pl.Series(["x" * number for number in range(60)])
    makers = set()
    for n_others in (2, 0):
        with spreading(n_others), remembering(tmp_path, "a" * 64):
            found = remembered_rows("lengths", texts, itself, lengths, 2)
        assert dict(found.select(DIGEST, "length").iter_rows()) == {text: len(text) for text in texts}
        makers |= set(found["made_by"])
    assert len(makers) > 1


def test_a_build_whose_resolving_is_shared_gives_the_same_tables(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    raw = tmp_path / "raw"
    raw.mkdir()
    write_jsonl_stream(crawl(simulate_site(43, n_items=60), 43, n_captures=160), raw / "all.jsonl")
    sent: set[tuple[str, str]] = set()
    send = _Others._send

    def noted(self: _Others, make: Callable[[object], object], job: object) -> Future[object]:
        sent.add((make.__module__, make.__name__))
        return send(self, make, job)

    monkeypatch.setattr("pipeline.spread.FEWEST", 1)
    monkeypatch.setattr(_Others, "_send", noted)
    run_stages(BuildRequest(raw=(raw,), outputs=tmp_path / "alone", workers=1))
    assert not sent
    run_stages(BuildRequest(raw=(raw,), outputs=tmp_path / "shared", workers=3))
    assert len(sent) > 9  # of events, articles, versions, links, titles and statements
    assert table_digests(tmp_path / "alone") == table_digests(tmp_path / "shared")
