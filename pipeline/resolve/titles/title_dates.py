"""The date at the end of a title, and what kind of date it is.

The one decision made here: only a date that stands apart at the very end counts (after a comma, in brackets, after
"published on"); a date inside a sentence belongs to the topic. A month alone or a span of days is no day, so it is
null.
"""

import re
from dataclasses import dataclass
from datetime import date

from pipeline.resolve.titles.facts import Problem

MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
_MONTH_NUMBERS = {name[:3].casefold(): number for number, name in enumerate(MONTHS, 1)}

_MONTH = r"(?P<month>" + "|".join(f"{name}|{name[:3]}\\.?" for name in MONTHS) + r"|Sept\.?)"
_DAY = r"(?P<day>\d{1,2})(?:st|nd|rd|th)?"
_SPAN = r"(?P<span>\d{1,2}(?:st|nd|rd|th)?\s?(?:-|and|to|,)\s?)?"
_YEAR = r"(?P<year>(?:19|20)\d\d)"
_FORMS = (
    rf"{_MONTH} {_SPAN}{_DAY},? {_YEAR}",  # November 12, 2019; October 23-24, 2019
    rf"{_SPAN}{_DAY} (?:of )?{_MONTH},? {_YEAR}",  # 23 October 2019
    rf"(?P<day>\d{{1,2}})[./](?P<month>\d{{1,2}})[./]{_YEAR}",  # 17.08.2017, day first
    rf"{_MONTH} {_YEAR}",  # October 2019
)
_PLACE = r"(?:, (?P<place>[^\d(),]+))?"  # (13 June 2017, London)
_TAILS = tuple(
    re.compile(rf"(?P<lead>,|\(|:|\s-|\bpublished on|\bpublished|\bon|\s) ?{form}(?:{_PLACE}\))?\.?$", re.IGNORECASE)
    for form in _FORMS
)

FORESEEN = re.compile(
    r"\bwill\b|\bto (?:be held|take place|give|speak|deliver|open|hold|visit)\b|\bupcoming\b|\binvit(?:ation|es)\b",
    re.IGNORECASE,
)
"""Words that tell of something still to come."""

EARLIEST = date(1990, 1, 1)
LONGEST_DELAY_DAYS = 366
"""An item came out 37 days after its title's date once; a year and more means the date is the topic's."""

ELSEWHERE = frozenset({"article", "interview", "letter"})
"""What other media print; an interview with a place was held there."""


@dataclass(frozen=True, slots=True)
class Tail:
    """What the end of a title says about a day."""

    start: int
    """Where the tail begins; the title before it is the rest."""
    lead: str
    """What joins it to the rest: `,`, `(`, `:`, `-`, `on`, `published on`, or nothing."""
    day: date | None
    """Null for a month alone, a span of days, or an impossible day."""
    is_impossible: bool = False
    place: tuple[int, int] | None = None
    """The span of what follows the day in brackets: "(13 June 2017, London)"."""


def read_tail(text: str) -> Tail | None:
    """The date at the end of a plain title, None where it does not end with one."""
    for pattern in _TAILS:
        found = pattern.search(text)
        if found:
            groups = found.groupdict()
            lead = groups["lead"].strip().casefold()
            place = found.span("place") if groups["place"] else None
            if groups.get("day") is None or groups.get("span"):
                return Tail(found.start(), lead, None, place=place)
            month = groups["month"]
            number = int(month) if month.isdigit() else _MONTH_NUMBERS[month[:3].casefold()]
            try:
                day = date(int(groups["year"]), number, int(groups["day"]))
            except ValueError:
                return Tail(found.start(), lead, None, is_impossible=True, place=place)
            return Tail(found.start(), lead, day, place=place)
    return None


def stands_apart(tail: Tail, *, category: str, has_topic: bool, place: str | None) -> bool:
    """True where the date at the end is the item's own, not part of a sentence about something else."""
    if tail.lead in {",", "(", ":", "-", "published on", "published"}:
        return True
    if tail.lead == "on":
        return category == "notice" or not has_topic
    return place is not None


def date_kind(text: str, *, category: str, place: str | None) -> str:
    """`announced`, `published_elsewhere` or `held`, in this order."""
    if category == "notice" or FORESEEN.search(text):
        return "announced"
    if category in ELSEWHERE and not (category == "interview" and place):
        return "published_elsewhere"
    return "held"


def check_day(day: date, kind: str, published_on: date | None) -> Problem | None:
    """The rule that a title's day breaks, None where it can be trusted."""
    if day < EARLIEST:
        return Problem("title_date", "title_date_before_1990")
    if published_on is None:
        return None
    if day > published_on and kind != "announced":
        return Problem("title_date", "title_date_after_published_on")
    if (published_on - day).days > LONGEST_DELAY_DAYS:
        return Problem("title_date", "title_date_long_before_published_on")
    return None
