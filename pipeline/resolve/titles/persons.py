"""A person at a given spot of a title: where the office ends and the name starts.

The one decision made here: the name starts at the first listed given name whose words before it make an office;
without a listed given name, at the first capitalised word after an office and its "of …, to …" (a state, an
abbreviation, "Foreign Affairs").
"""

import re
from dataclasses import dataclass
from itertools import pairwise

from pipeline.resolve.titles import countries
from pipeline.resolve.titles.names import GIVEN_NAMES, HONORIFICS, LINKS, OFFICES, PARTICLES, QUALIFIERS, STOPS

Span = tuple[int, int]

_TOKEN = re.compile(r"[^\s,:;()\"]+")
_BOUNDARY = re.compile(r"[,:;()\"]| - ")
_OFFICE = re.compile(
    rf"(?<![\w-])(?:{'|'.join(map(re.escape, sorted(OFFICES, key=lambda office: (-len(office), office))))})(?![\w-])",
    re.IGNORECASE,
)
_COMPLEMENT = re.compile(r" (?:of|to|for) (?:the )?")
_KNOWN_COMPLEMENT = re.compile(
    r"(?:Foreign|Internal|Economic|External) Affairs|[A-Z]{2,}\b|United Nations|European Union|Council of Europe"
    r"|Security Council|State Duma|Federation Council|Russian Federation|(?:Russian )?Embassy"
    r"|Presidential (?:Administration|Executive Office)"
)
_LONGEST_NAME = 4
_LONGEST_PERSON = 200
"""Characters in which office and name must end, so that a page misread as one title costs nothing."""


@dataclass(frozen=True, slots=True)
class Person:
    """A person's spans in a title; a person without name and role is one who could not be read."""

    name: Span | None
    role: Span | None
    end: int
    """Where the person's words end."""

    @property
    def is_readable(self) -> bool:
        """False where an office was found, but not where a name starts."""
        return self.name is not None or self.role is not None


def read_person(text: str, start: int, end: int | None = None) -> Person | None:
    """The person whose words start at `start`; None where none does.

    With `end`, the words up to there must be the person and nothing else; else the end is found.
    """
    boundary = _BOUNDARY.search(text, start)
    stop = min(start + _LONGEST_PERSON if end is None else end, boundary.start() if boundary else len(text))
    tokens = [(token.start(), token.end()) for token in _TOKEN.finditer(text, start, stop)]
    return _by_given_name(text, tokens, exact=end is not None) or _by_office(text, tokens, stop, exact=end is not None)


def _by_given_name(text: str, tokens: list[Span], *, exact: bool) -> Person | None:
    for index, (start, end) in enumerate(tokens):
        word = text[start:end]
        if word.casefold() in GIVEN_NAMES and word[0].isupper():
            name = _name_from(text, tokens[index:])
            before = _without_honorifics(text, tokens[:index])
            role = (before[0][0], before[-1][1]) if before else None
            if name is None or (exact and name[1] != tokens[-1][1]) or (role and not _is_office(text, role)):
                return None
            return _with_apposition(text, Person(name, role, name[1]))
        if not _may_stand_in_an_office(word):
            return None
    return None


def _may_stand_in_an_office(word: str) -> bool:
    small = word.casefold()
    return small not in STOPS - LINKS and (not word[0].islower() or small in LINKS | QUALIFIERS)


def _is_office(text: str, span: Span) -> bool:
    words = text[slice(*span)].split()
    return _OFFICE.search(text, *span) is not None and words[-1].casefold() not in LINKS


def _name_from(text: str, tokens: list[Span]) -> Span | None:
    """Two to four words that make a name, from the given name on."""
    last = 0
    for index, (start, end) in enumerate(tokens[1:_LONGEST_NAME], 1):
        word = text[start:end]
        if word.casefold() in STOPS or _possessive(word) != word:
            if _possessive(word) != word and word[0].isupper():
                return tokens[0][0], start + len(_possessive(word))
            break
        if word[0].isupper():
            last = index
        elif word not in PARTICLES:
            break
    return (tokens[0][0], tokens[last][1]) if last else None


def _possessive(word: str) -> str:
    return word.removesuffix("'s")


def _without_honorifics(text: str, tokens: list[Span]) -> list[Span]:
    """The tokens without Mr, Dr, H.E. and "the" at either end."""
    first, last = 0, len(tokens)
    while first < last and text[slice(*tokens[first])].casefold().rstrip(".") in HONORIFICS | {"the"}:
        first += 1
    while first < last and text[slice(*tokens[last - 1])].casefold().rstrip(".") in HONORIFICS:
        last -= 1
    return tokens[first:last]


def _by_office(text: str, tokens: list[Span], stop: int, *, exact: bool) -> Person | None:
    tokens = _without_honorifics(text, tokens)
    office = _leading_office(text, tokens, stop) if tokens else None
    if office is None:
        return None
    start = tokens[0][0]
    end = _after_complements(text, office, stop)
    rest = [token for token in tokens if token[0] > end]
    if rest and _starts_a_name(text, rest[0]):
        name = _capitalised_run(text, rest)
        return Person(None, None, stop) if exact and name[1] != stop else Person(name, (start, end), name[1])
    if rest and exact:
        spoken_of = any(text[slice(*token)].casefold() in STOPS - LINKS for token in rest)  # "Press Officer on X’s …"
        return None if spoken_of else _role_alone(text, start, stop)
    return Person(None, (start, end), end)


def _starts_a_name(text: str, token: Span) -> bool:
    word = text[slice(*token)]
    return word[0].isupper() and word.casefold() not in STOPS


def _leading_office(text: str, tokens: list[Span], stop: int) -> int | None:
    """Where the office at the start ends, before its "of …"; None where the words do not start with an office."""
    end = None
    position = tokens[0][0]
    for office in _OFFICE.finditer(text, position, stop):
        between = text[position : office.start()].split()
        if any(word.casefold() in STOPS or not word[0].isupper() for word in between):
            break
        end = position = office.end()
    return end


def _after_complements(text: str, end: int, stop: int) -> int:
    while True:
        complement = _COMPLEMENT.match(text, end, stop)
        if complement is None:
            return end
        known = _KNOWN_COMPLEMENT.match(text, complement.end(), stop)
        after = known.end() if known else countries.starts_with_country(text, complement.end())
        if after is None:
            return end
        end = after


def _role_alone(text: str, start: int, stop: int) -> Person:
    """An office whose "of …" is not known: the whole of it, unless its last two words look like a name."""
    words = text[start:stop].split()
    looks_named = any(a[0].isupper() and b[0].isupper() for a, b in pairwise(words[-2:]))
    return Person(None, None if looks_named else (start, stop), stop)


def _capitalised_run(text: str, tokens: list[Span]) -> Span:
    last = 0
    for index, (start, end) in enumerate(tokens[:_LONGEST_NAME]):
        word = text[start:end]
        if word.casefold() in STOPS or not (word[0].isupper() or word in PARTICLES):
            break
        last = index
        if _possessive(word) != word:
            return tokens[0][0], start + len(_possessive(word))
    return tokens[0][0], tokens[last][1]


def _with_apposition(text: str, person: Person) -> Person:
    """A name without an office takes the one that follows it between commas."""
    if person.role is not None or not text.startswith(", ", person.end):
        return person
    start = person.end + 2
    boundary = _BOUNDARY.search(text, start)
    stop = boundary.start() if boundary else len(text)
    tokens = [(token.start(), token.end()) for token in _TOKEN.finditer(text, start, stop)]
    office = _leading_office(text, tokens, stop) if tokens else None
    if office is None or _after_complements(text, office, stop) < stop:
        return person
    return Person(person.name, (start, stop), stop)
