"""Reading a title never fails, never invents words, and depends on nothing but the title and the date."""

import time
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.resolve.titles import TitleFacts, read_title
from pipeline.resolve.titles.category import CATEGORIES

VOCABULARY = (
    "Foreign Minister Ambassador Sergey Lavrov’s Lavrov remarks interview by of and with at ( ) , : “ ” on Moscow "
    "in London Jordan UK US November 12, 2019 (2019, 31.02.2018 PHOTO: joint statement the Embassy – 's"
)
WORDS = st.sampled_from(VOCABULARY.split(" "))
TITLES = st.one_of(st.text(max_size=80), st.lists(WORDS, max_size=14).map(" ".join))


@given(TITLES, st.none() | st.dates(date(1990, 1, 1), date(2022, 12, 31)))
def test_any_title_is_read_and_every_name_stands_in_it(title: str, published_on: date | None) -> None:
    facts = read_title(title, published_on)
    collapsed = " ".join(title.split())
    printed = [facts.place, *(text for speaker in facts.speakers for text in speaker)]
    assert all(text is None or (text and text in collapsed) for text in printed)
    assert all(speaker.name or speaker.role for speaker in facts.speakers)
    assert facts.category in CATEGORIES if collapsed else facts == TitleFacts()
    assert (facts.title_date is None) == (facts.title_date_kind is None)
    if facts.title_date and published_on and facts.title_date > published_on:
        assert facts.title_date_kind == "announced"
    assert list(facts.countries or ()) == sorted(set(facts.countries or ()))
    assert all(getattr(facts, problem.column) is None for problem in facts.problems if problem.column != "speaker")


@given(TITLES)
def test_quotes_dashes_and_blanks_do_not_change_what_is_read(title: str) -> None:
    plain = read_title(title.replace("’", "'").replace("–", "-"), None)
    wide = read_title(title.replace(" ", " \u00a0 "), None)
    facts = read_title(title, None)
    assert (plain.category, plain.countries, plain.title_date) == (facts.category, facts.countries, facts.title_date)
    assert wide == facts


@pytest.mark.parametrize("phrase", ["reply by a to ", "Ambassador and ", "a's b c d ", "(by a for ", "Republic of "])
def test_a_long_hostile_title_is_read_in_no_time(phrase: str) -> None:
    start = time.process_time()
    read_title(phrase * 700, None)
    assert time.process_time() - start < 2  # the first took four minutes while its gaps were unbounded


def test_a_real_title_yields_every_fact() -> None:
    facts = read_title(
        "Foreign Minister Sergey Lavrov’s remarks and answers to media questions at a joint news conference following "
        "talks with Foreign Minister of the Republic of Burundi Ezechiel Nibigira, Moscow, November 5, 2019",
        date(2019, 11, 6),
    )
    assert facts == TitleFacts(
        category="news_conference",
        speakers=(("Sergey Lavrov", "Foreign Minister"),),  # type: ignore[arg-type]
        place="Moscow",
        title_date=date(2019, 11, 5),
        title_date_kind="held",
        countries=("BDI",),
        problems=(),
    )
