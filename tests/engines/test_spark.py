"""Spark on two threads of this machine gives the local engine's tables, byte for byte; run by `make test-spark`."""

import shutil
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import polars as pl
import pytest
from click.testing import CliRunner

from pipeline.cli import chancery
from pipeline.errors import ChanceryError
from pipeline.ingest.reader import RawFile
from pipeline.resolve import reasons
from pipeline.resolve.compare import WINDOW_DAYS
from pipeline.resolve.events import cluster_forms
from pipeline.slices import pool
from pipeline.workspace import Workspace
from tests.simulation import crawl, simulate_site
from tests.simulation.writers import write_jsonl_stream, write_warc_stream

pytest.importorskip("pyspark", reason="PySpark is in an environment of its own: make test-spark")

from pipeline.engines import cluster, spark
from pipeline.engines.cluster import Cluster
from pipeline.engines.hadoop_files import Elsewhere
from tests.worlds import table_digests


def run(*arguments: str | Path) -> tuple[int, str]:
    result = CliRunner().invoke(chancery, [str(argument) for argument in arguments])
    return result.exit_code, result.output


@pytest.fixture(scope="module", autouse=True)
def a_slice_per_file() -> Iterator[None]:
    """Files as small as the tests' are bundled otherwise, and one slice would keep one thread busy."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("pipeline.slices.plan.SMALL_FILE", 0)
        yield


@pytest.fixture(scope="module")
def dumps(raw: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The samples, a simulated crawl as JSONL and WARC, an empty file and one that is no dump."""
    folder = tmp_path_factory.mktemp("dumps")
    for path in raw.iterdir():
        shutil.copy(path, folder)
    captures = list(crawl(simulate_site(31, n_items=150), 32, n_captures=240))
    for number in range(3):
        write_jsonl_stream(captures[number * 60 : number * 60 + 80], folder / f"{number}.jsonl")
    write_warc_stream(captures[160:], folder / "crawl.warc.gz")
    (folder / "empty.txt").write_bytes(b"")
    (folder / "noise.bin").write_bytes(bytes(range(256)) * 40)
    return folder


@pytest.fixture(scope="module")
def local(dumps: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Outputs of the local engine."""
    outputs = tmp_path_factory.mktemp("local")
    code, output = run("build", "--raw", dumps, "--outputs", outputs, "--workers", "1")
    assert code == 0, output
    return outputs


@pytest.fixture(scope="module")
def on_spark(dumps: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Outputs of Spark, this process having read no slice itself."""
    outputs = tmp_path_factory.mktemp("spark")

    def refuse(_: object) -> int:
        raise AssertionError("the driver read a slice")

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(pool, "read_slice", refuse)
        code, output = run("build", "--raw", dumps, "--outputs", outputs, "--engine", "spark", "--master", "local[2]")
    assert code == 0, output
    return outputs


def test_every_table_is_the_local_engines_byte_for_byte(local: Path, on_spark: Path) -> None:
    assert table_digests(on_spark) == table_digests(local)
    assert pl.read_parquet(on_spark / "tables" / "events.parquet").height > 50


def test_the_cluster_compared_every_pair_that_the_build_needed(on_spark: Path) -> None:
    (kept,) = Workspace(on_spark).caches.glob("decisions-*.parquet")
    pair = ["form_id_a", "form_id_b", "reason"]
    needed = pl.read_parquet(on_spark / "tables" / "event_match_decisions.parquet").filter(
        ~pl.col("reason").is_in(sorted(reasons.NOT_OF_THE_PAIR))
    )
    done = pl.read_parquet(kept)
    assert needed.height > 20
    assert needed.join(done, on=pair, how="anti").is_empty()


def test_nothing_new_starts_no_spark(on_spark: Path, dumps: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(_: object) -> None:
        raise AssertionError("Spark was started")

    monkeypatch.setattr(cluster, "_start", refuse)
    code, output = run("build", "--raw", dumps, "--outputs", on_spark, "--engine", "spark", "--master", "local[2]")
    assert code == 0, output
    assert output.startswith("Nothing new")


def test_a_fresh_build_reads_everything_again(on_spark: Path, local: Path, dumps: Path) -> None:
    raw = ("--raw", dumps, "--outputs", on_spark)
    code, output = run("build", *raw, "--engine", "spark", "--master", "local[2]", "--fresh")
    assert code == 0, output
    assert not output.startswith("Nothing new")
    assert table_digests(on_spark) == table_digests(local)


def test_a_machine_that_does_not_see_the_files_fails_rather_than_call_them_unreadable(tmp_path: Path) -> None:
    absent = RawFile(tmp_path / "absent.warc", "absent.warc", size=12, mtime_ns=1)
    with (
        Cluster("local[1]") as started,
        pytest.raises(ChanceryError, match=r"Spark could not read the raw files: .* does not see .*absent\.warc"),
    ):
        spark._Lookout(started, Elsewhere.under((), tmp_path, started)).digests([absent])


def test_a_master_without_the_engine_is_wrong_usage(dumps: Path, tmp_path: Path) -> None:
    assert run("build", "--raw", dumps, "--outputs", tmp_path, "--master", "local[2]")[0] == 2


def test_any_two_days_within_a_window_share_a_block() -> None:
    days = [date(1969, 11, 20) + timedelta(days=number) for number in range(90)]
    forms = pl.DataFrame(
        {
            "form_id": [f"f{number:016}" for number in range(len(days))],
            "published_on": days,
            "title": "A title",
            "teaser": "A text",
        }
    )
    blocks = spark.blocks_of(forms)
    of_day = {day: set(blocks.filter(pl.col("published_on") == day)["block"]) for day in days}
    for place, day in enumerate(days):
        for other in days[place : place + WINDOW_DAYS + 1]:
            assert of_day[day] & of_day[other]
    assert blocks.height < 1.2 * forms.height


def test_forms_without_a_date_make_a_block_of_their_own() -> None:
    forms = pl.DataFrame(
        {"form_id": ["f1", "f2"], "published_on": [None, date(2015, 1, 1)], "title": "T", "teaser": None},
        schema_overrides={"published_on": pl.Date, "teaser": pl.String},
    )
    blocks = spark.blocks_of(forms)
    alone = blocks.filter(pl.col("form_id") == "f1")["block"].to_list()
    assert len(alone) == 1
    assert alone[0] not in blocks.filter(pl.col("form_id") == "f2")["block"].to_list()


def test_decisions_of_another_run_change_no_cluster() -> None:
    """The contract the engine rests on: what was decided elsewhere is a saving, not an opinion."""
    forms = pl.DataFrame(
        {
            "form_id": ["f1", "f2", "f3"],
            "published_on": [date(2015, 3, 4)] * 3,
            "title": [
                "Ambassador meets the Lord Mayor of London",
                "Ambassador meets the Lord Mayor of London",
                "Other",
            ],
            "teaser": [
                "On 3 March the Ambassador met the Lord Mayor of London and spoke of trade between the two cities.",
                "On 3 March the Ambassador met the Lord Mayor of London and spoke of trade between both cities.",
                "On 4 March the Consular Section will be closed because of a public holiday in the Federation.",
            ],
            "is_cut": False,
            "first_captured_at": None,
            "last_captured_at": None,
        },
        schema_overrides={name: pl.Datetime("us", "UTC") for name in ("first_captured_at", "last_captured_at")},
    )
    alone = cluster_forms(forms)
    again = cluster_forms(forms, alone.decisions)
    assert alone.members.equals(again.members)
    assert alone.decisions.equals(again.decisions)
