"""From pieces of a page's HTML to what the parser makes of each, so that a piece seen before is not parsed again.

The captures of a site are made of the same lines: menus, headings, teasers, articles. The one decision made here: when
a piece may be read by itself. The parser of the HTML standard goes on from a state: which elements are open, which
formatting is to be taken up again, what kind of input it expects. So a piece is parsed behind nothing but the elements
that are open before it, and in front of a mark, a text and an element that no page holds. Where the mark comes out
whole, the piece has left nothing unfinished (a tag, a comment, a script), and the ends behind the mark name all that is
open. Either that is the very element that held the piece from its beginning, or blocks that mean the same to what
follows whatever their attributes (`_PLAIN`), and ending them one by one shows nothing left behind. Then what follows is
read alike in the page and behind those elements alone, and the pieces put together are what the parser makes of it.

`tests/ingest/test_html_seams.py` compares that with the parser's own reading of whole pages.
"""

import re
from collections.abc import Sequence
from typing import Final, NamedTuple, TypeAlias

from selectolax.lexbor import LexborHTMLParser

from pipeline.parse.known import Known

_MARK: Final = "\x01<seam></seam>"
"""Pages hold no U+0001 when they come here."""

Open: TypeAlias = tuple[str, ...]
"""Names of the open elements below the body."""

_PLAIN: Final = frozenset(
    ("article", "aside", "center", "dd", "div", "dl", "dt", "footer", "header", "li", "main")
).union(("nav", "ol", "p", "section", "span", "table", "tbody", "td", "tr", "ul"))
_BODY: Final = re.compile(r"<body\b[^>]*>", re.IGNORECASE)
_DOCTYPE: Final = re.compile(r"\s*(<!doctype\b[^>]*>)?", re.IGNORECASE)
_NAME: Final = re.compile(r"[a-z]+")
_FORM: Final = re.compile(r"<form\b", re.IGNORECASE)
_CELL: Final = re.compile(r"<(?:applet|caption|marquee|object|t[dh]|template)\b", re.IGNORECASE)
_WITHOUT_TEXT: Final = frozenset(("table", "tbody", "tr"))
_SINGLE: Final = re.compile(r"<(?:form|table)\b", re.IGNORECASE)
"""What can be seen of one piece at a time: forms are counted, and a mark right inside a table comes out before it."""
_TEXT: Final = r"(?:[^<&\x00-\x1f]++|&(?:nbsp|amp|lt|gt);)*+"
_PLACE: Final = r'(?: [a-z]++="[^"<>&\x00-\x1f]*+")?>'
_USUAL: Final = re.compile(
    rf"(?:{_TEXT}<(?:br>|(p|div|h[1-6]){_PLACE}{_TEXT}"
    rf"(?:<(?:br>|(a|b|em|i|span|strong){_PLACE}{_TEXT}</\2>){_TEXT})*+</\1>))*+{_TEXT}"
)
"""Text, and blocks of text and of the simplest elements, each with its end: what the parser writes as it was."""
_REMEMBERED: Final = 1_000_000
"""Characters of page heads that are held."""


class Top(NamedTuple):
    """A page up to its body, read by itself."""

    doctype: str
    """What the parser's mode rests on."""
    base_href: str | None
    n_chars: int
    """Where the body's content begins."""


class Written(NamedTuple):
    """A piece of HTML as the parser writes it, and what is open after it."""

    html: str
    after: Open


def read_top(html: str) -> Top | None:
    """Read a page up to the end of its `<body>` tag; null where that is not told, or not where the body begins."""
    at = html.find("<body")  # many times as quick as a search in any case of letters
    tag = _BODY.search(html) if at < 0 else _BODY.match(html, at)
    return None if tag is None else _TOPS[html[: tag.end()]]


def _read_top(head: str) -> Top | None:
    tree = LexborHTMLParser(head + _MARK)
    doctype = _DOCTYPE.match(head)
    begin = _BODY.match(tree.body.html or "") if tree.body is not None else None
    if begin is None or begin.string[begin.end() :] != f"{_MARK}</body>":
        return None
    if doctype is None or "<!doctype" in head[doctype.end() :].lower():
        return None
    base = None if tree.head is None else tree.head.css_first("base[href]")
    return Top(doctype[1] or "", None if base is None else base.attributes.get("href") or "", len(head))


_TOPS: Final = Known(_read_top, len, _REMEMBERED)


def is_usual(before: Open, piece: str) -> bool:
    """Tell whether a piece means what it seems to, so that the parser need not be asked: most lines of a site do."""
    return "p" not in before and _USUAL.fullmatch(piece) is not None


def is_single(piece: str) -> bool:
    """Tell whether a piece must be parsed by itself, not among others."""
    return _SINGLE.search(piece) is not None


def write_within(doctype: str, before: Open, pieces: Sequence[str]) -> list[Written] | None:
    """Parse pieces, each of which begins and ends in the very element that is open; null where one does not.

    Several at once, for a parser costs as much to set up as some hundred words to read.
    """
    html = _parse(doctype, before, _MARK.join(["", *pieces, ""]))
    if html is None or any(map(is_single, pieces)):
        return None
    first, *written, ends = html.source.split(_MARK)
    is_within = len(set(html.parents)) == 1 and len(html.parents) == len(pieces) + 1 == len(written) + 1
    return [Written(one, before) for one in written] if is_within and not first and ends == _ends(before) else None


def write_piece(doctype: str, before: Open, piece: str) -> Written | None:
    """Parse a piece that may end in other elements than it began in; null where it does not stand by itself."""
    html = _parse(doctype, before, piece + _MARK)
    if html is None or html.source.count(_MARK) != 1 or len(html.parents) != 1:
        return None
    written, _, ends = html.source.partition(_MARK)
    after = tuple(reversed(_NAME.findall(ends)))
    if ends != _ends(after) or not _PLAIN.issuperset(after):
        return None
    if _CELL.search(piece) and not all(
        _ends_well(doctype, before, piece, Written(written, after), depth) for depth in range(len(after))
    ):
        return None
    if _FORM.search(piece):  # the parser counts forms where nobody sees it
        form = _parse(doctype, before, f"{piece}<form>{_MARK}")
        if form is None or not form.source.partition(_MARK)[2].startswith("</form>"):
            return None
    return Written(written, after)


def _ends_well(doctype: str, before: Open, piece: str, found: Written, depth: int) -> bool:
    """Tell whether no formatting waits for the end of the elements that are open below a depth.

    A cell hides what was begun outside of it and not ended.
    """
    if found.after[depth - 1 : depth] and found.after[depth - 1] in _WITHOUT_TEXT:
        return True
    ends = _ends(found.after[depth:])
    parsed = _parse(doctype, before, f"{piece}{ends}{_MARK}")
    return parsed is not None and parsed.source == f"{found.html}{ends}{_MARK}{_ends(found.after[:depth])}"


class _Parsed(NamedTuple):
    source: str
    """As the parser writes it, without the elements that were open before."""
    parents: list[int]
    """What holds each mark."""


def _parse(doctype: str, before: Open, piece: str) -> _Parsed | None:
    """Parse a piece behind open elements; null where these do not stay as they were."""
    begin = f"<body>{''.join([f'<{name}>' for name in before])}"
    body = LexborHTMLParser(f"{doctype}{begin}{piece}").body
    html = "" if body is None else body.html or ""
    if body is None or not html.startswith(begin) or not html.endswith("</body>"):
        return None
    parents = [mark.parent.mem_id for mark in body.css("seam") if mark.parent is not None]
    return _Parsed(html[len(begin) : -len("</body>")], parents)


def _ends(names: Open) -> str:
    return "".join([f"</{name}>" for name in reversed(names)])
