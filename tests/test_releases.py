"""Ten releases of a growing dump: ids keep their meaning, redirects resolve, a rebuild gives the same bytes."""

import itertools
import random
import shutil
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import polars as pl
import pytest

from pipeline.defaults import newest_release
from pipeline.publish.release.make import make_release
from pipeline.publish.release.plan import ReleaseRequest, plan_release
from pipeline.request import BuildRequest
from pipeline.resolve.ids import resolve_id
from tests.simulation import crawl, simulate_site
from tests.simulation.writers import FORMS
from tests.stage_runs import run_stages
from tests.worlds import table_digests

N_RELEASES = 10
PROFILE = Path(__file__).resolve().parent.parent / "release.toml"


@dataclass(frozen=True)
class Published:
    """One release as its readers see it."""

    folder: Path
    tables: Mapping[str, pl.DataFrame]
    items: Mapping[str, frozenset[str]]
    """Gold items of each event id, through its teaser wordings."""


def rows(folder: Path) -> dict[str, pl.DataFrame]:
    return {path.stem: pl.read_parquet(path) for path in sorted((folder / "tables").glob("*.parquet"))}


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> list[Published]:
    """Releases from subsets that grow, arrive in shuffled order and once shrink."""
    folder = tmp_path_factory.mktemp("releases")
    captures = list(crawl(simulate_site(31, n_items=120), 31, n_captures=220))
    gold: dict[tuple[object, str | None, str | None], set[str]] = defaultdict(set)
    for capture in captures:
        for teaser in capture.teasers:
            gold[teaser.published_on, teaser.title, teaser.text or None].add(str(teaser.item_id))
    order = list(range(len(captures)))
    random.Random("order of arrival").shuffle(order)
    made = []
    for number in range(N_RELEASES):
        raw = folder / f"raw-{number}"
        raw.mkdir()
        share = order[: len(order) * (number + 1) // N_RELEASES]
        known = share[len(order) // 20 :] if number == N_RELEASES // 2 else share
        FORMS["c4_jsonl"].write([captures[place] for place in sorted(known)], raw)
        run_stages(BuildRequest(raw=(raw,), outputs=folder / "out", previous=newest_release(folder / "out")))
        target = make_release(plan_release(ReleaseRequest(outputs=folder / "out", profile=PROFILE)))
        tables = rows(target)
        items: dict[str, set[str]] = defaultdict(set)
        for event, *wording in tables["event_forms"].select("event_id", "published_on", "title", "teaser").iter_rows():
            items[event] |= gold.get((wording[0], wording[1], wording[2]), set())
        made.append(Published(target, tables, {event: frozenset(found) for event, found in items.items()}))
    return made


def test_there_are_ten_releases_with_rising_versions(published: list[Published]) -> None:
    versions = [tuple(int(part) for part in release.folder.name.split(".")) for release in published]
    assert len(set(versions)) == N_RELEASES
    assert versions == sorted(versions)
    assert published[-1].tables["events"].height > published[0].tables["events"].height


def test_no_published_id_changes_its_meaning(published: list[Published]) -> None:
    for before, after in itertools.pairwise(published):
        for event in before.items.keys() & after.items.keys():
            if before.items[event] and after.items[event]:
                assert before.items[event] & after.items[event], event


def test_an_id_that_is_gone_redirects_to_a_live_one_or_to_nothing(published: list[Published]) -> None:
    latest = published[-1].tables
    targets = dict(latest["id_redirects"].select("old_id", "new_id").iter_rows())
    live = set(latest["events"]["event_id"]) | set(latest["articles"]["article_id"])
    for release in published:
        for event in [*release.tables["events"]["event_id"], *release.tables["articles"]["article_id"]]:
            assert event in live or event in targets
            assert resolve_id(event, targets) is None or resolve_id(event, targets) in live


def test_a_merged_id_leads_to_the_event_of_the_same_item(published: list[Published]) -> None:
    latest = published[-1]
    merged = latest.tables["id_redirects"].filter(pl.col("reason") == "merged", pl.col("old_id").str.starts_with("e"))
    for old, new in merged.select("old_id", "new_id").iter_rows():
        meant = next(release.items[old] for release in published if old in release.items)
        assert not meant or not latest.items[new] or meant & latest.items[new]


def test_a_form_names_the_release_since_which_it_stands_without_a_break(published: list[Published]) -> None:
    forms_of: dict[str, set[str]] = {}
    since_before: dict[str, str] = {}
    for release in published:
        forms = release.tables["event_forms"]
        assert forms["since_release"].null_count() == 0
        forms_of[release.folder.name] = set(forms["form_id"])
        since_now = dict(forms.select("form_id", "since_release").iter_rows())
        for form, since in since_now.items():
            assert form in forms_of[since]
            assert since_before.get(form, since) == since
        since_before = since_now


def test_a_full_rebuild_with_the_same_previous_release_gives_the_same_bytes(
    published: list[Published], tmp_path: Path
) -> None:
    outputs = published[-1].folder.parent.parent
    raw = outputs.parent / f"raw-{N_RELEASES - 1}"
    previous = published[-2].folder
    for name, workers in (("one", 1), ("two", 2)):
        run_stages(BuildRequest(raw=(raw,), outputs=tmp_path / name, previous=previous, workers=workers, fresh=True))
    assert table_digests(tmp_path / "one") == table_digests(tmp_path / "two") == table_digests(outputs)


def test_an_added_dump_gives_what_a_full_rebuild_gives(published: list[Published], tmp_path: Path) -> None:
    outputs = published[-1].folder.parent.parent
    first, second = outputs.parent / "raw-3", outputs.parent / "raw-4"
    run_stages(BuildRequest(raw=(first,), outputs=tmp_path / "grown"))
    run_stages(BuildRequest(raw=(first, second), outputs=tmp_path / "grown"))
    run_stages(BuildRequest(raw=(second, first), outputs=tmp_path / "whole"))
    assert table_digests(tmp_path / "grown") == table_digests(tmp_path / "whole")
    shutil.rmtree(tmp_path / "whole")
