"""From two wordings to a verdict: one item, or two.

The decision made here: which differences are edits of one item (a letter lost, words appended, a sentence reworded)
and which are vetoes (a digit, a month, a weekday, a number, a name, an opposite). A verdict rests on the two
wordings and the shipped word lists only; no frequency, no third wording has a say.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from rapidfuzz import fuzz

from pipeline.resolve import reasons
from pipeline.resolve.normalise import Wording
from pipeline.resolve.word_diff import WordDiff, diff_words

LONG_TEXT: Final = 8
"""Words a text needs to carry a verdict on its own, where titles or days differ; greetings are shorter."""
LONG_TITLE: Final = 6
"""Words from which a title is more than a heading that recurs ("Statement of the Russian Embassy")."""
WINDOW_DAYS: Final = 2
"""How many days apart two wordings of one item may be dated."""


class Strength(StrEnum):
    """What a verdict may do to clusters."""

    SAME = "same"
    """Two complete wordings of one item."""
    PARENT = "parent"
    """An incomplete wording that fits a fuller one: it may follow one parent only."""
    OTHER = "other"
    """Not shown to be one item; a chain of accepted pairs may still join them."""
    VETO = "veto"
    """Two items: no chain may join them."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a comparison of two wordings found."""

    strength: Strength
    reason: str
    title_similarity: float
    text_similarity: float | None
    """None where a wording has no text."""

    @property
    def closeness(self) -> float:
        """Mean of both similarities, to put the best evidence first."""
        return (
            self.title_similarity
            if self.text_similarity is None
            else (self.title_similarity + self.text_similarity) / 2
        )


def compare(a: Wording, b: Wording) -> Verdict:
    """Judge two wordings; symmetric in its arguments."""
    title_similarity = similarity(a.folded_title, b.folded_title)
    text_similarity = None if a.teaser is None or b.teaser is None else similarity(a.folded_text, b.folded_text)
    strength, reason = _judge(a, b)
    return Verdict(strength, reason, title_similarity, text_similarity)


def similarity(a: str, b: str) -> float:
    """Share of letters two texts have in common, in order: 0 to 1, four digits."""
    return round(fuzz.ratio(a, b) / 100, 4)


def days_apart(a: Wording, b: Wording) -> int | None:
    """Days between two published days; 0 where neither is known, None where one is."""
    if a.day is None or b.day is None:
        return 0 if a.day is b.day else None
    return abs(a.day - b.day)


def _judge(a: Wording, b: Wording) -> tuple[Strength, str]:
    days = days_apart(a, b)
    if days is None or days > WINDOW_DAYS:
        return Strength.OTHER, reasons.DAYS_APART
    if a.is_incomplete or b.is_incomplete:
        return _judge_incomplete(a, b, days)
    if a.kind != b.kind:
        return Strength.VETO, reasons.KIND_DIFFERS
    title = diff_words(a.title_words, b.title_words)
    text = diff_words(a.text_words, b.text_words)
    veto = _veto(title, text)
    if veto is not None:
        return veto
    found = _edit(a, b, title, text)
    if found is None:
        return Strength.OTHER, reasons.TITLE_DIFFERS if _is_close(text) else reasons.TEXT_DIFFERS
    if days and not _may_move(a, b, title, text):
        return Strength.OTHER, reasons.DAYS_APART
    return Strength.SAME, reasons.DATE_MOVED if days and found == reasons.NORMALISED_EQUAL else found


def _veto(title: WordDiff, text: WordDiff) -> tuple[Strength, str] | None:
    if not _is_close(text) and text.n_shared < LONG_TEXT:
        return None if title.veto is None else (Strength.VETO, title.veto)
    if title.veto is not None and not (title.is_dated_tail and text.is_same_words and text.n_shared >= LONG_TEXT):
        return Strength.VETO, title.veto
    if text.veto is not None:
        return Strength.VETO, text.veto
    if not title.respelled_names.isdisjoint(text.respelled_names):
        return Strength.VETO, reasons.NAME_DIFFERS
    return None


def _is_close(text: WordDiff) -> bool:
    return text.share >= 0.6 or text.appended > 0 and text.n_changed <= text.n_shared * 0.3


def _edit(a: Wording, b: Wording, title: WordDiff, text: WordDiff) -> str | None:
    """The reason to see one item in two complete wordings without a veto, else None."""
    long_text = text.n_shared >= LONG_TEXT
    if text.is_equal:
        if title.is_equal:
            return reasons.NORMALISED_EQUAL
        if title.is_respelled:
            return reasons.LETTER_LOST
        if not long_text:
            return None
        return reasons.TITLE_EXTENDED if title.is_extension else reasons.TITLE_REWORDED
    if title.is_equal or title.is_respelled:
        if text.is_respelled:
            return reasons.LETTER_LOST
        if text.is_extension and text.n_shared >= 3:
            return reasons.TEXT_EXTENDED
        distinctive = min(len(a.title_words.folded), len(b.title_words.folded)) >= LONG_TITLE
        if text.n_shared >= (5 if distinctive else LONG_TEXT) and text.share >= (0.5 if distinctive else 0.7):
            return reasons.TEXT_REWORDED
        return None
    if not long_text:
        return None
    if text.is_respelled or text.is_extension:
        return reasons.TITLE_EXTENDED if title.is_extension else reasons.TITLE_REWORDED
    if (title.is_extension or title.share >= 0.5) and text.share >= 0.8 and text.n_shared >= 2 * LONG_TEXT:
        return reasons.TEXT_REWORDED
    return None


def _may_move(a: Wording, b: Wording, title: WordDiff, text: WordDiff) -> bool:
    """Whether two days apart can be one item that was dated anew: its words must carry that alone."""
    if not (text.is_respelled or text.is_extension or (text.share >= 0.9 and text.n_shared >= 2 * LONG_TEXT)):
        return False
    if not (title.is_respelled or title.is_extension or title.share >= 0.7):
        return False
    titles = min(len(a.title_words.folded), len(b.title_words.folded))
    return text.n_shared >= LONG_TEXT or (titles >= LONG_TEXT and text.n_shared > 0)


def _judge_incomplete(a: Wording, b: Wording, days: int) -> tuple[Strength, str]:
    """A wording that is cut, or has no text, against another: may it be the other's beginning?

    Whatever speaks against it is one reason, `cut_differs`: the cut may heal with later captures, so such a verdict is
    never reused and need not tell more.
    """
    full, short = sorted((a, b), key=fullness, reverse=True)
    title = diff_words(short.title_words, full.title_words)
    if short.kind != full.kind:
        return Strength.VETO, reasons.CUT_DIFFERS
    if short.teaser is None:
        return _judge_title_only(short, full, title, days)
    text = diff_words(short.text_words, full.text_words, is_cut=short.is_cut)
    if title.veto is not None or (text.veto is not None and text.share >= 0.6):
        return Strength.VETO, reasons.CUT_DIFFERS
    if text.veto is not None or not (text.n_changed == 0 or (text.share >= 0.8 and text.n_shared >= LONG_TEXT)):
        return Strength.OTHER, reasons.CUT_DIFFERS
    if not title.is_respelled and (text.n_shared < LONG_TEXT or not (title.n_changed == 0 or title.share >= 0.5)):
        return Strength.OTHER, reasons.CUT_DIFFERS
    if days and text.n_shared < LONG_TEXT:
        return Strength.OTHER, reasons.DAYS_APART
    return Strength.PARENT, reasons.CUT_TEXT


def _judge_title_only(short: Wording, full: Wording, title: WordDiff, days: int) -> tuple[Strength, str]:
    if days:
        return Strength.OTHER, reasons.DAYS_APART
    n_words = len(short.title_words.folded)
    if n_words and (title.is_equal or (title.is_respelled and n_words >= LONG_TITLE)):
        return Strength.PARENT, reasons.TITLE_ONLY
    if short.is_cut and n_words >= 2 and full.title.startswith(short.title):
        return Strength.PARENT, reasons.CUT_TITLE
    is_veto = title.veto is not None and not short.is_cut
    return Strength.VETO if is_veto else Strength.OTHER, reasons.CUT_DIFFERS


def fullness(form: Wording) -> tuple[bool, bool, int, int, str]:
    """Order of wordings from the least to the most complete; the id decides between equals."""
    return form.teaser is not None, not form.is_cut, len(form.folded_text), len(form.title), form.form_id
