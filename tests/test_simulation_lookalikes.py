"""Items made to look alike differ as their kind says, and no others are alike by chance."""

import re
from datetime import date
from itertools import pairwise

import pytest

from tests.simulation import Site, simulate_site


@pytest.fixture(scope="module")
def site() -> Site:
    return simulate_site(11, n_items=3000)


def first_wordings(site: Site, kind: str) -> list[tuple[str, str, str, str, int]]:
    """(title, title, teaser, teaser, days between) of the pairs of a kind that nobody edited."""
    rows = []
    for pair in site.hard_pairs:
        a, b = site.by_id[pair.item_a], site.by_id[pair.item_b]
        if pair.kind == kind and len(a.wordings) == len(b.wordings) == 1:
            one, other = a.wordings[0], b.wordings[0]
            days = abs((one.published_on - other.published_on).days)
            rows.append((one.title or "", other.title or "", one.teaser, other.teaser, days))
    assert rows, kind
    return rows


MASKS = {
    "notice_date": r"\d+|January|February|March|April|May|June|July|August|September|October|November|December",
    "notice_number": r"\d+",
    "notice_name": r"\b[A-Z][a-z]+",
    "notice_weekday": r"[A-Z][a-z]+day",
}


@pytest.mark.parametrize("kind", MASKS)
def test_notices_differ_only_in_a_date_a_number_or_a_name(site: Site, kind: str) -> None:
    mask = re.compile(MASKS[kind])
    for title_a, title_b, teaser_a, teaser_b, days in first_wordings(site, kind):
        assert (title_a, teaser_a) != (title_b, teaser_b)
        assert [mask.sub("#", title_a), mask.sub("#", teaser_a)] == [mask.sub("#", title_b), mask.sub("#", teaser_b)]
        assert days <= 1


def test_recurring_notices_are_the_same_words_a_week_apart(site: Site) -> None:
    for title_a, title_b, teaser_a, teaser_b, days in first_wordings(site, "recurring"):
        assert (title_a, teaser_a) == (title_b, teaser_b)
        assert days >= 8


def test_no_two_items_of_three_days_show_the_same_title_and_text() -> None:
    site = simulate_site(8, n_items=2500, end=date(2015, 6, 30))
    days: dict[tuple[str | None, str], list[tuple[date, str]]] = {}
    for item in site.items:
        for wording in item.wordings:
            days.setdefault((wording.title, wording.teaser), []).append((wording.published_on, item.item_id))
    for shown in days.values():
        for (day, item_id), (next_day, next_id) in pairwise(sorted(shown)):
            assert item_id == next_id or (next_day - day).days > 2


def test_generic_titles_and_twin_statements_share_a_title_not_a_text(site: Site) -> None:
    for kind, most in (("generic_title", 6), ("two_statements", 0)):
        for title_a, title_b, teaser_a, teaser_b, days in first_wordings(site, kind):
            assert title_a == title_b
            assert teaser_a != teaser_b
            assert days <= most


def test_photographs_carry_the_title_of_their_article(site: Site) -> None:
    for kind in ("photo", "photo_same_opening"):
        for title_a, title_b, teaser_a, teaser_b, days in first_wordings(site, kind):
            assert f"PHOTO: {min(title_a, title_b, key=len)}" in (title_a, title_b)
            assert days == 0
            assert (teaser_a[:30] == teaser_b[:30]) == (kind == "photo_same_opening")


def test_protocol_openings_differ_in_the_guest_alone(site: Site) -> None:
    for title_a, title_b, teaser_a, teaser_b, days in first_wordings(site, "protocol_same_text"):
        assert teaser_a == teaser_b
        assert title_a != title_b
        assert days <= 1
    for _, _, teaser_a, teaser_b, _ in first_wordings(site, "protocol"):
        assert teaser_a != teaser_b
        assert teaser_a.split(" talks with ")[0] == teaser_b.split(" talks with ")[0]


def test_capitals_repeat_the_words_of_another_item(site: Site) -> None:
    for title_a, title_b, teaser_a, teaser_b, days in first_wordings(site, "capitals"):
        quiet, loud = sorted((title_a, title_b), key=lambda title: "(by Ambassador" in title)
        assert loud.startswith(f"{quiet.upper()} (by Ambassador ")
        assert teaser_a != teaser_b
        assert days >= 20
