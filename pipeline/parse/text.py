"""Text normalised the same way for everyone: lines, blanks, the digest a capture's id rests on.

The one decision made here: U+00A0 and every other character that `str.isspace` knows is a blank, as the
site prints U+00A0 where other tools print spaces (source-format.md, Counters).
"""

import hashlib
import re
import unicodedata
from dataclasses import dataclass

_SURROGATES = re.compile("[\ud800-\udfff]")

_CLOSERS = "\"'”’»›)]"
"""May follow the mark that closes a sentence."""


@dataclass(frozen=True, slots=True)
class PageLines:
    """The non-blank lines of a page, as three lists of one length."""

    numbers: list[int]
    """1-based line numbers, ascending; a jump of more than one is blank lines."""
    texts: list[str]
    """The lines, trimmed of blanks at both ends: what bodies are made of."""
    collapsed: list[str]
    """The lines, every run of blanks one space: what everything else is read from."""

    def blanks_before(self, index: int) -> int:
        """Number of blank lines right above the line at `index`."""
        above = self.numbers[index - 1] if index else 0
        return self.numbers[index] - above - 1


def collapse(text: str) -> str:
    """Make every run of blanks and U+00A0 one space and trim both ends."""
    text = text.strip()
    # U+0020 is the only blank that is printable, so that most lines need not be taken apart (10 times faster).
    return text if "  " not in text and text.isprintable() else " ".join(text.split())


def clean(text: str) -> str:
    """Give the NFC form with line feeds only.

    Lone surrogates, which no UTF-8 file can hold, become U+FFFD; a byte order mark at the start is dropped.
    """
    if not text.isascii():
        text = unicodedata.normalize("NFC", text.removeprefix("\ufeff"))
        try:
            text.encode()
        except UnicodeEncodeError:
            text = _SURROGATES.sub("\ufffd", text)
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    return text


def page_lines(text: str) -> PageLines:
    """Cut a page's text into its non-blank lines."""
    stripped = list(map(str.strip, clean(text).split("\n")))
    texts = list(filter(None, stripped))
    return PageLines([number for number, line in enumerate(stripped, 1) if line], texts, list(map(collapse, texts)))


def non_blank_lines(text: str) -> list[str]:
    """List the non-blank lines of a page, blanks collapsed: what makes two dumps the same page."""
    return page_lines(text).collapsed


def text_sha256(text: str) -> str:
    """Digest the non-blank lines of a page: 64 hex digits (data-model.md, captures.text_sha256)."""
    return lines_sha256(page_lines(text))


def lines_sha256(lines: PageLines) -> str:
    """Digest a page's lines as `text_sha256` does, without cutting its text again."""
    return hashlib.sha256("\n".join(lines.collapsed).encode()).hexdigest()


def ends_sentence(text: str) -> bool:
    """Tell whether a text ends as a sentence does: full stop, `!` or `?`, quotes and brackets after it allowed.

    A closing quote or bracket alone is enough (a citation, a source in brackets). An ellipsis is not: it is
    as likely the mark of a cut.
    """
    bare = text.rstrip(_CLOSERS + " \u00a0")
    if bare.endswith(("…", "..")):
        return False
    return bare.endswith((".", "!", "?")) or (bool(bare) and len(bare) < len(text.rstrip()))
