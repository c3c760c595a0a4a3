"""The command `chancery`: a list of commands, each loaded only when it is called, so that `--help` answers at once.

What a command does stands in `pipeline.commands`; here is how errors and interrupts reach a person: one sentence and
an exit code, a traceback only with `--debug`.
"""

import sys
from collections.abc import Mapping
from importlib import import_module
from typing import Final

import click

from pipeline.errors import ChanceryError

COMMANDS: Final[Mapping[str, tuple[str, str]]] = {
    "build": ("pipeline.commands.build", "Build the dataset from raw dumps."),
    "release": ("pipeline.commands.release", "Make a versioned, verified release of the dataset."),
    "diff": ("pipeline.commands.diff", "Say what changed between two releases."),
    "check": ("pipeline.commands.check", "Verify a downloaded release."),
}
"""Module and one-line help of each command, in the order of the help page."""

_EPILOG: Final = "Start with: chancery build --raw FOLDER. The tables are then in outputs/tables."


class Commands(click.Group):
    """A group that knows its commands by name and imports one when it is needed."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Names in the order of the help page."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command itself."""
        if cmd_name not in COMMANDS:
            return None
        command = import_module(COMMANDS[cmd_name][0]).command
        assert isinstance(command, click.Command)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The commands with their one-line help, without importing any."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, text) for name, (_, text) in COMMANDS.items()])


@click.group(cls=Commands, epilog=_EPILOG, context_settings={"help_option_names": ["-h", "--help"]})
@click.option("--debug", is_flag=True, help="Show the traceback of an error.")
@click.version_option(package_name="chancery")
def chancery(debug: bool) -> None:
    """Turn raw dumps of archived captures of an embassy's website into a documented, checked Parquet dataset."""


def main() -> None:
    """Run the command line; the exit code is the process's."""
    debug = "--debug" in sys.argv
    try:
        code = chancery.main(standalone_mode=False)
    except click.exceptions.Exit as stop:
        code = stop.exit_code
    except click.ClickException as wrong:
        wrong.show()
        code = wrong.exit_code
    except (click.Abort, KeyboardInterrupt):
        click.echo("chancery: stopped; what was read so far is kept and the next build goes on from there.", err=True)
        code = 130
    except BrokenPipeError:
        code = 0
    except ChanceryError as error:
        if debug:
            raise
        click.echo(f"chancery: {error}", err=True)
        code = 1
    except Exception as error:
        if debug:
            raise
        sentence = " ".join(str(error).split()) or "no more is known"
        click.echo(
            f"chancery: unexpected {type(error).__name__}: {sentence[:300]} (run again with --debug to see where).",
            err=True,
        )
        code = 1
    sys.exit(code if isinstance(code, int) else 0)
