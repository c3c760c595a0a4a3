"""Counters: a number of days, what it counts from, what is claimed."""

import pytest

from pipeline.parse import parse_page
from pipeline.parse.counters import read_counters
from pipeline.parse.text import collapse
from pipeline.records import PageText

SALISBURY = "624 days have passed since the Salisbury incident - no credible information"
GLUSHKOV = "616 days have passed since the death of Nikolay Glushkov on British soil - no response - none"


@pytest.mark.parametrize("gap", ["\u00a0" * 341, "   ", " ", "\t"])
def test_both_counters_of_one_line_are_read_whatever_parts_them(gap: str) -> None:
    first, second = read_counters(collapse(SALISBURY + gap + GLUSHKOV), 10)
    assert (first.position, first.days, first.label, first.claim, first.raw_text, first.line_no) == (
        0, 624, "the Salisbury incident", "no credible information", SALISBURY, 10,
    )  # fmt: skip
    assert (second.position, second.days, second.label, second.claim, second.raw_text, second.line_no) == (
        1, 616, "the death of Nikolay Glushkov on British soil", "no response - none", GLUSHKOV, 10,
    )  # fmt: skip


def test_a_new_wording_is_a_counter_without_any_code() -> None:
    (counter,) = read_counters("1 day has passed since the closing of the reading room - TAIL", 3)
    assert (counter.days, counter.label, counter.claim) == (1, "the closing of the reading room", "TAIL")


def test_a_counter_without_a_dash_claims_nothing() -> None:
    (counter,) = read_counters("0 days have passed since the ferry stopped", 1)
    assert (counter.days, counter.label, counter.claim) == (0, "the ferry stopped", None)


@pytest.mark.parametrize(
    "line",
    [
        "85 weeks since the ferry stopped",
        "Some 85 days have passed since then - no word",
        "85 days have passed since",
        "",
    ],
)
def test_other_lines_are_no_counters(line: str) -> None:
    assert read_counters(line, 1) == []


def test_counters_on_two_lines_are_numbered_on() -> None:
    page = parse_page(
        PageText(f"1 May 2019\nMoscow: 12:00\nLondon: 10:00\n\n{SALISBURY}\n{GLUSHKOV}\n\n\n\nTitle\n\nText")
    )
    assert [(counter.position, counter.days, counter.line_no) for counter in page.counters] == [
        (0, 624, 5),
        (1, 616, 6),
    ]


def test_a_sentence_of_a_body_is_no_counter() -> None:
    page = parse_page(PageText(f"Title\n\nText.\n\n{SALISBURY}."))
    assert page.counters == ()
    assert page.article is not None
    assert page.article.paragraphs == ("Text.", f"{SALISBURY}.")
