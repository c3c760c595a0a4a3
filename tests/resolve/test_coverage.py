"""What the lists of captures prove about the days between them."""

from datetime import date

import polars as pl
import pytest

from pipeline.resolve.coverage import coverage
from pipeline.resolve.sections import FOLDER, ListStart, list_sections, list_start
from pipeline.urls import urlkey
from tests.simulation import EditRates, crawl, simulate_site

SPEECHES = "SPEECHES, INTERVIEWS, ARTICLES"
Listed = list[tuple[date, str]]


def day(number: int) -> date:
    return date(2019, 11, number)


def captures(*rows: tuple[str, date, Listed], kind: str = "article", urlkey: str | None = None) -> pl.DataFrame:
    return pl.DataFrame(
        [(name, on, on, True, urlkey, kind, SPEECHES) for name, on, _ in rows],
        schema={
            "capture_id": pl.String,
            "captured_on": pl.Date,
            "page_date": pl.Date,
            "teasers_observable": pl.Boolean,
            "urlkey": pl.String,
            "page_kind": pl.String,
            "section": pl.String,
        },
        orient="row",
    )


def teasers(*rows: tuple[str, date, Listed]) -> pl.DataFrame:
    return pl.DataFrame(
        [(name, place, event, on) for name, _, listed in rows for place, (on, event) in enumerate(listed)],
        schema={"capture_id": pl.String, "position": pl.Int32, "event_id": pl.String, "published_on": pl.Date},
        orient="row",
    )


def covered(shown: pl.DataFrame, listed: pl.DataFrame) -> pl.DataFrame:
    """Coverage of all captures together, which is that of some of them after the others, however they are split."""
    numbered = shown.with_columns(capture="capture_id")
    teasers_ = listed.rename({"capture_id": "capture", "event_id": "event"})
    found = coverage([(numbered, teasers_)])
    for split in (1, 2, numbered.height):
        pieces = [numbered[start::split] for start in range(split)]
        ranges = [(piece, teasers_.join(piece, on="capture", how="semi")) for piece in pieces]
        assert coverage(ranges).equals(found)
    return found


def rows_of(
    *rows: tuple[str, date, Listed], kind: str = "article", urlkey: str | None = None
) -> list[tuple[object, ...]]:
    found = covered(captures(*rows, kind=kind, urlkey=urlkey), teasers(*rows))
    assert found.get_column("section").unique().to_list() in ([SPEECHES], [])
    return found.drop("section").rows()


def test_the_two_samples_leave_three_days_open() -> None:
    """The figures of the two sample dumps: what each lists first and last, and when it was captured."""
    first = ("c1", date(2019, 11, 18), [(date(2019, 11, 13), "e1"), (date(2019, 10, 22), "e2")])
    second = ("c2", date(2020, 1, 26), [(date(2020, 1, 16), "e3"), (date(2019, 11, 21), "e4")])
    assert rows_of(second, first) == [
        (date(2019, 10, 22), date(2019, 11, 18), "closed", "c1", "c1"),
        (date(2019, 11, 18), date(2019, 11, 21), "open", "c1", "c2"),
        (date(2019, 11, 22), date(2020, 1, 26), "closed", "c2", "c2"),
    ]


def test_a_list_that_reaches_back_before_the_last_capture_closes_the_gap() -> None:
    one = ("c1", day(10), [(day(9), "e1"), (day(2), "e2")])
    two = ("c2", day(20), [(day(18), "e3"), (day(9), "e4")])
    assert rows_of(one, two) == [(day(2), day(20), "closed", "c1", "c2")]


@pytest.mark.parametrize(
    ("header", "reached"), [(day(16), day(16)), (None, day(20)), (day(21), day(20)), (day(3), day(3))]
)
def test_a_page_that_a_cache_handed_out_proves_no_more_than_its_own_day(header: date | None, reached: date) -> None:
    rows = [("c1", day(20), [(day(9), "e1"), (day(2), "e2")])]
    shown = captures(*rows).with_columns(page_date=pl.lit(header, dtype=pl.Date))
    assert covered(shown, teasers(*rows)).select("from_on", "to_on", "status").rows() == [(day(2), reached, "closed")]


def test_a_list_that_ends_on_the_day_of_the_last_capture_may_miss_items_of_that_day() -> None:
    one = ("c1", day(10), [(day(9), "e1"), (day(2), "e2")])
    two = ("c2", day(20), [(day(18), "e3"), (day(10), "e4")])
    assert rows_of(one, two) == [
        (day(2), day(10), "closed", "c1", "c1"),
        (day(10), day(10), "open", "c1", "c2"),
        (day(11), day(20), "closed", "c2", "c2"),
    ]


def test_a_shared_event_closes_the_gap_even_on_that_day() -> None:
    one = ("c1", day(10), [(day(10), "e1"), (day(2), "e2")])
    two = ("c2", day(20), [(day(18), "e3"), (day(10), "e1")])
    assert rows_of(one, two) == [(day(2), day(20), "closed", "c1", "c2")]


def test_a_shared_event_that_was_dated_anew_closes_no_gap() -> None:
    one = ("c1", day(5), [(day(5), "e1"), (day(1), "e2")])
    two = ("c2", day(16), [(day(15), "e3"), (day(7), "e1")])
    assert rows_of(one, two) == [
        (day(1), day(5), "closed", "c1", "c1"),
        (day(5), day(7), "open", "c1", "c2"),
        (day(8), day(16), "closed", "c2", "c2"),
    ]


def test_a_day_that_is_older_than_those_printed_below_it_proves_nothing() -> None:
    slipped = ("c1", day(18), [(day(17), "e1"), (date(2009, 11, 15), "e2"), (day(3), "e3")])
    assert rows_of(slipped) == [(day(3), day(18), "closed", "c1", "c1")]


def test_a_day_that_is_newer_than_those_printed_above_it_proves_nothing() -> None:
    slipped = ("c1", date(2020, 11, 28), [(day(9), "e1"), (date(2020, 11, 8), "e2"), (day(5), "e3")])
    url = "uk,org,rusemb)/newarh/&start=91"
    assert rows_of(slipped, kind="listing", urlkey=url) == [(day(5), day(9), "closed", "c1", "c1")]


@pytest.mark.parametrize("kind", ["article", "listing"])
def test_no_list_reaches_beyond_its_capture(kind: str) -> None:
    ahead = ("c1", day(18), [(date(2091, 11, 17), "e1"), (day(3), "e2")])
    url = "uk,org,rusemb)/newarh/&start=91"
    assert rows_of(ahead, kind=kind, urlkey=url) == [(day(3), day(18), "closed", "c1", "c1")]
    only = ("c1", day(18), [(date(2091, 11, 17), "e1")])
    assert rows_of(only) == [(day(18), day(18), "unobservable", "c1", "c1")]


def test_lists_of_which_the_dump_may_have_left_some_out_prove_nothing() -> None:
    rows = [("c1", day(10), [(day(9), "e1"), (day(2), "e2")]), ("c2", day(20), [(day(18), "e3"), (day(9), "e1")])]
    shown = captures(*rows).with_columns(teasers_observable=pl.lit(value=False))
    found = covered(shown, teasers(*rows)).drop("section").rows()
    assert found == [(day(10), day(20), "unobservable", "c1", "c2")]


def test_a_listing_further_down_does_not_reach_up_to_its_capture() -> None:
    one = ("c1", day(28), [(day(12), "e1"), (day(5), "e2")])
    url = "uk,org,rusemb)/apress_arh/&start=91&ps=10&ppp=15"
    assert rows_of(one, kind="listing", urlkey=url) == [(day(5), day(12), "closed", "c1", "c1")]
    top = "uk,org,rusemb)/apress_arh/&start=1&ps=10&ppp=15"
    assert rows_of(one, kind="listing", urlkey=top) == [(day(5), day(28), "closed", "c1", "c1")]


def test_a_list_of_one_day_inside_a_gap_proves_nothing() -> None:
    one = ("c1", day(10), [(day(9), "e1"), (day(2), "e2")])
    short = ("c2", day(15), [(day(15), "e3")])
    last = ("c3", day(28), [(day(27), "e4"), (day(20), "e5")])
    assert rows_of(one, short, last) == [
        (day(2), day(10), "closed", "c1", "c1"),
        (day(10), day(20), "open", "c1", "c3"),
        (day(21), day(28), "closed", "c3", "c3"),
    ]


@pytest.mark.parametrize("names", [("c1",), ("c1", "c2")])
def test_a_list_of_one_day_alone_proves_nothing_however_often_it_was_captured(names: tuple[str, ...]) -> None:
    rows = rows_of(*((name, day(15), [(day(15), "e1")]) for name in names))
    assert rows == [(day(15), day(15), "open", names[0], names[-1])]


def test_a_section_without_any_list_is_unobservable() -> None:
    assert rows_of(("c1", day(3), []), ("c2", day(9), [])) == [(day(3), day(9), "unobservable", "c1", "c2")]


def test_captures_without_lists_after_the_last_list_are_unobservable_days() -> None:
    one = ("c1", day(10), [(day(9), "e1"), (day(2), "e2")])
    assert rows_of(one, ("c2", day(20), [])) == [
        (day(2), day(10), "closed", "c1", "c1"),
        (day(11), day(20), "unobservable", "c1", "c2"),
    ]


def test_only_the_top_of_a_listing_is_the_newest() -> None:
    assert list_start(None, "article") is ListStart.TOP
    assert list_start("uk,org,rusemb)/newarh", "listing") is ListStart.TOP
    assert list_start("uk,org,rusemb)/newarh/&start=121&ps=10", "listing") is ListStart.FURTHER_DOWN
    assert list_start(None, "listing") is ListStart.FURTHER_DOWN


@pytest.mark.parametrize("rest", ["&amp;start=91&amp;ps=10", "&start=%2091", "&start=1&ps=10&start=91", "&start=ten"])
def test_a_listing_whose_start_cannot_be_read_is_not_the_newest(rest: str) -> None:
    assert list_start(f"uk,org,rusemb)/newarh/{rest}", "listing") is ListStart.FURTHER_DOWN


@pytest.mark.parametrize("rest", ["&start=0", "&start=1&ps=10", "&amp;start=1", "?start="])
def test_a_listing_that_starts_with_its_first_item_is_the_newest(rest: str) -> None:
    assert list_start(f"uk,org,rusemb)/newarh/{rest}", "listing") is ListStart.TOP


def known(*rows: tuple[str, str | None, str | None, str | None, str | None]) -> pl.DataFrame:
    columns = ["capture", "section", "urlkey", "article", "event"]
    frame = pl.DataFrame(list(rows), schema=dict.fromkeys(columns, pl.String), orient="row")
    return frame.with_columns(folder=pl.col("urlkey").str.extract(FOLDER))


def listed(*rows: tuple[str, str]) -> pl.DataFrame:
    return pl.DataFrame(list(rows), schema={"capture": pl.String, "event": pl.String}, orient="row")


def sections(captures_: pl.DataFrame, listed_: pl.DataFrame) -> dict[str, str | None]:
    found = list_sections(captures_, [listed_])
    assert list_sections(captures_, listed_.partition_by("capture")).equals(found)
    return dict(found.iter_rows())


def test_a_list_without_a_label_is_of_the_section_that_lists_the_captures_own_article() -> None:
    """As with the samples: the second's article (Burundi) is listed on the first, which prints its label."""
    found = sections(
        known(("c1", SPEECHES, None, "a1", "e1"), ("c2", None, None, "a2", "e2")),
        listed(("c1", "e2"), ("c1", "e3"), ("c2", "e9")),
    )
    assert found == {"c1": SPEECHES, "c2": SPEECHES}


def test_a_list_without_a_label_is_of_the_section_of_a_list_it_shares_an_event_with_and_so_on() -> None:
    found = sections(
        known(("c1", SPEECHES, None, None, None), ("c2", None, None, None, None), ("c3", None, None, None, None)),
        listed(("c1", "e1"), ("c2", "e1"), ("c2", "e2"), ("c3", "e2")),
    )
    assert found == {"c1": SPEECHES, "c2": SPEECHES, "c3": SPEECHES}


def test_evidence_that_disagrees_tells_nothing() -> None:
    found = sections(
        known(
            ("c1", SPEECHES, None, None, None),
            ("c2", "PRESS RELEASES", None, None, None),
            ("c3", None, None, None, None),
        ),
        listed(("c1", "e1"), ("c2", "e2"), ("c3", "e1"), ("c3", "e2")),
    )
    assert found["c3"] is None


def test_the_folder_of_the_url_tells_where_all_its_labels_agree() -> None:
    found = sections(
        known(
            ("c1", SPEECHES, "uk,org,rusemb)/article/1", "a1", None),
            ("c2", None, "uk,org,rusemb)/article/2", "a2", None),
            ("c3", None, "uk,org,rusemb)/video/2", "a3", None),
        ),
        listed(),
    )
    assert found == {"c1": SPEECHES, "c2": SPEECHES, "c3": None}


@pytest.mark.parametrize("seed", range(931, 937))
def test_on_a_simulated_site_nothing_is_missing_in_closed_days_and_open_days_do_miss_items(seed: int) -> None:
    site = simulate_site(seed, n_items=400, edits=EditRates(redated=0.0))
    shots = list(crawl(site, seed, n_captures=40))
    shown = pl.DataFrame(
        [
            (f"c{shot.number}", shot.captured_at.date(), None, True, urlkey(shot.url), shot.kind, shot.section)
            for shot in shots
            if shot.kind in ("article", "listing")
        ],
        schema={
            "capture_id": pl.String,
            "captured_on": pl.Date,
            "page_date": pl.Date,
            "teasers_observable": pl.Boolean,
            "urlkey": pl.String,
            "page_kind": pl.String,
            "section": pl.String,
        },
        orient="row",
    )
    found = covered(
        shown,
        pl.DataFrame(
            [
                (f"c{shot.number}", place, one.item_id, one.published_on)
                for shot in shots
                for place, one in enumerate(shot.teasers)
            ],
            schema=["capture_id", "position", "event_id", "published_on"],
            orient="row",
        ),
    )
    seen = {one.item_id for shot in shots for one in shot.teasers} | {shot.item_id for shot in shots}
    first = dict(found.group_by("section").agg(pl.col("from_on").min()).iter_rows())
    missed = {"closed": 0, "open": 0}
    for section, low, high, status in found.select("section", "from_on", "to_on", "status").iter_rows():
        for item in site.listed[section]:
            born = item.wordings[0].published_on
            # the first day the archive knows of, and the day of the last capture, are known in part
            inside = low <= born < high and born > first[section]
            if status in missed and inside and item.item_id not in seen:
                missed[status] += 1
    assert missed["closed"] == 0
    assert missed["open"] > 0
