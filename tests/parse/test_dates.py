"""The two ways the site prints a day: day, month, year, and nothing else."""

from datetime import date

import pytest

from pipeline.parse.dates import read_dotted_date, read_long_date


def test_the_day_comes_before_the_month() -> None:
    assert read_dotted_date("04.03.2015") == date(2015, 3, 4)
    assert read_long_date("18 November 2019") == (date(2019, 11, 18), "en")
    assert read_long_date("28 октября 2016") == (date(2016, 10, 28), "ru")


@pytest.mark.parametrize("text", ["31.02.2019", "1.02.2019", "01.13.2019", "01.02.19", "01/02/2019", "01.02.2019 "])
def test_what_is_no_day_of_the_calendar_is_none(text: str) -> None:
    assert read_dotted_date(text) is None


@pytest.mark.parametrize("text", ["01.01.0001", "31.12.9999"])
def test_a_day_without_a_day_before_or_after_it_is_none(text: str) -> None:
    assert read_dotted_date(text) is None
    assert read_long_date("31 December 9999") is None
