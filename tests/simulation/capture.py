"""A simulated capture: the page as text and as HTML, and the truth about what stands on it.

All of it is made when asked for.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from functools import cached_property

from tests.simulation.clock import page_clock
from tests.simulation.render import (
    BLANK,
    MARGIN,
    NBSP,
    Line,
    Piece,
    Pieces,
    Renderer,
    counter_days,
    line,
    page_html,
    restyle,
    top_lines,
)
from tests.simulation.site import SECTIONS, Item, Site


@dataclass(frozen=True, slots=True)
class SimTeaser:
    """A teaser as the capture prints it, and the item it is of."""

    position: int
    """0-based."""
    item_id: str
    wording_no: int
    published_on: date
    title: str
    """Blanks collapsed."""
    text: str | None
    """Blanks collapsed; None where the capture is cut before it."""
    path: str
    """Path of the href in the HTML form: `/fnapr/6869`."""
    is_cut: bool


@dataclass(frozen=True, slots=True)
class SimArticle:
    """The article (or section text) as the capture prints it, and the item it is of."""

    item_id: str
    wording_no: int
    version: int
    """0-based number of the item's distinct words; of the whole wording also where the capture is cut."""
    title: str | None
    published_on: date | None
    """As printed: layout A and mobile captures print none."""
    section: str | None
    """Label as printed."""
    paragraphs: tuple[str, ...]
    """Trimmed at both ends."""
    is_cut: bool


def collapse(text: str) -> str:
    """Runs of blanks and U+00A0 as one blank."""
    return " ".join(text.split())


_GAP = {
    "A": Piece((MARGIN, BLANK)),
    "B": Piece((MARGIN, BLANK, BLANK, BLANK, line("LATEST EVENTS", "list_heading"), BLANK)),
}
_END = {"A": Piece((line("all messages", "list_end"),)), "B": Piece((BLANK, line("all messages", "list_end")))}


@dataclass(frozen=True)
class SimCapture:
    """One capture of the simulated site."""

    number: int
    """0-based place in its crawl."""
    url: str
    captured_at: datetime
    """UTC, to the second."""
    kind: str
    """`article`, `mobile`, `listing` or `section`."""
    layout: str
    """`A` or `B`; a mobile capture is an A without header and list."""
    style: str
    """What the tool did to the text (`render.STYLES`)."""
    header: str | None
    """Language of the header, None for a capture without one."""
    run_of: str
    """The character that parts the counters in the text form."""
    item_id: str | None
    wording_no: int
    section: str | None
    """Path of the section whose list is shown."""
    start: int
    """Offset of a listing, 1-based; 0 otherwise."""
    shown: tuple[tuple[str, int], ...]
    """(item_id, wording_no) of the listed items, also of those that a cut leaves out."""
    cut: float | None
    """0–1: where among the content's long lines the capture breaks off."""
    site: Site = field(repr=False, compare=False)
    renderer: Renderer = field(repr=False, compare=False)

    @property
    def item(self) -> Item | None:
        """The item whose article this is."""
        return None if self.item_id is None else self.site.by_id[self.item_id]

    @property
    def page_date(self) -> date | None:
        """The header's date (London's day)."""
        return page_clock(self.captured_at)[0] if self.header else None

    @property
    def clocks(self) -> tuple[str, str] | None:
        """Moscow's and London's clock as printed."""
        return page_clock(self.captured_at)[1:] if self.header else None

    @property
    def counters(self) -> tuple[tuple[str, int], ...]:
        """(slug, days) of the printed counters."""
        return counter_days(page_clock(self.captured_at)[0]) if self.header else ()

    @property
    def is_cut(self) -> bool:
        """True where the capture breaks off in mid-sentence."""
        return self.cut is not None

    @property
    def label(self) -> str | None:
        """The section label that layout B prints."""
        return SECTIONS[self.section].label if self.layout == "B" and self.section is not None else None

    @cached_property
    def text(self) -> str:
        """The page as plain text."""
        if self.cut is not None:
            return "\n".join(one.text for one in self._cut_lines)
        return "\n".join([each.text for each in self._pieces()])

    @cached_property
    def html(self) -> str:
        """The page as HTML that gives the same lines."""
        if self.cut is not None:
            body = "\n".join(one.html for one in self._cut_lines)
        else:
            body = "\n".join([each.html for each in self._pieces()])
        return page_html("The Embassy of the Russian Federation", body, "ru" if self.header == "ru" else "en")

    @cached_property
    def lines(self) -> tuple[Line, ...]:
        """Every line with its role."""
        if self.cut is not None:
            return self._cut_lines
        return tuple(one for each in self._pieces() for one in each.lines)

    @cached_property
    def article(self) -> SimArticle | None:
        """The article on the page."""
        item = self.item
        if item is None:
            return None
        wording = item.wordings[self.wording_no]
        roles = [one.role for one in self.lines]
        paragraphs = tuple(one.text.strip() for one in self.lines if one.role == "body")
        dated = self.layout == "B" and self.kind == "article"
        cut = self.cut is not None and roles[-1] == "body"
        title = None if wording.title is None else collapse(restyle(wording.title, self.style))
        label = self.label if self.kind == "article" else None
        return SimArticle(
            item.item_id,
            self.wording_no,
            wording.version,
            title,
            wording.published_on if dated else None,
            label,
            paragraphs,
            cut,
        )

    @cached_property
    def teasers(self) -> tuple[SimTeaser, ...]:
        """The teasers on the page, in order."""
        printed = [one for one in self.lines if one.role in ("teaser_title", "teaser_text")]
        teasers: list[SimTeaser] = []
        for one in printed:
            if one.role == "teaser_text":
                teasers[-1] = replace(teasers[-1], text=collapse(one.text))
                continue
            item_id, wording_no = self.shown[len(teasers)]
            item = self.site.by_id[item_id]
            day, title = item.wordings[wording_no].published_on, collapse(one.text[13:])
            teasers.append(
                SimTeaser(
                    position=len(teasers),
                    item_id=item_id,
                    wording_no=wording_no,
                    published_on=day,
                    title=title,
                    text=None,
                    path=teaser_path(item, self.section or ""),
                    is_cut=False,
                )
            )
        if self.cut is not None and teasers:
            teasers[-1] = replace(teasers[-1], is_cut=True)
        return tuple(teasers)

    def _pieces(self) -> Iterator[Piece | Pieces]:
        if self.header is not None:
            yield Piece(top_lines(self.captured_at, self.layout, self.header == "ru", self.run_of))
        if self.item_id is not None:
            if self._blank_before_article:
                yield Piece((BLANK,))
            mobile = self.kind == "mobile"
            yield self.renderer.article(self.item_id, self.wording_no, self.layout, self.style, self.label, mobile)
        if self.kind == "listing":
            yield Piece(self._listing_top())
        if self.kind == "article":
            yield _GAP[self.layout]
        if self.shown:
            yield self.renderer.list_block(self.shown, self.layout, self.style, self.section or "")
        if self.kind == "article":
            yield _END[self.layout]

    @property
    def _blank_before_article(self) -> bool:
        """Layout A: 3 blank lines after the counters; 4 after the phone (3 in galleries, 5 where there is no title)."""
        if self.layout == "B" or self.header is None:
            return False
        item = self.item
        untitled = item is not None and item.wordings[self.wording_no].title is None
        return bool(self.counters) or not (untitled or self.section in ("photogal", "video"))

    def _listing_top(self) -> tuple[Line, ...]:
        first = (self.start - 1) // 150 * 15 + 1
        numbers = "".join(str(number) for number in range(first, first + 15))
        whole = line(f"Pages: ««« :: {numbers} :: »»»{NBSP * 2}", "pager")
        pager = whole if self.number % 3 else line(numbers, "pager")
        label = (line(self.label, "label"), BLANK) if self.label is not None else ()
        return (*label, pager, BLANK, BLANK) if self.layout == "B" else (pager, BLANK)

    @cached_property
    def _cut_lines(self) -> tuple[Line, ...]:
        """The lines up to a place in the middle of a sentence."""
        assert self.cut is not None
        whole = [one for each in self._pieces() for one in each.lines]
        content = [number for number, one in enumerate(whole) if one.role in ("body", "teaser_title", "teaser_text")]
        long = [number for number in content if len(whole[number].text) > 80]
        long = long or [max(content, key=lambda number: len(whole[number].text))]
        last = long[int(self.cut * len(long))]
        one = whole[last]
        share = self.cut * len(long) % 1
        words = [
            found.end()
            for found in re.finditer(r"[a-z]{3,}(?= [a-z])", one.text)
            if 24 < found.end() < len(one.text) - 8
        ]
        half = re.sub(r"\W+$", "", one.text[: len(one.text) // 2 + 8])
        end = words[int(share * len(words))] if words else len(half)
        kept = replace(one, text=one.text[:end])
        return (*whole[:last], kept)


def teaser_path(item: Item, section: str) -> str:
    """Path of the item's article in the section's list."""
    path, number = next((place for place in item.locations if place[0] == section), item.locations[0])
    return f"/{path}/{number}"
