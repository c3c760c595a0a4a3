"""Options that several commands share."""

import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

_Command = TypeVar("_Command", bound=Callable[..., Any])


def _folder_here(_context: click.Context, _parameter: click.Parameter, value: Path) -> Path:
    """A folder of this machine: `s3://…` would quietly become a folder of that name."""
    if value.parts and value.parts[0].endswith(":") and len(value.parts[0]) > 2:
        raise click.BadParameter(
            f"{value} is no folder of this machine; build in one, and copy the tables out with --copy-to."
        )
    return value


def outputs_option(command: _Command) -> _Command:
    """`--outputs DIR`: where the dataset stands."""
    return click.option(
        "--outputs",
        type=click.Path(path_type=Path, file_okay=False),
        default=Path("outputs"),
        show_default=True,
        callback=_folder_here,
        metavar="DIR",
        help="Folder of the dataset.",
    )(command)


def debug_option(command: _Command) -> _Command:
    """`--debug`: read by `pipeline.cli.main`, accepted after the command's name as well."""
    return click.option("--debug", is_flag=True, expose_value=False, help="Show the traceback of an error.")(command)


def color_option(command: _Command) -> _Command:
    """`--color/--no-color`: given to the command as `color`, null where nothing was said."""
    return click.option(
        "--color/--no-color",
        default=None,
        help="Colours or none.  [default: on a terminal, unless NO_COLOR is set]",
    )(command)


def wants_color(color: bool | None) -> bool:
    """What was said, else colours for people only: on a terminal that can, where NO_COLOR does not forbid them."""
    if color is not None:
        return color
    return sys.stdout.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


def item_id(_context: click.Context, _parameter: click.Parameter, value: str) -> str:
    """Callback for an argument that is an id of the dataset: a letter and 16 hexadecimal digits."""
    wanted = value.strip().lower()
    if len(wanted) == 17 and wanted[0] in "eacvfg" and not set(wanted[1:]) - set("0123456789abcdef"):
        return wanted
    raise click.BadParameter(
        f"{value!r} is no id; an id is one of the letters e (event), a (article), c (capture), v (version), "
        "f or g (wording) and 16 digits 0-9 a-f."
    )
