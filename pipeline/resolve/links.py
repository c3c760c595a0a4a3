"""From clusters of teasers and clusters of articles to links: which event an article is the text of.

The decision made here: one article has one event and one event one article, the best evidence first; where two fit
equally well neither is linked. Which pairs are looked at stands in `link_pairs`, what counts as evidence in
`link_evidence`. No date is filled in before, and none is changed here.
"""

from collections import Counter
from collections.abc import Callable, Collection, Mapping
from dataclasses import astuple, dataclass
from itertools import groupby
from typing import Final, TypeAlias

import polars as pl

from pipeline.remember import DIGEST, group_digests, remembered_rows, text_digest
from pipeline.resolve.link_evidence import Evidence, judge, judge_sure
from pipeline.resolve.link_pairs import PAIRS, days_near, meeting
from pipeline.resolve.link_texts import read_starts, read_teasers
from pipeline.resolve.printed import PrintedBodies
from pipeline.resolve.signatures import article_address

_Pair: TypeAlias = tuple[str, str]
"""Event cluster, article cluster."""

LINKS: Final[dict[str, pl.DataType | type[pl.DataType]]] = {
    "article_cluster": pl.String,
    "event_cluster": pl.String,
    "method": pl.String,
    "similarity": pl.Float64,
    "form_id": pl.String,
    "capture_id": pl.String,
    "reason": pl.String,
}
"""Columns of the links between clusters."""

_EVIDENCE: Final[dict[str, type[pl.DataType]]] = {
    "form_id": pl.String,
    "is_proven": pl.Boolean,
    "text_share": pl.Float64,
    "is_whole": pl.Boolean,
    "has_same_title": pl.Boolean,
    "title_share": pl.Float64,
    "is_same_day": pl.Boolean,
}
"""The fields of `Evidence`; all null where there is none."""


@dataclass(frozen=True, slots=True)
class _Sides:
    """What is linked."""

    shown: pl.DataFrame
    """Wordings: event, form_id, published_on, title, teaser, is_cut."""
    printed: pl.DataFrame
    """Texts: article, text_id, title, published_on, first_captured_at, body_sha256."""
    bodies: PrintedBodies
    of_event: pl.DataFrame
    """event, of_event: a digest of its wordings."""
    of_article: pl.DataFrame
    """article, of_article: a digest of its texts."""


def link_events(
    forms: pl.DataFrame,
    event_members: pl.DataFrame,
    hrefs: pl.DataFrame,
    texts: pl.DataFrame,
    article_members: pl.DataFrame,
    bodies: PrintedBodies,
) -> pl.DataFrame:
    """Link articles with events.

    Args:
        forms: form_id, published_on, title, teaser, is_cut of the distinct teaser wordings.
        event_members: form_id, cluster_id.
        hrefs: form_id, href_urlkey, capture_id: teasers whose link the dump kept, any number per wording.
        texts: columns `signatures.TEXTS`.
        article_members: text_id, cluster_id.
        bodies: the texts' bodies.

    Returns:
        `LINKS`, one row per article cluster, sorted. `event_cluster` is null with the method `article_only`. `form_id`
        is the wording that fits best; `capture_id` the capture whose teaser holds the href, else null. `reason` says
        why, or why not: `href`, `text`, `title_only`, `tie` (two fit equally well), `no_match`.
    """
    shown = forms.select("form_id", "published_on", "title", "teaser", "is_cut").join(
        event_members.select("form_id", event="cluster_id"), on="form_id"
    )
    printed = texts.select("text_id", "title", "published_on", "first_captured_at", "body_sha256").join(
        article_members.select("text_id", article="cluster_id"), on="text_id"
    )
    proofs = _proofs(event_members, hrefs, texts, article_members)
    proven = pl.DataFrame(list(proofs), schema=PAIRS, orient="row")
    pairs = pl.concat([meeting(shown, printed, bodies), proven]).unique()
    of_event = group_digests(shown.select("event", "form_id", "is_cut"), "event").rename({DIGEST: "of_event"})
    of_article = group_digests(printed.select("article", "text_id"), "article").rename({DIGEST: "of_article"})
    sides = _Sides(shown, printed, bodies, of_event, of_article)
    linked, tied = _choose(pairs, proven, sides)
    rest = _dated_alike(shown, printed, linked)
    later, later_tied = _choose(rest, proven.clear(), sides)
    linked |= later
    by_article = {article: (event, evidence) for (event, article), evidence in linked.items()}
    rows: list[tuple[str, str | None, str, float | None, str | None, str | None, str]] = []
    for name in sorted(article_members["cluster_id"].unique()):
        if name not in by_article:
            reason = "tie" if name in tied | later_tied else "no_match"
            rows.append((name, None, "article_only", None, None, None, reason))
            continue
        event, evidence = by_article[name]
        capture = proofs.get((event, name))
        method = "text" if capture is None else "href"
        reason = method if evidence.text_share is not None or capture is not None else "title_only"
        rows.append((name, event, method, evidence.similarity, evidence.form_id, capture, reason))
    return pl.DataFrame(rows, schema=LINKS, orient="row")


def _proofs(
    event_members: pl.DataFrame, hrefs: pl.DataFrame, texts: pl.DataFrame, article_members: pl.DataFrame
) -> dict[_Pair, str]:
    """Pairs that an href proves, with the first capture that shows it; an address of two articles proves nothing."""
    clusters: dict[str, set[str]] = {}
    for urlkey, cluster in (
        texts.select("text_id", "urlkey")
        .join(article_members.select("text_id", "cluster_id"), on="text_id")
        .select("urlkey", "cluster_id")
        .unique()
        .iter_rows()
    ):
        address = article_address(urlkey)
        if address is not None:
            clusters.setdefault(address.key, set()).add(cluster)
    found: dict[_Pair, str] = {}
    shown = hrefs.filter(pl.col("href_urlkey").is_not_null()).join(
        event_members.select("form_id", "cluster_id"), on="form_id"
    )
    for event, urlkey, capture in (
        shown.group_by("cluster_id", "href_urlkey").agg(pl.col("capture_id").min()).sort(pl.all()).iter_rows()
    ):
        address = article_address(urlkey)
        target = clusters.get(address.key, set()) if address is not None else set()
        if len(target) == 1:
            pair = (event, next(iter(target)))
            found[pair] = min(capture, found.get(pair, capture))
    return found


def _choose(pairs: pl.DataFrame, proven: pl.DataFrame, sides: _Sides) -> tuple[dict[_Pair, Evidence], set[str]]:
    """The pairs that win on both sides, and the articles that two events fit equally well.

    What nothing can outrank goes first, so words are compared only of what is left: most pairs are of one recurring
    item, and each of their sides belongs to another.
    """
    sure = _judge(pairs, proven, sides, only_sure=True)
    linked, tied, taken = _one_to_one(sure, set())
    settled = pl.Series(sorted(taken), dtype=pl.String).implode()
    left = pairs.filter(~pl.col("event").is_in(settled) & ~pl.col("article").is_in(settled))
    found = _judge(left, proven.clear(), sides, only_sure=False)
    more, more_tied, _ = _one_to_one(found, taken)
    return linked | more, tied | more_tied


def _judge(pairs: pl.DataFrame, proven: pl.DataFrame, sides: _Sides, *, only_sure: bool) -> dict[_Pair, Evidence]:
    """The evidence for each pair that has any, or any that nothing can outrank."""
    marked = pairs.join(proven.with_columns(is_proven=pl.lit(value=True)), on=["event", "article"], how="left")
    # pairs of one recurring item stand together, so that its texts are taken to their words once
    named = (
        marked.join(sides.of_event, on="event")
        .join(sides.of_article, on="article")
        .with_columns(pl.col("is_proven").fill_null(value=False))
        .sort(pl.col("article").min().over("event"), "event", "article")
    )
    names = [
        text_digest(f"{one} {two} {is_proven} {only_sure}")
        for one, two, is_proven in named.select("of_event", "of_article", "is_proven").iter_rows()
    ]
    named = named.with_columns(pl.Series(DIGEST, names, dtype=pl.String))

    def pick(missing: pl.Series) -> _Picked:
        part = named.join(missing.to_frame(), on=DIGEST, how="semi").select(*PAIRS, "is_proven", DIGEST)
        shown = sides.shown.join(part, on="event", how="semi")
        printed = sides.printed.join(part, on="article", how="semi")
        return part, shown, printed, sides.bodies.only(printed["body_sha256"])

    make = _sure_evidence if only_sure else _evidence
    judged = remembered_rows("link-evidence", named[DIGEST], pick, make).drop("is_proven").drop_nulls("form_id")
    found = named.join(judged, on=DIGEST)
    rows = found.select(*PAIRS, *_EVIDENCE).sort(PAIRS.keys()).iter_rows()
    return {(event, article): Evidence(*evidence) for event, article, *evidence in rows}


_Picked: TypeAlias = tuple[pl.DataFrame, pl.DataFrame, pl.DataFrame, PrintedBodies]
"""`PAIRS` with is_proven and a digest; the wordings of their events; the texts of their articles; the texts' bodies."""


def _evidence(picked: _Picked) -> pl.DataFrame:
    return _evidence_of(picked, judge)


def _sure_evidence(picked: _Picked) -> pl.DataFrame:
    return _evidence_of(picked, judge_sure)


def _evidence_of(picked: _Picked, judged_by: Callable[..., Evidence | None]) -> pl.DataFrame:
    """`_EVIDENCE` for each pair, by its digest."""
    pairs, shown, printed, bodies = picked
    events, articles = read_teasers(shown), read_starts(printed, bodies)
    found = [
        (digest, judged_by(events[event], articles[article], is_proven=is_proven))
        for event, article, is_proven, digest in pairs.iter_rows()
    ]
    nothing = (None,) * len(_EVIDENCE)
    rows = [(digest, *(nothing if evidence is None else astuple(evidence))) for digest, evidence in found]
    return pl.DataFrame(rows, schema={DIGEST: pl.String, **_EVIDENCE}, orient="row")


def _one_to_one(
    edges: Mapping[_Pair, Evidence], settled: Collection[str]
) -> tuple[dict[_Pair, Evidence], set[str], set[str]]:
    """The pairs that win on both sides, the articles that two events fit equally well, and all that is settled now."""
    linked: dict[_Pair, Evidence] = {}
    taken = set(settled)
    tied: set[str] = set()
    ranked = sorted(edges, key=lambda pair: (edges[pair].rank, pair), reverse=True)
    for _, group in groupby(ranked, key=lambda pair: edges[pair].rank):
        open_pairs = [pair for pair in group if taken.isdisjoint(pair)]
        n_partners = Counter(side for pair in open_pairs for side in pair)
        for pair in open_pairs:
            if n_partners[pair[0]] == n_partners[pair[1]] == 1:
                linked[pair] = edges[pair]
            else:
                tied.add(pair[1])
        taken.update(side for pair in open_pairs for side in pair)
    return linked, tied, taken


def _dated_alike(shown: pl.DataFrame, printed: pl.DataFrame, linked: Mapping[_Pair, Evidence]) -> pl.DataFrame:
    """Pairs of the rest whose printed days meet: neither title nor first words need to be the same."""
    used = pl.DataFrame(list(linked), schema=PAIRS, orient="row")
    return days_near(shown.join(used, on="event", how="anti"), printed.join(used, on="article", how="anti"))
