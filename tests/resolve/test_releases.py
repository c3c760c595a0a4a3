"""Ten releases from growing, shuffled and shrinking dumps of one simulated site: what ids and versions mean stays."""

from dataclasses import dataclass

import polars as pl
import pytest

from pipeline.resolve import ids
from pipeline.resolve.articles import cluster_articles
from pipeline.resolve.events import cluster_forms
from pipeline.resolve.ids import ARTICLE, EVENT, Assigned, assign_ids, resolve_id
from pipeline.resolve.printed import with_bodies
from pipeline.resolve.signatures import TEXTS
from pipeline.resolve.versions import find_versions
from pipeline.resolve.words import normal_texts
from pipeline.urls import urlkey
from tests.resolve.article_rows import Held, captured_texts
from tests.simulation import SimCapture, crawl, simulate_site
from tests.simulation.frames import article_texts, distinct_forms, teaser_observations

PARTS = 10
NO_VERSIONS = pl.DataFrame(schema={"version_id": pl.String, "article_id": pl.String})


@dataclass(frozen=True)
class Release:
    """What a release publishes about identity, and the truth about it."""

    events: Assigned
    articles: Assigned
    versions: pl.DataFrame
    event_items: dict[str, set[str]]
    article_items: dict[str, set[str]]

    @property
    def redirects(self) -> pl.DataFrame:
        return pl.concat([self.events.redirects, self.articles.redirects])


def register(before: Assigned | None) -> pl.DataFrame:
    if before is None:
        return ids.empty_register()
    return before.members.select("form_id", "id", "is_seed", "since_release")


def items(members: pl.DataFrame, gold: pl.DataFrame) -> dict[str, set[str]]:
    grouped = members.join(gold, on="form_id").group_by("id").agg(pl.col("item_id").unique())
    return {name: set(found) for name, found in grouped.iter_rows()}


def build(captures: list[SimCapture], before: Release | None, number: int, seed: int = 0) -> Release:
    """A release of some captures; `seed` shuffles the rows."""
    version = f"1.{number}.0"
    redirects = ids.empty_redirects() if before is None else before.redirects
    forms = distinct_forms(teaser_observations(captures)).sample(fraction=1.0, shuffle=True, seed=seed)
    members = cluster_forms(forms).members.join(forms.select("form_id", "first_captured_at"), on="form_id")
    events = assign_ids(members, register(before.events if before else None), redirects, prefix=EVENT, release=version)
    captured = article_texts(captures).sample(fraction=1.0, shuffle=True, seed=seed)
    # half of the captures come without their URL, as plain text does
    urls = [urlkey(url) if number % 2 else None for url, number in captured.select("url", "capture").iter_rows()]
    texts = captured_texts(captured, urls)
    clusters = cluster_articles(texts.select(TEXTS.keys()), Held(texts))
    articles = assign_ids(
        clusters.forms, register(before.articles if before else None), redirects, prefix=ARTICLE, release=version
    )
    versions = find_versions(
        texts.select(TEXTS.keys()),
        clusters.members,
        articles.clusters,
        NO_VERSIONS if before is None else before.versions.select("version_id", "article_id"),
        articles.redirects,
        Held(texts),
    ).versions
    versions = with_bodies(versions, Held(texts))
    form_items = clusters.members.join(texts.select("text_id", "item_id"), on="text_id").select("form_id", "item_id")
    return Release(
        events, articles, versions, items(events.members, forms), items(articles.members, form_items.unique())
    )


@pytest.fixture(scope="module")
def captures() -> list[SimCapture]:
    return list(crawl(simulate_site(921, n_items=90), 921, n_captures=300))


def parts(captures: list[SimCapture], number: int) -> list[SimCapture]:
    """The captures of release 0–9: a tenth more each time, in no order of time; the seventh loses two tenths again."""
    dumps = [part * 7 % PARTS for part in range(number + 1)]
    if number == 6:
        dumps = dumps[2:]
    return [capture for capture in captures if capture.number % PARTS in dumps]


def test_over_ten_releases_no_published_id_changes_what_it_stands_for(captures: list[SimCapture]) -> None:
    before: Release | None = None
    meanings: dict[str, set[str]] = {}
    for number in range(PARTS):
        now = build(parts(captures, number), before, number)
        targets = dict(now.redirects.select("old_id", "new_id").iter_rows())
        live = now.event_items | now.article_items
        for name, meant in meanings.items():
            current = resolve_id(name, targets)
            assert name in live or name in targets, "an id is lost"
            if current is not None:
                assert not meant.isdisjoint(live[current]), f"{name} stood for {meant}, now for {live[current]}"
        meanings |= {name: meanings.get(name, set()) | found for name, found in live.items()}
        assert now.versions.get_column("version_id").is_unique().all()
        before = now


def test_a_rebuild_with_the_same_previous_release_is_the_same_in_any_order(captures: list[SimCapture]) -> None:
    first = build(parts(captures, 3), None, 0)
    second = build(parts(captures, 7), first, 1)
    again = build(list(reversed(parts(captures, 7))), first, 1, seed=5)
    assert again.events.members.equals(second.events.members)
    assert again.articles.members.equals(second.articles.members)
    assert again.redirects.equals(second.redirects)
    assert again.versions.equals(second.versions)


def test_versions_keep_their_ids_and_an_id_its_words(captures: list[SimCapture]) -> None:
    first = build(parts(captures, 4), None, 0)
    second = build(parts(captures, 9), first, 1)
    words, kept = bodies(first), bodies(second)
    assert len(words.keys() & kept.keys()) >= 0.9 * len(words)
    assert all(words[name] == kept[name] for name in words.keys() & kept.keys())


def bodies(release: Release) -> dict[str, str]:
    """The words of each version's body."""
    words = normal_texts(pl.col("body").fill_null(""))
    return dict(release.versions.select("version_id", words).iter_rows())
