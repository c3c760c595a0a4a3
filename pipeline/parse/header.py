"""The top of a page: its day, both clocks and the consular contact lines (source-format.md, Header).

The one decision made here: a header is a day, Moscow's clock and London's clock on three neighbouring lines, and all
three are sound, or the page has no header. Pieces of a broken one are neither header nor article.
"""

from typing import NamedTuple

from pipeline.parse.dates import read_long_date
from pipeline.parse.page import Header
from pipeline.parse.text import PageLines

_MOSCOW = ("Moscow:", "Москва:")
_LONDON = ("London:", "Лондон:")
CONTACT_LABELS = ("Consular queries:", "Consular Section:", "Консульские вопросы:")
_PHONE = frozenset("+0123456789() -")
_HIDDEN_EMAIL = "[email protected]"
"""What a mail-hiding proxy prints in place of an address; both layouts carry it (2022)."""


class Top(NamedTuple):
    """Where the header and the contact lines stand among the non-blank lines, and what they say."""

    header: Header | None
    header_at: range
    """Indexes of the header's three lines; empty without a header."""
    broken_at: range
    """Indexes of the pieces of a broken header."""
    contact_at: range
    has_email: bool
    """True where an address stands in the contact lines in clear: layout B's mark."""


def _clock(line: str, labels: tuple[str, ...]) -> str | None:
    """`HH:MM` after one of the labels; None where the line is no clock of 24 hours."""
    for label in labels:
        if line.startswith(label):
            clock = line[len(label) :].strip()
            hours, minutes = clock[:2], clock[3:]
            if len(clock) != 5 or clock[2] != ":" or not (hours + minutes).isdigit() or not clock.isascii():
                return None
            return clock if int(hours) < 24 and int(minutes) < 60 else None
    return None


def _read_header(day_line: str, moscow_line: str, london_line: str) -> Header | None:
    day = read_long_date(day_line)
    moscow = _clock(moscow_line, _MOSCOW)
    london = _clock(london_line, _LONDON)
    if day is None or moscow is None or london is None:
        return None
    return Header(page_date=day[0], moscow_clock=moscow, london_clock=london, language=day[1])


def _is_piece(line: str) -> bool:
    return len(line) <= 20 and line.startswith(_MOSCOW + _LONDON) and any(map(str.isdigit, line))


def _broken_pieces(texts: list[str]) -> range:
    """Indexes of a header's pieces at the very top of a page that holds no whole header."""
    count = 0
    if texts and len(texts[0]) <= 20 and read_long_date(texts[0]) and (len(texts) == 1 or _is_piece(texts[1])):
        count = 1
    elif len(texts) > 1 and len(texts[0]) <= 20 and texts[0][:1].isdigit() and _is_piece(texts[1]):
        count = 1  # a day that is none, such as 31 February
    while count < min(3, len(texts)) and _is_piece(texts[count]):
        count += 1
    return range(count)


def _is_email(line: str) -> bool:
    return line == _HIDDEN_EMAIL or ("@" in line and " " not in line)


def _is_phone(line: str) -> bool:
    return line.startswith("+") and _PHONE.issuperset(line)


def _is_contact_label(texts: list[str], index: int) -> bool:
    line = texts[index]
    if line.startswith(CONTACT_LABELS):
        return line in CONTACT_LABELS
    # A wording not seen before counts by what it introduces.
    return line.endswith(":") and len(line) <= 40 and index + 1 < len(texts) and _is_phone(texts[index + 1])


def read_top(lines: PageLines) -> Top:
    """Find header and contact lines.

    The header is looked for on the whole page, as some forms print menus above it. Contact lines count right below
    the header only, or at the very top of a page without one.
    """
    texts = lines.collapsed
    header: Header | None = None
    header_at = broken_at = range(0)
    for index in range(1, len(texts) - 1):
        if texts[index].startswith(_MOSCOW) and texts[index + 1].startswith(_LONDON):
            header = _read_header(texts[index - 1], texts[index], texts[index + 1])
            if header is not None:
                header_at = range(index - 1, index + 2)
                break
    if header is None:
        broken_at = _broken_pieces(texts)
    start = stop = max(header_at.stop, broken_at.stop)
    has_email = False
    while stop < len(texts):
        line = texts[stop]
        if _is_email(line):
            has_email = has_email or line != _HIDDEN_EMAIL
        elif not (_is_phone(line) or _is_contact_label(texts, stop)):
            break
        stop += 1
    return Top(header, header_at, broken_at, range(start, stop), has_email)
