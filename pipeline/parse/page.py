"""What a parsed page holds. Every non-blank line of the page stands in exactly one `Place`."""

from datetime import date
from enum import StrEnum
from typing import NamedTuple


class Role(StrEnum):
    """What became of a line."""

    HEADER = "header"
    CONTACT = "contact"
    COUNTER = "counter"
    LABEL = "label"
    ARTICLE_DATE = "article_date"
    TITLE = "title"
    BODY = "body"
    LIST_HEADING = "list_heading"
    PAGER = "pager"
    TEASER_TITLE = "teaser_title"
    TEASER_TEXT = "teaser_text"
    LIST_END = "list_end"
    UNPLACED = "unplaced"


class Header(NamedTuple):
    """Day and clocks at the top of a page (source-format.md, Header)."""

    page_date: date
    """London's day."""
    moscow_clock: str
    """`HH:MM`, 24 hours."""
    london_clock: str
    language: str
    """`en` or `ru`: of the header, not of the body."""


class CounterLine(NamedTuple):
    """One "N days have passed since …" of the counters' line."""

    position: int
    """0-based order on the page."""
    days: int
    label: str
    """As printed after "since"."""
    claim: str | None
    """As printed after the dash: contested, recorded, not endorsed."""
    raw_text: str
    line_no: int


class Teaser(NamedTuple):
    """One dated item of a list."""

    position: int
    """0-based order on the page."""
    published_on: date
    title: str
    """Blanks and U+00A0 collapsed; empty where the page prints a day and a dash alone."""
    text: str | None
    """Blanks collapsed; null where the page prints none."""
    line_no: int
    """1-based line of the title."""
    is_cut: bool
    """True where the page ends inside this teaser, so that its wording may be incomplete."""
    href: str | None = None
    """The title's link, where the form kept links."""


class Article(NamedTuple):
    """The one article (or section text) of a page."""

    title: str | None
    published_on: date | None
    paragraphs: tuple[str, ...]
    """In order, trimmed of blanks and U+00A0 at both ends; no line of a list among them."""
    line_no: int
    """1-based line of the first line (title, else first paragraph)."""
    is_truncated: bool
    """True unless a list (its heading, a teaser, its end) follows the article, or no list can be expected (no header, a
    section, a form that dropped lists) and the page ends with the end of a sentence."""


class Line(NamedTuple):
    """A non-blank line with its 1-based number."""

    line_no: int
    text: str


class ParsedPage(NamedTuple):
    """One page, taken apart."""

    header: Header | None
    page_kind: str
    """`article`, `listing`, `section` or `other` (data-model.md, captures.page_kind)."""
    layout: str | None
    """`A`, `B` or null where the page has no header to tell."""
    section: str | None
    """The label as printed, null where the page has none."""
    counters: tuple[CounterLine, ...]
    article: Article | None
    teasers: tuple[Teaser, ...]
    unplaced: tuple[Line, ...]
    roles: tuple[tuple[int, Role], ...]
    """(line_no, role) of every non-blank line, in order: the account of the page."""
    is_truncated: bool
    """True where the page ends before its end mark or inside a sentence."""
    text_sha256: str = ""
    """Of the non-blank lines, blanks collapsed (`text.text_sha256`): what a capture's id rests on."""

    @property
    def n_lines(self) -> int:
        """Number of non-blank lines."""
        return len(self.roles)
