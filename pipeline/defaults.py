"""What a build takes when nothing is said: the newest release before it, and the withdrawals beside it."""

import re
from pathlib import Path

from pipeline.workspace import Workspace

_VERSION = re.compile(r"(\d+)\.(\d+)\.(\d+)")


def newest_release(outputs: Path) -> Path | None:
    """The release with the highest version under outputs/releases, null where there is none."""
    releases = Workspace(outputs).releases
    if not releases.is_dir():
        return None
    found = [(match, path) for path in releases.iterdir() if (match := _VERSION.fullmatch(path.name))]
    newest = max(found, key=lambda pair: tuple(int(part) for part in pair[0].groups()), default=None)
    return None if newest is None else newest[1]


def withdrawals_file() -> Path | None:
    """`withdrawals.toml` in the working folder, null where there is none."""
    path = Path("withdrawals.toml")
    return path if path.is_file() else None
