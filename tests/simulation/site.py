"""The simulated site: sections, items with their lives and URLs, and which items were made to look alike.

What is listed where: an item stands in the list of each section it has a URL in; items without a title in none.
"""

import random
from bisect import bisect_right
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from functools import cached_property
from itertools import combinations

from tests.simulation import drafts
from tests.simulation.drafts import Draft
from tests.simulation.edits import EditRates, Wording, live
from tests.simulation.hard_cases import MAKERS, HardCaseRates, Planned
from tests.simulation.words import Pen


@dataclass(frozen=True, slots=True)
class Section:
    """A section of the site."""

    path: str
    """First segment of its articles' URLs."""
    label: str | None
    """What layout B prints; a section without one is only ever seen in layout A."""
    first_id: int
    listing: str | None = None
    """First segment of its archive of lists."""
    ids_rise: bool = False


SECTIONS = {
    section.path: section
    for section in (
        Section("article", "SPEECHES, INTERVIEWS, ARTICLES", 120),
        Section("ambarticles", "AMBASSADOR'S ARTICLES", 90),
        Section("fnapr", "PRESS RELEASES AND NEWS", 2000, "apress_arh", ids_rise=True),
        Section("press", "PRESS RELEASES", 150),
        Section("consnews", "EMBASSY INFORMS", 30, "newarh"),
        Section("photogal", None, 400),
        Section("video", None, 50),
    )
}
_PLAIN: tuple[tuple[float, str, Callable[[Pen, date], Draft]], ...] = (
    (0.14, "article", drafts.talks),
    (0.06, "article", drafts.remarks),
    (0.06, "article", drafts.interview),
    (0.06, "article", drafts.article),
    (0.04, "article", drafts.speech),
    (0.04, "article", drafts.letter),
    (0.04, "ambarticles", drafts.article),
    (0.22, "fnapr", drafts.reply),
    (0.16, "fnapr", drafts.statement),
    (0.05, "press", drafts.statement),
    (0.09, "consnews", drafts.notice),
    (0.02, "photogal", drafts.gallery),
    (0.02, "video", drafts.gallery),
)
_SECTION_PAGES = (
    ("embassy/", "About the Embassy"),
    ("visaparents", "Visas for parents"),
    ("fortraveller/", "For the traveller"),
    ("ruuk/", "Russia and the United Kingdom"),
    ("historyukrel/", "History of relations"),
)


@dataclass(frozen=True, slots=True)
class Item:
    """One thing the embassy published: the gold identity."""

    item_id: str
    """`i` and a running number by time of publication; `p…` for section pages."""
    kind: str
    locations: tuple[tuple[str, int], ...]
    """(section path, number) of each URL; empty for section pages."""
    page: str | None
    """Path of a section page."""
    order: int
    """Decides between items of one day in a list: later goes first."""
    wordings: tuple[Wording, ...]
    group: str | None
    """The hard case it was made for, with a number: `notice_date-17`."""
    quirk: str | None
    """How its body is typed: `trailing_blanks`, `blank_line`, `indent`, `bullets`, `backslash` or nothing odd."""

    def wording_no(self, at: datetime) -> int:
        """Number of the wording shown at the instant; -1 before publication."""
        if len(self.wordings) == 1:
            return 0 if at >= self.wordings[0].valid_from else -1
        return bisect_right([wording.valid_from for wording in self.wordings], at) - 1


@dataclass(frozen=True, slots=True)
class HardPair:
    """Two different items that look alike."""

    kind: str
    item_a: str
    item_b: str


@dataclass(frozen=True)
class Site:
    """The whole life of a simulated site."""

    seed: int
    start: date
    end: date
    items: tuple[Item, ...]
    """In order of publication; `items[n].order == n`."""
    pages: tuple[Item, ...]
    """Section pages: undated texts that were edited now and then."""
    hard_pairs: tuple[HardPair, ...] = field(repr=False)

    @cached_property
    def by_id(self) -> dict[str, Item]:
        """Items and section pages by their gold id."""
        return {item.item_id: item for item in (*self.items, *self.pages)}

    @cached_property
    def listed(self) -> dict[str, tuple[Item, ...]]:
        """For each section the items its lists can show, in order of publication."""
        return {
            path: tuple(
                item
                for item in self.items
                if item.wordings[0].title is not None and any(place[0] == path for place in item.locations)
            )
            for path in SECTIONS
        }


def simulate_site(
    seed: int,
    *,
    n_items: int,
    start: date = date(2014, 1, 1),
    end: date = date(2022, 8, 31),
    hard_cases: HardCaseRates | None = None,
    edits: EditRates | None = None,
) -> Site:
    """A site with `n_items` items published from `start` to `end` (both included).

    Args:
        seed: Everything follows from it.
        n_items: How many items; section pages come on top.
        start: First day of publication.
        end: Last day of publication.
        hard_cases: How often items are made to look alike; None takes the defaults.
        edits: How often items are edited; None takes the defaults.
    """
    pen = Pen(random.Random(seed))
    planned = _plan(pen, n_items, start, end, hard_cases or HardCaseRates())
    rates = edits or EditRates()
    instants = [
        datetime(plan.day.year, plan.day.month, plan.day.day, 8, tzinfo=UTC) + timedelta(minutes=pen.between(0, 599))
        for plan, _ in planned
    ]
    ranked = sorted(range(len(planned)), key=lambda number: (instants[number], number))
    locations = _locations(pen, [planned[number] for number in ranked])
    items = []
    for order, number in enumerate(ranked):
        plan, group = planned[number]
        wordings = live(pen, plan.draft, instants[number], rates)
        items.append(Item(f"i{order:06}", plan.draft.kind, locations[order], None, order, wordings, group, _quirk(pen)))
    return Site(seed, start, end, tuple(items), _section_pages(pen, start, end), _pairs(items))


def _plan(pen: Pen, n_items: int, start: date, end: date, rates: HardCaseRates) -> list[tuple[Planned, str | None]]:
    thresholds, total = [], 0.0
    for name in MAKERS:
        total += getattr(rates, name)
        thresholds.append((total, name))
    planned: list[tuple[Planned, str | None]] = []
    openings: dict[tuple[str | None, str], list[date]] = {}
    n_groups, span = 0, (end - start).days
    while len(planned) < n_items:
        day = start + timedelta(days=pen.between(0, span))
        roll = pen.rng.random()
        kind = next((name for limit, name in thresholds if roll < limit), None)
        made = [plan for plan in MAKERS[kind](pen, day) if plan.day <= end] if kind else []
        if not 0 < len(made) <= n_items - len(planned):
            kind, made = None, [_plain_item(pen, day)]
        if any(_said_lately(openings, plan) for plan in made):
            continue
        n_groups += kind is not None
        for plan in made:
            openings.setdefault(_opening(plan), []).append(plan.day)
            planned.append((plan, kind and f"{kind}-{n_groups}"))
    return planned


def _opening(plan: Planned) -> tuple[str | None, str]:
    return plan.draft.title, plan.draft.body[0][0]


def _said_lately(openings: dict[tuple[str | None, str], list[date]], plan: Planned) -> bool:
    """True where the same words came out within five days by chance: nobody could tell the two items apart."""
    return any(abs((day - plan.day).days) <= 5 for day in openings.get(_opening(plan), ()))


def _plain_item(pen: Pen, day: date) -> Planned:
    _, section, make = pen.rng.choices(_PLAIN, [weight for weight, _, _ in _PLAIN])[0]
    return Planned(day, section, make(pen, day))


def _locations(pen: Pen, ranked: list[tuple[Planned, str | None]]) -> list[tuple[tuple[str, int], ...]]:
    """Numbers per section: they rise with time in `fnapr` and nearly so elsewhere; some items stand in two sections."""
    following = {path: section.first_id for path, section in SECTIONS.items()}
    held_back: dict[str, list[int]] = {path: [] for path in SECTIONS}
    locations: list[tuple[tuple[str, int], ...]] = []
    for plan, _ in ranked:
        path = plan.section
        if plan.draft.kind in ("article", "speech", "letter") and path == "article" and pen.chance(0.15):
            number = max(following["article"], following["ambarticles"])
            following["article"] = following["ambarticles"] = number + 1
            locations.append((("article", number), ("ambarticles", number)))
            continue
        if held_back[path] and pen.chance(0.5):
            number = held_back[path].pop()
        else:
            if not SECTIONS[path].ids_rise and pen.chance(0.1):  # a draft took a number and came out later
                held_back[path].append(following[path])
                following[path] += 1
            number = following[path]
            following[path] += 1
        locations.append(((path, number),))
    return locations


def _quirk(pen: Pen) -> str | None:
    roll = pen.rng.random()
    for share, quirk in (
        (0.04, "trailing_blanks"),
        (0.06, "blank_line"),
        (0.08, "indent"),
        (0.09, "bullets"),
        (0.1, "backslash"),
    ):
        if roll < share:
            return quirk
    return None


def _section_pages(pen: Pen, start: date, end: date) -> tuple[Item, ...]:
    often = EditRates(0, 0, 0, 0, 0.3, 0, 0, 0.5, 0.9, 0.5, 0.3, 0, 0)
    pages = []
    for number, (path, title) in enumerate(_SECTION_PAGES):
        born = datetime(start.year, start.month, start.day, tzinfo=UTC)
        wordings = live(pen, drafts.undated_page(pen, title), born, often)
        step = (end - start) / (len(wordings) + 1)
        spread = tuple(_moved(wording, born + step * place) for place, wording in enumerate(wordings))
        pages.append(Item(f"p{number:02}", "section", (), path, number, spread, None, None))
    return tuple(pages)


def _moved(wording: Wording, valid_from: datetime) -> Wording:
    return Wording(
        valid_from, wording.published_on, wording.title, wording.body, wording.teaser, wording.version, wording.edits
    )


def _pairs(items: list[Item]) -> tuple[HardPair, ...]:
    groups: dict[str, list[str]] = {}
    for item in items:
        if item.group is not None:
            groups.setdefault(item.group, []).append(item.item_id)
    return tuple(
        HardPair(group.rsplit("-", 1)[0], a, b)
        for group, members in groups.items()
        for a, b in combinations(members, 2)
    )
