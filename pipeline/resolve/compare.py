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
TELLING_TEXT: Final = 20
"""Shared words from which one opposite within the text ("accepted", "rejected") is a correction, not a notice."""
LEAST_ALIKE: Final = 56.0
"""Likeness by letters (0–100) below which two texts are not aligned at all; unrelated English ones reach 50."""
SHORTEST_TITLE: Final = 8
"""Letters that must be left of a title to tell whose beginning it is."""
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
    title_similarity: float | None
    """None where a wording has no title."""
    text_similarity: float | None
    """None where a wording has no text."""

    @property
    def closeness(self) -> float:
        """Mean of the similarities, to put the best evidence first."""
        return mean_similarity(self.title_similarity, self.text_similarity)


def compare(a: Wording, b: Wording) -> Verdict:
    """Judge two wordings; symmetric in its arguments."""
    return Verdict(*_judge(a, b), *similarities(a, b))


def similarities(a: Wording, b: Wording) -> tuple[float | None, float | None]:
    """Similarity of the titles and of the texts, typography and case aside; None where one has none."""
    return _similarity(a.folded_title, b.folded_title), _similarity(a.folded_text, b.folded_text)


def _similarity(a: str, b: str) -> float | None:
    """Share of letters two texts have in common, in order: 0 to 1, four digits."""
    return round(fuzz.ratio(a, b) / 100, 4) if a and b else None


def mean_similarity(title: float | None, text: float | None) -> float:
    """One figure for both: the mean of what is known."""
    known = [similarity for similarity in (title, text) if similarity is not None]
    return round(sum(known) / len(known), 4) if known else 0.0


def head_similarity(a: Wording, b: Wording) -> float:
    """Likeness (0 to 100) of two texts, or of as much of the longer as the shorter has, whichever is greater."""
    length = max(min(len(a.folded_text), len(b.folded_text)), 1)
    head = fuzz.ratio(a.folded_text[:length], b.folded_text[:length])
    return max(head, fuzz.ratio(a.folded_text, b.folded_text))


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
    a, b = sorted((a, b), key=lambda form: (form.title, form.teaser or "", form.form_id))
    title = diff_words(a.title_words, b.title_words)
    veto = reasons.KIND_DIFFERS if a.kind != b.kind else None if title.is_dated_tail else title.veto
    if veto is not None:
        return Strength.VETO, veto
    if head_similarity(a, b) < LEAST_ALIKE:
        return Strength.OTHER, reasons.TEXT_DIFFERS
    text = diff_words(a.text_words, b.text_words)
    veto = _veto(title, text)
    if veto is not None:
        return Strength.VETO, veto
    return _judge_edit(title, text, min(len(a.title_words.folded), len(b.title_words.folded)), days)


def _judge_edit(title: WordDiff, text: WordDiff, n_title: int, days: int) -> tuple[Strength, str]:
    """Whether what differs, without a veto in it, is an edit of one item."""
    edit = _same_title(title, text, n_title) if title.is_respelled else _changed_title(title, text)
    if edit is None:
        return Strength.OTHER, reasons.TITLE_DIFFERS if _is_close(text) else reasons.TEXT_DIFFERS
    if days and not _may_move(title, text, n_title):
        return Strength.OTHER, reasons.DAYS_APART
    return Strength.SAME, reasons.DATE_MOVED if days and edit == reasons.NORMALISED_EQUAL else edit


def _veto(title: WordDiff, text: WordDiff) -> str | None:
    """The difference that makes two items of two complete wordings.

    A title may gain a full date where the text stays the same; texts that share next to nothing are no edit of each
    other, so that what differs within them tells nothing.
    """
    gained_date = title.is_dated_tail and text.n_changed == 0 and text.n_shared >= LONG_TEXT
    if title.veto is not None and not gained_date:
        return title.veto
    if not _is_close(text) and text.n_shared < LONG_TEXT:
        return None
    if not title.respelled_names.isdisjoint(text.respelled_names):
        return reasons.NAME_DIFFERS
    return _text_veto(text)


def _text_veto(text: WordDiff) -> str | None:
    return None if text.veto == reasons.OPPOSITE_DIFFERS and text.n_shared >= TELLING_TEXT else text.veto


def _is_close(text: WordDiff) -> bool:
    return text.share >= 0.6


def _same_title(title: WordDiff, text: WordDiff, n_title: int) -> str | None:
    """The edit that explains two texts under one title (a letter lost aside), else None."""
    if text.is_respelled:
        return reasons.NORMALISED_EQUAL if title.is_equal and text.is_equal else reasons.LETTER_LOST
    if text.n_changed == 0:
        return reasons.TEXT_EXTENDED if text.n_shared >= 3 else None
    least_shared, least_share = (5, 0.5) if n_title >= LONG_TITLE else (LONG_TEXT, 0.7)
    return reasons.TEXT_REWORDED if text.n_shared >= least_shared and text.share >= least_share else None


def _changed_title(title: WordDiff, text: WordDiff) -> str | None:
    """The edit that explains two titles: only a text of some length, kept or nearly so, can tell that it is one."""
    if text.n_shared < LONG_TEXT:
        return None
    if text.n_changed == 0:
        return reasons.TITLE_EXTENDED if title.n_changed == 0 else reasons.TITLE_REWORDED
    least_shared = LONG_TEXT if title.n_changed == 0 else 2 * LONG_TEXT
    is_kept = text.share >= 0.8 and text.n_shared >= least_shared and title.share >= 0.5
    return reasons.TEXT_REWORDED if is_kept else None


def _may_move(title: WordDiff, text: WordDiff, n_title: int) -> bool:
    """Whether wordings of two days can be one item that was dated anew: the words must carry that alone."""
    is_text_kept = text.n_changed == 0 or (text.share >= 0.9 and text.n_shared >= 2 * LONG_TEXT)
    is_title_kept = title.is_respelled or (
        text.n_shared >= 2 * LONG_TEXT and (title.n_changed == 0 or title.share >= 0.7)
    )
    is_telling = text.n_shared >= LONG_TEXT or (n_title >= LONG_TEXT and text.n_shared > 0)
    return is_text_kept and is_title_kept and is_telling


def _judge_incomplete(a: Wording, b: Wording, days: int) -> tuple[Strength, str]:
    """A wording that is cut, or has no text, against another: may it be the other's beginning?

    Whatever speaks against it is one reason, `cut_differs`: the cut may heal with later captures, so such a verdict is
    never reused and need not tell more.
    """
    full, short = sorted((a, b), key=fullness, reverse=True)
    title = diff_words(short.title_words, full.title_words)
    if short.teaser is None:
        return _judge_title_only(short, full, title, days)
    text = diff_words(short.text_words, full.text_words, is_cut=short.is_cut)
    text_veto = _text_veto(text)
    if short.kind != full.kind or title.veto is not None or (text_veto is not None and _is_close(text)):
        return Strength.VETO, reasons.CUT_DIFFERS
    is_beginning = text.n_changed == 0 or (text.share >= 0.8 and text.n_shared >= LONG_TEXT)
    is_title_kept = title.is_respelled or (text.n_shared >= LONG_TEXT and (title.n_changed == 0 or title.share >= 0.5))
    if text_veto is not None or not is_beginning or not is_title_kept:
        return Strength.OTHER, reasons.CUT_DIFFERS
    if days and text.n_shared < LONG_TEXT:
        return Strength.OTHER, reasons.CUT_DIFFERS
    return Strength.PARENT, reasons.CUT_TEXT


def _judge_title_only(short: Wording, full: Wording, title: WordDiff, days: int) -> tuple[Strength, str]:
    if short.kind != full.kind:
        return Strength.VETO, reasons.CUT_DIFFERS
    if days:
        return Strength.OTHER, reasons.CUT_DIFFERS
    n_words = len(short.title_words.folded)
    if n_words and (title.is_equal or (title.is_respelled and n_words >= LONG_TITLE)):
        return Strength.PARENT, reasons.TITLE_ONLY
    if short.is_cut and len(short.title) >= SHORTEST_TITLE and full.title.startswith(short.title):
        return Strength.PARENT, reasons.CUT_TITLE
    is_veto = title.veto is not None and not short.is_cut
    return Strength.VETO if is_veto else Strength.OTHER, reasons.CUT_DIFFERS


def fullness(form: Wording) -> tuple[bool, bool, int, int, str]:
    """Order of wordings from the least to the most complete; the id decides between equals."""
    return form.teaser is not None, not form.is_cut, len(form.folded_text), len(form.title), form.form_id
