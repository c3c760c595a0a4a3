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


@pytest.mark.parametrize(
    ("title_a", "title_b", "teaser_a", "teaser_b", "expected"),
    [
        ("On ships", "On Ships.", LONG, LONG, reasons.NORMALISED_EQUAL),
        ("On old ships", "On old shps", LONG, LONG, reasons.LETTER_LOST),
        ("On ships", "On ships (by Ambassador Pavel Orlovsky)", LONG, LONG, reasons.TITLE_EXTENDED),
        ("On ships", "On ships", LONG, LONG + " They came home.", reasons.TEXT_EXTENDED),
        ("A note on ships", "A letter on ships", LONG, LONG, reasons.TITLE_REWORDED),
        ("On ships", "On ships", LONG, LONG.replace("carried", "brought"), reasons.TEXT_REWORDED),
        ("PHOTO: On ships", "On ships", LONG, LONG, reasons.KIND_DIFFERS),
        ("On ships, part 1", "On ships, part 2", LONG, LONG, reasons.DIGIT_DIFFERS),
        ("On ships of May", "On ships of June", LONG, LONG, reasons.MONTH_DIFFERS),
        ("On ships of Riga", "On ships of Oslo", LONG, LONG, reasons.NAME_DIFFERS),
        ("On ships", "On ships", LONG, "Nobody came to the harbour that day because of the fog.", reasons.TEXT_DIFFERS),
        ("A speech", "A toast to old friends", "Dear friends!", "Dear friends!", reasons.TITLE_DIFFERS),
    ],
)
def test_the_reason_names_what_was_found(
    title_a: str, title_b: str, teaser_a: str, teaser_b: str, expected: str
) -> None:
    assert compare(form(title_a, teaser_a), form(title_b, teaser_b, form_id="b")).reason == expected


def test_another_day_needs_the_same_words_and_enough_of_them() -> None:
    assert compare(form("On ships"), form("On ships", day=1, form_id="b")).reason == reasons.DATE_MOVED
    assert compare(form("On ships"), form("On ships", day=3, form_id="b")).reason == reasons.DAYS_APART
    few = compare(form("Closed", "Closed today."), form("Closed", "Closed today.", day=1, form_id="b"))
    assert few.reason == reasons.DAYS_APART


def test_a_cut_wording_is_only_ever_offered_a_parent() -> None:
    whole = form("Statement of the Embassy")
    for cut in (
        form("Statement of the Embassy", LONG[:40], form_id="b", is_cut=True),
        form("Statement of the Embassy", None, form_id="b"),
        form("Statement of the Em", None, form_id="b", is_cut=True),
    ):
        assert compare(whole, cut).strength is Strength.PARENT


def test_scores_are_known_where_both_sides_are() -> None:
    verdict = compare(form("On ships"), form("On ships", None, form_id="b"))
    assert verdict.title_similarity == 1.0
    assert verdict.text_similarity is None


VOCABULARY = (
    "the",
    "Embassy",
    "ships",
    "Riga",
    "Oslo",
    "5",
    "6",
    "May",
    "June",
    "closed",
    "open",
    "of.",
    "Monday",
    "old",
)
WORDS = st.lists(st.sampled_from(VOCABULARY), max_size=12)
TEXTS = st.none() | WORDS.map(" ".join)


@given(st.tuples(WORDS, TEXTS, st.booleans()), st.tuples(WORDS, TEXTS, st.booleans()), st.integers(0, 3))
def test_a_verdict_is_the_same_from_both_sides(
    a: tuple[list[str], str | None, bool], b: tuple[list[str], str | None, bool], day: int
) -> None:
    first = form(" ".join(a[0]), a[1], is_cut=a[2])
    second = form(" ".join(b[0]), b[1], day=day, form_id="b", is_cut=b[2])
    assert compare(first, second) == compare(second, first)


@given(WORDS, TEXTS, st.data())
def test_a_number_more_or_less_in_the_title_of_complete_wordings_is_never_one_item(
    words: list[str], text: str | None, data: st.DataObject
) -> None:
    place = data.draw(st.integers(0, len(words)))
    other = [*words[:place], "7", *words[place:]]
    verdict = compare(form(" ".join(words), text or LONG), form(" ".join(other), text or LONG, form_id="b"))
    assert verdict.strength is Strength.VETO
