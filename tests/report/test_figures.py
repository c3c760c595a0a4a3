"""What the figures say of a small dataset whose rows can be counted by hand, and of one without rows."""

from datetime import date
from typing import Any

import polars as pl
import pytest

from pipeline.report.figure import Figure, Tables
from pipeline.report.write import SECTIONS
from tests.report.sound import empty_tables, sound_tables


def figures(tables: Tables) -> dict[str, Figure]:
    found = [figure for section in SECTIONS for figure in section(tables).figures]
    assert len({figure.name for figure in found}) == len(found)
    return {figure.name: figure for figure in found}


@pytest.fixture(scope="module")
def sound() -> dict[str, Figure]:
    return figures(sound_tables())


def rows(figure: Figure) -> list[tuple[Any, ...]]:
    return figure.rows.rows()


def test_captures_are_counted_by_month_and_kind_and_the_untimed_one_is_named(sound: dict[str, Figure]) -> None:
    assert rows(sound["captures-by-kind"]) == [(date(2019, 11, 1), "article", 1), (date(2020, 1, 1), "article", 1)]
    assert "Left out: 1 capture of unknown time." in sound["captures-by-kind"].says
    assert [row[1] for row in rows(sound["captures-by-source"])] == ["page clock", "warc"]


def test_repetition_is_counted_from_records_to_events_and_articles(sound: dict[str, Figure]) -> None:
    assert dict(rows(sound["collapsed"])) == {
        "raw records that show a page": 4,
        "captures": 3,
        "teaser observations": 4,
        "distinct wordings of events": 4,
        "events": 3,
        "article observations": 3,
        "article versions": 3,
        "articles": 2,
    }


def test_every_raw_record_is_accounted_for(sound: dict[str, Figure]) -> None:
    assert sound["raw-records"].rows["records"].sum() == 5


def test_countries_are_named_and_speakers_without_a_name_are_left_out(sound: dict[str, Figure]) -> None:
    assert rows(sound["countries"]) == [("Burundi", "BDI", 1), ("Russian Federation", "RUS", 1)]
    assert rows(sound["speakers"]) == [("Anna Example", 1), ("Boris Example", 1)]
    assert rows(sound["places"]) == [("Moscow", 1)]


def test_a_counter_that_strays_is_listed_with_its_usual_start_day(sound: dict[str, Figure]) -> None:
    assert rows(sound["counters-astray"]) == [
        (
            "c000000000000000b",
            "salisbury-incident",
            date(2020, 1, 26),
            690,
            date(2018, 3, 7),
            date(2018, 3, 4),
        )
    ]
    assert "beside the line (1)" in sound["counters-by-date"].says


def test_only_articles_seen_in_several_texts_count_as_edited(sound: dict[str, Figure]) -> None:
    assert [(row[0], row[3], row[5]) for row in rows(sound["most-versions"])] == [("e000000000000000b", 2, 2)]
    assert rows(sound["wordings"]) == [(1, 2), (2, 1)]


def test_an_event_without_article_or_with_a_cut_one_was_never_captured_in_full() -> None:
    assert [row[0] for row in rows(figures(sound_tables())["never-in-full"])] == ["e000000000000000a"]
    cut = figures(sound_tables(articles={"is_truncated": True}))["never-in-full"]
    assert set(cut.rows["captured"]) == {"teaser only", "article cut off"}


def test_measures_come_with_their_definitions(sound: dict[str, Figure]) -> None:
    assert sound["quality-measures"].rows.columns == ["measure", "value", "n", "definition"]
    assert sound["quality-measures"].rows["definition"].null_count() == 0


def test_quarantine_is_counted_by_rule(sound: dict[str, Figure]) -> None:
    assert sound["quarantine"].rows["rows"].sum() == 3


def test_a_dataset_without_rows_has_sentences_instead_of_charts() -> None:
    for figure in figures(empty_tables()).values():
        if figure.name == "collapsed":
            assert figure.rows["count"].sum() == 0
        else:
            assert figure.rows.is_empty(), figure.name
        assert figure.spec is None, figure.name
        assert figure.nothing.endswith(".")


def test_a_figure_is_the_same_whatever_the_order_of_the_rows() -> None:
    shuffled = {name: rows.collect().reverse().lazy() for name, rows in sound_tables().items()}
    for name, figure in figures(sound_tables()).items():
        other = figures(shuffled)[name]
        assert figure.rows.equals(other.rows), name
        assert figure.spec == other.spec, name


def test_rows_behind_a_chart_are_never_cut() -> None:
    many = pl.DataFrame({"event_id": [f"e{n:016x}" for n in range(40)], "position": 0, "name": "", "role": None})
    speakers = many.with_columns(name=pl.concat_str(pl.lit("Speaker "), pl.col("event_id").str.tail(2)))
    figure = figures({**sound_tables(), "event_speakers": speakers.lazy()})["speakers"]
    assert figure.rows.height == 40
    assert "15 most frequent of 40" in figure.says
