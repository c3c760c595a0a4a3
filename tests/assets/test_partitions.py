"""Dumps as partitions: what one run reads, and that the build after it reads nothing twice."""

import shutil
from pathlib import Path

import dagster as dg
import pytest

from pipeline.assets.partitions import DUMPS, raw_dumps
from pipeline.assets.resource import Build
from pipeline.definitions import defs as of_command_line
from pipeline.ingest.discover import discover
from pipeline.service import defs
from pipeline.slices import pool
from pipeline.stages.dumps import LOOSE_FILES, find_dumps


@pytest.fixture
def root(raw: Path, tmp_path: Path) -> Path:
    """The sample dumps, one in a folder of its own and one beside it."""
    folder = tmp_path / "dumps"
    (folder / "2015").mkdir(parents=True)
    shutil.copy(raw / "000_fce646e764c63825.txt", folder / "2015")
    shutil.copy(raw / "003_9dab5ff1aff01632.txt", folder)
    return folder


def arguments(root: Path, outputs: Path) -> dict[str, object]:
    return {"build": Build(raw=[str(root)], outputs=str(outputs), workers=1)}


def read(root: Path, outputs: Path, dump: str, instance: dg.DagsterInstance) -> dict[str, object]:
    """Materialise one partition and return its figures."""
    instance.add_dynamic_partitions(str(DUMPS.name), [dump])
    result = dg.materialize(
        [raw_dumps], partition_key=dump, instance=instance, resources=arguments(root, outputs), raise_on_error=True
    )
    (done,) = result.asset_materializations_for_node("raw_dumps")
    return {name: value.value for name, value in done.metadata.items()}


def test_a_folder_and_a_large_file_are_dumps_and_small_files_make_one(tmp_path: Path) -> None:
    (tmp_path / "2015" / "deep").mkdir(parents=True)
    (tmp_path / "2015" / "deep" / "a.txt").write_text("a")
    (tmp_path / "2015" / "b.txt").write_text("b")
    (tmp_path / "c.txt").write_text("c")
    (tmp_path / "d.txt").write_text("d")
    with (tmp_path / "large.warc").open("wb") as file:
        file.truncate(5 * 1024 * 1024)
    dumps = find_dumps([tmp_path], discover([tmp_path]))
    assert {name: [file.raw_path for file in dump.files] for name, dump in dumps.items()} == {
        LOOSE_FILES: ["c.txt", "d.txt"],
        "2015": ["2015/b.txt", "2015/deep/a.txt"],
        "large.warc": ["large.warc"],
    }


def test_dumps_of_two_roots_keep_their_roots_names_apart(tmp_path: Path) -> None:
    for root in ("one", "two"):
        (tmp_path / root / "2015").mkdir(parents=True)
        (tmp_path / root / "2015" / "a.txt").write_text(root)
    roots = [tmp_path / "one", tmp_path / "two"]
    assert list(find_dumps(roots, discover(roots))) == ["one/2015", "two/2015"]


def test_a_name_that_dagster_refuses_is_written_otherwise(tmp_path: Path) -> None:
    (tmp_path / "a...b\n").mkdir()
    (tmp_path / "a...b\n" / "c.txt").write_text("c")
    assert list(find_dumps([tmp_path], discover([tmp_path]))) == ["a%2E%2E%2Eb%0A"]


def test_a_partition_reads_its_dump_once(root: Path, tmp_path: Path) -> None:
    with dg.DagsterInstance.ephemeral() as instance:
        first = read(root, tmp_path / "out", "2015", instance)
        again = read(root, tmp_path / "out", "2015", instance)
    assert first["files"] == 1
    assert first["slices read now"] == first["slices"] == 1
    assert again["slices read now"] == 0


def test_the_build_after_the_partitions_finds_everything_read(
    root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with dg.DagsterInstance.ephemeral() as instance:
        for dump in find_dumps([root], discover([root])):
            read(root, tmp_path / "out", dump, instance)

        def refuse(_: object) -> int:
            raise AssertionError("a slice was read twice")

        monkeypatch.setattr(pool, "read_slice", refuse)
        job = defs.resolve_job_def("build_dataset")
        result = job.execute_in_process(instance=instance, resources=arguments(root, tmp_path / "out"))
    assert result.success
    assert (tmp_path / "out" / "tables" / "events.parquet").is_file()


def test_a_dump_that_went_away_fails_its_run_in_a_sentence(root: Path, tmp_path: Path) -> None:
    with dg.DagsterInstance.ephemeral() as instance, pytest.raises(Exception, match="no dump 2014 under the raw"):
        read(root, tmp_path / "out", "2014", instance)


def test_the_command_lines_definitions_hold_no_partitions() -> None:
    graph = of_command_line.resolve_asset_graph()
    assert not [key for key in graph.get_all_asset_keys() if graph.get(key).is_partitioned]
