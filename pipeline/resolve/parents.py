"""From incomplete wordings to the one wording each of them follows.

The decision made here: a wording that its dump cut, or that shows no text, joins the one cluster it fits best and
never brings two clusters together. Where several fit alike, the lists decide: an item stands on a capture once, so a
wording already shown above is not meant, and of several left the one that lists print first is.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import TypeAlias

from pipeline.resolve import reasons
from pipeline.resolve.compare import Strength, Verdict, days_apart, fullness
from pipeline.resolve.components import Components
from pipeline.resolve.forms import Form

Pair: TypeAlias = tuple[str, str]
Outcome: TypeAlias = dict[Pair, tuple[bool, Verdict]]
"""For each pair whether it is one event, and the verdict with the reason to publish."""


def follow_parents(
    table: Mapping[str, Form],
    components: Components,
    pairs: Mapping[Pair, Verdict],
    above: Mapping[str, set[str]],
) -> Outcome:
    """Let each incomplete wording, the fullest first, follow the wording it fits best; `components` is changed.

    A wording has no follower yet when its own turn comes, so that none ever bridges two clusters.

    Args:
        table: the forms by id.
        components: clusters of the complete wordings; the incomplete ones stand alone.
        pairs: accepted pairs of strength `parent`.
        above: for each form the forms that stand above it on a capture.
    """
    parents: dict[str, list[str]] = defaultdict(list)
    for pair in sorted(pairs):
        child, parent = sorted(pair, key=lambda name: fullness(table[name].words))
        parents[child].append(parent)
    outcome: Outcome = {}
    for child in sorted(parents, key=lambda name: fullness(table[name].words), reverse=True):
        refused = {parent: _refusal(components, child, parent, above) for parent in parents[child]}
        free = [parent for parent in parents[child] if refused[parent] == reasons.CUT_OTHER_PARENT]
        if free:
            fit = {
                parent: (
                    *_likeness(table[child], table[parent], pairs[_pair(child, parent)]),
                    _n_above(components, parent, free, above),
                    _seconds_apart(table[child], table[parent]),
                    table[parent].seed_order,
                )
                for parent in free
            }
            components.join(child, min(free, key=fit.__getitem__))
        for parent in parents[child]:
            verdict = pairs[_pair(child, parent)]
            together = components.find(child) == components.find(parent)
            outcome[_pair(child, parent)] = (together, verdict if together else because(verdict, refused[parent]))
    return outcome


def because(verdict: Verdict, reason: str) -> Verdict:
    """The same scores under another reason not to join."""
    return Verdict(Strength.OTHER, reason, verdict.title_similarity, verdict.text_similarity)


def _pair(a: str, b: str) -> Pair:
    return min(a, b), max(a, b)


def _refusal(components: Components, child: str, parent: str, above: Mapping[str, set[str]]) -> str:
    """Why the child does not follow this parent, should it follow another or none."""
    members = components.members(parent)
    if not above[child].isdisjoint(members) or any(child in above[member] for member in members):
        return reasons.SHOWN_BESIDE
    return reasons.CUT_OTHER_PARENT if components.may_join(child, parent) else reasons.VETO_IN_CLUSTER


def _likeness(child: Form, parent: Form, verdict: Verdict) -> tuple[int, int, float, bool]:
    """How well the words fit, best first; of a cut title every beginning fits alike, however long the whole."""
    return (
        days_apart(child.words, parent.words) or 0,
        reasons.RANK[verdict.reason],
        0.0 if verdict.reason == reasons.CUT_TITLE else -(verdict.title_similarity or 0.0),
        not parent.words.folded_text.startswith(child.words.folded_text),
    )


def _n_above(components: Components, parent: str, rivals: Sequence[str], above: Mapping[str, set[str]]) -> int:
    """How many rival clusters lists print above this one."""
    own = components.find(parent)
    higher = {components.find(name) for member in components.members(parent) for name in above[member]}
    return len({components.find(rival) for rival in rivals} & higher - {own})


def _seconds_apart(child: Form, parent: Form) -> float:
    """Time between the captures that show one and those that show the other; 0 where they overlap or are unknown."""
    if not (child.first and child.last and parent.first and parent.last):
        return 0.0
    gap = max((parent.first - child.last).total_seconds(), (child.first - parent.last).total_seconds())
    return max(gap, 0.0)
