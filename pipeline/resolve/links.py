"""From clusters of teasers and clusters of articles to links: which event an article is the text of.

The decision made here: one article has one event and one event one article, the best evidence first; where two fit
equally well neither is linked. What counts as evidence stands in `link_evidence`. No date is filled in before, and
none is changed here.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby
from typing import Final, TypeAlias

import polars as pl

from pipeline.resolve.link_evidence import WINDOW, Evidence, Start, Teaser, judge
from pipeline.resolve.signatures import article_address
from pipeline.resolve.words import normal_texts

_Pair: TypeAlias = tuple[str, str]
"""Event cluster, article cluster."""

_KEY_WORDS: Final = 6
_START: Final = 2500
"""Letters of a body that are compared with teasers, the longest of which have some 1,500."""

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


@dataclass(slots=True)
class _Event:
    """A cluster of teaser wordings."""

    teasers: list[Teaser]

    @property
    def days(self) -> set[date]:
        return {teaser.published_on for teaser in self.teasers if teaser.published_on is not None}


@dataclass(slots=True)
class _Article:
    """A cluster of article texts."""

    starts: list[Start]
    captured_on: date | None
    """Day of the first capture."""

    @property
    def days(self) -> set[date]:
        return {start.published_on for start in self.starts if start.published_on is not None}


def link_events(
    forms: pl.DataFrame,
    event_members: pl.DataFrame,
    hrefs: pl.DataFrame,
    texts: pl.DataFrame,
    article_members: pl.DataFrame,
) -> pl.DataFrame:
    """Link articles with events.

    Args:
        forms: form_id, published_on, title, teaser, is_cut of the distinct teaser wordings.
        event_members: form_id, cluster_id.
        hrefs: form_id, href_urlkey, capture_id: teasers whose link the dump kept, any number per wording.
        texts: columns `signatures.TEXTS`.
        article_members: text_id, cluster_id.

    Returns:
        `LINKS`, one row per article cluster, sorted. `event_cluster` is null with the method `article_only`. `form_id`
        is the wording that fits best; `capture_id` the capture whose teaser holds the href. `reason` says why, or why
        not: `href`, `text`, `title_only`, `tie` (two fit equally well), `no_match`.
    """
    events, event_keys = _read_events(forms, event_members)
    articles, article_keys = _read_articles(texts, article_members)
    proofs = _proofs(event_members, hrefs, texts, article_members)
    pairs = {pair for pair in _meeting(event_keys, article_keys) if _may_fit(events[pair[0]], articles[pair[1]])}
    edges = _judge(pairs | proofs.keys(), events, articles, proofs)
    linked, tied = _one_to_one(edges)
    rest = _dated_alike(events, articles, linked)
    later, later_tied = _one_to_one(_judge(rest, events, articles, {}))
    linked |= later
    by_article = {article: (event, evidence) for (event, article), evidence in linked.items()}
    rows: list[tuple[str, str | None, str, float | None, str | None, str | None, str]] = []
    for name in sorted(articles):
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


# --- reading ----------------------------------------------------------------------------------------------------------


def _read_events(forms: pl.DataFrame, members: pl.DataFrame) -> tuple[dict[str, _Event], dict[str, set[str]]]:
    """Events by cluster, and the clusters under each key."""
    joined = (
        forms.select("form_id", "published_on", "title", "teaser", "is_cut")
        .join(members.select("form_id", "cluster_id"), on="form_id")
        .with_columns(normal_title=normal_texts(pl.col("title")), normal_text=normal_texts(pl.col("teaser")))
        .sort("cluster_id", "form_id")
    )
    events: dict[str, _Event] = {}
    keys: dict[str, set[str]] = {}
    for row in joined.iter_rows(named=True):
        repeats_title = row["normal_text"] == row["normal_title"]
        teaser = Teaser(
            row["form_id"],
            row["published_on"],
            row["title"],
            None if repeats_title else row["teaser"] or None,
            row["is_cut"],
            row["normal_title"] or None,
            "" if repeats_title else row["normal_text"] or "",
        )
        events.setdefault(row["cluster_id"], _Event([])).teasers.append(teaser)
        for key in _keys(teaser.normal_title, teaser.normal_text):
            keys.setdefault(key, set()).add(row["cluster_id"])
    return events, keys


def _read_articles(texts: pl.DataFrame, members: pl.DataFrame) -> tuple[dict[str, _Article], dict[str, set[str]]]:
    """Articles by cluster, and the clusters under each key; texts that start alike are read once."""
    joined = (
        texts.select(
            "text_id",
            "title",
            "published_on",
            "first_captured_at",
            start=pl.col("body").fill_null("").str.slice(0, _START),
        )
        .join(members.select("text_id", "cluster_id"), on="text_id")
        .with_columns(normal_title=normal_texts(pl.col("title")), normal_text=normal_texts(pl.col("start")))
        .sort("cluster_id", "text_id")
    )
    articles: dict[str, _Article] = {}
    keys: dict[str, set[str]] = {}
    for row in joined.iter_rows(named=True):
        article = articles.setdefault(row["cluster_id"], _Article([], None))
        at = row["first_captured_at"]
        if at is not None and (article.captured_on is None or at.date() < article.captured_on):
            article.captured_on = at.date()
        start = Start(row["published_on"], row["title"], row["start"], row["normal_title"] or None, row["normal_text"])
        if start not in article.starts:
            article.starts.append(start)
        for key in _keys(row["normal_title"], row["normal_text"]):
            keys.setdefault(key, set()).add(row["cluster_id"])
    return articles, keys


def _keys(title: str | None, text: str) -> Iterable[str]:
    """What a teaser and its article share: the title, the first words, the next words."""
    if title:
        yield f"title {title}"
    words = text[:400].split(" ", 2 * _KEY_WORDS)
    if len(words) > _KEY_WORDS:
        yield f"first {' '.join(words[:_KEY_WORDS])}"
    elif text and title:
        yield f"short {title} {text}"
    if len(words) > 2 * _KEY_WORDS:
        yield f"next {' '.join(words[_KEY_WORDS : 2 * _KEY_WORDS])}"


def _meeting(event_keys: Mapping[str, set[str]], article_keys: Mapping[str, set[str]]) -> set[_Pair]:
    return {
        (event, article)
        for key, events in event_keys.items()
        if key in article_keys
        for event in events
        for article in article_keys[key]
    }


def _may_fit(event: _Event, article: _Article) -> bool:
    """Whether no day speaks against the pair: printed days near each other, no capture before the publication."""
    days, printed = event.days, article.days
    if days and printed:
        return min(abs(a - b) for a in days for b in printed) <= WINDOW
    return not days or article.captured_on is None or min(days) - timedelta(days=1) <= article.captured_on


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


# --- choosing ---------------------------------------------------------------------------------------------------------


def _judge(
    pairs: Iterable[_Pair], events: Mapping[str, _Event], articles: Mapping[str, _Article], proofs: Mapping[_Pair, str]
) -> dict[_Pair, Evidence]:
    """The evidence for each pair that has any."""
    edges = {}
    for pair in sorted(pairs):
        is_proven = pair in proofs
        evidence = judge(events[pair[0]].teasers, articles[pair[1]].starts, is_proven=is_proven)
        if evidence is not None:
            edges[pair] = evidence
    return edges


def _one_to_one(edges: Mapping[_Pair, Evidence]) -> tuple[dict[_Pair, Evidence], set[str]]:
    """The pairs that win on both sides, and the articles that two events fit equally well."""
    linked: dict[_Pair, Evidence] = {}
    taken: set[str] = set()
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
    return linked, tied


def _dated_alike(
    events: Mapping[str, _Event], articles: Mapping[str, _Article], linked: Mapping[_Pair, Evidence]
) -> set[_Pair]:
    """Pairs of the rest whose printed days meet: neither title nor first words need to be the same."""
    used = {side for pair in linked for side in pair}
    by_day: dict[date, list[str]] = {}
    for name, event in events.items():
        if name not in used:
            for day in event.days:
                by_day.setdefault(day, []).append(name)
    reach = range(-WINDOW.days, WINDOW.days + 1)
    return {
        (event, name)
        for name, article in articles.items()
        if name not in used
        for day in article.days
        for apart in reach
        for event in by_day.get(day + timedelta(days=apart), ())
    }
