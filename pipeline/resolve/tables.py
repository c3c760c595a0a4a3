"""All resolved tables from the observations of a build: clusters first, then links, then ids, then what is filled in.

The order is the point (design.md, "The way of the data"): clusters need no dates, links need no ids, and filling a date
never changes a cluster. Pure: frames in, frames out.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial

import polars as pl

from pipeline.resolve.article_tables import article_statements, describe_articles, whole_articles
from pipeline.resolve.articles import ArticleClusters, cluster_articles
from pipeline.resolve.counters import summarise_counters
from pipeline.resolve.coverage import coverage
from pipeline.resolve.event_tables import describe_events, opening, shown_wordings
from pipeline.resolve.events import cluster_forms
from pipeline.resolve.ids import ARTICLE, EVENT, Assigned, assign_ids, event_form_id
from pipeline.resolve.links import link_events
from pipeline.resolve.list_order import printed_above
from pipeline.resolve.observation_tables import (
    Listed,
    Numbers,
    article_observations,
    event_sightings,
    listed_events,
    pages_with_sections,
    teaser_observations,
)
from pipeline.resolve.observed import Seen, distinct_forms, distinct_texts, links_of_teasers
from pipeline.resolve.printed import PrintedBodies, pieces_with_bodies
from pipeline.resolve.release import UNRELEASED, Register, as_published
from pipeline.resolve.sections import list_sections
from pipeline.resolve.signatures import TEXTS
from pipeline.resolve.version_redirects import redirect_versions
from pipeline.resolve.versions import Versions, find_versions
from schemas.render import polars_schema


@dataclass(frozen=True, slots=True)
class Observations:
    """What resolve works on: observations that belong to captures, a range of captures at a time."""

    ranges: Iterable[Seen]
    """All captures and what stands on them; looked through several times."""
    forms: pl.DataFrame
    """form, form_id, published_on, title, teaser; one row per form, `form` its number in the order of the ids."""
    bodies: PrintedBodies
    """The bodies of all articles."""
    counters: Iterable[pl.DataFrame]
    """Rows of `counter_observations`, in pieces."""
    broken: pl.DataFrame
    """table, row_key, column, rule, row, capture_id: rows that row rules took out."""


@dataclass(frozen=True, slots=True)
class Resolved:
    """What comes of them."""

    tables: Mapping[str, pl.DataFrame]
    """Tables of the stage that memory holds, rows in no particular order."""
    pieces: Mapping[str, Iterator[pl.DataFrame]]
    """Tables whose size is that of the dump or that hold whole texts: rows in the order of their keys, some at once."""


@dataclass(frozen=True, slots=True)
class _Articles:
    """Articles with their ids."""

    texts: pl.DataFrame
    """Distinct texts, with article_id and version_id."""
    clusters: ArticleClusters
    assigned: Assigned
    versions: Versions


@dataclass(frozen=True, slots=True)
class _Events:
    """Events with their ids."""

    forms: pl.DataFrame
    """Every form of an event, those made from articles included, with event_id."""
    links: pl.DataFrame
    """Rows of `event_article_links`."""
    assigned: Assigned


def resolve_tables(seen: Observations, register: Register, earlier_decisions: pl.DataFrame | None = None) -> Resolved:
    """Every table of the stage.

    Args:
        seen: the observations.
        register: what the previous release published.
        earlier_decisions: decisions of an earlier build, which save comparing the same pairs again.
    """
    ranges = seen.ranges
    forms = distinct_forms(ranges, seen.forms)
    members = cluster_forms(forms, earlier_decisions, printed_above((some.teasers for some in ranges), forms))
    texts, printed = distinct_texts(ranges)
    articles = _resolve_articles(texts, seen.bodies, register)
    hrefs = links_of_teasers(ranges, forms)
    found = link_events(forms, members.members, hrefs, articles.texts, articles.clusters.members, seen.bodies)
    events = _resolve_events(forms.join(members.members, on="form_id"), articles, found, register, seen.bodies)
    numbers = _numbers(events, articles, printed)
    described = describe_events(
        shown_wordings(events.forms),
        event_sightings(ranges, numbers),
        _main_articles(events.links, articles.texts),
    )
    article_rows = describe_articles(
        articles.texts,
        articles.versions.versions,
        articles.versions.articles,
        _for_articles(events.links, described.events),
        seen.bodies.languages,
    )
    tables = {
        "events": described.events,
        "event_speakers": described.event_speakers,
        "event_countries": described.event_countries,
        "event_forms": events.forms,
        "event_match_decisions": members.decisions,
        "event_article_links": events.links,
        "article_forms": _article_forms(articles),
        "statements": article_statements(article_rows, seen.bodies),
        "counters": summarise_counters(seen.counters),
        "coverage": _coverage(ranges, numbers),
        "quarantine": _quarantine(seen.broken, described.problems),
        "id_redirects": _redirects(articles, events, register, seen.bodies),
    }
    pieces = {
        "articles": whole_articles(article_rows, seen.bodies),
        "article_versions": pieces_with_bodies(articles.versions.versions, seen.bodies),
        "teaser_observations": (teaser_observations(some, numbers) for some in ranges),
        "article_observations": (article_observations(some, numbers) for some in ranges),
    }
    return Resolved(
        {name: _as_published(name, frame) for name, frame in tables.items()},
        {name: map(partial(_as_published, name), frames) for name, frames in pieces.items()},
    )


def _as_published(name: str, frame: pl.DataFrame) -> pl.DataFrame:
    return frame.select(polars_schema(name).names()).cast(polars_schema(name))


def _resolve_articles(texts: pl.DataFrame, bodies: PrintedBodies, register: Register) -> _Articles:
    comparable = texts.select(TEXTS.keys())
    clusters = cluster_articles(comparable, bodies)
    assigned = assign_ids(clusters.forms, register.articles, register.redirects, prefix=ARTICLE, release=UNRELEASED)
    versions = find_versions(
        comparable, clusters.members, assigned.clusters, register.versions, assigned.redirects, bodies
    )
    return _Articles(texts.join(versions.texts, on="text_id"), clusters, assigned, versions)


def _resolve_events(
    forms: pl.DataFrame, articles: _Articles, found: pl.DataFrame, register: Register, bodies: PrintedBodies
) -> _Events:
    """Make an event of every article that no teaser announces, and give ids to all events.

    An article's own forms stand in its event's cluster while ids are given, so that an event first known from its
    article keeps its id when a teaser turns up; they come last and so never seed an id.
    """
    ids = articles.assigned.clusters.rename({"cluster_id": "article_cluster", "id": "article_id"})
    shown_by = forms.select("form_id", shown_by="source_capture_id")
    links = (
        found.join(ids, on="article_cluster")
        .join(shown_by, on="form_id", how="left")
        .with_columns(capture_id=pl.coalesce("capture_id", "shown_by"))
    )
    own, own_forms = _own_wordings(links.filter(pl.col("event_cluster").is_null()), articles, bodies)
    own_forms = own_forms.join(forms, on="form_id", how="anti")
    cluster_of = forms.select("form_id", event_cluster="cluster_id", capture_id="source_capture_id")
    same_wording = own.join(cluster_of, on="form_id", how="left").select(
        "article_id",
        pl.coalesce("event_cluster", "form_id").alias("event_cluster"),
        pl.when(pl.col("event_cluster").is_null())
        .then(pl.lit("article_only"))
        .otherwise(pl.lit("text"))
        .alias("method"),
        pl.when(pl.col("event_cluster").is_not_null()).then(pl.lit(1.0)).alias("similarity"),
        "capture_id",
    )
    linked = pl.concat(
        [
            links.filter(pl.col("event_cluster").is_not_null()).select(same_wording.columns),
            same_wording,
        ]
    )
    all_forms = pl.concat([forms, own_forms.select(forms.columns)])
    article_forms = (
        articles.assigned.members.select("form_id", pl.col("id").alias("article_id"))
        .join(linked, on="article_id")
        .select(
            "form_id",
            pl.col("event_cluster").alias("cluster_id"),
            pl.lit(None, dtype=pl.Datetime("us", "UTC")).alias("first_captured_at"),
        )
    )
    assigned = assign_ids(
        pl.concat([all_forms.select(article_forms.columns), article_forms]),
        register.events,
        register.redirects,
        prefix=EVENT,
        release=UNRELEASED,
    )
    named = assigned.members.select(
        "form_id", pl.col("id").alias("event_id"), "is_seed", as_published(pl.col("since_release"))
    )
    event_of = assigned.clusters.select(pl.col("cluster_id").alias("event_cluster"), pl.col("id").alias("event_id"))
    return _Events(all_forms.join(named, on="form_id"), linked.join(event_of, on="event_cluster"), assigned)


def _own_wordings(
    unlinked: pl.DataFrame, articles: _Articles, bodies: PrintedBodies
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The wording each unlinked article gives its event: article_id with form_id, and the forms themselves."""
    newest = articles.versions.articles.join(
        articles.versions.versions.select("version_id", "title", "body_sha256", "source_capture_id"),
        left_on="newest_version_id",
        right_on="version_id",
    )
    span = articles.texts.group_by("article_id").agg(
        pl.col("first_captured_at").min(),
        pl.col("last_captured_at").max(),
        published_on=pl.col("published_on")
        .filter(pl.col("published_on").is_not_null())
        .sort_by(
            pl.col("last_captured_at").filter(pl.col("published_on").is_not_null()),
            pl.col("text_id").filter(pl.col("published_on").is_not_null()),
        )
        .last(),
    )
    rows = unlinked.select("article_id").join(newest, on="article_id").join(span, on="article_id").sort("article_id")
    teasers = [
        None if body is None else opening(body) or None
        for piece in pieces_with_bodies(rows.select("body_sha256"), bodies)
        for body in piece["body"]
    ]
    worded = rows.with_columns(teaser=pl.Series(teasers, dtype=pl.String))
    names = [event_form_id(*row) for row in worded.select("published_on", "title", "teaser").iter_rows()]
    worded = worded.with_columns(form_id=pl.Series(names, dtype=pl.String))
    forms = (
        worded.sort("form_id", "first_captured_at", "article_id", nulls_last=True)
        .group_by("form_id", maintain_order=True)
        .agg(
            pl.col("published_on", "title", "teaser", "source_capture_id").first(),
            pl.col("is_truncated").all().alias("is_cut"),
            pl.col("first_captured_at").min(),
            pl.col("last_captured_at").max(),
        )
        .with_columns(
            n_observations=pl.lit(0, dtype=pl.Int64),
            cluster_id="form_id",
            match=pl.lit("seed"),
            similarity=pl.lit(None, dtype=pl.Float64),
            form=pl.lit(None, dtype=pl.UInt32),
        )
    )
    return worded.select("article_id", "form_id"), forms


def _numbers(events: _Events, articles: _Articles, printed: pl.DataFrame) -> Numbers:
    """Which event each form and text is of, by number."""
    named = events.forms.select("event_id").unique().sort("event_id").with_row_index("event")
    owners = events.links.select("article_id", "event_id").join(named, on="event_id")
    texts = articles.texts.select("text", "article_id", "version_id").join(owners, on="article_id", how="left")
    return Numbers(
        forms=events.forms.drop_nulls("form")
        .select("form", "form_id", "event_id", "published_on")
        .join(named, on="event_id"),
        texts=texts.with_columns(article=pl.col("article_id").rank("dense").cast(pl.UInt32)),
        printed=printed,
        events=named,
    )


def _main_articles(links: pl.DataFrame, texts: pl.DataFrame) -> pl.DataFrame:
    """One article per event: the one captured first where an item stands under two addresses."""
    first = texts.group_by("article_id").agg(pl.col("first_captured_at").min())
    return (
        links.join(first, on="article_id")
        .sort("event_id", "first_captured_at", "article_id", nulls_last=True)
        .unique("event_id", keep="first", maintain_order=True)
        .select("event_id", "article_id")
    )


def _for_articles(links: pl.DataFrame, events: pl.DataFrame) -> pl.DataFrame:
    """What an article takes from its event: its id, its section, and its date where a teaser printed one."""
    dated = pl.when(pl.col("published_on_source") == "teaser").then("published_on")
    return links.select("article_id", "event_id").join(
        events.select("event_id", dated.alias("event_published_on"), pl.col("section").alias("event_section")),
        on="event_id",
    )


def _coverage(ranges: Iterable[Seen], numbers: Numbers) -> pl.DataFrame:
    sections = list_sections(pages_with_sections(ranges, numbers), Listed(ranges, numbers))
    columns = ("capture", "capture_id", "captured_on", "page_date", "teasers_observable", "urlkey", "page_kind")
    return coverage(
        (
            some.captures.select(columns).join(sections, on="capture", how="left").cast({"section": pl.String}),
            listed_events(some, numbers),
        )
        for some in ranges
    )


def _article_forms(articles: _Articles) -> pl.DataFrame:
    printed = (
        articles.clusters.members.select("text_id", "form_id")
        .join(articles.texts.select("text_id", "urlkey", "title", "published_on"), on="text_id")
        .sort("form_id", "text_id")
        .unique("form_id", keep="first", maintain_order=True)
    )
    return articles.assigned.members.select(
        "form_id", pl.col("id").alias("article_id"), "is_seed", as_published(pl.col("since_release"))
    ).join(printed, on="form_id")


def _redirects(articles: _Articles, events: _Events, register: Register, bodies: PrintedBodies) -> pl.DataFrame:
    of_articles = articles.assigned.redirects
    of_versions = redirect_versions(
        register.versions, articles.versions.versions, register.redirects, of_articles, UNRELEASED, bodies
    )
    every = pl.concat([of_articles, events.assigned.redirects, of_versions])
    return every.with_columns(as_published(pl.col("since_release")))


def _quarantine(broken: pl.DataFrame, problems: pl.DataFrame) -> pl.DataFrame:
    rows = pl.concat([broken.select(problems.columns), problems]).unique()
    return rows.sort("table", "row_key", "column", "rule", "row", nulls_last=False).with_row_index("quarantine_no")
