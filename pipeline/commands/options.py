"""Options that several commands share."""

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

_Command = TypeVar("_Command", bound=Callable[..., Any])


def outputs_option(command: _Command) -> _Command:
    """`--outputs DIR`: where the dataset stands."""
    return click.option(
        "--outputs",
        type=click.Path(path_type=Path, file_okay=False),
        default=Path("outputs"),
        show_default=True,
        metavar="DIR",
        help="Folder of the dataset.",
    )(command)


def debug_option(command: _Command) -> _Command:
    """`--debug`: read by `pipeline.cli.main`, accepted after the command's name as well."""
    return click.option("--debug", is_flag=True, expose_value=False, help="Show the traceback of an error.")(command)
