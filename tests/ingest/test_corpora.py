"""Corpora: rows of known layouts, one record each, broken rows alone."""

import gzip
import hashlib
import json
import random
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import zstandard
from hypothesis import given
from hypothesis import strategies as st

from pipeline.ingest.corpora_columns import parse_time
from pipeline.ingest.corpora_jsonl import _parsed
from pipeline.ingest.reader import CorpusColumns, ReadOptions
from pipeline.records import Outcome, RawRecord, RecordedTime, TimePrecision, TimeSource
from tests.ingest.files import PAGE, read

URL = "http://www.rusemb.org.uk/fnapr/6840"
RECORD_ID = "<urn:uuid:8f3e1c52-6a1b-4d0c-9a35-0f6f6c6f7a11>"
AT = datetime(2019, 11, 18, 21, 3, 25, tzinfo=UTC)
LAYOUTS: dict[str, dict[str, Any]] = {
    "c4": {"text": PAGE, "timestamp": "2019-11-18T21:03:25Z", "url": URL},
    "culturax": {"text": PAGE, "timestamp": "2019/11/18 21:03:25", "url": URL, "source": "mC4"},
    "fineweb": {
        "text": PAGE,
        "id": RECORD_ID,
        "dump": "CC-MAIN-2019-47",
        "url": URL,
        "date": "2019-11-18T21:03:25Z",
        "file_path": "s3://commoncrawl/crawl-data/CC-MAIN-2019-47/segments/1/warc/a.warc.gz",
        "language": "en",
        "language_score": 0.97,
        "token_count": 120,
    },
    "oscar": {
        "content": PAGE,
        "warc_headers": {
            "warc-record-id": RECORD_ID,
            "warc-date": "2019-11-18T21:03:25Z",
            "warc-target-uri": URL,
            "warc-type": "conversion",
        },
        "metadata": {"identification": {"label": "en", "prob": 0.9}, "annotation": None},
    },
    "oscar_hub": {
        "id": 7,
        "text": PAGE,
        "meta": {"warc_headers": {"warc-date": "2019-11-18T21:03:25Z", "warc-target-uri": URL}},
    },
    "datatrove": {"text": PAGE, "id": RECORD_ID, "metadata": {"url": URL, "date": "2019-11-18T21:03:25Z"}},
}


def jsonl(rows: Sequence[Mapping[str, Any]]) -> bytes:
    return b"".join(json.dumps(row, ensure_ascii=False).encode() + b"\n" for row in rows)


def parquet(rows: Sequence[Mapping[str, Any]], **how: Any) -> bytes:
    sink = pa.BufferOutputStream()
    pq.write_table(pa.Table.from_pylist([dict(row) for row in rows]), sink, **how)
    return bytes(sink.getvalue())


def read_rows(
    root: Path, rows: Sequence[Mapping[str, Any]], form: str, options: ReadOptions | None = None
) -> list[RawRecord]:
    return read(root, f"dump.{form}", jsonl(rows) if form == "jsonl" else parquet(rows), options)


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("form", ["jsonl", "parquet"])
def test_every_layout_gives_text_url_and_time(tmp_path: Path, layout: str, form: str) -> None:
    (record,) = read_rows(tmp_path, [LAYOUTS[layout]], form)
    assert (record.outcome, record.raw_format, record.record_no, record.url) == (Outcome.PAGE, form, 0, URL)
    assert record.recorded == RecordedTime(AT, TimeSource.CORPUS, TimePrecision.SECOND)
    assert record.page is not None
    assert record.page.text == PAGE
    assert record.sha256 == hashlib.sha256(PAGE.encode()).hexdigest()


@pytest.mark.parametrize("layout", LAYOUTS)
def test_corpora_whose_makers_dropped_lists_show_no_absence(tmp_path: Path, layout: str) -> None:
    (record,) = read_rows(tmp_path, [LAYOUTS[layout]], "jsonl")
    assert record.page is not None
    assert not record.page.teasers_observable
    (record,) = read_rows(tmp_path, [LAYOUTS[layout]], "jsonl", ReadOptions(corpus_keeps_lists=True))
    assert record.page is not None
    assert record.page.teasers_observable


@pytest.mark.parametrize(
    ("layout", "record_id", "digest", "archive"),
    [
        ("c4", None, None, None),
        ("fineweb", RECORD_ID, None, "Common Crawl"),
        ("oscar", RECORD_ID, None, None),
        ("oscar_hub", None, "7", None),
    ],
)
def test_the_dumps_own_id_is_kept_and_its_archive_where_it_names_one(
    tmp_path: Path, layout: str, record_id: str | None, digest: str | None, archive: str | None
) -> None:
    (record,) = read_rows(tmp_path, [LAYOUTS[layout]], "jsonl")
    assert (record.warc_record_id, record.payload_digest, record.archive) == (record_id, digest, archive)


@pytest.mark.parametrize("form", ["jsonl", "parquet"])
def test_columns_of_any_name_are_read_when_named(tmp_path: Path, form: str) -> None:
    row = {"seite": PAGE, "adresse": URL, "wann": {"genau": "20191118210325"}, "pruefsumme": "sha1:ABC", "text": "no"}
    columns = CorpusColumns(text="seite", url="adresse", time="wann.genau", identity="pruefsumme")
    (record,) = read_rows(tmp_path, [row], form, ReadOptions(corpus_columns=columns))
    assert record.page is not None
    assert (record.page.text, record.url, record.payload_digest) == (PAGE, URL, "sha1:ABC")
    assert record.recorded is not None
    assert record.recorded.at == AT


@pytest.mark.parametrize("pack", [gzip.compress, zstandard.compress])
def test_packed_lines_give_the_same_records_without_offsets(tmp_path: Path, pack: object) -> None:
    assert callable(pack)
    rows = [{**LAYOUTS["c4"], "text": f"{PAGE}{number}"} for number in range(300)]
    plain = read(tmp_path, "a/x", jsonl(rows))
    packed = read(tmp_path, "b/x", pack(jsonl(rows)))
    assert [record.sha256 for record in packed] == [record.sha256 for record in plain]
    assert [record.record_no for record in packed] == list(range(300))
    assert {record.offset for record in packed} == {None}
    stored = (tmp_path / "a/x").read_bytes()
    for record, row in zip(plain, rows, strict=True):
        assert record.offset is not None
        assert record.length is not None
        assert json.loads(stored[record.offset : record.offset + record.length]) == row


def test_broken_lines_cost_themselves_alone(tmp_path: Path) -> None:
    good = jsonl([LAYOUTS["c4"]])
    lines = [
        good,
        b'{"text": "cut',
        b"\n",
        b"[1, 2]\n",
        b"\n",
        b'{"text": "\xff"}\n',
        b"nothing\n",
        b"[" * 5000 + b"\n",
        good,
    ]
    records = read(tmp_path, "x", b"".join(lines))
    assert [(record.outcome.value, record.reason) for record in records] == [
        ("page", None),
        ("rejected", "bad_json"),
        ("rejected", "bad_json"),
        ("rejected", "bad_json"),
        ("rejected", "bad_json"),
        ("rejected", "bad_json"),
        ("page", None),
    ]
    assert [record.record_no for record in records] == list(range(7))


@pytest.mark.parametrize(
    ("row", "outcome", "reason"),
    [
        ({"text": "", "url": URL}, "rejected", "empty"),
        ({"text": " \n\u00a0", "url": URL}, "rejected", "empty"),
        ({"text": None, "url": URL}, "rejected", "empty"),
        ({"text": ["a"], "url": URL}, "rejected", "empty"),
        ({"text": "x" * 2000, "url": URL}, "rejected", "record_too_large"),
        ({"headline": "x", "url": URL}, "rejected", "no_text_column"),
        ({"text": "x", "url": "http://rus.rusemb.org.uk/1"}, "not_a_page", "other_site"),
        ({"text": "x", "url": "http://example.org/rusemb.org.uk"}, "not_a_page", "other_site"),
        ({"text": "x", "url": "https://m.rusemb.org.uk/fnapr/1"}, "page", None),
        ({"text": "x", "url": None, "timestamp": "soon"}, "page", None),
        ({"text": "x", "url": 7, "timestamp": 99999999999999999999}, "page", None),
    ],
)
def test_a_row_gets_its_outcome_and_the_next_is_read(
    tmp_path: Path, row: dict[str, Any], outcome: str, reason: str | None
) -> None:
    options = ReadOptions(site_hosts=("rusemb.org.uk",), max_record_bytes=1500)
    records = read(tmp_path, "x", jsonl([LAYOUTS["c4"], row, LAYOUTS["c4"]]), options)
    assert [record.outcome.value for record in records] == ["page", outcome, "page"]
    assert records[1].reason == reason


def test_a_row_of_an_archives_copy_is_the_page_as_the_archive_saw_it(tmp_path: Path) -> None:
    wrapped = f"https://web.archive.org/web/20180304120000/{URL}"
    (record,) = read_rows(tmp_path, [{**LAYOUTS["c4"], "url": wrapped}], "jsonl")
    assert (record.url, record.archive, record.memento_url) == (URL, "Internet Archive", wrapped)
    assert record.recorded is not None
    assert record.recorded.at == datetime(2018, 3, 4, 12, tzinfo=UTC)


def test_lone_surrogates_of_json_become_valid_text(tmp_path: Path) -> None:
    (record,) = read(tmp_path, "x", b'{"text": "a\\ud800b \\ud83d\\ude00", "url": "http://x/\\udfff"}\n')
    assert record.page is not None
    assert record.page.text == "a\ufffdb \U0001f600"
    assert record.url == "http://x/\ufffd"


def test_a_crawlers_page_list_keeps_its_lists_and_may_lack_text(tmp_path: Path) -> None:
    rows: list[dict[str, Any]] = [
        {"format": "json-pages-1.0", "id": "pages", "title": "All Pages", "hasText": True},
        {"id": "1", "url": URL, "title": "t", "ts": "2019-11-18T21:03:25.123Z", "text": PAGE},
        {"id": "2", "url": URL, "title": "t", "ts": "2019-11-18T21:03:25Z"},
    ]
    header, page, bare = read(tmp_path, "pages.jsonl", jsonl(rows))
    assert (header.outcome, header.reason) == (Outcome.NOT_A_PAGE, "index")
    assert page.page is not None
    assert page.page.teasers_observable
    assert page.recorded is not None
    assert page.recorded.at == AT
    assert (bare.outcome, bare.reason) == (Outcome.NOT_A_PAGE, "no_text")


def test_a_cut_packed_corpus_gives_its_rows_and_one_rejection(tmp_path: Path) -> None:
    rows = [{**LAYOUTS["c4"], "text": hashlib.sha256(b"%d" % n).hexdigest() * 9} for n in range(3000)]
    stored = gzip.compress(jsonl(rows))
    *whole, last = read(tmp_path, "x.json.gz", stored[: len(stored) // 2])
    assert len(whole) > 1000
    assert {record.outcome for record in whole} == {Outcome.PAGE}
    assert (last.outcome, last.reason, last.record_no) == (Outcome.REJECTED, "truncated_compression", len(whole))


def test_parquet_rows_of_several_groups_are_numbered_through(tmp_path: Path) -> None:
    rows = [{**LAYOUTS["fineweb"], "text": f"{PAGE}{number}"} for number in range(2500)]
    records = read(tmp_path, "x", parquet(rows, row_group_size=1000))
    assert [record.record_no for record in records] == list(range(2500))
    assert records[2499].sha256 == hashlib.sha256(f"{PAGE}2499".encode()).hexdigest()


def test_parquet_times_may_be_timestamps_or_dates(tmp_path: Path) -> None:
    rows = [{"text": "a", "url": URL, "timestamp": AT}]
    (record,) = read(tmp_path, "x", parquet(rows))
    assert record.recorded == RecordedTime(AT, TimeSource.CORPUS, TimePrecision.SECOND)


def test_a_damaged_row_group_costs_itself_alone(tmp_path: Path) -> None:
    rows = [{"text": hashlib.sha256(b"%d" % n).hexdigest() * 20, "url": URL} for n in range(300)]
    stored = bytearray(parquet(rows, row_group_size=100, compression="zstd", use_dictionary=False))
    column = pq.ParquetFile(pa.BufferReader(bytes(stored))).metadata.row_group(1).column(0)
    middle = column.data_page_offset + column.total_compressed_size // 2
    stored[middle : middle + 400] = b"\xff" * 400
    records = read(tmp_path, "x", bytes(stored))
    assert sum(record.outcome is Outcome.PAGE for record in records) == 200
    (broken,) = [record for record in records if record.outcome is Outcome.REJECTED]
    assert (broken.reason, broken.record_no) == ("damaged_parquet", 100)
    assert [record.record_no for record in records] == list(range(201))


@pytest.mark.parametrize("cut", [10, 200, -8, -1])
def test_a_cut_parquet_file_is_one_rejection(tmp_path: Path, cut: int) -> None:
    (record,) = read(tmp_path, "x", parquet([LAYOUTS["c4"]])[:cut])
    assert (record.outcome, record.reason) == (Outcome.REJECTED, "damaged_parquet")


def test_a_parquet_file_without_text_says_which_columns_it_has(tmp_path: Path) -> None:
    (record,) = read(tmp_path, "x", parquet([{"headline": "x", "url": URL}]))
    assert record.reason == "no_text_column"
    assert record.detail == "x: it has no text column among headline, url; name it with --column text=NAME."


@pytest.mark.parametrize(
    ("value", "iso", "precision"),
    [
        ("2019-11-18T21:03:25Z", "2019-11-18T21:03:25+00:00", "second"),
        ("2019-11-18 21:03:25.500 UTC", "2019-11-18T21:03:25+00:00", "second"),
        ("2019-11-18T23:03:25+02:00", "2019-11-18T21:03:25+00:00", "second"),
        ("2019-11-18T23:03+0200", "2019-11-18T21:03:00+00:00", "minute"),
        ("2019/11/18 21:03:25", "2019-11-18T21:03:25+00:00", "second"),
        ("2019-11-18", "2019-11-18T00:00:00+00:00", "day"),
        ("20191118210325", "2019-11-18T21:03:25+00:00", "second"),
        (date(2019, 11, 18), "2019-11-18T00:00:00+00:00", "day"),
        (datetime(2019, 11, 18, 21, 3, 25), "2019-11-18T21:03:25+00:00", "second"),  # noqa: DTZ001
    ],
)
def test_times_are_read_as_printed_with_their_precision(value: object, iso: str, precision: str) -> None:
    recorded = parse_time(value)
    assert recorded is not None
    assert (recorded.at.isoformat(), recorded.precision.value) == (iso, precision)


@pytest.mark.parametrize("value", [None, "", "soon", "2019-13-18", "18.11.2019", "1019-11-18", "3019-11-18", 5.0, True])
def test_what_names_no_day_is_no_time(value: object) -> None:
    assert parse_time(value) is None


@pytest.mark.parametrize("form", ["jsonl", "gzip", "zstd", "parquet"])
@pytest.mark.parametrize("damage", ["cut", "flip"])
def test_a_corpus_cut_or_flipped_anywhere_ends_in_reasons_that_are_foreseen(
    tmp_path: Path, form: str, damage: str
) -> None:
    rows = [{**LAYOUTS["c4"], "text": f"{number} {PAGE}"} for number in range(60)]
    make = {
        "jsonl": lambda: jsonl(rows),
        "gzip": lambda: gzip.compress(jsonl(rows)),
        "zstd": lambda: zstandard.compress(jsonl(rows)),
        "parquet": lambda: parquet(rows, row_group_size=20),
    }
    whole = make[form]()
    chance = random.Random(20191118)
    for number in range(25):
        content = bytearray(whole)
        if damage == "cut":
            del content[chance.randrange(len(content)) :]
        for _flip in range(0 if damage == "cut" else chance.choice([1, 3, 60])):
            content[chance.randrange(len(content))] ^= 1 << chance.randrange(8)
        records = read(tmp_path / str(number), "x", bytes(content))
        assert [record.record_no for record in records] == list(range(len(records)))
        assert "reader_failed" not in {record.reason for record in records}
        assert len(records) >= 1


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda some: st.lists(some, max_size=4) | st.dictionaries(st.text(max_size=3), some, max_size=4),
    max_leaves=12,
)


@given(VALUES, st.booleans(), st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]))
def test_a_line_says_what_the_standard_library_reads_in_it(value: object, ascii_only: bool, encoding: str) -> None:
    content = json.dumps(value, ensure_ascii=ascii_only).encode(encoding, "surrogatepass")
    assert repr(_parsed(content)) == repr(json.loads(content))


@given(st.text('{}[]",:0123456789.eE+-truefalsnlNIity\\u \ud800\t', max_size=12))
def test_no_line_is_taken_for_json_that_is_none(line: str) -> None:
    def told(read: Callable[[bytes], object]) -> str | None:
        try:
            return repr(read(line.encode("utf-8", "surrogatepass")))
        except ValueError:
            return None

    assert told(_parsed) == told(json.loads)
