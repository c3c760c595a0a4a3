"""What a target must be able to do, so that one procedure serves all of them.

The one decision: uploading and showing are two acts. `stage` may be repeated as often as it breaks, `reveal` is one
step after which readers see the whole release.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

from pipeline.errors import ChanceryError
from pipeline.publish.targets.source import Release, ReleaseFile


class PublishError(ChanceryError):
    """The release could not be published; the message says what now stands at the target."""


@dataclass(frozen=True)
class Publication:
    """What a finished publication came to."""

    address: str
    """Where readers find the release."""
    n_files: int
    """Files at the target, each fetched again and found equal."""
    n_bytes: int
    """Their size together, in bytes."""


class Target(Protocol):
    """A place where releases are published.

    Every method may raise `PublishError`; none leaves a half of a release where readers look.
    """

    def copies(self, release: Release) -> Sequence[ReleaseFile]:
        """The files that will stand there, in the order they are uploaded."""
        ...

    def plan(self, release: Release) -> list[str]:
        """One sentence for each thing `stage` and `reveal` would do; only reads."""
        ...

    def stage(self, release: Release) -> None:
        """Upload what is missing or differs; what already stands there with the right hash is kept."""
        ...

    def fetch(self, copy: ReleaseFile) -> Iterator[bytes]:
        """The bytes of one file as they now stand there, in pieces."""
        ...

    def discard(self, copy: ReleaseFile) -> None:
        """Remove a copy whose bytes are wrong, so that `stage` uploads it again."""
        ...

    def reveal(self, release: Release) -> str:
        """Show the release to readers; returns its address. Does nothing where it is shown already."""
        ...

    def abandon(self) -> str:
        """After a failure: hide what readers could see of it; returns one sentence on what is left there."""
        ...
