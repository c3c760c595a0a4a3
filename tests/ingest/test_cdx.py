"""CDX and CDXJ: one ledger row each, and only certain facts for the files beside them."""

import base64
import gzip
import hashlib
import json
from pathlib import Path

import pytest

from pipeline.ingest.cdx import CdxIndex, complete, find_indexes, load_index
from pipeline.ingest.discover import discover
from pipeline.ingest.read import read_file
from pipeline.ingest.reader import ReadOptions
from pipeline.records import Outcome, RawRecord
from tests.ingest.files import HTML, PAGE, read_one, write

URL = "http://www.rusemb.org.uk/fnapr/6840"
KEY = "uk,org,rusemb)/fnapr/6840"
DIGEST = base64.b32encode(hashlib.sha1(PAGE.encode(), usedforsecurity=False).digest()).decode()
OTHER = "A" * 32
TIME = "2019-11-18T21:03:25+00:00"


def line(time: str = "20191118210325", digest: str = DIGEST, url: str = URL, place: str = "- -") -> str:
    return f"{KEY} {time} {url} text/html 200 {digest} - - 900 {place}\n"


def read_beside(root: Path, cdx: str | bytes, name: str = "page.txt", content: str = PAGE) -> RawRecord:
    """Read a text file that lies beside a CDX file."""
    write(root, name, content)
    write(root, "index", cdx)
    files = discover([root]).files
    options = ReadOptions(cdx=load_index(find_indexes(files), ReadOptions()))
    (record,) = read_file(next(file for file in files if file.raw_path == name), options)
    return record


@pytest.mark.parametrize(
    "cdx",
    [
        line(),
        " CDX N b a m s k r M S V g\n" + line(),
        f" CDX a b k g\n{URL} 20191118210325 {DIGEST} x.warc.gz\n",
        f"{KEY} 20191118210325 {URL} text/html 200 {DIGEST} 900\n",
        f"{KEY} 20191118210325 {URL} text/html 200 {DIGEST} - 12 x.arc.gz\n",
        f'{KEY} 20191118210325 {{"url": "{URL}", "digest": "sha1:{DIGEST}", "status": "200"}}\n',
        '!context ["x"]\n' + f'{KEY} 20191118210325 {{"url": "{URL}", "digest": "{DIGEST}", "offset": "12"}}\n',
        json.dumps({"urlkey": KEY, "timestamp": "20191118210325", "url": URL, "digest": DIGEST, "status": "200"})
        + "\n",
        json.dumps([["urlkey", "timestamp", "original", "digest"], [KEY, "20191118210325", URL, DIGEST]]),
    ],
)
def test_every_form_of_index_gives_url_time_and_digest_by_the_bytes(tmp_path: Path, cdx: str) -> None:
    record = read_beside(tmp_path, cdx)
    assert record.url == URL
    assert record.recorded is not None
    assert (record.recorded.at.isoformat(), record.recorded.source, record.recorded.precision) == (
        TIME,
        "cdx",
        "second",
    )
    assert (record.payload_digest or "").removeprefix("sha1:") == DIGEST


def test_a_packed_index_is_read(tmp_path: Path) -> None:
    assert read_beside(tmp_path, gzip.compress(line().encode())).url == URL


def test_a_file_named_in_the_index_is_found_by_its_name(tmp_path: Path) -> None:
    record = read_beside(tmp_path, line(digest=OTHER, place="0 some/folder/page.txt"))
    assert (record.url, record.payload_digest) == (URL, OTHER)
    record = read_beside(tmp_path, line(digest=OTHER, place="- page.txt"))
    assert record.url == URL


def test_a_file_that_knows_its_url_gets_the_time_of_its_only_capture(tmp_path: Path) -> None:
    record = read_beside(tmp_path, line(digest=OTHER), "www.rusemb.org.uk/fnapr/6840")
    assert record.url == URL
    assert record.recorded is not None
    assert record.recorded.at.isoformat() == TIME


def test_the_list_a_downloader_leaves_gives_times_to_its_files(tmp_path: Path) -> None:
    pairs = json.dumps([["20191118210325", URL], ["20180304000000", "http://www.rusemb.org.uk/"]], indent=2)
    record = read_beside(tmp_path, pairs, "websites/www.rusemb.org.uk/fnapr/6840/index.html", PAGE)
    assert record.recorded is not None
    assert record.recorded.at.isoformat() == TIME


def test_the_ending_that_wget_adds_is_no_part_of_the_url(tmp_path: Path) -> None:
    digest = base64.b32encode(hashlib.sha1(HTML.encode(), usedforsecurity=False).digest()).decode()
    mirrored = read_beside(tmp_path / "a", line(digest=digest), "www.rusemb.org.uk/fnapr/6840.html", HTML)
    assert mirrored.url == URL
    other = read_beside(tmp_path / "b", line(digest=digest), "www.rusemb.org.uk/fnapr/6841.html", HTML)
    assert other.url == "http://www.rusemb.org.uk/fnapr/6841.html"


def test_what_the_lines_disagree_about_stays_unknown(tmp_path: Path) -> None:
    record = read_beside(tmp_path, line() + line("20191119210325"))
    assert (record.url, record.recorded, record.payload_digest) == (URL, None, DIGEST)


def test_one_of_two_captures_of_a_url_is_told_by_the_bytes(tmp_path: Path) -> None:
    record = read_beside(tmp_path, line("20191119210325", OTHER) + line(), "www.rusemb.org.uk/fnapr/6840")
    assert record.recorded is not None
    assert record.recorded.at.isoformat() == TIME


def test_what_a_file_knows_of_itself_stays(tmp_path: Path) -> None:
    record = read_beside(tmp_path, line(), "20180101000000/www.rusemb.org.uk/other")
    assert record.url == "http://www.rusemb.org.uk/other"
    assert record.recorded is not None
    assert (record.recorded.at.year, record.recorded.source) == (2018, "wayback")


def test_a_time_to_the_day_is_no_more_than_that(tmp_path: Path) -> None:
    record = read_beside(tmp_path, line("20191118"))
    assert record.recorded is not None
    assert record.recorded.precision == "day"


def test_an_index_is_one_ledger_row_that_counts_its_lines(tmp_path: Path) -> None:
    record = read_one(tmp_path, "index", line() + "broken\n" + line())
    assert (record.raw_format, record.record_type) == ("cdx", "cdx")
    assert (record.outcome, record.reason) == (Outcome.NOT_A_PAGE, "index")
    assert record.detail == "index: 2 captures listed, 1 line could not be read."


@pytest.mark.parametrize(
    "content", ['[["urlkey", "timestamp"', '[["urlkey"], 5]', '[["urlkey"], [{"a": 1}, 2]]', '[["urlkey"], []]']
)
def test_a_broken_answer_of_a_server_stops_nothing(tmp_path: Path, content: str) -> None:
    write(tmp_path, "x.json", content)
    files = discover([tmp_path]).files
    assert load_index(files, ReadOptions()) is None
    for file in files:
        assert len(list(read_file(file, ReadOptions()))) == 1


def test_without_an_index_there_is_none(tmp_path: Path) -> None:
    write(tmp_path, "a.txt", PAGE)
    assert find_indexes(discover([tmp_path]).files) == []
    assert load_index([], ReadOptions()) is None


def test_a_record_without_a_match_stays_as_it_is() -> None:
    record = RawRecord("a", 0, "text", Outcome.PAGE)
    assert complete(record, CdxIndex(), b"x") is record
