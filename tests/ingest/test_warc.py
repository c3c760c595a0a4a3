"""WARC files: what the ledger says of each record, in every packing."""

import dataclasses
import gzip
import hashlib
import io
import itertools
import tracemalloc
from datetime import UTC, datetime
from pathlib import Path

import lz4.frame  # type: ignore[import-untyped]
import pytest
import zstandard
from hypothesis import given
from hypothesis import strategies as st

from pipeline.ingest.reader import ReadOptions, RejectedFileError
from pipeline.ingest.warc import WarcReader, warc_date
from pipeline.records import Outcome, RecordedTime, TimePrecision, TimeSource
from tests.ingest.archives import ANY_SITE, HTML, SITE, THREE, http, members, page, raw_file, read_warc, warc, words


def with_dictionary() -> bytes:
    samples: list[bytes | bytearray | memoryview[int]] = [page(f"word {number}") for number in range(400)]
    dictionary = zstandard.train_dictionary(2048, samples)
    packer = zstandard.ZstdCompressor(dict_data=dictionary)
    stored = zstandard.ZstdCompressor().compress(dictionary.as_bytes())
    head = b"\x5d\x2a\x4d\x18" + len(stored).to_bytes(4, "little") + stored
    return head + b"".join(packer.compress(record) for record in THREE)


@pytest.mark.parametrize(
    ("content", "has_places"),
    [
        pytest.param(b"".join(THREE), True, id="plain"),
        pytest.param(members(THREE), True, id="gzip, a member per record"),
        pytest.param(gzip.compress(b"".join(THREE)), False, id="gzip, one member"),
        pytest.param(b"".join(zstandard.compress(record) for record in THREE), True, id="zstd, a frame per record"),
        pytest.param(zstandard.compress(b"".join(THREE)), False, id="zstd, one frame"),
        pytest.param(with_dictionary(), True, id="zstd, with a dictionary"),
        pytest.param(b"".join(lz4.frame.compress(record) for record in THREE), True, id="lz4"),
    ],
)
def test_every_packing_gives_the_same_records(tmp_path: Path, content: bytes, has_places: bool) -> None:
    records = read_warc(tmp_path, content)
    assert words(records) == ["one", "two", "three"]
    assert [record.record_no for record in records] == [0, 1, 2]
    if has_places:
        at = records[0].offset
        for record in records:
            assert record.offset is not None
            assert record.length is not None
            assert record.offset == at
            at = record.offset + record.length
        assert at == len(content)
    else:
        assert [record.offset for record in records[1:]] == [None, None]


def test_a_member_split_inside_a_record_goes_on_with_it(tmp_path: Path) -> None:
    whole = b"".join(THREE)
    cuts = [0, 100, 400, 700, len(whole)]
    blocks = b"".join(gzip.compress(whole[a:b]) for a, b in itertools.pairwise(cuts))
    assert words(read_warc(tmp_path, blocks)) == ["one", "two", "three"]


def test_what_the_ledger_says_of_a_response(tmp_path: Path) -> None:
    body = HTML.format("one").encode()
    block = http(body)
    (record,) = read_warc(tmp_path, warc(block, "WARC-Payload-Digest: sha1:ABC", version="1.1"))
    assert record.page is not None
    assert record.page.text == "18 November 2019\n\none"
    assert record.raw_format == "warc"
    assert record.outcome is Outcome.PAGE
    assert (record.reason, record.detail) == (None, None)
    assert record.warc_record_id == "<urn:uuid:00000000-0000-4000-8000-000000000001>"
    assert record.record_type == "response"
    assert record.url == f"{SITE}/article/1"
    at = datetime(2019, 11, 18, 21, 3, tzinfo=UTC)
    assert record.recorded == RecordedTime(at, TimeSource.WARC, TimePrecision.SECOND)
    assert (record.http_status, record.media_type) == (200, "text/html")
    assert record.sha256 == hashlib.sha256(body).hexdigest()
    assert record.payload_digest == "sha1:ABC"
    assert (record.archive, record.memento_url) == (None, None)


@pytest.mark.parametrize(
    ("record", "reason"),
    [
        (warc(b"software: x\r\n", kind="warcinfo", url=None), "warcinfo"),
        (warc(b"GET / HTTP/1.1\r\n\r\n", kind="request"), "request"),
        (warc(b"fetchTimeMs: 1\r\n", kind="metadata"), "metadata"),
        (warc(b"rest of it", kind="continuation"), "continuation"),
        (warc(b"x", kind="Something Else!"), "record_type"),
        (warc(http(b"<p>gone</p>", status="404 Not Found")), "http_status"),
        (warc(http(b"", "Location: /x", status="302 Found")), "http_status"),
        (warc(http(b"\x89PNG\r\n", media_type="image/png")), "media_type"),
        (warc(http(b"%PDF-1.4", media_type="text/html")), "media_type"),
        (warc(http(b"User-agent: *", media_type="text/plain")), "media_type"),
        (warc(b"1.2.3.4", kind="response", url="dns:rusemb.org.uk"), "not_from_web"),
        (warc(b"<p>log</p>", "Content-Type: text/html", kind="resource", url="metadata://x/log"), "not_from_web"),
        (page("x", url="http://rus.rusemb.org.uk/article/1"), "other_site"),
        (page("x", url="http://example.org/"), "other_site"),
    ],
)
def test_what_is_no_page_says_why(tmp_path: Path, record: bytes, reason: str) -> None:
    (found,) = read_warc(tmp_path, record, ReadOptions(site_hosts=("rusemb.org.uk",)))
    assert (found.outcome, found.reason, found.page) == (Outcome.NOT_A_PAGE, reason, None)


@pytest.mark.parametrize("host", ["rusemb.org.uk", "www.rusemb.org.uk", "m.rusemb.org.uk", "WWW.RUSEMB.ORG.UK:80"])
def test_the_site_has_aliases(tmp_path: Path, host: str) -> None:
    (found,) = read_warc(tmp_path, page("x", url=f"http://{host}/a"), ReadOptions(site_hosts=("rusemb.org.uk",)))
    assert found.outcome is Outcome.PAGE


@pytest.mark.parametrize("media_type", ["", "application/octet-stream", "unknown"])
def test_a_page_without_a_media_type_is_told_by_its_bytes(tmp_path: Path, media_type: str) -> None:
    (found,) = read_warc(tmp_path, warc(http(b"<!DOCTYPE html><p>word", media_type=media_type)))
    assert words([found]) == ["word"]


def test_resources_and_conversions_are_pages(tmp_path: Path) -> None:
    html = warc(b"<p>saved</p>", "Content-Type: text/html", kind="resource")
    text = warc("18 November 2019\nwörter".encode(), "Content-Type: text/plain", kind="conversion")
    saved, converted = read_warc(tmp_path, html + text)
    assert words([saved, converted]) == ["saved", "wörter"]
    assert (saved.raw_format, converted.raw_format) == ("warc", "wet")
    assert converted.page is not None
    assert converted.page.teasers_observable


def test_a_revisit_names_what_it_repeats(tmp_path: Path) -> None:
    by_id, by_url = read_warc(
        tmp_path,
        warc(http(b""), "WARC-Refers-To: <urn:uuid:1>", "WARC-Payload-Digest: sha1:ABC", kind="revisit")
        + warc(
            b"",
            f"WARC-Refers-To-Target-URI: {SITE}/a",
            "WARC-Refers-To-Date: 2019-01-01T00:00:00Z",
            kind="revisit",
        ),
    )
    assert by_id.outcome is Outcome.REVISIT
    assert (by_id.refers_to, by_id.payload_digest) == ("<urn:uuid:1>", "sha1:ABC")
    assert by_url.outcome is Outcome.REVISIT
    assert by_url.refers_to == f"{SITE}/a 2019-01-01T00:00:00Z"


def test_a_revisit_of_an_image_is_no_page(tmp_path: Path) -> None:
    (found,) = read_warc(tmp_path, warc(http(b"", media_type="image/gif"), kind="revisit"))
    assert (found.outcome, found.reason) == (Outcome.NOT_A_PAGE, "media_type")


@pytest.mark.parametrize(
    ("printed", "at", "precision"),
    [
        ("2019-11-18T21:03:07Z", datetime(2019, 11, 18, 21, 3, 7, tzinfo=UTC), "second"),
        ("2019-11-18T21:03:07.123456789Z", datetime(2019, 11, 18, 21, 3, 7, tzinfo=UTC), "second"),
        ("2019-11-18T21:03Z", datetime(2019, 11, 18, 21, 3, tzinfo=UTC), "minute"),
        ("2019-11-18T21Z", datetime(2019, 11, 18, tzinfo=UTC), "day"),
        ("2019-11-18", datetime(2019, 11, 18, tzinfo=UTC), "day"),
        ("2019-11-18T23:03:07+02:00", datetime(2019, 11, 18, 21, 3, 7, tzinfo=UTC), "second"),
        ("20191118210307", datetime(2019, 11, 18, 21, 3, 7, tzinfo=UTC), "second"),
        ("2016-12-31T23:59:60Z", datetime(2016, 12, 31, 23, 59, 59, tzinfo=UTC), "second"),
    ],
)
def test_dates_of_any_legal_precision(printed: str, at: datetime, precision: str) -> None:
    assert warc_date(printed) == RecordedTime(at, TimeSource.WARC, TimePrecision(precision))


@pytest.mark.parametrize("printed", ["2019", "2019-11", "", "yesterday", "2019-13-01", "2019-02-30T00:00:00Z"])
def test_a_date_that_names_no_day_is_no_time_of_capture(printed: str) -> None:
    assert warc_date(printed) is None


@given(st.text(max_size=30))
def test_no_date_raises(printed: str) -> None:
    warc_date(printed)


def test_line_feeds_alone_and_folded_headers_are_read(tmp_path: Path) -> None:
    record = THREE[0].replace(b"WARC-Target-URI: ", b"WARC-Target-URI:\r\n  ").replace(b"\r\n", b"\n")
    record = record.replace(b"Content-Length: ", b"content-length : ", 1)
    (found,) = read_warc(tmp_path, record)
    assert found.url == f"{SITE}/article/1"
    assert words([found]) == ["one"]


def test_angle_brackets_and_missing_schemes_of_urls(tmp_path: Path) -> None:
    bracketed, bare = read_warc(
        tmp_path, page("a", url=f"<{SITE}/article/1>") + page("b", url="www.rusemb.org.uk/article/1")
    )
    assert bracketed.url == f"{SITE}/article/1"
    assert bare.url == f"{SITE}/article/1"


def test_a_file_without_records_is_refused(tmp_path: Path) -> None:
    with pytest.raises(RejectedFileError) as refused:
        read_warc(tmp_path, b"\r\n\r\n")
    assert refused.value.reason == "no_records"


def test_a_bomb_is_refused_in_bounded_memory(tmp_path: Path) -> None:
    limit = ReadOptions(max_record_bytes=1_000_000)
    bomb = gzip.compress(bytes(40_000_000))
    packed_body = warc(http(bomb, "Content-Encoding: gzip"))
    packed_member = gzip.compress(warc(http(b"<p>" + bytes(40_000_000))))
    file = raw_file(tmp_path / "dump", packed_member + members([packed_body, THREE[1]]))
    tracemalloc.start()
    records = list(WarcReader().read(file, limit))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert [record.reason for record in records] == ["record_too_large", "record_too_large", None]
    assert words(records) == ["two"]
    assert peak < 8_000_000


def test_a_record_of_gigabytes_is_passed_over(tmp_path: Path) -> None:
    size = 3 * 2**30
    head = warc(http(b"<p>huge"), length=size + len(http(b"<p>huge"))).removesuffix(b"\r\n\r\n")
    path = tmp_path / "dump"
    with path.open("wb") as stream:
        stream.write(head)
        stream.seek(size, io.SEEK_CUR)
        stream.write(b"\r\n\r\n" + THREE[1])
    file = raw_file(tmp_path / "other", b"")
    records = list(WarcReader().read(dataclasses.replace(file, path=path, size=path.stat().st_size), ANY_SITE))
    assert [record.reason for record in records] == ["record_too_large", None]
    assert records[1].offset == len(head) + size + 4


def test_an_image_above_the_limit_is_no_page_rather_than_too_large(tmp_path: Path) -> None:
    limit = ReadOptions(max_record_bytes=1000)
    (found,) = read_warc(tmp_path, warc(http(bytes(5000), media_type="image/png")), limit)
    assert (found.outcome, found.reason) == (Outcome.NOT_A_PAGE, "media_type")


def test_common_crawl_is_named_where_its_warcinfo_says_so(tmp_path: Path) -> None:
    info = warc(b"isPartOf: CC-MAIN-2019-47\r\npublisher: Common Crawl\r\n", kind="warcinfo", url=None)
    assert [record.archive for record in read_warc(tmp_path, info + THREE[0])] == ["Common Crawl", "Common Crawl"]
    other = warc(b"description: pages like CC-MAIN-2019-47\r\n", kind="warcinfo", url=None)
    assert [record.archive for record in read_warc(tmp_path, other + THREE[0])] == [None, None]


def test_a_wrapped_url_gives_the_page_its_own_url_and_time(tmp_path: Path) -> None:
    wrapped = f"https://web.archive.org/web/20170827210117/{SITE}/article/7"
    (found,) = read_warc(tmp_path, page("x", url=wrapped), ReadOptions(site_hosts=("rusemb.org.uk",)))
    assert found.url == f"{SITE}/article/7"
    at = datetime(2017, 8, 27, 21, 1, 17, tzinfo=UTC)
    assert found.recorded == RecordedTime(at, TimeSource.WAYBACK, TimePrecision.SECOND)
    assert (found.archive, found.memento_url) == ("Internet Archive", wrapped)


def test_a_source_uri_proves_the_memento_but_keeps_the_date(tmp_path: Path) -> None:
    memento = f"https://web.archive.org/web/20170827210117id_/{SITE}/article/7"
    (found,) = read_warc(tmp_path, warc(http(b"<p>x"), f"WARC-Source-URI: {memento}"))
    assert (found.archive, found.memento_url) == ("Internet Archive", memento)
    assert found.recorded is not None
    assert found.recorded.source is TimeSource.WARC


def test_links_that_the_archive_rewrote_lead_to_the_site(tmp_path: Path) -> None:
    body = b'<a href="/web/20170827210117/http://www.rusemb.org.uk/article/9">title</a>'
    (found,) = read_warc(tmp_path, warc(http(body)))
    assert found.page is not None
    assert found.page.links[0].href == f"{SITE}/article/9"
