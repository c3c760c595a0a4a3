"""Lists of teasers: where one starts and what its lines are (source-format.md, Teasers and Two layouts).

Layout B heads its list `LATEST EVENTS`; in layout A the list follows the body without any heading. The one decision
made here: a dated line starts an unheaded list only when what follows it behaves as a list does.
"""

from collections.abc import Sequence
from datetime import date
from itertools import pairwise
from typing import Final, NamedTuple

from pipeline.parse.dates import read_dotted_date
from pipeline.parse.known import Known
from pipeline.parse.page import Role, Teaser
from pipeline.parse.text import PageLines, collapse, ends_sentence
from pipeline.records import Link

_PAGER_MARKS = frozenset("«»‹›<>:|.[]0123456789 ")
_PAGER_STARTS = frozenset("P0123456789")
_PAGES_PER_BLOCK = 15
_LIST_HEADING = "LATEST EVENTS"
_LIST_END = "all messages"
_DAY_SHAPE = "00.00.0000 -"
_TITLE, _TEXT, _UNPLACED = Role.TEASER_TITLE, Role.TEASER_TEXT, Role.UNPLACED
_PAGER, _HEADING = Role.PAGER, Role.LIST_HEADING


class DatedLine(NamedTuple):
    """A line `DD.MM.YYYY - …`: a teaser's title, or a sentence that happens to start with a day."""

    at: int
    """Index among the non-blank lines."""
    day: date
    rest: str
    """What follows the first ` - `, blanks collapsed; may be empty."""


class TeaserList(NamedTuple):
    """What a list region holds."""

    teasers: tuple[Teaser, ...]
    roles: list[Role]
    """One per non-blank line of the region."""


def is_list_heading(line: str) -> bool:
    """Tell whether the line heads layout B's list."""
    return line == _LIST_HEADING


def is_list_end(line: str) -> bool:
    """Tell whether the line is the link under every list, the last line of both sample dumps."""
    return len(line) == len(_LIST_END) and line.lower() == _LIST_END


def is_cut_mark(line: str) -> bool:
    """Tell whether a page's last line is what a cut left of a teaser's day or of the list's end.

    Such a piece is no text of the teaser above it and no paragraph of a body.
    """
    if len(line) > len(_DAY_SHAPE):
        return False
    is_day = all(
        char.isdigit() if shape == "0" else char == shape for char, shape in zip(line, _DAY_SHAPE, strict=False)
    )
    return is_day or _LIST_END.startswith(line)


def is_cut_heading(line: str) -> bool:
    """Tell whether a page's last line may be what a cut left of the list's heading."""
    return len(line) <= len(_LIST_HEADING) and _LIST_HEADING.startswith(line)


def is_pager(line: str) -> bool:
    """Tell whether the line is a listing's pager: `Pages: ««« :: 1617…30 :: »»»` or its bare run of numbers.

    A bare run counts only from a block's first number on (1, 16, 31, …), so that no year or figure passes for one.
    """
    if line[:1] not in _PAGER_STARTS:
        return False
    if line.startswith("Pages:"):
        rest = line[len("Pages:") :]
        return _PAGER_MARKS.issuperset(rest) and ("::" in rest or _is_number_run(rest.strip()))
    return _is_number_run(line)


def _is_number_run(line: str) -> bool:
    if not (2 <= len(line) <= 4 * _PAGES_PER_BLOCK and line.isascii() and line.isdigit()):
        return False
    for width in range(1, 5):
        number = int(line[:width])
        if number % _PAGES_PER_BLOCK != 1:
            continue
        run = ""
        for following in range(number, number + _PAGES_PER_BLOCK):
            run += str(following)
            if run == line:
                return following > number
    return False


def read_dated_line(line: str, index: int) -> DatedLine | None:
    """Read a collapsed line as `DD.MM.YYYY - …`; None where it is none or the day does not exist."""
    # The dash before an empty title ends the line.
    if line[2:3] != "." or not (line[10:13] == " - " or line[10:] == " -"):
        return None
    day = read_dotted_date(line[:10])
    return None if day is None else DatedLine(index, day, line[13:])


class ListLine(NamedTuple):
    """What a line is to a list, by its wording alone."""

    role: Role
    """`TEASER_TITLE` for a dated line, `LIST_END`, `LIST_HEADING`, `PAGER`; any other line is `TEASER_TEXT`."""
    dated: DatedLine | None = None
    """With 0 as its index."""


def _list_line(line: str) -> ListLine:
    if (dated := read_dated_line(line, 0)) is not None:
        return ListLine(_TITLE, dated)
    if is_list_end(line):
        return ListLine(Role.LIST_END)
    if is_list_heading(line):
        return ListLine(Role.LIST_HEADING)
    return ListLine(Role.PAGER if is_pager(line) else _TEXT)


LIST_LINES: Final = Known(_list_line, len, 4_000_000)
"""Each wording is judged once per process: most lines of a page stand on many others."""


def _never_ascending_tail(dated: Sequence[DatedLine]) -> list[DatedLine]:
    """Walk from the last dated line upwards as far as days do not ascend down the page.

    A dated line right below another one may be that teaser's text: it may break the order, and is passed over.
    """
    place = len(dated) - 1
    day = dated[place].day
    while place > 0:
        above = dated[place - 1]
        title = dated[place - 2] if place > 1 and dated[place - 2].at == above.at - 1 else None
        if above.day >= day:
            day = above.day
            place -= 1
        elif title is not None and title.day >= day:
            day = title.day
            place -= 2
        else:
            break
    return list(dated[place:])


def find_unheaded_start(
    lines: PageLines,
    dated: Sequence[DatedLine],
    first: int,
    stop: int,
    *,
    ends_known: bool,
    links: Sequence[Link] = (),
) -> int | None:
    """Find where a list without heading starts in the content `first`..`stop`; None where there is none.

    A sentence of a body may begin with a day and a dash as well. From the facts on lists in source-format.md:

    - dates never ascend down a list, so that a list reaches back from the last dated line to the first ascent;
    - a teaser is one line and at most one line of text; a sentence is followed by more body;
    - a title starts with a capital, a digit or a quote; what goes on in lower case is a sentence;
    - a teaser's title is a link, where the form kept links;
    - the list stands off from the body by two blank lines (both samples and every such capture seen),
      paragraphs by one. Where a dump lost its blank lines, two dated lines or the list's end have to do.

    Args:
        lines: The page.
        dated: Its dated lines in the content, in order.
        first: Index of the content's first line; a dated line there starts the page's list.
        stop: Index after the content's last line.
        ends_known: The list's end mark follows at `stop`.
        links: The page's links.
    """
    tail = _never_ascending_tail(dated)
    stops = [line.at for line in tail[1:]] + [stop]
    starts = [
        line
        for line, following in zip(tail, stops, strict=True)
        if following - line.at <= 2 and not line.rest[:1].islower()
    ]
    if not starts:
        return None
    linked = {link.line_no for link in links}
    starts = [line for line in starts if lines.numbers[line.at] in linked] or starts
    if starts[0].at == first:
        return first
    for line in starts:
        if lines.blanks_before(line.at) >= 2:
            return line.at
    keeps_blank_lines = any(below - above > 2 for above, below in pairwise(lines.numbers))
    is_certain = ends_known or tail[-1].at > starts[0].at or not keeps_blank_lines
    return starts[0].at if is_certain else None


def read_list(
    lines: PageLines,
    first: int,
    stop: int,
    dated_lines: Sequence[DatedLine],
    *,
    ends_known: bool,
    is_cut: bool,
    links: Sequence[Link] = (),
) -> TeaserList:
    """Read the lines `first`..`stop` as a list.

    A teaser's title is followed by at most one line of text; an undated line beyond it is no part of any
    teaser and stays unplaced. A dated line right below a title is that teaser's text where it cannot be a title.

    Args:
        lines: The page.
        first: Index of the list's first line.
        stop: Index after its last line.
        dated_lines: The page's dated lines.
        ends_known: An end mark or a pager follows, so that the last teaser is whole.
        is_cut: The dump itself says that the page is not whole.
        links: The page's links; a title's link gives the teaser its href.
    """
    texts, numbers = lines.collapsed[first:stop], lines.numbers
    titles: list[DatedLine] = []
    bodies: list[str | None] = []
    roles: list[Role] = []
    ends_cut = bool(texts) and not ends_known and is_cut_mark(texts[-1])
    if ends_cut:
        texts.pop()
    dated_at = {dated.at: dated for dated in dated_lines}
    next_day = {above.at: below.day for above, below in pairwise(dated_lines)}
    takes_text = False
    for index, line in enumerate(texts, first):
        role = LIST_LINES[line].role
        dated = dated_at.get(index)
        if dated is not None and not (takes_text and _is_dated_text(titles[-1], dated, next_day.get(index))):
            titles.append(dated)
            bodies.append(None)
            role = _TITLE
        elif role is not _PAGER and role is not _HEADING:
            role = _TEXT if takes_text else _UNPLACED
            if takes_text:
                bodies[-1] = line
        takes_text = role is _TITLE
        roles.append(role)
    if ends_cut:
        roles.append(_UNPLACED)
    ends_inside = not ends_known and bool(roles) and roles[-1] in {_TITLE, _TEXT}
    hrefs = _hrefs(links)
    teasers = [
        Teaser(
            *(position, day, title, text, numbers[at]),
            is_cut=False,
            href=_href_of(title, hrefs.get(numbers[at], ())) if hrefs else None,
        )
        for position, ((at, day, title), text) in enumerate(zip(titles, bodies, strict=True))
    ]
    if teasers and ends_inside and (is_cut or not _is_whole(teasers[-1].title, teasers[-1].text)):
        teasers[-1] = teasers[-1]._replace(is_cut=True)
    return TeaserList(tuple(teasers), roles)


def _is_dated_text(title: DatedLine, dated: DatedLine, next_day: date | None) -> bool:
    """Tell whether a dated line right below a title is its text: as a title it would break the order of days.

    Either it is later than the title above, or the next dated line goes on from that title and is later than this one.
    """
    if dated.day > title.day or dated.rest[:1].islower():
        return True
    return next_day is not None and dated.day < next_day <= title.day


def _is_whole(title: str, text: str | None) -> bool:
    """Tell whether a page's last teaser has its text to the end: a sentence's end, or the title once more."""
    return text is not None and (text == title or ends_sentence(text))


def _hrefs(links: Sequence[Link]) -> dict[int, list[Link]]:
    by_line: dict[int, list[Link]] = {}
    for link in links:
        by_line.setdefault(link.line_no, []).append(link)
    return by_line


def _href_of(title: str, links: Sequence[Link]) -> str | None:
    """The link with the longest text among those in the title or around it, the first on a tie; None without one."""
    fitting = [link for link in links if (text := collapse(link.text)) and (text in title or title in text)]
    return max(fitting, key=lambda link: len(link.text)).href if fitting else None
