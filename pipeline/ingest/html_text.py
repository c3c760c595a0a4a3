"""From a page's HTML: the lines a reader sees, in order, in the shape of source-format.md, and its links beside them.

The one decision made here: where a line ends. It follows the rendered text of the HTML standard (`innerText`) as far
as that can be known without style sheets:
    `<br>` ends a line, two of them leave a blank one; a block element starts and ends a line; paragraphs, headings,
    lists, quotations and rules stand off by one blank line; a table cell is a line of its own, for the site's tables
    are layout; blanks and line breaks of the source collapse to one space, U+00A0 and `<pre>` stay as they are.
Left out is what no reader sees: head, scripts, styles, templates, `noscript`, fallbacks of players, elements with
`hidden` or styled `display: none` or `visibility: hidden`, and the bar that the Wayback Machine puts on top.
`aria-hidden` hides from ears, not from eyes: such text stays.

The whole tree counts: extractors of "main content" drop teasers and counters (design.md). A page is read line by line
of its source; what a line comes to is known once it has been seen (`html_seams`), and of the lines of a crawl nine in
ten were. A page whose lines cannot be told apart is parsed as a whole and walked as the parser writes it (`html_walk`).
"""

import re
from collections.abc import Iterator, Sequence
from html import escape
from typing import Final
from urllib.parse import urljoin

from selectolax.lexbor import LexborHTMLParser, LexborNode

from pipeline.ingest.html_seams import read_top
from pipeline.ingest.html_steps import Steps
from pipeline.ingest.html_walk import AS, BLANK, RAW, TAB, TOP, walk
from pipeline.records import Link, PageText

_VERBATIM: Final = re.compile(r"<!--.*?-->|<(xmp|plaintext)\b([^>]*)>(.*?)</\1>", re.DOTALL)
_TOOLBAR: Final = ("<!-- BEGIN WAYBACK TOOLBAR INSERT -->", "<!-- END WAYBACK TOOLBAR INSERT -->")
_CONTROLS: Final = {1: None, 2: None}
_RESTORE: Final = str.maketrans({BLANK: " ", TAB: "\t"})
_NO_ADDRESS: Final = ("javascript:", "mailto:", "tel:", "data:")
_REMEMBERED: Final = 3_000_000
"""Characters of HTML whose meaning is held: what is new on some thousand pages."""

_STRETCHES: Final = Steps(_REMEMBERED)


def html_to_page_text(html: str, base_url: str | None = None) -> PageText:
    """Return the page's text (lines parted by a line feed) and its text links, absolute where `base_url` is given.

    Never raises: the parser takes any text as HTML, as a browser does.
    """
    html = _without_toolbar(_without_controls(html))
    top = read_top(html)
    read = None if top is None else _STRETCHES.read(top.doctype, html[top.n_chars :])
    if top is None or read is None:
        base_href, lines, links = _read_whole(html)
    else:
        base_href, (lines, links) = top.base_href, read
    if base_url is not None and base_href is not None:
        base_url = _join(base_url, base_href)
    text = "\n".join(lines).rstrip("\n")
    found = tuple(_absolute(links, base_url))
    if BLANK in text or TAB in text:
        return PageText(text.translate(_RESTORE), found)
    return PageText(text, found, lines=tuple(lines))


def _read_whole(html: str) -> tuple[str | None, list[str], list[tuple[int, str, str]]]:
    """Parse a page as a whole; return the address its links start from, where it names one, its lines and its links."""
    tree = LexborHTMLParser(html)
    body = tree.body
    if body is None:
        return None, [], []
    base = None if tree.head is None else tree.head.css_first("base[href]")
    base_href = None if base is None else base.attributes.get("href") or ""
    stretch = walk(TOP, body.html or "") or walk(TOP, _plain(body))
    if stretch is None:
        return base_href, [], []
    links = [(line_no + 1, text, href) for line_no, text, href in stretch.links]
    return base_href, [stretch.begin, *stretch.lines], links


def _plain(body: LexborNode) -> str:
    """Write a tree so that every `<` in it begins a tag: without raw text, without comments."""
    for node in reversed(body.css(",".join((*RAW, "template")))):
        node.decompose()
    return _VERBATIM.sub(_escaped, body.html or "")


def _escaped(match: re.Match[str]) -> str:
    if match[1] is None:
        return ""
    name = AS[match[1]]
    return f"<{name}{match[2]}>{escape(match[3], quote=False)}</{name}>"


def _absolute(links: Sequence[tuple[int, str, str]], base_url: str | None) -> Iterator[Link]:
    """Yield the links that lead to a page, absolute where the page's own address is known."""
    origin = _origin(base_url)
    for line_no, text, href in links:
        if origin and href[0] == "/" and href[1:2] != "/" and "/." not in href:
            yield Link(line_no, text, origin + href)  # `urljoin` costs more than the rest of a link
        elif href.startswith(("http://", "https://")):
            yield Link(line_no, text, href)
        elif not href.lower().startswith(_NO_ADDRESS):
            yield Link(line_no, text, _join(base_url or "", href))


def _without_controls(html: str) -> str:
    return html.translate(_CONTROLS) if BLANK in html or TAB in html else html


def _without_toolbar(html: str) -> str:
    start = html.find(_TOOLBAR[0])
    end = html.find(_TOOLBAR[1], start) if start >= 0 else -1
    return html if end < 0 else html[:start] + html[end + len(_TOOLBAR[1]) :]


def _origin(base_url: str | None) -> str:
    scheme, mark, rest = (base_url or "").partition("://")
    return f"{scheme}://{rest.partition('/')[0]}" if mark and "?" not in rest and "#" not in rest else ""


def _join(base_url: str, href: str) -> str:
    try:
        return urljoin(base_url, href)
    except ValueError:
        return href
