"""Ctrl-C while Spark reads: one sentence and the exit code of an interrupt, as with the local engine."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

pytest.importorskip("pyspark", reason="PySpark is in an environment of its own: make test-spark")

COPIES = 500
"""Of a sample: reading them takes long enough to be interrupted."""

PROGRAM = """
import signal
signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell's job in the background begins without
from pipeline.cli import main
main()
"""


def test_ctrl_c_while_the_cluster_reads_ends_in_one_sentence(raw: Path, tmp_path: Path) -> None:
    dumps, outputs, temporary = (tmp_path / name for name in ("dumps", "outputs", "temporary"))
    dumps.mkdir()
    temporary.mkdir()
    sample = next(raw.glob("000_*.txt")).read_bytes()
    for number in range(COPIES):
        (dumps / f"{number}.txt").write_bytes(sample + f"\n\nNumber {number}\n".encode())
    program = [sys.executable, "-c", PROGRAM]
    options = ["build", "--raw", str(dumps), "--outputs", str(outputs), "--engine", "spark", "--master", "local[2]"]
    environment = os.environ | {"TMPDIR": str(temporary)}
    with (
        (tmp_path / "said").open("w") as said,
        subprocess.Popen([*program, *options], stderr=said, env=environment) as build,
    ):
        while build.poll() is None and not list(temporary.glob("chancery-*/raw")):  # an executor is at a slice
            time.sleep(0.02)
        build.send_signal(signal.SIGINT)
    told = (tmp_path / "said").read_text()
    assert build.returncode == 130, told
    assert "Traceback" not in told
    assert "RuntimeWarning" not in told
    assert told.splitlines()[-1].startswith("chancery: stopped")
