"""Groups of different items that look alike, made on purpose: what an identity rule must tell apart.

Each maker returns drafts with the day they are published on, relative to the first, and the section they stand in.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, timedelta

from tests.simulation import drafts
from tests.simulation.drafts import Draft
from tests.simulation.words import (
    CITIES,
    COUNTRIES,
    FOREIGN_MINISTER,
    TOPICS,
    UK_CITIES,
    WEEKDAYS,
    Pen,
    ambassador,
    day_month_year,
    month_day_year,
)


@dataclass(frozen=True, slots=True)
class Planned:
    """A draft with its place in the site's life."""

    day: date
    section: str
    draft: Draft


@dataclass(frozen=True, slots=True)
class HardCaseRates:
    """Share of published groups that are a hard case of each kind; the rest are plain items."""

    generic_title: float = 0.03
    notice_date: float = 0.015
    notice_number: float = 0.015
    notice_name: float = 0.015
    notice_weekday: float = 0.005
    photo: float = 0.012
    photo_same_opening: float = 0.004
    two_statements: float = 0.01
    protocol: float = 0.02
    protocol_same_text: float = 0.005
    capitals: float = 0.005
    recurring: float = 0.008
    counter_title: float = 0.003
    title_as_teaser: float = 0.005
    untitled: float = 0.015


def _generic_title(pen: Pen, day: date) -> list[Planned]:
    title = drafts.generic_title(pen)
    days = sorted(pen.between(0, 6) for _ in range(pen.between(2, 4)))
    return [
        Planned(day + timedelta(days=ahead), "fnapr", replace(drafts.statement(pen, day), title=title, title_date=None))
        for ahead in days
    ]


def _notices(pen: Pen, day: date, texts: list[tuple[str, str]]) -> list[Planned]:
    """Notices from the same mould; half of them on one day, the others a day later."""
    tail = pen.pick(
        (
            "Please plan your visits.",
            "Thank you for your understanding.",
            "For urgent matters please call the duty officer.",
        )
    )
    same_day = pen.chance(0.6)
    return [
        Planned(
            day + timedelta(days=0 if same_day else number % 2), "consnews", Draft("notice", title, ((text, tail),), 2)
        )
        for number, (title, text) in enumerate(texts)
    ]


def _notice_date(pen: Pen, day: date) -> list[Planned]:
    first = day + timedelta(days=pen.between(5, 40))
    dates = [day_month_year(first + timedelta(days=step)) for step in (0, pen.between(1, 9), pen.between(10, 60))][
        : pen.between(2, 3)
    ]
    form = pen.between(0, 2)
    if form == 0:
        texts = [
            (
                f"The Consular Section will be closed on {when}",
                f"We inform visitors that the Consular Section will be closed on {when}.",
            )
            for when in dates
        ]
    elif form == 1:
        texts = [
            ("To the attention of visitors", f"We inform visitors that the Consular Section will be closed on {when}.")
            for when in dates
        ]
    else:
        texts = [
            (f"Public holiday on {when}", "We inform visitors that the Consular Section will be closed on this day.")
            for when in dates
        ]
    return _notices(pen, day, texts)


def _notice_number(pen: Pen, day: date) -> list[Planned]:
    base = pen.between(100, 800)
    numbers = [base, base + pen.between(1, 9), base + pen.between(10, 99)][: pen.between(2, 3)]
    form = pen.between(0, 2)
    if form == 0:
        texts = [
            (
                f"Polling station No. {number}",
                f"Polling station No. {number} opens at the Embassy at 8:00, passports are needed.",
            )
            for number in numbers
        ]
    elif form == 1:
        texts = [
            (
                "Lost and found",
                f"Passport No. {number} was handed in at the Consular Section, its owner is asked to call.",
            )
            for number in numbers
        ]
    else:
        texts = [
            (f"Visa applications: week {number % 52 + 1}", "Applications of this week can be collected from Monday on.")
            for number in numbers
        ]
    if form == 2 and len({title for title, _ in texts}) < len(texts):
        return _notices(pen, day, texts[:2] if texts[0] != texts[1] else texts[:1])
    return _notices(pen, day, texts)


def _notice_name(pen: Pen, day: date) -> list[Planned]:
    cities = pen.rng.sample(UK_CITIES, pen.between(2, 3))
    form = pen.between(0, 2)
    if form == 0:
        texts = [
            (f"Consular mission to {city}", f"Consular officers will receive citizens in {city} next week.")
            for city in cities
        ]
    elif form == 1:
        texts = [
            ("Consular mission", f"Consular officers will receive citizens in {city} next week.") for city in cities
        ]
    else:
        names = [pen.name() for _ in cities]
        texts = [
            (
                f"Condolences on the death of {name}",
                f"The Embassy expresses its deep condolences to the family of {name}.",
            )
            for name in names
        ]
    return _notices(pen, day, texts)


def _notice_weekday(pen: Pen, day: date) -> list[Planned]:
    days = pen.rng.sample(WEEKDAYS, 2)
    return _notices(
        pen, day, [(f"No visitors on {name}", f"The Consular Section receives no visitors on {name}.") for name in days]
    )


def _photo(pen: Pen, day: date) -> list[Planned]:
    item = drafts.speech(pen, day)
    twin = Draft("photo", f"PHOTO: {item.title}", (pen.sentences(2, 3),), 2, item.title_date)
    return [Planned(day, "article", item), Planned(day, "fnapr" if pen.chance(0.5) else "article", twin)]


def _photo_same_opening(pen: Pen, day: date) -> list[Planned]:
    item = drafts.article(pen, day)
    twin = Draft(
        "photo", f"PHOTO: {item.title}", (item.body[0], *item.body[2:4]), item.n_teaser_sentences, item.title_date
    )
    return [Planned(day, "article", item), Planned(day, "article", twin)]


def _two_statements(pen: Pen, day: date) -> list[Planned]:
    one = drafts.statement(pen, day)
    return [
        Planned(day, "fnapr", one),
        Planned(day, "fnapr", replace(drafts.statement(pen, day), title=one.title, title_date=one.title_date)),
    ]


def _protocol(pen: Pen, day: date, same_text: bool = False) -> list[Planned]:
    city, opening = pen.pick(CITIES), pen.greeting()
    kind = pen.pick(("very good", "detailed and constructive", "useful"))
    planned = []
    for number in range(pen.between(2, 3)):
        published = day + timedelta(days=number // 2)
        guest, country = pen.name(), pen.pick(COUNTRIES)
        title = (
            f"Foreign Minister {FOREIGN_MINISTER}’s remarks and answers to media questions at a joint news conference "
            f"following talks with Foreign Minister of {country} {guest}, {city}, {month_day_year(day)}"
        )
        whom = "my colleague and friend" if same_text else f"my colleague {guest}"
        first = f"We have had {kind} talks with {whom}, and we have reached agreements on all the issues we discussed."
        body = ((opening,), (first,), *drafts.statement(pen, day).body)
        planned.append(
            Planned(
                published, "article", Draft("news_conference", title, body, 2 if same_text else pen.between(2, 4), day)
            )
        )
    return planned


def _protocol_same_text(pen: Pen, day: date) -> list[Planned]:
    return _protocol(pen, day, same_text=True)


def _capitals(pen: Pen, day: date) -> list[Planned]:
    headline = pen.headline()
    later = day + timedelta(days=pen.between(20, 200))
    loud = Draft(
        "article",
        f"{headline.upper()} (by Ambassador {ambassador(later)})",
        drafts.article(pen, later).body,
        pen.between(2, 5),
    )
    return [
        Planned(day, "fnapr", replace(drafts.statement(pen, day), title=headline, title_date=None)),
        Planned(later, "article", loud),
    ]


def _recurring(pen: Pen, day: date) -> list[Planned]:
    text = pen.pick(
        (
            "The Consular Section will be closed next Friday.",
            "The queue system is out of order, please call before you come.",
        )
    )
    title = pen.pick(("To the attention of visitors", "Technical break", "Change of opening hours"))
    draft = Draft("notice", title, ((text, "Thank you for your understanding."),), 2)
    return [
        Planned(day + timedelta(days=step), "consnews", draft) for step in (0, pen.between(8, 20), pen.between(28, 60))
    ][: pen.between(2, 3)]


def _counter_title(pen: Pen, day: date) -> list[Planned]:
    draft = drafts.statement(pen, day)
    title = f"{pen.between(20, 200)} {pen.pick(('weeks', 'days'))} since the start of {pen.pick(TOPICS)}"
    return [Planned(day, "fnapr", replace(draft, title=title, title_date=None))]


def _title_as_teaser(pen: Pen, day: date) -> list[Planned]:
    return [Planned(day, "fnapr", replace(drafts.reply(pen, day), n_teaser_sentences=0))]


def _untitled(pen: Pen, day: date) -> list[Planned]:
    return [
        Planned(
            day,
            pen.pick(("article", "fnapr", "press")),
            replace(drafts.statement(pen, day), title=None, title_date=None),
        )
    ]


MAKERS: dict[str, Callable[[Pen, date], list[Planned]]] = {
    "generic_title": _generic_title,
    "notice_date": _notice_date,
    "notice_number": _notice_number,
    "notice_name": _notice_name,
    "notice_weekday": _notice_weekday,
    "photo": _photo,
    "photo_same_opening": _photo_same_opening,
    "two_statements": _two_statements,
    "protocol": _protocol,
    "protocol_same_text": _protocol_same_text,
    "capitals": _capitals,
    "recurring": _recurring,
    "counter_title": _counter_title,
    "title_as_teaser": _title_as_teaser,
    "untitled": _untitled,
}
"""By the name of the rate in `HardCaseRates`."""
