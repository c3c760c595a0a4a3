"""Finished tables in an object store: whole builds come into view, never halves; polars and pyarrow read them."""

import json
from pathlib import Path
from typing import Any

import polars as pl
import pyarrow.parquet as pq
import pytest

from pipeline.errors import ChanceryError
from pipeline.progress import Silent
from pipeline.publish.parquet import write_table
from pipeline.storage import tables
from pipeline.storage.place import ObjectStore, parse_place
from pipeline.storage.tables import Copied, copy_tables, current_tables
from schemas.render import empty_frame

PLACE = parse_place("s3://data/embassy")


def build(folder: Path, n_rows: int) -> Path:
    """A folder of two tables."""
    for path in folder.glob("*.parquet"):
        path.unlink()
    write_table("id_redirects", empty_frame("id_redirects"), folder / "id_redirects.parquet")
    pl.DataFrame({"number": range(n_rows)}).write_parquet(folder / "numbers.parquet")
    return folder


def copy(folder: Path) -> Copied:
    return copy_tables(folder, PLACE, ObjectStore.from_environment(), Silent())


def rows() -> int:
    """Rows of the table in view, as a reader gets them."""
    store = ObjectStore.from_environment()
    url = current_tables(PLACE, store)["numbers"]
    return pl.read_parquet(url, storage_options=store.for_polars()).height


def keys(client: Any) -> list[str]:
    return [item["Key"] for item in client.list_objects_v2(Bucket="data").get("Contents", [])]


def test_one_configuration_serves_polars_and_pyarrow(client: Any, tmp_path: Path) -> None:
    copy(build(tmp_path, 3))
    store = ObjectStore.from_environment()
    found = current_tables(PLACE, store)
    assert list(found) == ["id_redirects", "numbers"]
    assert pl.scan_parquet(found["numbers"], storage_options=store.for_polars()).collect()["number"].sum() == 3
    path = found["numbers"].removeprefix("s3://")
    assert pq.read_table(path, filesystem=store.for_pyarrow()).num_rows == 3


def test_bytes_arrive_as_they_were_written(client: Any, tmp_path: Path) -> None:
    copied = copy(build(tmp_path, 3))
    key = f"{copied.url.removeprefix('s3://data/')}id_redirects.parquet"
    assert client.get_object(Bucket="data", Key=key)["Body"].read() == (tmp_path / "id_redirects.parquet").read_bytes()


def test_the_build_that_is_in_view_changes_only_when_the_next_is_whole(
    client: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    copy(build(tmp_path, 3))
    build(tmp_path, 4)

    def fail(*_: object) -> None:
        raise ChanceryError("cut off")

    with monkeypatch.context() as patch:
        patch.setattr(tables, "_verify", fail)
        with pytest.raises(ChanceryError, match="cut off"):
            copy(tmp_path)
    assert rows() == 3
    again = copy(tmp_path)
    assert again.n_sent == 0
    assert rows() == 4


def test_an_object_that_came_through_wrong_is_never_pointed_at(client: Any, tmp_path: Path) -> None:
    copy(build(tmp_path, 3))
    build(tmp_path, 5)
    size = (tmp_path / "numbers.parquet").stat().st_size
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(tables, "_sizes", lambda *_: {"numbers": size})  # as if it had arrived
        with pytest.raises(ChanceryError, match=r"numbers\.parquet cannot be read back"):
            copy(tmp_path)
    assert rows() == 3


def test_the_build_before_stays_for_its_readers_and_older_ones_go(client: Any, tmp_path: Path) -> None:
    places = [copy(build(tmp_path, number)).url.removeprefix("s3://data/") for number in (1, 2, 3)]
    held = keys(client)
    assert not [key for key in held if key.startswith(places[0])]
    assert len([key for key in held if key.startswith(places[1])]) == 2
    assert len([key for key in held if key.startswith(places[2])]) == 2
    assert rows() == 3


def test_the_same_build_again_sends_and_changes_nothing(client: Any, tmp_path: Path) -> None:
    copy(build(tmp_path, 1))
    copy(build(tmp_path, 2))
    before = {key: client.head_object(Bucket="data", Key=key)["LastModified"] for key in keys(client)}
    assert copy(tmp_path).n_sent == 0
    assert {key: client.head_object(Bucket="data", Key=key)["LastModified"] for key in keys(client)} == before


def test_current_json_says_what_each_table_must_be(client: Any, tmp_path: Path) -> None:
    copy(build(tmp_path, 3))
    current = json.loads(client.get_object(Bucket="data", Key="embassy/tables/current.json")["Body"].read())
    assert current["tables"]["numbers"]["size"] == (tmp_path / "numbers.parquet").stat().st_size
    assert current["before"] is None


def test_a_place_without_tables_is_told_in_a_sentence(client: Any) -> None:
    with pytest.raises(ChanceryError, match="there are no tables at s3://data/embassy"):
        current_tables(PLACE, ObjectStore.from_environment())


def test_no_key_stands_in_what_a_person_may_read(client: Any) -> None:
    store = ObjectStore.from_environment()
    assert store.secret == "secret-7b1d"
    assert "secret-7b1d" not in repr(store)
    assert "key" not in repr(store).replace("key_id", "")
