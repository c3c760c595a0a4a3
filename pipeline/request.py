"""What a build is asked to do. Light to import: the command line reads it before anything heavy is loaded."""

from dataclasses import dataclass, field
from pathlib import Path

from pipeline.ingest.discover import Listing
from pipeline.ingest.reader import ReadOptions
from pipeline.workspace import Workspace

SITE_HOSTS = ("rusemb.org.uk",)
"""The site whose captures are wanted when nothing else is said; `www.` and `m.` belong to it."""


@dataclass(frozen=True, slots=True)
class BuildRequest:
    """Arguments of one build; the same request over the same files gives the same tables."""

    raw: tuple[Path, ...]
    """Raw roots: folders or single files."""
    outputs: Path
    workers: int = 1
    """Processes that read; they change nothing in the result."""
    previous: Path | None = None
    """The release whose ids are continued; null for none."""
    fresh: bool = False
    """Trust nothing an earlier build left."""
    withdrawals: Path | None = None
    """`withdrawals.toml`, where there is one."""
    listings: tuple[Listing, ...] = ()
    """What lies under those of the raw roots that this machine does not see: only an engine elsewhere reads them."""
    options: ReadOptions = field(default_factory=lambda: ReadOptions(site_hosts=SITE_HOSTS))

    @property
    def workspace(self) -> Workspace:
        """The folders of the outputs root."""
        return Workspace(self.outputs)
