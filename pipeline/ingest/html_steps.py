"""From lines of HTML to the lines and links they show, each line of HTML worked out once per process.

What a piece of HTML comes to depends on it, on the elements open before it and on the state of the line that is being
written; so there is a table of known pieces for each of these, and reading a page is a walk from table to table. The
one decision made here: how much is spent on a page of which much is new. Its new lines are tried together, and if that
fails a few of them one by one; then the page is given up and parsed as a whole, but what was learnt stays, so that
the pages of a site are soon read by their lines.
"""

from collections.abc import Sequence
from typing import Final, NamedTuple

from pipeline.ingest.html_seams import Open, Written, is_single, is_usual, write_piece, write_within
from pipeline.ingest.html_walk import TOP, State, walk
from pipeline.parse.known import forget_older_half
from pipeline.records import Link

_TRIES: Final = 8
"""Pieces of a page that are parsed one by one before it is given up."""
_MOST_LINES: Final = 64
"""Lines of HTML that are tried as one piece."""
_MOST_TABLES: Final = 1_000


class _Step(NamedTuple):
    """What a piece comes to, as `html_walk.Stretch` has it, and the table for what follows."""

    begin: str
    lines: tuple[str, ...]
    links: tuple[Link, ...]
    following: "_Table"


class _Table(dict[str, _Step]):
    """What is known of pieces that stand behind the same open elements and the same state of the line."""

    __slots__ = ("before", "doctype", "state")

    def __init__(self, doctype: str, before: Open, state: State) -> None:
        super().__init__()
        self.doctype = doctype
        self.before = before
        self.state = state


class Steps:
    """Reads pages, and remembers their lines within a bound."""

    def __init__(self, most: int) -> None:
        """Prepare to read; where more than `most` characters of HTML would be held, the older half is forgotten."""
        self._most = most
        self.clear()

    def clear(self) -> None:
        """Forget everything."""
        self._held = 0
        self._tables: dict[tuple[str, Open, State], _Table] = {}
        self._written: dict[tuple[str, Open], dict[str, Written | None]] = {}
        self._spans: dict[tuple[Open, str], int] = {}

    def read(self, doctype: str, html: str) -> tuple[list[str], list[tuple[int, str, str]]] | None:
        """Return lines and links of what stands in a body; null where its lines cannot be told apart.

        A page larger than what may be held is not read.

        Args:
            doctype: as written, empty where there is none.
            html: from behind the `<body>` tag to the end of the page.
        """
        if len(html) > self._most:
            return None
        source = html.split("\n")
        table = self._table(doctype, (), TOP)
        tries: int | None = None
        lines, links = [""], list[tuple[int, str, str]]()
        read = 0
        for at, piece in enumerate(source):
            if at < read:
                continue
            step = table.get(piece)
            if step is None:
                if tries is None:
                    self._learn_together(table, source[at:])
                    tries = _TRIES
                step, read, tries = self._find(table, source, at, tries)
                if step is None:
                    return None
            begin, following, found, table = step
            for line_no, text, href in found:
                links.append((len(lines) + line_no, text, href))
            if begin:
                lines[-1] = f"{lines[-1]} {begin}" if lines[-1] else begin
            lines += following
        return lines, links

    def _table(self, doctype: str, before: Open, state: State) -> _Table:
        key = (doctype, before, state)
        table = self._tables.get(key)
        if table is None:
            table = self._tables[key] = _Table(*key)
        return table

    def _learn_together(self, table: _Table, lines: Sequence[str]) -> None:
        written = self._written.setdefault((table.doctype, table.before), {})
        unknown = []
        for line in dict.fromkeys(lines):
            if line not in written:
                self._hold(line)
                if is_usual(table.before, line):
                    written[line] = Written(line, table.before)
                elif not is_single(line):
                    unknown.append(line)
        if len(unknown) > 1:
            found = write_within(table.doctype, table.before, unknown)
            written.update(zip(unknown, found or (), strict=False))

    def _find(self, table: _Table, source: Sequence[str], at: int, tries: int) -> tuple[_Step | None, int, int]:
        """Return the step of the piece that begins at a line, the line behind it, and how many tries are left."""
        written = self._written.setdefault((table.doctype, table.before), {})
        shortest = self._spans.get((table.before, source[at]), 1)
        for stop in range(at + shortest, min(at + _MOST_LINES, len(source)) + 1):
            piece = "\n".join(source[at:stop])
            step = table.get(piece)
            if step is not None:
                return step, stop, tries
            if piece not in written:
                if not tries:
                    break
                tries -= 1
                self._hold(piece)
                written[piece] = write_piece(table.doctype, table.before, piece)
            one = written[piece]
            stretch = None if one is None else walk(table.state, one.html)
            if stretch is None:
                written[piece] = None
            elif one is not None:
                following = self._table(table.doctype, one.after, stretch.state)
                step = table[piece] = _Step(stretch.begin, stretch.lines, stretch.links, following)
                self._spans[table.before, source[at]] = stop - at
                return step, stop, tries
        return None, at, tries

    def _hold(self, piece: str) -> None:
        self._held += len(piece) + 64
        if self._held > self._most:
            self._forget()

    def _forget(self) -> None:
        """Forget the pieces that were learnt first, or everything where there are too many tables."""
        if len(self._tables) > _MOST_TABLES:
            self.clear()
        self._spans.clear()
        for steps in self._tables.values():
            forget_older_half(steps)
        for written in self._written.values():
            forget_older_half(written)
        self._held = sum(len(piece) + 64 for written in self._written.values() for piece in written)
