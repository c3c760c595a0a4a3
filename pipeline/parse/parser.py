"""A page's text, taken apart from the top down: header, contact, counters, label, date, title, body, list.

Each part is taken off by its own module; this one keeps the account of which line went where. The one decision
made here: what no part claims is unplaced, and nothing is dropped.
"""

from collections.abc import Sequence
from typing import NamedTuple

from pipeline.parse.content import Opening, is_cut_opening, is_title, read_opening
from pipeline.parse.counters import looks_like_counters, read_counters
from pipeline.parse.header import Top, read_top
from pipeline.parse.kinds import PageKind, kind_of_content, kind_of_url
from pipeline.parse.lists import (
    LIST_LINES,
    DatedLine,
    TeaserList,
    find_unheaded_start,
    is_cut_heading,
    is_cut_mark,
    is_pager,
    read_list,
)
from pipeline.parse.page import Article, CounterLine, Line, ParsedPage, Role
from pipeline.parse.text import PageLines, ends_sentence, lines_sha256, page_lines
from pipeline.records import Link, PageText

_ORDINARY = Role.TEASER_TEXT
_TEASERS_PER_LISTING = 10
"""A listing's `ps=10` (source-format.md, Pages)."""


class _Regions(NamedTuple):
    """Indexes that part the content of a page: body, heading, list, end, whatever is below."""

    body_stop: int
    list_first: int
    list_stop: int
    has_list: bool
    has_end: bool
    dated: list[DatedLine]


def _read_counter_lines(lines: PageLines, first: int) -> tuple[list[CounterLine], int]:
    """Read the counters at the content's top; return them with the index after them.

    Three or more blank lines above a line mean that content begins (both layouts put counters closer), so that
    a title that reads like a counter stays a title. Where blank lines are lost, a counter is told by its claim.
    """
    counters: list[CounterLine] = []
    index = first
    while index < len(lines.collapsed) and looks_like_counters(lines.collapsed[index]):
        found = read_counters(lines.collapsed[index], lines.numbers[index], len(counters))
        blanks = lines.blanks_before(index) if index else 0
        if blanks >= 3 or (blanks == 0 and found[0].claim is None):
            break
        counters += found
        index += 1
    return counters, index


def _find_regions(lines: PageLines, first: int, links: Sequence[Link], *, is_listing: bool) -> _Regions:
    """Part the content from the line `first` on.

    Args:
        lines: The page.
        first: Index of the content's first line after label, date and pager.
        links: The page's links.
        is_listing: A pager or the URL says that all of it is a list.
    """
    texts = lines.collapsed
    heading = end = None
    dated: list[DatedLine] = []
    for index, (role, found) in enumerate([LIST_LINES[line] for line in texts[first:]], first):
        if role is _ORDINARY:
            continue
        if found is not None:
            dated.append(DatedLine(index, found.day, found.rest))
        elif role is Role.LIST_END:
            end = index
            break
        elif role is Role.LIST_HEADING and heading is None:
            heading = index
    stop = len(texts) if end is None else end
    start: int | None = None
    if end is None and first + 1 == stop and is_cut_opening(texts[first]):
        stop = first
    elif is_listing:
        start = first
    elif heading is not None:
        start = heading
    else:
        start = _find_unheaded(lines, dated, first, stop, links, ends_known=end is not None)
    has_list = start is not None
    return _Regions(
        body_stop=stop if start is None else start,
        list_first=stop if start is None else start,
        list_stop=stop,
        has_list=has_list,
        has_end=end is not None,
        dated=dated,
    )


def _find_unheaded(
    lines: PageLines, dated: list[DatedLine], first: int, stop: int, links: Sequence[Link], *, ends_known: bool
) -> int | None:
    """Find a list's start without a heading; what a cut left of a heading or of the first teaser's day is one too."""
    last = stop - 1
    if not ends_known and last > first:
        stands_off = lines.blanks_before(last) >= 2
        if is_cut_heading(lines.collapsed[last]) and (stands_off or len(lines.collapsed[last]) >= 3):
            return last
        if is_cut_mark(lines.collapsed[last]):
            dated = [line for line in dated if line.at < last]
            start = find_unheaded_start(lines, dated, first, last, ends_known=False, links=links) if dated else None
            return last if start is None and stands_off else start
    return find_unheaded_start(lines, dated, first, stop, ends_known=ends_known, links=links) if dated else None


def _read_article(
    lines: PageLines, first: int, stop: int, opening: Opening, *, is_bare: bool, is_truncated: bool
) -> Article | None:
    """Read title and body; None where there is no text at all."""
    if first >= stop:
        return None
    texts = lines.texts
    has_title = is_title(
        texts[first], blanks_before=lines.blanks_before(first), is_bare=is_bare, is_alone=first + 1 == stop
    )
    return Article(
        title=lines.collapsed[first] if has_title else None,
        published_on=opening.published_on,
        paragraphs=tuple(texts[first + 1 if has_title else first : stop]),
        line_no=lines.numbers[first],
        is_truncated=is_truncated,
    )


def _layout(top: Top, opening: Opening) -> str | None:
    """`B` prints an address, a label or the article's date, `A` none of them; None without a header to tell."""
    if top.header is None:
        return None
    is_b = top.has_email or opening.section_at is not None or opening.date_at is not None
    return "B" if is_b else "A"


def _is_list_cut(listed: TeaserList, kind: PageKind) -> bool:
    """Tell whether a page without an end mark ends inside its list.

    An article's list ends with the end mark (both samples). How a listing ends was never seen, so that it counts as
    whole with a second pager, or with its ten teasers and the last one's text ended.
    """
    if kind is not PageKind.LISTING:
        return True
    if Role.PAGER in listed.roles:
        return listed.roles[-1] in {Role.TEASER_TITLE, Role.TEASER_TEXT}
    return len(listed.teasers) < _TEASERS_PER_LISTING or listed.teasers[-1].is_cut


def _ends_inside_article(page: PageText, top: Top, regions: _Regions, kind: PageKind, last_line: str) -> bool:
    """Tell whether a page may have lost the end of its article.

    A list (its heading, a teaser or its end) that follows proves the article whole. Without one it is whole only where
    no list can be expected - no header (mobile pages, extractors' text), a section, a form that dropped
    lists - and the last line ends a sentence.
    """
    if regions.has_list or regions.has_end:
        return False
    expects_list = top.header is not None and page.teasers_observable and kind is not PageKind.SECTION
    return expects_list or page.is_cut or not ends_sentence(last_line)


def parse_page(page: PageText, *, url: str | None = None) -> ParsedPage:
    """Take one page apart.

    Never raises: any text gives a `ParsedPage` in which every non-blank line has exactly one role. A page is whole when
    its article is (see `Article.is_truncated`) and its list is; a page with neither is whole only with an end mark.

    Args:
        page: The lines a reader saw.
        url: The page's own URL, out of any archive's wrapping.
    """
    lines = page_lines(page.text, page.lines)
    texts = lines.collapsed
    roles: list[Role] = [Role.UNPLACED] * len(texts)

    def place(first: int, stop: int, role: Role) -> None:
        roles[first:stop] = [role] * (stop - first)

    top = read_top(lines)
    place(top.header_at.start, top.header_at.stop, Role.HEADER)
    place(top.contact_at.start, top.contact_at.stop, Role.CONTACT)
    counters, index = _read_counter_lines(lines, top.contact_at.stop)
    place(top.contact_at.stop, index, Role.COUNTER)
    opening = read_opening(lines, index)
    if opening.section_at is not None:
        roles[opening.section_at] = Role.LABEL
    if opening.date_at is not None:
        roles[opening.date_at] = Role.ARTICLE_DATE
    first = opening.stop
    has_pager = first < len(texts) and is_pager(texts[first])
    if has_pager:
        roles[first] = Role.PAGER
        first += 1

    url_kind = kind_of_url(url)
    regions = _find_regions(lines, first, page.links, is_listing=has_pager or url_kind is PageKind.LISTING)
    listed = read_list(
        lines,
        regions.list_first,
        regions.list_stop,
        regions.dated,
        ends_known=regions.has_end,
        is_cut=page.is_cut,
        links=page.links,
    )
    roles[regions.list_first : regions.list_stop] = listed.roles
    if regions.has_end:
        roles[regions.list_stop] = Role.LIST_END

    kind = url_kind or kind_of_content(has_article=regions.body_stop > first, has_list=regions.has_list)
    article = _read_article(
        lines,
        first,
        regions.body_stop,
        opening,
        is_bare=top.header is not None and first == top.contact_at.stop,
        is_truncated=_ends_inside_article(page, top, regions, kind, texts[-1] if texts else ""),
    )
    if article is not None:
        place(first, regions.body_stop, Role.BODY)
        if article.title is not None:
            roles[first] = Role.TITLE
    is_truncated = page.is_cut or not regions.has_end
    if not page.is_cut and regions.has_list and not regions.has_end:
        is_truncated = _is_list_cut(listed, kind)
    elif not page.is_cut and article is not None:
        is_truncated = article.is_truncated
    return ParsedPage(
        header=top.header,
        page_kind=kind.value,
        layout=_layout(top, opening),
        section=opening.section,
        counters=tuple(counters),
        article=article,
        teasers=listed.teasers,
        unplaced=_unplaced(lines, roles),
        roles=tuple(zip(lines.numbers, roles, strict=True)),
        is_truncated=is_truncated,
        text_sha256=lines_sha256(lines),
    )


def _unplaced(lines: PageLines, roles: list[Role]) -> tuple[Line, ...]:
    if Role.UNPLACED not in roles:
        return ()
    placed = zip(lines.numbers, lines.texts, roles, strict=True)
    return tuple(Line(number, text) for number, text, role in placed if role is Role.UNPLACED)
