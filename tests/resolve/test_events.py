"""Forms become events: nothing lost, nothing bridged, whatever the order."""

from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, timedelta

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.resolve import reasons
from pipeline.resolve.events import DECISIONS_SCHEMA, MEMBERS_SCHEMA, FormClusters, cluster_forms
from pipeline.resolve.ids import event_form_id
from pipeline.resolve.list_order import printed_above
from tests.resolve.form_rows import FORM_COLUMNS
from tests.simulation.crawl import crawl
from tests.simulation.frames import distinct_forms, teaser_observations
from tests.simulation.gold import pairwise_scores
from tests.simulation.site import simulate_site

DAY = date(2019, 3, 6)
LONG = "We honour the sailors of both nations who carried supplies through ice and storm to the northern harbour."
OTHER = "The talks that ended an hour ago were frank and useful, and we agreed to restore the dialogue on trade."
Row = tuple[str, date | None, str | None, str | None, bool, int, datetime | None, datetime | None]


def form(
    title: str | None, teaser: str | None = LONG, *, day: int = 0, is_cut: bool = False, seen: int | None = 0
) -> Row:
    published_on = DAY + timedelta(days=day)
    at = None if seen is None else datetime(2019, 4, 1, tzinfo=UTC) + timedelta(days=seen)
    return (event_form_id(published_on, title, teaser), published_on, title, teaser, is_cut, 1, at, at)


def frame(rows: Iterable[Row]) -> pl.DataFrame:
    return pl.DataFrame(list(rows), schema=FORM_COLUMNS, orient="row")


def clusters(found: FormClusters) -> dict[str, str]:
    return dict(found.members.select("form_id", "cluster_id").iter_rows())


def together(found: FormClusters, a: Row, b: Row) -> bool:
    labels = clusters(found)
    return labels[a[0]] == labels[b[0]]


def reason(found: FormClusters, a: Row, b: Row) -> tuple[bool, str]:
    small, large = sorted((a[0], b[0]))
    row = found.decisions.filter(pl.col("form_id_a") == small, pl.col("form_id_b") == large)
    same, why = row.select("same", "reason").row(0)
    return bool(same), str(why)


def test_two_notices_of_different_days_never_merge_not_even_through_a_cut_one() -> None:
    one = form("Closing of the Consular Section", "The Consular Section will be closed on 23 February.")
    two = form("Closing of the Consular Section", "The Consular Section will be closed on 8 March.")
    cut = form("Closing of the Consular Section", "The Consular Section will be clo", is_cut=True)
    bare = form("Closing of the Consular Section", None)
    found = cluster_forms(frame([one, two, cut, bare]))
    assert not together(found, one, two)
    assert reason(found, one, two) == (False, reasons.DIGIT_DIFFERS)
    assert together(found, cut, one) is not together(found, cut, two)
    assert together(found, bare, one) is not together(found, bare, two)
    left = two if together(found, cut, one) else one
    assert reason(found, cut, left) == (False, reasons.CUT_OTHER_PARENT)


def test_a_form_between_two_items_joins_the_nearer_and_the_refusal_is_on_record() -> None:
    one = form("To the attention of visitors", "The Consular Section will be closed. Please call on 23 February.")
    two = form("To the attention of visitors", "The Consular Section will be closed. Please call on 8 March.")
    between = form("To the attention of visitors", "The Consular Section will be closed.")
    found = cluster_forms(frame([one, two, between]))
    assert not together(found, one, two)
    assert together(found, between, one) is not together(found, between, two)
    left = two if together(found, between, one) else one
    assert reason(found, between, left) == (False, reasons.VETO_IN_CLUSTER)


def test_an_edited_item_is_one_event_through_recorded_pairs() -> None:
    lives = [
        form("Statment on the northern convoys", seen=0),
        form("Statement on the northern convoys", seen=1),
        form("Statement on the northern convoys", LONG + " They came home.", seen=2),
        form("Statement on the northern convoys (by Ambassador Pavel Orlovsky)", LONG + " They came home.", seen=3),
        form(
            "Statement on the northern convoys (by Ambassador Pavel Orlovsky)", LONG + " They came home.", day=1, seen=4
        ),
    ]
    found = cluster_forms(frame(lives))
    assert len(set(clusters(found).values())) == 1
    assert found.members["cluster_id"].unique().to_list() == [min(row[0] for row in lives)]
    assert dict(found.members.select("form_id", "match").iter_rows())[lives[0][0]] == "seed"


def test_match_says_how_a_form_stands_to_the_seed() -> None:
    seed = form("Lavrov’s remarks on the convoys", seen=0)
    quotes = form("Lavrov's remarks on the convoys", seen=1)
    moved = form("Lavrov’s remarks on the convoys", day=1, seen=2)
    edited = form("Lavrov’s remarks on the convoys (full text)", seen=3)
    found = cluster_forms(frame([edited, moved, quotes, seed]))
    matches = {name: (match, score) for name, _, match, score in found.members.iter_rows()}
    assert matches[seed[0]] == ("seed", 1.0)
    assert matches[quotes[0]] == ("normalised", 1.0)
    assert matches[moved[0]] == ("exact", 1.0)
    assert matches[edited[0]][0] == "near"
    assert 0.7 < matches[edited[0]][1] < 1.0


def test_a_form_without_a_capture_time_is_the_seed_only_of_its_like() -> None:
    timed, untimed = form("Lavrov’s remarks", seen=5), form("Lavrov's remarks", seen=None)
    found = cluster_forms(frame([timed, untimed]))
    assert dict(found.members.select("form_id", "match").iter_rows()) == {timed[0]: "seed", untimed[0]: "normalised"}


def test_two_wordings_on_one_capture_are_two_items_however_alike() -> None:
    a, b = form("Technical break"), form("Technical break", day=1)
    assert together(cluster_forms(frame([a, b])), a, b)
    above = pl.DataFrame({"form_id": [a[0]], "above_form_id": [b[0]]})
    found = cluster_forms(frame([a, b]), above=above)
    assert not together(found, a, b)
    assert reason(found, a, b) == (False, reasons.SHOWN_BESIDE)


def test_a_page_that_prints_an_item_twice_in_other_quotes_shows_one_item() -> None:
    a, b = form("Lavrov’s remarks"), form("Lavrov's Remarks")
    above = pl.DataFrame({"form_id": [a[0]], "above_form_id": [b[0]]})
    assert together(cluster_forms(frame([a, b]), above=above), a, b)


def test_a_cut_wording_is_not_what_stands_above_it_but_the_first_of_the_rest() -> None:
    top = form("Speech at the opening of the fair in Leeds")
    middle = form("Speech at the opening of the hall in York", OTHER)
    low = form("Speech at the opening of the port in Hull", "Nobody expected so many guests in the fog of that day.")
    cut = form("Speech at the opening of", None, is_cut=True)
    lists = {"form_id": [middle[0], low[0], low[0]], "above_form_id": [top[0], top[0], middle[0]]}
    found = cluster_forms(frame([low, cut, middle, top]), above=pl.DataFrame(lists))
    assert together(found, cut, top)
    beside = {"form_id": [*lists["form_id"], cut[0]], "above_form_id": [*lists["above_form_id"], top[0]]}
    found = cluster_forms(frame([low, cut, middle, top]), above=pl.DataFrame(beside))
    assert together(found, cut, middle)
    assert reason(found, cut, top) == (False, reasons.SHOWN_BESIDE)
    assert reason(found, cut, low) == (False, reasons.CUT_OTHER_PARENT)


def test_an_empty_frame_gives_empty_frames() -> None:
    found = cluster_forms(frame([]))
    assert (found.members.schema, found.decisions.schema) == (MEMBERS_SCHEMA, DECISIONS_SCHEMA)
    assert found.members.height == found.decisions.height == 0


def test_a_form_id_in_two_rows_is_refused() -> None:
    with pytest.raises(ValueError, match="form_id"):
        cluster_forms(frame([form("Lavrov’s remarks"), form("Lavrov’s remarks")]))


# --- properties over mixtures of edits, notices, generic titles and cuts ---

TITLES = (
    "Statement of the Russian Embassy",
    "Statment of the Russian Embassy",
    "Statement of the Russian Embassy (full text)",
    "Closed on 23 February",
    "Closed on 8 March",
    "Closed on 8 Mar",
    "PHOTO: Closed on 8 March",
    "Consular mission to Cardiff",
    "Consular mission to Bristol",
)
TEASERS = (
    LONG,
    LONG.replace("sailors", "salors"),
    LONG.upper(),
    LONG + " They came home.",
    LONG[:50],
    OTHER,
    "The Consular Section will be closed on 23 February.",
    "The Consular Section will be closed on 8 March.",
    "The Consular Section will be closed.",
    None,
)
FORMS = st.lists(
    st.builds(
        form,
        st.sampled_from(TITLES),
        st.sampled_from(TEASERS),
        day=st.integers(0, 3),
        is_cut=st.booleans(),
        seen=st.none() | st.integers(0, 9),
    ),
    max_size=14,
    unique_by=lambda row: row[0],
)


def same_result(a: FormClusters, b: FormClusters) -> bool:
    return a.members.equals(b.members) and a.decisions.equals(b.decisions)


@given(rows=FORMS, data=st.data())
def test_the_result_does_not_depend_on_the_order_of_the_forms(rows: list[Row], data: st.DataObject) -> None:
    shuffled = data.draw(st.permutations(rows))
    assert same_result(cluster_forms(frame(rows)), cluster_forms(frame(shuffled)))


@given(rows=FORMS)
def test_no_form_is_lost_and_each_stands_in_one_cluster_named_by_its_smallest_form(rows: list[Row]) -> None:
    members = cluster_forms(frame(rows)).members
    assert members["form_id"].to_list() == sorted(row[0] for row in rows)
    smallest = members.group_by("cluster_id").agg(
        pl.col("form_id").min(), n_seeds=(pl.col("match") == "seed").sum().cast(pl.Int64)
    )
    assert smallest.filter(pl.col("cluster_id") != pl.col("form_id")).is_empty()
    assert smallest.filter(pl.col("n_seeds") != 1).is_empty()


@given(rows=FORMS)
def test_clustering_the_forms_of_one_cluster_again_changes_nothing_between_complete_wordings(rows: list[Row]) -> None:
    labels = clusters(cluster_forms(frame(rows)))
    for label in set(labels.values()):
        own = [row for row in rows if labels[row[0]] == label]
        assert set(clusters(cluster_forms(frame(own))).values()) == {label}


@given(rows=FORMS)
def test_two_forms_share_an_event_only_through_accepted_pairs_on_record(rows: list[Row]) -> None:
    found = cluster_forms(frame(rows))
    accepted = found.decisions.filter("same").select("form_id_a", "form_id_b").rows()
    assert components_of([row[0] for row in rows], accepted) == clusters(found)


@given(rows=FORMS)
def test_no_vetoed_pair_stands_in_one_event(rows: list[Row]) -> None:
    found = cluster_forms(frame(rows))
    labels = clusters(found)
    refused = found.decisions.filter(~pl.col("same"), pl.col("reason").is_in(sorted(reasons.VETOES)))
    assert all(labels[a] != labels[b] for a, b in refused.select("form_id_a", "form_id_b").iter_rows())


@given(rows=FORMS, cut_at=st.integers(0, 14))
def test_verdicts_of_an_earlier_run_over_fewer_forms_change_nothing(rows: list[Row], cut_at: int) -> None:
    earlier = cluster_forms(frame(rows[:cut_at])).decisions
    assert same_result(cluster_forms(frame(rows), earlier), cluster_forms(frame(rows)))


@given(rows=FORMS)
def test_every_decision_uses_the_closed_list_of_reasons_and_ordered_pairs(rows: list[Row]) -> None:
    decisions = cluster_forms(frame(rows)).decisions
    assert set(decisions["reason"].to_list()) <= set(reasons.REASONS)
    assert decisions.filter(pl.col("form_id_a") >= pl.col("form_id_b")).is_empty()
    assert decisions.select("form_id_a", "form_id_b").is_duplicated().sum() == 0


def components_of(names: Sequence[str], pairs: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Smallest name of each name's connected component, by repeated lowering."""
    label = {name: name for name in names}
    edges = list(pairs)
    while any(label[a] != label[b] for a, b in edges):
        for a, b in edges:
            label[a] = label[b] = min(label[a], label[b])
    return label


# --- the simulated site, seeds that no rule was tuned on ---


@pytest.mark.parametrize("seed", [701, 702])
def test_simulated_sites_are_resolved_as_their_truth_has_it(seed: int) -> None:
    captures = crawl(simulate_site(seed, n_items=700), seed, n_captures=2500)
    observations = teaser_observations(captures)
    forms = distinct_forms(observations).with_row_index("form")
    above = printed_above([observations.join(forms.select("form", "form_id"), on="form_id")], forms)
    labels = clusters(cluster_forms(forms, above=above))
    gold = {(name, item): item for name, item in observations.select("form_id", "item_id").unique().iter_rows()}
    found = {key: labels[key[0]] for key in gold}
    weights = {(name, item): n for name, item, n in observations.group_by("form_id", "item_id").len().iter_rows()}
    over_observations = pairwise_scores(gold, found, weights)
    over_forms = pairwise_scores(gold, found)
    assert over_observations.f1 >= 0.999
    assert over_observations.precision >= 0.9995
    assert over_forms.f1 >= 0.998
