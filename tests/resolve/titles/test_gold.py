"""How well titles are read on hand-labelled ones: the floors are what the held-out half reaches, rounded down.

The held-out half was labelled before any rule existed and is never tuned on; both halves come from the same hand.
"""

import json
from pathlib import Path

import pytest

from pipeline.resolve.titles.category import CATEGORIES
from pipeline.resolve.titles.score import FIELDS, read_gold, title_scores

GOLD = Path(__file__).resolve().parents[2] / "gold"
HELD_OUT = GOLD / "titles_heldout.jsonl"
DEVELOPMENT = GOLD / "titles_dev.jsonl"

FLOORS = {  # field: (precision, recall) on the held-out half
    "category": (0.98, 0.98),
    "speaker": (1.0, 1.0),
    "speaker_role": (1.0, 1.0),
    "speakers": (1.0, 0.98),
    "place": (1.0, 0.96),
    "title_date": (1.0, 1.0),
    "title_date_kind": (1.0, 1.0),
    "countries": (1.0, 1.0),
}


@pytest.mark.parametrize("field", FIELDS)
def test_held_out_titles_reach_the_floor(field: str) -> None:
    score = title_scores(HELD_OUT)[field]
    precision, recall = FLOORS[field]
    assert score.n >= 25
    assert (score.precision >= precision, score.recall >= recall) == (True, True), score


def test_the_halves_are_large_distinct_and_cover_every_category() -> None:
    held_out, development = read_gold(HELD_OUT), read_gold(DEVELOPMENT)
    assert len(held_out) >= 75
    assert len(held_out) + len(development) >= 150
    assert not {label.title for label in held_out} & {label.title for label in development}
    for half in (held_out, development):
        assert {category for label in half for category in label.values["category"]} == set(CATEGORIES)


def test_the_titles_of_the_sample_dumps_are_all_labelled(raw: Path) -> None:
    labelled = {label.title for path in (HELD_OUT, DEVELOPMENT) for label in read_gold(path)}
    printed = " ".join(" ".join(path.read_text(encoding="utf-8") for path in sorted(raw.glob("*.txt"))).split())
    assert sum(title in printed for title in labelled) >= 21


def test_a_wrong_value_costs_precision_and_recall_and_an_invented_one_precision_only(tmp_path: Path) -> None:
    gold = tmp_path / "gold.jsonl"
    label: dict[str, object] = {
        "id": "x1",
        "title": "Ambassador Ivan Petrov’s remarks, Leeds, 3 June 2016",
        "published_on": None,
        "category": "speech",
        "speakers": [],
        "place": "York",
        "title_date": None,
        "title_date_kind": None,
        "countries": "",
    }
    gold.write_text(json.dumps(label) + "\n", encoding="utf-8")
    scores = title_scores(gold)
    assert scores["place"] == (0.0, 0.0, 1)
    assert scores["speaker"] == (0.0, 1.0, 0)
    assert scores["countries"] == (1.0, 1.0, 0)
