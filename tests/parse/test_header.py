"""Header and contact lines in every form the source has, and in forms it must not be mistaken for."""

from datetime import date

import pytest

from pipeline.parse.header import read_top
from pipeline.parse.page import Header
from pipeline.parse.text import page_lines


@pytest.mark.parametrize(
    ("text", "header"),
    [
        ("18 November 2019\nMoscow: 00:03\nLondon: 21:03", Header(date(2019, 11, 18), "00:03", "21:03", "en")),
        ("5 October 2015\nMoscow: 13:08\nLondon: 11:08\n", Header(date(2015, 10, 5), "13:08", "11:08", "en")),
        ("28 октября 2016\nМосква: 07:26\nЛондон: 05:26", Header(date(2016, 10, 28), "07:26", "05:26", "ru")),
        (
            "3\u00a0мая 2016\n\nМосква:\u00a009:15\n\nЛондон: 07:15\u00a0",
            Header(date(2016, 5, 3), "09:15", "07:15", "ru"),
        ),
    ],
)
def test_day_and_both_clocks_make_a_header(text: str, header: Header) -> None:
    top = read_top(page_lines(text))
    assert top.header == header
    assert list(top.header_at) == [0, 1, 2]


@pytest.mark.parametrize(
    "text",
    [
        "31 February 2018\nMoscow: 12:00\nLondon: 10:00\nText",
        "1 March 2018\nMoscow: 24:00\nLondon: 21:00\nText",
        "1 March 2018\nMoscow: 12:00\nLondon: 9:00\nText",
        "1 March 2018\nMoscow: 12:00",
        "1 March 2018",
        "Moscow: 12:00\nLondon: 10:00",
    ],
)
def test_a_broken_header_is_no_header_and_no_text(text: str) -> None:
    top = read_top(page_lines(text))
    assert top.header is None
    assert len(top.broken_at) == len([line for line in text.split("\n") if line != "Text"])


@pytest.mark.parametrize(
    "text", ["9 May 2015\nA day to remember.", "Moscow: a city\nText", "The 9 May 2015\nMoscow: 12:00"]
)
def test_text_that_opens_like_a_header_stays_text(text: str) -> None:
    top = read_top(page_lines(text))
    assert (top.header, len(top.broken_at), len(top.contact_at)) == (None, 0, 0)


@pytest.mark.parametrize(
    ("contact", "has_email"),
    [
        ("Consular queries:\u00a0\u00a0\n+44 (0) 203 668 7474\u00a0\u00a0", False),
        ("Consular Section:\u00a0\u00a0\n+44(0) 203 668 7474\u00a0\u00a0\u00a0", False),
        ("Consular queries:\n+44 (0) 203 161 8858\n[email protected]", False),
        ("Консульские вопросы:\n+44 (0) 203 668 7474\ninfo@rusemb.org.uk", True),
        ("Questions to the consul:\n+44 20 7000 0000\ninfo@rusemb.org.uk", True),
    ],
)
def test_contact_lines_are_placed_in_every_wording(contact: str, has_email: bool) -> None:
    lines = page_lines(f"18 November 2019\nMoscow: 00:03\nLondon: 21:03\n\n{contact}\n\nTitle")
    top = read_top(lines)
    assert lines.texts[top.contact_at.stop] == "Title"
    assert top.has_email is has_email


def test_a_header_is_found_below_a_menu() -> None:
    top = read_top(page_lines("Home\nEmbassy\n18 November 2019\nMoscow: 00:03\nLondon: 21:03\nTitle"))
    assert top.header is not None
    assert list(top.header_at) == [2, 3, 4]
