"""Only a date that stands apart at the end is the title's, and only while it can be trusted."""

from datetime import date

import pytest

from pipeline.resolve.titles import Problem, read_title


@pytest.mark.parametrize(
    ("printed", "day"),
    [
        ("November 12, 2019", date(2019, 11, 12)),
        ("November 12 2019", date(2019, 11, 12)),
        ("Nov. 12, 2019", date(2019, 11, 12)),
        ("23 October 2019", date(2019, 10, 23)),
        ("23rd of October, 2019", date(2019, 10, 23)),
        ("Sept 3, 2018", date(2018, 9, 3)),
        ("04.03.2015", date(2015, 3, 4)),
        ("29 February 2020", date(2020, 2, 29)),
    ],
)
def test_every_printed_form_is_read_day_first(printed: str, day: date) -> None:
    facts = read_title(f"Ambassador’s remarks at a reception, {printed}", None)
    assert (facts.title_date, facts.title_date_kind) == (day, "held")


@pytest.mark.parametrize("printed", ["October 2019", "October 23–24, 2019", "23-24 October 2019", "8 and 9 March 2016"])
def test_a_month_or_a_span_is_no_day(printed: str) -> None:
    facts = read_title(f"Ambassador’s remarks at a reception, Oxford, {printed}", None)
    assert (facts.title_date, facts.title_date_kind, facts.problems) == (None, None, ())
    assert facts.place == "Oxford"


@pytest.mark.parametrize(
    "title",
    [
        "Statement on the anniversary of the events of 2 May 2014",
        "Embassy Press Officer’s reply to a question concerning the storm on 2 May 2014",
        "Ambassador’s remarks about the treaty of 12 May 1992 at a reception",
    ],
)
def test_a_date_inside_a_sentence_belongs_to_the_topic(title: str) -> None:
    assert read_title(title, date(2018, 5, 2)).title_date is None


def test_an_article_and_an_interview_without_a_place_were_published_elsewhere() -> None:
    article = read_title("Article by Ambassador Ivan Petrov for the Evening Courier, 3 June 2016", None)
    interview = read_title("Ambassador Ivan Petrov’s interview with Radio North, 3 June 2016", None)
    held = read_title("Ambassador Ivan Petrov’s interview with Radio North, Leeds, 3 June 2016", None)
    assert article.title_date_kind == interview.title_date_kind == "published_elsewhere"
    assert (held.title_date_kind, held.place) == ("held", "Leeds")


def test_a_notice_announces_its_day_even_after_publication() -> None:
    facts = read_title("Consular Section will be closed on 12 June 2019", date(2019, 6, 7))
    assert (facts.category, facts.title_date, facts.title_date_kind) == ("notice", date(2019, 6, 12), "announced")


@pytest.mark.parametrize(
    ("title", "published_on", "rule"),
    [
        ("Ambassador’s remarks, 5 March 2018", date(2018, 3, 4), "title_date_after_published_on"),
        ("Ambassador’s remarks, 5 March 2016", date(2018, 3, 4), "title_date_long_before_published_on"),
        ("Ambassador’s remarks, 9 May 1945", None, "title_date_before_1990"),
        ("Ambassador’s remarks, 31 September 2018", None, "title_date_impossible"),
    ],
)
def test_an_untrusted_day_is_null_and_a_problem(title: str, published_on: date | None, rule: str) -> None:
    facts = read_title(title, published_on)
    assert (facts.title_date, facts.title_date_kind) == (None, None)
    assert facts.problems == (Problem("title_date", rule),)


@pytest.mark.parametrize("published_on", [date(2018, 3, 5), date(2018, 3, 8), date(2018, 4, 11), None])
def test_a_day_on_or_before_publication_is_trusted(published_on: date | None) -> None:
    assert read_title("Ambassador’s remarks, 5 March 2018", published_on).title_date == date(2018, 3, 5)
