"""From texts that break off to joins: each follows the one article it is the beginning of.

The decision made here: what counts as a beginning, and that a truncated text follows one parent or none. It never
brings two articles together: what follows a parent takes no further part in finding joins between complete texts.
"""

from collections.abc import Sequence

from pipeline.resolve.article_work import Work, is_near, title_diff
from pipeline.resolve.signatures import ENOUGH, OPENING_WORDS, SHORT, Form
from pipeline.resolve.word_diff import diff_words


def join_truncated(work: Work) -> None:
    """Let each article that is only known cut off follow one parent: the one it is the beginning of.

    Longer texts first, so that a shorter one may follow a longer one where nothing is whole.
    """
    units = {work.root(place) for place, form in enumerate(work.forms) if form.is_truncated}
    cut = {unit for unit in units if all(form.is_truncated for form in work.cluster(unit))}
    index = _Openings(work)
    for place, form in enumerate(work.forms):
        if work.root(place) not in cut:
            index.add(place, form)
    size = {unit: max(form.n_words for form in work.cluster(unit)) for unit in cut}
    for unit in sorted(cut, key=lambda unit: (-size[unit], unit)):
        members = list(work.members[work.root(unit)])
        parent = _parent(work, members, index.candidates(members))
        if parent is not None:
            work.join(parent, unit)
        for place in members:
            index.add(place, work.forms[place])


class _Openings:
    """Texts that a truncated text may be the beginning of, by title and by the first words."""

    def __init__(self, work: Work) -> None:
        self._forms = work.forms
        self._by_key: dict[str, list[int]] = {}

    def add(self, place: int, form: Form) -> None:
        for key in self._keys(form):
            self._by_key.setdefault(key, []).append(place)

    def candidates(self, members: Sequence[int]) -> list[int]:
        keys = sorted({key for place in members for key in self._keys(self._forms[place])})
        return sorted({place for key in keys for place in self._by_key.get(key, ())})

    @staticmethod
    def _keys(form: Form) -> list[str]:
        keys = [] if form.title is None else [f"title {form.title}"]
        if form.opening.count(" ") == 7:
            keys += [f"opening {form.opening}", f"second {form.second_opening}"]
        return keys


def _parent(work: Work, members: Sequence[int], candidates: Sequence[int]) -> int | None:
    """The one cluster whose text goes on where the truncated ones break off; None where there is none, or two."""
    found: dict[int, tuple[bool, bool, bool]] = {}
    for place in candidates:
        root = work.root(place)
        if work.excludes(members[0], root):
            continue
        for member in members:
            fit = _fit(work, work.forms[member], work.forms[place])
            if fit is not None:
                found[root] = max(fit, found.get(root, fit))
    most = max(found.values(), default=None)
    best = [root for root, fit in found.items() if fit == most]
    return best[0] if len(best) == 1 else None


def _fit(work: Work, short: Form, full: Form) -> tuple[bool, bool, bool] | None:
    """How well a truncated text fits a fuller one: (same title, beginning word by word, same day); None: not at all."""
    same_title = short.title is not None and short.title == full.title
    same_day = short.published_on is not None and short.published_on == full.published_on
    knows_titles = short.title is not None and full.title is not None
    title = title_diff(short, full)
    near = not knows_titles or is_near(title)
    begins = (
        full.n_words >= short.n_words
        and _may_begin(short, full)
        and work.bodies.text(full.row).startswith(work.bodies.text(short.row))
    )
    if short.n_words < 12:
        is_specific = same_title and short.title is not None and short.title.count(" ") >= 5
        return (same_title, begins, same_day) if begins and same_title and (same_day or is_specific) else None
    if begins:
        return (same_title, begins, same_day) if near or (short.n_words >= 40 and title.veto is None) else None
    if not (same_title or (knows_titles and near)) or short.n_words < ENOUGH:
        return None
    if short.n_words < SHORT:
        body = diff_words(work.bodies.words(short.row), work.bodies.words(full.row), is_cut=True)
        fits = body.veto is None and body.share >= 0.7
    else:
        sample = work.bodies.sample(short.row)
        fits = len(sample & work.bodies.sample(full.row)) >= 0.6 * len(sample)
    return (same_title, begins, same_day) if fits else None


def _may_begin(short: Form, full: Form) -> bool:
    """Whether the first words do not tell already that the one is not the beginning of the other."""
    if short.n_words <= OPENING_WORDS:
        return True
    is_longer = short.n_words > 2 * OPENING_WORDS
    return short.opening == full.opening and not (is_longer and short.second_opening != full.second_opening)
