"""Two versions of an article as lines for a terminal: paragraph by paragraph, changed words marked where they stand.

The decision made here: a stretch that came or went is cut at the ends of paragraphs and of lines, each line of it
marked by itself, so that every line can be read without the one before it.
"""

import re
from collections.abc import Iterator
from typing import Final

import click

from pipeline.commands.item_text import printable
from pipeline.counted import counted
from pipeline.errors import ChanceryError
from pipeline.lookup import Item, Row
from pipeline.resolve.words import Segment, word_diff

_MARKS: Final = {"delete": ("[-", "-]"), "insert": ("{+", "+}"), "equal": ("", "")}
_JOINING: Final = re.compile(r"(?:[-–—/(\[{‘“«]|(?:^|\s)[\"'’]+)$")
"""The end of what stands before a word without a blank."""

_Pieces = list[tuple[str, str]]
"""Kind and words of the stretches of one paragraph."""


def pick_versions(article: Item, older: int | None, newer: int | None) -> tuple[Row, Row] | None:
    """The two versions to compare, null where there is but one and no other was named.

    Raises:
        ChanceryError: there is no such version, none before it, or it would be compared with itself.
    """
    versions = {row["version"]: row for row in article.parts["versions"]}
    if len(versions) < 2 and {older, newer} <= {None, *versions}:
        return None
    known = ", ".join(str(known) for known in sorted(versions)) or "none"
    for number in (older, newer):
        if number is not None and number not in versions:
            raise ChanceryError(f"article {article.item_id} has no version {number}; it has: {known}.")
    newer = newer or max(versions)
    older = older or newer - 1
    if older not in versions:
        words = f"version {newer} of article {article.item_id} is the first, so there is none before it to compare with"
        raise ChanceryError(f"{words}; it has: {known}.")
    if older == newer:
        words = f"version {newer} of article {article.item_id} would be compared with itself"
        raise ChanceryError(f"{words}; name two of these with --from and --to: {known}.")
    return versions[older], versions[newer]


def diff_lines(older: Row, newer: Row, *, width: int, paint: bool, everything: bool) -> Iterator[str]:
    """The newer version with what came and what went.

    Args:
        older: row of article_versions.
        newer: row of article_versions.
        width: columns of the terminal.
        paint: colours instead of brackets.
        everything: paragraphs without a change as well.
    """
    yield f"article {newer['article_id']}"
    for sign, row in (("-", older), ("+", newer)):
        seen = f"{row['first_captured_at']:%Y-%m-%d %H:%M} UTC" if row["first_captured_at"] else "at an unknown time"
        yield f"{sign} version {row['version']}, {row['version_id']}, first seen {seen}"
    yield ""
    if older["title"] != newer["title"]:
        yield from _paragraph(_paragraphs(word_diff(older["title"] or "", newer["title"] or ""))[0], width, paint)
        yield ""
    unchanged = 0
    for pieces in _paragraphs(word_diff(older["body"] or "", newer["body"] or "")):
        if everything or any(kind != "equal" for kind, _ in pieces):
            yield from _unchanged(unchanged)
            unchanged = 0
            yield from _paragraph(pieces, width, paint)
            yield ""
        else:
            unchanged += 1
    yield from _unchanged(unchanged)


def _unchanged(number: int) -> Iterator[str]:
    if number:
        yield f"  … {counted(number, 'paragraph')} unchanged (--all)"
        yield ""


def _paragraphs(segments: list[Segment]) -> list[_Pieces]:
    """The stretches cut at the ends of paragraphs."""
    paragraphs: list[_Pieces] = [[]]
    for segment in segments:
        # words that went from within a paragraph do not end it, though a paragraph ended there once
        is_within = segment.kind == "delete" and bool(paragraphs[-1])
        text = segment.text.rstrip("\n") + " " if is_within else segment.text
        for number, part in enumerate(text.split("\n\n")):
            if paragraphs[-1] and (number or _ends_text(paragraphs[-1][-1][1], segment)):
                paragraphs.append([])
            if part.strip():
                paragraphs[-1].append((segment.kind, part))
    return [pieces for pieces in paragraphs if pieces] or [[]]


def _ends_text(before: str, segment: Segment) -> bool:
    """Whether words went after the newer text's end: it prints no blank there, nor a mark that joins words."""
    return segment.kind == "delete" and not before[-1].isspace() and not _JOINING.search(before)


def _paragraph(pieces: _Pieces, width: int, paint: bool) -> Iterator[str]:
    """A paragraph wrapped between words; a word whose parts differ in kind stays one word."""
    line: _Pieces = []
    for word in _words(pieces):
        longer = [*line, ("", " "), *word] if line else word
        if line and len(_marked(longer, paint=False)) > width:
            yield _marked(line, paint)
            longer = word
        line = longer
    if line:
        yield _marked(line, paint)


def _words(pieces: _Pieces) -> Iterator[_Pieces]:
    word: _Pieces = []
    for kind, text in pieces:
        for part in re.findall(r"\s+|\S+", printable(text)):
            if not part.isspace():
                word.append((kind, part))
            elif word:
                yield word
                word = []
    if word:
        yield word


def _marked(line: _Pieces, paint: bool) -> str:
    """A line with each stretch marked once; a blank between two words of a kind belongs to their stretch."""
    stretches: list[list[str]] = []
    for place, (own, part) in enumerate(line):
        around = {line[place - 1][0], line[place + 1][0]} if own == "" else {own}
        kind = around.pop() if len(around) == 1 else "equal"
        if stretches and stretches[-1][0] == kind:
            stretches[-1][1] += part
        else:
            stretches.append([kind, part])
    return "".join(_stretch(kind, text, paint) for kind, text in stretches)


def _stretch(kind: str, text: str, paint: bool) -> str:
    if not paint:
        opening, closing = _MARKS[kind]
        return f"{opening}{text}{closing}"
    if kind == "delete":
        return click.style(text, fg="red", strikethrough=True)
    return click.style(text, fg="green", underline=True) if kind == "insert" else text
