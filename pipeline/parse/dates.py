"""The two ways the site prints a day, read explicitly.

`18 November 2019` or `28 октября 2016` in the header, `DD.MM.YYYY` everywhere else. The one decision made here: the
order is always day, month, year; a general date parser reads 04.03.2015 as 3 April.
"""

from datetime import date
from functools import lru_cache

_ENGLISH = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
_RUSSIAN = (
    "января", "февраля", "марта", "апреля", "мая", "июня",
    "июля", "августа", "сентября", "октября", "ноября", "декабря",
)  # fmt: skip
_MONTHS = {name: (number, "en") for number, name in enumerate(_ENGLISH, 1)} | {
    name: (number, "ru") for number, name in enumerate(_RUSSIAN, 1)
}


_EDGES = frozenset(("0001", "9999"))
"""The calendar's first and last year: a misprint, and days there have no neighbours to reckon with."""


def _day(year: str, month: str | int, day: str) -> date | None:
    if not (year.isascii() and year.isdigit() and day.isascii() and day.isdigit()):
        return None
    if year in _EDGES:
        return None
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        return None


def read_long_date(text: str) -> tuple[date, str] | None:
    """Read `D Month YYYY`: the day and the language of its month (`en`, `ru`); None where it is no such day."""
    words = text.split()
    if len(words) != 3 or len(words[2]) != 4 or len(words[0]) > 2:
        return None
    month = _MONTHS.get(words[1])
    if month is None:
        return None
    day = _day(words[2], month[0], words[0])
    return None if day is None else (day, month[1])


def looks_like_dotted_date(text: str) -> bool:
    """Tell whether a text has the shape `DD.MM.YYYY`, whether or not there is such a day."""
    return text[2:3] == "." and text[5:6] == "." and text[:2].isdigit() and text[3:5].isdigit() and text[6:10].isdigit()


@lru_cache(maxsize=16384)
def read_dotted_date(text: str) -> date | None:
    """Read `DD.MM.YYYY`; None where it is no day of the calendar.

    The few thousand days that teasers carry recur all over a corpus, hence the cache.
    """
    if len(text) != 10 or not text.isascii() or not looks_like_dotted_date(text):
        return None
    return _day(text[6:10], text[3:5], text[:2])
