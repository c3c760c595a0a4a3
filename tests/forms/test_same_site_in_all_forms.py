"""One simulated site, written in every form: the same captures, events, articles and counters from each."""

from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path

import polars as pl
import pytest

from tests.forms.builds import Built, build_tables, read_rows
from tests.forms.expected import Expected, expected, is_bijection, letters_of
from tests.simulation import SimCapture, crawl, simulate_site
from tests.simulation.writers import FORMS, ROWS

SOURCES = {
    "warc": "warc", "arc": "warc", "wet": "warc", "wacz": "warc", "jsonl": "corpus", "parquet": "corpus",
    "waybackpack": "wayback", "downloader_all": "wayback", "wget_cdx": "cdx",
}  # fmt: skip
"""Where each form's time is from, by its raw format or its name; the page's clock otherwise."""

REPACKED = {
    "warc_gz": "warc", "warc_gz_single": "warc", "warc_zst": "warc", "warc_lz4": "warc", "arc_gz": "arc",
    **{f"{name}_jsonl_{packing}": f"{name}_jsonl" for name in ROWS for packing in ("gz", "zst")},
}  # fmt: skip
"""Forms that differ from another by their packing alone: all that is read off them must be equal, row by row."""

EXTRA_RECORDS = {"warc": 1 + 2 * 14, "wacz": 1 + 2 * 14, "arc": 1, "warc_gz_cdxj": 1 + 2 * 14 + 1, "wget_cdx": 1}
"""Records that are no capture: a warcinfo, a request and an image before each tenth capture; ARC's head; an index."""


@pytest.fixture(scope="module")
def captures() -> list[SimCapture]:
    """Pages of each kind, with and without header, Russian ones, cut ones, edited articles."""
    return list(crawl(simulate_site(7, n_items=60), 8, n_captures=140))


@pytest.fixture(scope="module")
def built(captures: Sequence[SimCapture], tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Built]:
    """The site built from a form; each form once."""

    @cache
    def build(form: str) -> Built:
        folder = tmp_path_factory.mktemp(form)
        (folder / "raw").mkdir()
        FORMS[form].write(captures, folder / "raw")
        return build_tables(folder / "raw", outputs=folder / "out")

    return build


Case = tuple[str, Built, Expected]


@pytest.fixture(params=[form for form in FORMS if form not in REPACKED], scope="module")
def case(request: pytest.FixtureRequest, captures: Sequence[SimCapture], built: Callable[[str], Built]) -> Case:
    """A form's name, its build, and what it must be."""
    return request.param, built(request.param), expected(captures, FORMS[request.param], request.param)


def test_the_site_holds_what_makes_forms_differ(captures: Sequence[SimCapture]) -> None:
    assert {capture.kind for capture in captures} == {"article", "listing", "section", "mobile"}
    assert {capture.header for capture in captures} == {"en", "ru", None}
    assert any(capture.is_cut for capture in captures)
    assert len({(one.item_id, one.version) for capture in captures if (one := capture.article)}) > len(
        {one.item_id for capture in captures if (one := capture.article)}
    )


def test_every_record_stands_in_the_ledger_once(case: Case) -> None:
    name, found, gold = case
    extra = EXTRA_RECORDS.get(name, EXTRA_RECORDS.get(gold.form.raw_format, 0))
    ledger = found["raw_records"]
    assert ledger.height == len(gold.held) + extra
    assert sum(found.statuses.values()) == ledger.height
    n_empty = sum(not gold.text(capture).strip() for capture in gold.held)
    assert found.statuses == {
        status: count
        for status, count in {
            "capture": len(gold.pages),
            "duplicate": len(gold.held) - len(gold.pages) - n_empty,
            "not_a_page": extra,
            "rejected": n_empty,
        }.items()
        if count
    }
    assert set(ledger.filter(pl.col("status") != "not_a_page")["raw_format"]) == {gold.form.raw_format}
    assert ledger.filter((pl.col("status") == "capture") != pl.col("reason").is_null()).is_empty()
    assert ledger.filter(pl.col("status") == "rejected")["reason"].to_list() == ["empty"] * n_empty


def test_no_rule_breaks(case: Case) -> None:
    assert case[1].broken_rules == ()


def test_captures_have_the_ids_times_clocks_and_counts_of_the_truth(case: Case) -> None:
    _, found, gold = case
    columns = ("urlkey", "captured_at", "page_date", "moscow_clock", "london_clock", "n_teasers", "n_counters")
    rows = found["captures"].select("capture_id", *columns, "teasers_observable").rows()
    assert {key: tuple(facts) for key, *facts in rows} == gold.captures


def test_times_come_from_where_the_form_keeps_them(case: Case) -> None:
    name, found, gold = case
    source = SOURCES.get(name, SOURCES.get(gold.form.raw_format, "page_clock"))
    timed = found["captures"].filter(pl.col("captured_at").is_not_null())
    assert set(timed["captured_at_source"]) == {source}
    assert set(timed["captured_at_precision"]) == {"second" if gold.form.keeps_time else "minute"}
    clocks = found["captures"].filter(pl.col("page_date").is_not_null())
    assert set(clocks["clock_check"]) <= {"ok", "moscow_off"}
    fast = pl.col("page_date").is_between(pl.date(2014, 10, 26), pl.date(2015, 8, 31))
    assert clocks.filter(~fast)["clock_check"].to_list() == ["ok"] * clocks.filter(~fast).height


def test_pages_are_of_their_kind(case: Case) -> None:
    _, found, gold = case
    assert dict(found["captures"].select("capture_id", "page_kind").iter_rows()) == gold.kinds


def test_teasers_have_the_dates_titles_texts_and_links_of_the_truth(case: Case) -> None:
    _, found, gold = case
    assert sorted(_teasers(found).drop("event_id").rows(), key=repr) == sorted(gold.teasers, key=repr)


def test_articles_have_the_dates_and_titles_of_the_truth(case: Case) -> None:
    _, found, gold = case
    shown = found["article_observations"].select("capture_id", "title", "published_on", "n_paragraphs", "is_truncated")
    assert sorted(shown.rows(), key=repr) == sorted(gold.articles, key=repr)


def test_counters_are_those_of_the_truth(case: Case) -> None:
    _, found, gold = case
    rows = found["counter_observations"].select("capture_id", "counter", "days", "start_on").rows()
    assert sorted(rows) == gold.counters


def test_each_item_is_one_event_and_one_article_with_its_newest_text(case: Case) -> None:
    _, found, gold = case
    events, articles = items_of(found, gold)
    assert is_bijection(events)
    assert is_bijection(articles)
    assert found["events"].height == len({item for item, _ in events})
    bodies = dict(found["articles"].select("article_id", "body").iter_rows())
    of_item = dict(articles)
    assert {item: letters_of(bodies[of_item[item]]) for item in gold.newest_bodies} == gold.newest_bodies


@pytest.mark.parametrize(("form", "plain"), REPACKED.items())
def test_another_packing_gives_the_same_rows(
    form: str, plain: str, captures: Sequence[SimCapture], tmp_path: Path
) -> None:
    rows = {}
    for name in (form, plain):
        (tmp_path / name / "raw").mkdir(parents=True)
        FORMS[name].write(captures, tmp_path / name / "raw")
        rows[name] = read_rows(tmp_path / name / "raw", outputs=tmp_path / name / "out")
    assert rows[form].keys() == rows[plain].keys()
    for table, frame in rows[plain].items():
        places = {"raw_path", "offset", "length", "detail"} & set(frame.columns)
        assert rows[form][table].drop(places).equals(frame.drop(places)), table


IDS = {
    "captures": "capture_id", "events": "event_id", "articles": "article_id", "event_forms": "form_id",
    "article_forms": "form_id", "article_versions": "version_id", "counters": "counter",
}  # fmt: skip


@pytest.mark.parametrize(
    "form", ["arc", "wet", "wacz", "c4_jsonl", "culturax_parquet", "oscar_jsonl", "waybackpack", "downloader_all"]
)
def test_forms_with_url_and_time_share_every_id(form: str, built: Callable[[str], Built]) -> None:
    for table, key in IDS.items():
        assert built(form)[table][key].to_list() == built("warc")[table][key].to_list(), table


def test_plain_text_has_the_ids_of_events_whose_first_capture_tells_its_time(
    captures: Sequence[SimCapture], built: Callable[[str], Built]
) -> None:
    gold = expected(captures, FORMS["text"], "text")
    of_text, _ = items_of(built("text"), gold)
    of_warc, _ = items_of(built("warc"), expected(captures, FORMS["warc"], "warc"))
    headed = gold.headed_first()
    assert len(headed) > 50
    assert {pair for pair in of_text if pair[0] in headed} == {pair for pair in of_warc if pair[0] in headed}
    assert {item for item, _ in of_text} == {item for item, _ in of_warc}


def test_plain_text_of_pages_with_headers_has_all_facts_and_event_ids_of_the_archive(tmp_path: Path) -> None:
    headed = [one for one in crawl(simulate_site(7, n_items=60), 8, n_captures=140) if one.header is not None]
    found = {}
    for form in ("text", "warc"):
        (tmp_path / form / "raw").mkdir(parents=True)
        FORMS[form].write(headed, tmp_path / form / "raw")
        found[form] = build_tables(tmp_path / form / "raw", outputs=tmp_path / form / "out")
    assert found["text"].broken_rules == found["warc"].broken_rules == ()
    for table in ("event_forms", "counter_observations", "counters", "event_speakers", "event_countries"):
        assert found["text"][table].drop(SECONDS, strict=False).equals(found["warc"][table].drop(SECONDS, strict=False))
    facts = [column for column in found["text"]["events"].columns if column not in {*SECONDS, "article_id"}]
    assert found["text"]["events"].select(facts).equals(found["warc"]["events"].select(facts))
    minutes = [pl.col(column).dt.truncate("1m") for column in SECONDS]
    assert found["text"]["events"].select(minutes).equals(found["warc"]["events"].select(minutes))


SECONDS = ("first_captured_at", "last_captured_at")
"""What a page's clock knows to the minute only."""


@pytest.mark.parametrize(
    ("one", "other"), [("warc", "text"), ("wacz", "c4_jsonl"), ("downloader_all", "wet"), ("arc", "warc")]
)
def test_a_site_in_two_forms_in_one_tree_is_one_site(
    one: str, other: str, captures: Sequence[SimCapture], built: Callable[[str], Built], tmp_path: Path
) -> None:
    for form in (one, other):
        (tmp_path / "raw" / "some where" / form).mkdir(parents=True)
        FORMS[form].write(captures, tmp_path / "raw" / "some where" / form)
    found = build_tables(tmp_path / "raw", outputs=tmp_path / "out", workers=2)
    assert found.broken_rules == ()
    assert found["raw_records"].height == built(one)["raw_records"].height + built(other)["raw_records"].height
    ids = set(expected(captures, FORMS[one], one).pages) | set(expected(captures, FORMS[other], other).pages)
    assert set(found["captures"]["capture_id"]) == ids
    assert found.statuses["capture"] == len(ids)
    assert found.statuses["duplicate"] == 2 * len(captures) - len(ids)
    if FORMS[other].keeps_time:
        for table, key in IDS.items():
            assert found[table][key].to_list() == built(one)[table][key].to_list(), table
        # the form with links gives the content, whichever of the two gives the time
        for table in ("teaser_observations", "event_article_links", "events", "articles"):
            assert found[table].drop("url", strict=False).equals(built(one)[table].drop("url", strict=False)), table


def items_of(found: Built, gold: Expected) -> tuple[set[tuple[str, str]], set[tuple[str, str]]]:
    """(item, event) and (item, article) of everything shown."""
    event_at = {
        (key, position): event
        for key, position, event in _teasers(found).select("capture_id", "position", "event_id").iter_rows()
    }
    events = {(item, event_at[key, position]) for (key, position, *_), item in gold.teasers.items()}
    article_at = dict(found["article_observations"].select("capture_id", "article_id").iter_rows())
    articles = {(item, article_at[key]) for (key, *_), item in gold.articles.items()}
    event_of = dict(found["articles"].select("article_id", "event_id").iter_rows())
    return events | {(item, event_of[article]) for item, article in articles}, articles


def _teasers(found: Built) -> pl.DataFrame:
    wordings = found["event_forms"].select("form_id", "published_on", "title", "teaser")
    joined = found["teaser_observations"].join(wordings, on="form_id")
    return joined.select("capture_id", "position", "published_on", "title", "teaser", "href_urlkey", "event_id")
