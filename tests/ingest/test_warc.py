"""WARC files, sound and broken: what the ledger says of each record, and that no fault costs more than its record."""

import contextlib
import dataclasses
import gzip
import hashlib
import io
import itertools
import tracemalloc
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import lz4.frame  # type: ignore[import-untyped]
import pytest
import zstandard
from hypothesis import given
from hypothesis import strategies as st

from pipeline.ingest.reader import ReadOptions, RejectedFileError
from pipeline.ingest.warc import WarcReader, warc_date
from pipeline.records import Outcome, RawRecord, RecordedTime, TimePrecision, TimeSource
from tests.ingest.archives import ANY_SITE, HTML, SITE, http, members, page, raw_file, warc, words

THREE = [page("one"), page("two"), page("three")]


def read(tmp_path: Path, content: bytes, options: ReadOptions = ANY_SITE) -> list[RawRecord]:
    return list(WarcReader().read(raw_file(tmp_path / "dump", content), options))


def with_dictionary() -> bytes:
    samples: list[bytes | bytearray | memoryview[int]] = [page(f"word {number}") for number in range(400)]
    dictionary = zstandard.train_dictionary(2048, samples)
    packer = zstandard.ZstdCompressor(dict_data=dictionary)
    stored = zstandard.ZstdCompressor().compress(dictionary.as_bytes())
    head = b"\x5d\x2a\x4d\x18" + len(stored).to_bytes(4, "little") + stored
    return head + b"".join(packer.compress(record) for record in THREE)


def noise(n_bytes: int) -> bytes:
    """Bytes that do not pack, so that a fault in the packed file lies where the test puts it."""
    return b"".join(hashlib.sha256(number.to_bytes(2)).hexdigest().encode() for number in range(n_bytes // 64))


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
    records = read(tmp_path, content)
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
    assert words(read(tmp_path, blocks)) == ["one", "two", "three"]


def test_what_the_ledger_says_of_a_response(tmp_path: Path) -> None:
    body = HTML.format("one").encode()
    block = http(body)
    (record,) = read(tmp_path, warc(block, "WARC-Payload-Digest: sha1:ABC", version="1.1"))
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
    (found,) = read(tmp_path, record, ReadOptions(site_hosts=("rusemb.org.uk",)))
    assert (found.outcome, found.reason, found.page) == (Outcome.NOT_A_PAGE, reason, None)


@pytest.mark.parametrize("host", ["rusemb.org.uk", "www.rusemb.org.uk", "m.rusemb.org.uk", "WWW.RUSEMB.ORG.UK:80"])
def test_the_site_has_aliases(tmp_path: Path, host: str) -> None:
    (found,) = read(tmp_path, page("x", url=f"http://{host}/a"), ReadOptions(site_hosts=("rusemb.org.uk",)))
    assert found.outcome is Outcome.PAGE


@pytest.mark.parametrize("media_type", ["", "application/octet-stream", "unknown"])
def test_a_page_without_a_media_type_is_told_by_its_bytes(tmp_path: Path, media_type: str) -> None:
    (found,) = read(tmp_path, warc(http(b"<!DOCTYPE html><p>word", media_type=media_type)))
    assert words([found]) == ["word"]


def test_resources_and_conversions_are_pages(tmp_path: Path) -> None:
    html = warc(b"<p>saved</p>", "Content-Type: text/html", kind="resource")
    text = warc("18 November 2019\nwörter".encode(), "Content-Type: text/plain", kind="conversion")
    saved, converted = read(tmp_path, html + text)
    assert words([saved, converted]) == ["saved", "wörter"]
    assert (saved.raw_format, converted.raw_format) == ("warc", "wet")
    assert converted.page is not None
    assert converted.page.teasers_observable


def test_a_revisit_names_what_it_repeats(tmp_path: Path) -> None:
    by_id, by_url = read(
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
    (found,) = read(tmp_path, warc(http(b"", media_type="image/gif"), kind="revisit"))
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


def test_a_corrupt_member_costs_its_own_record_only(tmp_path: Path) -> None:
    middle = bytearray(gzip.compress(page(noise(6400).decode())))
    middle[2000:2100] = bytes(100)
    records = read(tmp_path, members(THREE[:1]) + bytes(middle) + members(THREE[1:]))
    assert words(records) == ["one", "two", "three"]
    (broken,) = [record for record in records if record.outcome is Outcome.REJECTED]
    assert broken.reason == "corrupt_member"
    assert broken.record_no == 1
    assert broken.offset == len(members(THREE[:1]))
    assert broken.detail is not None
    assert broken.detail.startswith("dump, record 1 at byte ")


def test_a_wrong_check_sum_is_a_corrupt_member(tmp_path: Path) -> None:
    first = bytearray(gzip.compress(THREE[0]))
    first[-6] ^= 1
    records = read(tmp_path, bytes(first) + members(THREE[1:]))
    assert [record.reason for record in records] == ["corrupt_member", None, None]


def test_records_before_the_damage_in_one_long_member_go_through(tmp_path: Path) -> None:
    packed = bytearray(gzip.compress(b"".join(THREE) + page(noise(64_000).decode())))
    packed[-3000:-2000] = bytes(1000)
    records = read(tmp_path, bytes(packed))
    assert words(records)[:3] == ["one", "two", "three"]
    assert records[-1].reason == "corrupt_member"


def test_a_member_cut_in_the_middle_of_the_file_does_not_hide_the_next(tmp_path: Path) -> None:
    cut = gzip.compress(page(noise(6400).decode()))[:1500]
    records = read(tmp_path, members(THREE[:1]) + cut + members(THREE[1:]))
    assert words(records) == ["one", "two", "three"]


def test_a_cut_file_gives_its_last_page_marked_as_cut(tmp_path: Path) -> None:
    html = HTML.format("begin " + noise(6400).decode())
    whole = members([THREE[0], warc(http(html.encode()))])
    for content in (whole[:-1500], THREE[0] + warc(http(html.encode()))[:-1500]):
        one, last = read(tmp_path, content)
        assert one.page is not None
        assert not one.page.is_cut
        assert last.page is not None
        assert last.page.is_cut
        assert "begin" in last.page.text
        assert last.detail is not None
        assert "Content-Length says" in last.detail


def test_a_cut_record_without_any_text_is_truncated(tmp_path: Path) -> None:
    (found,) = read(tmp_path, warc(http(b"<html><head>"), length=5000))
    assert (found.outcome, found.reason) == (Outcome.REJECTED, "truncated_record")


def test_a_record_that_says_it_is_truncated_is_cut(tmp_path: Path) -> None:
    (found,) = read(tmp_path, warc(http(b"<p>begin"), "WARC-Truncated: length"))
    assert found.page is not None
    assert found.page.is_cut


@pytest.mark.parametrize("pack", [b"".join, members], ids=["plain", "gzip"])
@pytest.mark.parametrize("wrong_by", [-60, 60, 200, 10**6, 10**12])
def test_a_wrong_content_length_loses_no_record(tmp_path: Path, wrong_by: int, pack: object) -> None:
    block = http(HTML.format("two").encode())
    wrong = warc(block, length=len(block) + wrong_by)
    records = read(tmp_path, pack([THREE[0], wrong, THREE[2]]))  # type: ignore[operator]
    assert [record.record_type for record in records] == ["response"] * 3
    assert words(records)[0] == "one"
    assert words(records)[-1] == "three"
    if wrong_by < 10**8:
        assert words(records) == ["one", "two", "three"]
        assert records[1].detail is not None
    else:
        assert records[1].reason == "record_too_large"


def test_a_record_without_content_length_ends_at_the_next(tmp_path: Path) -> None:
    bare = THREE[0].replace(b"Content-Length", b"X-Length")
    assert words(read(tmp_path, bare + THREE[1])) == ["one", "two"]


def test_a_payload_may_hold_another_archive(tmp_path: Path) -> None:
    inner = b"\r\n\r\n" + THREE[0]
    records = read(tmp_path, warc(inner, "Content-Type: application/warc", kind="resource") + THREE[1])
    assert [record.reason for record in records] == ["media_type", None]


def test_bytes_between_records_are_counted(tmp_path: Path) -> None:
    records = read(tmp_path, THREE[0] + b"<p>stray</p>\r\n\r\n" * 5000 + THREE[1])
    assert words(records)[-1:] == ["two"]
    records = read(tmp_path, b"stray\r\n\r\n" + THREE[1])
    assert [record.reason for record in records] == ["corrupt_record", None]


WHOLE = st.builds(
    page,
    st.text("abc ", min_size=40, max_size=80).map(lambda text: f"x{text}x"),
    version=st.sampled_from(["0.17", "1.0", "1.1"]),
    date=st.sampled_from(["2014-11-18T12:00:00Z", "2016-11-18T12:00:00Z"]),
    url=st.sampled_from([f"{SITE}/article/2", f"{SITE}/WARC/1.0", f"{SITE}/WARC/1.0\r\n  WARC/1.1"]),
)


@given(
    before=st.lists(WHOLE, max_size=2),
    after=st.lists(WHOLE, max_size=2),
    cut_at=st.floats(0, 1, exclude_max=True),
    line_end=st.sampled_from([b"\r\n", b"\n"]),
    pack=st.sampled_from([bytes, gzip.compress]),
)
def test_a_record_cut_anywhere_costs_no_other_one(
    tmp_path_factory: pytest.TempPathFactory,
    before: list[bytes],
    after: list[bytes],
    cut_at: float,
    line_end: bytes,
    pack: Callable[[bytes], bytes],
) -> None:
    """The next record begins right behind the cut, as where a crawl went on; the cut record is the shortest."""
    folder = tmp_path_factory.getbasetemp()
    short = page("cut", url=f"{SITE}/").replace(b"\r\n", line_end).rstrip()
    cut = short[: 1 + int(cut_at * (len(short) - 1))]
    records = read(folder, pack(b"".join([*before, cut, *after])))
    alone = [read(folder, record)[0] for record in before + after]
    places = itertools.accumulate(map(len, [*before, cut, *after]), initial=0)
    offsets = [place if pack is bytes or place == 0 else None for place in places]
    broken = records.pop(len(before))
    assert [record._replace(offset=0, length=0, record_no=0) for record in records] == [
        record._replace(offset=0, length=0) for record in alone
    ]
    assert [record.offset for record in records] == offsets[: len(before)] + offsets[len(before) + 1 : -1]
    assert broken.offset == offsets[len(before)]
    assert broken.reason == "truncated_record" or (broken.page is not None and broken.page.is_cut)


@pytest.mark.parametrize("behind", [b"", THREE[1]], ids=["the end", "a record"])
@pytest.mark.parametrize("n_bytes", [1, 3, 4, 5, 9, 10, 30, 100, 190])
def test_a_record_cut_in_its_header_is_truncated(tmp_path: Path, n_bytes: int, behind: bytes) -> None:
    one, cut, *others = read(tmp_path, THREE[0] + THREE[2][:n_bytes] + behind)
    assert words([one, *others]) == ["one", "two"][: 1 + len(others)]
    assert one.detail is None
    assert (cut.outcome, cut.reason, cut.url) == (Outcome.REJECTED, "truncated_record", None)
    assert cut.offset == len(THREE[0])
    assert [other.offset for other in others] == ([len(THREE[0]) + n_bytes] if behind else [])


@pytest.mark.parametrize("at", [b"WARC-Type", b"WARC-Date", b"Content-Length"])
def test_a_value_may_end_like_a_version_line(tmp_path: Path, at: bytes) -> None:
    url = f"{SITE}/format/WARC/1.0"
    record = warc(http(HTML.format("one").encode()), url=None)
    record = record.replace(at, b"WARC-Target-URI: " + url.encode() + b"\r\n" + at)
    one, two = read(tmp_path, record + THREE[1])
    assert (one.url, two.offset) == (url, len(record))
    assert words([one, two]) == ["one", "two"]
    cut = record[: record.index(b"WARC-Target-URI") + len("WARC-Target-URI: http")]
    broken, two = read(tmp_path, cut + THREE[1])
    assert (broken.reason, two.offset, two.url) == ("truncated_record", len(cut), f"{SITE}/article/1")


def test_a_response_cut_in_its_http_headers_is_truncated(tmp_path: Path) -> None:
    cut, two = read(tmp_path, THREE[0][: THREE[0].index(b"text/html")] + THREE[1])
    assert (cut.outcome, cut.reason) == (Outcome.REJECTED, "truncated_record")
    assert words([two]) == ["two"]


@pytest.mark.parametrize("kept", [0, 100, 65_530, 65_536])
def test_a_record_above_the_limit_that_is_cut_hides_none_behind_it(tmp_path: Path, kept: int) -> None:
    limit = ReadOptions(max_record_bytes=100_000)
    block = http(b"<p>" + noise(150_016))
    cut = warc(block).removesuffix(b"\r\n\r\n")[: kept - len(block)]
    more = [page("x" + noise(6400).decode()) for _ in range(30)]
    records = read(tmp_path, cut + THREE[1] + b"".join(more), limit)
    assert len(records) == 32
    assert records[1].offset == len(cut)
    assert words(records)[0] == "two"


def test_line_feeds_alone_and_folded_headers_are_read(tmp_path: Path) -> None:
    record = THREE[0].replace(b"WARC-Target-URI: ", b"WARC-Target-URI:\r\n  ").replace(b"\r\n", b"\n")
    record = record.replace(b"Content-Length: ", b"content-length : ", 1)
    (found,) = read(tmp_path, record)
    assert found.url == f"{SITE}/article/1"
    assert words([found]) == ["one"]


def test_angle_brackets_and_missing_schemes_of_urls(tmp_path: Path) -> None:
    bracketed, bare = read(
        tmp_path, page("a", url=f"<{SITE}/article/1>") + page("b", url="www.rusemb.org.uk/article/1")
    )
    assert bracketed.url == f"{SITE}/article/1"
    assert bare.url == f"{SITE}/article/1"


def test_a_file_without_records_is_refused(tmp_path: Path) -> None:
    with pytest.raises(RejectedFileError) as refused:
        read(tmp_path, b"\r\n\r\n")
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
    (found,) = read(tmp_path, warc(http(bytes(5000), media_type="image/png")), limit)
    assert (found.outcome, found.reason) == (Outcome.NOT_A_PAGE, "media_type")


def test_common_crawl_is_named_where_its_warcinfo_says_so(tmp_path: Path) -> None:
    info = warc(b"isPartOf: CC-MAIN-2019-47\r\npublisher: Common Crawl\r\n", kind="warcinfo", url=None)
    assert [record.archive for record in read(tmp_path, info + THREE[0])] == ["Common Crawl", "Common Crawl"]
    other = warc(b"description: pages like CC-MAIN-2019-47\r\n", kind="warcinfo", url=None)
    assert [record.archive for record in read(tmp_path, other + THREE[0])] == [None, None]


def test_a_wrapped_url_gives_the_page_its_own_url_and_time(tmp_path: Path) -> None:
    wrapped = f"https://web.archive.org/web/20170827210117/{SITE}/article/7"
    (found,) = read(tmp_path, page("x", url=wrapped), ReadOptions(site_hosts=("rusemb.org.uk",)))
    assert found.url == f"{SITE}/article/7"
    at = datetime(2017, 8, 27, 21, 1, 17, tzinfo=UTC)
    assert found.recorded == RecordedTime(at, TimeSource.WAYBACK, TimePrecision.SECOND)
    assert (found.archive, found.memento_url) == ("Internet Archive", wrapped)


def test_a_source_uri_proves_the_memento_but_keeps_the_date(tmp_path: Path) -> None:
    memento = f"https://web.archive.org/web/20170827210117id_/{SITE}/article/7"
    (found,) = read(tmp_path, warc(http(b"<p>x"), f"WARC-Source-URI: {memento}"))
    assert (found.archive, found.memento_url) == ("Internet Archive", memento)
    assert found.recorded is not None
    assert found.recorded.source is TimeSource.WARC


def test_links_that_the_archive_rewrote_lead_to_the_site(tmp_path: Path) -> None:
    body = b'<a href="/web/20170827210117/http://www.rusemb.org.uk/article/9">title</a>'
    (found,) = read(tmp_path, warc(http(body)))
    assert found.page is not None
    assert found.page.links[0].href == f"{SITE}/article/9"


@given(data=st.data())
def test_no_damage_makes_reading_fail(tmp_path_factory: pytest.TempPathFactory, data: st.DataObject) -> None:
    whole = data.draw(st.sampled_from([b"".join(THREE), members(THREE), gzip.compress(b"".join(THREE))]))
    content = bytearray(whole[: data.draw(st.integers(1, len(whole)))])
    for at in data.draw(st.lists(st.integers(0, len(content) - 1), max_size=5)):
        content[at] ^= data.draw(st.integers(1, 255))
    with contextlib.suppress(RejectedFileError):
        records = read(tmp_path_factory.getbasetemp(), bytes(content))
        assert [record.record_no for record in records] == list(range(len(records)))
