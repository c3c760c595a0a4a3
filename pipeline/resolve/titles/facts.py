"""What reading a title yields: the columns of `events` that rest on the title's words alone.

The one decision made here: "not on the page" and "cannot be trusted" are both null, and only the second is a problem.
"""

from dataclasses import dataclass
from datetime import date
from typing import NamedTuple


class Speaker(NamedTuple):
    """Someone who speaks in the item; at least one of the two is set."""

    name: str | None
    """As printed, without Mr, Dr, H.E.; null where the title gives only the office ("Embassy Press Officer’s …")."""
    role: str | None
    """The office as printed; null where the title gives the name only ("Sergey Lavrov’s article")."""


class Problem(NamedTuple):
    """A value the title seems to hold but that cannot be trusted: it is null, and goes to the quarantine's log."""

    column: str
    """The column of `events` that stays null."""
    rule: str
    """The rule that refused the value, snake_case."""


@dataclass(frozen=True, slots=True)
class TitleFacts:
    """The facts of one title."""

    category: str | None = None
    """One of `category.CATEGORIES`; null without a title."""
    speakers: tuple[Speaker, ...] = ()
    """In the order of the title."""
    place: str | None = None
    """The city before the date, as printed."""
    title_date: date | None = None
    title_date_kind: str | None = None
    """`held`, `published_elsewhere` or `announced`; null exactly when `title_date` is."""
    countries: tuple[str, ...] | None = None
    """ISO 3166-1 alpha-3 codes, sorted, distinct; null without a title, empty when none is named."""
    problems: tuple[Problem, ...] = ()

    @property
    def speaker(self) -> str | None:
        """The name of the first speaker."""
        return self.speakers[0].name if self.speakers else None

    @property
    def speaker_role(self) -> str | None:
        """The role of the first speaker."""
        return self.speakers[0].role if self.speakers else None
