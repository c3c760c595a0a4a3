"""A build whose dumps lie in an object store and whose tables go there: the same bytes as from a folder."""

import hashlib
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from pipeline.cli import chancery
from pipeline.errors import ChanceryError
from pipeline.storage.place import ObjectStore, parse_place
from pipeline.storage.tables import current_tables


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


def test_a_place_that_is_none_is_told_before_anything_is_built(tmp_path: Path, raw: Path) -> None:
    code, _ = run("build", "--raw", raw, "--outputs", tmp_path, "--copy-to", "somewhere")
    assert code != 0
    assert not (tmp_path / "tables").exists()
