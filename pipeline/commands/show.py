"""`chancery show ID`: one item of the dataset, for people or as JSON, down to the raw records it was read from."""

import json
import shutil
from pathlib import Path

import click

from pipeline.commands.options import color_option, debug_option, item_id, outputs_option, wants_color


@click.command(
    name="show",
    epilog="Examples: chancery show e0127e9bb156306a1 | chancery show c0f7d0beaa3c64473 --json",
)
@click.argument("asked", metavar="ID", callback=item_id)
@outputs_option
@click.option(
    "--all", "everything", is_flag=True, help="Name every capture, wording and decision, and print texts whole."
)
@click.option("--json", "as_json", is_flag=True, help="Print everything that is known as JSON.")
@color_option
@debug_option
def command(asked: str, outputs: Path, everything: bool, as_json: bool, color: bool | None) -> None:
    """Show one event, article or capture, and the raw files it comes from.

    ID is an event_id, article_id, capture_id, version_id or form_id of the tables in OUTPUTS/tables. An id of an
    earlier release is followed to what stands for it now. Long lists are cut unless --all is given.
    """
    from pipeline.lookup import Tables, look_up
    from pipeline.workspace import Workspace

    item = look_up(Tables(Workspace(outputs).tables), asked)
    if as_json:
        click.echo(json.dumps(item.to_json(), ensure_ascii=False, indent=2))
        return
    from pipeline.commands.item_text import item_lines

    width = min(shutil.get_terminal_size((80, 24)).columns, 100)
    paint = wants_color(color)
    for line in item_lines(item, width=width, limit=None if everything else 5):
        text = click.style(line.text, bold=True) if paint and line.is_heading else line.text
        click.echo(text, color=paint)
