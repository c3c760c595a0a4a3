"""From a page's HTML: the lines a reader sees, in order, in the shape of source-format.md, and its links beside them.

The one decision made here: where a line ends. It follows the rendered text of the HTML standard (`innerText`) as far
as that can be known without style sheets:
    `<br>` ends a line, two of them leave a blank one; a block element starts and ends a line; paragraphs, headings,
    lists, quotations and rules stand off by one blank line; a table cell is a line of its own, for the site's tables
    are layout; blanks and line breaks of the source collapse to one space, U+00A0 and `<pre>` stay as they are.
Left out is what no reader sees: head, scripts, styles, templates, `noscript`, fallbacks of players, elements with
`hidden` or styled `display: none` or `visibility: hidden`, and the bar that the Wayback Machine puts on top.
`aria-hidden` hides from ears, not from eyes: such text stays.

One traversal of the whole tree: extractors of "main content" drop teasers and counters (design.md).
"""

import re
from collections.abc import Iterator
from urllib.parse import urljoin

from selectolax.lexbor import LexborHTMLParser, LexborNode

from pipeline.records import Link, PageText


def _tag_ids(names: str) -> frozenset[int]:
    """Return the parser's numbers of some tags: comparing numbers is several times quicker than comparing names."""
    tree = LexborHTMLParser("")
    return frozenset(tree.create_node(name).tag_id for name in names.split())


_SPACED = _tag_ids("p h1 h2 h3 h4 h5 h6 ul ol dl blockquote pre hr figure listing xmp menu dir")
"""Blocks that stand off by a blank line."""
_BLOCKS = _SPACED | _tag_ids(
    "address article aside body caption center dd details dialog div dt fieldset figcaption footer form header hgroup "
    "html legend li main nav optgroup option search section summary table tbody td tfoot th thead tr"
)
_UNSEEN = _tag_ids("script style title iframe noembed noframes noscript template video audio canvas")
_HIDDEN = -1
"""Stands for the tag of an element that an attribute hides."""
_UNSEEN |= {_HIDDEN}
_PRE = _tag_ids("pre listing xmp")
(_TEXT,) = (LexborHTMLParser("x").body.child.tag_id,)  # type: ignore[union-attr]
(_BR,) = _tag_ids("br")
(_A,) = _tag_ids("a")
(_BODY,) = _tag_ids("body")

_HIDING_STYLE = re.compile(r"(?:^|;)\s*(?:display\s*:\s*none|visibility\s*:\s*hidden)\b", re.IGNORECASE)
_TOOLBAR = ("<!-- BEGIN WAYBACK TOOLBAR INSERT -->", "<!-- END WAYBACK TOOLBAR INSERT -->")

_LINE_END, _BLANK, _TAB = "\x00", "\x01", "\x02"
"""Marks for a line's end and for the blanks of preformatted text: the parser drops NUL, and `_walk` gets no other."""
_LINE_ENDS = ("", _LINE_END, _LINE_END * 2)
_CONTROLS = {1: None, 2: None}
_PROTECT = str.maketrans({"\n": _LINE_END, " ": _BLANK, "\t": _TAB, "\r": None})
_RESTORE = str.maketrans({_BLANK: " ", _TAB: "\t"})
_ASCII_BLANKS = " \t\n\r\f"
_MAX_CLIMB = 256
"""Levels of inline elements that are looked through for the block around them; bounds the work on hostile nesting."""
_NO_ADDRESS = ("javascript:", "mailto:", "tel:", "data:")


def html_to_page_text(html: str, base_url: str | None = None) -> PageText:
    """Return the page's text (lines parted by a line feed) and its text links, absolute where `base_url` is given.

    Never raises: the parser takes any text as HTML, as a browser does.
    """
    tree = LexborHTMLParser(_without_toolbar(_without_controls(html)))
    body = tree.body
    if body is None:
        return PageText("")
    if base_url is not None and tree.head is not None and (base := tree.head.css_first("base[href]")) is not None:
        base_url = _join(base_url, base.attributes.get("href") or "")
    pieces, found = _walk(body, _hidden(body))
    return PageText(_joined(pieces), tuple(_links(found, base_url)))


def _walk(  # noqa: C901, PLR0912, PLR0915
    body: LexborNode, hidden: frozenset[int]
) -> tuple[list[str], list[tuple[int, LexborNode]]]:
    """Return the texts below `body` with a mark for each line's end, and each link with the number of its line.

    One loop over the kinds of node, on local names: it runs for every node of every page, where a call costs more than
    the traversal's own step. Blanks are left for `_joined`, which sees the whole page at once.
    """
    pieces: list[str] = []
    links: list[tuple[int, LexborNode]] = []
    line_no = 1
    ended = 2  # line ends since the last text; none is due at the top of the page
    due = 0  # line ends wanted before the next text: 1, or 2 for a blank line between
    spaced = False  # whether the block that started last stands off
    resume: int | None = None  # where an unseen element ends
    link: LexborNode | None = None  # a link whose text has not come yet
    has_pre = False  # whether preformatted text has been met
    for node in body.traverse(include_text=True):
        if resume is not None:
            if node.mem_id != resume:
                continue
            resume = None
        tag = node.tag_id
        if hidden and node.mem_id in hidden:
            tag = _HIDDEN
        if tag == _TEXT:
            text = node.text_content or ""
            if text[:1] <= " " and not has_pre and not text.strip(_ASCII_BLANKS):
                pieces.append(" ")
                continue
            if not due and _leaves_block(node, hidden):
                due, spaced = (2 if spaced else 1), False
            if due:
                if due > ended:
                    pieces.append(_LINE_ENDS[due - ended])
                    line_no += due - ended
                due = 0
            ended = 0
            if link is not None:
                links.append((line_no, link))
                link = None
            if has_pre and _in_pre(node):
                text = text.translate(_PROTECT)
                line_no += text.count(_LINE_END)
                ended = len(text) - len(text.rstrip(_LINE_END))
            pieces.append(text)
        elif tag in _BLOCKS:
            due = 2 if spaced or tag in _SPACED else due or 1
            spaced = tag in _SPACED
            has_pre = has_pre or tag in _PRE
        elif tag == _A:
            link = node
        elif tag == _BR:
            if not due and _leaves_block(node, hidden):
                due, spaced = (2 if spaced else 1), False
            if due:
                if due > ended:
                    pieces.append(_LINE_ENDS[due - ended])
                    line_no += due - ended
                    ended = due
                due = 0
            pieces.append(_LINE_END)
            line_no += 1
            ended += 1
        elif tag in _UNSEEN:
            following = _after(node)
            if following is None:
                break
            resume = following.mem_id
    return pieces, links


def _joined(pieces: list[str]) -> str:
    """Join the pieces, collapse blanks as a browser does, and turn the marks into line feeds."""
    lines = _one_blank("".join(pieces)).split(_LINE_END)
    text = "\n".join([line.strip(" ") for line in lines]).rstrip("\n")
    return text.translate(_RESTORE) if _BLANK in text or _TAB in text else text


def _one_blank(text: str) -> str:
    if not text.isprintable():
        for blank in "\n\t\r\f":
            text = text.replace(blank, " ")
    while "  " in text:
        text = text.replace("  ", " ")
    return text


def _links(found: list[tuple[int, LexborNode]], base_url: str | None) -> Iterator[Link]:
    """Yield the links that show text and lead somewhere."""
    origin = _origin(base_url)
    for line_no, node in found:
        href = (node.attributes.get("href") or "").strip(_ASCII_BLANKS)
        if not href or href[0] == "#":
            continue
        text = _one_blank(node.text()).strip(" ")
        if not text or text.isspace():
            continue
        if origin and href[0] == "/" and href[1:2] != "/" and "/." not in href:
            href = origin + href  # `urljoin` costs more than the rest of a link
        elif not href.startswith(("http://", "https://")):
            if href.lower().startswith(_NO_ADDRESS):
                continue
            href = _join(base_url or "", href)
        yield Link(line_no, text, href)


def _leaves_block(node: LexborNode, hidden: frozenset[int]) -> bool:
    """Tell whether a block ended between the text before a node and the node.

    Asked only where no block started in between; so it ended as a sibling before the node or before an inline element
    around it, or as the last thing inside such a sibling.
    """
    for _ in range(_MAX_CLIMB):
        before = node.prev
        if before is None:
            parent = node.parent
            if parent is None or parent.tag_id in _BLOCKS:
                return False
            node = parent
            continue
        while True:
            tag = before.tag_id
            if tag in _UNSEEN or (hidden and before.mem_id in hidden):
                break
            if tag in _BLOCKS:
                return True
            if tag == _BR or (tag == _TEXT and (before.text_content or "").strip(_ASCII_BLANKS)):
                return False
            inner = before.last_child
            if inner is None:
                break
            before = inner
        node = before
    return False


def _after(node: LexborNode) -> LexborNode | None:
    """Return the first node after an element and all it holds."""
    climber: LexborNode | None = node
    while climber is not None:
        if climber.next is not None:
            return climber.next
        climber = climber.parent
    return None


def _in_pre(node: LexborNode) -> bool:
    parent = node.parent
    for _ in range(_MAX_CLIMB):
        if parent is None:
            return False
        if parent.tag_id in _PRE:
            return True
        parent = parent.parent
    return False


def _without_controls(html: str) -> str:
    return html.translate(_CONTROLS) if _BLANK in html or _TAB in html else html


def _without_toolbar(html: str) -> str:
    start = html.find(_TOOLBAR[0])
    end = html.find(_TOOLBAR[1], start) if start >= 0 else -1
    return html if end < 0 else html[:start] + html[end + len(_TOOLBAR[1]) :]


def _hidden(body: LexborNode) -> frozenset[int]:
    """Return the identities of the elements that an attribute hides."""
    return frozenset(
        node.mem_id
        for node in body.css("[hidden],[style]")
        if node.tag_id != _BODY  # scripts of the page show it again
        and ("hidden" in node.attributes or _HIDING_STYLE.search(node.attributes.get("style") or ""))
    )


def _origin(base_url: str | None) -> str:
    scheme, mark, rest = (base_url or "").partition("://")
    return f"{scheme}://{rest.partition('/')[0]}" if mark and "?" not in rest and "#" not in rest else ""


def _join(base_url: str, href: str) -> str:
    try:
        return urljoin(base_url, href)
    except ValueError:
        return href
