"""A worker lives no longer than the process that started it, however that ended."""

import os
import signal
import subprocess
import sys

import pytest

KILLED = """
import os, signal, time
from pipeline.workers import worker_pool
pool = worker_pool(1)
print(pool.submit(os.getpid).result() != os.getpid(), flush=True)
{more}
os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.mark.parametrize("more", ["", "pool.submit(time.sleep, 600)"], ids=["idle", "busy"])
def test_a_worker_ends_when_its_parent_was_killed(more: str) -> None:
    # The worker has inherited the pipe, which is at its end when nobody holds it any more.
    with subprocess.Popen(
        [sys.executable, "-c", KILLED.format(more=more)],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
        text=True,
    ) as parent:
        try:
            said, _ = parent.communicate(timeout=60)
        except subprocess.TimeoutExpired:
            os.killpg(parent.pid, signal.SIGKILL)
            raise
    assert (said, parent.returncode) == ("True\n", -signal.SIGKILL)
