"""Adding a dump gives what a full rebuild gives, byte for byte, whatever an earlier build remembers."""

import hashlib
from pathlib import Path
from random import Random

import polars as pl
import pytest
from click.testing import CliRunner

from pipeline.cli import chancery
from pipeline.remember import DIGEST, group_digests, remembered_rows, remembering
from pipeline.request import BuildRequest
from tests.simulation import crawl, simulate_site
from tests.simulation.writers import write_jsonl_stream
from tests.stage_runs import run_stages


def build(raw: Path, outputs: Path) -> dict[str, str]:
    result = CliRunner().invoke(chancery, ["build", "--raw", str(raw), "--outputs", str(outputs), "--workers", "1"])
    assert result.exit_code == 0, result.output
    return digests(outputs)


def digests(outputs: Path) -> dict[str, str]:
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in (outputs / "tables").iterdir()}


def test_a_dump_of_recent_months_added_gives_the_bytes_of_a_full_rebuild(tmp_path: Path) -> None:
    captures = list(crawl(simulate_site(41, n_items=40), 41, n_captures=110))
    raw = tmp_path / "raw"
    raw.mkdir()
    write_jsonl_stream(captures[:100], raw / "older.jsonl")
    before = build(raw, tmp_path / "grown")
    write_jsonl_stream(captures[100:], raw / "newer.jsonl")
    grown = build(raw, tmp_path / "grown")
    assert grown["captures.parquet"] != before["captures.parquet"]
    assert grown == build(raw, tmp_path / "fresh")


def itself(digests: pl.Series) -> pl.Series:
    return digests


class Lengths:
    """A function of texts that remembers, and what it was asked to make."""

    def __init__(self) -> None:
        self.made: list[str] = []

    def of(self, *texts: str) -> list[int]:
        found = remembered_rows("lengths", pl.Series(texts, dtype=pl.String), itself, self._make)
        return [dict(found.select(DIGEST, "length").iter_rows())[text] for text in texts]

    def _make(self, texts: pl.Series) -> pl.DataFrame:
        self.made += sorted(texts)
        return pl.DataFrame(
            {DIGEST: texts, "length": [len(text) for text in texts]}, schema_overrides={DIGEST: pl.String}
        )


def test_a_remembered_row_is_not_made_again_by_the_same_code_and_is_by_other_code(tmp_path: Path) -> None:
    lengths = Lengths()
    with remembering(tmp_path, "a" * 64):
        assert lengths.of("one", "three", "one") == [3, 5, 3]
        assert lengths.of("three") == [5]
    assert lengths.made == ["one", "three"]
    with remembering(tmp_path, "a" * 64):
        assert lengths.of("one", "seven") == [3, 5]
    assert lengths.made == ["one", "three", "seven"]
    with remembering(tmp_path, "a" * 64, fresh=True):
        assert lengths.of("one") == [3]
    assert lengths.made == ["one", "three", "seven", "one"]
    with remembering(tmp_path, "b" * 64):
        assert lengths.of("one") == [3]
    assert len(lengths.made) == 5
    assert len(list(tmp_path.iterdir())) == 1
    assert lengths.of("one") == [3]
    assert len(lengths.made) == 6


def kept_texts(folder: Path) -> list[str]:
    return sorted(text for path in folder.glob("*/lengths-*") for text in pl.read_parquet(path)[DIGEST])


def test_what_takes_much_is_made_apart_and_nothing_is_made_twice(tmp_path: Path) -> None:
    asked = ["one", "three", "two", "seventeen", "six"]
    together: list[list[str]] = []

    def make(texts: pl.Series) -> pl.DataFrame:
        together.append(texts.to_list())
        return pl.DataFrame({DIGEST: texts})

    sizes = pl.Series([1, 9, 1, 40, 1], dtype=pl.UInt32)
    with remembering(tmp_path, "a" * 64):
        found = remembered_rows("sized", pl.Series(asked), itself, make, 10, sizes)
    assert together == [["one", "three"], ["two", "seventeen"], ["six"]]
    assert sorted(found[DIGEST]) == sorted(asked)


def test_what_builds_no_longer_ask_for_goes_once_it_is_most_of_what_is_kept(tmp_path: Path) -> None:
    for texts in (("one", "three"), ("three", "seven"), ("seven",)):
        with remembering(tmp_path, "a" * 64):
            Lengths().of(*texts)
    assert kept_texts(tmp_path) == ["seven"]


def test_what_many_builds_added_becomes_one_file_again(tmp_path: Path) -> None:
    texts = [str(number) for number in range(20)]
    for n_texts in range(1, 21):
        with remembering(tmp_path, "a" * 64):
            Lengths().of(*texts[:n_texts])
        assert len(list(tmp_path.glob("*/lengths-*"))) <= 8
    assert kept_texts(tmp_path) == sorted(texts)


def test_results_that_nothing_asks_for_are_not_kept(tmp_path: Path) -> None:
    with remembering(tmp_path, "a" * 64):
        Lengths().of("one")
    with remembering(tmp_path, "a" * 64):
        pass
    assert kept_texts(tmp_path) == []


@pytest.mark.parametrize("content", [b"", b"not a table", b"PAR1"])
def test_what_cannot_be_read_back_is_made_again(tmp_path: Path, content: bytes) -> None:
    with remembering(tmp_path, "a" * 64):
        Lengths().of("one")
    (path,) = tmp_path.glob("*/*")
    path.write_bytes(content)
    for _ in range(2):
        with remembering(tmp_path, "a" * 64):
            assert Lengths().of("one") == [3]
    assert kept_texts(tmp_path) == ["one"]


def test_a_build_that_fails_keeps_nothing_new(tmp_path: Path) -> None:
    def fail(_: pl.Series) -> pl.DataFrame:
        raise ValueError("no")

    def build_once() -> None:
        with remembering(tmp_path, "a" * 64):
            Lengths().of("one")
            remembered_rows("failures", pl.Series(["one"]), itself, fail)

    with pytest.raises(ValueError, match="no"):
        build_once()
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("reverse", [False, True])
def test_a_group_has_one_digest_whatever_the_order_of_its_rows(reverse: bool) -> None:
    rows = pl.DataFrame({"group": [1, 1, 2], "text": ["a", None, "a"], "number": [1, 2, 1]})
    digests = dict(group_digests(rows.sort("number", descending=reverse), "group").iter_rows())
    assert digests == dict(group_digests(rows, "group").iter_rows())
    assert digests[1] != digests[2]


def tables(raw: Path, outputs: Path) -> dict[str, str]:
    run_stages(BuildRequest(raw=(raw,), outputs=outputs, workers=1))
    return digests(outputs)


@pytest.mark.parametrize("seed", [3, 11])
def test_any_part_of_the_captures_added_or_taken_away_gives_the_bytes_of_a_full_rebuild(
    seed: int, tmp_path: Path
) -> None:
    captures = list(crawl(simulate_site(seed, n_items=25), seed, n_captures=60))
    drawn = Random(seed)
    first = [capture for capture in captures if drawn.random() < 0.6]
    second = [capture for capture in captures if capture not in first]
    raw = tmp_path / "raw"
    raw.mkdir()
    write_jsonl_stream(first, raw / "a.jsonl")
    smaller = tables(raw, tmp_path / "grown")
    write_jsonl_stream(second, raw / "b.jsonl")
    assert tables(raw, tmp_path / "grown") == tables(raw, tmp_path / "fresh")
    (raw / "b.jsonl").unlink()
    assert tables(raw, tmp_path / "grown") == smaller
