"""The report as a build makes it: it stands beside the tables, follows them, and comes back when it was removed."""

import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner

from pipeline.cli import chancery
from pipeline.report.write import write_report
from pipeline.request import BuildRequest
from pipeline.stages.report import report
from tests.report.test_write import digests
from tests.simulation import crawl, simulate_site
from tests.simulation.writers import write_jsonl_stream
from tests.stage_runs import run_stages


@pytest.fixture(scope="module")
def outputs(raw: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("outputs")
    build(raw, folder)
    return folder


def build(raw: Path, outputs: Path) -> str:
    result = CliRunner().invoke(chancery, ["build", "--raw", str(raw), "--outputs", str(outputs), "--workers", "1"])
    assert result.exit_code == 0, result.output
    return result.output


def test_a_build_writes_the_report_on_its_tables(outputs: Path, tmp_path: Path) -> None:
    written = write_report(outputs / "tables", tmp_path / "report")
    assert digests(outputs / "report") == digests(tmp_path / "report")
    assert written.n_events == 21


def test_a_report_that_remembers_has_the_bytes_of_one_that_does_not(tmp_path: Path) -> None:
    captures = list(crawl(simulate_site(7, n_items=30), 7, n_captures=90))
    (tmp_path / "raw").mkdir()
    request = BuildRequest(raw=(tmp_path / "raw",), outputs=tmp_path / "grown", workers=1)
    for name, some in (("older", captures[:80]), ("newer", captures[80:])):
        write_jsonl_stream(some, tmp_path / "raw" / f"{name}.jsonl")
        run_stages(request)
        report(request)
    assert list((tmp_path / "grown" / "work" / "caches" / "report").rglob("word_diffs-*"))
    write_report(tmp_path / "grown" / "tables", tmp_path / "fresh")
    assert digests(tmp_path / "grown" / "report") == digests(tmp_path / "fresh")


def test_the_samples_are_told_by_their_own_figures(outputs: Path) -> None:
    text = (outputs / "report" / "index.html").read_text(encoding="utf-8")
    assert "Captures from 18 November 2019 to 26 January 2020" in text
    assert "No article was seen in more than one text." in text
    assert "None: every counter with a date lies on its line." in text


def test_a_report_that_was_removed_comes_back_with_the_next_build(outputs: Path, raw: Path) -> None:
    before = digests(outputs / "report")
    shutil.rmtree(outputs / "report")
    build(raw, outputs)
    assert digests(outputs / "report") == before
