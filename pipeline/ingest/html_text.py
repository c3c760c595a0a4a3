"""From a page's HTML: the lines a reader sees, in order, in the shape of source-format.md, and its links beside them.

The one decision made here: where a line ends. It follows the rendered text of the HTML standard (`innerText`) as far
as that can be known without style sheets:
    `<br>` ends a line, two of them leave a blank one; a block element starts and ends a line; paragraphs, headings,
    lists, quotations and rules stand off by one blank line; a table cell is a line of its own, for the site's tables
    are layout; blanks and line breaks of the source collapse to one space, U+00A0 and `<pre>` stay as they are.
Left out is what no reader sees: head, scripts, styles, templates, `noscript`, fallbacks of players, elements with
`hidden` or styled `display: none` or `visibility: hidden`, and the bar that the Wayback Machine puts on top.
`aria-hidden` hides from ears, not from eyes: such text stays.

The whole tree counts: extractors of "main content" drop teasers and counters (design.md). The parser builds the tree
and writes it out again as HTML in which every element has its end and every attribute its quotes; that is cut at its
lines and walked line by line. What a line of that HTML comes to depends on it and on a handful of flags, so it is
known once it has been seen, and of the lines of a crawl nine in ten were: menus, headings, teasers, articles. A walk
from node to node takes twice as long.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from html import escape
from typing import Final, NamedTuple
from urllib.parse import urljoin

from selectolax.lexbor import LexborHTMLParser, LexborNode

from pipeline.parse.known import Known
from pipeline.records import Link, PageText


def _names(names: str) -> frozenset[str]:
    return frozenset(names.split())


_SPACED: Final = _names("p h1 h2 h3 h4 h5 h6 ul ol dl blockquote pre hr figure listing xmp menu dir")
"""Blocks that stand off by a blank line."""
_BLOCKS: Final = _SPACED | _names(
    "address article aside body caption center dd details dialog div dt fieldset figcaption footer form header hgroup "
    "html legend li main nav optgroup option search section summary table tbody td tfoot th thead tr"
)
_RAW: Final = ("iframe", "noembed", "noframes", "script", "style")
"""Unseen elements whose text is written without escapes."""
_UNSEEN: Final = _names("title noscript template video audio canvas").union(_RAW)
_VOID: Final = _names("area base br col embed hr img input link meta param source track wbr")
"""Elements without content and end."""
_PRE: Final = _names("pre listing")

_ATTRIBUTE: Final = re.compile(r' ([^\s=]+)="([^"]*)"')
_HIDING_STYLE: Final = re.compile(r"(?:^|;)\s*(?:display\s*:\s*none|visibility\s*:\s*hidden)\b", re.IGNORECASE)
_VERBATIM: Final = re.compile(r"<!--.*?-->|<(xmp|plaintext)\b([^>]*)>(.*?)</\1>", re.DOTALL)
_AS: Final = {"xmp": "pre", "plaintext": "span"}
"""Elements whose text is seen and written without escapes, and what they are rewritten as."""
_TOOLBAR: Final = ("<!-- BEGIN WAYBACK TOOLBAR INSERT -->", "<!-- END WAYBACK TOOLBAR INSERT -->")

_BLANK, _TAB = "\x01", "\x02"
"""Stand for the blanks of preformatted text while others collapse; no page holds them."""
_CONTROLS: Final = {1: None, 2: None}
_PROTECT: Final = str.maketrans({" ": _BLANK, "\t": _TAB, "\r": None})
_RESTORE: Final = str.maketrans({_BLANK: " ", _TAB: "\t"})
_ASCII_BLANKS: Final = " \t\n\r\f"
_ESCAPES: Final = (("&nbsp;", "\u00a0"), ("&quot;", '"'), ("&lt;", "<"), ("&gt;", ">"), ("&amp;", "&"))
"""All that the parser writes; the last one last."""
_NO_ADDRESS: Final = ("javascript:", "mailto:", "tel:", "data:")
_REMEMBERED: Final = 4_000_000
"""Characters of tags and texts whose meaning is held."""


_NONE, _BLOCK, _SPACED_BLOCK, _BLOCK_END, _BREAK, _LINK, _LINK_END, _SKIP, _PRE_BLOCK, _PRE_END, _BROKEN = range(11)
"""What a tag does to the lines; broken is a piece that is no tag, as raw text or a comment was cut."""


class _Piece(NamedTuple):
    """A tag and the text up to the next one."""

    kind: int
    text: str
    """Blanks collapsed, the outer ones to one space."""
    shows: bool
    """Whether there is more than blanks."""
    detail: str = ""
    """A link's href; an unseen element's name."""


class _State(NamedTuple):
    """What the text so far leaves to the text that follows."""

    ended: int
    """Line ends since the last text, 2 at the most; as many at the top of the page, where none is due."""
    due: int
    """Line ends wanted before the next text: 1, or 2 for a blank line between."""
    spaced: bool
    """Whether the block that started last stands off."""
    left: bool
    """Whether a block ended since the last text, line break or start of a block."""


class _Stretch(NamedTuple):
    """What one or more lines of HTML come to."""

    begin: str
    """What goes on in the line that was open."""
    lines: list[str]
    """Those that follow; the last one stays open."""
    links: tuple[Link, ...]
    """Hrefs as written, lines counted from 0 where the stretch begins."""
    state: _State


_TOP: Final = _State(ended=2, due=0, spaced=False, left=False)


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
    read = _read(body.html or "") or _read(_plain(body)) or ([], [])
    text = "\n".join(read[0]).rstrip("\n")
    if _BLANK in text or _TAB in text:
        text = text.translate(_RESTORE)
    return PageText(text, tuple(_absolute(read[1], base_url)))


def _plain(body: LexborNode) -> str:
    """Write a tree so that every `<` in it begins a tag: without raw text, without comments."""
    for node in reversed(body.css(",".join((*_RAW, "template")))):
        node.decompose()
    return _VERBATIM.sub(_escaped, body.html or "")


def _escaped(match: re.Match[str]) -> str:
    if match[1] is None:
        return ""
    name = _AS[match[1]]
    return f"<{name}{match[2]}>{escape(match[3], quote=False)}</{name}>"


def _read(written: str) -> tuple[list[str], list[Link]] | None:
    """Return lines and links of HTML as the parser writes it; null where raw text or a comment holds the end of it."""
    source = written.split("\n")
    state, at, together = _TOP, 0, 1
    lines: list[str] = []
    links: list[Link] = []
    line = ""  # the open one
    while at < len(source):
        stretch = _STRETCHES[state, source[at] if together == 1 else "\n".join(source[at : at + together])]
        if stretch is None:  # it ends inside a tag, a link, preformatted or unseen text
            if at + together >= len(source):
                return None
            together *= 2
            continue
        begin, following, found, state = stretch
        if found:
            links += [Link(len(lines) + 1 + link.line_no, link.text, link.href) for link in found]
        if begin:
            line = f"{line.rstrip(' ')} {begin.lstrip(' ')}" if line else begin
        if following:
            lines.append(line.strip(" "))
            lines += following[:-1]
            line = following[-1]
        at, together = at + together, 1
    lines.append(line.strip(" "))
    return lines, links


def _line(text: str) -> str:
    return _one_blank(text).strip(" ")


def _one_blank(text: str) -> str:
    while "  " in text:
        text = text.replace("  ", " ")
    return text


def _walk(begin: tuple[_State, str]) -> _Stretch | None:  # noqa: C901, PLR0912, PLR0915 -- one loop over kinds of tag
    """Return what a piece of HTML comes to after a state; null where it ends inside an element that must be whole."""
    (ended, due, spaced, left), written = begin
    out: list[str] = []
    links: list[Link] = []
    n_ends = 0
    in_pre = 0  # preformatted elements around
    around: list[tuple[str, list[str]]] = []  # links around: href, and their texts
    found: list[tuple[int, str, list[str]]] = []
    waiting = False  # whether the innermost of them has shown no text yet
    first, *tags = written.split("<")
    stream = iter([f">{first}", *tags])
    for raw in stream:
        last, (kind, text, shows, detail) = raw, _PIECES[raw]
        if kind:
            if kind == _BLOCK:
                due, spaced, left = (2 if spaced else due or 1), False, False
            elif kind in (_SPACED_BLOCK, _PRE_BLOCK):
                due, spaced, left = 2, True, False
                in_pre += kind == _PRE_BLOCK
            elif kind in (_BLOCK_END, _PRE_END):
                left = True
                in_pre -= kind == _PRE_END
            elif kind == _BREAK:
                if left and not due:
                    due, spaced = (2 if spaced else 1), False
                n_more = max(due - ended, 0) + 1
                out.append("\n" * n_more)
                n_ends += n_more
                ended, due, left = min(ended + n_more, 2), 0, False
            elif kind == _LINK:
                around.append((detail, []))
                waiting = True
            elif kind == _LINK_END:
                del around[-1:]
                waiting = False
            elif kind == _SKIP and (end := _end_of(stream, detail)) is not None:
                last, (_, text, shows, _) = end, _PIECES[end]
            else:
                return None
        if not text:
            continue
        for _, texts in around:
            texts.append(text)
        if not shows and not in_pre:
            out.append(" ")
            continue
        if left and not due:
            due, spaced = (2 if spaced else 1), False
        if due > ended:
            out.append("\n" * (due - ended))
            n_ends += due - ended
        due, ended, left = 0, 0, False
        if waiting:
            found.append((n_ends, *around[-1]))
            waiting = False
        if in_pre:
            text = _printed(last).translate(_PROTECT)
            n_ends += text.count("\n")
            ended = min(len(text) - len(text.rstrip("\n")), 2)
        out.append(text)
    if in_pre or around:
        return None
    for line_no, href, texts in found:
        text = _one_blank("".join(texts)).strip(" ")
        if href and href[0] != "#" and text and not text.isspace():
            links.append(Link(line_no, text, href))
    opened, *following = map(_one_blank, "".join(out).split("\n"))
    following[:-1] = [line.strip(" ") for line in following[:-1]]
    after = _State(ended, due, spaced, left)
    return _Stretch("" if opened == " " else opened, following, tuple(links), after)


def _end_of(stream: Iterator[str], name: str) -> str | None:
    """Pass over an unseen element; return the piece that ends it.

    Null where that cannot be told: a comment in a script may hold another script, any other may hold any tag.
    """
    depth = 1
    in_comment = False
    for raw in stream:
        if raw.startswith(f"/{name}>"):
            depth -= 1
            if not depth:
                return raw
        elif raw.startswith("!--"):
            if name not in _RAW and "-->" not in raw:
                return None
            in_comment = True
        elif name in _RAW:
            if in_comment and raw.startswith("script"):
                return None
        elif raw.startswith((f"{name} ", f"{name}>")):
            depth += 1
        elif raw.startswith(_RAW):
            return None
    return None


def _meaning(raw: str) -> _Piece:  # noqa: PLR0911 -- one return per kind of tag
    """Tell what a piece from one `<` to the next is: the inside of a tag, `>`, and text."""
    if raw.startswith("!--"):
        return _piece(_NONE if "-->" in raw else _BROKEN, raw)
    tag, mark, _ = raw.partition(">")
    if not mark:
        return _piece(_BROKEN, raw)
    name = tag.partition(" ")[0].removeprefix("/")
    is_end = tag.startswith("/")
    if name in _AS:
        return _piece(_BROKEN, raw)
    attributes = {key: _unescaped(value) for key, value in _ATTRIBUTE.findall(tag)}
    if not is_end and (name in _UNSEEN or _is_hidden(name, attributes)):
        return _piece(_NONE if name in _VOID else _SKIP, raw, name)
    if name in _PRE:
        return _piece(_PRE_END if is_end else _PRE_BLOCK, raw)
    if name in _BLOCKS:
        return _piece(_BLOCK_END if is_end else _SPACED_BLOCK if name in _SPACED else _BLOCK, raw)
    if name == "a":
        return _piece(_LINK_END if is_end else _LINK, raw, attributes.get("href", "").strip(_ASCII_BLANKS))
    return _piece(_BREAK if name == "br" else _NONE, raw)


def _piece(kind: int, raw: str, detail: str = "") -> _Piece:
    text = _printed(raw)
    if not text.isprintable():
        for blank in "\n\t\r\f":
            text = text.replace(blank, " ")
    text = _one_blank(text)
    return _Piece(kind, text, text not in ("", " "), detail)


def _printed(raw: str) -> str:
    """Return the text after a piece's tag."""
    return _unescaped(raw.partition("-->" if raw.startswith("!--") else ">")[2])


def _unescaped(text: str) -> str:
    if "&" in text:
        for escaped, sign in _ESCAPES:
            text = text.replace(escaped, sign)
    return text


def _is_hidden(name: str, attributes: Mapping[str, str]) -> bool:
    if name == "body":  # scripts of the page show it again
        return False
    return "hidden" in attributes or _HIDING_STYLE.search(attributes.get("style", "")) is not None


_PIECES: Final = Known(_meaning, len, _REMEMBERED // 4)
_STRETCHES: Final = Known(_walk, lambda begin: 2 * len(begin[1]), _REMEMBERED)


def _absolute(links: Sequence[Link], base_url: str | None) -> Iterator[Link]:
    """Yield the links that lead to a page, absolute where the page's own address is known."""
    origin = _origin(base_url)
    for link in links:
        href = link.href
        if origin and href[0] == "/" and href[1:2] != "/" and "/." not in href:
            yield link._replace(href=origin + href)  # `urljoin` costs more than the rest of a link
        elif href.startswith(("http://", "https://")):
            yield link
        elif not href.lower().startswith(_NO_ADDRESS):
            yield link._replace(href=_join(base_url or "", href))


def _without_controls(html: str) -> str:
    return html.translate(_CONTROLS) if _BLANK in html or _TAB in html else html


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
