"""From a text as printed to its words, and from two texts to the words that came and went.

The decision made here: what counts as the same text. Case, quotes, apostrophes, dashes, blanks and other marks are
rendering; letters, digits and the signs of money and percent are words. Two texts are one version when their normal
texts are equal.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal, NamedTuple

import polars as pl
from rapidfuzz.distance import Indel

# An apostrophe and its look-alikes vanish (`don’t`, `don't`, `don\'t`), and so do marks that no reader sees.
_VANISHING: Final = "['‘’‚‛′`´ʼ\\\\\u00ad\u200b\u200c\u200d\u2060\ufeff\u200e\u200f]"
_MARKS: Final = r"[^\p{L}\p{M}\p{N}£$€% ]+"
_PRINTED_WORD: Final = re.compile(r"(?:[^\W_]|[\u0300-\u036f'‘’‚‛′`´ʼ\\\u00ad\u200b-\u200f\u2060\ufeff])+|[£$€%]")
_VANISHING_HERE: Final = re.compile(_VANISHING)
_MAX_CELLS: Final = 400_000_000
"""Word pairs up to which two texts are aligned word by word (50 MB); beyond, the part that differs is one change."""


def normal_texts(texts: pl.Expr) -> pl.Expr:
    """The words of each text, lower-case, parted by one blank; null stays null, a text without words gives ''."""
    return (
        texts.str.to_lowercase()
        .str.replace_all(_VANISHING, "")
        .str.replace_all(_MARKS, " ")
        # in a second pass: a pattern that also matched each single blank would cost twice as much
        .str.replace_all("  +", " ")
        .str.strip_chars(" ")
    )


@dataclass(frozen=True, slots=True)
class Segment:
    """A stretch of a word diff."""

    kind: Literal["equal", "delete", "insert"]
    text: str
    """As printed, blanks and marks included; `equal` shows the newer text's printing."""


@dataclass(frozen=True, slots=True)
class WordChanges:
    """The words that came and went between two texts."""

    n_added: int
    n_removed: int
    added: str
    """As printed, in order, parted by one blank."""
    removed: str


class _Word(NamedTuple):
    key: str
    start: int
    end: int


def word_changes(older: str, newer: str) -> WordChanges:
    """Which words the newer text has that the older had not, and the other way round."""
    old_words, new_words = _printed_words(older), _printed_words(newer)
    added: list[str] = []
    removed: list[str] = []
    for kind, old_part, new_part in _changes(old_words, new_words):
        if kind != "equal":
            removed.extend(older[word.start : word.end] for word in old_words[old_part])
            added.extend(newer[word.start : word.end] for word in new_words[new_part])
    return WordChanges(len(added), len(removed), " ".join(added), " ".join(removed))


def word_diff(older: str, newer: str) -> list[Segment]:
    """Two texts as stretches that stayed, went and came, in reading order.

    The `equal` and `insert` stretches joined give the newer text; a change shows what went before what came.
    """
    old_words, new_words = _printed_words(older), _printed_words(newer)
    segments: list[Segment] = []
    done = 0
    for kind, old_part, new_part in _changes(old_words, new_words):
        until = new_words[new_part.stop].start if new_part.stop < len(new_words) else len(newer)
        if kind == "equal":
            segments.append(Segment("equal", newer[done:until]))
            done = until
            continue
        if old_part.start < old_part.stop:
            gone_until = old_words[old_part.stop].start if old_part.stop < len(old_words) else len(older)
            segments.append(Segment("delete", older[old_words[old_part.start].start : gone_until]))
        if new_part.start < new_part.stop:
            segments.append(Segment("insert", newer[done:until]))
            done = until
    if done < len(newer):
        segments.append(Segment("equal", newer[done:]))
    return [segment for segment in segments if segment.text]


def _printed_words(text: str) -> list[_Word]:
    words = []
    for found in _PRINTED_WORD.finditer(text):
        printed = found[0]
        key = printed.lower() if printed.isascii() and printed.isalnum() else _VANISHING_HERE.sub("", printed.lower())
        if key:
            words.append(_Word(key, found.start(), found.end()))
    return words


def _changes(older: Sequence[_Word], newer: Sequence[_Word]) -> list[tuple[str, slice, slice]]:
    """Stretches (`equal`, `change`) with their places in both texts, in order."""
    a, b = [word.key for word in older], [word.key for word in newer]
    start = 0
    while start < min(len(a), len(b)) and a[start] == b[start]:
        start += 1
    tail = 0
    while tail < min(len(a), len(b)) - start and a[-1 - tail] == b[-1 - tail]:
        tail += 1
    middle_a, middle_b = a[start : len(a) - tail], b[start : len(b) - tail]
    steps: list[tuple[str, int, int, int, int]] = [("equal", 0, start, 0, start)]
    if len(middle_a) * len(middle_b) > _MAX_CELLS:
        steps.append(("change", start, len(a) - tail, start, len(b) - tail))
    else:
        steps += [
            (
                "equal" if step.tag == "equal" else "change",
                step.src_start + start,
                step.src_end + start,
                step.dest_start + start,
                step.dest_end + start,
            )
            for step in Indel.opcodes(middle_a, middle_b)
        ]
    steps.append(("equal", len(a) - tail, len(a), len(b) - tail, len(b)))
    joined: list[tuple[str, slice, slice]] = []
    for kind, a_start, a_end, b_start, b_end in steps:
        if a_start == a_end and b_start == b_end:
            continue
        if joined and joined[-1][0] == kind:
            _, a_slice, b_slice = joined.pop()
            joined.append((kind, slice(a_slice.start, a_end), slice(b_slice.start, b_end)))
        else:
            joined.append((kind, slice(a_start, a_end), slice(b_start, b_end)))
    return joined
