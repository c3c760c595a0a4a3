"""From distinct teaser forms to events: which forms are wordings of one item.

The decision made here: the order of evidence. Forms that differ in typography only collapse, complete wordings join
by accepted pairs unless a veto stands between their clusters, incomplete wordings then follow one parent each. Every
pair that was judged is handed on with its reason.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias

import polars as pl

from pipeline.remember import DIGEST, group_digests, remembered_rows, text_digest
from pipeline.resolve import reasons
from pipeline.resolve.candidates import candidate_pairs
from pipeline.resolve.compare import Strength, Verdict, compare, mean_similarity, similarities
from pipeline.resolve.components import Components
from pipeline.resolve.event_groups import form_neighbourhoods
from pipeline.resolve.forms import Form, read_forms, typographic_groups
from pipeline.resolve.normalise import Wording
from pipeline.resolve.parents import Outcome, Pair, because, follow_parents

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

_AT_ONCE: Final = 2_000
"""Wordings that are clustered together, beyond those of one neighbourhood."""


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


def cluster_forms(
    forms: pl.DataFrame, previous_decisions: pl.DataFrame | None = None, above: pl.DataFrame | None = None
) -> FormClusters:
    """Cluster distinct forms into events.

    Args:
        forms: one row per distinct (published_on, title, teaser): `form_id`, `published_on`, `title`, `teaser`,
            `is_cut` (the dump ended within the wording), `first_captured_at`, `last_captured_at`; other columns are
            not read. Any order.
        previous_decisions: decisions of an earlier run over other or the same forms; verdicts on pairs of complete
            wordings are taken from it, which changes no result (they depend on the pair only).
        above: what `list_order.printed_above` finds: pairs of forms of which some capture prints the second above the
            first. Two wordings on one capture are two items, however alike; and where an incomplete wording fits
            several others, the order of the lists decides (see `parents`). Without it both are decided by words alone.

    Raises:
        ValueError: a form_id stands in two rows.
    """
    if forms["form_id"].is_duplicated().any():
        raise ValueError("forms: a form_id stands in more than one row")
    near = forms.join(form_neighbourhoods(forms), on="form_id")
    shown = _within(near, above)
    digests = _digests(near, shown)
    placed = near.join(digests.select("neighbourhood", DIGEST), on="neighbourhood")

    def pick(missing: pl.Series) -> _Picked:
        part = placed.join(missing.to_frame(), on=DIGEST, how="semi")
        return part, _known(previous_decisions, part), shown.join(part, on="neighbourhood", how="semi")

    found = remembered_rows("events", digests[DIGEST], pick, _clusters, _AT_ONCE, digests["n_forms"])
    return FormClusters(
        found.select("members").explode("members").unnest("members").sort("form_id"),
        found.select("decisions").drop_nulls().explode("decisions").unnest("decisions").sort("form_id_a", "form_id_b"),
    )


_Picked: TypeAlias = tuple[pl.DataFrame, Mapping[Pair, Verdict], pl.DataFrame]
"""Forms of some neighbourhoods with the digest of theirs, known verdicts on pairs of them, what stands above what."""


def _clusters(picked: _Picked) -> pl.DataFrame:
    """Members and decisions of each neighbourhood, by its digest."""
    forms, known, above = picked
    found = cluster_together(forms, known, above)
    named = forms.select("form_id", DIGEST)
    members = found.members.join(named, on="form_id").group_by(DIGEST).agg(members=pl.struct(MEMBERS_SCHEMA.names()))
    judged = found.decisions.join(named, left_on="form_id_a", right_on="form_id")
    decisions = judged.group_by(DIGEST).agg(decisions=pl.struct(DECISIONS_SCHEMA.names()))
    return members.join(decisions, on=DIGEST, how="left")


def _within(near: pl.DataFrame, above: pl.DataFrame | None) -> pl.DataFrame:
    """What lists print above what, of forms of one neighbourhood: neighbourhood, form_id, above_form_id."""
    own = near.select("form_id", "neighbourhood")
    if above is None:
        return own.select("neighbourhood", "form_id", above_form_id="form_id").clear()
    both = above.join(own, on="form_id").join(
        own, left_on=["above_form_id", "neighbourhood"], right_on=["form_id", "neighbourhood"]
    )
    return both.select("neighbourhood", "form_id", "above_form_id")


def _digests(near: pl.DataFrame, above: pl.DataFrame) -> pl.DataFrame:
    """neighbourhood, digest of all that its clusters depend on, how many forms it has."""
    own = group_digests(
        near.select("neighbourhood", "form_id", "is_cut", "first_captured_at", "last_captured_at"), "neighbourhood"
    )
    both = own.join(group_digests(above, "neighbourhood"), on="neighbourhood", how="left", suffix="_above")
    digests = [text_digest(f"{one} {other}") for one, other in both.select(DIGEST, f"{DIGEST}_above").iter_rows()]
    sizes = near.group_by("neighbourhood").agg(n_forms=pl.len())
    named = both.select("neighbourhood", pl.Series(DIGEST, digests, dtype=pl.String))
    return named.join(sizes, on="neighbourhood", maintain_order="left")


def cluster_together(
    forms: pl.DataFrame, known: Mapping[Pair, Verdict] | None = None, above: pl.DataFrame | None = None
) -> FormClusters:
    """Cluster a few forms without parting them into neighbourhoods first, which pays for many forms only.

    Args:
        forms: as `cluster_forms` takes them.
        known: verdicts on pairs that need not be found again.
        above: as `cluster_forms` takes it.
    """
    table = read_forms(forms)
    groups = typographic_groups(table.values())
    leaders = [table[group[0]].words for group in groups]
    verdicts = _judge(leaders, known or {})
    leader_of = {name: group[0] for group in groups for name in group}
    components, decisions = _join(table, leaders, verdicts, _shown_above(above, leader_of))
    for leader, *others in groups:
        words = table[leader].words
        scores = 1.0 if words.title else None, 1.0 if words.teaser else None
        same = Verdict(Strength.SAME, reasons.NORMALISED_EQUAL, *scores)
        decisions.update({(leader, other): (True, same) for other in others})
    clusters: dict[str, list[str]] = defaultdict(list)
    for name in table:
        clusters[components.find(leader_of[name])].append(name)
    return FormClusters(_members_frame(table, clusters.values()), _decisions_frame(decisions))


def _known(previous: pl.DataFrame | None, forms: pl.DataFrame) -> Mapping[Pair, Verdict]:
    """Earlier verdicts on some forms that depend on nothing but the pair."""
    if previous is None:
        return {}
    of_pair = previous.filter(~pl.col("reason").is_in(sorted(reasons.NOT_OF_THE_PAIR)))
    rows = of_pair.join(forms.select(form_id_a="form_id"), on="form_id_a", how="semi").select(DECISIONS_SCHEMA.names())
    return {
        (a, b): Verdict(
            Strength.SAME if same else Strength.VETO if reason in reasons.VETOES else Strength.OTHER,
            reason,
            title_similarity,
            text_similarity,
        )
        for a, b, same, reason, title_similarity, text_similarity in rows.iter_rows()
    }


def _shown_above(above: pl.DataFrame | None, leader_of: Mapping[str, str]) -> Mapping[str, set[str]]:
    """For each leader the leaders whose forms stand above one of its forms on some capture."""
    found: dict[str, set[str]] = {leader: set() for leader in leader_of.values()}
    if above is not None:
        for name, other in above.select("form_id", "above_form_id").iter_rows():
            found[leader_of[name]].add(leader_of[other])
    return found


def _judge(leaders: Sequence[Wording], known: Mapping[Pair, Verdict]) -> dict[Pair, Verdict]:
    verdicts = {}
    for a, b in candidate_pairs(leaders):
        pair = (a.form_id, b.form_id)
        earlier = None if a.is_incomplete or b.is_incomplete else known.get(pair)
        verdicts[pair] = earlier or compare(a, b)
    return verdicts


def _join(
    table: Mapping[str, Form],
    leaders: Sequence[Wording],
    verdicts: Mapping[Pair, Verdict],
    above: Mapping[str, set[str]],
) -> tuple[Components, Outcome]:
    """Clusters of the leaders, and what became of every judged pair."""
    by_strength: dict[Strength, list[Pair]] = defaultdict(list)
    for pair, verdict in verdicts.items():
        by_strength[verdict.strength].append(pair)
    foes = by_strength[Strength.VETO] + _shown_together(by_strength, verdicts, above)
    components = Components((words.form_id for words in leaders), foes)
    outcome = {pair: (False, verdicts[pair]) for pair in by_strength[Strength.OTHER] + by_strength[Strength.VETO]}

    def evidence(pair: Pair) -> tuple[int, float, Pair]:
        return reasons.RANK[verdicts[pair].reason], -verdicts[pair].closeness, pair

    for pair in sorted(by_strength[Strength.SAME], key=evidence):
        a, b = pair
        is_beside = a in above[b] or b in above[a]
        refused = reasons.SHOWN_BESIDE if is_beside else reasons.VETO_IN_CLUSTER
        joined = components.join(a, b)
        outcome[pair] = (joined, verdicts[pair] if joined else because(verdicts[pair], refused))

    followers = {pair: verdicts[pair] for pair in by_strength[Strength.PARENT]}
    outcome.update(follow_parents(table, components, followers, above))
    return components, outcome


def _shown_together(
    by_strength: Mapping[Strength, Sequence[Pair]], verdicts: Mapping[Pair, Verdict], above: Mapping[str, set[str]]
) -> list[Pair]:
    """Pairs of wordings that stand on one capture: an edit replaces a wording, so these are two items.

    Wordings with the same words are left alone: a page may print an item twice.
    """
    joinable = {
        name for strength in (Strength.SAME, Strength.PARENT) for pair in by_strength[strength] for name in pair
    }
    pairs = {
        (min(name, other), max(name, other)) for name in joinable for other in above[name] & joinable if name != other
    }
    is_typographic = {pair for pair in by_strength[Strength.SAME] if verdicts[pair].reason == reasons.NORMALISED_EQUAL}
    return sorted(pairs - is_typographic)


def _members_frame(table: Mapping[str, Form], clusters: Iterable[Sequence[str]]) -> pl.DataFrame:
    rows: list[tuple[str, str, str, float]] = []
    for cluster in clusters:
        cluster_id = min(cluster)
        seed = min((table[name] for name in cluster), key=lambda form: form.seed_order)
        rows.extend((name, cluster_id, *_match(seed, table[name])) for name in cluster)
    return pl.DataFrame(rows, schema=MEMBERS_SCHEMA, orient="row").sort("form_id")


def _match(seed: Form, form: Form) -> tuple[str, float]:
    """How a form's words stand to the seed's, and how alike they are."""
    if form is seed:
        return "seed", 1.0
    if (form.title, form.teaser) == (seed.title, seed.teaser):
        return "exact", 1.0
    a, b = seed.words, form.words
    if (a.folded_title, a.folded_text) == (b.folded_title, b.folded_text):
        return "normalised", 1.0
    return "near", mean_similarity(*similarities(a, b))


def _decisions_frame(decisions: Outcome) -> pl.DataFrame:
    rows = [
        (a, b, same, verdict.reason, verdict.title_similarity, verdict.text_similarity)
        for (a, b), (same, verdict) in sorted(decisions.items())
    ]
    return pl.DataFrame(rows, schema=DECISIONS_SCHEMA, orient="row")
