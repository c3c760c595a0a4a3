"""HTML files: unpacked, freed of what the archive added, dated by their folders or their own comments."""

import gzip
from pathlib import Path

import brotli  # type: ignore[import-untyped]
import pytest

from pipeline.ingest.reader import ReadOptions
from pipeline.records import Outcome
from tests.ingest.files import HTML, read_one

URL = "http://www.rusemb.org.uk/fnapr/6840"
TIME = "2019-11-18T21:03:25+00:00"
TOOLBAR = "<!-- BEGIN WAYBACK TOOLBAR INSERT --><div>1,234 captures</div><!-- END WAYBACK TOOLBAR INSERT -->"
FOOTER = (
    "<!--\n     FILE ARCHIVED ON 21:03:25 Nov 18, 2019 AND RETRIEVED FROM THE\n     INTERNET ARCHIVE ON 09:00:00 Jan 2,"
    " 2024.\n-->"
)


def replayed() -> str:
    """The page as the Wayback Machine hands it out."""
    page = HTML.replace("<body>", f"<body>{TOOLBAR}").replace("href='/fnapr", "href='/web/20191118210325/" + URL[:-5])
    return page + FOOTER


def test_a_file_in_a_download_tree_is_a_page_with_url_time_and_links(tmp_path: Path) -> None:
    record = read_one(tmp_path, "20191118210325/www.rusemb.org.uk/fnapr/6840", HTML)
    assert (record.outcome, record.raw_format, record.media_type) == (Outcome.PAGE, "html", "text/html")
    assert record.url == URL
    assert record.recorded is not None
    assert record.recorded.at.isoformat() == TIME
    assert (record.archive, record.memento_url) == (None, None)
    assert record.page is not None
    assert "14.11.2019 - Letter to the keeper" in record.page.text.splitlines()
    assert [link.href for link in record.page.links] == ["http://www.rusemb.org.uk/fnapr/6840"]


@pytest.mark.parametrize(
    "body",
    [
        gzip.compress(HTML.encode()),
        brotli.compress(HTML.encode()),
        b"%x\r\n%b\r\n0\r\n\r\n" % (len(HTML.encode()), HTML.encode()),
        HTML.replace("utf-8", "utf-16").encode("utf-16"),
        b"\xef\xbb\xbf" + HTML.encode(),
    ],
)
def test_a_body_saved_as_it_travelled_gives_the_same_page(tmp_path: Path, body: bytes) -> None:
    plain = read_one(tmp_path, "www.rusemb.org.uk/a.html", HTML)
    other = read_one(tmp_path, "www.rusemb.org.uk/b.html", body)
    assert plain.page is not None
    assert other.page == plain.page
    assert other.length == len(body)


def test_what_the_archive_added_is_taken_out_and_proves_the_archive(tmp_path: Path) -> None:
    path = "20191118210325/www.rusemb.org.uk/fnapr/6840"
    plain = read_one(tmp_path, path, HTML)
    record = read_one(tmp_path, path, replayed())
    assert record.page == plain.page
    assert record.archive == "Internet Archive"
    assert record.memento_url == f"https://web.archive.org/web/20191118210325/{URL}"


def test_the_archives_comment_dates_a_file_outside_any_tree(tmp_path: Path) -> None:
    record = read_one(tmp_path, "a.html", replayed())
    assert record.recorded is not None
    assert (record.recorded.at.isoformat(), record.recorded.source) == (TIME, "wayback")
    assert (record.url, record.memento_url) == (None, None)


def test_a_browsers_comment_names_the_url_it_saved(tmp_path: Path) -> None:
    live = read_one(tmp_path, "a.html", f"<!-- saved from url=(0035){URL} -->\n{HTML}")
    assert (live.url, live.recorded) == (URL, None)
    memento = f"https://web.archive.org/web/20191118210325/{URL}"
    saved = read_one(tmp_path, "b.html", f"<!DOCTYPE html>\n<!-- saved from url=(0083){memento} -->\n{HTML}")
    assert (saved.url, saved.archive, saved.memento_url) == (URL, "Internet Archive", memento)
    assert saved.recorded is not None
    assert saved.recorded.at.isoformat() == TIME


def test_a_page_cut_off_in_its_packing_is_read_as_far_as_it_goes_and_said_to_be_cut(tmp_path: Path) -> None:
    packed = gzip.compress(HTML.encode())
    record = read_one(tmp_path, "a.html", packed[: len(packed) * 3 // 4])
    assert record.page is not None
    assert record.page.is_cut
    assert record.page.text.startswith("18 November 2019")


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"<html><body><script>x</script></body></html>", "empty"),
        (gzip.compress(b"<html>" + b"x" * 100_000), "record_too_large"),
    ],
)
def test_a_page_that_shows_nothing_or_too_much_is_rejected(tmp_path: Path, body: bytes, reason: str) -> None:
    record = read_one(tmp_path, "a.html", body, ReadOptions(max_record_bytes=50_000))
    assert (record.outcome, record.reason, record.length) == (Outcome.REJECTED, reason, len(body))
