"""What the embassy publishes: a draft (kind, title, body) in the patterns of the real site, all words invented."""

from dataclasses import dataclass
from datetime import date, timedelta

from tests.simulation.words import (
    CITIES,
    COUNTRIES,
    FOREIGN_MINISTER,
    OFFICIALS,
    OUTLETS,
    TOPICS,
    UK_CITIES,
    Pen,
    ambassador,
    day_month_year,
    month_day_year,
)

Body = tuple[tuple[str, ...], ...]
"""Paragraphs of sentences."""


@dataclass(frozen=True, slots=True)
class Draft:
    """An item as it was meant, before anybody mistyped it."""

    kind: str
    title: str | None
    body: Body
    n_teaser_sentences: int
    """How much of the body its teaser shows; 0 prints the title again."""
    title_date: date | None = None
    """The date inside the title."""


def _plain(pen: Pen, low: int, high: int) -> Body:
    return tuple(pen.sentences(3, 6) for _ in range(pen.between(low, high)))


def _dialogue(pen: Pen, speaker: str, low: int, high: int) -> Body:
    marks = (
        ("Question:", "Answer:"),
        ("Q:", "A:"),
        ("Q.:", "A.:"),
        ("Q:", "A.:"),
        ("Question:", f"{speaker}:"),
        ("Question (addressed to both ministers):", f"{speaker} (speaking after {pen.name()}):"),
        ("Question:", f"{speaker} (adding after {pen.name()}):"),
    )
    asked, answered = marks[pen.between(0, len(marks) - 1)]
    numbered = pen.chance(0.1)
    body: list[tuple[str, ...]] = []
    for number in range(1, pen.between(low, high) + 1):
        mark = f"{number}. {asked}" if numbered else asked
        body.append((f"{mark} {pen.question()}", *pen.sentences(0, 1)))
        first, *rest = pen.sentences(1, 4)
        body.append((f"{answered} {first}", *rest))
        if pen.chance(0.3):
            body.append(pen.sentences(1, 3))
    return tuple(body)


def _teaser_length(pen: Pen) -> int:
    return pen.between(2, 8)


def talks(pen: Pen, day: date) -> Draft:
    """A joint news conference, the longest titles of the site."""
    held = day - timedelta(days=pen.between(0, 3))
    country, guest, city = pen.pick(COUNTRIES), pen.name(), pen.pick(CITIES)
    role = pen.pick(
        ("Foreign Minister of", "Minister of Foreign Affairs of", "Deputy Prime Minister and Foreign Minister of")
    )
    occasion = pen.pick(
        (
            "at a joint news conference following talks with",
            "during a joint news conference with",
            "at a joint news conference with",
        )
    )
    title = (
        f"Foreign Minister {FOREIGN_MINISTER}’s remarks and answers to media questions {occasion} {role} {country} "
        f"{guest}, {city}, {month_day_year(held)}"
    )
    first = f"We have held {pen.pick(('very good', 'detailed', 'useful'))} talks with my colleague {guest}."
    opening: Body = ((pen.greeting(),), (first, *pen.sentences(1, 2)))
    body = opening + _plain(pen, 6, 14) + _dialogue(pen, FOREIGN_MINISTER, 1, 3)
    return Draft("news_conference", title, body, _teaser_length(pen), held)


def remarks(pen: Pen, day: date) -> Draft:
    """Opening remarks, or remarks at a meeting."""
    held = day - timedelta(days=pen.between(0, 2))
    guest, country, city = pen.name(), pen.pick(COUNTRIES), pen.pick(CITIES)
    occasion = pen.pick(
        (
            f"opening remarks at talks with Foreign Minister of {country} {guest}",
            f"remarks at the {pen.between(4, 20)}th meeting of {pen.pick(TOPICS)} council",
        )
    )
    title = f"Foreign Minister {FOREIGN_MINISTER}’s {occasion}, {city}, {month_day_year(held)}"
    body = ((f"Mr {guest.split()[-1]}, Colleagues,",), *_plain(pen, 5, 10))
    return Draft("remarks", title, body, _teaser_length(pen), held)


def interview(pen: Pen, day: date) -> Draft:
    """An interview, question after question."""
    held = day - timedelta(days=pen.between(0, 3))
    role, name = OFFICIALS[pen.between(0, len(OFFICIALS) - 1)]
    outlet = pen.pick(OUTLETS)
    title = pen.pick(
        (
            f"Interview of {role} {name} with the {outlet} newspaper, published on {month_day_year(held)}",
            f"{role} {name}’s interview with {outlet}, {month_day_year(held)}",
            f"Ambassador {ambassador(day)}'s interview with the {outlet}, {day_month_year(held)}",
        )
    )
    return Draft("interview", title, _dialogue(pen, name, 4, 9), _teaser_length(pen), held)


def article(pen: Pen, day: date) -> Draft:
    """A signed article in a newspaper."""
    held = day - timedelta(days=pen.between(0, 2))
    role, name = OFFICIALS[pen.between(0, len(OFFICIALS) - 1)]
    outlet = pen.pick(OUTLETS)
    title = pen.pick(
        (
            f'Article by {role} {name} for the {outlet} "{pen.headline()}", {month_day_year(held)}',
            f"{name}’s article for the {outlet} daily, {pen.pick(COUNTRIES)}, {pen.headline()}, {day_month_year(held)}",
            f"Article by Ambassador {ambassador(day)} “{pen.headline()}” for the {outlet}",
            pen.headline(),
        )
    )
    dated = day_month_year(held) in title or month_day_year(held) in title
    return Draft("article", title, _plain(pen, 6, 16), _teaser_length(pen), held if dated else None)


def letter(pen: Pen, day: date) -> Draft:
    """The ambassador writes to an editor."""
    whom = f"in response to {pen.name()} on {pen.pick(TOPICS)}"
    title = f"Ambassador {ambassador(day)}'s letter to the {pen.pick(OUTLETS)} {whom}"
    return Draft("letter", title, (("Sir,",), *_plain(pen, 3, 6)), _teaser_length(pen))


def speech(pen: Pen, day: date) -> Draft:
    """A speech at an opening."""
    held = day - timedelta(days=pen.between(0, 3))
    title = (
        f"Ambassador {ambassador(day)}’s speech at the opening of the {pen.headline()} in {pen.pick(UK_CITIES)}, "
        f"{day_month_year(held)}"
    )
    return Draft("speech", title, ((pen.greeting(),), *_plain(pen, 6, 14)), _teaser_length(pen), held)


def reply(pen: Pen, day: date) -> Draft:
    """The press officer answers."""
    title = pen.pick(
        (
            f"Embassy Press Officer’s reply to a question concerning {pen.pick(TOPICS)}",
            f"Embassy Press Officer’s reply to a media question regarding {pen.pick(TOPICS)} in {pen.pick(UK_CITIES)}",
            f"Embassy spokesman on {pen.pick(TOPICS)} and {pen.pick(TOPICS)}",
        )
    )
    return Draft("reply_to_media", title, _dialogue(pen, "Embassy Press Officer", 2, 5), _teaser_length(pen))


def statement(pen: Pen, day: date) -> Draft:
    """A statement on something."""
    title = pen.pick(
        (
            f"Statement by the Embassy Spokesperson on {pen.pick(TOPICS)}",
            f"Statement of the Russian Embassy on {pen.pick(TOPICS)}",
            f"Comment on {pen.pick(TOPICS)}",
            f"Press release on {pen.pick(TOPICS)}, {day_month_year(day)}",
        )
    )
    dated = day if day_month_year(day) in title else None
    return Draft("statement", title, _plain(pen, 4, 10), _teaser_length(pen), dated)


def generic_title(pen: Pen) -> str:
    """A title that says nothing."""
    return pen.pick(
        (
            "Statement of the Russian Embassy",
            "Press release",
            "Embassy Press Officer’s comment",
            "Statement by the Embassy Spokesperson",
            "Reply to a media question",
            "On the visa issue",
            "Embassy comment",
        )
    )


def notice(pen: Pen, day: date) -> Draft:
    """A short practical notice."""
    ahead = day + timedelta(days=pen.between(3, 40))
    return notice_about(pen, ahead, pen.pick(UK_CITIES), pen.between(2, 990))


def notice_about(pen: Pen, ahead: date, city: str, number: int) -> Draft:
    """A notice built around one date, one town and one number."""
    when = day_month_year(ahead)
    noun, people = (
        pen.pick(("Consular Section", "Visa Centre", "Embassy school", "Reception")),
        pen.pick(("citizens", "visitors")),
    )
    title, text = (
        (f"The {noun} will be closed on {when}", f"We inform our {people} that the {noun} will be closed on {when}."),
        (f"Consular mission to {city}", f"Consular officers will receive {people} in {city} on {when}."),
        (f"Change of opening hours: {noun}", f"On {when} the {noun} will receive {people} until {number % 8 + 10}:00."),
        (
            f"Lost passport No. {number}",
            f"Passport No. {number} was handed in at the {noun} in {city}, its owner is asked to call.",
        ),
        (
            f"To the attention of {people} in {city}",
            f"The {noun} informs {people} in {city} that {number} places are left.",
        ),
    )[pen.between(0, 4)]
    tail = pen.pick(
        (
            "Please plan your visits.",
            "For urgent matters please call the duty officer.",
            "Thank you for your understanding.",
        )
    )
    return Draft("notice", title, ((text, tail),), 2)


def gallery(pen: Pen, day: date) -> Draft:
    """Pictures or a film with a caption."""
    mark = pen.pick(("PHOTO", "VIDEO"))
    title = f"{mark}: {pen.headline()} in {pen.pick(UK_CITIES)}, {day_month_year(day)}"
    return Draft(mark.lower(), title, _plain(pen, 1, 2), _teaser_length(pen), day)


def undated_page(pen: Pen, title: str | None) -> Draft:
    """A section page: what the embassy is, how to apply."""
    return Draft("section", title, _plain(pen, 5, 9), 1)
