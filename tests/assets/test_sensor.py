"""The sensor of a service: what a tick asks for, in runs that a Dagster instance would start."""

import os
from pathlib import Path

import dagster as dg
import pytest

from pipeline.assets.resource import Build
from pipeline.assets.sensors import Memory, decide, new_dumps
from pipeline.service import defs


class Service:
    """A Dagster instance in memory that ticks the sensor over a raw folder, keeping its cursor."""

    def __init__(self, instance: dg.DagsterInstance, raw: Path, outputs: Path) -> None:
        self.instance = instance
        self.build = Build(raw=[str(raw)], outputs=str(outputs))
        self.cursor: str | None = None

    def tick(self) -> dg.SensorResult | dg.SkipReason:
        context = dg.build_sensor_context(
            instance=self.instance, cursor=self.cursor, definitions=defs, resources={"build": self.build}
        )
        result = new_dumps(context)
        assert isinstance(result, dg.SensorResult | dg.SkipReason)
        if isinstance(result, dg.SensorResult):
            self.cursor = result.cursor
        return result

    def asked(self) -> list[tuple[str | None, str | None]]:
        """Job and partition of every run one tick asks for."""
        result = self.tick()
        assert isinstance(result, dg.SensorResult)
        return [(request.job_name, request.partition_key) for request in result.run_requests or []]


@pytest.fixture
def raw_root(tmp_path: Path) -> Path:
    """A root with a folder of two files and a small file beside it."""
    root = tmp_path / "dumps"
    (root / "2015").mkdir(parents=True)
    (root / "2015" / "one.txt").write_text("one")
    (root / "2015" / "two.txt").write_text("two")
    (root / "loose.txt").write_text("loose")
    return root


@pytest.fixture
def service(raw_root: Path, tmp_path: Path) -> Service:
    return Service(dg.DagsterInstance.ephemeral(), raw_root, tmp_path / "outputs")


def test_a_new_dump_is_asked_for_once_it_stayed_the_same_for_two_ticks(service: Service) -> None:
    assert service.asked() == []
    assert service.asked() == [("read_one_dump", "(loose files)"), ("read_one_dump", "2015")]


def test_the_partition_of_a_new_dump_is_added_with_its_run(service: Service) -> None:
    service.tick()
    result = service.tick()
    assert isinstance(result, dg.SensorResult)
    added = [list(request.partition_keys) for request in result.dynamic_partitions_requests or []]
    assert added == [["(loose files)", "2015"]]


def test_the_dataset_is_asked_for_when_the_reads_are_done_and_then_nothing_more(service: Service) -> None:
    service.tick()
    service.tick()
    assert service.asked() == [("build_dataset", None)]
    assert service.asked() == []
    last = service.tick()
    assert isinstance(last, dg.SensorResult)
    assert last.skip_reason == dg.SkipReason("Nothing is new in 2 dumps.")


def test_a_dump_that_still_grows_is_left_alone(service: Service, raw_root: Path) -> None:
    service.tick()
    (raw_root / "2015" / "three.txt").write_text("three")
    assert service.asked() == [("read_one_dump", "(loose files)")]
    assert service.asked() == [("read_one_dump", "2015")]


def test_a_changed_file_is_asked_for_again_and_its_neighbours_are_not(service: Service, raw_root: Path) -> None:
    for _ in range(3):
        service.tick()
    os.utime(raw_root / "2015" / "one.txt", ns=(1, 1))
    assert service.asked() == []
    assert service.asked() == [("read_one_dump", "2015")]
    assert service.asked() == [("build_dataset", None)]


def test_a_dump_that_went_away_loses_its_partition_and_the_dataset_is_built_without_it(
    service: Service, raw_root: Path
) -> None:
    for _ in range(3):
        service.tick()
    (raw_root / "loose.txt").unlink()
    result = service.tick()
    assert isinstance(result, dg.SensorResult)
    assert [list(request.partition_keys) for request in result.dynamic_partitions_requests or []] == [["(loose files)"]]
    assert [request.job_name for request in result.run_requests or []] == ["build_dataset"]


def test_a_raw_folder_that_is_missing_is_told_in_a_sentence_and_forgets_nothing(
    service: Service, raw_root: Path
) -> None:
    for _ in range(3):
        service.tick()
    raw_root.rename(raw_root.with_name("elsewhere"))
    result = service.tick()
    assert isinstance(result, dg.SkipReason)
    assert "does not exist" in str(result.skip_message)
    raw_root.with_name("elsewhere").rename(raw_root)
    assert service.asked() == []


def test_an_empty_raw_folder_starts_nothing(tmp_path: Path) -> None:
    (tmp_path / "raw").mkdir()
    service = Service(dg.DagsterInstance.ephemeral(), tmp_path / "raw", tmp_path / "outputs")
    assert [service.asked() for _ in range(3)] == [[], [], []]


def test_the_dataset_waits_for_reads_that_are_under_way() -> None:
    memory = Memory(seen={"a": "1"}, asked={"a": "1"})
    assert not decide({"a": "1"}, memory, reading=True).build
    assert decide({"a": "1"}, memory, reading=False).build


def test_a_dump_put_back_as_it_was_is_asked_for_under_a_new_key() -> None:
    keys = []
    memory = Memory()
    for state in ("1", "1", "2", "2", "1", "1"):
        decision = decide({"a": state}, memory, reading=True)
        memory = decision.memory
        if decision.read:
            keys.append(memory.turn)
    assert keys == [1, 2, 3]


def test_a_tick_repeated_after_a_crash_asks_for_the_same_runs(service: Service) -> None:
    service.tick()
    before = service.cursor
    first = service.tick()
    service.cursor = before
    second = service.tick()
    assert isinstance(first, dg.SensorResult)
    assert isinstance(second, dg.SensorResult)
    assert [request.run_key for request in first.run_requests or []] == [
        request.run_key for request in second.run_requests or []
    ]
