"""From two word sequences to what differs between them, and whether a difference forbids seeing one item.

The decision made here: how each single difference is read. Words are aligned (Levenshtein over words), neighbouring
changes form a block, and each block is read on its own: a respelling, a veto, or plain words changed.
"""

import re
from dataclasses import dataclass
from typing import Final

from rapidfuzz.distance import Levenshtein

from pipeline.resolve import reasons
from pipeline.resolve.name_words import (
    ALSO_PLAIN_WORDS,
    COMMON_CAPITALISED,
    CONTRAST_GROUP,
    MONTHS,
    NEGATIONS,
    NUMBER_WORDS,
    QUALIFIERS,
    WEEKDAYS,
)
from pipeline.resolve.normalise import Words

FREE_TAIL: Final = 30
"""Shared words after which a text may continue in mid-sentence with numbers in it and still be the same text."""


_LISTED: Final = MONTHS | WEEKDAYS | NUMBER_WORDS
_NUMBER: Final = re.compile(r"[\d£$€%]")
_NAME_ENDINGS: Final = frozenset("aeiouynsаяыиех")
"""Letters that, put behind a name, make another name or an adjective (Ivanova, Korean, Marino, Williams)."""


@dataclass(frozen=True, slots=True)
class WordDiff:
    """How two word sequences differ."""

    n_shared: int
    """Words both have, in order (respelled ones included)."""
    n_changed: int
    """Words changed, added or gone, the appended ones aside."""
    n_respelled: int
    appended: int
    """Words by which one sequence goes on after the other ended."""
    veto: str | None
    """The first reason why the two cannot be one item, an opposite word only where there is no other, or None."""
    respelled_names: frozenset[tuple[str, str]]
    """Capitalised words that differ by a letter, as printed, each pair sorted."""
    is_dated_tail: bool
    """The veto rests on appended words only, and these print a full date."""

    @property
    def is_equal(self) -> bool:
        """No word differs."""
        return not (self.n_changed or self.n_respelled or self.appended)

    @property
    def is_respelled(self) -> bool:
        """No word differs by more than a letter."""
        return not (self.n_changed or self.appended)

    @property
    def share(self) -> float:
        """Share of words kept, appended ones aside; 1 for two empty sequences."""
        return self.n_shared / (self.n_shared + self.n_changed) if self.n_changed else 1.0


@dataclass(frozen=True, slots=True)
class _Block:
    """One stretch in which two word sequences differ."""

    left: tuple[str, ...]
    """Words as printed in the first; empty where words were added."""
    right: tuple[str, ...]
    tail_at: tuple[int, int] | None
    """Where the stretch starts in both if nothing follows it in either, else None."""


def diff_words(a: Words, b: Words, *, is_cut: bool = False, stops_at_veto: bool = False) -> WordDiff:
    """What differs between two texts.

    Args:
        a: words of the one.
        b: words of the other.
        is_cut: `a` breaks off, possibly within its last word.
        stops_at_veto: for those who only ask whether there is a veto; where there is one, the rest is not looked at and
            the other figures say nothing.
    """
    if is_cut:
        a = a.without_broken_word()
    n_shared, blocks = _align(a, b)
    n_changed = n_respelled = appended = 0
    vetoes: list[str | None] = []
    is_dated_tail = False
    names: set[tuple[str, str]] = set()
    for block in blocks:
        left, right, respelled = _without_respelled(block.left, block.right)
        n_respelled += len(respelled)
        names.update((min(x, y), max(x, y)) for x, y in respelled if x[0].isupper() and y[0].isupper())
        if block.tail_at is not None and max(block.tail_at) > 0 and not (left and right):
            appended = len(left) + len(right)
            veto = None if is_cut and not left else _tail_veto(a, b, left, right)
            is_dated_tail = veto is not None and not any(vetoes) and _is_full_date(left or right)
        else:
            n_changed += max(len(left), len(right))
            veto = _block_veto(left, right, is_shouted=a.is_shouted or b.is_shouted)
        vetoes.append(veto)
        if stops_at_veto and veto is not None:
            break
    found = [veto for veto in vetoes if veto is not None]
    first_veto = min(found, key=reasons.OPPOSITE_DIFFERS.__eq__, default=None)
    return WordDiff(
        n_shared + n_respelled, n_changed, n_respelled, appended, first_veto, frozenset(names), is_dated_tail
    )


def _align(a: Words, b: Words) -> tuple[int, list[_Block]]:
    """Number of shared words, and the stretches between them."""
    if a.folded == b.folded:
        return len(a.folded), []
    n_shared = 0
    blocks = []
    start: tuple[int, int] | None = None
    for step in Levenshtein.opcodes(a.folded, b.folded):
        if step.tag != "equal":
            start = start or (step.src_start, step.dest_start)
            continue
        n_shared += step.src_end - step.src_start
        if start is not None:
            blocks.append(_Block(a.raw[start[0] : step.src_start], b.raw[start[1] : step.dest_start], None))
            start = None
    if start is not None:
        blocks.append(_Block(a.raw[start[0] :], b.raw[start[1] :], start))
    return n_shared, blocks


def _without_respelled(
    left: tuple[str, ...], right: tuple[str, ...]
) -> tuple[tuple[str, ...], tuple[str, ...], list[tuple[str, str]]]:
    """Take words that differ by a letter out of a stretch: from its start, then from its end."""
    pairs: list[tuple[str, str]] = []
    is_split = len(left) != len(right) and "".join(left).casefold() == "".join(right).casefold()
    if is_split and not any(map(_has_digit, left)):
        return (), (), [("".join(left).lower(), "".join(right).lower())]
    while left and right and is_respelling(left[0], right[0]):
        pairs.append((left[0], right[0]))
        left, right = left[1:], right[1:]
    while left and right and is_respelling(left[-1], right[-1]):
        pairs.append((left[-1], right[-1]))
        left, right = left[:-1], right[:-1]
    return left, right, pairs


def is_respelling(a: str, b: str) -> bool:
    """Whether two words are one, a letter lost, doubled or swapped inside it; never for numbers or listed words.

    A plain word may also have one letter exchanged or its ending changed; a name may not (Iran and Iraq, Ivanov and
    Ivanova are two names).
    """
    if abs(len(a) - len(b)) > 1:
        return False
    x, y = a.casefold(), b.casefold()
    if x.replace("'", "") == y.replace("'", ""):
        return True
    is_listed = any(
        _has_digit(word) or _is_month(word) or _is_weekday(word) or _is_number_word(word) for word in (a, b)
    )
    if is_listed or CONTRAST_GROUP.get(x, -1) == CONTRAST_GROUP.get(y, -2):
        return False
    is_name = a[0].isupper() and b[0].isupper()
    short, long = sorted((x, y), key=lambda word: (len(word), word))
    if len(long) < 4 or len(long) - len(short) > 1:
        return False
    return _is_letter_lost(short, long, is_name=is_name) if len(short) < len(long) else _is_swap(x, y, is_name=is_name)


def _is_letter_lost(short: str, long: str, *, is_name: bool) -> bool:
    """Whether taking one letter out of `long` gives `short`; of a name no first letter, and no ending that inflects."""
    lost = next((place for place, letter in enumerate(short) if letter != long[place]), len(short))
    if short[lost:] != long[lost + 1 :]:
        return False
    if not is_name or 0 < lost < len(short):
        return True
    return lost == len(short) and len(long) >= 5 and long[-1] not in _NAME_ENDINGS


def _is_swap(x: str, y: str, *, is_name: bool) -> bool:
    """Whether two neighbouring letters are swapped, or one letter of a long plain word is another."""
    places = [place for place in range(len(x)) if x[place] != y[place]]
    if len(places) == 1:
        return not is_name and len(x) >= 5
    return (
        len(places) == 2 and places[1] == places[0] + 1 and (x[places[0]], x[places[1]]) == (y[places[1]], y[places[0]])
    )


def _block_veto(left: tuple[str, ...], right: tuple[str, ...], *, is_shouted: bool) -> str | None:
    """The reason why a stretch of changed words makes two items."""
    listed = _listed_veto(left, right)
    if listed is not None:
        return listed
    if left and right:
        names = [_names(words, is_shouted=is_shouted) for words in (left, right)]
        if names[0] - names[1] and names[1] - names[0]:
            return reasons.NAME_DIFFERS
    groups = [{CONTRAST_GROUP[word] for word in _folded(words) if word in CONTRAST_GROUP} for words in (left, right)]
    if not groups[0].isdisjoint(groups[1]):
        return reasons.OPPOSITE_DIFFERS
    if _qualifiers(left, is_shouted=is_shouted) != _qualifiers(right, is_shouted=is_shouted):
        return reasons.OPPOSITE_DIFFERS
    return None


def _qualifiers(words: tuple[str, ...], *, is_shouted: bool) -> list[str]:
    """Words that by standing there make another statement, place or person."""
    return [
        word.casefold()
        for word in words
        if word.casefold() in NEGATIONS or ((is_shouted or word[0].isupper()) and word.casefold() in QUALIFIERS)
    ]


def _listed_veto(left: tuple[str, ...], right: tuple[str, ...]) -> str | None:
    words = left + right
    if all(map(str.isalpha, words)) and _LISTED.isdisjoint(map(str.casefold, words)):
        return None
    for is_listed, reason in (
        (_has_digit, reasons.DIGIT_DIFFERS),
        (_is_month, reasons.MONTH_DIFFERS),
        (_is_weekday, reasons.WEEKDAY_DIFFERS),
        (_is_number_word, reasons.NUMBER_WORD_DIFFERS),
    ):
        if [word.casefold() for word in left if is_listed(word)] != [w.casefold() for w in right if is_listed(w)]:
            return reason
    return None


def _tail_veto(a: Words, b: Words, left: tuple[str, ...], right: tuple[str, ...]) -> str | None:
    """Words appended in mid-sentence veto by a number or a date: "closed on 23 February" / "… and 8 March"."""
    longer, tail = (a, left) if left else (b, right)
    n_before = len(longer.folded) - len(tail)
    if n_before >= FREE_TAIL or longer.ends_sentence(n_before):
        return None
    return _listed_veto(tail, ())


def _is_full_date(tail: tuple[str, ...]) -> bool:
    """Whether the only numbers of the words are one day, month and year ("Moscow, November 5, 2019")."""
    numbers = [word for word in tail if _has_digit(word)]
    months = [word for word in tail if _is_month(word)]
    return (
        len(months) == 1
        and [len(number) for number in numbers] in ([1, 4], [2, 4])
        and all(number.isdecimal() for number in numbers)
    )


def _names(words: tuple[str, ...], *, is_shouted: bool) -> set[str]:
    """Capitalised words that are no common ones, without a possessive."""
    folded = (word.casefold().removesuffix("'s") for word in words if is_shouted or word[0].isupper())
    return {word for word in folded if word not in COMMON_CAPITALISED and word.isalpha()}


def _folded(words: tuple[str, ...]) -> list[str]:
    return [word.casefold() for word in words]


def _has_digit(word: str) -> bool:
    """Whether a word is or holds a number, or is a sign of money or share."""
    return not word.isalpha() and _NUMBER.search(word) is not None


def _is_month(word: str) -> bool:
    folded = word.casefold()
    return folded in MONTHS and (folded not in ALSO_PLAIN_WORDS or word[0].isupper())


def _is_weekday(word: str) -> bool:
    return word.casefold() in WEEKDAYS


def _is_number_word(word: str) -> bool:
    folded = word.casefold()
    return folded in NUMBER_WORDS and (len(folded) > 2 or word.isupper()) and word != "I"
