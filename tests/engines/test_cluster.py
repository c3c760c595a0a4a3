"""Of the pages that Spark says about an error, the line is told that a person can act on."""

import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from pipeline.cli import chancery
from pipeline.engines.cluster import _cause
from pipeline.errors import ChanceryError

JOB = """An error occurred while calling o123.collectToPython.
: org.apache.spark.SparkException: Job aborted due to stage failure: Task 0 in stage 0.0 failed 4 times, most recent \
failure: Lost task 0.3 in stage 0.0 (TID 3) (10.0.0.2 executor 0): org.apache.spark.PythonException: Traceback:
  File "pipeline/engines/spark.py", line 1, in _looks
"""


@pytest.mark.parametrize(
    ("message", "sentence"),
    [
        (
            JOB
            + "RuntimeError: node-7 does not see /mnt/a.warc as the driver does; mount it there.\n\n\tat org.x.Y(Z)",
            "node-7 does not see /mnt/a.warc as the driver does; mount it there.",
        ),
        (
            JOB + "ModuleNotFoundError: No module named 'pipeline'\n\tat x",
            "ModuleNotFoundError: No module named 'pipeline'",
        ),
        (
            "[FAILED_EXECUTE_UDF] due to: java.io.IOException: raw file s3a://b/k (java.io.EOFException)",
            "raw file s3a://b/k (java.io.EOFException)",
        ),
        (
            "An error occurred while calling o1.list.\n: java.io.FileNotFoundException: File file:/x does not exist\n",
            "FileNotFoundException: File file:/x does not exist",
        ),
        (
            "An error occurred.\n: java.lang.IllegalStateException: Cannot call methods on a stopped SparkContext.",
            "the cluster does not answer; check its URL and whether it runs.",
        ),
        (
            "[JAVA_GATEWAY_EXITED] Java gateway process exited before sending its port number.",
            "Java said why in the lines above; check the master's URL, and that Java is 17 or newer.",
        ),
        ("", "no reason is known"),
    ],
)
def test_the_cause_of_an_error_is_one_line(message: str, sentence: str) -> None:
    assert _cause(message) == sentence


@pytest.mark.parametrize("root", ["dumps", "file:///dumps"])
def test_without_pyspark_the_extra_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, root: str) -> None:
    for module in [name for name in sys.modules if name.partition(".")[0] in {"py4j", "pyspark"}]:
        monkeypatch.delitem(sys.modules, module)
    for package in ("py4j", "pyspark"):
        monkeypatch.setitem(sys.modules, package, None)
    monkeypatch.chdir(tmp_path)
    Path("dumps").mkdir()
    Path("dumps/page.txt").write_text("a page", encoding="utf-8")
    result = CliRunner().invoke(chancery, ["build", "--raw", root, "--outputs", "outputs", "--engine", "spark"])
    assert isinstance(result.exception, ChanceryError)
    assert "pip install 'chancery[spark]'" in str(result.exception)
