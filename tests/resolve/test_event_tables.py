"""Which wording an event shows, and what stands for the teaser of an article that has none."""

from datetime import UTC, date, datetime
from typing import Any

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.resolve.event_tables import OPENING_LETTERS, describe_events, opening, shown_wordings

E1 = "e0000000000000001"


def form(name: str, title: str, teaser: str | None, first: int, last: int, **facts: Any) -> dict[str, Any]:
    return {
        "event_id": E1,
        "form_id": name,
        "published_on": date(2019, 1, 1),
        "title": title,
        "teaser": teaser,
        "is_cut": False,
        "n_observations": 1,
        "first_captured_at": datetime(2019, 1, first, tzinfo=UTC),
        "last_captured_at": datetime(2019, 1, last, tzinfo=UTC),
        "source_capture_id": f"c-{name}",
        **facts,
    }


def shown(*forms: dict[str, Any]) -> dict[str, Any]:
    return shown_wordings(pl.DataFrame(list(forms), schema_overrides={"teaser": pl.String})).row(0, named=True)


def test_the_wording_seen_last_is_shown_and_the_first_title_kept() -> None:
    row = shown(form("f1", "Old", "text", 1, 5), form("f2", "New", "text", 3, 9))
    assert (row["title"], row["first_title"], row["source_capture_id"], row["n_forms"]) == ("New", "Old", "c-f2", 2)


def test_a_wording_that_returns_is_the_newest_again() -> None:
    assert shown(form("f1", "A", "text", 1, 9), form("f2", "B", "text", 3, 5))["title"] == "A"


def test_a_cut_wording_is_shown_only_where_no_complete_one_is_known() -> None:
    cut = form("f2", "New and cu", None, 3, 9, is_cut=True)
    assert shown(form("f1", "Old", "text", 1, 5), cut)["title"] == "Old"
    longer = form("f3", "New and cut sh", None, 1, 2, is_cut=True)
    assert shown(cut, longer)["title"] == "New and cut sh"


def test_a_wording_with_text_is_preferred_to_one_without() -> None:
    assert shown(form("f1", "T", "text", 1, 2), form("f2", "T", None, 3, 9))["teaser"] == "text"


@given(order=st.permutations(range(3)))
def test_the_order_of_forms_changes_nothing(order: list[int]) -> None:
    forms = [form("f1", "A", "x", 1, 9), form("f2", "B", "x", 3, 9), form("f3", "C", None, 1, 9, is_cut=True)]
    assert shown(*(forms[place] for place in order)) == shown(*forms)


def test_an_opening_is_the_start_of_the_text_with_paragraphs_joined_by_a_space() -> None:
    assert opening("Good afternoon,\n\nThe meeting took place.") == "Good afternoon, The meeting took place."


@given(st.text(max_size=2_000))
def test_an_opening_is_short_one_line_and_the_start_of_the_text(body: str) -> None:
    start = opening(body)
    assert len(start) <= OPENING_LETTERS
    assert "\n" not in start
    assert " ".join(body.split()).startswith(start)


@pytest.mark.parametrize(
    ("article", "observations", "known_from", "source"),
    [(None, 2, "teaser", "teaser"), ("a1", 0, "article", "page"), ("a1", 2, "both", "teaser")],
)
def test_an_event_says_what_it_is_known_from(
    article: str | None, observations: int, known_from: str, source: str
) -> None:
    wording = shown_wordings(pl.DataFrame([form("f1", "Ambassador’s article for The Times", "text", 1, 2)]))
    seen = pl.DataFrame({"event_id": [E1], "n_captures": [2], "n_observations": [observations], "section": [None]})
    articles = pl.DataFrame({"event_id": [E1], "article_id": [article]}, schema_overrides={"article_id": pl.String})
    event = describe_events(wording, seen, articles.drop_nulls()).events.row(0, named=True)
    assert (event["known_from"], event["published_on_source"]) == (known_from, source)
    assert (event["teaser"] is None) == (observations == 0)
    assert event["category"] == "article"
