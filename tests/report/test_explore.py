"""What the explorer is given: an index of all events, and per event everything the tables say, in numbered files."""

import json
from typing import Any

import pytest

from pipeline.report.explore_details import detail_files
from pipeline.report.explore_index import index_files, manifest, n_files
from pipeline.report.explore_words import word_files
from tests.report.sound import empty_tables, hostile_tables, sound_tables


@pytest.fixture(scope="module")
def details() -> list[dict[str, Any]]:
    [file] = detail_files(sound_tables())
    found: list[dict[str, Any]] = json.loads(file)
    return found


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


def test_every_capture_of_an_event_is_told_with_its_place_in_the_dumps(details: list[dict[str, Any]]) -> None:
    first, second = details[1]["captures"][0], details[1]["captures"][-1]
    assert (first["c"], first["p"], first["n"], first["m"]) == ("c000000000000000a", "dumps/a.txt", 0, None)
    assert second["t"] == "2020-01-26T17:58:00Z"
    assert second["v"] == "v000000000000000b"
    assert second["m"] == "https://archive.example/web/20200126175800/http://www.rusemb.org.uk/fnapr/1"
    seen = [(capture["c"], capture["f"], capture["l"]) for capture in details[0]["captures"]]
    assert seen == [
        ("c000000000000000a", "f000000000000000a", 14),
        ("c000000000000000b", "f000000000000000b", 12),
        ("c000000000000000b", "f000000000000000b", 16),
    ]


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


def test_questions_and_answers_stand_in_their_order(details: list[dict[str, Any]]) -> None:
    assert [statement["role"] for statement in details[1]["statements"]] == ["remarks", "question", "answer"]
    assert details[0]["statements"] == []
    assert details[0]["articles"] == []


def test_files_do_not_depend_on_the_order_of_rows() -> None:
    shuffled = {name: rows.collect().reverse().lazy() for name, rows in sound_tables().items()}
    assert list(detail_files(shuffled)) == list(detail_files(sound_tables()))
    assert list(index_files(shuffled)) == list(index_files(sound_tables()))
    assert manifest(shuffled) == manifest(sound_tables())


def test_events_beyond_one_round_and_one_file_keep_their_places(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = [event for file in detail_files(sound_tables()) for event in json.loads(file)]
    monkeypatch.setattr("pipeline.report.explore_details._ROUND", 2)
    monkeypatch.setattr("pipeline.report.explore_details.DETAIL_EVENTS", 1)
    files = list(detail_files(sound_tables()))
    assert [json.loads(file) for file in files] == [[event] for event in whole]


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


def test_no_event_means_no_file() -> None:
    assert list(word_files(empty_tables())) == []
    assert list(detail_files(empty_tables())) == []
    assert list(index_files(empty_tables())) == []
    assert n_files(0, 64) == 0
    assert n_files(65, 64) == 2
