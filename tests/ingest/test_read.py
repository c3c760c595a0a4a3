"""read_file: every file leaves at least one ledger row, and nothing in it can stop the others."""

import gzip
import os
import random
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipeline.ingest import read as read_module
from pipeline.ingest.discover import discover
from pipeline.ingest.read import read_file
from pipeline.ingest.reader import RawFile, ReadOptions
from pipeline.records import Outcome, PageText, RawRecord
from tests.ingest.files import PAGE, read_one, write


class BreakingReader:
    """Gives two records, then raises."""

    raw_format = "text"
    error: BaseException = ValueError("a line\nbreak")

    def read(self, file: RawFile, _options: ReadOptions) -> Iterator[RawRecord]:
        for record_no in range(2):
            yield RawRecord(file.raw_path, record_no, "text", Outcome.PAGE, page=PageText("x"))
        raise self.error


class SilentReader:
    """Gives nothing."""

    raw_format = "text"

    def read(self, _file: RawFile, _options: ReadOptions) -> Iterator[RawRecord]:
        yield from ()


def test_what_a_reader_raises_becomes_a_record_after_those_before_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(read_module, "_reader", lambda _form: BreakingReader())
    first, second, last = read_file(write(tmp_path, "a.txt", PAGE), ReadOptions())
    assert (first.outcome, second.outcome) == (Outcome.PAGE, Outcome.PAGE)
    assert (last.record_no, last.outcome, last.reason) == (2, Outcome.REJECTED, "reader_failed")
    assert last.detail == "a.txt: reading stopped after 2 records (ValueError: a line break)."


@pytest.mark.parametrize("error", [KeyboardInterrupt(), MemoryError()])
def test_the_user_and_the_machine_can_stop_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: BaseException
) -> None:
    monkeypatch.setattr(read_module, "_reader", lambda _form: BreakingReader())
    monkeypatch.setattr(BreakingReader, "error", error)
    with pytest.raises(type(error)):
        list(read_file(write(tmp_path, "a.txt", PAGE), ReadOptions()))


def test_a_file_without_records_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(read_module, "_reader", lambda _form: SilentReader())
    (record,) = read_file(write(tmp_path, "a.txt", PAGE), ReadOptions())
    assert (record.outcome, record.reason, record.length) == (Outcome.REJECTED, "no_records", len(PAGE.encode()))


def test_a_file_that_cannot_be_opened_is_rejected(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = write(tmp_path, "a.txt", PAGE)

    def refuse(self: Path, mode: str = "r") -> object:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "open", refuse)
    (record,) = read_file(file, ReadOptions())
    assert (record.outcome, record.reason) == (Outcome.REJECTED, "unreadable")
    assert record.detail == "a.txt: it could not be read (Permission denied); check its permissions and the disk."


@pytest.mark.skipif(os.geteuid() == 0, reason="root reads files whatever their permissions")
def test_permissions_are_respected(tmp_path: Path) -> None:
    file = write(tmp_path, "a.txt", PAGE)
    file.path.chmod(0)
    (record,) = read_file(file, ReadOptions())
    assert record.reason == "unreadable"


def test_a_file_that_vanishes_is_rejected(tmp_path: Path) -> None:
    file = write(tmp_path, "a.txt", PAGE)
    file.path.unlink()
    (record,) = read_file(file, ReadOptions())
    assert record.reason == "unreadable"


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("README.md", "# Sample dumps\n", "documentation"),
        ("sub/LICENSE", "Apache License\n", "documentation"),
        (".gitkeep", "", "housekeeping"),
        (".DS_Store", "\0\0\0\1Bud1", "housekeeping"),
        ("._a.txt", "\0\5\26\7", "housekeeping"),
        ("logo", "\x89PNG\r\n\x1a\n".encode("latin-1"), "media_type"),
        ("www.rusemb.org.uk/robots.txt", "User-agent: *\n", "media_type"),
        ("style.css", "body { color: red }\n", "media_type"),
        ("datapackage.json", '{"profile": "data-package"}\n', "media_type"),
    ],
)
def test_sound_files_that_are_no_pages_stand_in_the_ledger(
    tmp_path: Path, name: str, content: str | bytes, reason: str
) -> None:
    record = read_one(tmp_path, name, content)
    assert (record.outcome, record.reason, record.page) == (Outcome.NOT_A_PAGE, reason, None)
    assert record.sha256 is not None
    assert record.length == (tmp_path / name).stat().st_size


def test_pages_of_other_sites_are_turned_away_and_pages_without_a_url_are_not(tmp_path: Path) -> None:
    options = ReadOptions(site_hosts=("rusemb.org.uk",))
    assert read_one(tmp_path, "www.rusemb.org.uk/a", PAGE, options).outcome is Outcome.PAGE
    assert read_one(tmp_path, "a.txt", PAGE, options).outcome is Outcome.PAGE
    other = read_one(tmp_path, "www.example.org/a", PAGE, options)
    assert (other.outcome, other.reason, other.page) == (Outcome.NOT_A_PAGE, "other_site", None)
    assert other.url == "http://www.example.org/a"


def test_a_damaged_file_says_no_more_than_is_known_and_what_to_do(tmp_path: Path) -> None:
    packed = bytearray(gzip.compress(PAGE.encode() + random.Random(1).randbytes(4_000).hex().encode()))
    packed[2_000:2_040] = b"\x55" * 40
    early = read_one(tmp_path, "early.txt.gz", bytes(packed))
    assert (early.outcome, early.reason) == (Outcome.REJECTED, "damaged_compression")
    assert early.detail == "early.txt.gz: its gzip stream is damaged or cut off; fetch it anew."
    cut = read_one(tmp_path, "cut.txt.gz", gzip.compress(random.Random(1).randbytes(40_000).hex().encode())[:-9])
    assert (cut.outcome, cut.reason) == (Outcome.REJECTED, "truncated_compression")
    assert cut.detail == "cut.txt.gz: its gzip stream ends too early; fetch it anew."


def test_a_name_with_a_line_break_makes_a_one_line_sentence(tmp_path: Path) -> None:
    record = read_one(tmp_path, "a\nb.txt", b"\0")
    assert record.raw_path == "a\nb.txt"
    assert record.detail is not None
    assert record.detail.startswith("a\\nb.txt: ")


def test_a_file_of_several_gigabytes_is_rejected_with_little_memory(tmp_path: Path) -> None:
    import tracemalloc

    file = write(tmp_path, "a.txt", PAGE * 60)
    with file.path.open("r+b") as stream:
        stream.truncate(5_000_000_000)
    tracemalloc.start()
    try:
        (record,) = read_file(discover([tmp_path]).files[0], ReadOptions(max_record_bytes=1_000_000))
        assert tracemalloc.get_traced_memory()[1] < 8_000_000
    finally:
        tracemalloc.stop()
    assert (record.outcome, record.reason, record.length) == (Outcome.REJECTED, "record_too_large", 5_000_000_000)


def test_a_file_whose_name_is_no_utf8_is_read_under_its_encoded_name(tmp_path: Path) -> None:
    path = tmp_path / os.fsdecode(b"caf\xe9 1.txt")
    path.write_text(PAGE)
    (record,) = read_file(discover([tmp_path]).files[0], ReadOptions())
    assert (record.raw_path, record.outcome) == ("caf%E9 1.txt", Outcome.PAGE)


STARTS = [
    b"", b"\x1f\x8b\x08\0\0\0\0\0", b"\x28\xb5\x2f\xfd", b"\x04\x22\x4d\x18", b"PAR1", b'{"text": "', b'[["urlkey"]',
    b"<html><body>", b"5\r\n<html>", b" CDX N b a\n", b"uk)/ 20191118210325 {", b"\xff\xfe", b"\xef\xbb\xbf",
]  # fmt: skip


@settings(max_examples=200, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.sampled_from(STARTS), st.binary(max_size=60), st.sampled_from(["a", "a.html", "a.jsonl.gz", "x/a.cdx"]))
def test_no_bytes_can_stop_it(tmp_path: Path, start: bytes, rest: bytes, name: str) -> None:
    path = tmp_path / "any"
    path.write_bytes(start + rest)
    records = list(read_file(RawFile(path, name, len(start + rest), 0), ReadOptions()))
    assert [record.record_no for record in records] == list(range(len(records)))
    assert records
    for record in records:
        assert (record.page is not None) == (record.outcome is Outcome.PAGE)
        assert (record.reason is None) == (record.outcome is Outcome.PAGE)
        assert record.reason != "reader_failed"


def test_many_small_files_are_cheap(tmp_path: Path) -> None:
    """Some 30 microseconds each to find and 100 to read; the bound leaves room for a slow machine."""
    import time

    for number in range(3000):
        (tmp_path / f"{number}.txt").write_text(PAGE)
    started = time.process_time()
    files = discover([tmp_path]).files
    records = [record for file in files for record in read_file(file, ReadOptions())]
    assert len(records) == 3000
    assert time.process_time() - started < 3
