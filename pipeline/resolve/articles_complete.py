"""From complete texts of articles to joins: by title, date and words, best evidence first.

The decision made here: how alike two texts must be. Long texts are compared by samples of their words, short ones word
by word, for a notice whose only difference is a date is another notice. A text that fits two articles equally well
joins neither. Words under more than 20 titles are no article's own, and are looked for under the same title only.
"""

from collections.abc import Collection, Mapping, Sequence
from typing import Final

from pipeline.resolve.article_work import WINDOW, Work, exclude, is_near, title_diff
from pipeline.resolve.articles_compared import Scores, Taken
from pipeline.resolve.signatures import ENOUGH, SHORT, Form, blocks
from pipeline.resolve.word_diff import WordDiff, diff_words

_LONG: Final = 60
"""Words a body needs to carry a verdict against a reworded title."""
_MOST_TITLES: Final = 20
"""Titles of one body beyond which it is what the site, or whoever took its pages apart, prints in place of many."""
_LEAST_ALIKE: Final = 0.3
_LEAST_CONTAINED: Final = 0.6
"""Share of the samples of two long texts, and of the smaller of both, from which they may be one under like titles."""


def common_words(forms: Sequence[Form]) -> frozenset[str]:
    """Bodies (`Form.body_key`) that stand under so many titles that they are no article's own."""
    titles: dict[str, set[str]] = {}
    for form in forms:
        if form.title is not None and not form.is_truncated:
            titles.setdefault(form.body_key, set()).add(form.title)
    return frozenset(body for body, found in titles.items() if len(found) > _MOST_TITLES)


def join_complete(work: Work, common: Collection[str], taken: Taken) -> Scores:
    """Join complete texts by title, date and words, best evidence first.

    Args:
        work: the clusters.
        common: `common_words`; they say nothing of an article under another title.
        taken: what is known of pairs already.

    Returns:
        How sure which pairs are one article.
    """
    keys = {
        place: _keys(form, is_common=form.body_key in common)
        for place, form in enumerate(work.forms)
        if not form.is_truncated
    }
    addresses = [form.address and form.address.key for form in work.forms]
    groups = taken.groups or [None] * len(work.forms)
    scores = dict(taken.scores)
    for block in blocks(keys):
        for position, b in enumerate(block):
            group, address = groups[b], addresses[b]
            for a in block[:position]:
                if group is not None and group == groups[a] and (address is None or address != addresses[a]):
                    continue  # is known
                if (a, b) not in scores and work.root(a) != work.root(b):
                    score = _score(work, a, b)
                    if score > 0:
                        scores[a, b] = score
    torn = _torn(work, scores)
    for a, b in sorted(scores, key=lambda pair: (-scores[pair], pair)):
        if a not in torn and b not in torn and work.root(a) != work.root(b) and not work.excludes(a, b):
            work.join(a, b)
    return scores


def _torn(work: Work, scores: Mapping[tuple[int, int], float]) -> set[int]:
    """Forms whose best partners exclude each other: an undated copy of a notice that recurs belongs to neither."""
    partners: dict[int, list[tuple[float, int]]] = {}
    for (a, b), score in scores.items():
        partners.setdefault(a, []).append((score, b))
        partners.setdefault(b, []).append((score, a))
    torn = set()
    for place, found in partners.items():
        best = max(score for score, _ in found)
        if _are_rivals([work.forms[other] for score, other in found if score == best]):
            torn.add(place)
    return torn


def _are_rivals(forms: Sequence[Form]) -> bool:
    """Whether some of the forms exclude each other, by number or by day."""
    days = [form.published_on for form in forms if form.published_on is not None]
    if days and max(days) - min(days) > WINDOW:
        return True
    numbers: dict[str, int | None] = {}
    return any(
        numbers.setdefault(address.folder, address.number) != address.number
        for address in (form.address for form in forms)
        if address is not None
    )


def _keys(form: Form, *, is_common: bool) -> list[str]:
    """The keys under which a complete text is looked for; a short one joins none of another title (`_score_equal`)."""
    keys = [] if form.title is None else [f"title {form.title}"]
    if form.n_words >= ENOUGH and not is_common:
        keys += [f"opening {form.opening}", f"second {form.second_opening}", f"ending {form.ending}"]
    return keys


def _score(work: Work, a: int, b: int) -> float:
    """How sure two complete texts are one article: 0 where they are not, up to 1."""
    one, two = work.forms[a], work.forms[b]
    if exclude([one], [two]):
        return 0.0
    if one.body_key == two.body_key:
        return _score_equal(one, two)
    if min(one.n_words, two.n_words) < ENOUGH:
        return 0.0
    if min(one.n_words, two.n_words) < SHORT:
        return _score_short(work, one, two) if _have_near_titles(one, two, title_diff(one, two)) else 0.0
    return _score_long(work, one, two)


def _have_near_titles(one: Form, two: Form, title: WordDiff) -> bool:
    return one.title is not None and two.title is not None and is_near(title)


def _score_equal(one: Form, two: Form) -> float:
    """Two texts of equal words: as sure as the titles are alike; the same number in two sections is surer still."""
    same_title = one.title is not None and one.title == two.title
    if one.n_words < ENOUGH:
        same_day = one.published_on is not None and one.published_on == two.published_on
        may_be_same_day = one.n_words > 0 and (one.published_on is None or two.published_on is None)
        return 1.0 if same_title and (same_day or may_be_same_day) else 0.0
    if same_title:
        is_other_number = (
            one.address is not None and two.address is not None and one.address.number != two.address.number
        )
        return 0.99 if is_other_number else 1.0
    if one.title is None or two.title is None:
        return 0.98
    title = title_diff(one, two)
    if is_near(title):
        return 0.98
    return 0.95 if one.n_words >= _LONG and title.veto is None else 0.0


def _score_short(work: Work, one: Form, two: Form) -> float:
    """Two short texts, word by word: any other number, month or name makes them two items."""
    body = diff_words(work.bodies.words(one.row), work.bodies.words(two.row))
    return 0.9 * body.share if body.veto is None and body.share >= 0.6 else 0.0


def _score_long(work: Work, one: Form, two: Form) -> float:
    """Two long texts, by samples of their words; an excerpt under another title is another item."""
    sample, other = work.bodies.sample(one.row), work.bodies.sample(two.row)
    shared = len(sample & other)
    alike = shared / max(len(sample | other), 1)
    contained = shared / max(min(len(sample), len(other)), 1)
    if alike < _LEAST_ALIKE and contained < _LEAST_CONTAINED:
        return 0.0  # whatever the titles, which cost more to compare
    title = title_diff(one, two)
    if one.address is not None and two.address is not None:
        return 0.9 * alike if _have_near_titles(one, two, title) and alike >= 0.6 else 0.0
    if _have_near_titles(one, two, title):
        return 0.9 * max(alike, _LEAST_ALIKE)
    needed = 0.5 if one.title is None or two.title is None else 0.6 if title.veto is None else 0.9
    return 0.9 * alike if alike >= needed else 0.0
