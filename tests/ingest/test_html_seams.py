"""A page read by its lines is the page that the parser reads as a whole."""

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from selectolax.lexbor import LexborHTMLParser

from pipeline.ingest.html_seams import Open, is_usual, read_top, write_piece, write_within
from pipeline.ingest.html_steps import Steps
from pipeline.ingest.html_walk import TOP, walk

NAMES = [
    *(
        "div",
        "p",
        "span",
        "b",
        "a",
        "td",
        "tr",
        "table",
        "li",
        "ul",
        "form",
        "select",
        "option",
        "h2",
        "font",
        "center",
    ),
    *("tbody", "th", "caption", "dd", "dl", "button", "nobr", "template", "svg", "math", "svg/desc", "pre", "textarea"),
    *(
        "title",
        "script",
        "style",
        "iframe",
        "xmp",
        "object",
        "frameset",
        "body",
        "html",
        "head",
        "col",
        "i",
        "noscript",
    ),
]
TOKENS = [
    *(f"<{name}>" for name in NAMES),
    *(f"</{name}>" for name in NAMES),
    *("<br>", "<img>", "<hr>", "<input type=hidden>", "<a href=x>", "<div hidden>", "<p style='display:none'>", "<"),
    *("w", "x y", " ", "&nbsp;", "&#1;", "&lt;", "<!-- c -->", "<!--", "-->", "<seam></seam>", "<div class='", "'>"),
    *("<BR/>", "<DIV ALIGN=center>", "</P>", "&amp", "\r", "\n", "\n", "\n", "\n", "\n"),
]
HEADS = [
    "",
    "<!doctype html>",
    "<!DOCTYPE html PUBLIC '-//W3C//DTD HTML 4.01 Transitional//EN'>",
    "<!-- --><!doctype html>",
]
BODIES = [
    "<body>",
    "<body onload='a'>",
    "<head><title>t</title></head>\n<body>",
    "<form><body>",
    "<b></b><body>",
    "<p>",
]

markup = st.lists(st.sampled_from(TOKENS), max_size=24).map("".join)


def by_lines(html: str, steps: Steps) -> tuple[list[str], list[tuple[int, str, str]]] | None:
    top = read_top(html)
    read = None if top is None else steps.read(top.doctype, html[top.n_chars :])
    return None if read is None else (joined(read[0]), read[1])


def as_a_whole(html: str) -> tuple[list[str], list[tuple[int, str, str]]] | None:
    body = LexborHTMLParser(html).body
    stretch = None if body is None else walk(TOP, body.html or "")
    if stretch is None:
        return None
    return joined([stretch.begin, *stretch.lines]), [(line_no + 1, text, href) for line_no, text, href in stretch.links]


def joined(lines: list[str]) -> list[str]:
    return "\n".join(lines).rstrip("\n").split("\n")


@settings(max_examples=1500)
@given(st.sampled_from(HEADS), st.sampled_from(BODIES), markup)
def test_lines_one_by_one_show_what_the_whole_page_shows(head: str, body: str, html: str) -> None:
    page = f"{head}{body}{html}"
    read = by_lines(page, Steps(10**6))
    assert read is None or read == as_a_whole(page)


@settings(max_examples=300)
@given(st.lists(markup, min_size=2, max_size=6))
def test_what_was_learnt_of_other_pages_changes_nothing(pages: list[str]) -> None:
    steps = Steps(10**6)
    for html in [*pages, *pages, "\n".join(pages)]:
        read = by_lines(f"<!doctype html><body>{html}", steps)
        assert read is None or read == as_a_whole(f"<!doctype html><body>{html}")


USUAL = st.sampled_from(
    [
        *("<p>", "</p>", "<div>", "</div>", "<a href='x'>", '<a href="x">', "</a>", "<b>", "</b>", "<h2>", "</h2>"),
        *('<div class="x">', "<br>", "word", " ", "\u00a0", ">", '"', "&nbsp;", "&amp;", "&lt;", "&", "nbsp;"),
        *("\r", "\x7f", "’"),
    ]
)


@settings(max_examples=1500)
@given(st.lists(USUAL, max_size=9).map("".join), st.sampled_from([(), ("div",), ("table", "tbody", "tr", "td")]))
def test_a_usual_piece_is_what_the_parser_would_say(piece: str, before: Open) -> None:
    found = write_within("<!doctype html>", before, [piece])
    if is_usual(before, piece):
        assert found is not None
        assert walk(TOP, piece) == walk(TOP, found[0].html)


def test_a_page_of_a_layout_table_is_soon_read_by_its_lines() -> None:
    page = (
        "<!doctype html><html><body class=x>\n<div id=page>\n<table><tr>\n<td class=menu>\n<ul>\n"
        "<li><a href=/>Home</a>\n<li>News\n</ul>\n</td>\n<td>\n"
        "<p>{0}\ngoes on\n<p>{0} again<br>\n<script>\nif (a<b)\n'</td>'\n</script>\n"
        "<div>{0}</div>\n</td></tr></table></div>\n</body></html>\n"
    )
    steps = Steps(10**6)
    for number in range(8):
        by_lines(page.format(f"text {number}"), steps)
    html = page.format("the last one")
    assert by_lines(html, steps) == as_a_whole(html)
    assert as_a_whole(html) is not None


def test_within_its_bound_it_reads_the_same() -> None:
    page = "<!doctype html><body>" + "\n".join(f"<div>line {number % 40}</div>" for number in range(200))
    for most in (0, 100, 1000, 10**6):
        steps = Steps(most)
        assert all(by_lines(page, steps) in (None, as_a_whole(page)) for _ in range(3))


@pytest.mark.parametrize(
    ("before", "piece"),
    [
        ((), "<b>x"),
        ((), "<div><b></div>"),
        ((), "<div><a href=x></div><table><tr><td>"),
        ((), "<table><tr>"),
        ((), "<!-- "),
        ((), "<script>"),
        ((), "<p class='"),
        ((), "<div><form></div>"),
        ((), "<select>"),
        ((), "<body class=x>"),
        ((), "<plaintext>"),
        ((), "&#1;<seam></seam>"),
        (("table", "tbody", "tr", "td"), "</td>"),
        (("table", "tbody", "tr", "td"), "<table><a href=x><td>"),
        (("table", "tbody", "tr", "td"), "</td></tr></table><b><table><tr><td>"),
    ],
)
def test_a_piece_that_leaves_something_behind_does_not_stand_by_itself(before: Open, piece: str) -> None:
    assert write_within("<!doctype html>", before, [piece]) is None
    assert write_piece("<!doctype html>", before, piece) is None


@pytest.mark.parametrize(
    ("before", "piece", "is_so"),
    [
        ((), "<p>one &amp; two</p>", True),
        ((), '<div class="news">1 - <a href="/x">two</a></div> ', True),
        ((), "", True),
        (("p",), "text", False),
        ((), "<p>one<p>two</p>", False),
        ((), "<div><div>one</div></div>", False),
        ((), "<div><p></div></p>", False),
        ((), "<a>one</a>", False),
        ((), "<P>one</P>", False),
        ((), "<p>&copy; one</p>", False),
        ((), "<p>&nbsp one</p>", False),
        ((), '<p id="x" class="y">one</p>', False),
    ],
)
def test_the_parser_is_not_asked_about_usual_pieces_alone(before: Open, piece: str, is_so: bool) -> None:
    assert is_usual(before, piece) is is_so


@pytest.mark.parametrize(
    ("before", "piece", "written", "after"),
    [
        ((), "<P>x", "<p>x", ("p",)),
        (("p",), "<p>y", "</p><p>y", ("p",)),
        (("p",), "<table><tr><td>", "</p><table><tbody><tr><td>", ("table", "tbody", "tr", "td")),
        (("table", "tbody", "tr", "td"), "x</table>", "x</td></tr></tbody></table>", ()),
        ((), "<form action=x></form>", '<form action="x"></form>', ()),
        ((), "</body></html>", "", ()),
    ],
)
def test_open_blocks_are_known_to_the_next_piece(before: Open, piece: str, written: str, after: Open) -> None:
    assert write_piece("<!doctype html>", before, piece) == (written, after)


def test_no_pages_make_it_hold_more_than_its_bound() -> None:
    steps = Steps(5_000)
    for number in range(60):
        page = "<!doctype html><body>" + "\n".join(f"<p>page {number}, line {line}</p>" for line in range(20))
        assert by_lines(page, steps) in (None, as_a_whole(page))
        assert sum(map(len, steps._written.get(("<!doctype html>", ()), {}))) <= 5_000
    assert by_lines(f"<!doctype html><body>{'x' * 5_001}", steps) is None


def test_what_comes_out_in_front_of_an_open_table_is_not_taken_for_what_precedes_it() -> None:
    assert write_within("", (), ["<table>", "</table>"]) is None
    steps = Steps(10**6)
    by_lines("<body>x\n<table><tr>\n<td>\n</table>", steps)
    assert by_lines("<body>a\n</table>\nb", steps) == as_a_whole("<body>a\n</table>\nb")


def test_the_order_of_lines_learnt_changes_nothing() -> None:
    lines = [f"<div>{number}</div>" for number in range(30)] + ["<p>a", "b</p>", "<br>", ""]
    pages = []
    draw = random.Random(7)
    for _ in range(20):
        draw.shuffle(lines)
        pages.append("<body>" + "\n".join(lines))
    steps = Steps(10**6)
    for page in pages * 2:
        assert by_lines(page, steps) in (None, as_a_whole(page))
    assert by_lines(pages[0], steps) == as_a_whole(pages[0])
