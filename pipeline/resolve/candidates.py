"""From wordings to the pairs worth comparing.

The decision made here: two wordings meet when they are dated at most two days apart, share three words in a row near
the start or the end of title or text, and are then alike by letters. Every pair that meets is judged and published;
keys are sorted, so the pairs are the same whatever the order of the input.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations
from typing import Final, TypeAlias

from rapidfuzz import fuzz

from pipeline.resolve.compare import WINDOW_DAYS, head_similarity
from pipeline.resolve.normalise import Wording, Words

_Keyed: TypeAlias = tuple[Wording, set[tuple[str, ...]]]
_HEAD: Final = 8
"""Words of title and of text whose triples are keys: two letters lost within them still leave a triple."""
_HEAD_LETTERS: Final = 160
"""Letters that hold the first words of a text, so that no text is taken to words as a whole just for its keys."""
_MIN_TITLE: Final = 72.0
_MIN_TEXT: Final = 62.0
"""Least likeness of titles or of texts (0–100) at which a pair is a candidate."""


def candidate_pairs(wordings: Sequence[Wording]) -> list[tuple[Wording, Wording]]:
    """Pairs to judge, each once, the smaller form_id first, sorted by both ids."""
    by_day: dict[int | None, list[_Keyed]] = defaultdict(list)
    for form in sorted(wordings, key=lambda form: form.form_id):
        by_day[form.day].append((form, keys(form)))
    found = [pair for day in by_day for pair in _pairs_of_day(day, by_day)]
    return sorted(found, key=lambda pair: (pair[0].form_id, pair[1].form_id))


def _pairs_of_day(day: int | None, by_day: Mapping[int | None, list[_Keyed]]) -> Iterator[tuple[Wording, Wording]]:
    """Pairs within one day, and between it and the days of the window after it."""
    here = by_day[day]
    later = [] if day is None else [form for after in range(1, WINDOW_DAYS + 1) for form in by_day.get(day + after, ())]
    met = _meeting(here, later)
    forms = [form for form, _ in here + later]
    met.update(_cut_titles(forms[: len(here)]))
    for i, j in sorted(met):
        a, b = forms[i], forms[j]
        if is_alike(a, b):
            yield (a, b) if a.form_id < b.form_id else (b, a)


def _meeting(here: Sequence[_Keyed], later: Sequence[_Keyed]) -> set[tuple[int, int]]:
    """Places of pairs that share a key, at least one of them of the day itself."""
    groups: dict[tuple[str, ...], list[int]] = defaultdict(list)
    for place, (_, own) in enumerate(here):
        for key in own:
            groups[key].append(place)
    met: set[tuple[int, int]] = set()
    for group in groups.values():
        met.update(combinations(group, 2))
    for place, (_, own) in enumerate(later, start=len(here)):
        for key in own:
            met.update((first, place) for first in groups.get(key, ()))
    return met


def _cut_titles(here: Sequence[Wording]) -> Iterator[tuple[int, int]]:
    """A title cut within its first words shares no key: it meets every title of its day that it begins."""
    for i, short in enumerate(here):
        if short.is_cut and short.teaser is None:
            for j, full in enumerate(here):
                if i != j and full.title.startswith(short.title):
                    yield min(i, j), max(i, j)


def keys(form: Wording) -> set[tuple[str, ...]]:
    """Triples of words at the start of title and text, and the title's last; a shorter title or text as a whole."""
    found: set[tuple[str, ...]] = set()
    title = form.title_words.folded
    text = Words(form.folded_text[:_HEAD_LETTERS]).raw
    for place, words in (("title", title), ("text", text)):
        head = words[:_HEAD]
        found.update((place, *head[start : start + 3]) for start in range(max(1, len(head) - 2)) if head)
    if len(title) > _HEAD:
        found.add(("title", *title[-3:]))
    return found


def is_alike(a: Wording, b: Wording) -> bool:
    """Whether two wordings that met are alike enough by letters to be judged word by word."""
    if fuzz.ratio(a.folded_title, b.folded_title) >= _MIN_TITLE:
        return True
    if a.teaser is None or b.teaser is None:
        return (a.is_cut and b.title.startswith(a.title)) or (b.is_cut and a.title.startswith(b.title))
    return head_similarity(a, b) >= _MIN_TEXT
