"""What the page's clocks show at an instant, from the rules of summer time alone.

Written without the time-zone database on purpose: the tests compare the two, so neither can be wrong unseen.
"""

from datetime import UTC, date, datetime, timedelta

MOSCOW_LEFT_SUMMER_TIME = datetime(2014, 10, 25, 22, tzinfo=UTC)
"""From here Moscow is UTC+3; before, from 2011 on, it was UTC+4."""
SITE_CLOCK_PUT_RIGHT = datetime(2015, 6, 30, tzinfo=UTC)
"""Until here the site's Moscow clock kept UTC+4 (source-format.md); the exact day is not known."""

_HOUR = timedelta(hours=1)


def _last_sunday(year: int, month: int) -> datetime:
    last = datetime(year, month, 31, 1, tzinfo=UTC)
    return last - timedelta(days=(last.weekday() + 1) % 7)


_SUMMERS = {year: (_last_sunday(year, 3), _last_sunday(year, 10)) for year in range(2010, 2031)}


def london_time(at: datetime) -> datetime:
    """Wall time in London; the tzinfo stays UTC and means nothing."""
    begin, end = _SUMMERS[at.year]
    return at + _HOUR if begin <= at < end else at


def moscow_time(at: datetime) -> datetime:
    """Wall time in Moscow."""
    return at + (4 if at < MOSCOW_LEFT_SUMMER_TIME else 3) * _HOUR


def moscow_time_on_page(at: datetime) -> datetime:
    """Wall time that the site prints for Moscow: an hour fast from 26 October 2014 to mid-2015."""
    return at + (4 if at < SITE_CLOCK_PUT_RIGHT else 3) * _HOUR


def page_clock(at: datetime) -> tuple[date, str, str]:
    """The header's date (London's day), Moscow's and London's clock."""
    london = london_time(at)
    moscow = moscow_time_on_page(at)
    return london.date(), f"{moscow.hour:02}:{moscow.minute:02}", f"{london.hour:02}:{london.minute:02}"
