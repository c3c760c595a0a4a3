"""A build whose dumps lie in an object store and whose tables go there: the same bytes as from a folder."""

import fcntl
import hashlib
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from pipeline.cli import chancery
from pipeline.errors import ChanceryError
from pipeline.storage.place import ObjectStore, parse_place
from pipeline.storage.tables import Copied, copy_tables, current_tables
from pipeline.workspace import Workspace


def run(*arguments: str | Path) -> tuple[int, str]:
    result = CliRunner().invoke(chancery, [str(argument) for argument in arguments])
    return result.exit_code, result.output


def digests(outputs: Path) -> dict[str, str]:
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in (outputs / "tables").iterdir()}


def test_a_dump_in_a_store_gives_the_tables_of_the_same_dump_in_a_folder(
    client: Any, raw: Path, tmp_path: Path
) -> None:
    for path in raw.iterdir():
        client.upload_file(str(path), "data", f"dumps/raw/{path.name}")
    there, here = tmp_path / "there", tmp_path / "here"
    code, output = run("build", "--raw", "s3://data/dumps/raw", "--outputs", there, "--copy-to", "s3://data/embassy")
    assert code == 0, output
    assert run("build", "--raw", raw, "--outputs", here)[0] == 0
    assert digests(there) == digests(here)
    store = ObjectStore.from_environment()
    assert {f"{name}.parquet" for name in current_tables(parse_place("s3://data/embassy"), store)} == set(digests(here))
    code, output = run("build", "--raw", "s3://data/dumps/raw", "--outputs", there)
    assert output.startswith("Nothing new")


def test_a_build_that_is_not_good_is_not_copied(client: Any, tmp_path: Path) -> None:
    client.put_object(Bucket="data", Key="dumps/empty.txt", Body=b"")
    code, _ = run("build", "--raw", "s3://data/dumps", "--outputs", tmp_path, "--copy-to", "s3://data/embassy")
    assert code == 1
    with pytest.raises(ChanceryError, match="no tables"):
        current_tables(parse_place("s3://data/embassy"), ObjectStore.from_environment())


@pytest.mark.parametrize("url", ["somewhere", "s3://", "s3:///data", "s3://data!/x"])
def test_a_place_that_is_none_is_wrong_usage(tmp_path: Path, raw: Path, url: str) -> None:
    code, output = run("build", "--raw", raw, "--outputs", tmp_path, "--copy-to", url)
    assert code == 2
    assert output.splitlines()[-1] == f"Error: {url} is no place in an object store; say s3://BUCKET/PREFIX."
    assert not (tmp_path / "tables").exists()
    if url.startswith("s3:"):
        assert run("build", "--raw", url, "--outputs", tmp_path)[0] == 2


@pytest.mark.parametrize(
    ("variable", "value", "reason"),
    [
        ("AWS_ENDPOINT_URL", "127.0.0.1:9000", "Invalid endpoint: 127.0.0.1:9000"),
        ("AWS_PROFILE", "absent", "absent"),
        ("AWS_SECRET_ACCESS_KEY", "", "Partial credentials found"),
    ],
)
def test_settings_that_cannot_be_right_are_told_in_a_sentence(
    tmp_path: Path, raw: Path, monkeypatch: pytest.MonkeyPatch, client: Any, variable: str, value: str, reason: str
) -> None:
    monkeypatch.setenv(variable, value)
    result = CliRunner().invoke(
        chancery, ["build", "--raw", str(raw), "--outputs", str(tmp_path), "--copy-to", "s3://data"]
    )
    assert isinstance(result.exception, ChanceryError)
    assert "the settings of the object store" in str(result.exception)
    assert reason in str(result.exception)
    assert not list((tmp_path / "tables").glob("*"))


def test_a_bucket_that_is_not_there_is_told_before_anything_is_built(client: Any, tmp_path: Path, raw: Path) -> None:
    arguments = ["build", "--raw", str(raw), "--outputs", str(tmp_path), "--copy-to", "s3://absent/x"]
    result = CliRunner().invoke(chancery, arguments)
    assert isinstance(result.exception, ChanceryError)
    assert "bucket does not exist" in str(result.exception)
    assert not list((tmp_path / "tables").glob("*"))


def test_while_a_build_is_at_work_no_other_touches_the_copies_of_its_dumps(
    client: Any, tmp_path: Path, raw: Path
) -> None:
    for path in raw.iterdir():
        client.upload_file(str(path), "data", f"dumps/{path.name}")
    lock = Workspace(tmp_path).lock
    lock.parent.mkdir(parents=True)
    with lock.open("w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        result = CliRunner().invoke(chancery, ["build", "--raw", "s3://data/dumps", "--outputs", str(tmp_path)])
    assert isinstance(result.exception, ChanceryError)
    assert "another build is at work" in str(result.exception)
    assert not Workspace(tmp_path).mirrors.exists()


def test_while_tables_are_copied_out_no_other_build_changes_them(
    client: Any, tmp_path: Path, raw: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tried = []

    def copy_while_another_starts(*arguments: Any) -> Copied:
        tried.append(CliRunner().invoke(chancery, ["build", "--raw", str(raw), "--outputs", str(tmp_path)]).exception)
        return copy_tables(*arguments)

    monkeypatch.setattr("pipeline.storage.tables.copy_tables", copy_while_another_starts)
    assert run("build", "--raw", raw, "--outputs", tmp_path, "--copy-to", "s3://data/embassy")[0] == 0
    assert "another build is at work" in str(tried[0])
