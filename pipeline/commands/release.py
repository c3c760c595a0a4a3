"""`chancery release`: arguments to a plan, the plan to a folder; the day of issue is read from the environment here."""

import os
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from pipeline.commands.options import debug_option, outputs_option

if TYPE_CHECKING:
    from pipeline.publish.release.plan import Plan


@click.command(name="release")
@outputs_option
@click.option("--version", metavar="X.Y.Z", help="Version.  [default: the lowest that the differences allow]")
@click.option(
    "--edition",
    type=click.Choice(["full", "no-text"]),
    default="full",
    show_default=True,
    help="With or without texts.",
)
@click.option(
    "--previous",
    type=click.Path(path_type=Path, exists=True, file_okay=False),
    metavar="RELEASE",
    help="The release before.  [default: the newest under OUTPUTS/releases]",
)
@click.option(
    "--date",
    "day",
    type=click.DateTime(["%Y-%m-%d"]),
    metavar="YYYY-MM-DD",
    help="Day of issue.  [default: SOURCE_DATE_EPOCH, else the newest day of capture]",
)
@click.option(
    "--profile",
    type=click.Path(path_type=Path, dir_okay=False),
    default=Path("release.toml"),
    show_default=True,
    metavar="FILE",
    help="What the release says about itself.",
)
@debug_option
def command(
    outputs: Path, version: str | None, edition: str, previous: Path | None, day: datetime | None, profile: Path
) -> None:
    """Make a release out of OUTPUTS/tables.

    Checks every rule again, compares with the release before, and puts a verified folder with data, metadata and
    checksums in OUTPUTS/releases. Exit code 0: released; 1: refused, with all reasons; 2: wrong usage.
    """
    from pipeline.publish.release.make import make_release
    from pipeline.publish.release.plan import ReleaseRequest, plan_release

    request = ReleaseRequest(
        outputs=outputs,
        edition=edition,
        version=version,
        previous=previous,
        issued=day.date() if day is not None else _source_date(),
        profile=profile,
    )
    plan = plan_release(request)
    target = make_release(plan)
    if plan.sibling is not None:
        since = f"of the tables of {plan.sibling.label}"
    elif plan.before is None:
        since = "the first release"
    else:
        since = f"{plan.difference.level.word} since {plan.before}"
    click.echo(f"Released {plan.version} ({plan.edition.name} edition, {since}) in {target}.")
    if day is None:
        click.echo(f"Its day of issue is {plan.issued}, {_reason(plan)}; name another with --date.")
    click.echo(f"What changed: {target / 'CHANGELOG.md'}; verify a copy with: chancery check FOLDER")


def _reason(plan: "Plan") -> str:
    """Why a release has its day of issue where nobody named one."""
    if plan.request.issued is not None:
        return "by SOURCE_DATE_EPOCH"
    return "the newest day of capture" if plan.sibling is None else f"as of {plan.sibling.label}"


def _source_date() -> date | None:
    """The day that SOURCE_DATE_EPOCH names, in UTC; null where it is not set."""
    epoch = os.environ.get("SOURCE_DATE_EPOCH", "").strip()
    if not epoch:
        return None
    try:
        return datetime.fromtimestamp(int(epoch), UTC).date()
    except (ValueError, OverflowError, OSError) as error:
        raise click.UsageError(f"SOURCE_DATE_EPOCH is '{epoch}'; it must be seconds since 1970.") from error
