"""Version numbers of the dataset: X.Y.Z, where each place says what a reader must expect.

major: a query written for the release before may fail (a table, a column, a key, a type is not what it was).
minor: rows or columns came or went; what worked works on.
patch: values of rows that were there, or words about them, changed.
"""

import re
from dataclasses import dataclass
from enum import IntEnum

from pipeline.errors import ChanceryError

_FORM = re.compile(r"(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)")


class Level(IntEnum):
    """How far a release is from the one before; a higher one includes the lower."""

    NONE = 0
    PATCH = 1
    MINOR = 2
    MAJOR = 3

    @property
    def word(self) -> str:
        """In lower case, as it is printed."""
        return self.name.lower()


@dataclass(frozen=True, slots=True, order=True)
class Version:
    """X.Y.Z."""

    major: int
    minor: int
    patch: int

    def __str__(self) -> str:
        """As it is written."""
        return f"{self.major}.{self.minor}.{self.patch}"

    def raised(self, level: Level) -> "Version":
        """The lowest version that is `level` above this one; itself where nothing changed."""
        match level:
            case Level.MAJOR:
                return Version(self.major + 1, 0, 0)
            case Level.MINOR:
                return Version(self.major, self.minor + 1, 0)
            case Level.PATCH:
                return Version(self.major, self.minor, self.patch + 1)
            case Level.NONE:
                return self


FIRST = Version(1, 0, 0)
"""The first release: names and keys are a contract from the first day on."""


def parse_version(text: str) -> Version:
    """Read X.Y.Z.

    Raises:
        ChanceryError: it is none.
    """
    match = _FORM.fullmatch(text)
    if match is None:
        raise ChanceryError(f"'{text}' is no version; write X.Y.Z, for example 1.2.0.")
    return Version(*(int(part) for part in match.groups()))
