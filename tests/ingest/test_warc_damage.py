"""Broken WARC files: no fault costs more than its record, and the ledger names it."""

import contextlib
import gzip
import hashlib
import itertools
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.ingest.reader import ReadOptions, RejectedFileError
from pipeline.records import Outcome
from tests.ingest.archives import HTML, SITE, THREE, http, members, page, read_warc, warc, words


def noise(n_bytes: int) -> bytes:
    """Bytes that do not pack, so that a fault in the packed file lies where the test puts it."""
    return b"".join(hashlib.sha256(number.to_bytes(2)).hexdigest().encode() for number in range(n_bytes // 64))


def test_a_corrupt_member_costs_its_own_record_only(tmp_path: Path) -> None:
    middle = bytearray(gzip.compress(page(noise(6400).decode())))
    middle[2000:2100] = bytes(100)
    records = read_warc(tmp_path, members(THREE[:1]) + bytes(middle) + members(THREE[1:]))
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
    records = read_warc(tmp_path, bytes(first) + members(THREE[1:]))
    assert [record.reason for record in records] == ["corrupt_member", None, None]


def test_records_before_the_damage_in_one_long_member_go_through(tmp_path: Path) -> None:
    packed = bytearray(gzip.compress(b"".join(THREE) + page(noise(64_000).decode())))
    packed[-3000:-2000] = bytes(1000)
    records = read_warc(tmp_path, bytes(packed))
    assert words(records)[:3] == ["one", "two", "three"]
    assert records[-1].reason == "corrupt_member"


def test_a_member_cut_in_the_middle_of_the_file_does_not_hide_the_next(tmp_path: Path) -> None:
    cut = gzip.compress(page(noise(6400).decode()))[:1500]
    records = read_warc(tmp_path, members(THREE[:1]) + cut + members(THREE[1:]))
    assert words(records) == ["one", "two", "three"]


def test_a_cut_file_gives_its_last_page_marked_as_cut(tmp_path: Path) -> None:
    html = HTML.format("begin " + noise(6400).decode())
    whole = members([THREE[0], warc(http(html.encode()))])
    for content in (whole[:-1500], THREE[0] + warc(http(html.encode()))[:-1500]):
        one, last = read_warc(tmp_path, content)
        assert one.page is not None
        assert not one.page.is_cut
        assert last.page is not None
        assert last.page.is_cut
        assert "begin" in last.page.text
        assert last.detail is not None
        assert "Content-Length says" in last.detail


def test_a_cut_record_without_any_text_is_truncated(tmp_path: Path) -> None:
    (found,) = read_warc(tmp_path, warc(http(b"<html><head>"), length=5000))
    assert (found.outcome, found.reason) == (Outcome.REJECTED, "truncated_record")


def test_a_record_that_says_it_is_truncated_is_cut(tmp_path: Path) -> None:
    (found,) = read_warc(tmp_path, warc(http(b"<p>begin"), "WARC-Truncated: length"))
    assert found.page is not None
    assert found.page.is_cut


@pytest.mark.parametrize("pack", [b"".join, members], ids=["plain", "gzip"])
@pytest.mark.parametrize("wrong_by", [-60, 60, 200, 10**6, 10**12])
def test_a_wrong_content_length_loses_no_record(tmp_path: Path, wrong_by: int, pack: object) -> None:
    block = http(HTML.format("two").encode())
    wrong = warc(block, length=len(block) + wrong_by)
    records = read_warc(tmp_path, pack([THREE[0], wrong, THREE[2]]))  # type: ignore[operator]
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
    assert words(read_warc(tmp_path, bare + THREE[1])) == ["one", "two"]


def test_a_payload_may_hold_another_archive(tmp_path: Path) -> None:
    inner = b"\r\n\r\n" + THREE[0]
    records = read_warc(tmp_path, warc(inner, "Content-Type: application/warc", kind="resource") + THREE[1])
    assert [record.reason for record in records] == ["media_type", None]


def test_bytes_between_records_are_counted(tmp_path: Path) -> None:
    records = read_warc(tmp_path, THREE[0] + b"<p>stray</p>\r\n\r\n" * 5000 + THREE[1])
    assert words(records)[-1:] == ["two"]
    records = read_warc(tmp_path, b"stray\r\n\r\n" + THREE[1])
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
    records = read_warc(folder, pack(b"".join([*before, cut, *after])))
    alone = [read_warc(folder, record)[0] for record in before + after]
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
    one, cut, *others = read_warc(tmp_path, THREE[0] + THREE[2][:n_bytes] + behind)
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
    one, two = read_warc(tmp_path, record + THREE[1])
    assert (one.url, two.offset) == (url, len(record))
    assert words([one, two]) == ["one", "two"]
    cut = record[: record.index(b"WARC-Target-URI") + len("WARC-Target-URI: http")]
    broken, two = read_warc(tmp_path, cut + THREE[1])
    assert (broken.reason, two.offset, two.url) == ("truncated_record", len(cut), f"{SITE}/article/1")


def test_a_response_cut_in_its_http_headers_is_truncated(tmp_path: Path) -> None:
    cut, two = read_warc(tmp_path, THREE[0][: THREE[0].index(b"text/html")] + THREE[1])
    assert (cut.outcome, cut.reason) == (Outcome.REJECTED, "truncated_record")
    assert words([two]) == ["two"]


def test_a_response_of_another_site_is_one_however_it_is_cut(tmp_path: Path) -> None:
    cut = warc(b"HTTP/1.1 200 OK\r\nContent-Ty", url="http://example.org/", length=5000).rstrip()
    (found,) = read_warc(tmp_path, cut, ReadOptions(site_hosts=("rusemb.org.uk",)))
    assert (found.outcome, found.reason) == (Outcome.NOT_A_PAGE, "other_site")


@pytest.mark.parametrize("kept", [0, 100, 65_530, 65_536])
def test_a_record_above_the_limit_that_is_cut_hides_none_behind_it(tmp_path: Path, kept: int) -> None:
    limit = ReadOptions(max_record_bytes=100_000)
    block = http(b"<p>" + noise(150_016))
    cut = warc(block).removesuffix(b"\r\n\r\n")[: kept - len(block)]
    more = [page("x" + noise(6400).decode()) for _ in range(30)]
    records = read_warc(tmp_path, cut + THREE[1] + b"".join(more), limit)
    assert len(records) == 32
    assert records[1].offset == len(cut)
    assert words(records)[0] == "two"


@given(data=st.data())
def test_no_damage_makes_reading_fail(tmp_path_factory: pytest.TempPathFactory, data: st.DataObject) -> None:
    whole = data.draw(st.sampled_from([b"".join(THREE), members(THREE), gzip.compress(b"".join(THREE))]))
    content = bytearray(whole[: data.draw(st.integers(1, len(whole)))])
    for at in data.draw(st.lists(st.integers(0, len(content) - 1), max_size=5)):
        content[at] ^= data.draw(st.integers(1, 255))
    with contextlib.suppress(RejectedFileError):
        records = read_warc(tmp_path_factory.getbasetemp(), bytes(content))
        assert [record.record_no for record in records] == list(range(len(records)))
