"""Every fact of a title in one pass: date, category, place, countries, speakers.

The one decision made here: the order. The category needs only the words; whether a date at the end is the item's own,
and of which kind, depends on the category and the place, and the place counts only before such a date.
"""

from datetime import date

from pipeline.resolve.titles import category, countries, places, speakers, title_dates, wording
from pipeline.resolve.titles.facts import Problem, TitleFacts


def read_title(title: str | None, published_on: date | None) -> TitleFacts:
    """What a title says; every field is null (no tuple of countries) without a title.

    Args:
        title: as published; runs of blanks do not matter. Names are returned as printed in it.
        published_on: the item's date, against which the title's date is checked; None where unknown.
    """
    if title is None or not title.strip():
        return TitleFacts()
    printed = wording.collapse(title)
    text = wording.plain(printed)
    kind = category.read_category(text)
    people, problems = speakers.read_speakers(printed, text)
    place, day, day_kind, more = _when_and_where(printed, text, kind, published_on)
    return TitleFacts(kind, people, place, day, day_kind, countries.read_countries(text), problems + more)


def _when_and_where(
    printed: str, text: str, kind: str, published_on: date | None
) -> tuple[str | None, date | None, str | None, tuple[Problem, ...]]:
    tail = title_dates.read_tail(text)
    if tail is None:
        return None, None, None, ()
    rest = text[: tail.start]
    has_topic = wording.has_topic(rest)
    if tail.place:
        span = tail.place if places.is_city(text[slice(*tail.place)]) else None
    else:
        span = places.find_city(rest, has_topic=has_topic)
    place = printed[slice(*span)] if span else None
    if not title_dates.stands_apart(tail, category=kind, has_topic=has_topic, place=place):
        return None, None, None, ()
    problems: list[Problem] = []
    if place is None and kind not in title_dates.ELSEWHERE and places.looks_like_a_place(rest):
        problems.append(Problem("place", "place_not_listed"))
    if tail.is_impossible:
        problems.append(Problem("title_date", "title_date_impossible"))
    if tail.day is None:
        return place, None, None, tuple(problems)
    day_kind = title_dates.date_kind(text, category=kind, place=place)
    problem = title_dates.check_day(tail.day, day_kind, published_on)
    if problem:
        return place, None, None, (*problems, problem)
    return place, tail.day, day_kind, tuple(problems)
