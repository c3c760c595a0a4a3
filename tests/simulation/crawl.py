"""Crawls of the simulated site: which page was captured when, in which layout, by which tool.

Captures come in order of time, so that what was rendered a moment ago is still at hand; a crawl holds no page.
"""

import random
import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from tests.simulation.capture import SimCapture, teaser_path
from tests.simulation.render import NBSP, STYLES, Renderer
from tests.simulation.site import SECTIONS, Item, Site
from tests.simulation.words import Pen

LIST_LENGTH = 10
_DISORDER = 40
"""How far re-dating can move an item in a list, generously."""


@dataclass(frozen=True, slots=True)
class CrawlRates:
    """Shares of captures, out of one."""

    in_bursts: float = 0.7
    """Captures made by large crawls (two weeks every other month); the others come singly."""
    layout_b: float = 0.5
    listing: float = 0.08
    section_page: float = 0.02
    mobile: float = 0.02
    headerless: float = 0.03
    russian_header: float = 0.02
    cut: float = 0.03
    recent: float = 0.5
    """Articles that are taken from the newest; the others from all."""
    blanks_for_run: float = 0.15
    """Captures whose tool parts the counters by blanks instead of U+00A0."""
    styles: tuple[float, float, float, float, float] = (0.7, 0.1, 0.08, 0.07, 0.05)
    """By the order of `STYLES`."""


class _Lists:
    """Which items a section's list shows at an instant."""

    def __init__(self, site: Site) -> None:
        self._items = site.listed
        self._born = {path: [item.wordings[0].valid_from for item in items] for path, items in site.listed.items()}
        self._changes = {
            path: sorted(wording.valid_from for item in items for wording in item.wordings)
            for path, items in site.listed.items()
        }
        self._newest: dict[str, tuple[int, list[tuple[str, int]]]] = {}

    def size(self, path: str, at: datetime) -> int:
        """Number of items that the section's lists hold."""
        return bisect_right(self._born[path], at)

    def newest(self, path: str, at: datetime, leave_out: str | None) -> tuple[tuple[str, int], ...]:
        """The ten newest items without the one that is left out."""
        epoch = bisect_right(self._changes[path], at)
        known = self._newest.get(path)
        if known is None or known[0] != epoch:
            known = (epoch, self._window(path, at, 0, LIST_LENGTH + 1))
            self._newest[path] = known
        return tuple([shown for shown in known[1] if shown[0] != leave_out][:LIST_LENGTH])

    def listing(self, path: str, at: datetime, start: int) -> tuple[tuple[str, int], ...]:
        """The ten items from the 1-based offset on."""
        return tuple(self._window(path, at, start - 1, LIST_LENGTH))

    def _window(self, path: str, at: datetime, skip: int, count: int) -> list[tuple[str, int]]:
        size = self.size(path, at)
        above = max(0, skip - _DISORDER)
        near = self._items[path][max(0, size - skip - count - _DISORDER) : size - above]
        dated = [
            (item.wordings[number].published_on, item.order, item, number)
            for item in near
            for number in (item.wording_no(at),)
        ]
        dated.sort(key=lambda entry: (entry[0], entry[1]), reverse=True)
        return [(item.item_id, number) for _, _, item, number in dated[skip - above : skip - above + count]]


def crawl(
    site: Site,
    seed: int,
    *,
    n_captures: int,
    rates: CrawlRates | None = None,
    start: date | None = None,
    end: date | None = None,
) -> Iterator[SimCapture]:
    """Captures of the site in order of time.

    No two captures of one minute print the same text, so each is a capture of its own by the id rule of data-model.md.

    Args:
        site: The site to capture.
        seed: Everything about the crawl follows from it.
        n_captures: How many captures.
        rates: What kinds of captures; None takes the defaults.
        start: First day of the crawl; None is 60 days after the site began.
        end: Last day of the crawl; None is the site's last day.
    """
    pen = Pen(random.Random(f"crawl {seed}"))
    rates = rates or CrawlRates()
    lists = _Lists(site)
    renderer = Renderer(site.by_id, teaser_path)
    born = [item.wordings[0].valid_from for item in site.items]
    first = max(_midnight(start or site.start + timedelta(days=60)), born[0] + timedelta(hours=1))
    last = max(_midnight((end or site.end) + timedelta(days=1)), first + timedelta(days=1))
    minute, seen = -1, set[tuple[object, ...]]()
    for number, second in enumerate(_instants(pen, n_captures, rates.in_bursts, first, last)):
        at = datetime.fromtimestamp(second, UTC)
        if second // 60 != minute:
            minute = second // 60
            seen.clear()
        for _ in range(50):
            capture = _capture(pen, site, lists, renderer, rates, number, at, bisect_right(born, at))
            key = (capture.item_id, capture.kind, capture.layout, capture.header, capture.section, capture.start)
            if key not in seen:
                break
        seen.add(key)
        yield capture


def _midnight(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=UTC)


def _instants(pen: Pen, count: int, in_bursts: float, first: datetime, last: datetime) -> list[int]:
    low, high = int(first.timestamp()), int(last.timestamp()) - 1
    day = 86_400
    bursts = [opening for opening in range(low + pen.between(0, 20) * day, high, 61 * day) if opening + 14 * day < high]
    instants = [
        bursts[pen.between(0, len(bursts) - 1)] + pen.between(0, 14 * day)
        if bursts and pen.chance(in_bursts)
        else pen.between(low, high)
        for _ in range(count)
    ]
    instants.sort()
    return instants


def _capture(
    pen: Pen,
    site: Site,
    lists: _Lists,
    renderer: Renderer,
    rates: CrawlRates,
    number: int,
    at: datetime,
    n_visible: int,
) -> SimCapture:
    roll = pen.rng.random()
    layout = "B" if pen.chance(rates.layout_b) else "A"
    style = pen.rng.choices(STYLES, rates.styles)[0]
    header: str | None = "ru" if pen.chance(rates.russian_header) else "en"
    run_of = " " if pen.chance(rates.blanks_for_run) else NBSP
    cut = pen.rng.random() if pen.chance(rates.cut) else None
    host = pen.pick(
        ("https://rusemb.org.uk", "https://www.rusemb.org.uk", "http://rusemb.org.uk", "http://www.rusemb.org.uk")
    )
    common = (number, at, style, run_of, cut, site, renderer)
    if roll < rates.listing:
        path = pen.pick(("fnapr", "consnews"))
        if size := lists.size(path, at):
            start = min(int(pen.rng.expovariate(1 / 6)), (size - 1) // LIST_LENGTH) * LIST_LENGTH + 1
            url = f"{host}/{SECTIONS[path].listing}/&start={start}&ps=10&ppp=15"
            return _made(common, url, "listing", layout, header, None, 0, path, start, lists.listing(path, at, start))
    elif roll < rates.listing + rates.section_page:
        page = site.pages[pen.between(0, len(site.pages) - 1)]
        if (wording_no := page.wording_no(at)) >= 0:
            return _made(
                common, f"{host}/{page.page}", "section", layout, header, page.item_id, wording_no, None, 0, ()
            )
    item = site.items[_article_no(pen, n_visible, rates.recent)]
    wording_no = item.wording_no(at)
    path, article_no = item.locations[pen.between(0, len(item.locations) - 1)]
    if SECTIONS[path].label is None:
        layout = "A"
    if pen.chance(rates.mobile):
        url = f"https://m.rusemb.org.uk/{path}/{_slug(item, article_no)}"
        return _made(common, url, "mobile", "A", None, item.item_id, wording_no, None, 0, ())
    if pen.chance(rates.headerless):
        header = None
    url = f"{host}/index.php?path={path}&id={article_no}" if pen.chance(0.01) else f"{host}/{path}/{article_no}"
    return _made(
        common, url, "article", layout, header, item.item_id, wording_no, path, 0, lists.newest(path, at, item.item_id)
    )


def _made(
    common: tuple[int, datetime, str, str, float | None, Site, Renderer],
    url: str,
    kind: str,
    layout: str,
    header: str | None,
    item_id: str | None,
    wording_no: int,
    section: str | None,
    start: int,
    shown: tuple[tuple[str, int], ...],
) -> SimCapture:
    number, at, style, run_of, cut, site, renderer = common
    return SimCapture(
        number,
        url,
        at,
        kind,
        layout,
        style,
        header,
        run_of,
        item_id,
        wording_no,
        section,
        start,
        shown,
        cut,
        site,
        renderer,
    )


def _article_no(pen: Pen, n_visible: int, recent: float) -> int:
    if pen.chance(recent):
        return n_visible - 1 - min(int(pen.rng.expovariate(1 / 40)), n_visible - 1)
    return pen.between(0, n_visible - 1)


def _slug(item: Item, number: int) -> str:
    words = re.findall(r"[a-z]+", (item.wordings[0].title or "untitled").lower())[:6]
    return f"{'-'.join(words)}-{number}"
