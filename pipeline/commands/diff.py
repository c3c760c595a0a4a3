"""`chancery diff`: two releases in, what changed as words on the terminal and as JSON in a file."""

import json
import re
from pathlib import Path

import click

from pipeline.commands.options import debug_option, outputs_option


@click.command(name="diff")
@click.argument("old", metavar="OLD")
@click.argument("new", metavar="NEW")
@outputs_option
@click.option(
    "--save",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="Where the JSON is saved.  [default: OUTPUTS/diffs/OLD-NEW.json]",
)
@debug_option
def command(old: str, new: str, outputs: Path, save: Path | None) -> None:
    """Print and save what changed from OLD to NEW.

    Each is a release's folder, a version under OUTPUTS/releases, or a folder of tables such as outputs/tables.
    """
    from pipeline.publish.release.changelog import difference_lines
    from pipeline.publish.release.difference import compare
    from pipeline.publish.release.folder import open_tables
    from pipeline.workspace import Workspace, write_json

    releases = Workspace(outputs).releases
    before, after = (open_tables(_place(name, releases)) for name in (old, new))
    difference = compare(before, after)
    for line in difference_lines(difference):
        click.echo(line)
    file = save or outputs / "diffs" / f"{difference.old}-{difference.new}.json"
    write_json(file, json.loads(json.dumps(difference.to_json())))
    click.echo(f"\nSaved in {file}.")


def _place(name: str, releases: Path) -> Path:
    named = releases / name
    if re.fullmatch(r"\d+\.\d+\.\d+(-[a-z-]+)?", name) and named.is_dir():
        return named
    path = Path(name)
    if not path.is_dir():
        raise click.UsageError(f"there is no folder {name}, and no release of that version in {releases}.")
    return path
