"""From one event's teasers and one article's texts to evidence: is the article what the teasers announce?

The decision made here: what proves a link without an href. A teaser's text is the start of its article with the
paragraphs joined by a blank (source-format.md, Teasers). Edits are tolerated, vetoes are not (another number, month or
name); a title that recurs proves nothing without the text.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property, lru_cache
from typing import Final, TypeAlias

from rapidfuzz import fuzz

from pipeline.resolve.normalise import Words, canonical, split_kind
from pipeline.resolve.word_diff import WordDiff, diff_words

_Rank: TypeAlias = tuple[bool, float, bool, bool, float, bool]

WINDOW: Final = timedelta(days=2)
"""How far the days of a teaser and of its article may lie apart."""
_BEST: Final = (1.0, True, True, 1.0, True)
"""Of `Evidence.rank`, what comes after an href."""
_LONG: Final = 12
"""Words a text needs to prove a link under another title."""
_SPECIFIC: Final = 6
"""Words from which a title is more than a heading that recurs."""


@dataclass(frozen=True)
class Teaser:
    """One wording of an event."""

    form_id: str
    published_on: date | None
    title: str | None
    text: str | None
    """Null where the teaser shows none, or only its title again."""
    is_cut: bool
    normal_title: str | None
    """Words alone (`words.normal_texts`); so the next."""
    normal_text: str

    @cached_property
    def words(self) -> Words:
        """The words of the text, ready to be compared one by one."""
        return Words(canonical(self.text or ""))


@dataclass(frozen=True)
class Start:
    """One text of an article, as far as teasers reach."""

    published_on: date | None
    title: str | None
    text: str
    normal_title: str | None
    normal_text: str

    @cached_property
    def words(self) -> Words:
        """The words of the text, ready to be compared one by one."""
        return Words(canonical(self.text))

    @cached_property
    def _firsts(self) -> dict[int, Words]:
        return {}

    def first_words(self, n_words: int) -> Words:
        """The first words, at most so many."""
        if n_words >= len(self.words.raw):
            return self.words
        if n_words not in self._firsts:
            self._firsts[n_words] = self.words.first(n_words)
        return self._firsts[n_words]


@dataclass(frozen=True, slots=True)
class Evidence:
    """How well the best wording of an event fits the best text of an article."""

    form_id: str
    is_proven: bool
    """A teaser's href leads to the article."""
    text_share: float | None
    """Share of the teaser's words that the article starts with; null where the teaser has no text."""
    is_whole: bool
    """The teaser's wording is not cut: a cut one may be the start of several articles."""
    has_same_title: bool
    title_share: float
    is_same_day: bool

    @property
    def rank(self) -> _Rank:
        """Evidence in the order of its weight; equal ranks are a tie."""
        share = -1.0 if self.text_share is None else self.text_share
        return self.is_proven, share, self.is_whole, self.has_same_title, self.title_share, self.is_same_day

    @property
    def is_sure(self) -> bool:
        """Nothing can outrank it: an href, or the same title, day and words of a whole teaser."""
        return self.is_proven or self.rank[1:] == _BEST

    @property
    def similarity(self) -> float:
        """0 to 1: of the texts, else of the titles."""
        return self.title_share if self.text_share is None else self.text_share


def judge(teasers: Sequence[Teaser], starts: Sequence[Start], *, is_proven: bool) -> Evidence | None:
    """The best evidence that the teasers announce the article, None where there is none.

    Args:
        teasers: all wordings of an event.
        starts: all texts of an article.
        is_proven: an href of one of the teasers leads to the article: then any pair is evidence.
    """
    # nothing outranks an exact start: the costly comparison of words is for the others
    return _judge_exactly(teasers, starts, is_proven=is_proven) or _best(
        evidence
        for teaser in teasers
        for start in _distinct(starts, len(teaser.normal_text))
        if is_proven or _is_alike(teaser, start)
        if (evidence := _compare(teaser, start, is_exact=False, is_proven=is_proven)) is not None
    )


def judge_sure(teasers: Sequence[Teaser], starts: Sequence[Start], *, is_proven: bool) -> Evidence | None:
    """Evidence that nothing can outrank, None where there is none; words are compared only where an href leads."""
    found = (judge if is_proven else _judge_exactly)(teasers, starts, is_proven=is_proven)
    return found if found is not None and found.is_sure else None


def _judge_exactly(teasers: Sequence[Teaser], starts: Sequence[Start], *, is_proven: bool) -> Evidence | None:
    return _best(
        evidence
        for teaser in teasers
        for start in starts
        if teaser.normal_text and _begins(start.normal_text, teaser.normal_text)
        if (evidence := _compare(teaser, start, is_exact=True, is_proven=is_proven)) is not None
    )


def _best(found: Iterable[Evidence]) -> Evidence | None:
    return max(found, key=lambda evidence: (evidence.rank, evidence.form_id), default=None)


def _begins(text: str, beginning: str) -> bool:
    return text.startswith(beginning) and text[len(beginning) : len(beginning) + 1] in {"", " "}


def _distinct(starts: Sequence[Start], n_letters: int) -> list[Start]:
    """One of the starts that agree as far as a teaser of so many letters reaches."""
    kept: dict[tuple[object, ...], Start] = {}
    for start in starts:
        kept.setdefault((start.published_on, start.normal_title, start.normal_text[: 2 * n_letters]), start)
    return list(kept.values())


def _is_alike(teaser: Teaser, start: Start) -> bool:
    """A cheap look at the letters, so that hopeless pairs are not compared word by word."""
    if not teaser.normal_text:
        return teaser.normal_title == start.normal_title
    n_letters = len(teaser.normal_text)
    least = 45 if teaser.normal_title == start.normal_title else 60
    return fuzz.ratio(teaser.normal_text, start.normal_text[:n_letters], score_cutoff=least) > 0


def _compare(teaser: Teaser, start: Start, *, is_exact: bool, is_proven: bool) -> Evidence | None:
    if not is_proven and _kinds_differ(teaser, start):
        return None
    same_title = teaser.normal_title is not None and teaser.normal_title == start.normal_title
    title = None if teaser.normal_title is None or start.normal_title is None else _title_diff(teaser, start)
    text = None if is_exact or not teaser.normal_text else _text_diff(teaser, start, stops_at_veto=not is_proven)
    days_known = teaser.published_on is not None and start.published_on is not None
    if not is_proven:
        if is_exact:
            fits = _fits_exactly(teaser.normal_text.count(" ") + 1, title)
        elif text is None:
            fits = same_title and days_known and is_specific(teaser.title)
        else:
            fits = _fits(title, text, is_sure_title=same_title and is_specific(teaser.title) and days_known)
        if not fits:
            return None
    return Evidence(
        form_id=teaser.form_id,
        is_proven=is_proven,
        text_share=1.0 if is_exact else None if text is None else round(text.share, 4),
        is_whole=not teaser.is_cut,
        has_same_title=same_title,
        title_share=0.0 if title is None else round(title.share, 4),
        is_same_day=days_known and teaser.published_on == start.published_on,
    )


def _fits_exactly(n_words: int, title: WordDiff | None) -> bool:
    """The article starts with the teaser's words: enough of them prove a link, a few do under a like title."""
    if title is None or n_words >= 2 * _LONG:
        return n_words >= _LONG
    return title.veto is None and (_is_near(title) or n_words >= _LONG)


def _fits(title: WordDiff | None, text: WordDiff, *, is_sure_title: bool) -> bool:
    """The article starts with nearly the teaser's words."""
    if text.veto is not None:
        return False
    if text.is_respelled:
        return _fits_exactly(text.n_shared, title)
    if title is None or title.veto is not None:
        return False
    if is_sure_title:
        return text.share >= 0.4
    if _is_near(title):
        return text.share >= 0.6 and text.n_shared >= _LONG // 2
    return text.share >= 0.85 and text.n_shared >= 2 * _LONG


def is_specific(title: str | None) -> bool:
    """Whether a title has enough words to be more than a heading that recurs."""
    return title is not None and len(title.split()) >= _SPECIFIC


def _is_near(title: WordDiff) -> bool:
    return title.veto is None and (title.n_changed == 0 or title.share >= 0.6)


def _title_diff(teaser: Teaser, start: Start) -> WordDiff:
    return _titles_diff(teaser.title or "", start.title or "", is_cut=teaser.is_cut and teaser.text is None)


@lru_cache(maxsize=8_192)
def _titles_diff(announced: str, shown: str, *, is_cut: bool) -> WordDiff:
    """Remembered, as an event's wordings and an article's texts share a few titles."""
    return diff_words(_title_words(announced), _title_words(shown), is_cut=is_cut)


def _kinds_differ(teaser: Teaser, start: Start) -> bool:
    return bool(teaser.title and start.title) and _kind(teaser.title) != _kind(start.title)


@lru_cache(maxsize=8_192)
def _kind(title: str) -> str:
    return split_kind(canonical(title))[0]


def _text_diff(teaser: Teaser, start: Start, *, stops_at_veto: bool) -> WordDiff:
    """The teaser's text against as many words of the article's start."""
    announced = teaser.words
    return diff_words(
        announced, start.first_words(len(announced.raw)), is_cut=teaser.is_cut, stops_at_veto=stops_at_veto
    )


@lru_cache(maxsize=8_192)
def _title_words(title: str) -> Words:
    return Words(split_kind(canonical(title))[1])
