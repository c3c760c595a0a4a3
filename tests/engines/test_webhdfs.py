"""A dump that only a network reaches: Hadoop's WebHDFS client reads it from servers of the test's own."""

import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.engines.builds import build, on_spark, refuse
from tests.engines.webhdfs import WebHdfs, webhdfs

pytest.importorskip("pyspark", reason="PySpark is in an environment of its own: make test-spark")

from tests.worlds import table_digests

pytestmark = pytest.mark.usefixtures("small_pieces")


@pytest.fixture
def hdfs(tmp_path: Path) -> Iterator[WebHdfs]:
    """A file system with /dumps/three, whose files come in several pieces each."""
    folder = tmp_path / "hdfs/dumps/three"
    folder.mkdir(parents=True)
    for name in ("first.txt", "second.txt", "third.txt"):
        (folder / name).write_text(name * 1_000)
    with webhdfs(tmp_path / "hdfs") as served:
        yield served


def fails(url: str, outputs: Path) -> str:
    """What is said of a build that fails; nothing is published."""
    code, said = on_spark(url, outputs)
    assert code == 1, said
    assert not [*(outputs / "tables").glob("*")]
    return said


def test_a_dump_read_over_the_network_gives_the_tables_of_the_folder(
    dump: Path, small_pieces: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    code, said = build(dump, tmp_path / "local", "--workers", "1")
    assert code == 0, said
    monkeypatch.setattr("pipeline.slices.pool.read_slice", refuse)
    with webhdfs(dump.parent) as hdfs:
        code, said = on_spark(f"{hdfs.url}/{dump.name}", tmp_path / "spark")
    assert code == 0, said
    assert table_digests(tmp_path / "spark") == table_digests(tmp_path / "local")
    assert len(table_digests(tmp_path / "local")) == 21
    asked = Counter((path, offset) for server, _, path, offset in hdfs.requests if server == "datanode")
    pieces = Counter(
        {
            (f"/{path.relative_to(dump.parent)}", offset): 2  # for its digest, and for its slice
            for path in dump.rglob("*")
            if path.is_file()
            for offset in range(0, path.stat().st_size, small_pieces)
        }
    )
    pieces[f"/{dump.name}/index.cdx", 0] += 1  # the driver loads the index
    assert asked == pieces


def test_a_file_that_vanishes_after_it_was_listed_is_one_sentence(hdfs: WebHdfs, tmp_path: Path) -> None:
    hdfs.surprises.append((hdfs.root / "dumps/three/second.txt").unlink)
    said = fails(f"{hdfs.url}/dumps/three", tmp_path / "outputs")
    file = re.escape(f"{hdfs.url}/dumps/three/second.txt")
    said_so = rf"Spark could not read the raw files: raw file {file} \(.*FileNotFoundException: .*\)"
    assert re.fullmatch(said_so, said), said


@pytest.mark.parametrize(("left", "end"), [(5_000, 8_000), (4_000, 8_000), (0, 4_000)])
def test_a_file_that_became_shorter_after_it_was_listed_is_one_sentence(
    left: int, end: int, hdfs: WebHdfs, tmp_path: Path
) -> None:
    changed = hdfs.root / "dumps/three/second.txt"
    hdfs.surprises.append(lambda: changed.write_bytes(changed.read_bytes()[:left]))
    said = fails(f"{hdfs.url}/dumps/three", tmp_path / "outputs")
    file = f"{hdfs.url}/dumps/three/second.txt"
    reason = f"it ended before byte {end}, which it had when listed"
    assert said == f"Spark could not read the raw files: raw file {file} ({reason})"


def test_a_server_that_is_gone_is_one_sentence(hdfs: WebHdfs, tmp_path: Path) -> None:
    hdfs.stop()
    said = fails(f"{hdfs.url}/dumps/three", tmp_path / "outputs")
    root = re.escape(f"{hdfs.url}/dumps/three")
    assert re.fullmatch(rf"Spark could not list {root}: ConnectException: .*Connection refused", said), said


def test_a_server_that_goes_while_files_are_read_is_one_sentence(hdfs: WebHdfs, tmp_path: Path) -> None:
    hdfs.surprises.append(hdfs.stop)
    said = fails(f"{hdfs.url}/dumps/three", tmp_path / "outputs")
    root = re.escape(f"{hdfs.url}/dumps/three")
    said_so = rf"Spark could not read the raw files: raw file {root}/\w+\.txt \(.*ConnectException: .*refused\)"
    assert re.fullmatch(said_so, said), said
