"""What the explorer is given: an index of all events, and per event everything the tables say, in numbered files."""

import json
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from pipeline.remember import remembering
from pipeline.report.explore_captures import capture_files, capture_numbers
from pipeline.report.explore_details import detail_files
from pipeline.report.explore_index import index_files, manifest
from pipeline.report.explore_words import word_files
from pipeline.report.figure import Tables
from tests.report.sound import empty_tables, hostile_tables, odd_tables, sound_tables


@pytest.fixture(scope="module")
def details(tmp_path_factory: pytest.TempPathFactory) -> list[dict[str, Any]]:
    [file] = files_of_details(sound_tables(), tmp_path_factory.mktemp("scratch"))
    found: list[dict[str, Any]] = json.loads(file)
    return found


@pytest.fixture(scope="module")
def captures(tmp_path_factory: pytest.TempPathFactory) -> list[dict[str, Any]]:
    [file] = files_of_captures(sound_tables(), tmp_path_factory.mktemp("scratch"))
    found: list[dict[str, Any]] = json.loads(file)
    return found


def files_of_details(tables: Tables, scratch: Path) -> list[str]:
    return list(detail_files(tables, capture_numbers(tables), scratch))


def files_of_captures(tables: Tables, scratch: Path) -> list[str]:
    return list(capture_files(tables, capture_numbers(tables), scratch))


def test_events_are_numbered_in_the_order_of_their_ids(details: list[dict[str, Any]]) -> None:
    [index] = index_files(sound_tables())
    ids = ["e000000000000000a", "e000000000000000b", "e000000000000000c"]
    assert [entry[0] for entry in index] == ids
    assert [event["event"]["event_id"] for event in details] == ids


def test_an_entry_of_the_index_holds_what_filters_and_search_need() -> None:
    [index] = index_files(sound_tables())
    assert index[1] == [
        "e000000000000000b",
        "2019-11-06",
        "remarks",
        ["Anna Example", "Boris Example"],
        "BDI RUS",
        2,
        2,
        "Second title",
        "Good afternoon. Question: Why?",
        "Moscow",
    ]


def test_an_index_of_several_files_holds_the_same_entries(monkeypatch: pytest.MonkeyPatch) -> None:
    [whole] = index_files(sound_tables())
    monkeypatch.setattr("pipeline.report.explore_index.INDEX_EVENTS", 2)
    assert [entry for file in index_files(sound_tables()) for entry in file] == whole


def test_words_of_earlier_wordings_are_searched_and_others_do_not_stand_twice() -> None:
    [index] = index_files(sound_tables())
    assert index[0][9] == "titel"
    assert index[1][9] == "Moscow"


def test_the_manifest_offers_what_occurs_most_frequent_first() -> None:
    known = manifest(sound_tables())
    assert known["events"] == 3
    assert known["categories"] == [["notice", 1], ["other", 1], ["remarks", 1]]
    assert known["countries"] == [["BDI", 1, "Burundi"], ["RUS", 1, "Russian Federation"]]
    assert known["meaning"]["notice"] == "a notice to visitors or citizens"


def test_a_capture_is_told_once_with_its_place_in_the_dumps(captures: list[dict[str, Any]]) -> None:
    assert [capture["c"] for capture in captures] == ["c000000000000000a", "c000000000000000b", "c000000000000000c"]
    first, last = captures[0], captures[1]
    assert (first["p"], first["n"], first["m"]) == ("dumps/a.txt", 0, None)
    assert last["t"] == "2020-01-26T17:58:00Z"
    assert last["m"] == "https://archive.example/web/20200126175800/http://www.rusemb.org.uk/fnapr/1"


def test_captures_follow_their_instants_and_those_of_unknown_time_stand_last() -> None:
    tables = dict(sound_tables())
    turned = pl.col("captured_at").reverse()
    tables["captures"] = tables["captures"].with_columns(captured_at=turned)
    assert [name[-1] for name in capture_numbers(tables)["capture_id"]] == ["c", "b", "a"]
    assert [name[-1] for name in capture_numbers(sound_tables())["capture_id"]] == ["a", "b", "c"]


def test_an_event_names_every_capture_that_shows_it(
    details: list[dict[str, Any]], captures: list[dict[str, Any]]
) -> None:
    seen = [(captures[number]["c"], wording, place) for number, wording, place in details[0]["captures"]]
    assert [form["form_id"] for form in details[0]["forms"]] == ["f000000000000000a", "f000000000000000b"]
    assert seen == [
        ("c000000000000000a", 1, 14),
        ("c000000000000000b", 2, 12),
        ("c000000000000000b", 2, 16),
    ]
    number, wording, version = details[1]["captures"][-1]
    assert (captures[number]["c"], wording, version) == ("c000000000000000b", 0, 2)


def test_a_decision_between_two_wordings_of_an_event_stands_once_and_another_event_is_named(
    details: list[dict[str, Any]],
) -> None:
    within, across = details[0]["decisions"]
    assert (within["same"], within["other_form_id"], within["other_event_id"]) == (
        True,
        "f000000000000000b",
        "e000000000000000a",
    )
    assert (across["same"], across["other_title"]) == (False, "Second title")
    [seen_from_there] = details[1]["decisions"]
    assert seen_from_there["other_event_id"] == "e000000000000000a"


def test_a_later_version_is_a_diff_whose_kept_and_new_stretches_give_its_text(details: list[dict[str, Any]]) -> None:
    first, second = details[1]["versions"]
    assert first["body"] == "Good afternoon.\n\nQuestion: Why?\n\nAnswer: Because."
    assert first["diff"] is None
    assert second["body"] is None
    text = "".join(part for sign, part in second["diff"] if sign != -1)
    assert text == "Good afternoon.\n\nQuestion: Why?\n\nAnswer: Because.\n\nOf this."
    assert [part.strip() for sign, part in second["diff"] if sign == 1] == ["Of this."]


def test_the_version_that_the_article_shows_is_marked_even_where_an_earlier_text_came_back(
    details: list[dict[str, Any]], tmp_path: Path
) -> None:
    assert [version["is_shown"] for version in details[1]["versions"]] == [False, True]
    [file] = files_of_details(odd_tables(), tmp_path)
    _, returned, without_text = json.loads(file)
    assert [version["is_shown"] for version in returned["versions"]] == [True, False]
    assert [(version["is_shown"], version["body"]) for version in without_text["versions"]] == [(True, None)]


def test_questions_and_answers_stand_in_their_order(details: list[dict[str, Any]]) -> None:
    assert [statement["role"] for statement in details[1]["statements"]] == ["remarks", "question", "answer"]
    assert details[0]["statements"] == []
    assert details[0]["articles"] == []


def test_files_do_not_depend_on_the_order_of_rows(tmp_path: Path) -> None:
    shuffled = {name: rows.collect().reverse().lazy() for name, rows in sound_tables().items()}
    assert files_of_details(shuffled, tmp_path) == files_of_details(sound_tables(), tmp_path)
    assert files_of_captures(shuffled, tmp_path) == files_of_captures(sound_tables(), tmp_path)
    assert list(index_files(shuffled)) == list(index_files(sound_tables()))
    assert manifest(shuffled) == manifest(sound_tables())


def test_events_and_captures_beyond_one_round_and_one_file_keep_their_places(
    tmp_path: Path, details: list[dict[str, Any]], captures: list[dict[str, Any]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pipeline.report.explore_captures.ROWS_READ", 1)
    for name, at_once, per_file in (
        ("details", "_ROUND", "DETAIL_EVENTS"),
        ("captures", "_AT_ONCE", "CAPTURES_PER_FILE"),
    ):
        monkeypatch.setattr(f"pipeline.report.explore_{name}.{at_once}", 2)
        monkeypatch.setattr(f"pipeline.report.explore_{name}.{per_file}", 1)
    files = files_of_details(sound_tables(), tmp_path)
    assert [json.loads(file) for file in files] == [[event] for event in details]
    files = files_of_captures(sound_tables(), tmp_path)
    assert [json.loads(file) for file in files] == [[capture] for capture in captures]
    assert not list(tmp_path.iterdir())


def test_a_diff_is_made_once_and_taken_over_by_the_builds_that_follow(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with remembering(tmp_path / "memory", "a" * 64):
        first = files_of_details(sound_tables(), tmp_path)
    monkeypatch.setattr("pipeline.report.explore_details.word_diff", None)
    with remembering(tmp_path / "memory", "a" * 64):
        assert files_of_details(sound_tables(), tmp_path) == first
    with pytest.raises(TypeError), remembering(tmp_path / "memory", "b" * 64):
        files_of_details(sound_tables(), tmp_path)


def test_words_of_texts_lead_to_the_events_whose_articles_have_them() -> None:
    files = {letter: json.loads(words) for letter, words in word_files(sound_tables())}
    assert list(files) == sorted(files)
    assert files["a"] == {"afternoon": [1], "answer": [1]}
    assert files["o"] == {"of": [1], "one": [2]}
    assert "second" not in files.get("s", {}), "titles are in the index"


def test_numbers_of_events_are_told_as_steps() -> None:
    files = {
        letter: json.loads(words) for letter, words in word_files(sound_tables(articles={"body": "Déjà vu – twice."}))
    }
    assert files == {"d": {"deja": [1, 1]}, "t": {"twice": [1, 1]}, "v": {"vu": [1, 1]}}


def test_hostile_texts_have_words_of_letters_and_digits_only() -> None:
    for letter, words in word_files(hostile_tables()):
        assert all(word.isalnum() and word.startswith(letter) for word in json.loads(words))


def test_an_event_of_two_articles_is_found_by_a_word_of_both_once() -> None:
    tables = sound_tables(articles={"event_id": "e000000000000000b", "body": "Twice."})
    assert {letter: json.loads(words) for letter, words in word_files(tables)} == {"t": {"twice": [1]}}


def test_words_of_more_articles_than_are_read_together_are_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = list(word_files(sound_tables()))
    monkeypatch.setattr("pipeline.report.explore_words._ARTICLES_READ", 1)
    assert list(word_files(sound_tables())) == whole


def test_no_event_means_no_file(tmp_path: Path) -> None:
    assert list(word_files(empty_tables())) == []
    assert files_of_details(empty_tables(), tmp_path) == []
    assert files_of_captures(empty_tables(), tmp_path) == []
    assert list(index_files(empty_tables())) == []
