"""Two wordings are one item, or two: the labelled pairs, and each rule on its own."""

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.resolve import reasons
from pipeline.resolve.compare import Strength, compare
from pipeline.resolve.normalise import Wording, wording

GOLD = Path(__file__).parent.parent / "gold" / "event_pairs.jsonl"
CASES = [json.loads(line) for line in GOLD.read_text(encoding="utf-8").splitlines()]
LONG = "We honour the sailors of both nations who carried supplies through ice and storm."


def of(side: dict[str, Any], form_id: str) -> Wording:
    day = (date.fromisoformat(side["published_on"]) - date(1970, 1, 1)).days
    return wording(form_id, day, side["title"], side["teaser"], is_cut=side["is_cut"])


def form(title: str, teaser: str | None = LONG, day: int = 0, form_id: str = "a", *, is_cut: bool = False) -> Wording:
    return wording(form_id, day, title, teaser, is_cut=is_cut)


def reason(title_a: str, title_b: str, teaser_a: str | None = LONG, teaser_b: str | None = LONG) -> str:
    return compare(form(title_a, teaser_a, form_id="a"), form(title_b, teaser_b, form_id="b")).reason


def test_the_gold_file_holds_enough_pairs_of_both_kinds() -> None:
    assert len({case["name"] for case in CASES}) == len(CASES) >= 60
    assert min(sum(case["same"] for case in CASES), sum(not case["same"] for case in CASES)) >= 30


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_a_labelled_pair_is_judged_as_labelled(case: dict[str, Any]) -> None:
    a, b = of(case["a"], "a"), of(case["b"], "b")
    verdict = compare(a, b)
    assert (verdict.strength in {Strength.SAME, Strength.PARENT}) is case["same"], verdict
    assert compare(b, a) == verdict
    assert verdict.reason in reasons.REASONS
