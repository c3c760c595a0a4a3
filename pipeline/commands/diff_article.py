"""`chancery diff-article ID`: two versions of an article as one text, the words that came and went marked."""

import shutil
from pathlib import Path

import click

from pipeline.commands.options import color_option, debug_option, item_id, outputs_option, wants_color


@click.command(
    name="diff-article",
    epilog="Example: chancery diff-article ID --from 1 --to 3",
)
@click.argument("asked", metavar="ID", callback=item_id)
@click.option(
    "--from", "older", type=click.IntRange(min=1), metavar="N", help="Older version.  [default: the one before --to]"
)
@click.option("--to", "newer", type=click.IntRange(min=1), metavar="N", help="Newer version.  [default: the newest]")
@outputs_option
@click.option("--all", "everything", is_flag=True, help="Print paragraphs without a change as well.")
@color_option
@debug_option
def command(
    asked: str, older: int | None, newer: int | None, outputs: Path, everything: bool, color: bool | None
) -> None:
    """Show which words of an article came and went between two of its versions.

    ID is an article_id, or a version_id for that version against the one before it. Words that went stand in
    [-brackets-], words that came in {+braces+}; with colours red and green say the same. `chancery show ID` lists an
    article's versions.
    """
    from pipeline.commands.versions_text import diff_lines, pick_versions
    from pipeline.lookup import Tables, look_up
    from pipeline.workspace import Workspace

    tables = Tables(Workspace(outputs).tables)
    item = look_up(tables, asked)
    if item.kind == "version":
        newer = newer or item.facts["version"]
        item = look_up(tables, item.facts["article_id"])
    if item.kind != "article":
        own = item.facts.get("article_id")
        what = f"its article, {own}" if own else "an article_id or a version_id"
        raise click.UsageError(f"{asked} is no article but: {item.kind}; name {what}.")
    pair = pick_versions(item, older, newer)
    if pair is None:
        click.echo(f"Article {item.item_id} has one version only, so there is nothing to compare.")
        return
    width = min(shutil.get_terminal_size((80, 24)).columns, 100)
    paint = wants_color(color)
    for line in diff_lines(*pair, width=width, paint=paint, everything=everything):
        click.echo(line, color=paint)
