"""The city in which an item was held: the one before the date at the end of its title.

The one decision made here: only a city of the list `cities.CITIES` is a place, for a newspaper, a venue or a surname
can stand in the same spot. A name that could be a city but is not listed is null and a problem.
"""

import re

from pipeline.resolve.titles.cities import CITIES
from pipeline.resolve.titles.countries import is_country

_KEYS = frozenset(city.casefold().replace("’", "'") for city in CITIES)
_SHAPE_OF_A_NAME = re.compile(r"[A-ZÀ-Þ][\w'.-]+(?: [A-ZÀ-Þ][\w'.-]+){0,2}")
_LONGEST_NAME = 4


def is_city(text: str) -> bool:
    """True where a plain text is a city of the list."""
    return text.casefold() in _KEYS


def find_city(rest: str, *, has_topic: bool) -> tuple[int, int] | None:
    """The span of the city at the end of `rest`, the plain title before its date.

    Two forms count: a segment of its own ("…, Yerevan"; a country may follow: "…, Sochi, Russia"), and the last
    words of a title without a topic, after "in" or a small word ("in London", "press conference Moscow").
    """
    start, end = _last_segment(rest, len(rest))
    if start > 0 and is_country(rest[start:end]) and not is_city(rest[start:end]):
        start, end = _last_segment(rest, rest.rindex(",", 0, start))
    if start > 0 and is_city(rest[start:end]):
        return start, end
    return None if has_topic else _closing_words(rest)


def looks_like_a_place(rest: str) -> bool:
    """True where the last segment has the shape of a name, though no listed city."""
    start, end = _last_segment(rest, len(rest))
    return start > 0 and _SHAPE_OF_A_NAME.fullmatch(rest, start, end) is not None and not is_country(rest[start:end])


def _last_segment(text: str, end: int) -> tuple[int, int]:
    start = text.rfind(",", 0, end) + 1
    while start < end and text[start] == " ":
        start += 1
    return start, end


def _closing_words(rest: str) -> tuple[int, int] | None:
    words = rest.split(" ")
    for count in range(min(_LONGEST_NAME, len(words) - 1), 0, -1):
        city = " ".join(words[-count:])
        before = words[-count - 1]
        if is_city(city) and (before == "in" or before.endswith('"') or _ends_a_clause(before)):
            return len(rest) - len(city), len(rest)
    return None


def _ends_a_clause(word: str) -> bool:
    """True for a small word that leads on to no place ("press conference Moscow", but not "a letter to Moscow")."""
    return word.islower() and word not in {"to", "from", "of", "for", "and"}
