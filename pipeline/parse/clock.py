"""When a page was captured by its own clock, and whether that clock can be believed (source-format.md, Which day).

The one decision made here: the header's day is London's, and so the instant is the day with London's clock in
Europe/London; Moscow's clock only tells the two passes of a repeated hour apart and is checked, never used.
"""

from datetime import UTC, date, datetime, time, timedelta
from functools import cache, lru_cache
from zoneinfo import ZoneInfo

from pipeline.parse.page import Header
from pipeline.records import TimePrecision, TimeSource

_LONDON = ZoneInfo("Europe/London")
_MOSCOW = ZoneInfo("Europe/Moscow")

_FAST_FROM = date(2014, 10, 26)
"""Moscow went back to UTC+3; the site's clock stayed at UTC+4 until mid-2015."""
_FAST_TO = date(2015, 9, 1)

TOLERANCE = timedelta(minutes=10)
"""How far the page's clock may stand from the recorded time. The captures that carry both are within a minute; a
server's clock or a page kept for some minutes may add to it. The smallest other error, a wrong time zone, is half an
hour or more."""


@cache
def _clock(text: str) -> time:
    return time(int(text[:2]), int(text[3:]))


@lru_cache(maxsize=64)
def _readings(header: Header) -> tuple[datetime, ...]:
    """The instants London's clock can mean: two in the hour that a clock change repeats or leaves out, else one."""
    local = datetime.combine(header.page_date, _clock(header.london_clock), tzinfo=_LONDON)
    first = local.astimezone(UTC)
    second = local.replace(fold=1).astimezone(UTC)
    return (first,) if first == second else (first, second)


def _shows(instant: datetime, clock: str, ahead: timedelta = timedelta()) -> bool:
    """Tell whether Moscow's clock, or one that runs ahead of it, shows this at the instant."""
    return (instant.astimezone(_MOSCOW) + ahead).time().replace(tzinfo=None) == _clock(clock)


def capture_instant(header: Header) -> datetime:
    """Read a page's clock: the header's day and London's clock as an instant in UTC, to the minute.

    In the hour that London's clock shows twice (or, on the last Sunday of March, never) Moscow's clock tells which is
    meant; where it fits neither, the first. While the site's Moscow clock ran an hour fast, it is read as fast.
    """
    readings = _readings(header)
    if len(readings) == 1:
        return readings[0]
    offsets = [timedelta()]
    if _FAST_FROM <= header.page_date < _FAST_TO:
        offsets.insert(0, timedelta(hours=1))
    for ahead in offsets:
        for instant in readings:
            if _shows(instant, header.moscow_clock, ahead):
                return instant
    return readings[0]


def check_clock(
    header: Header | None,
    captured_at: datetime | None,
    source: TimeSource | None,
    precision: TimePrecision = TimePrecision.SECOND,
) -> str | None:
    """Check a page's clocks against the recorded capture time and against each other.

    Args:
        header: The page's header.
        captured_at: The capture's time in UTC, aware.
        source: Where that time was read; the page's own clock is no witness for itself.
        precision: How exact it is; of a time known to the day only the day is compared.

    Returns:
        `date_off` where the clock is right and the day one off, `disagrees_with_capture_time` where the page is
        further than `TOLERANCE` from the recorded time in any other way, `moscow_off` where Moscow's clock does not fit
        London's by the time-zone database, else `ok`; None without a header.
    """
    if header is None:
        return None
    if captured_at is not None and source not in {None, TimeSource.PAGE_CLOCK}:
        verdict = _compare(header, captured_at, precision)
        if verdict is not None:
            return verdict
    fits = any(_shows(instant, header.moscow_clock) for instant in _readings(header))
    return "ok" if fits else "moscow_off"


def _compare(header: Header, captured_at: datetime, precision: TimePrecision) -> str | None:
    """Compare the page's instant with the recorded one; None where they agree."""
    if precision is TimePrecision.DAY:
        instant = capture_instant(header)
        # A recorded day may be counted in UTC or in London.
        days_off = {abs((captured_at.date() - day).days) for day in (instant.date(), header.page_date)}
        if 0 in days_off:
            return None
        return "date_off" if 1 in days_off else "disagrees_with_capture_time"
    off = min(abs(captured_at - instant) for instant in _readings(header))
    if off <= TOLERANCE:
        return None
    is_day_off = any(abs(abs(captured_at - instant) - timedelta(days=1)) <= TOLERANCE for instant in _readings(header))
    return "date_off" if is_day_off else "disagrees_with_capture_time"
