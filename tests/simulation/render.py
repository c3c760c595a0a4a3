"""One rendering of the site's pages: the pieces a capture is put together from, as text and as HTML.

Text pieces have the lines and blank lines of the real dumps (source-format.md); HTML pieces give the same lines to a
converter that ends a line at block elements and `<br>`. Pieces are cached: a crawl shows the same ones over and over.
"""

import html
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property, lru_cache

from tests.simulation.clock import page_clock
from tests.simulation.site import Item
from tests.simulation.words import MONTHS

NBSP = "\u00a0"
STYLES = ("as_printed", "straight_quotes", "nbsp", "hyphens", "double_blanks")
"""What a tool does to a text: quotes made straight, some blanks to U+00A0, dashes to hyphens, blanks doubled."""

COUNTERS = (
    ("salisbury-incident", "the Salisbury incident", date(2018, 3, 4)),
    ("death-of-nikolay-glushkov-on-british-soil", "the death of Nikolay Glushkov on British soil", date(2018, 3, 12)),
)
"""Slug, label and start day."""
COUNTER_CLAIM = "no credible information or response from the British authorities"
FIRST_COUNTER_DAY = date(2018, 11, 15)
OLD_CONTACT_UNTIL = date(2016, 7, 1)
NEW_PHONE_FROM = date(2022, 1, 1)
_RUN = 341
_RUSSIAN_MONTHS = (
    "января",
    "февраля",
    "марта",
    "апреля",
    "мая",
    "июня",
    "июля",
    "августа",
    "сентября",
    "октября",
    "ноября",
    "декабря",
)
_AFTER_DIGITS = re.compile(r"(?<=\d) (?=\w)|(?<=\bMr) ")


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a page as both forms print it."""

    text: str
    role: str
    """What it is: the words of `pipeline.parse.page.Role`, blank for a blank line."""
    before: str = ""
    """What HTML opens before it."""
    after: str = ""
    """What HTML closes after it."""
    href: str | None = None
    """A teaser's link: it begins behind the date and the dash."""

    @property
    def html(self) -> str:
        """The line as HTML; counters are parted by U+00A0 whatever a text tool makes of it."""
        if self.href is not None:
            day, title = self.text[:_TITLE_AT], escape(self.text[_TITLE_AT:])
            return f'{self.before}{day}<a href="{html.escape(self.href)}">{title}</a>{self.after}'
        text = self.text.replace(" " * _RUN, NBSP * _RUN) if self.role == "counter" else self.text
        return f"{self.before}{escape(text)}{self.after}"


_TITLE_AT = len("06.11.2019 - ")
BLANK = Line("", "", "<br>")
MARGIN = Line("", "")
"""The blank line that a paragraph brings by itself in HTML."""
_NBSP_LINE = Line(NBSP, "", "<div>", "</div>")


def escape(text: str) -> str:
    """The text for HTML, with U+00A0 as an entity."""
    return html.escape(text, quote=False).replace(NBSP, "&nbsp;")


def line(text: str, role: str, css: str | None = None) -> Line:
    """A block of one line."""
    return Line(text, role, f'<div class="{css or role}">', "</div>")


def restyle(text: str, style: str) -> str:
    """The text as the tool prints it."""
    if style == "straight_quotes":
        return text.replace("’", "'").replace("“", '"').replace("”", '"')
    if style == "nbsp":
        return _AFTER_DIGITS.sub(NBSP, text)
    if style == "hyphens":
        return text.replace("–", "-").replace("—", "-")
    if style == "double_blanks":
        return text.replace(". ", f".{NBSP} ")
    return text


def dotted(day: date) -> str:
    """05.11.2019."""
    return f"{day.day:02}.{day.month:02}.{day.year}"


@lru_cache(maxsize=64)
def contact_lines(day: date, layout: str, russian: bool) -> tuple[Line, ...]:
    """Contact lines of the time."""
    two, three = NBSP * 2, NBSP * 3
    if day < OLD_CONTACT_UNTIL:
        words, phone = f"Consular Section:{two}", f"+44(0) 203 668 7474{three}"
    elif day < NEW_PHONE_FROM:
        words, phone = f"Consular queries:{two}", f"+44 (0) 203 668 7474{two}"
    else:
        words, phone = f"Consular queries:{two}", f"+44 (0) 203 161 8858{two}"
    lines = [line(f"Консульские вопросы:{two}" if russian else words, "contact"), line(phone, "contact")]
    if day >= NEW_PHONE_FROM:
        lines.append(line(f"[email protected]{two}", "contact"))
    elif layout == "B":
        lines.append(line(f"info@rusemb.org.uk{two}", "contact"))
    return tuple(lines)


def counter_days(day: date) -> tuple[tuple[str, int], ...]:
    """(slug, days) of the counters of a page of that date; none before they began."""
    if day < FIRST_COUNTER_DAY:
        return ()
    return tuple((slug, (day - start).days) for slug, _, start in COUNTERS)


@lru_cache(maxsize=4096)
def counter_line(day: date, blank: str) -> Line | None:
    """Both counters on one line, parted by a run of blanks."""
    if day < FIRST_COUNTER_DAY:
        return None
    parts = [f"{(day - start).days} days have passed since {label} - {COUNTER_CLAIM}" for _, label, start in COUNTERS]
    return line((blank * _RUN).join(parts), "counter")


def header_lines(at: datetime, russian: bool) -> tuple[Line, ...]:
    """Date and clocks."""
    day, moscow, london = page_clock(at)
    if russian:
        texts = (f"{day.day} {_RUSSIAN_MONTHS[day.month - 1]} {day.year}", f"Москва: {moscow}", f"Лондон: {london}")
    else:
        texts = (f"{day.day} {MONTHS[day.month - 1]} {day.year}", f"Moscow: {moscow}", f"London: {london}")
    return tuple(line(text, "header") for text in texts)


def top_lines(at: datetime, layout: str, russian: bool, blank: str) -> tuple[Line, ...]:
    """Everything above the content; what follows brings its own blank lines."""
    day = page_clock(at)[0]
    counter = counter_line(day, blank)
    lines = [*header_lines(at, russian), BLANK, *contact_lines(day, layout, russian), BLANK]
    if layout == "B":
        lines += [_NBSP_LINE, *([counter] if counter else []), BLANK]
    elif counter:
        lines += [counter, BLANK, BLANK]
    else:
        lines += [BLANK, BLANK]
    return tuple(lines)


def body_lines(item: Item, wording_no: int, style: str) -> tuple[Line, ...]:
    """The paragraphs with blank lines between them, typed as the item's quirk has it."""
    lines: list[Line] = []
    for number, sentences in enumerate(item.wordings[wording_no].body):
        text = restyle(" ".join(sentences), style)
        if item.quirk == "trailing_blanks" and number % 2:
            text += " " + NBSP * 7
        elif item.quirk == "indent":
            text = f"{NBSP * 4}{text}"
        elif item.quirk == "bullets" and number > 2:
            text = f"  • {text}"
        elif item.quirk == "backslash":
            text = text.replace("’", "\\'")
        elif item.quirk == "blank_line" and number == 2:
            lines += [_NBSP_LINE, BLANK]
        lines += [Line(text, "body", "<p>", "</p>"), MARGIN]
    return tuple(lines[:-1])


def article_lines(
    item: Item, wording_no: int, layout: str, style: str, label: str | None, mobile: bool
) -> tuple[Line, ...]:
    """Label and date where the layout prints them, title, body."""
    wording = item.wordings[wording_no]
    lines: list[Line] = []
    if layout == "B" and not mobile and item.page is None:
        if label is not None:
            lines += [line(label, "label"), BLANK]
        lines += [line(dotted(wording.published_on), "article_date"), BLANK]
    if wording.title is not None:
        lines += [line(restyle(wording.title, style), "title"), BLANK]
    elif not mobile:
        lines += [BLANK, BLANK]
    return (*lines, *body_lines(item, wording_no, style))


def teaser_lines(item: Item, wording_no: int, layout: str, style: str, url: str) -> tuple[Line, ...]:
    """Date and title on one line, text on another."""
    wording = item.wordings[wording_no]
    head = f"{dotted(wording.published_on)} - {restyle(wording.title or '', style)}"
    text = restyle(wording.teaser, style)
    linked = Line(head, "teaser_title", '<div class="news">', "</div>", url)
    return (
        linked,
        BLANK,
        Line(text, "teaser_text", "<p>", "</p>"),
        *([MARGIN, BLANK] if layout == "B" else [MARGIN]),
    )


def page_html(title: str, body: str, language: str) -> str:
    """A whole page around its lines."""
    return (
        f'<!DOCTYPE html>\n<html lang="{language}">\n<head>\n<meta charset="utf-8">\n'
        f"<title>{html.escape(title)}</title>\n"
        '<link rel="stylesheet" href="/css/style.css">\n<style>.news{margin:0}</style>\n'
        '<script>var _gaq = _gaq || []; document.write("<div>counter</div>");</script>\n</head>\n<body>\n'
        '<!-- header --><div class="top"><a href="/"><img src="/i/logo.gif" alt=""></a></div>\n'
        f'{body}\n<script>/* end */</script><noscript><img src="/i/stat.gif" alt=""></noscript>\n</body>\n</html>\n'
    )


@dataclass(frozen=True)
class Piece:
    """Lines that are joined once, when asked for, and kept as long as the cache likes."""

    lines: tuple[Line, ...]

    @cached_property
    def text(self) -> str:
        """As plain text."""
        return "\n".join([one.text for one in self.lines])

    @cached_property
    def html(self) -> str:
        """As HTML."""
        return "\n".join([one.html for one in self.lines])


@dataclass(frozen=True)
class Pieces:
    """Pieces one after the other, as one."""

    parts: tuple[Piece, ...]

    @property
    def lines(self) -> tuple[Line, ...]:
        """The lines of all."""
        return tuple(one for part in self.parts for one in part.lines)

    @cached_property
    def text(self) -> str:
        """As plain text."""
        return "\n".join([part.text for part in self.parts])

    @cached_property
    def html(self) -> str:
        """As HTML."""
        return "\n".join([part.html for part in self.parts])


class Renderer:
    """Caches of pieces for one site; nothing else is kept between captures."""

    def __init__(self, items: dict[str, Item], url_of: Callable[[Item, str], str]) -> None:
        self._items = items
        self._url_of = url_of
        self.article = lru_cache(maxsize=4096)(self._article)
        self.teaser = lru_cache(maxsize=8192)(self._teaser)
        self.list_block = lru_cache(maxsize=1024)(self._list_block)

    def _article(
        self, item_id: str, wording_no: int, layout: str, style: str, label: str | None, mobile: bool
    ) -> Piece:
        return Piece(article_lines(self._items[item_id], wording_no, layout, style, label, mobile))

    def _teaser(self, item_id: str, wording_no: int, layout: str, style: str, section: str) -> Piece:
        item = self._items[item_id]
        return Piece(teaser_lines(item, wording_no, layout, style, self._url_of(item, section)))

    def _list_block(self, shown: tuple[tuple[str, int], ...], layout: str, style: str, section: str) -> Pieces:
        return Pieces(tuple(self.teaser(item_id, wording_no, layout, style, section) for item_id, wording_no in shown))
