"""Shares of a file: together they hold every record once, as reading the whole file does, whatever is broken in it."""

import random
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.ingest import reader
from pipeline.ingest.discover import discover
from pipeline.ingest.read import read_file
from pipeline.ingest.reader import RawFile, ReadOptions, Share
from pipeline.records import Outcome, RawRecord
from tests.ingest.archives import SITE, members, page
from tests.ingest.test_wacz import wacz
from tests.simulation import SimCapture, crawl, simulate_site
from tests.simulation.writers import FORMS

SEVERAL_RECORDS = (
    "warc",
    "warc_gz",
    "warc_gz_single",
    "warc_zst",
    "arc_gz",
    "wet",
    "wacz",
    "c4_jsonl_gz",
    "c4_parquet",
)


@pytest.fixture(scope="module")
def captures() -> list[SimCapture]:
    return list(crawl(simulate_site(3, n_items=40), 5, n_captures=40))


@pytest.fixture(autouse=True)
def _few_records_in_turn(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reader, "RECORDS_IN_TURN", 7)


def files_of(folder: Path) -> tuple[RawFile, ...]:
    return discover((folder,)).files


def by_shares(file: RawFile, of: int) -> Iterator[RawRecord]:
    for number in range(of):
        yield from read_file(replace(file, share=Share(number, of)), ReadOptions())


@given(st.integers(0, 10**6), st.integers(1, 9))
def test_every_record_is_of_one_share(record_no: int, of: int) -> None:
    assert [Share(number, of).holds(record_no) for number in range(of)].count(True) == 1


@pytest.mark.parametrize("of", [2, 4])
@pytest.mark.parametrize("form", FORMS)
def test_shares_together_give_what_the_whole_file_gives(
    captures: list[SimCapture], tmp_path: Path, form: str, of: int
) -> None:
    FORMS[form].write(captures, tmp_path)
    for file in files_of(tmp_path):
        whole = list(read_file(file, ReadOptions()))
        shared = list(by_shares(file, of))
        assert sorted(shared, key=lambda record: record.record_no) == whole
        assert all(record.outcome is not Outcome.LEFT_OUT for record in shared)


@pytest.mark.parametrize("form", SEVERAL_RECORDS)
def test_shares_of_a_broken_file_hold_what_the_whole_one_does(
    captures: list[SimCapture], tmp_path: Path, form: str
) -> None:
    FORMS[form].write(captures, tmp_path)
    (path,) = (file.path for file in files_of(tmp_path))
    content = path.read_bytes()
    rng = random.Random(form)
    for _ in range(12):
        at = rng.randrange(len(content))
        flipped = bytearray(content)
        flipped[at] ^= 1 << rng.randrange(8)
        for broken in (content[:at], bytes(flipped)):
            path.write_bytes(broken)
            (file,) = files_of(tmp_path)
            whole = list(read_file(file, ReadOptions()))
            assert sorted(by_shares(file, 3), key=lambda record: record.record_no) == whole


@given(cut=st.integers(1, len(page("cut")) - 5), of=st.integers(2, 4))
def test_shares_of_a_file_with_a_cut_record_hold_what_the_whole_one_does(
    tmp_path_factory: pytest.TempPathFactory, cut: int, of: int
) -> None:
    records = [page(f"word {number}") for number in range(9)]
    path = tmp_path_factory.getbasetemp() / "cut.warc"
    path.write_bytes(b"".join(records[:5]) + page("cut")[:cut] + b"".join(records[5:]))
    file = RawFile(path, path.name, path.stat().st_size, 0)
    whole = list(read_file(file, ReadOptions()))
    assert len(whole) == 10
    assert sorted(by_shares(file, of), key=lambda record: record.record_no) == whole


def test_a_share_of_a_wacz_knows_the_pages_of_the_others_whatever_their_addresses_look_like(tmp_path: Path) -> None:
    addresses = [f"<{SITE}/article/{number}>" for number in range(9)]
    addresses += [f"https://web.archive.org/web/20191118210300/{SITE}/article/{number}" for number in range(9, 20)]
    listed = "".join(f'{{"url": "{SITE}/article/{number}"}}\n' for number in range(21)).encode()
    path = wacz(tmp_path, members([page("word", url=address) for address in addresses]), pages=listed)
    (file,) = files_of(path.parent)
    whole = list(read_file(file, ReadOptions()))
    assert "1 of 21 listed pages have no record" in str(whole[-1].detail)
    assert sorted(by_shares(file, 3), key=lambda record: record.record_no) == whole


def test_a_share_that_holds_no_record_is_not_a_file_without_records(captures: list[SimCapture], tmp_path: Path) -> None:
    FORMS["warc_gz"].write(captures[:2], tmp_path)
    (file,) = files_of(tmp_path)
    assert list(read_file(replace(file, share=Share(3, 4)), ReadOptions())) == []
