"""Whether the tables at hand can be released, and as which version: everything that may refuse a release.

The one decision made here: all reasons are collected and told at once; nothing is written while there is one.
"""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from datetime import date
from pathlib import Path
from typing import Final

import polars as pl

from pipeline.check.row_rules import SchemaFailure
from pipeline.check.set_rules import check_tables
from pipeline.errors import ChanceryError
from pipeline.publish.release.difference import Difference, compare
from pipeline.publish.release.editions import EDITIONS, Edition
from pipeline.publish.release.folder import TableFolder, find_releases, newest, open_tables, release_name
from pipeline.publish.release.profile import Profile, load_profile
from pipeline.publish.release.versions import FIRST, Level, Version, parse_version
from pipeline.workspace import Workspace
from schemas.names import TABLE_NAMES
from schemas.render import describe

LASTING_IDS: Final = {"articles": "article_id", "events": "event_id", "article_versions": "version_id"}
"""Ids that are cited: one that was published resolves for ever."""

_SAMPLES: Final = 3


@dataclass(frozen=True, slots=True)
class ReleaseRequest:
    """Arguments of one release."""

    outputs: Path
    edition: str = "full"
    version: str | None = None
    """Null: the lowest that the differences allow."""
    previous: Path | None = None
    """Null: the newest under releases/."""
    issued: date | None = None
    """Day of issue; null: the newest day of capture."""
    profile: Path = Path("release.toml")


@dataclass(frozen=True, slots=True)
class Plan:
    """What will be released."""

    request: ReleaseRequest
    profile: Profile
    edition: Edition
    tables: TableFolder
    version: Version
    issued: date
    previous: TableFolder | None
    difference: Difference
    sibling: TableFolder | None
    """The release of the same version in another edition, whose difference to the one before is this one's too."""

    @property
    def before(self) -> str | None:
        """The release before, by version; null for the first."""
        manifest = None if self.sibling is None else self.sibling.manifest
        return self.difference.old if manifest is None else manifest["previous"]

    @property
    def target(self) -> Path:
        """The folder to be made."""
        return Workspace(self.request.outputs).releases / release_name(self.version, self.edition.name)


class ReleaseRefusedError(ChanceryError):
    """The tables cannot be released; `reasons` says why."""

    def __init__(self, reasons: tuple[str, ...]) -> None:
        super().__init__("the release is refused:\n" + "\n".join(f"  - {reason}" for reason in reasons))
        self.reasons = reasons


def plan_release(request: ReleaseRequest) -> Plan:
    """Check everything and decide the version.

    Raises:
        ReleaseRefusedError: with all reasons.
        ChanceryError: there are no tables, or the profile or the previous release cannot be read.
    """
    edition = EDITIONS[request.edition]
    workspace = Workspace(request.outputs)
    tables = TableFolder(workspace.tables, workspace.tables)
    missing = [name for name in TABLE_NAMES if name not in tables]
    if missing:
        raise ReleaseRefusedError((f"{tables.tables} lacks {', '.join(missing)}; run chancery build first.",))
    profile = load_profile(request.profile)
    releases = find_releases(workspace.releases)
    before = request.previous or newest(releases)
    previous = None if before is None else open_tables(before)
    broken = tuple(broken_rules(tables))
    if broken:
        raise ReleaseRefusedError(broken)
    reasons = [] if previous is None else list(vanished_ids(previous, tables))
    difference = _difference(previous, tables, profile)
    version, version_reasons = decide_version(request.version, previous, difference)
    sibling = None
    if (version, edition.name) in releases:
        version_reasons.append(
            f"nothing changed since {version}, which is released already."
            if difference.level is Level.NONE
            else f"{releases[version, edition.name]} exists; a release is never replaced."
        )
    elif previous is not None and difference.level is Level.NONE and previous.manifest is not None:
        same = str(previous.manifest["version"]) == str(version)
        sibling = previous if same else None
    day, date_reasons = _date(request.issued, sibling, tables)
    if reasons or version_reasons or date_reasons or day is None:
        raise ReleaseRefusedError((*reasons, *version_reasons, *date_reasons))
    named = replace(difference, new=str(version))
    return Plan(request, profile, edition, tables, version, day, previous, named, sibling)


def broken_rules(tables: TableFolder) -> Iterator[str]:
    """One sentence per rule that does not hold; warnings are none."""
    try:
        results = check_tables({name: tables.scan(name) for name in TABLE_NAMES})
    except (SchemaFailure, pl.exceptions.PolarsError) as error:
        yield f"a table is not what the schema states: {error}"
        return
    for result in results:
        if result.n_failed and result.severity == "error":
            samples = "; ".join(result.samples[:_SAMPLES])
            yield f"{result.table}: {result.rule} fails for {result.n_failed} of {result.n_checked} rows ({samples})."


def vanished_ids(previous: TableFolder, tables: TableFolder) -> Iterator[str]:
    """One sentence per table whose published ids are neither there any more nor redirected."""
    redirected = tables.scan("id_redirects").select(id="old_id")
    known_redirects = previous.scan("id_redirects").select(id="old_id")
    for table, column in LASTING_IDS.items():
        published = previous.scan(table).select(id=column)
        earlier = known_redirects.filter(pl.col("id").str.starts_with(column[0]))
        living = tables.scan(table).select(id=column)
        gone = (
            pl.concat([published, earlier])
            .unique()
            .join(pl.concat([living, redirected]), on="id", how="anti")
            .sort("id")
            .collect()["id"]
        )
        if not gone.is_empty():
            named = ", ".join(gone.head(_SAMPLES))
            yield (
                f"{table}: {len(gone)} published ids vanished without a row in id_redirects ({named}); "
                f"build with --previous {previous.path}."
            )


def decide_version(
    asked: str | None, previous: TableFolder | None, difference: Difference
) -> tuple[Version, list[str]]:
    """The version, and why the one asked for cannot be it."""
    wanted = None if asked is None else parse_version(asked)
    manifest = None if previous is None else previous.manifest
    if manifest is None:
        return wanted or FIRST, []
    before = parse_version(str(manifest["version"]))
    lowest = before.raised(difference.level)
    if wanted is not None and wanted < lowest:
        return wanted, [
            f"{wanted} is too low: the difference to {before} is {difference.level.word}, so it is at least {lowest}."
        ]
    return wanted or lowest, []


def profile_digest(profile: Profile) -> str:
    """Tells two profiles apart."""
    return hashlib.sha256(json.dumps(asdict(profile), sort_keys=True).encode()).hexdigest()


def _difference(previous: TableFolder | None, tables: TableFolder, profile: Profile) -> Difference:
    if previous is None:
        return Difference(None, tables.label)
    found = compare(previous, tables, describe)
    manifest = previous.manifest
    changed = manifest is not None and manifest["profile_sha256"] != profile_digest(profile)
    return replace(found, profile_changed=changed)


def _date(asked: date | None, sibling: TableFolder | None, tables: TableFolder) -> tuple[date | None, list[str]]:
    """The day of issue: as asked, else the other edition's, else the newest day of capture."""
    if asked is not None:
        return asked, []
    if sibling is not None and sibling.manifest is not None:
        return date.fromisoformat(str(sibling.manifest["date"])), []
    newest_day = tables.scan("captures").select(pl.col("captured_on").max()).collect().item()
    if newest_day is None:
        return None, ["no capture's day is known, so the release needs a date; give one with --date YYYY-MM-DD."]
    return newest_day, []
