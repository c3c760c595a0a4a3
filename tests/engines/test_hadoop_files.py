"""Raw roots given as URLs, which Spark's own file systems read, give the tables of the same folder read here."""

import os
import re
import shutil
import socket
import subprocess
import sys
from pathlib import Path

import polars as pl
import pytest

from pipeline.errors import ChanceryError
from tests.engines.builds import AWKWARD, LISTED, build, on_spark, refuse
from tests.simulation import crawl, simulate_site
from tests.simulation.writers import write_jsonl_stream

pytest.importorskip("pyspark", reason="PySpark is in an environment of its own: make test-spark")

from pipeline.engines.cluster import Cluster
from tests.worlds import table_digests

pytestmark = pytest.mark.usefixtures("small_pieces")


@pytest.fixture(scope="module")
def outputs(dump: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Outputs of a build that was given a URL."""
    folder = tmp_path_factory.mktemp("spark")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("pipeline.slices.pool.read_slice", refuse)
        code, output = on_spark(f"file://{dump}", folder)
    assert code == 0, output
    return folder


def test_a_url_gives_the_tables_of_the_folder_byte_for_byte(dump: Path, outputs: Path, tmp_path: Path) -> None:
    code, output = build(dump, tmp_path, "--workers", "1")
    assert code == 0, output
    assert table_digests(outputs) == table_digests(tmp_path)


def test_files_of_any_name_are_read_and_an_index_is_used(outputs: Path) -> None:
    ledger = pl.read_parquet(outputs / "tables" / "raw_records.parquet")
    read = set(ledger.filter(pl.col("capture_id").is_not_null())["raw_path"])
    awkward = {name.replace("%25", "%2525").replace("%E9", "%25E9") for name in AWKWARD}
    assert {*awkward, LISTED, "crawl.warc.gz", "corpus.jsonl"} <= read
    listed = ledger.filter(pl.col("raw_path") == LISTED).join(
        pl.read_parquet(outputs / "tables" / "captures.parquet"), on="capture_id"
    )
    assert listed["captured_at"].dt.strftime("%Y%m%d%H%M%S").to_list() == ["20191118210325"]


def test_only_what_is_new_is_read(dump: Path, outputs: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    code, output = on_spark(f"file://{dump}", outputs)
    assert (code, output.startswith("Nothing new")) == (0, True), output
    changed = tmp_path / "a dump"
    shutil.copytree(dump, changed)
    (changed / "corpus.jsonl").unlink()
    captures = list(crawl(simulate_site(43, n_items=20), 44, n_captures=20))
    write_jsonl_stream(captures, changed / "more.jsonl")
    assert build(changed, tmp_path / "local", "--workers", "1")[0] == 0
    dump.rename(tmp_path / "old")
    changed.rename(dump)
    monkeypatch.setattr("pipeline.slices.pool.read_slice", refuse)
    code, output = on_spark(f"file://{dump}", outputs)
    assert code == 0, output
    assert table_digests(outputs) == table_digests(tmp_path / "local")


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("file:///nowhere/at/all", r"Spark could not list file:///nowhere/at/all: FileNotFoundException: .*"),
        ("what://store/dump", r"Spark could not list what://store/dump: UnsupportedFileSystemException: .*what.*"),
    ],
)
def test_a_root_that_cannot_be_listed_is_one_sentence(url: str, reason: str, tmp_path: Path) -> None:
    code, output = on_spark(url, tmp_path)
    assert code == 1
    assert re.fullmatch(reason, output), output


def test_an_empty_root_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "raw").mkdir()
    code, output = on_spark(f"file://{tmp_path}/raw", tmp_path / "outputs")
    assert code == 1
    assert output.startswith(f"there is no file under file://{tmp_path}/raw;")


def test_a_url_is_for_spark(tmp_path: Path) -> None:
    code, output = build("hdfs://name/dump", tmp_path)
    assert code == 2
    assert "hdfs://name/dump is for --engine spark" in output


def test_without_java_the_sentence_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JAVA_HOME", str(tmp_path))
    with (
        Cluster("local[1]") as cluster,
        pytest.raises(ChanceryError, match=r"^Spark needs Java 17 or newer, and there"),
    ):
        _ = cluster.session


def test_a_master_that_does_not_answer_is_one_sentence(tmp_path: Path) -> None:
    """In a process of its own: Spark's client goes on giving up in its Java machine and would stop the next session."""
    (tmp_path / "raw").mkdir()
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        master = f"spark://127.0.0.1:{closed.getsockname()[1]}"
    done = in_a_process((tmp_path / "raw").as_uri(), tmp_path / "out", master)
    assert done.returncode == 1
    assert f"chancery: Spark could not start on {master}: the cluster" in done.stderr
    assert "Traceback (most recent call last)" not in done.stderr


def test_java_that_cannot_spell_the_names_of_files_passes_over_none(tmp_path: Path) -> None:
    (tmp_path / "raw").mkdir()
    (tmp_path / "raw" / "Посольство.txt").write_text("Text")
    root = (tmp_path / "raw").as_uri()
    done = in_a_process(root, tmp_path / "out", "local[1]", LC_ALL="C")
    assert done.returncode == 1
    assert f"chancery: Spark could not list {root}: IOException: Java reads names of files as" in done.stderr


def in_a_process(root: str, outputs: Path, master: str, **environment: str) -> "subprocess.CompletedProcess[str]":
    code = "import sys; from pipeline.cli import main; sys.argv[0] = 'chancery'; main()"
    arguments = ["build", "--raw", root, "--outputs", str(outputs), "--engine", "spark", "--master", master]
    command = [sys.executable, "-c", code, *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False, env=os.environ | environment)
