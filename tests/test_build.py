"""A whole build: the same bytes again and in any order, what is new, what is broken and what is killed."""

import fcntl
import json
import os
import shutil
from pathlib import Path

import polars as pl
import pytest
from click.testing import CliRunner

from pipeline.build import build
from pipeline.cli import chancery
from pipeline.errors import ChanceryError
from pipeline.progress import Silent
from pipeline.publish.parquet import write_table
from pipeline.request import BuildRequest
from pipeline.workspace import Workspace, prepare, write_json
from schemas.names import TABLE_NAMES
from schemas.render import empty_frame
from tests.worlds import table_digests


def run(*arguments: str | Path) -> tuple[int, str]:
    result = CliRunner().invoke(chancery, [str(argument) for argument in arguments])
    return result.exit_code, result.output


def site_pages(folder: Path, site: str, n_pages: int) -> Path:
    """A dump of pages of a site."""
    folder.mkdir()
    rows = [{"url": f"{site}/{number}", "text": f"Page {number} of {site}"} for number in range(n_pages)]
    (folder / "pages.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def built(raw: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Outputs of the sample dumps."""
    outputs = tmp_path_factory.mktemp("built")
    code, output = run("build", "--raw", raw, "--outputs", outputs)
    assert code == 0, output
    for line in output.splitlines()[-3:]:
        assert Path(line.partition(" in ")[2] if "tables are" in line else line.rpartition(": ")[2]).exists(), line
    return outputs


def test_a_build_writes_one_file_per_table_and_nothing_else(built: Path) -> None:
    assert {path.name for path in (built / "tables").iterdir()} == {f"{name}.parquet" for name in TABLE_NAMES}


def test_a_second_build_elsewhere_gives_the_same_bytes(built: Path, raw: Path, tmp_path: Path) -> None:
    code, _ = run("build", "--raw", raw, "--outputs", tmp_path, "--workers", "2")
    assert code == 0
    assert table_digests(tmp_path) == table_digests(built)


def test_folders_may_be_called_what_patterns_are(built: Path, raw: Path, tmp_path: Path) -> None:
    outputs = tmp_path / "k=v [1] {draft}* 5%"
    code, output = run("build", "--raw", raw, "--outputs", outputs)
    assert code == 0, output
    assert table_digests(outputs) == table_digests(built)
    assert (outputs / "report" / "index.html").is_file()
    assert (
        run(
            "show",
            pl.read_parquet(outputs / "tables" / "events.parquet", glob=False)["event_id"][0],
            "--outputs",
            outputs,
        )[0]
        == 0
    )


@pytest.mark.parametrize("name", ["what?", "a%20b"])
def test_a_folder_whose_name_means_something_else_to_dagster_is_refused(raw: Path, tmp_path: Path, name: str) -> None:
    with pytest.raises(ChanceryError, match="use other --outputs"):
        build(BuildRequest(raw=(raw,), outputs=tmp_path / name), Silent())


def test_the_order_of_the_files_changes_no_byte(built: Path, raw: Path, tmp_path: Path) -> None:
    copies = tmp_path / "copies"
    copies.mkdir()
    for path in sorted(raw.iterdir(), reverse=True):
        shutil.copy(path, copies / path.name)
    run("build", "--raw", copies, "--outputs", tmp_path / "out")
    assert table_digests(tmp_path / "out") == table_digests(built)


def test_nothing_new_starts_no_run(built: Path, raw: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise AssertionError("a Dagster run was started")

    monkeypatch.setattr("pipeline.assets.run.materialize", refuse)
    before = table_digests(built)
    code, output = run("build", "--raw", raw, "--outputs", built)
    assert code == 0
    assert output.startswith("Nothing new")
    assert table_digests(built) == before


def test_a_table_that_someone_changed_is_made_again(raw: Path, tmp_path: Path) -> None:
    run("build", "--raw", raw, "--outputs", tmp_path)
    before = table_digests(tmp_path)
    (tmp_path / "tables" / "events.parquet").write_bytes(b"not mine")
    assert run("build", "--raw", raw, "--outputs", tmp_path)[0] == 0
    assert table_digests(tmp_path) == before


def test_a_changed_file_changes_what_it_should_and_an_added_duplicate_only_the_ledger(
    built: Path, raw: Path, tmp_path: Path
) -> None:
    copies = tmp_path / "raw"
    shutil.copytree(raw, copies)
    shutil.copy(copies / "000_fce646e764c63825.txt", copies / "again.txt")
    code, output = run("build", "--raw", copies, "--outputs", tmp_path / "out", "--json")
    assert code == 0
    told = json.loads(output)
    assert told["statuses"] == {"capture": 2, "duplicate": 1, "not_a_page": 1}
    assert set(told) == {"tables", "statuses", "problems", "n_problems", "warnings", "notes", "up_to_date"}
    changed = {name for name, digest in table_digests(tmp_path / "out").items() if table_digests(built)[name] != digest}
    assert changed == {"raw_records.parquet", "quality_measures.parquet"}
    (copies / "000_fce646e764c63825.txt").unlink()
    (copies / "again.txt").unlink()
    run("build", "--raw", copies, "--outputs", tmp_path / "out")
    assert pl.read_parquet(tmp_path / "out" / "tables" / "captures.parquet").height == 1


def test_broken_files_are_told_and_the_others_go_through(raw: Path, tmp_path: Path) -> None:
    folder = tmp_path / "raw"
    shutil.copytree(raw, folder)
    (folder / "empty.txt").write_bytes(b"")
    (folder / "binary.txt").write_bytes(bytes(range(256)) * 8)
    (folder / "not utf8.txt").write_bytes(b"\x93\xff\xfe\x00 18 November" + b"\xff" * 40)
    code, output = run("build", "--raw", folder, "--outputs", tmp_path / "out")
    assert code == 0
    assert "3 rejected" in output
    assert output.count("Rejected: ") == 3
    assert "empty.txt" in output
    ledger = pl.read_parquet(tmp_path / "out" / "tables" / "raw_records.parquet")
    assert ledger.filter(pl.col("status") == "rejected").height == 3
    assert ledger.filter(pl.col("status") == "rejected")["reason"].null_count() == 0
    assert run("build", "--raw", folder, "--outputs", tmp_path / "out", "--strict")[0] == 1


def test_nothing_readable_at_all_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "raw").mkdir()
    (tmp_path / "raw" / "empty.txt").write_bytes(b"")
    code, output = run("build", "--raw", tmp_path / "raw", "--outputs", tmp_path / "out")
    assert code == 1
    assert "nothing at all could be read" in output


def test_a_dump_without_a_capture_of_the_site_does_not_empty_the_tables(raw: Path, tmp_path: Path) -> None:
    other = site_pages(tmp_path / "other", "https://www.other.example", 2)
    outputs = tmp_path / "out"
    code, output = run("build", "--raw", other, "--outputs", outputs)
    assert code == 0, "there is nothing to lose yet"
    assert "2 pages are of other sites (other.example 2); name what you want with --site." in output
    assert run("build", "--raw", raw, "--outputs", outputs)[0] == 0
    before = table_digests(outputs)
    (other / "empty.txt").write_bytes(b"")
    for folder, why in ((other, "2 pages are of other sites (other.example 2)"), (other / "empty.txt", "it is empty")):
        with pytest.raises(
            ChanceryError, match=r"no capture of the site was found, so the tables in .* stay"
        ) as refused:
            build(BuildRequest(raw=(folder,), outputs=outputs), Silent())
        assert why in str(refused.value)
    assert table_digests(outputs) == before
    assert run("build", "--raw", raw, "--outputs", outputs)[1].startswith("Nothing new")
    (outputs / "tables" / "captures.parquet").write_bytes(b"damaged")
    with pytest.raises(ChanceryError, match="stay as they were"):
        build(BuildRequest(raw=(other,), outputs=outputs), Silent())
    assert run("build", "--raw", raw, "--outputs", outputs)[0] == 0
    assert table_digests(outputs) == before


def test_wrong_usage_has_its_own_exit_code(tmp_path: Path) -> None:
    assert run("build", "--raw", tmp_path / "absent")[0] == 2
    assert run("build", "--workers", "0")[0] == 2
    assert run("bild")[0] == 2


def test_captures_that_prove_no_site_are_counted(tmp_path: Path) -> None:
    (tmp_path / "raw").mkdir()
    (tmp_path / "raw" / "a.txt").write_text("A page that names no site.\n", encoding="utf-8")
    code, output = run("build", "--raw", tmp_path / "raw", "--outputs", tmp_path / "out")
    assert code == 0
    assert "captures with neither an address nor the site's header: 1 of 1;" in " ".join(output.split())


def test_a_site_is_named_as_people_name_it_and_what_names_none_is_refused(tmp_path: Path) -> None:
    raw = site_pages(tmp_path / "raw", "https://www.embassy.example", 2)
    code, output = run("build", "--raw", raw, "--outputs", tmp_path, "--site", "https://WWW.Embassy.example/", "--json")
    assert code == 0
    assert json.loads(output)["statuses"] == {"capture": 2}
    code, output = run("build", "--raw", raw, "--outputs", tmp_path, "--site", "https://")
    assert code == 2
    assert "--site 'https://' names no host" in output


def test_outputs_in_a_store_are_refused_with_what_to_do(
    raw: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    code, output = run("build", "--raw", raw, "--outputs", "s3://bucket/prefix")
    assert code == 2
    assert "--copy-to" in output
    assert not list(tmp_path.iterdir())


def test_a_promotion_cut_off_between_two_tables_is_finished_by_the_next_run(tmp_path: Path) -> None:
    workspace = Workspace(tmp_path)
    prepare(workspace)
    write_table("counters", empty_frame("counters"), workspace.table("counters"))
    write_table("coverage", empty_frame("coverage"), workspace.staged("coverage"))
    write_json(workspace.journal, ["counters", "coverage"])
    prepare(workspace)
    assert {path.stem for path in workspace.tables.iterdir()} == {"counters", "coverage"}
    assert not workspace.journal.exists()
    assert not list(workspace.staging.iterdir())


def test_what_a_killed_build_left_is_cleared_and_the_published_tables_stay(built: Path, raw: Path) -> None:
    before = table_digests(built)
    workspace = Workspace(built)
    (workspace.slices / ".tmp-abc-1").mkdir()
    (workspace.tables / ".events.parquet.1.tmp").write_bytes(b"half")
    workspace.staged("events").parent.mkdir(parents=True, exist_ok=True)
    workspace.staged("events").write_bytes(b"half")
    assert run("build", "--raw", raw, "--outputs", built)[0] == 0
    assert table_digests(built) == before


def test_slices_that_a_power_cut_left_without_their_content_are_read_again(
    built: Path, raw: Path, tmp_path: Path
) -> None:
    outputs = tmp_path / "cut"
    shutil.copytree(built, outputs)
    (slice_folder,) = Workspace(outputs).slices.iterdir()
    (slice_folder / "00000" / "forms.parquet").write_bytes(b"")
    (slice_folder / "00000" / "pages.parquet").write_bytes(bytes(5_000))
    Workspace(outputs).table("events").unlink()
    code, output = run("build", "--raw", raw, "--outputs", outputs)
    assert code == 0, output
    assert table_digests(outputs) == table_digests(built)


def test_outputs_that_cannot_be_written_are_one_sentence(raw: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way", encoding="utf-8")
    result = CliRunner().invoke(chancery, ["build", "--raw", str(raw), "--outputs", str(tmp_path / "file" / "out")])
    assert "cannot be written" in str(result.exception)


def test_the_environment_changes_nothing(
    built: Path, raw: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TZ", "Pacific/Kiritimati")
    monkeypatch.setenv("LC_ALL", "ru_RU.UTF-8")
    monkeypatch.setitem(os.environ, "PYTHONHASHSEED", "7")
    run("build", "--raw", raw, "--outputs", tmp_path)
    assert table_digests(tmp_path) == table_digests(built)


def test_two_builds_at_once_do_not_share_outputs(raw: Path, tmp_path: Path) -> None:
    prepare(Workspace(tmp_path))
    with Workspace(tmp_path).lock.open("w") as other:
        fcntl.flock(other, fcntl.LOCK_EX)
        with pytest.raises(ChanceryError, match="another build is at work"):
            build(BuildRequest(raw=(raw,), outputs=tmp_path), Silent())
    assert not list((tmp_path / "tables").iterdir())
