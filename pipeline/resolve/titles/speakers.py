"""Who speaks in an item, with name and office as the title prints them.

The one decision made here: speakers are those whose words the item is, so they stand where a title names its author
("X’s remarks", "Article by X", "X replies to", "X: …", "(by X)"). A counterpart ("following talks with Y"), an
addressee or someone met is no speaker; the second of "Joint … by X and Y" is. An institution ("the Embassy") is no
speaker. Where the author's place holds an office but the name cannot be told from it, there is no speaker, and a
problem.
"""

import re

from pipeline.resolve.titles import persons, wording
from pipeline.resolve.titles.facts import Problem, Speaker
from pipeline.resolve.titles.persons import Person

_ADJECTIVES = (
    r"(?:(?:opening|closing|introductory|keynote|welcoming|welcome|video|joint|open|exclusive|weekly|brief|full|press"
    r"|media) )*"
)
_KINDS = (
    r"(?:remarks|speech|interview|article|op-?ed|column|letter|reply|response|replies|answers?|statement|comments?|commentary|address"
    r"|lecture|toast|briefing|(?:news|press)[- ]conference|message|greetings?|report|presentation|contribution)\b"
)
_VERBS = (
    r"(?:repl(?:ies|ied)|answer(?:s|ed)|respond(?:s|ed)|comment(?:s|ed)|speaks?|spoke|address(?:es|ed)|tells|told|says|said"
    r"|delivers|delivered|gives|gave|writes|wrote|explains|on"
    r"|(?:will|to) (?:speak|give|deliver|answer))\b"
)

_OWNER = re.compile(rf"(?P<owner>.+?)(?:'s|(?<=s)') (?:{_ADJECTIVES}|(?-i:[a-z-]+ ){{0,3}}){_KINDS}", re.IGNORECASE)
_AUTHOR = re.compile(
    rf"(?:the )?{_ADJECTIVES}{_KINDS}(?: and {_ADJECTIVES}{_KINDS}(?: to (?:\w+ )?questions)?)? (?:by|of)(?: the)? ",
    re.IGNORECASE,
)
_INTERVIEWED = re.compile(rf"{_ADJECTIVES}interview with (?:the )?", re.IGNORECASE)
_BRACKETED = re.compile(r"\((?:by|author:) (?P<owner>[^()]+?)(?:,? (?:for|in) [^()]+)?\)", re.IGNORECASE)
_KIND = re.compile(rf"\b{_KINDS}", re.IGNORECASE)
_QUOTATION = re.compile(r'"[^"]*"[,.:]? ')
_VERB = re.compile(rf" (?:{_VERBS}|{_KINDS})")
_AND = re.compile(r" and (?:the )?")


def read_speakers(printed: str, text: str) -> tuple[tuple[Speaker, ...], tuple[Problem, ...]]:
    """The speakers of a title and the problems met.

    Args:
        printed: the collapsed title, from which names are cut.
        text: the same title made plain (`wording.plain`), character for character.
    """
    start = wording.start_of_item(text)
    found = _from_author(text, start) or _from_owner(text, start) or _from_subject(text, start) or _from_brackets(text)
    speakers = tuple(
        Speaker(*(None if span is None else printed[slice(*span)] for span in (person.name, person.role)))
        for person in found
        if person.is_readable
    )
    if any(not person.is_readable for person in found):
        return speakers, (Problem("speaker", "speaker_name_not_separable"),)
    return speakers, ()


def _from_author(text: str, start: int) -> list[Person]:
    """Article by X …; Interview of X with …; Joint statement by X and Y; “…” Article by X."""
    quotation = _QUOTATION.match(text, start)
    author = _AUTHOR.match(text, quotation.end() if quotation else start)
    if author:
        return _enumerated(text, author.end())
    interviewed = _INTERVIEWED.match(text, start)
    person = persons.read_person(text, interviewed.end()) if interviewed else None
    return [person] if person and person.is_readable else []


def _from_owner(text: str, start: int) -> list[Person]:
    """X’s remarks …; X and Y’s joint article."""
    owner = _OWNER.match(text, start)
    if owner is None or _KIND.search(owner["owner"]):  # "Comment on X’s speech" is not X's
        return []
    end = owner.end("owner")
    people = _enumerated(text, start, end)
    return people if people and people[-1].end == end else []


def _from_subject(text: str, start: int) -> list[Person]:
    """X replies to …; X on …; X: …; X reply to … (the site leaves "’s" out at times)."""
    people = _enumerated(text, start)
    if not people or not people[-1].is_readable:
        return []
    end = people[-1].end
    return people if text.startswith(": ", end) or _VERB.match(text, end) else []


def _from_brackets(text: str) -> list[Person]:
    """… (by X)."""
    bracketed = _BRACKETED.search(text)
    return _enumerated(text, bracketed.start("owner"), bracketed.end("owner")) if bracketed else []


def _enumerated(text: str, start: int, end: int | None = None) -> list[Person]:
    """The persons that stand at `start`, joined by "and"."""
    people: list[Person] = []
    position: int | None = start
    while position is not None:
        person = persons.read_person(text, position, end)
        if person is None:
            break
        people.append(person)
        joined = _AND.match(text, person.end)
        position = joined.end() if joined else None
    return people
