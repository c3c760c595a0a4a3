"""Questions and answers in a body (source-format.md, Bodies; data-model.md, statements).

Derived from the marks that paragraphs begin with. The one decision made here: `Question:` and its short forms are marks
by themselves, a name is one only where the text is a dialogue, so that a sentence with a colon stays a sentence.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from pipeline.parse.text import collapse


class StatementRole(StrEnum):
    """`statements.role`."""

    QUESTION = "question"
    ANSWER = "answer"
    REMARKS = "remarks"


@dataclass(frozen=True, slots=True)
class Statement:
    """Consecutive paragraphs by one person."""

    role: StatementRole
    speaker: str | None
    """As printed; None where the mark names nobody."""
    addressed_to: str | None
    """Whom a question goes to, as printed after "addressed to"."""
    note: str | None
    """Any other remark in the mark's brackets ("speaking after …")."""
    text: str
    """The paragraphs without the mark, parted by an empty line."""


@dataclass(frozen=True, slots=True)
class _Mark:
    """What stands before a paragraph's first colon, where it may be a mark."""

    kind: StatementRole | None
    """None for a name: whether it asks or answers depends on the dialogue."""
    name: str
    note: str | None
    rest: str


_QUESTIONS = frozenset(("Question", "QUESTION", "Q", "Q."))
_ANSWERS = frozenset(("Answer", "ANSWER", "A", "A."))
_OUTLETS = frozenset(
    (
        "ABC", "AFP", "Al Jazeera", "AP", "BBC", "Bloomberg", "CBS", "Channel 4", "CNN", "Euronews", "Financial Times",
        "Fox News", "Interfax", "ITAR-TASS", "ITN", "ITV", "Izvestia", "Kommersant", "LBC", "NBC", "PA",
        "Reuters", "RIA", "RIA Novosti", "Rossiya Segodnya", "Rossiyskaya Gazeta", "RT", "Sky News",
        "Sputnik", "TASS", "The Guardian", "The Times", "VOA",
    )
)  # fmt: skip
"""Outlets that ask under their own name: the source shows `RT:`; the others are the papers its titles name and the
large news agencies and broadcasters that interview in English."""
_PARTICLES = frozenset(("al", "bin", "da", "de", "del", "der", "di", "el", "ibn", "la", "le", "van", "von"))
_NO_NAMES = frozenset(
    (
        "About", "Address", "After", "Also", "And", "As", "At", "Attention", "Background", "Before", "But", "By",
        "Concerning", "Conclusion", "Contact", "Contacts", "Date", "Dear", "Documents", "Email", "Example",
        "Excerpt", "Fax", "Fee", "Finally", "First", "Firstly", "For", "Fourth", "From", "Her", "Here", "His",
        "However", "Important", "In", "It", "Its", "Last", "Lastly", "Moreover", "My", "Note", "Now", "Of", "On",
        "Or", "Our", "P.S.", "PHOTO", "PS", "Phone", "Photo", "Place", "Price", "Read", "Reference", "Regarding",
        "Remember", "Second", "Secondly", "See", "So", "Source", "Still", "Summary", "Tel", "Telephone", "That",
        "The", "Their", "Then", "There", "Therefore", "Third", "Thirdly", "This", "Thus", "Time", "To", "Today",
        "Translation", "Update", "VIDEO", "Venue", "Video", "Warning", "We", "Website", "What", "Why", "With",
        "Yet",
    )
)  # fmt: skip
"""Words that open a sentence or a caption; no speaker's mark starts with one (outlets are looked up before)."""
_LONGEST_MARK = 160
_MOST_NAME_WORDS = 5


def _without_number(head: str) -> str:
    """Drop the numbering of `1. Question:` and `2) Question:`."""
    bare = head.lstrip("0123456789")
    return bare[1:].lstrip() if len(bare) < len(head) and bare[:1] in {".", ")"} else head


def _is_name(name: str) -> bool:
    """Tell whether a mark's words can be a person's: one to five words, all capitalised but particles."""
    words = name.split()
    if not 1 <= len(words) <= _MOST_NAME_WORDS or words[0] in _NO_NAMES or words[0] in _PARTICLES:
        return False
    return all(
        word in _PARTICLES
        or (word[0].isupper() and all(char.isalpha() or char in "-’'." for char in word) and word[-1] not in "-'’")
        for word in words
    )


def _read_mark(paragraph: str) -> _Mark | None:
    """Read the mark a paragraph may begin with; None where its beginning has no mark's shape."""
    colon = paragraph.find(":", 0, _LONGEST_MARK)
    if colon < 1:
        return None
    head = paragraph[:colon]
    if "(" in head and ")" not in head:
        # The colon stands inside the brackets.
        bracket = paragraph.find(")", colon, _LONGEST_MARK)
        if bracket < 0 or not paragraph[bracket + 1 :].lstrip().startswith(":"):
            return None
        colon = paragraph.index(":", bracket)
        head = paragraph[:colon]
    rest = paragraph[colon + 1 :]
    if rest and not rest[0].isspace():
        return None
    name, bracket_mark, inside = _without_number(collapse(head)).partition("(")
    name = name.rstrip()
    if bracket_mark and not inside.endswith(")"):
        return None
    note = inside[:-1].strip() or None if bracket_mark else None
    kind: StatementRole | None = None
    if name in _QUESTIONS or name in _OUTLETS:
        kind = StatementRole.QUESTION
    elif name in _ANSWERS:
        kind = StatementRole.ANSWER
    elif not _is_name(name):
        return None
    return _Mark(kind, name, note, rest.strip())


def starts_with_question_mark(line: str) -> bool:
    """Tell whether a line begins with `Question:`, `Answer:` or a short form of them (not with a name)."""
    mark = _read_mark(line)
    return mark is not None and (mark.name in _QUESTIONS or mark.name in _ANSWERS)


def _accept(marks: list[_Mark | None]) -> list[_Mark | None]:
    """Keep the marks that count.

    Without a question's mark, an outlet's or a mark that recurs, a text is no dialogue and has none. In one, a
    single word that stands as a name once counts only right after a question (`Moscow:` may start any paragraph);
    two words and more count.
    """
    names = Counter(mark.name for mark in marks if mark is not None and mark.kind is None)
    has_question = any(mark is not None and mark.kind is StatementRole.QUESTION for mark in marks)
    has_answer = any(mark is not None and mark.name.upper() == "ANSWER" for mark in marks)
    is_dialogue = has_question or any(count > 1 for count in names.values())
    accepted: list[_Mark | None] = []
    current: _Mark | None = None
    for mark in marks:
        counts = False
        if mark is not None:
            if mark.kind is not None:
                counts = has_question or has_answer
            elif is_dialogue:
                is_reply = current is not None and current.kind is StatementRole.QUESTION
                counts = " " in mark.name or names[mark.name] > 1 or is_reply
        accepted.append(mark if counts else None)
        if counts:
            current = mark
    return accepted


def _askers(accepted: list[_Mark | None], texts: list[str]) -> frozenset[str]:
    """Names that ask: in a dialogue of named people without `Question:`, those whose every statement ends with `?`."""
    marks = [mark for mark in accepted if mark is not None]
    if any(mark.kind is not None for mark in marks):
        return frozenset()
    asks: dict[str, bool] = {}
    for mark, text in zip(marks, texts, strict=True):
        asks[mark.name] = asks.get(mark.name, True) and text.rstrip("\"'”’») ").endswith("?")
    return frozenset(name for name, always in asks.items() if always) if len(asks) > 1 else frozenset()


def _addressee(note: str | None) -> str | None:
    for opening in ("addressed to ", "to "):
        if note is not None and note.startswith(opening):
            return note[len(opening) :]
    return None


def _statement(mark: _Mark, text: str, *, asks: bool, asked_before: bool) -> Statement:
    """Fill a statement: a named person answers once somebody has asked; before, the words are remarks."""
    role = mark.kind
    if asks:
        role = StatementRole.QUESTION
    elif role is None:
        role = StatementRole.ANSWER if asked_before else StatementRole.REMARKS
    is_unnamed = mark.name in _QUESTIONS or mark.name in _ANSWERS
    addressed_to = _addressee(mark.note) if role is StatementRole.QUESTION else None
    return Statement(
        role=role,
        speaker=None if is_unnamed else mark.name,
        addressed_to=addressed_to,
        note=None if addressed_to is not None else mark.note,
        text=text,
    )


def split_statements(paragraphs: Sequence[str]) -> list[Statement]:
    r"""Split a body into questions, answers and remarks.

    All paragraphs from one mark to the next are one statement. What stands before the first mark is remarks of nobody
    named. A mark without any text after it (a dump cut there) gives none.

    Args:
        paragraphs: A body's paragraphs, trimmed, in order (a stored body split at `\n\n`).

    Returns:
        The statements in order; empty where the text has no marks.
    """
    accepted = _accept([_read_mark(paragraph) for paragraph in paragraphs])
    if not any(accepted):
        return []
    opening: list[str] = []
    parts: list[list[str]] = []
    for paragraph, mark in zip(paragraphs, accepted, strict=True):
        if mark is not None:
            parts.append([mark.rest] if mark.rest else [])
        elif parts:
            parts[-1].append(paragraph)
        else:
            opening.append(paragraph)
    texts = ["\n\n".join(part) for part in parts]
    askers = _askers(accepted, texts)
    statements = [Statement(StatementRole.REMARKS, None, None, None, "\n\n".join(opening))] if opening else []
    asked = False
    for mark, text in zip((mark for mark in accepted if mark is not None), texts, strict=True):
        statement = _statement(mark, text, asks=mark.name in askers, asked_before=asked)
        asked = asked or statement.role is StatementRole.QUESTION
        if text:
            statements.append(statement)
    return statements
