"""Ids: what they are hashes of, and which published id a cluster keeps over releases."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.resolve import ids
from pipeline.resolve.ids import ARTICLE, EVENT, Assigned, assign_ids, resolve_id, seeded_id

START = datetime(2019, 11, 1, tzinfo=UTC)


def clusters(*groups: Iterable[str], at: Mapping[str, int] | None = None) -> pl.DataFrame:
    """Clusters of forms; `at` gives the day of a form's first capture, else the forms' order in the alphabet does."""
    rows = [
        (form, min(group), START + timedelta(days=(at or {}).get(form, ord(form[-1]))))
        for group in groups
        for form in group
    ]
    return pl.DataFrame(rows, schema=ids.MEMBERS, orient="row")


def register_of(assigned: Assigned) -> pl.DataFrame:
    return assigned.members.select("form_id", "id", "is_seed", "since_release")


def build(
    members: pl.DataFrame, before: Assigned | None = None, release: str | None = "1.0.0", prefix: str = EVENT
) -> Assigned:
    register = ids.empty_register() if before is None else register_of(before)
    redirects = ids.empty_redirects() if before is None else before.redirects
    return assign_ids(members, register, redirects, prefix=prefix, release=release)


def id_of(assigned: Assigned, form: str) -> str:
    return str(assigned.members.filter(form_id=form).item(0, "id"))


def redirects_of(assigned: Assigned) -> dict[str, str | None]:
    return dict(assigned.redirects.select("old_id", "new_id").iter_rows())


def test_a_form_id_is_the_hash_of_a_json_list_of_what_it_prints() -> None:
    text = '["2019-11-06","Remarks – Москва",null]'
    assert json.loads(text) == ["2019-11-06", "Remarks – Москва", None]
    expected = "f" + hashlib.sha256(text.encode()).hexdigest()[:16]
    assert ids.event_form_id(date(2019, 11, 6), "Remarks – Москва", None) == expected


def test_a_capture_id_is_the_hash_of_its_lines_and_its_minute() -> None:
    expected = "c" + hashlib.sha256(b"abc\n2019-11-18T21:03Z").hexdigest()[:16]
    assert ids.capture_id("abc", "2019-11-18T21:03Z") == expected


def test_an_untitled_text_and_a_text_with_an_empty_title_have_other_keys() -> None:
    assert ids.text_key(None, "body") != ids.text_key("", "body")
    assert ids.text_key("a", "b c") != ids.text_key("a b", "c")


def test_the_first_id_is_the_hash_of_the_form_captured_first() -> None:
    assert id_of(build(clusters(["fb", "fa"], at={"fa": 2, "fb": 1})), "fa") == seeded_id(EVENT, "fb")


def test_of_forms_captured_at_the_same_time_the_smaller_seeds_the_id() -> None:
    assert id_of(build(clusters(["fb", "fa"], at={"fa": 1, "fb": 1})), "fb") == seeded_id(EVENT, "fa")


def test_a_form_of_unknown_time_seeds_no_id_while_another_is_known() -> None:
    members = clusters(["fa", "fb"]).with_columns(
        first_captured_at=pl.when(pl.col("form_id") == "fa").then(None).otherwise("first_captured_at")
    )
    assert id_of(build(members), "fa") == seeded_id(EVENT, "fb")


def test_an_older_capture_that_turns_up_later_does_not_change_a_published_id() -> None:
    one = build(clusters(["fb"]))
    two = build(clusters(["fa", "fb"]), one, "1.1.0")
    assert id_of(two, "fa") == id_of(one, "fb")
    assert two.members.filter(form_id="fa").item(0, "since_release") == "1.1.0"
    assert two.members.filter(form_id="fb").item(0, "since_release") == "1.0.0"


def test_where_two_published_ids_merge_the_older_release_wins() -> None:
    one = build(clusters(["fz"]))
    two = build(clusters(["fz"], ["fa"]), one, "1.1.0")
    three = build(clusters(["fa", "fz"]), two, "1.2.0")
    assert id_of(three, "fa") == id_of(one, "fz")
    assert three.redirects.rows() == [(id_of(two, "fa"), id_of(one, "fz"), "merged", "1.2.0")]


def test_releases_are_ordered_by_number_not_by_letter() -> None:
    versions = ["0.9.0", "1.0.0-rc1", "1.0.0", "1.9.0", "1.10.0", None]
    keys = [ids.release_order(version) for version in versions]
    assert all(earlier < later for earlier, later in pairwise(keys))
    one = build(clusters(["fz"]), release="1.9.0")
    two = build(clusters(["fz"], ["fa"]), one, "1.10.0")
    three = build(clusters(["fa", "fz"]), two, "1.11.0")
    assert id_of(three, "fa") == id_of(one, "fz")


def test_of_ids_of_one_release_the_one_captured_first_wins() -> None:
    one = build(clusters(["fa"], ["fb"], at={"fa": 9, "fb": 3}))
    two = build(clusters(["fa", "fb"], at={"fa": 9, "fb": 3}), one, "1.1.0")
    assert id_of(two, "fa") == id_of(one, "fb")


def test_the_part_with_the_seed_keeps_the_id_of_a_split_cluster() -> None:
    one = build(clusters(["fa", "fb", "fc"]))
    two = build(clusters(["fa"], ["fb", "fc"]), one, "1.1.0")
    assert id_of(two, "fa") == id_of(one, "fa")
    assert id_of(two, "fb") == id_of(two, "fc") == seeded_id(EVENT, "fb")
    assert two.redirects.is_empty()


def test_without_the_seed_the_part_with_the_earliest_form_keeps_the_id() -> None:
    one = build(clusters(["fa", "fb", "fc"]))
    two = build(clusters(["fb"], ["fc"]), one, "1.1.0")
    assert id_of(two, "fb") == id_of(one, "fa")
    assert id_of(two, "fc") != id_of(one, "fa")


def test_an_id_without_any_form_left_leads_to_nothing_and_comes_back_with_its_seed() -> None:
    one = build(clusters(["fa"], ["fb"]))
    two = build(clusters(["fa"]), one, "1.1.0")
    assert two.redirects.rows() == [(id_of(one, "fb"), None, "withdrawn", "1.1.0")]
    three = build(clusters(["fa"], ["fb"]), two, "1.2.0")
    assert id_of(three, "fb") == id_of(one, "fb")
    assert three.redirects.is_empty()


def test_redirects_are_carried_on_and_lead_to_what_is_live() -> None:
    one = build(clusters(["fc"]))
    two = build(clusters(["fc"], ["fb"], at={"fb": 5, "fc": 5}), one, "1.1.0")
    three = build(clusters(["fc"], ["fb"], ["fd"]), two, "1.2.0")
    four = build(clusters(["fc"], ["fb", "fd"]), three, "1.3.0")
    five = build(clusters(["fb", "fc", "fd"]), four, "1.4.0")
    c, b, d = id_of(one, "fc"), id_of(two, "fb"), id_of(three, "fd")
    assert redirects_of(four) == {d: b}
    assert redirects_of(five) == {d: c, b: c}
    assert dict(five.redirects.select("old_id", "since_release").iter_rows()) == {d: "1.3.0", b: "1.4.0"}
    six = build(clusters(["fx"]), five, "1.5.0")
    assert redirects_of(six) == {b: None, c: None, d: None}


def test_a_merged_id_comes_back_when_its_seed_stands_alone_again() -> None:
    one = build(clusters(["fa"], ["fb"]))
    two = build(clusters(["fa", "fb"]), one, "1.1.0")
    three = build(clusters(["fa"], ["fb"]), two, "1.2.0")
    assert id_of(three, "fa") == id_of(one, "fa")
    assert id_of(three, "fb") == id_of(one, "fb")
    assert three.redirects.is_empty()


def test_an_id_that_is_taken_is_not_given_twice() -> None:
    """The seed left the cluster, which kept the id; the form the id was made from is now another event."""
    one = build(clusters(["fa", "fb"]))
    two = build(clusters(["fb"]), one, "1.1.0")
    three = build(clusters(["fa"], ["fb"]), two, "1.2.0")
    assert id_of(three, "fb") == id_of(one, "fa") == seeded_id(EVENT, "fa")
    assert id_of(three, "fa") == seeded_id(EVENT, "fa", 1)


def test_redirects_of_articles_are_left_alone_when_events_are_named() -> None:
    redirects = pl.DataFrame([("a1", None, "withdrawn", "1.0.0")], schema=ids.REDIRECTS, orient="row")
    named = assign_ids(clusters(["fa"]), ids.empty_register(), redirects, prefix=EVENT, release=None)
    assert named.redirects.is_empty()


def test_an_event_known_from_its_article_keeps_its_id_when_a_teaser_turns_up() -> None:
    article = build(clusters(["ga"]), prefix=ARTICLE)
    event = build(clusters(["fw", "ga"], at={"fw": 1}))
    event_forms = event.members.filter(form_id="fw").rename({"id": "event_id"})
    article_forms = article.members.rename({"id": "article_id"})
    links = pl.DataFrame({"article_id": [id_of(article, "ga")], "event_id": [id_of(event, "fw")]})
    register = ids.event_register(event_forms, article_forms, links)
    with_teaser = assign_ids(
        clusters(["ft", "ga"], at={"ft": 0}), register, ids.empty_redirects(), prefix=EVENT, release="1.1.0"
    )
    assert id_of(with_teaser, "ft") == id_of(event, "fw")
    assert with_teaser.redirects.is_empty()


def test_a_form_in_two_clusters_is_refused() -> None:
    with pytest.raises(ValueError, match="fa stands in two clusters"):
        build(pl.concat([clusters(["fa"]), clusters(["fa", "fb"])]))


def test_redirects_in_a_circle_are_refused() -> None:
    with pytest.raises(ValueError, match="circle"):
        resolve_id("e1", {"e1": "e2", "e2": "e1"})


FORMS = [f"f{letter}" for letter in "abcdefghij"]
LABELS = st.lists(st.none() | st.integers(0, 3), min_size=len(FORMS), max_size=len(FORMS))


def labelled(labels: list[int | None]) -> pl.DataFrame:
    groups: dict[int, list[str]] = {}
    for form, label in zip(FORMS, labels, strict=True):
        if label is not None:
            groups.setdefault(label, []).append(form)
    return clusters(*groups.values())


@settings(max_examples=60)
@given(st.lists(LABELS, min_size=10, max_size=10))
def test_over_ten_releases_of_any_clusters_ids_stay_true(history: list[list[int | None]]) -> None:
    """Ids never name two clusters, none is lost, redirects resolve, shuffled rows give the same."""
    before: Assigned | None = None
    published: set[str] = set()
    for number, labels in enumerate(history):
        members = labelled(labels)
        now = build(members, before, f"1.{number}.0")
        again = build(members.sample(fraction=1.0, shuffle=True, seed=number), before, f"1.{number}.0")
        assert now.members.equals(again.members)
        assert now.redirects.equals(again.redirects)
        live = now.clusters.get_column("id").to_list()
        assert len(live) == len(set(live)) == members.get_column("cluster_id").n_unique()
        assert now.members.filter("is_seed").get_column("id").sort().to_list() == sorted(live)
        targets = redirects_of(now)
        assert targets.keys().isdisjoint(live)
        published |= set(live)
        for name in published:
            assert resolve_id(name, targets) in {*live, None}
            assert name in live or name in targets
        if before is not None:
            check_meanings(before, now)
        before = now


def check_meanings(before: Assigned, now: Assigned) -> None:
    """Every id that is still live holds a form it held before, or the form it was made from."""
    held = before.members.group_by("id").agg("form_id")
    for name, forms in held.iter_rows():
        found = now.members.filter(id=name).get_column("form_id").to_list()
        assert not found or not set(forms).isdisjoint(found)
