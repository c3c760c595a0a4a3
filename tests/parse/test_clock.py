"""The header's day is London's; Moscow's clock is a witness, not the source."""

from datetime import UTC, date, datetime, timedelta

import pytest

from pipeline.parse.clock import TOLERANCE, capture_instant, check_clock
from pipeline.parse.page import Header
from pipeline.records import TimePrecision, TimeSource


def header(day: str, moscow: str, london: str) -> Header:
    return Header(date.fromisoformat(day), moscow, london, "en")


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("day", "moscow", "london", "instant"),
    [
        ("2019-11-18", "00:03", "21:03", "2019-11-18T21:03"),  # the first sample: Moscow is a day further
        ("2020-01-26", "20:58", "17:58", "2020-01-26T17:58"),  # the second
        ("2017-08-27", "00:01", "22:01", "2017-08-27T21:01"),  # the capture whose archive time is known
        ("2015-05-27", "19:35", "16:35", "2015-05-27T15:35"),  # Moscow's clock an hour fast
        ("2014-09-01", "17:40", "14:40", "2014-09-01T13:40"),  # Moscow still at UTC+4
        ("2019-10-27", "03:30", "01:30", "2019-10-27T00:30"),  # the repeated hour, still summer time
        ("2019-10-27", "04:30", "01:30", "2019-10-27T01:30"),  # the repeated hour, already winter time
        ("2019-10-27", "09:00", "01:30", "2019-10-27T00:30"),  # Moscow fits neither
        ("2019-03-31", "04:30", "01:30", "2019-03-31T01:30"),  # the hour left out, London's clock not yet changed
        ("2019-03-31", "03:30", "01:30", "2019-03-31T00:30"),
        ("2014-10-26", "04:30", "01:30", "2014-10-26T00:30"),  # Moscow's clock on the page stayed at UTC+4
        ("2014-10-26", "05:30", "01:30", "2014-10-26T01:30"),
    ],
)
def test_a_page_clock_is_londons(day: str, moscow: str, london: str, instant: str) -> None:
    assert capture_instant(header(day, moscow, london)) == utc(instant)


@pytest.mark.parametrize(
    ("day", "moscow", "london", "verdict"),
    [
        ("2019-11-18", "00:03", "21:03", "ok"),
        ("2019-07-01", "12:00", "10:00", "ok"),
        ("2019-07-01", "13:00", "10:00", "moscow_off"),
        ("2014-09-01", "17:40", "14:40", "ok"),  # 3 h in summer before 26 October 2014
        ("2014-09-01", "16:40", "14:40", "moscow_off"),
        ("2014-12-01", "14:00", "10:00", "moscow_off"),  # one hour fast
        ("2014-12-01", "13:00", "10:00", "ok"),
        ("2015-05-27", "19:35", "16:35", "moscow_off"),
        ("2015-10-05", "13:08", "11:08", "ok"),
        ("2019-10-27", "03:30", "01:30", "ok"),  # in the night of a change both differences are right
        ("2019-10-27", "04:30", "01:30", "ok"),
        ("2019-10-27", "05:30", "01:30", "moscow_off"),
        ("2019-03-31", "03:30", "01:30", "ok"),
        ("2019-03-31", "04:30", "01:30", "ok"),
    ],
)
def test_moscows_clock_is_checked_by_the_time_zone_database(day: str, moscow: str, london: str, verdict: str) -> None:
    assert check_clock(header(day, moscow, london), None, None) == verdict


@pytest.mark.parametrize(
    ("recorded", "verdict"),
    [
        ("2017-08-27T21:01:17", "ok"),
        ("2017-08-27T21:11:00", "ok"),
        ("2017-08-27T21:11:01", "disagrees_with_capture_time"),
        ("2017-08-27T22:01:00", "disagrees_with_capture_time"),
        ("2017-08-28T21:01:17", "date_off"),
        ("2017-08-26T21:05:00", "date_off"),
        ("2017-08-29T21:01:17", "disagrees_with_capture_time"),
    ],
)
def test_a_recorded_time_is_compared_with_the_page_clock(recorded: str, verdict: str) -> None:
    page = header("2017-08-27", "00:01", "22:01")
    assert check_clock(page, utc(recorded), TimeSource.WAYBACK) == verdict


def test_the_page_clock_is_no_witness_for_itself() -> None:
    page = header("2017-08-27", "00:01", "22:01")
    assert check_clock(page, utc("2001-01-01T00:00"), TimeSource.PAGE_CLOCK) == "ok"


def test_a_disagreement_is_told_before_moscows_error() -> None:
    page = header("2015-05-27", "19:35", "16:35")
    assert check_clock(page, capture_instant(page), TimeSource.WARC) == "moscow_off"
    assert check_clock(page, capture_instant(page) + timedelta(days=1), TimeSource.WARC) == "date_off"


def test_either_pass_of_the_repeated_hour_agrees_with_a_recorded_time() -> None:
    page = header("2019-10-27", "09:00", "01:30")
    assert check_clock(page, utc("2019-10-27T01:30") + TOLERANCE, TimeSource.WARC) == "moscow_off"


@pytest.mark.parametrize(
    ("recorded", "verdict"),
    [
        ("2017-07-01", "ok"),
        ("2017-06-30", "ok"),
        ("2017-07-02", "date_off"),
        ("2017-07-04", "disagrees_with_capture_time"),
    ],
)
def test_a_time_known_to_the_day_is_compared_by_the_day(recorded: str, verdict: str) -> None:
    page = header("2017-07-01", "02:20", "00:20")  # 30 June 23:20 UTC
    assert check_clock(page, utc(recorded), TimeSource.CORPUS, TimePrecision.DAY) == verdict


def test_a_page_without_header_has_no_check() -> None:
    assert check_clock(None, utc("2017-08-27T21:01:17"), TimeSource.WARC) is None
