"""A part of a slice: rows that break a rule leave before anything is resolved, with all that hangs on them."""

import json
from datetime import UTC, datetime

import polars as pl

from pipeline.frames import ROWS
from pipeline.records import Outcome, PageText, RawRecord, RecordedTime, TimePrecision, TimeSource
from pipeline.slices.part import Part
from tests.test_observe import PAGE


def frames(*texts: str) -> dict[str, pl.DataFrame]:
    part = Part()
    for number, text in enumerate(texts):
        part.add(RawRecord(f"{number}.txt", 0, "text", Outcome.PAGE, page=PageText(text)))
    return part.frames()


def test_a_part_has_every_table_even_where_it_has_no_row() -> None:
    found = Part().frames()
    assert found.keys() == ROWS.keys()
    assert {frame.height for frame in found.values()} == {0}


def test_a_wording_printed_again_and_again_stands_once() -> None:
    found = frames(PAGE, PAGE.replace("21:03", "20:03").replace("00:03", "23:03"))
    assert found["teasers"].height == 4
    assert found["forms"].height == 1
    assert found["bodies"].height == 1
    assert found["pages"]["capture_id"].n_unique() == 2


def test_a_teaser_dated_after_its_page_is_taken_out_whole_and_the_rest_stays() -> None:
    found = frames(PAGE.replace("13.11.2019 - A teaser", "13.11.2029 - A teaser", 1))
    broken = found["broken"].to_dicts()
    assert [(row["table"], row["rule"], row["column"]) for row in broken] == [
        ("teaser_observations", "published_by_page_date", None)
    ]
    assert json.loads(broken[0]["row"])["published_on"] == "2029-11-13"
    assert found["teasers"]["position"].to_list() == [1]
    assert found["pages"]["n_teasers"].to_list() == [2]


def test_a_counter_that_would_start_before_the_calendar_is_taken_out_and_kept_as_read() -> None:
    found = frames(PAGE.replace("624 days", "999999 days"))
    assert found["counters"].is_empty()
    rules = found["broken"].filter(pl.col("table") == "counter_observations")
    assert rules.height >= 1
    assert "999999" in rules["row"][0]


def test_what_hangs_on_a_broken_capture_goes_with_it() -> None:
    part = Part()
    time = RecordedTime(datetime(2019, 11, 18, 21, 3, tzinfo=UTC), TimeSource.WARC, TimePrecision.SECOND)
    part.add(
        RawRecord(
            "a", 0, "warc", Outcome.PAGE, url="https://rusemb.org.uk/article/1", recorded=time, page=PageText(PAGE)
        )
    )
    part.pages[0] = part.pages[0]._replace(text_sha256="no digest")
    found = part.frames()
    assert found["pages"].is_empty()
    for name in ("teasers", "articles", "counters", "lines"):
        assert found[name].is_empty()
    rules = found["broken"].group_by("table", "rule").agg(pl.len()).sort("table").rows()
    assert rules == [
        ("article_observations", "parent_quarantined", 1),
        ("captures", "text_sha256_well_formed", 1),
        ("counter_observations", "parent_quarantined", 1),
        ("teaser_observations", "parent_quarantined", 2),
    ]
    assert found["records"].height == 1
