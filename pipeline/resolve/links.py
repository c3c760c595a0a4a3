"""From clusters of teasers and clusters of articles to links: which event an article is the text of.

The decision made here: one article has one event and one event one article, the best evidence first; where two fit
equally well neither is linked. What counts as evidence stands in `link_evidence`. No date is filled in before, and
none is changed here.
"""

import hashlib
from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import astuple
from datetime import timedelta
from itertools import groupby
from typing import Any, Final, TypeAlias

import polars as pl

from pipeline.remember import DIGEST, group_digests, remembered_rows, text_digest
from pipeline.resolve.link_evidence import WINDOW, Evidence, Start, Teaser, judge
from pipeline.resolve.printed import PrintedBodies, with_bodies
from pipeline.resolve.signatures import article_address
from pipeline.resolve.words import normal_texts

_Pair: TypeAlias = tuple[str, str]
"""Event cluster, article cluster."""

_KEY_WORDS: Final = 6
_START: Final = 2500
"""Letters of a body that are compared with teasers, the longest of which have some 1,500."""
_JUDGED_AT_ONCE: Final = 8_000
"""Pairs whose texts are held together; one text stands in many."""
_PAIRS_AT_ONCE: Final = 200_000
"""Pairs that share a key and are looked at together; those of one key always are."""

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

_PAIRS: Final = {"event": pl.String, "article": pl.String}
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
        is the wording that fits best; `capture_id` the capture whose teaser holds the href. `reason` says why, or why
        not: `href`, `text`, `title_only`, `tie` (two fit equally well), `no_match`.
    """
    shown = forms.select("form_id", "published_on", "title", "teaser", "is_cut").join(
        event_members.select("form_id", event="cluster_id"), on="form_id"
    )
    printed = texts.select("text_id", "title", "published_on", "first_captured_at", "body_sha256").join(
        article_members.select("text_id", article="cluster_id"), on="text_id"
    )
    proofs = _proofs(event_members, hrefs, texts, article_members)
    proven = pl.DataFrame(list(proofs), schema=_PAIRS, orient="row")
    pairs = pl.concat([_meeting(shown, printed, bodies), proven]).unique()
    linked, tied = _choose(pairs, proven, shown, printed, bodies)
    rest = _dated_alike(shown, printed, linked)
    later, later_tied = _choose(rest, proven.clear(), shown, printed, bodies)
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


# --- reading ----------------------------------------------------------------------------------------------------------


def _teasers(shown: pl.DataFrame) -> dict[str, list[Teaser]]:
    """The wordings of each event."""
    rows = shown.with_columns(
        normal_title=normal_texts(pl.col("title")), normal_text=normal_texts(pl.col("teaser"))
    ).sort("event", "form_id")
    events: dict[str, list[Teaser]] = {}
    for row in rows.iter_rows(named=True):
        events.setdefault(row["event"], []).append(_teaser(row))
    return events


def _teaser(row: Mapping[str, Any]) -> Teaser:
    repeats_title = row["normal_text"] == row["normal_title"]
    return Teaser(
        row["form_id"],
        row["published_on"],
        row["title"],
        None if repeats_title else row["teaser"] or None,
        row["is_cut"],
        row["normal_title"] or None,
        "" if repeats_title else row["normal_text"] or "",
    )


def _with_starts(printed: pl.DataFrame, bodies: PrintedBodies) -> pl.DataFrame:
    """Texts with the start of their body as `start`."""
    start = pl.col("body").fill_null("").str.slice(0, _START)
    return with_bodies(printed, bodies).with_columns(start=start).drop("body")


def _starts(printed: pl.DataFrame, bodies: PrintedBodies) -> dict[str, list[Start]]:
    """The texts of each article; those that start alike once."""
    rows = (
        _with_starts(printed, bodies)
        .with_columns(normal_title=normal_texts(pl.col("title")), normal_text=normal_texts(pl.col("start")))
        .sort("article", "text_id")
    )
    articles: dict[str, dict[Start, None]] = {}
    for article, day, title, text, normal_title, normal_text in rows.select(
        "article", "published_on", "title", "start", "normal_title", "normal_text"
    ).iter_rows():
        articles.setdefault(article, {}).setdefault(Start(day, title, text, normal_title or None, normal_text))
    return {article: list(starts) for article, starts in articles.items()}


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


def _meeting(shown: pl.DataFrame, printed: pl.DataFrame, bodies: PrintedBodies) -> pl.DataFrame:
    """Pairs of an event and an article that share a key and that no day speaks against.

    Recurring titles make millions of pairs, nearly all of them years apart: a few keys are joined at a time, and only
    pairs that stand the test of their days go on.
    """

    def of_teasers(missing: pl.Series) -> pl.DataFrame:
        rows = shown.join(missing.to_frame("form_id"), on="form_id", how="semi")
        read = [
            (teaser.form_id, teaser.normal_title, teaser.normal_text)
            for each in _teasers(rows).values()
            for teaser in each
        ]
        return _key_rows(read)

    def of_texts(missing: pl.Series) -> pl.DataFrame:
        rows = printed.join(missing.to_frame("text_id"), on="text_id", how="semi")
        read = _with_starts(rows, bodies).select(
            "text_id", normal_texts(pl.col("title")), normal_texts(pl.col("start"))
        )
        return _key_rows(read.iter_rows())

    events, articles = _event_days(shown), _article_days(printed)
    of_event = (
        shown.select("event", "form_id")
        .join(remembered_rows("link-keys-of-teasers", shown["form_id"], of_teasers), left_on="form_id", right_on=DIGEST)
        .join(events.select("event", "event_no"), on="event")
        .select("event_no", key="keys")
    )
    of_article = (
        printed.select("article", "text_id")
        .join(remembered_rows("link-keys-of-texts", printed["text_id"], of_texts), left_on="text_id", right_on=DIGEST)
        .join(articles.select("article", "article_no"), on="article")
        .select("article_no", key="keys")
    )
    keyed = of_event.explode("key").drop_nulls().unique()
    keyed_articles = of_article.explode("key").drop_nulls().unique()
    n_pairs = (
        keyed.join(keyed_articles.group_by("key").agg(n=pl.len()), on="key").group_by("key").agg(pl.col("n").sum())
    )
    parts = n_pairs.sort("key").select("key", part=(pl.col("n").cum_sum() - 1) // _PAIRS_AT_ONCE)
    found = [
        _may_fit(
            keyed.join(keys, on="key").join(keyed_articles, on="key").select("event_no", "article_no").unique(),
            events,
            articles,
        )
        for keys in parts.partition_by("part", include_key=False)
    ]
    near = pl.concat([pl.DataFrame(schema={"event_no": pl.UInt32, "article_no": pl.UInt32}), *found]).unique()
    return near.join(events, on="event_no").join(articles, on="article_no").select(_PAIRS.keys())


def _key_rows(read: Iterable[tuple[str, str | None, str]]) -> pl.DataFrame:
    rows = [(name, [_key_number(key) for key in _keys(title or None, text)]) for name, title, text in read]
    return pl.DataFrame(rows, schema={DIGEST: pl.String, "keys": pl.List(pl.UInt64)}, orient="row")


def _key_number(key: str) -> int:
    """A number for a key: two keys of one number would only meet, and be judged by their words."""
    return int.from_bytes(hashlib.blake2b(key.encode("utf-8", "surrogatepass"), digest_size=8).digest())


def _event_days(shown: pl.DataFrame) -> pl.DataFrame:
    """Each event's number, its days, the first of them."""
    days = pl.col("published_on").drop_nulls().unique()
    return shown.group_by("event").agg(announced=days, first_day=days.min()).sort("event").with_row_index("event_no")


def _article_days(printed: pl.DataFrame) -> pl.DataFrame:
    """Each article's number, its days, its first capture."""
    days = pl.col("published_on").drop_nulls().unique()
    captured_on = pl.col("first_captured_at").min().dt.date()
    return (
        printed.group_by("article").agg(days=days, captured_on=captured_on).sort("article").with_row_index("article_no")
    )


def _may_fit(pairs: pl.DataFrame, events: pl.DataFrame, articles: pl.DataFrame) -> pl.DataFrame:
    """Pairs that no day speaks against: printed days near each other, no capture before the publication."""
    known = pairs.join(events.select("event_no", "first_day"), on="event_no").join(
        articles.select("article_no", "captured_on", is_dated=pl.col("days").list.len() > 0), on="article_no"
    )
    both_printed = pl.col("first_day").is_not_null() & pl.col("is_dated")
    too_early = (pl.col("first_day") - timedelta(days=1) > pl.col("captured_on")).fill_null(value=False)
    near = (
        known.filter(both_printed)
        .select("event_no", "article_no")
        .join(events.select("event_no", "announced").explode("announced"), on="event_no")
        .join(articles.select("article_no", "days").explode("days"), on="article_no")
        .filter((pl.col("announced") - pl.col("days")).abs() <= WINDOW)
    )
    numbers = ["event_no", "article_no"]
    return pl.concat([near.select(numbers), known.filter(~both_printed & ~too_early).select(numbers)])


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


def _choose(
    pairs: pl.DataFrame, proven: pl.DataFrame, shown: pl.DataFrame, printed: pl.DataFrame, bodies: PrintedBodies
) -> tuple[dict[_Pair, Evidence], set[str]]:
    """The pairs that win on both sides, and the articles that two events fit equally well.

    What an href or an exact start proves goes before what words make likely, so words are compared only of what is
    left: most pairs are of one recurring item, and each of their sides belongs to another.
    """
    sure = _judge(pairs, proven, shown, printed, bodies, by_words=False)
    linked, tied, taken = _one_to_one(sure, set())
    settled = pl.Series(sorted(taken), dtype=pl.String).implode()
    left = pairs.filter(~pl.col("event").is_in(settled) & ~pl.col("article").is_in(settled))
    alike = _judge(left, proven.clear(), shown, printed, bodies, by_words=True)
    more, more_tied, _ = _one_to_one(alike, taken)
    return linked | more, tied | more_tied


def _judge(
    pairs: pl.DataFrame,
    proven: pl.DataFrame,
    shown: pl.DataFrame,
    printed: pl.DataFrame,
    bodies: PrintedBodies,
    *,
    by_words: bool,
) -> dict[_Pair, Evidence]:
    """The evidence for each pair that has any: by href and exact start, or else by words."""
    of_event = group_digests(shown.select("event", "form_id", "is_cut"), "event").rename({DIGEST: "of_event"})
    of_article = group_digests(printed.select("article", "text_id"), "article").rename({DIGEST: "of_article"})
    marked = pairs.join(proven.with_columns(is_proven=pl.lit(value=True)), on=["event", "article"], how="left")
    # pairs of one recurring item stand together, so that its texts are taken to their words once
    named = (
        marked.join(of_event, on="event")
        .join(of_article, on="article")
        .with_columns(pl.col("is_proven").fill_null(value=False))
        .sort(pl.col("article").min().over("event"), "event", "article")
    )
    names = [
        text_digest(f"{one} {two} {is_proven} {by_words}")
        for one, two, is_proven in named.select("of_event", "of_article", "is_proven").iter_rows()
    ]
    named = named.with_columns(pl.Series(DIGEST, names, dtype=pl.String))

    def make(missing: pl.Series) -> pl.DataFrame:
        part = named.join(missing.to_frame(), on=DIGEST, how="semi")
        events = _teasers(shown.join(part, on="event", how="semi"))
        articles = _starts(printed.join(part, on="article", how="semi"), bodies)
        found = [
            (digest, judge(events[event], articles[article], is_proven=is_proven, by_words=by_words))
            for event, article, is_proven, digest in part.select(*_PAIRS, "is_proven", DIGEST).iter_rows()
        ]
        rows = [(digest, *(nothing if evidence is None else astuple(evidence))) for digest, evidence in found]
        return pl.DataFrame(rows, schema={DIGEST: pl.String, **_EVIDENCE}, orient="row")

    nothing = (None,) * len(_EVIDENCE)
    found = named.join(
        remembered_rows("link-evidence", named[DIGEST], make, _JUDGED_AT_ONCE).drop("is_proven").drop_nulls("form_id"),
        on=DIGEST,
    )
    rows = found.select(*_PAIRS, *_EVIDENCE).sort(_PAIRS.keys()).iter_rows()
    return {(event, article): Evidence(*evidence) for event, article, *evidence in rows}


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
    used = pl.DataFrame(list(linked), schema=_PAIRS, orient="row")
    return _days_near(shown.join(used, on="event", how="anti"), printed.join(used, on="article", how="anti"))


def _days_near(shown: pl.DataFrame, printed: pl.DataFrame) -> pl.DataFrame:
    """Pairs with printed days at most `WINDOW` apart."""
    of_event, of_article = _days(shown, "event"), _days(printed, "article")
    apart = range(-WINDOW.days, WINDOW.days + 1)
    found = [of_event.join(of_article.with_columns(pl.col("day") + timedelta(days=days)), on="day") for days in apart]
    return pl.concat(found).select(_PAIRS.keys()).unique()


def _days(rows: pl.DataFrame, cluster: str) -> pl.DataFrame:
    """The days printed with each cluster's wordings or texts."""
    return rows.select(cluster, day="published_on").drop_nulls().unique()
