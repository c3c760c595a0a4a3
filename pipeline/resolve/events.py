"""From distinct teaser forms to events: which forms are wordings of one item.

The decision made here: the order of evidence. Forms that differ in typography only collapse, complete wordings join
by accepted pairs unless a veto stands between their clusters, incomplete wordings then follow one parent each. Every
pair that was judged is handed on with its reason.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final, TypeAlias

import polars as pl

from pipeline.resolve import reasons
from pipeline.resolve.candidates import candidate_pairs
from pipeline.resolve.compare import Strength, Verdict, compare, days_apart, fullness
from pipeline.resolve.components import Components
from pipeline.resolve.normalise import Wording, wording

MEMBERS_SCHEMA: Final = pl.Schema(
    {"form_id": pl.String, "cluster_id": pl.String, "match": pl.String, "similarity": pl.Float64}
)
DECISIONS_SCHEMA: Final = pl.Schema(
    {
        "form_id_a": pl.String,
        "form_id_b": pl.String,
        "same": pl.Boolean,
        "reason": pl.String,
        "title_similarity": pl.Float64,
        "text_similarity": pl.Float64,
    }
)

_EPOCH: Final = date(1970, 1, 1)
Pair: TypeAlias = tuple[str, str]


@dataclass(frozen=True)
class FormClusters:
    """Which forms are one event, and why."""

    members: pl.DataFrame
    """One row per form, sorted by `form_id`: `form_id`, `cluster_id` (the smallest form_id of its cluster), `match`
    (`seed`: first captured; `exact`: the seed's words letter for letter, on another day; `normalised`: the seed's
    words, other typography; `near`: edited), `similarity` to the seed, 0 to 1."""
    decisions: pl.DataFrame
    """One row per judged pair, sorted: `form_id_a` < `form_id_b`, `same`, `reason` (`reasons.REASONS`),
    `title_similarity`, `text_similarity` (0 to 1, null where a wording has no text)."""


@dataclass(frozen=True, slots=True)
class _Form:
    """A form as printed, with what decides who is the seed."""

    words: Wording
    title: str | None
    teaser: str | None
    first: datetime | None
    last: datetime | None

    @property
    def seed_order(self) -> tuple[bool, float, str]:
        return self.first is None, 0.0 if self.first is None else self.first.timestamp(), self.words.form_id


def cluster_forms(forms: pl.DataFrame, previous_decisions: pl.DataFrame | None = None) -> FormClusters:
    """Cluster distinct forms into events.

    Args:
        forms: one row per distinct (published_on, title, teaser): `form_id`, `published_on`, `title`, `teaser`,
            `is_cut` (the dump ended within the wording), `first_captured_at`, `last_captured_at`; other columns are
            not read. Any order.
        previous_decisions: decisions of an earlier run over other or the same forms; verdicts on pairs of complete
            wordings are taken from it, which changes no result (they depend on the pair only).

    Raises:
        ValueError: a form_id stands in two rows.
    """
    table = _read(forms)
    groups = _typographic_groups(table.values())
    leaders = [table[group[0]].words for group in groups]
    verdicts = _judge(leaders, _known(previous_decisions))
    decisions = {
        (group[0], other): (True, compare(table[group[0]].words, table[other].words))
        for group in groups
        for other in group[1:]
    }
    components, outcome = _join(table, leaders, verdicts)
    decisions.update(outcome)
    leader_of = {name: group[0] for group in groups for name in group}
    clusters: dict[str, list[str]] = defaultdict(list)
    for name in table:
        clusters[components.find(leader_of[name])].append(name)
    return FormClusters(_members_frame(table, clusters.values()), _decisions_frame(decisions))


def _read(forms: pl.DataFrame) -> dict[str, _Form]:
    """Forms by id, in order of id."""
    columns = ("form_id", "published_on", "title", "teaser", "is_cut", "first_captured_at", "last_captured_at")
    table = {
        name: _Form(
            wording(name, None if day is None else (day - _EPOCH).days, title, teaser, is_cut=bool(is_cut)),
            title,
            teaser,
            first,
            last,
        )
        for name, day, title, teaser, is_cut, first, last in forms.select(columns).sort("form_id").iter_rows()
    }
    if len(table) != forms.height:
        raise ValueError("forms: a form_id stands in more than one row")
    return table


def _typographic_groups(forms: Iterable[_Form]) -> list[list[str]]:
    """Forms of one day whose words, case included, are the same: they are judged once, through the first of them."""
    groups: dict[tuple[int | None, str, str | None, bool], list[str]] = defaultdict(list)
    for form in forms:
        words = form.words
        groups[words.day, words.title, words.teaser, words.is_cut].append(words.form_id)
    return list(groups.values())


def _known(previous: pl.DataFrame | None) -> Mapping[Pair, Verdict]:
    """Earlier verdicts that depend on nothing but the pair."""
    if previous is None:
        return {}
    rows = previous.filter(~pl.col("reason").is_in(sorted(reasons.NOT_OF_THE_PAIR))).select(DECISIONS_SCHEMA.names())
    return {
        (a, b): Verdict(
            Strength.SAME if same else Strength.VETO if reason in reasons.VETOES else Strength.OTHER,
            reason,
            title_similarity,
            text_similarity,
        )
        for a, b, same, reason, title_similarity, text_similarity in rows.iter_rows()
    }


def _judge(leaders: Sequence[Wording], known: Mapping[Pair, Verdict]) -> dict[Pair, Verdict]:
    verdicts = {}
    for a, b in candidate_pairs(leaders):
        pair = (a.form_id, b.form_id)
        earlier = None if a.is_incomplete or b.is_incomplete else known.get(pair)
        verdicts[pair] = earlier or compare(a, b)
    return verdicts


def _join(
    table: Mapping[str, _Form], leaders: Sequence[Wording], verdicts: Mapping[Pair, Verdict]
) -> tuple[Components, dict[Pair, tuple[bool, Verdict]]]:
    """Clusters of the leaders, and what became of every judged pair."""
    by_strength: dict[Strength, list[Pair]] = defaultdict(list)
    for pair, verdict in verdicts.items():
        by_strength[verdict.strength].append(pair)
    components = Components((words.form_id for words in leaders), by_strength[Strength.VETO])
    outcome = {
        pair: (False, verdict)
        for pair, verdict in verdicts.items()
        if verdict.strength in {Strength.OTHER, Strength.VETO}
    }

    def evidence(pair: Pair) -> tuple[int, float, Pair]:
        return reasons.RANK[verdicts[pair].reason], -verdicts[pair].closeness, pair

    for pair in sorted(by_strength[Strength.SAME], key=evidence):
        joined = components.join(*pair)
        outcome[pair] = (joined, verdicts[pair] if joined else _because(verdicts[pair], reasons.VETO_IN_CLUSTER))

    parents: dict[str, list[str]] = defaultdict(list)
    for pair in by_strength[Strength.PARENT]:
        child, parent = sorted(pair, key=lambda name: fullness(table[name].words))
        parents[child].append(parent)
    for child in sorted(parents, key=lambda name: fullness(table[name].words), reverse=True):
        ranked = sorted(parents[child], key=lambda parent: _fit(table[child], table[parent], verdicts))
        chosen = next((parent for parent in ranked if components.join(child, parent)), None)
        refused = reasons.VETO_IN_CLUSTER if chosen is None else reasons.CUT_OTHER_PARENT
        for parent in ranked:
            pair = min(child, parent), max(child, parent)
            together = components.find(child) == components.find(parent)
            outcome[pair] = (together, verdicts[pair] if together else _because(verdicts[pair], refused))
    return components, outcome


def _fit(
    child: _Form, parent: _Form, verdicts: Mapping[Pair, Verdict]
) -> tuple[int, int, float, bool, float, float, str]:
    """How well a parent fits an incomplete wording, best first: day, reason, title, text, times seen, id."""
    a, b = child.words, parent.words
    verdict = verdicts[min(a.form_id, b.form_id), max(a.form_id, b.form_id)]
    apart = 0.0
    if child.first and parent.first and child.last and parent.last:
        gap = max((parent.first - child.last).total_seconds(), (child.first - parent.last).total_seconds())
        apart = max(gap, 0.0)
    return (
        days_apart(a, b) or 0,
        reasons.RANK[verdict.reason],
        -verdict.title_similarity,
        not b.folded_text.startswith(a.folded_text),
        apart,
        parent.seed_order[1],
        b.form_id,
    )


def _because(verdict: Verdict, reason: str) -> Verdict:
    return Verdict(Strength.OTHER, reason, verdict.title_similarity, verdict.text_similarity)


def _members_frame(table: Mapping[str, _Form], clusters: Iterable[Sequence[str]]) -> pl.DataFrame:
    rows: list[tuple[str, str, str, float]] = []
    for cluster in clusters:
        cluster_id = min(cluster)
        seed = min((table[name] for name in cluster), key=lambda form: form.seed_order)
        rows.extend((name, cluster_id, *_match(seed, table[name])) for name in cluster)
    return pl.DataFrame(rows, schema=MEMBERS_SCHEMA, orient="row").sort("form_id")


def _match(seed: _Form, form: _Form) -> tuple[str, float]:
    """How a form's words stand to the seed's, and how alike they are."""
    if form is seed:
        return "seed", 1.0
    if (form.title, form.teaser) == (seed.title, seed.teaser):
        return "exact", 1.0
    a, b = seed.words, form.words
    if (a.folded_title, a.folded_text) == (b.folded_title, b.folded_text):
        return "normalised", 1.0
    return "near", compare(a, b).closeness


def _decisions_frame(decisions: Mapping[Pair, tuple[bool, Verdict]]) -> pl.DataFrame:
    rows = [
        (a, b, same, verdict.reason, verdict.title_similarity, verdict.text_similarity)
        for (a, b), (same, verdict) in sorted(decisions.items())
    ]
    return pl.DataFrame(rows, schema=DECISIONS_SCHEMA, orient="row")
