"""The command `chancery`: a list of commands, each loaded only when it is called, so that `--help` answers at once.

What a command does stands in `pipeline.commands`; here is how errors and interrupts reach a person: one sentence and
an exit code, a traceback only with `--debug`.
"""

import os
import sys
from collections.abc import Mapping
from importlib import import_module
from typing import Final

import click

from pipeline.errors import ChanceryError, StageFailedError

COMMANDS: Final[Mapping[str, tuple[str, str]]] = {
    "build": ("pipeline.commands.build", "Build the dataset from raw dumps."),
    "release": ("pipeline.commands.release", "Make a versioned, verified release of the dataset."),
    "diff": ("pipeline.commands.diff", "Say what changed between two releases."),
    "check": ("pipeline.commands.check", "Verify a downloaded release."),
    "show": ("pipeline.commands.show", "One event, article or capture, and the raw files it comes from."),
    "diff-article": ("pipeline.commands.diff_article", "The words of an article that came and went."),
    "publish": ("pipeline.commands.publish", "Bring a release to a portal, a bucket or a folder."),
    "ui": ("pipeline.commands.ui", "The builds in a browser, with Dagster."),
    "completion": ("pipeline.commands.completion", "Let your shell complete commands and options."),
}
"""Module and one-line help of each command, in the order of the help page."""

_SECTIONS: Final[Mapping[str, tuple[str, ...]]] = {
    "Make the dataset": ("build",),
    "Look into it": ("show", "diff-article", "ui"),
    "Hand it on": ("release", "diff", "check", "publish"),
    "Set up": ("completion",),
}
"""The help page's parts; a command that stands in none of them is listed last."""

_EXAMPLES: Final = (
    ("chancery build", "read the dumps in raw/, write outputs/tables"),
    ("chancery build --raw ~/dumps", "the same with dumps that lie elsewhere"),
    ("chancery show e0127e9bb156306a1", "one item, down to the raw file it comes from"),
)


_MEMORY_OF_POLARS: Final = ("_RJEM_MALLOC_CONF", "dirty_decay_ms:200,muzzy_decay_ms:0")
"""Its allocator gives freed memory back after 0.2 s instead of 10; read when polars is loaded (docs/performance.md)."""


class Commands(click.Group):
    """A group that knows its commands by name and imports one when it is needed."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 -- click's signature
        """Names in the order of the help page."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002 -- click's
        """The command itself."""
        if cmd_name not in COMMANDS:
            return None
        command = import_module(COMMANDS[cmd_name][0]).command
        assert isinstance(command, click.Command)
        return command

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The commands with their one-line help, without importing any; then examples; then the options."""
        listed = {name for names in _SECTIONS.values() for name in names}
        parts = {**_SECTIONS, "More": tuple(name for name in COMMANDS if name not in listed)}
        column = max(map(len, COMMANDS))
        for heading, names in parts.items():
            if known := [(name.ljust(column), COMMANDS[name][1]) for name in names if name in COMMANDS]:
                with formatter.section(heading):
                    formatter.write_dl(known)
        with formatter.section("Examples"):
            formatter.write_dl(_EXAMPLES, col_max=40)
        click.Command.format_options(self, ctx, formatter)


@click.group(
    cls=Commands,
    subcommand_metavar="COMMAND [ARGUMENTS]…",
    epilog="chancery COMMAND --help explains one command. Exit codes: 0 good, 1 something is wrong, 2 wrong usage.",
    context_settings={"help_option_names": ["-h", "--help"]},
)
@click.option("--debug", is_flag=True, help="Show the traceback of an error.")
@click.version_option(package_name="chancery")
def chancery(debug: bool) -> None:
    """Turn raw dumps of archived captures of an embassy's website into tables you can cite.

    Dumps of any kind go in (WARC, HTML, plain text, JSON Lines, …). Out come Parquet tables of what the site published
    and when it was seen, checked rule by rule, every row with the raw file it was read from. It works on dumps that
    you have; only `publish` and places written s3://… send or fetch anything.
    """


def _unforeseen(name: str, words: str) -> str:
    sentence = " ".join(words.split()) or "no more is known"
    return f"chancery: unexpected {name}: {sentence[:300]} (run again with --debug to see where)."


def main() -> None:
    """Run the command line; the exit code is the process's."""
    debug = "--debug" in sys.argv
    os.environ.setdefault(*_MEMORY_OF_POLARS)
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
    except StageFailedError as error:
        click.echo(error.where if debug else _unforeseen(error.name, error.words), err=True)
        code = 1
    except Exception as error:
        if debug:
            raise
        click.echo(_unforeseen(type(error).__name__, str(error)), err=True)
        code = 1
    sys.exit(code if isinstance(code, int) else 0)
