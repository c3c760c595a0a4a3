"""Columns that stand in several tables, stated once: ids, dates, wordings, spans of captures.

Each function makes a new field, for pandera binds a field to the one model that holds it. A table says more about a
column through `meaning`; what the column is stays here.
"""

from datetime import date
from typing import Any

from schemas.model import field

EARLIEST_PUBLICATION = date(1990, 1, 1)
"""No item of the site can be older (data-model.md, rules a reader may rely on)."""

ID_DIGITS = "[0-9a-f]{16}"
SHA256 = "^[0-9a-f]{64}$"
CLOCK = "^([01][0-9]|2[0-3]):[0-5][0-9]$"
SNAKE_CASE = "^[a-z][a-z0-9]*(_[a-z0-9]+)*$"
SLUG = "^[a-z0-9]+(-[a-z0-9]+)*$"
LANGUAGE = "^[a-z]{2}$"
ONE_LINE = "^[^ \\t\\n\\r\\xA0]+( [^ \\t\\n\\r\\xA0]+)*$"
"""Not empty, trimmed, runs of blanks and U+00A0 collapsed to one space."""
_PARAGRAPH = "[^ \\t\\n\\r\\xA0]([^\\n\\r]*[^ \\t\\n\\r\\xA0])?"
PARAGRAPHS = f"^{_PARAGRAPH}(\\n\\n{_PARAGRAPH})*$"
"""Paragraphs without blanks or U+00A0 at either end, parted by one empty line."""


def _id(letter: str, title: str, meaning: str, *, table: str | None, nullable: bool) -> Any:
    return field(
        title,
        meaning,
        term="dcterms:identifier" if table is None else "dcterms:relation",
        nullable=nullable,
        pattern=f"^{letter}{ID_DIGITS}$",
        references=table,
    )


def capture_id(meaning: str = "The capture this row was read from.", *, nullable: bool = False) -> Any:
    """A reference to `captures`."""
    return _id("c", "Capture", meaning, table="captures.capture_id", nullable=nullable)


def own_id(letter: str, title: str, meaning: str) -> Any:
    """The id of a table's own rows: one letter and 16 hexadecimal digits."""
    return _id(letter, title, meaning, table=None, nullable=False)


def event_id(meaning: str = "The event (published item) this row belongs to.", *, nullable: bool = False) -> Any:
    """A reference to `events`."""
    return _id("e", "Event", meaning, table="events.event_id", nullable=nullable)


def article_id(meaning: str = "The article this row belongs to.", *, nullable: bool = False) -> Any:
    """A reference to `articles`."""
    return _id("a", "Article", meaning, table="articles.article_id", nullable=nullable)


def version_id(meaning: str, *, nullable: bool = False) -> Any:
    """A reference to `article_versions`."""
    return _id("v", "Version", meaning, table="article_versions.version_id", nullable=nullable)


def form_id(meaning: str) -> Any:
    """A reference to `event_forms`."""
    return _id("f", "Form", meaning, table="event_forms.form_id", nullable=False)


def source_capture_id() -> Any:
    """The capture that vouches for a merged row."""
    return _id(
        "c",
        "Source capture",
        "The capture the row's wording was taken from; the way back to the raw file of a row merged over captures.",
        table="captures.capture_id",
        nullable=False,
    )


def position(meaning: str) -> Any:
    """A 0-based place in an order."""
    return field("Position", meaning, term="schema:position", minimum=0)


def line_no(meaning: str) -> Any:
    """A 1-based line of the page's text."""
    return field("Line number", meaning, term="schema:position", unit="line", minimum=1)


def title(meaning: str, *, name: str = "Title", nullable: bool = True) -> Any:
    """A title as printed, blanks collapsed."""
    return field(name, meaning, term="schema:headline", nullable=nullable, pattern=ONE_LINE)


def teaser(meaning: str) -> Any:
    """A teaser's text, blanks collapsed."""
    return field("Teaser", meaning, term="schema:abstract", nullable=True, pattern=ONE_LINE)


def section(meaning: str, *, nullable: bool = True) -> Any:
    """The label over a page's article or list."""
    return field("Section", meaning, term="schema:articleSection", nullable=nullable, pattern=ONE_LINE)


def body(meaning: str) -> Any:
    """An article's text."""
    return field("Body", meaning, term="schema:articleBody", nullable=True, pattern=PARAGRAPHS)


def sha256(title: str, meaning: str, *, nullable: bool = True) -> Any:
    """A SHA-256 as 64 lower-case hexadecimal digits."""
    return field(title, meaning, term="schema:sha256", nullable=nullable, pattern=SHA256)


def url(meaning: str) -> Any:
    """A URL, verbatim."""
    return field("URL", meaning, term="schema:url", nullable=True, pattern="^\\S.*$")


def urlkey(meaning: str) -> Any:
    """A URL as a sort-friendly key (SURT)."""
    return field("URL key (SURT)", meaning, term="dcterms:identifier", nullable=True, pattern="^\\S+$")


def published_on(meaning: str, *, nullable: bool = True) -> Any:
    """The day an item was published."""
    return field(
        "Published on",
        meaning,
        term="schema:datePublished",
        unit="day",
        nullable=nullable,
        minimum=EARLIEST_PUBLICATION,
    )


def published_on_source() -> Any:
    """Where a merged row's date was read."""
    return field(
        "Source of the date",
        "Where published_on was read; null where no date is known.",
        term="dcterms:provenance",
        nullable=True,
        values={"page": "the article's own page prints it", "teaser": "a teaser of the item prints it"},
    )


def first_captured_at(what: str) -> Any:
    """The oldest capture."""
    return field(
        "First captured at",
        f"Instant of the oldest capture that shows {what}; an upper bound of when it appeared. "
        "Null where no such capture's time is known.",
        term="dcterms:created",
        unit="instant (UTC)",
        nullable=True,
    )


def last_captured_at(what: str) -> Any:
    """The newest capture."""
    return field(
        "Last captured at",
        f"Instant of the newest capture that shows {what}; says nothing about removal. "
        "Null where no such capture's time is known.",
        term="dcterms:date",
        unit="instant (UTC)",
        nullable=True,
    )


def count(title: str, meaning: str, *, unit: str, minimum: int = 0, nullable: bool = False) -> Any:
    """How many of something."""
    return field(title, meaning, term="dcterms:extent", unit=unit, minimum=minimum, nullable=nullable)


def similarity(title: str, meaning: str) -> Any:
    """A similarity between 0 (nothing in common) and 1 (equal)."""
    return field(title, meaning, term="schema:value", unit="ratio", nullable=True, minimum=0.0, maximum=1.0)


def is_seed(what: str) -> Any:
    """Whether a form gave an id."""
    return field(
        "Seed form",
        f"True for the form from which the {what}'s id was first made; if the {what} splits, that part keeps the id.",
        term="schema:additionalProperty",
    )


def since_release(meaning: str) -> Any:
    """The release that first published a row of the register."""
    return field("Since release", meaning, term="schema:version", nullable=True, pattern="^\\S+$")
