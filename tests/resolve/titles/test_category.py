"""The category is what the item is, by the precedence of the data model, never what the item is about."""

import pytest

from pipeline.resolve.titles import wording
from pipeline.resolve.titles.category import CATEGORIES, RULES, CategoryRule, read_category


def test_categories_are_those_of_the_data_model_in_order_of_precedence() -> None:
    assert CATEGORIES == (
        "news_conference",
        "interview",
        "letter",
        "article",
        "speech",
        "remarks",
        "reply_to_media",
        "statement",
        "press_release",
        "notice",
        "photo",
        "video",
        "other",
    )


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: f"{rule.category}: {rule.example}")
def test_each_row_of_the_table_reads_its_own_example(rule: CategoryRule) -> None:
    assert read_category(wording.plain(rule.example)) == rule.category


@pytest.mark.parametrize(
    ("title", "category"),
    [
        ("Comment on the article in the Evening Courier", "statement"),
        ("Embassy Press Officer's comment on the letter of the Lord Mayor", "statement"),
        ("Press release on the interview of the Lord Mayor", "press_release"),
        ("On the statement of the Lord Mayor", "other"),
        ("The lighthouse: an interview that never was", "other"),
        ('"The last interview": a concert at the Embassy', "other"),
    ],
)
def test_the_topic_of_an_item_is_not_its_category(title: str, category: str) -> None:
    assert read_category(title) == category


def test_remarks_made_at_a_news_conference_are_a_news_conference() -> None:
    assert read_category("Minister A B's remarks and answers to questions at a news conference") == "news_conference"


def test_a_prefix_gives_way_to_what_it_shows() -> None:
    assert read_category("VIDEO: Ambassador Ivan Petrov's interview with Radio North") == "interview"
    assert read_category("PHOTO: Ambassador Ivan Petrov's speech at the Burns supper") == "speech"


def test_what_no_row_describes_is_other() -> None:
    assert read_category("85 weeks since the lighthouse went dark") == "other"
