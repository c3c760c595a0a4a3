"""Which record is the capture, which a duplicate, and what a revisit is."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.frames import PageRow, RecordRow, to_frame
from pipeline.gather import choose_captures, ledger
from pipeline.observe import observe, record_row
from pipeline.records import Link, Outcome, PageText, RawRecord, RecordedTime, TimePrecision, TimeSource
from pipeline.revisits import find_originals, judge_revisits, revisits_among
from tests.test_observe import PAGE

AT = datetime(2019, 11, 18, 21, 3, tzinfo=UTC)


@dataclass(frozen=True)
class Gathered:
    """What all records together are."""

    captures: pl.DataFrame
    raw_records: pl.DataFrame


def page(path: str, number: int = 0, *, text: str = PAGE, at: datetime | None = None, **facts: object) -> RawRecord:
    recorded = None if at is None else RecordedTime(at, TimeSource.WARC, TimePrecision.SECOND)
    return RawRecord(path, number, "warc", Outcome.PAGE, page=PageText(text), recorded=recorded, **facts)  # type: ignore[arg-type]


def revisit(path: str, number: int, at: datetime | None, **facts: object) -> RawRecord:
    recorded = None if at is None else RecordedTime(at, TimeSource.WARC, TimePrecision.SECOND)
    return RawRecord(path, number, "warc", Outcome.REVISIT, recorded=recorded, **facts)  # type: ignore[arg-type]


def gathered(records: Sequence[RawRecord]) -> Gathered:
    rows: list[RecordRow] = []
    pages: list[PageRow] = []
    for record in records:
        page_no = None if record.page is None else len(pages)
        rows.append(record_row(record, page_no))
        if page_no is not None:
            pages.append(observe(record, page_no).page)
    return gather(to_frame("records", rows), to_frame("pages", pages))


def gather(records: pl.DataFrame, pages: pl.DataFrame) -> Gathered:
    """Everything as one part and one partition."""
    found, own = (frame.with_columns(part=pl.lit(0, dtype=pl.Int32)) for frame in (records, pages))
    joined = find_originals(revisits_among(found.lazy()), [found.lazy()])
    verdicts, added = judge_revisits(joined, own)
    is_revisit = [frame.with_columns(is_revisit=pl.lit(value=flag)) for frame, flag in ((own, False), (added, True))]
    chosen = choose_captures(pl.concat(is_revisit))
    return Gathered(chosen.captures, ledger(found, own, chosen.makers, verdicts))


def verdicts(found: Gathered) -> list[tuple[str, str | None]]:
    return found.raw_records.sort("raw_path", "record_no").select("status", "reason").rows()


def test_the_same_page_twice_is_one_capture_and_one_duplicate() -> None:
    found = gathered([page("a"), page("b")])
    assert found.captures.height == 1
    assert verdicts(found) == [("capture", None), ("duplicate", "same_capture")]
    assert found.raw_records["capture_id"].n_unique() == 1


def test_of_two_records_the_one_whose_time_and_url_are_proven_is_the_capture() -> None:
    found = gathered([page("a"), page("b", at=AT, url="https://rusemb.org.uk/article/1")])
    assert verdicts(found) == [("duplicate", "same_capture"), ("capture", None)]
    assert found.captures.row(0, named=True)["captured_at_source"] == "warc"
    assert found.captures.row(0, named=True)["url"] == "https://rusemb.org.uk/article/1"


def test_a_form_that_kept_links_is_preferred() -> None:
    bare = page("a", at=AT, url="https://rusemb.org.uk/article/1")
    linked = bare._replace(
        raw_path="b", page=PageText(PAGE, links=(Link(16, "A teaser", "https://rusemb.org.uk/article/2"),))
    )
    assert verdicts(gathered([bare, linked])) == [("duplicate", "same_capture"), ("capture", None)]


def test_the_time_of_one_record_goes_with_the_links_and_the_url_of_another() -> None:
    url = "https://rusemb.org.uk/article/1"
    bare = page("a", at=AT)
    linked = RawRecord(
        "b", 0, "html", Outcome.PAGE, url=url, page=PageText(PAGE, (Link(16, "A teaser", "https://rusemb.org.uk/2"),))
    )
    found = gathered([bare, linked])
    row = found.captures.row(0, named=True)
    assert (row["captured_at_source"], row["captured_at_precision"]) == ("warc", "second")
    assert (row["url"], row["page_no"]) == (url, 1)
    assert verdicts(found) == [("capture", None), ("duplicate", "same_capture")]


def test_a_revisit_is_a_capture_of_the_earlier_payload_at_its_own_time() -> None:
    later = datetime(2019, 12, 1, 10, 0, tzinfo=UTC)
    found = gathered(
        [page("a", at=AT, warc_record_id="<urn:uuid:1>"), revisit("a", 1, later, refers_to="<urn:uuid:1>")]
    )
    assert verdicts(found) == [("capture", None), ("revisit", "same_payload")]
    times = found.captures.sort("captured_at")
    assert times["captured_at"].to_list() == [AT, later]
    assert times["text_sha256"].n_unique() == 1
    assert times["clock_check"].to_list() == ["ok", "disagrees_with_capture_time"]
    assert times.select("part", "page_no").n_unique() == 1


def test_a_revisit_without_record_id_is_joined_by_digest_and_prefers_its_own_url() -> None:
    here, there = "https://rusemb.org.uk/article/1", "https://rusemb.org.uk/ambarticles/1"
    found = gathered(
        [
            page("a", 0, at=AT, url=there, payload_digest="sha1:X"),
            page("a", 1, at=AT, url=here, payload_digest="sha1:X", text=PAGE + "more\n"),
            revisit("b", 0, datetime(2020, 1, 1, tzinfo=UTC), url=here, payload_digest="sha1:X"),
        ]
    )
    assert verdicts(found)[-1] == ("revisit", "same_payload")
    new = found.captures.filter(pl.col("captured_at").dt.year() == 2020).row(0, named=True)
    assert new["url"] == here
    assert new["page_no"] == 1


@pytest.mark.parametrize(
    ("records", "verdict"),
    [
        ([revisit("a", 0, AT, payload_digest="sha1:X")], ("rejected", "revisit_without_original")),
        (
            [
                RawRecord("a", 0, "warc", Outcome.NOT_A_PAGE, reason="media_type", warc_record_id="<1>"),
                revisit("b", 0, AT, refers_to="<1>"),
            ],
            ("not_a_page", "revisit_of_not_a_page"),
        ),
        (
            [
                RawRecord("a", 0, "warc", Outcome.REJECTED, reason="truncated_record", warc_record_id="<1>"),
                revisit("b", 0, AT, refers_to="<1>"),
            ],
            ("rejected", "revisit_without_original"),
        ),
        (
            [page("a", at=AT, warc_record_id="<1>"), revisit("b", 0, None, refers_to="<1>")],
            ("rejected", "revisit_without_time"),
        ),
    ],
)
def test_a_revisit_that_cannot_be_joined_says_why(records: Sequence[RawRecord], verdict: tuple[str, str]) -> None:
    assert verdicts(gathered(records))[-1] == verdict


def test_a_page_whose_capture_broke_a_rule_is_rejected() -> None:
    records = to_frame("records", [record_row(page("a"), 0)])
    assert verdicts(gather(records, to_frame("pages", []))) == [("rejected", "quarantined")]


@given(order=st.permutations(range(5)))
def test_the_order_of_records_changes_nothing(order: list[int]) -> None:
    records = [
        page("a"),
        page("b", at=AT, url="https://rusemb.org.uk/article/1", warc_record_id="<1>"),
        page("c", text=PAGE + "another line\n"),
        revisit("d", 0, datetime(2020, 1, 1, tzinfo=UTC), refers_to="<1>"),
        RawRecord("e", 0, "warc", Outcome.REJECTED, reason="empty"),
    ]
    plain, shuffled = gathered(records), gathered([records[place] for place in order])
    assert shuffled.raw_records.equals(plain.raw_records)
    assert shuffled.captures.drop("part", "page_no").equals(plain.captures.drop("part", "page_no"))


@pytest.mark.parametrize(("path", "archive"), [("a", "Common Crawl"), ("other", None)])
def test_a_revisit_in_another_file_does_not_take_over_the_archive(path: str, archive: str | None) -> None:
    original = page("a", 0, at=AT, archive="Common Crawl", payload_digest="sha1:X")
    later = revisit(path, 1, datetime(2020, 1, 1, tzinfo=UTC), payload_digest="sha1:X")
    new = gathered([original, later]).captures.filter(pl.col("captured_at").dt.year() == 2020)
    assert new["archive"].to_list() == [archive]
