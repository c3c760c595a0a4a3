"""Teasers: what starts a list, what belongs to it, and what only looks so."""

from datetime import date

import pytest

from pipeline.parse import parse_page
from pipeline.parse.lists import is_pager, read_dated_line
from pipeline.parse.page import ParsedPage
from pipeline.parse.text import collapse
from pipeline.records import Link, PageText

HEADER = "1 May 2019\nMoscow: 12:00\nLondon: 10:00\n\nConsular queries:\n+44 (0) 203 668 7474\n\n\n\n"


def parse(content: str) -> ParsedPage:
    return parse_page(PageText(HEADER + content))


def body(page: ParsedPage) -> tuple[str, ...]:
    assert page.article is not None
    return page.article.paragraphs


@pytest.mark.parametrize(
    ("line", "day", "rest"),
    [
        ("06.11.2019 - Remarks - and answers", date(2019, 11, 6), "Remarks - and answers"),
        ("04.03.2015 -\u00a0 Remarks,\u00a0 and  answers", date(2015, 3, 4), "Remarks, and answers"),
        ("04.03.2015\u00a0- VIDEO: 05.03.2015", date(2015, 3, 4), "VIDEO: 05.03.2015"),
        ("04.03.2015 -", date(2015, 3, 4), ""),
    ],
)
def test_a_dated_line_is_split_at_its_first_dash(line: str, day: date, rest: str) -> None:
    dated = read_dated_line(collapse(line), 0)
    assert dated is not None
    assert (dated.day, dated.rest) == (day, rest)


@pytest.mark.parametrize(
    "line",
    [
        "31.02.2019 - no such day", "06.11.2019", "06.11.2019 – an en dash", "06.11.2019-10.11.2019",
        "06.11.19 - short",
        "6.11.2019 - short", "06.11.2019 -ward", "1809-28-09-2018 - a number",
        "٠٦.١١.٢٠١٩ - digits of another script",
    ],
)  # fmt: skip
def test_other_lines_are_not_dated(line: str) -> None:
    assert read_dated_line(line, 0) is None


@pytest.mark.parametrize(
    "line",
    [
        "Pages: ««« :: 123456789101112131415 :: »»»", "123456789101112131415", "161718192021222324252627282930",
        "Pages: 123", "12", "3132", "Pages: «« 1 :: 2 »»",
    ],
)  # fmt: skip
def test_pagers_are_told_by_their_numbers(line: str) -> None:
    assert is_pager(line)


@pytest.mark.parametrize(
    "line", ["2021", "1", "13", "2019", "123456789101112131416", "Pages: twelve", "Pages:", "1945"]
)
def test_years_and_figures_are_no_pagers(line: str) -> None:
    assert not is_pager(line)


def test_a_list_without_heading_starts_after_two_blank_lines() -> None:
    page = parse("Title\n\nBody.\n\n\n02.04.2019 - First\n\nText.\n\n01.04.2019 - Second\n\nText.\n\nall messages")
    assert body(page) == ("Body.",)
    assert [teaser.title for teaser in page.teasers] == ["First", "Second"]


@pytest.mark.parametrize(
    "sentence",
    [
        "04.03.2019 - the day on which it began.",
        "04.03.2019 - It began on this day.",
        "01.04.2019 - It began on this day.",
    ],
)
def test_a_dated_sentence_does_not_cut_the_body(sentence: str) -> None:
    rest = "Body goes on.\n\nAnd on.\n\n\n02.04.2019 - First\n\nText.\n\n01.04.2019 - Second\n\nText.\n\nall messages"
    page = parse(f"Title\n\n{sentence}\n\n{rest}")
    assert body(page) == (sentence, "Body goes on.", "And on.")
    assert [teaser.title for teaser in page.teasers] == ["First", "Second"]


def test_a_dated_sentence_newer_than_the_list_does_not_cut_the_body() -> None:
    page = parse(
        "Title\n\n30.04.2019 - It began on this day.\n\nIt ended.\n\n\n02.04.2019 - First\n\nText.\n\nall messages"
    )
    assert body(page) == ("30.04.2019 - It began on this day.", "It ended.")
    assert [teaser.title for teaser in page.teasers] == ["First"]


def test_a_dated_last_paragraph_is_body_where_nothing_says_list() -> None:
    page = parse("Title\n\nBody.\n\n04.03.2019 - It began on this day.")
    assert body(page) == ("Body.", "04.03.2019 - It began on this day.")
    assert page.teasers == ()


def test_a_dated_sentence_above_a_heading_is_body() -> None:
    page = parse(
        "Title\n\n04.03.2019 - It began.\n\n\n\nLATEST EVENTS\n\n02.04.2019 - First\n\nText.\n\n\n\nall messages"
    )
    assert body(page) == ("04.03.2019 - It began.",)
    assert [teaser.title for teaser in page.teasers] == ["First"]


def test_a_teasers_text_may_begin_with_a_later_day() -> None:
    page = parse(
        "Title\n\nBody.\n\n\nLATEST EVENTS\n\n02.04.2019 - First\n\n03.04.2019 - The day has come.\n\n\nall messages"
    )
    assert [(teaser.title, teaser.text) for teaser in page.teasers] == [("First", "03.04.2019 - The day has come.")]


@pytest.mark.parametrize("heading", ["", "LATEST EVENTS\n\n"])
def test_a_teasers_text_may_begin_with_an_earlier_day(heading: str) -> None:
    page = parse(
        f"Title\n\nBody.\n\n\n{heading}29.03.2019 - First\n\n04.03.2019 - On this day it began.\n\n"
        "28.03.2019 - Second\n\nText.\n\n28.03.2019 - Third\n\n27.03.2019 - Fourth\n\nall messages"
    )
    assert body(page) == ("Body.",)
    assert [(teaser.title, teaser.text) for teaser in page.teasers] == [
        ("First", "04.03.2019 - On this day it began."),
        ("Second", "Text."),
        ("Third", None),
        ("Fourth", None),
    ]


def test_where_links_are_kept_a_teasers_title_is_one() -> None:
    text = "Title\nBody.\n30.04.2019 - It began.\nIt ended.\n02.04.2019 - First\nText.\n01.04.2019 - Second\nText."
    links = (Link(5, "First", "/fnapr/1"), Link(7, "Second", "/fnapr/2"))
    page = parse_page(PageText(text, links))
    assert body(page) == ("Body.", "30.04.2019 - It began.", "It ended.")
    assert [(teaser.title, teaser.href) for teaser in page.teasers] == [("First", "/fnapr/1"), ("Second", "/fnapr/2")]


def test_an_undated_line_beyond_a_teasers_text_stays_unplaced() -> None:
    page = parse(
        "Title\n\nBody.\n\n\nLATEST EVENTS\n\n02.04.2019 - First\n\nText.\n\nStray\n\n"
        "01.04.2019 - Second\n\nall messages"
    )
    assert [(teaser.title, teaser.text) for teaser in page.teasers] == [("First", "Text."), ("Second", None)]
    assert [line.text for line in page.unplaced] == ["Stray"]


def test_only_the_last_teaser_of_a_cut_page_is_cut() -> None:
    content = "Title\n\nBody.\n\n\nLATEST EVENTS\n\n02.04.2019 - First\n\nText without an end\n\n\n01.04.2019 - Second"
    assert [teaser.is_cut for teaser in parse(content).teasers] == [False, True]
    assert [teaser.is_cut for teaser in parse(f"{content}\n\nText is whole.").teasers] == [False, False]
    assert [teaser.is_cut for teaser in parse(f"{content}\n\nText is\n\nall messages").teasers] == [False, False]
    assert parse_page(PageText(f"{HEADER}{content}\n\nText is whole.", is_cut=True)).teasers[-1].is_cut


@pytest.mark.parametrize("cut", ["0", "01.04.2", "01.04.2019", "01.04.2019 -", "all mess"])
def test_what_a_cut_left_of_a_day_or_the_end_is_no_text(cut: str) -> None:
    page = parse(f"Title\n\nBody.\n\n\n02.04.2019 - First\n\nText\n\n{cut}")
    assert body(page) == ("Body.",)
    assert [(teaser.title, teaser.text, teaser.is_cut) for teaser in page.teasers] == [("First", "Text", False)]
    assert [line.text for line in page.unplaced] == [cut]
    untold = parse(f"Title\n\nBody.\n\n\n02.04.2019 - First\n\n{cut}")
    assert [(teaser.title, teaser.text) for teaser in untold.teasers] == [("First", None)]


@pytest.mark.parametrize("cut", ["LATEST EV", "0", "02.04.2019 -"])
def test_what_a_cut_left_of_a_lists_first_line_is_no_body(cut: str) -> None:
    page = parse(f"Title\n\nBody.\n\n\n{cut}")
    assert body(page) == ("Body.",)
    assert page.teasers == ()
    assert [line.text for line in page.unplaced] == [cut]
    assert page.is_truncated


def test_a_teaser_takes_the_link_of_its_title() -> None:
    text = f"{HEADER}LATEST EVENTS\n\n02.04.2019 - First of all\n\nText.\n\n01.04.2019 - Second\n\nall messages"
    line_no = text.split("\n").index("02.04.2019 - First of all") + 1
    links = (
        Link(line_no, "02.04.2019", "/calendar"),
        Link(line_no, "First\u00a0of all", "/fnapr/1"),
        Link(line_no + 2, "Text.", "/fnapr/2"),
    )
    assert [teaser.href for teaser in parse_page(PageText(text, links)).teasers] == ["/fnapr/1", None]
