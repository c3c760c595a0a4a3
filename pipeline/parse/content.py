"""What stands between the top of a page and its list: label, article date, title, body (source-format.md, Two layouts).

The one decision made here: the first line of the content is its title unless blank lines or its own shape say
that it is body, as some items have no title at all.
"""

from datetime import date
from typing import NamedTuple

from pipeline.parse.dates import looks_like_dotted_date, read_dotted_date
from pipeline.parse.header import CONTACT_LABELS
from pipeline.parse.lists import is_cut_mark, is_pager
from pipeline.parse.statements import starts_with_question_mark
from pipeline.parse.text import PageLines, ends_sentence

_LABELS = frozenset(
    (
        "SPEECHES, INTERVIEWS, ARTICLES",
        "PRESS RELEASES AND NEWS",
        "PRESS RELEASES",
        "AMBASSADOR'S ARTICLES",
        "EMBASSY INFORMS",
    )
)
_FIXED = (*sorted(_LABELS), *CONTACT_LABELS, "info@rusemb.org.uk", "[email protected]")
_LONGEST_LABEL = 60
_LONGEST_TITLE = 400
_LONGEST_SENTENCE_TITLE = 200
_SHORTEST_TEXT = 100


class Opening(NamedTuple):
    """Label and article date of a page, with the index of each line and of the first line after them."""

    section: str | None
    section_at: int | None
    published_on: date | None
    date_at: int | None
    bad_date_at: int | None
    """A line of an article date's shape that is no day of the calendar."""
    stop: int


def _is_label(line: str, next_line: str) -> bool:
    """Tell whether a line is a section's label: one seen before, or capitals right above an article date or a pager."""
    if len(line) > _LONGEST_LABEL:
        return False
    if line.replace("’", "'") in _LABELS:
        return True
    if not line.isupper():
        return False
    return is_pager(next_line) or (len(next_line) == 10 and read_dotted_date(next_line) is not None)


def read_opening(lines: PageLines, first: int) -> Opening:
    """Read label and article date from the content's first lines, from the index `first` on."""
    texts = lines.collapsed
    index = first
    section: str | None = None
    section_at = date_at = bad_date_at = None
    published_on: date | None = None
    if index < len(texts):
        next_line = texts[index + 1] if index + 1 < len(texts) else ""
        if _is_label(texts[index], next_line):
            section, section_at = texts[index], index
            index += 1
    if index < len(texts) and len(texts[index]) == 10 and looks_like_dotted_date(texts[index]):
        published_on = read_dotted_date(texts[index])
        if published_on is None:
            bad_date_at = index
        else:
            date_at = index
        index += 1
    return Opening(section, section_at, published_on, date_at, bad_date_at, index)


def is_cut_opening(line: str) -> bool:
    """Tell whether a page's last line, its only content, is what a cut left of the lines above a title.

    Such a piece of the contact lines, the counters, a label or an article's date is no title.
    """
    number, _, words = line.partition(" ")
    is_counter = number.isdigit() and "days have passed since".startswith(words)
    return is_counter or is_cut_mark(line) or any(fixed.startswith(line) for fixed in _FIXED)


def is_title(line: str, *, blanks_before: int, is_bare: bool, is_alone: bool) -> bool:
    """Tell whether the first line of an article is its title.

    Args:
        line: The line, trimmed.
        blanks_before: Blank lines right above it.
        is_bare: It follows the contact lines of a layout A page without counters, where five blank lines mean that an
            article without title begins (source-format.md).
        is_alone: Nothing follows it in the article.
    """
    if (is_bare and blanks_before >= 5) or len(line) > _LONGEST_TITLE:
        return False
    # A greeting ("Good afternoon,") or a question's mark opens a text.
    if (line.endswith(",") and not is_alone) or starts_with_question_mark(line):
        return False
    # Titles may hold full stops ("Neighbours in Europe. Russia-EU: …") or end with one, but a line that does both, or a
    # long one that ends with one, is the first paragraph of an item without title.
    if len(line) > _SHORTEST_TEXT and line.endswith((".", "!", ".”", '."')) and ends_sentence(line):
        return len(line) <= _LONGEST_SENTENCE_TITLE and ". " not in line
    return True
