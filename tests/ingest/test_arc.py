"""ARC files: header lines with blanks in URLs, lengths that lie, members that are damaged."""

import gzip
import itertools
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.ingest.arc import ArcReader
from pipeline.ingest.reader import ReadOptions, RejectedFileError
from pipeline.records import Outcome, RawRecord, TimePrecision
from tests.ingest.archives import ANY_SITE, HTML, SITE, http, raw_file, words

CACHE = "http://cache.example.org/2014"


def head(version: str = "1 0 Crawl", fields: str = "URL IP-address Archive-date Content-type Archive-length") -> bytes:
    text = f"{version}\n{fields}\n\n"
    return f"filedesc://dump.arc 0.0.0.0 20140216050221 text/plain {len(text)}\n{text}\n".encode()


def arc(word: str, *, url: str = f"{SITE}/article/1", length: object = None, more: str = "") -> bytes:
    block = http(HTML.format(word).encode())
    size = len(block) if length is None else length
    return f"{url} 93.184.216.119 20140216050221 text/html {more}{size}\n".encode() + block + b"\n"


def read(tmp_path: Path, content: bytes, options: ReadOptions = ANY_SITE) -> list[RawRecord]:
    return list(ArcReader().read(raw_file(tmp_path / "dump.arc", content), options))


@pytest.mark.parametrize("pack", [b"".join, lambda parts: b"".join(map(gzip.compress, parts))], ids=["plain", "gzip"])
def test_records_with_place_time_and_status(tmp_path: Path, pack: object) -> None:
    content = pack([head(), arc("one"), arc("two")])  # type: ignore[operator]
    info, one, two = read(tmp_path, content)
    assert (info.outcome, info.reason, info.offset) == (Outcome.NOT_A_PAGE, "warcinfo", 0)
    assert words([one, two]) == ["one", "two"]
    assert one.raw_format == "arc"
    assert one.url == f"{SITE}/article/1"
    assert one.recorded is not None
    assert one.recorded.at == datetime(2014, 2, 16, 5, 2, 21, tzinfo=UTC)
    assert one.recorded.precision is TimePrecision.SECOND
    assert (one.http_status, one.media_type) == (200, "text/html")
    assert two.offset is not None
    assert two.length is not None
    assert two.offset + two.length == len(content)


def test_version_2_lines_have_more_fields(tmp_path: Path) -> None:
    fields = "URL IP-address Archive-date Content-type Result-code Checksum Location Offset Filename Archive-length"
    content = head("2 0 Crawl", fields) + arc("one", more="200 abc - 1 dump.arc ")
    assert words(read(tmp_path, content)) == ["one"]


def test_a_url_may_hold_blanks(tmp_path: Path) -> None:
    found = read(tmp_path, head() + arc("one", url=f"{SITE}/a?title=From The Web"))[1]
    assert found.url == f"{SITE}/a?title=From The Web"


@pytest.mark.parametrize("length", [-1, "abc", 10, 400, 10**15])
def test_a_length_that_lies_loses_no_other_record(tmp_path: Path, length: object) -> None:
    records = read(tmp_path, head() + arc("one", length=length) + arc("two"))
    if length == 10**15:
        assert records[1].reason == "record_too_large"
    else:
        assert words(records) == ["one", "two"]
        assert records[1].detail is not None


def urls(*names: str) -> st.SearchStrategy[bytes]:
    word = st.text("abc ", min_size=40, max_size=80).map(lambda text: f"x{text}x")
    return st.builds(arc, word, url=st.sampled_from([*names, f"{SITE}/article/2", f"{CACHE}/{SITE}/article/3"]))


@given(
    before=st.lists(urls(f"{SITE}/a?title=From The Web 10"), max_size=2),
    after=st.lists(urls("dns:www.rusemb.org.uk"), min_size=1, max_size=2),
    cut_at=st.floats(0, 1, exclude_max=True),
    pack=st.sampled_from([bytes, gzip.compress]),
)
def test_a_record_cut_behind_its_url_costs_no_other_one(
    tmp_path_factory: pytest.TempPathFactory,
    before: list[bytes],
    after: list[bytes],
    cut_at: float,
    pack: Callable[[bytes], bytes],
) -> None:
    """The next record begins right behind the cut, as where a crawl went on; the cut record is the shortest."""
    folder = tmp_path_factory.getbasetemp()
    short = arc("cut", url=f"{SITE}/").rstrip()
    least = len(f"{SITE}/ 9")
    cut = short[: least + int(cut_at * (len(short) - least))]
    first = head()
    records = read(folder, pack(b"".join([first, *before, cut, *after])))
    alone = [read(folder, record)[0] for record in [first, *before, *after]]
    places = itertools.accumulate(map(len, [first, *before, cut, *after]), initial=0)
    offsets = [place if pack is bytes or place == 0 else None for place in places]
    broken = records.pop(1 + len(before))
    assert [record._replace(offset=0, length=0, record_no=0) for record in records] == [
        record._replace(offset=0, length=0) for record in alone
    ]
    assert [record.offset for record in records] == offsets[: 1 + len(before)] + offsets[2 + len(before) : -1]
    assert broken.offset in ({offsets[1 + len(before)]} if pack is bytes else {None, 0})
    assert broken.url in {None, f"{SITE}/"}
    assert broken.reason == "truncated_record" or (broken.page is not None and broken.page.is_cut)


@pytest.mark.parametrize(
    "url",
    [
        f"{CACHE}/{SITE}/article/1",
        f"{SITE}/go.php?to={SITE}/article/1",
        f"{SITE}/search?q=top 10 {SITE}/",
        f"{SITE}/say?text=10 - see {SITE}/",
    ],
)
def test_a_url_may_hold_another(tmp_path: Path, url: str) -> None:
    assert [record.url for record in read(tmp_path, head() + arc("one", url=url) + arc("two"))[1:]] == [
        url,
        f"{SITE}/article/1",
    ]


@pytest.mark.parametrize("tail", [f'<a href="{SITE}/arti', f'<a href="{SITE}/">All', "<p>at http://"[:-3]])
def test_a_page_cut_in_an_address_does_not_lend_it_to_the_next_record(tmp_path: Path, tail: str) -> None:
    whole = arc(f"one{tail} and more of it")
    cut = whole[: whole.index(tail.encode()) + len(tail)]
    _, broken, two = read(tmp_path, head() + cut + arc("two", url=f"{SITE}/article/2"))
    assert broken.page is not None
    assert broken.page.is_cut
    assert (two.url, two.offset, words([two])) == (f"{SITE}/article/2", len(head() + cut), ["two"])


def test_a_damaged_member_costs_its_own_record(tmp_path: Path) -> None:
    broken = bytearray(gzip.compress(arc("broken")))
    broken[-6] ^= 1
    content = gzip.compress(head()) + bytes(broken) + gzip.compress(arc("two"))
    records = read(tmp_path, content)
    assert [record.reason for record in records] == ["warcinfo", "corrupt_member", None]


def test_a_file_without_records_is_refused(tmp_path: Path) -> None:
    with pytest.raises(RejectedFileError) as refused:
        read(tmp_path, b"\n\n")
    assert refused.value.reason == "no_records"


@given(data=st.data())
def test_no_damage_makes_reading_fail(tmp_path_factory: pytest.TempPathFactory, data: st.DataObject) -> None:
    parts = [head(), arc("one"), arc("two")]
    whole = data.draw(st.sampled_from([b"".join(parts), b"".join(map(gzip.compress, parts))]))
    content = bytearray(whole[: data.draw(st.integers(1, len(whole)))])
    for at in data.draw(st.lists(st.integers(0, len(content) - 1), max_size=5)):
        content[at] ^= data.draw(st.integers(1, 255))
    try:
        records = read(tmp_path_factory.getbasetemp(), bytes(content))
    except RejectedFileError:
        return
    assert [record.record_no for record in records] == list(range(len(records)))
