"""Text normalised the same way for everyone: lines, blanks, the digest a capture's id rests on.

The one decision made here: U+00A0 and every other character that `str.isspace` knows is a blank, as the
site prints U+00A0 where other tools print spaces (source-format.md, Counters). A line is normalised once per process,
not once per page: of the lines of a crawl nine in ten were seen before, and this is half the cost of parsing a page.
"""

import hashlib
import re
import unicodedata
from collections.abc import Sequence
from typing import Final, NamedTuple

from pipeline.parse.known import Known

_REMEMBERED: Final = 4_000_000
"""Characters of lines that are held; some thousands of pages have so many that differ."""
_SURROGATES = re.compile("[\ud800-\udfff]")

_CLOSERS = "\"'”’»›)]"
"""May follow the mark that closes a sentence."""


class PageLines(NamedTuple):
    """The non-blank lines of a page, as lists of one length."""

    numbers: list[int]
    """1-based line numbers, ascending; a jump of more than one is blank lines."""
    texts: list[str]
    """The lines, trimmed of blanks at both ends: what bodies are made of."""
    collapsed: list[str]
    """The lines, every run of blanks one space: what everything else is read from."""
    encoded: list[bytes]
    """The collapsed lines in UTF-8: what the digest is made of."""

    def blanks_before(self, index: int) -> int:
        """Number of blank lines right above the line at `index`."""
        above = self.numbers[index - 1] if index else 0
        return self.numbers[index] - above - 1


def collapse(text: str) -> str:
    """Make every run of blanks and U+00A0 one space and trim both ends."""
    text = text.strip()
    # U+0020 is the only blank that is printable, so that most lines need not be taken apart (10 times faster).
    return text if "  " not in text and text.isprintable() else " ".join(text.split())


def _line(raw: str) -> tuple[str, str, bytes] | None:
    """Return a line trimmed, collapsed, and collapsed in UTF-8, all in NFC; null for a blank one.

    Lone surrogates, which no UTF-8 file can hold, become U+FFFD.
    """
    if not raw.isascii():
        raw = unicodedata.normalize("NFC", raw)
        try:
            raw.encode()
        except UnicodeEncodeError:
            raw = _SURROGATES.sub("\ufffd", raw)
    text = raw.strip()
    if not text:
        return None
    collapsed = collapse(text)
    return text, collapsed, collapsed.encode()


_LINES: Final = Known(_line, len, _REMEMBERED)


def page_lines(text: str, cut: Sequence[str] | None = None) -> PageLines:
    """Cut a page's text into its non-blank lines; a byte order mark at the start is dropped.

    Args:
        text: any Unicode.
        cut: the text cut at its line feeds, blank lines at its end or not, where that is at hand.
    """
    if "\r" in text:
        text, cut = text.replace("\r\n", "\n").replace("\r", "\n"), None
    if cut is None or text.startswith("\ufeff"):
        cut = text.removeprefix("\ufeff").split("\n")
    found = list(map(_LINES.__getitem__, cut))
    texts, collapsed, encoded = map(list, zip(*filter(None, found), strict=True)) if any(found) else ([], [], [])
    return PageLines([number for number, line in enumerate(found, 1) if line], texts, collapsed, encoded)


def text_sha256(text: str) -> str:
    """Digest the non-blank lines of a page: 64 hex digits (data-model.md, captures.text_sha256)."""
    return lines_sha256(page_lines(text))


def lines_sha256(lines: PageLines) -> str:
    """Digest a page's lines as `text_sha256` does, without cutting its text again."""
    return hashlib.sha256(b"\n".join(lines.encoded)).hexdigest()


def ends_sentence(text: str) -> bool:
    """Tell whether a text ends as a sentence does: full stop, `!` or `?`, quotes and brackets after it allowed.

    A closing quote or bracket alone is enough (a citation, a source in brackets). An ellipsis is not: it is
    as likely the mark of a cut.
    """
    bare = text.rstrip(_CLOSERS + " \u00a0")
    if bare.endswith(("…", "..")):
        return False
    return bare.endswith((".", "!", "?")) or (bool(bare) and len(bare) < len(text.rstrip()))
