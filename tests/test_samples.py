"""The two real dumps, end to end: every value here was read off raw/*.txt by a person."""

from collections.abc import Mapping
from datetime import UTC, date, datetime
from pathlib import Path

import polars as pl
import pytest

from pipeline.build import build
from pipeline.progress import Silent
from pipeline.request import BuildRequest
from schemas.names import TABLE_NAMES

SALISBURY = "salisbury-incident"
GLUSHKOV = "death-of-nikolay-glushkov-on-british-soil"
BURUNDI = (
    "Foreign Minister Sergey Lavrov’s remarks and answers to media questions at a joint news conference following "
    "talks with Foreign Minister of the Republic of Burundi Ezechiel Nibigira, Moscow, November 5, 2019"
)
NORWAY = (
    "Sergey Lavrov’s article for the Aftenposten daily, Norway, Russia-Norway Relations: A Common Past and a "
    "Pragmatic Future, 23 October 2019"
)


@pytest.fixture(scope="module")
def tables(raw: Path, tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, pl.DataFrame]:
    outputs = tmp_path_factory.mktemp("samples")
    build(BuildRequest(raw=(raw,), outputs=outputs), Silent())
    return {name: pl.read_parquet(outputs / "tables" / f"{name}.parquet") for name in TABLE_NAMES}


def test_each_dump_is_one_capture_at_the_instant_its_london_clock_shows(tables: Mapping[str, pl.DataFrame]) -> None:
    captures = tables["captures"].sort("captured_at")
    assert captures["captured_at"].to_list() == [
        datetime(2019, 11, 18, 21, 3, tzinfo=UTC),
        datetime(2020, 1, 26, 17, 58, tzinfo=UTC),
    ]
    assert set(captures["captured_at_source"]) == {"page_clock"}
    assert set(captures["captured_at_precision"]) == {"minute"}
    assert captures["clock_check"].to_list() == ["ok", "ok"]
    assert captures["layout"].to_list() == ["B", "A"]
    assert captures["section"].to_list() == ["SPEECHES, INTERVIEWS, ARTICLES", None]


def test_four_counters_count_from_the_same_two_days(tables: Mapping[str, pl.DataFrame]) -> None:
    counters = tables["counter_observations"].sort("observed_on", "position")
    assert counters.select("counter", "days", "start_on").rows() == [
        (SALISBURY, 624, date(2018, 3, 4)),
        (GLUSHKOV, 616, date(2018, 3, 12)),
        (SALISBURY, 693, date(2018, 3, 4)),
        (GLUSHKOV, 685, date(2018, 3, 12)),
    ]
    assert counters["is_consistent"].all()
    assert set(counters["claim"]) == {"no credible information or response from the British authorities"}
    assert tables["counters"].select("counter", "start_on", "n_observations", "n_inconsistent").rows() == [
        (GLUSHKOV, date(2018, 3, 12), 2, 0),
        (SALISBURY, date(2018, 3, 4), 2, 0),
    ]


def test_twenty_teasers_and_one_more_article_are_twenty_one_events(tables: Mapping[str, pl.DataFrame]) -> None:
    assert tables["teaser_observations"].height == 20
    assert tables["events"].height == 21
    assert tables["events"]["known_from"].value_counts().sort("known_from").rows() == [
        ("article", 1),
        ("both", 1),
        ("teaser", 19),
    ]


def test_the_norway_article_is_dated_by_its_page_and_known_from_it_only(tables: Mapping[str, pl.DataFrame]) -> None:
    article = tables["articles"].row(by_predicate=pl.col("title") == NORWAY, named=True)
    assert (article["published_on"], article["published_on_source"]) == (date(2019, 10, 24), "page")
    assert article["section"] == "SPEECHES, INTERVIEWS, ARTICLES"
    event = tables["events"].row(by_predicate=pl.col("event_id") == article["event_id"], named=True)
    assert (event["known_from"], event["published_on"], event["published_on_source"], event["category"]) == (
        "article",
        date(2019, 10, 24),
        "page",
        "article",
    )
    assert event["n_observations"] == 0


def test_the_burundi_article_is_dated_by_the_teaser_of_the_other_dump(tables: Mapping[str, pl.DataFrame]) -> None:
    article = tables["articles"].row(by_predicate=pl.col("title") == BURUNDI, named=True)
    assert (article["published_on"], article["published_on_source"]) == (date(2019, 11, 6), "teaser")
    link = tables["event_article_links"].row(by_predicate=pl.col("article_id") == article["article_id"], named=True)
    assert (link["event_id"], link["method"]) == (article["event_id"], "text")
    event = tables["events"].row(by_predicate=pl.col("event_id") == article["event_id"], named=True)
    assert (event["known_from"], event["n_captures"], event["n_observations"]) == ("both", 2, 1)
    assert (event["category"], event["place"], event["countries"]) == ("news_conference", "Moscow", "BDI")
    assert (event["title_date"], event["title_date_kind"]) == (date(2019, 11, 5), "held")


@pytest.mark.parametrize(
    ("title", "file", "first", "last", "n"),
    [
        (
            NORWAY,
            "000_fce646e764c63825.txt",
            "At the moment, Norway is celebrating",
            "Gained during World War II",
            7,
        ),
        (BURUNDI, "003_9dab5ff1aff01632.txt", "Good afternoon,", "I would like to point out again", 26),
    ],
)
def test_a_body_has_every_paragraph_of_the_dump_in_order(
    tables: Mapping[str, pl.DataFrame], raw: Path, title: str, file: str, first: str, last: str, n: int
) -> None:
    body = tables["articles"].row(by_predicate=pl.col("title") == title, named=True)["body"].split("\n\n")
    lines = [line.strip() for line in (raw / file).read_text(encoding="utf-8").split("\n")]
    start = next(number for number, line in enumerate(lines) if line.startswith(first))
    ends = (line == "LATEST EVENTS" or line.startswith("16.01.2020 - ") for line in lines)
    stop = next(number for number, is_end in enumerate(ends) if is_end)
    assert body == [line for line in lines[start:stop] if line]
    assert len(body) == n
    assert body[-1].startswith(last)


def test_the_burundi_article_has_remarks_three_questions_and_three_answers(tables: Mapping[str, pl.DataFrame]) -> None:
    article = tables["articles"].row(by_predicate=pl.col("title") == BURUNDI, named=True)
    statements = tables["statements"].filter(pl.col("article_id") == article["article_id"]).sort("position")
    assert statements.select("role", "speaker", "addressed_to", "note").rows() == [
        ("remarks", None, None, None),
        ("question", None, "both ministers", None),
        ("answer", "Sergey Lavrov", None, "speaking after Ezechiel Nibigira"),
        ("question", None, "Ezechiel Nibigira", None),
        ("answer", "Sergey Lavrov", None, "adding after Ezechiel Nibigira"),
        ("question", None, None, None),
        ("answer", "Sergey Lavrov", None, None),
    ]
    assert [text.count("\n\n") + 1 for text in statements["text"]] == [18, 1, 1, 1, 2, 1, 2]


def test_no_line_of_the_dumps_is_left_over(tables: Mapping[str, pl.DataFrame]) -> None:
    assert tables["unplaced_lines"].is_empty()
    assert tables["captures"]["n_unplaced_lines"].sum() == 0
    assert tables["captures"]["n_teasers"].to_list() == [10, 10]


def test_every_record_of_the_ledger_says_what_became_of_it(tables: Mapping[str, pl.DataFrame], raw: Path) -> None:
    ledger = tables["raw_records"]
    assert set(ledger["raw_path"]) == {path.name for path in raw.iterdir()}
    assert ledger.filter(pl.col("status") == "capture").height == 2
    assert ledger.filter(pl.col("reason").is_null()).height == 2


def test_the_first_list_is_overlapped_by_none_and_the_gap_is_open(tables: Mapping[str, pl.DataFrame]) -> None:
    rows = tables["coverage"].filter(pl.col("section") == "SPEECHES, INTERVIEWS, ARTICLES").sort("from_on")
    assert rows.filter(pl.col("status") == "open").select("from_on", "to_on").rows() == [
        (date(2019, 11, 18), date(2019, 11, 21))
    ]
    assert rows.filter(pl.col("status") == "closed").select("from_on", "to_on").rows() == [
        (date(2019, 10, 22), date(2019, 11, 18)),
        (date(2019, 11, 22), date(2020, 1, 26)),
    ]
