"""Plain text: a file is one record, taken only where its encoding is certain."""

import gzip
import hashlib
from datetime import UTC, datetime
from pathlib import Path

import pytest

from pipeline.ingest.discover import discover
from pipeline.ingest.read import read_file
from pipeline.ingest.reader import ReadOptions, RejectedFileError
from pipeline.ingest.text import decode_text
from pipeline.records import Outcome, RecordedTime, TimePrecision, TimeSource
from tests.ingest.files import PAGE, read_one

RUSSIAN = "28 октября 2016\nМосква: 14:05\nЛондон: 12:05\n\nПосольство сообщает о работе консульского отдела.\n"


def test_a_file_is_one_record_with_its_bytes_accounted_for(tmp_path: Path) -> None:
    record = read_one(tmp_path, "a/dump", PAGE)
    stored = PAGE.encode()
    assert (record.raw_path, record.record_no, record.raw_format, record.outcome) == ("a/dump", 0, "text", Outcome.PAGE)
    assert (record.offset, record.length, record.media_type) == (0, len(stored), "text/plain")
    assert record.sha256 == hashlib.sha256(stored).hexdigest()
    assert (record.url, record.recorded, record.reason) == (None, None, None)
    assert record.page is not None
    assert record.page.text == PAGE
    assert record.page.teasers_observable
    assert not record.page.is_cut


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32"])
def test_a_byte_order_mark_or_valid_utf8_decides(encoding: str) -> None:
    assert decode_text(PAGE.encode(encoding)) == (PAGE, False)


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        (RUSSIAN, "windows-1251"),
        ("The Embassy’s café – “quoted” for £5\u00a0each.\nAnd more words of plain English.", "windows-1252"),
    ],
)
def test_old_windows_encodings_are_read_where_every_letter_fits(text: str, encoding: str) -> None:
    assert decode_text(text.encode(encoding)) == (text, False)


@pytest.mark.parametrize("slip", ["\x1f", "\x92", "\x0c", "\x1b"])
def test_a_stray_control_character_costs_no_page(slip: str) -> None:
    text = PAGE.replace("again", f"ag{slip}ain")
    assert decode_text(text.encode()) == (text, False)


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ("“Long night” – the lights".encode() + b" \x92 and \xff" + "“more”".encode(), "undecodable"),
        (b"\x81\x8d\x8f\x90\x9d wild bytes \x81\x8d", "undecodable"),
        ("日本語の文章です。".encode("euc-jp"), "undecodable"),
        (b"text with \x00 in it", "binary"),
        (b"\xff\xfea\x00\x00\x00", "binary"),
        (b"\x01\x02\x03 control", "binary"),
    ],
)
def test_what_is_not_certain_is_refused(content: bytes, reason: str) -> None:
    with pytest.raises(RejectedFileError) as error:
        decode_text(content)
    assert error.value.reason == reason


def test_a_last_character_cut_in_two_is_left_out_and_said(tmp_path: Path) -> None:
    record = read_one(tmp_path, "a.txt", "London: 21:03\nthe lights – ".encode()[:-2])
    assert record.page is not None
    assert (record.page.text, record.page.is_cut) == ("London: 21:03\nthe lights ", True)


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "empty"),
        (b" \n\xc2\xa0\n", "empty"),
        (b"a\x00b", "binary"),
        (b"\x81\x8d\x8f wild", "undecodable"),
        (b"version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 9\n", "lfs_pointer"),
        (b"x" * 101, "record_too_large"),
        (gzip.compress(b"x" * 100_000), "record_too_large"),
        (b"BZh91AY&SY\x00", "unsupported_compression"),
    ],
)
@pytest.mark.parametrize("name", ["a.txt", "a.warc.gz"])
def test_a_file_that_is_no_text_is_rejected_in_one_sentence(
    tmp_path: Path, content: bytes, reason: str, name: str
) -> None:
    record = read_one(tmp_path, name, content, ReadOptions(max_record_bytes=100))
    assert (record.outcome, record.reason, record.page) == (Outcome.REJECTED, reason, None)
    assert record.detail is not None
    assert record.detail.startswith(f"{name}: ")
    assert "\n" not in record.detail
    assert record.length == len(content)


def test_a_packed_text_is_unpacked_whatever_its_name(tmp_path: Path) -> None:
    stored = gzip.compress(PAGE.encode())
    record = read_one(tmp_path, "a.warc.gz", stored)
    assert record.page is not None
    assert (record.page.text, record.length, record.raw_format) == (PAGE, len(stored), "text")
    assert record.sha256 == hashlib.sha256(stored).hexdigest()


def test_a_text_in_a_download_tree_has_its_url_and_time(tmp_path: Path) -> None:
    record = read_one(tmp_path, "20191118210325/www.rusemb.org.uk/fnapr/6840.txt", PAGE)
    assert record.url == "http://www.rusemb.org.uk/fnapr/6840"
    at = datetime(2019, 11, 18, 21, 3, 25, tzinfo=UTC)
    assert record.recorded == RecordedTime(at, TimeSource.WAYBACK, TimePrecision.SECOND)


@pytest.mark.parametrize("name", ["000_fce646e764c63825.txt", "003_9dab5ff1aff01632.txt"])
def test_the_sample_dumps_are_read_whole(raw: Path, name: str) -> None:
    (record,) = read_file(discover([raw / name]).files[0], ReadOptions())
    assert record.page is not None
    assert record.page.text.encode() == (raw / name).read_bytes()
    assert record.page.teasers_observable
