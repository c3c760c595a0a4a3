"""From HTML as the parser writes it to the lines that it shows.

The one decision made here: where a line ends (`pipeline.ingest.html_text` has the rules). What the parser writes has
an end for every element and quotes around every attribute, so that every `<` begins a tag; it is cut there and walked
from tag to tag. A piece of a page may be walked by itself: what goes over its borders is a handful of flags (`State`).
A walk from node to node takes twice as long.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Final, NamedTuple

from pipeline.parse.known import Known
from pipeline.records import Link


def _names(names: str) -> frozenset[str]:
    return frozenset(names.split())


_SPACED: Final = _names("p h1 h2 h3 h4 h5 h6 ul ol dl blockquote pre hr figure listing xmp menu dir")
"""Blocks that stand off by a blank line."""
_BLOCKS: Final = _SPACED | _names(
    "address article aside body caption center dd details dialog div dt fieldset figcaption footer form header hgroup "
    "html legend li main nav optgroup option search section summary table tbody td tfoot th thead tr"
)
RAW: Final = ("iframe", "noembed", "noframes", "script", "style")
"""Unseen elements whose text is written without escapes."""
_UNSEEN: Final = _names("title noscript template video audio canvas").union(RAW)
_VOID: Final = _names("area base br col embed hr img input link meta param source track wbr")
"""Elements without content and end."""
_PRE: Final = _names("pre listing")

_ATTRIBUTE: Final = re.compile(r' ([^\s=]+)="([^"]*)"')
_HIDING_STYLE: Final = re.compile(r"(?:^|;)\s*(?:display\s*:\s*none|visibility\s*:\s*hidden)\b", re.IGNORECASE)
AS: Final = {"xmp": "pre", "plaintext": "span"}
"""Elements whose text is seen and written without escapes, and what they are rewritten as."""

BLANK, TAB = "\x01", "\x02"
"""Stand for the blanks of preformatted text while others collapse; no page holds them."""
_PROTECT: Final = str.maketrans({" ": BLANK, "\t": TAB, "\r": None})
_ASCII_BLANKS: Final = " \t\n\r\f"
_ESCAPES: Final = (("&nbsp;", "\u00a0"), ("&quot;", '"'), ("&lt;", "<"), ("&gt;", ">"), ("&amp;", "&"))
"""All that the parser writes; the last one last."""
_REMEMBERED: Final = 500_000
"""Characters of tags whose meaning is held."""

_NONE, _BLOCK, _SPACED_BLOCK, _BLOCK_END, _BREAK, _LINK, _LINK_END, _SKIP, _PRE_BLOCK, _PRE_END, _BROKEN = range(11)
"""What a tag does to the lines; broken is a piece that is no tag, as raw text or a comment was cut."""


class _Tag(NamedTuple):
    """What stands between `<` and `>`."""

    kind: int
    detail: str = ""
    """A link's href; an unseen element's name."""


class State(NamedTuple):
    """What the text so far leaves to the text that follows."""

    ended: int
    """Line ends since the last text, 2 at the most; as many at the top of the page, where none is due."""
    due: int
    """Line ends wanted before the next text: 1, or 2 for a blank line between."""
    spaced: bool
    """Whether the block that started last stands off."""
    left: bool
    """Whether a block ended since the last text, line break or start of a block."""


class Stretch(NamedTuple):
    """What a piece of HTML comes to; its lines have no blanks at their ends."""

    begin: str
    """What goes on in the line that was open."""
    lines: tuple[str, ...]
    """Those that follow; the last one stays open."""
    links: tuple[Link, ...]
    """Hrefs as written, lines counted from 0 where the stretch begins."""
    state: State


TOP: Final = State(ended=2, due=0, spaced=False, left=False)


def _one_blank(text: str) -> str:
    while "  " in text:
        text = text.replace("  ", " ")
    return text


def walk(state: State, written: str) -> Stretch | None:  # noqa: C901, PLR0912, PLR0915 -- one loop over kinds of tag
    """Return what a piece of HTML comes to after a state.

    Null where it ends inside a tag, a link, preformatted or unseen text, or where raw text or a comment holds a tag;
    whether it does depends on the piece alone.
    """
    ended, due, spaced, left = state
    out: list[str] = []
    n_ends = 0
    in_pre = 0  # preformatted elements around
    around: list[tuple[str, list[str]]] = []  # links around: href, and their texts
    found: list[tuple[int, str, list[str]]] = []
    waiting = False  # whether the innermost of them has shown no text yet
    stream = iter(f">{written}".split("<"))
    for raw in stream:
        tag, closed, printed = raw.partition("-->" if raw.startswith("!--") else ">")
        kind, detail = _TAGS[tag] if closed else _UNCLOSED
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
                printed = end.partition(">")[2]
            else:
                return None
        if not printed:
            continue
        text = _blanks_collapsed(printed)
        for _, texts in around:
            texts.append(text)
        if text == " " and not in_pre:
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
            text = _unescaped(printed).translate(_PROTECT)
            n_ends += text.count("\n")
            ended = min(len(text) - len(text.rstrip("\n")), 2)
        out.append(text)
    if in_pre or around:
        return None
    begin, *lines = "".join(out).split("\n")
    return Stretch(
        _one_blank(begin).strip(" "),
        tuple([_one_blank(line).strip(" ") for line in lines]),
        tuple([link for place in found if (link := _link(*place)) is not None]),
        State(ended, due, spaced, left),
    )


def _link(line_no: int, href: str, texts: list[str]) -> Link | None:
    text = _one_blank("".join(texts)).strip(" ")
    return Link(line_no, text, href) if href and href[0] != "#" and text and not text.isspace() else None


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
            if name not in RAW and "-->" not in raw:
                return None
            in_comment = True
        elif name in RAW:
            if in_comment and raw.startswith("script"):
                return None
        elif raw.startswith((f"{name} ", f"{name}>")):
            depth += 1
        elif raw.startswith(RAW):
            return None
    return None


def _meaning(tag: str) -> _Tag:  # noqa: PLR0911 -- one return per kind of tag
    """Tell what the inside of a tag, or of a comment, means to the lines."""
    if tag.startswith("!--"):
        return _Tag(_NONE)
    name = tag.partition(" ")[0].removeprefix("/")
    is_end = tag.startswith("/")
    if name in AS:
        return _Tag(_BROKEN)
    attributes = {key: _unescaped(value) for key, value in _ATTRIBUTE.findall(tag)}
    if not is_end and (name in _UNSEEN or _is_hidden(name, attributes)):
        return _Tag(_NONE) if name in _VOID else _Tag(_SKIP, name)
    if name in _PRE:
        return _Tag(_PRE_END if is_end else _PRE_BLOCK)
    if name in _BLOCKS:
        return _Tag(_BLOCK_END if is_end else _SPACED_BLOCK if name in _SPACED else _BLOCK)
    if name == "a":
        return _Tag(_LINK_END) if is_end else _Tag(_LINK, attributes.get("href", "").strip(_ASCII_BLANKS))
    return _Tag(_BREAK if name == "br" else _NONE)


def _blanks_collapsed(printed: str) -> str:
    """Return a text as written with every run of blanks one space, those at its ends as well."""
    text = _unescaped(printed)
    if not text.isprintable():
        for blank in "\n\t\r\f":
            text = text.replace(blank, " ")
    return _one_blank(text)


def _unescaped(text: str) -> str:
    if "&" in text:
        for escaped, sign in _ESCAPES:
            text = text.replace(escaped, sign)
    return text


def _is_hidden(name: str, attributes: Mapping[str, str]) -> bool:
    if name == "body":  # scripts of the page show it again
        return False
    return "hidden" in attributes or _HIDING_STYLE.search(attributes.get("style", "")) is not None


_TAGS: Final = Known(_meaning, len, _REMEMBERED)
_UNCLOSED: Final = _Tag(_BROKEN)
