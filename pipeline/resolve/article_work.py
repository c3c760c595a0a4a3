"""Clusters of article forms in the making, and what forbids joining two.

The decision made here: which clusters exclude each other, however alike the words are. Another number of one section,
another kind (`PHOTO:`), days that lie apart, or a capture before the day of publication.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import lru_cache
from typing import Final

from pipeline.resolve.normalise import Words, canonical
from pipeline.resolve.signatures import Bodies, Form
from pipeline.resolve.word_diff import WordDiff, diff_words

WINDOW: Final = timedelta(days=2)
"""How far the days printed on two captures of one article may lie apart."""


@dataclass(slots=True)
class Work:
    """Clusters in the making. Forms are addressed by their place in the order of their ids."""

    forms: Sequence[Form]
    bodies: Bodies
    parents: list[int] = field(init=False)
    members: dict[int, list[int]] = field(init=False)

    def __post_init__(self) -> None:
        self.parents = list(range(len(self.forms)))
        self.members = {place: [place] for place in self.parents}

    def root(self, place: int) -> int:
        """The cluster of a form, named by its smallest place."""
        while self.parents[place] != place:
            self.parents[place] = self.parents[self.parents[place]]
            place = self.parents[place]
        return place

    def join(self, a: int, b: int) -> None:
        """Make one cluster of two."""
        first, later = sorted((self.root(a), self.root(b)))
        if first != later:
            self.parents[later] = first
            self.members[first] += self.members.pop(later)

    def cluster(self, place: int) -> list[Form]:
        """The forms of a form's cluster."""
        return [self.forms[member] for member in self.members[self.root(place)]]

    def excludes(self, a: int, b: int) -> bool:
        """Whether the clusters of two forms cannot be one article."""
        return exclude(self.cluster(a), self.cluster(b))


def exclude(some: Sequence[Form], others: Sequence[Form]) -> bool:
    """Whether two groups of forms cannot be one article, whatever their words."""
    for form in some:
        for other in others:
            if form.address is not None and other.address is not None and form.address.excludes(other.address):
                return True
    kinds, other_kinds = _kinds(some), _kinds(others)
    if kinds and other_kinds and kinds.isdisjoint(other_kinds):
        return True
    days, other_days = _days(some), _days(others)
    if days and other_days:
        return min(abs(a - b) for a in days for b in other_days) > WINDOW
    return _precede(some, other_days) or _precede(others, days)


def _kinds(forms: Iterable[Form]) -> set[str]:
    return {form.kind for form in forms if form.kind is not None}


def _days(forms: Iterable[Form]) -> set[date]:
    return {form.published_on for form in forms if form.published_on is not None}


def _precede(forms: Iterable[Form], days: set[date]) -> bool:
    """Whether forms were captured before each of the days: nothing is captured before it is published."""
    captured = [form.first_captured_at.date() for form in forms if form.first_captured_at is not None]
    return bool(days and captured) and min(captured) < min(days) - timedelta(days=1)


def title_diff(one: Form, two: Form) -> WordDiff:
    """What differs between two titles as printed; a missing title has no words."""
    return _titles_diff(one.printed_title or "", two.printed_title or "")


@lru_cache(maxsize=8_192)
def _titles_diff(one: str, two: str) -> WordDiff:
    """Remembered, as the texts of an article share a few titles and meet pair by pair."""
    return diff_words(_title_words(one), _title_words(two))


def is_near(title: WordDiff) -> bool:
    """Whether two titles may be two wordings of one: extended, respelled, or some words changed."""
    return title.veto is None and (title.n_changed == 0 or title.share >= 0.6)


@lru_cache(maxsize=4096)
def _title_words(title: str) -> Words:
    return Words(canonical(title))
