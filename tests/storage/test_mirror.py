"""Raw dumps in an object store: copied once, continued where they stopped, and never half there."""

from pathlib import Path
from typing import Any, Self

import pytest

from pipeline.errors import ChanceryError
from pipeline.progress import Silent
from pipeline.storage.mirror import mirror
from pipeline.storage.place import parse_place


class Watched:
    """A client that remembers what was fetched, and may break off within an object."""

    def __init__(self, client: Any, break_after: int | None = None) -> None:
        self._client, self._break_after = client, break_after
        self.asked: list[tuple[str, str | None]] = []

    def get_paginator(self, operation: str) -> Any:
        return self._client.get_paginator(operation)

    def get_object(self, **arguments: Any) -> Any:
        self.asked.append((arguments["Key"], arguments.get("Range")))
        found = self._client.get_object(**arguments)
        if self._break_after is not None:
            found["Body"] = Broken(found["Body"], self._break_after)
        return found


class Broken:
    """A body whose connection ends too early."""

    def __init__(self, body: Any, after: int) -> None:
        self._body, self._after = body, after

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._body.close()

    def iter_chunks(self, _: int) -> Any:
        yield self._body.read(self._after)
        raise KeyboardInterrupt


def put(client: Any, **objects: bytes) -> None:
    for name, body in objects.items():
        client.put_object(Bucket="data", Key=name.replace("__", "/"), Body=body)


def contents(root: Path) -> dict[str, bytes]:
    return {path.relative_to(root).as_posix(): path.read_bytes() for path in root.rglob("*") if path.is_file()}


def copy(client: Any, folder: Path, url: str = "s3://data/dumps/2015/") -> Path:
    return mirror(parse_place(url), client, folder, Silent())


def test_everything_below_the_prefix_is_copied_and_nothing_beside_it(client: Any, tmp_path: Path) -> None:
    put(client, dumps__2015__a=b"a", dumps__2015__deep__b=b"bb", dumps__20151__c=b"c", dumps__2016__d=b"d")
    client.put_object(Bucket="data", Key="dumps/2015/folder/", Body=b"")
    root = copy(client, tmp_path)
    assert root.name == "2015"
    assert contents(root) == {"a": b"a", "deep/b": b"bb"}


def test_a_whole_bucket_and_a_single_object_are_roots_too(client: Any, tmp_path: Path) -> None:
    put(client, dumps__2015__a=b"a", b=b"bb")
    assert contents(copy(client, tmp_path, "s3://data")) == {"dumps/2015/a": b"a", "b": b"bb"}
    single = copy(client, tmp_path, "s3://data/dumps/2015/a")
    assert single.name == "a"
    assert single.read_bytes() == b"a"


def test_what_did_not_change_is_not_fetched_again(client: Any, tmp_path: Path) -> None:
    put(client, dumps__2015__a=b"a", dumps__2015__b=b"b")
    copy(client, tmp_path)
    put(client, dumps__2015__b=b"c")
    watched = Watched(client)
    assert contents(copy(watched, tmp_path)) == {"a": b"a", "b": b"c"}
    assert watched.asked == [("dumps/2015/b", None)]


def test_an_object_that_is_gone_takes_its_copy_and_its_empty_folder_with_it(client: Any, tmp_path: Path) -> None:
    put(client, dumps__2015__a=b"a", dumps__2015__deep__b=b"b")
    root = copy(client, tmp_path)
    client.delete_object(Bucket="data", Key="dumps/2015/deep/b")
    copy(client, tmp_path)
    assert [path.name for path in root.iterdir()] == ["a"]


def test_a_folder_may_become_an_object_of_its_name(client: Any, tmp_path: Path) -> None:
    put(client, dumps__2015__a__b=b"ab")
    copy(client, tmp_path)
    client.delete_object(Bucket="data", Key="dumps/2015/a/b")
    put(client, dumps__2015__a=b"a")
    assert contents(copy(client, tmp_path)) == {"a": b"a"}


def test_a_copy_that_was_cut_off_is_not_seen_and_is_continued(client: Any, tmp_path: Path) -> None:
    body = bytes(range(256)) * 100
    put(client, dumps__2015__large=body)
    with pytest.raises(KeyboardInterrupt):
        copy(Watched(client, break_after=10_000), tmp_path)
    assert not [path for path in tmp_path.rglob("large") if path.is_file()]
    watched = Watched(client)
    root = copy(watched, tmp_path)
    assert watched.asked == [("dumps/2015/large", "bytes=10000-")]
    assert contents(root) == {"large": body}
    assert not list(tmp_path.rglob("*.part"))


def test_a_cut_copy_of_an_object_that_changed_is_begun_anew(client: Any, tmp_path: Path) -> None:
    put(client, dumps__2015__large=b"old" * 10_000)
    with pytest.raises(KeyboardInterrupt):
        copy(Watched(client, break_after=10_000), tmp_path)
    put(client, dumps__2015__large=b"new" * 10_000)
    watched = Watched(client)
    assert contents(copy(watched, tmp_path)) == {"large": b"new" * 10_000}
    assert watched.asked == [("dumps/2015/large", None)]
    assert not list(tmp_path.rglob("*.part"))


@pytest.mark.parametrize("name", ["objects.jsonl", "crawl.part"])
def test_a_dump_may_have_any_name(client: Any, tmp_path: Path, name: str) -> None:
    body = b'{"a": 1, "b": 2}\n{"c": 3}\n'
    client.put_object(Bucket="data", Key=f"single/{name}", Body=body)
    client.put_object(Bucket="data", Key=f"folder/{name}/a", Body=body)
    for _ in range(2):
        assert copy(client, tmp_path, f"s3://data/single/{name}").read_bytes() == body
        assert contents(copy(client, tmp_path, f"s3://data/folder/{name}")) == {"a": body}
    watched = Watched(client)
    copy(watched, tmp_path, f"s3://data/single/{name}")
    assert not watched.asked


def test_a_copy_that_was_not_noted_goes_with_its_object(client: Any, tmp_path: Path) -> None:
    put(client, dumps__2015__a=b"a", dumps__2015__deep__b=b"b")
    root = copy(client, tmp_path)
    for journal in tmp_path.rglob("objects.jsonl"):  # as after a kill between the arrival of b and its note
        lines = journal.read_text().splitlines(keepends=True)
        journal.write_text("".join(line for line in lines if "deep/b" not in line))
    client.delete_object(Bucket="data", Key="dumps/2015/deep/b")
    assert contents(copy(client, tmp_path)) == {"a": b"a"}
    assert [path.name for path in root.iterdir()] == ["a"]


def test_an_empty_object_is_an_empty_file(client: Any, tmp_path: Path) -> None:
    put(client, dumps__2015__empty=b"")
    assert contents(copy(client, tmp_path)) == {"empty": b""}


@pytest.mark.parametrize("key", ["dumps/2015/../secret", "dumps/2015//a", "dumps/2015/./a", "dumps/2015/" + "n" * 300])
def test_a_key_that_is_no_file_name_stops_the_build_and_writes_nothing(client: Any, tmp_path: Path, key: str) -> None:
    put(client, dumps__2015__a=b"a")
    client.put_object(Bucket="data", Key=key, Body=b"x")
    with pytest.raises(ChanceryError, match="cannot be copied to a file of that name"):
        copy(client, tmp_path)
    assert not contents(tmp_path)


def test_two_keys_that_cannot_be_file_and_folder_at_once_stop_the_build(client: Any, tmp_path: Path) -> None:
    put(client, dumps__2015__a=b"a", dumps__2015__a__b=b"b")
    with pytest.raises(ChanceryError, match="cannot be copied"):
        copy(client, tmp_path)


def test_keys_that_would_be_one_file_on_a_mac_stop_the_build_there(
    client: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(client, dumps__2015__a=b"a", dumps__2015__A=b"b")
    assert contents(copy(client, tmp_path / "linux")) == {"a": b"a", "A": b"b"}
    monkeypatch.setattr("pipeline.storage.mirror.sys.platform", "darwin")
    with pytest.raises(ChanceryError, match="differ in case only"):
        copy(client, tmp_path / "mac")


def test_nothing_there_is_told_in_a_sentence(client: Any, tmp_path: Path) -> None:
    with pytest.raises(ChanceryError, match="there is no object under s3://data/dumps/2015"):
        copy(client, tmp_path)
    with pytest.raises(ChanceryError, match=r"s3://absent/x: .*bucket does not exist"):
        copy(client, tmp_path, "s3://absent/x")
