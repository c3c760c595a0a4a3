"""Help answers at once and without the heavy libraries, and names everything there is."""

import subprocess
import sys

import click
import pytest
from click.testing import CliRunner

from pipeline.cli import _SECTIONS, COMMANDS, chancery

HEAVY = ("polars", "pyarrow", "pandera", "dagster", "altair", "rapidfuzz", "fastwarc", "selectolax", "rich", "pydantic")


def heavy_modules(*arguments: str) -> list[str]:
    """Heavy libraries that a fresh process has loaded after `chancery ARGUMENTS`."""
    code = (
        "import sys\nfrom pipeline.cli import chancery\n"
        f"chancery.main({list(arguments)!r}, standalone_mode=False)\n"
        f"sys.stderr.write(' '.join(name for name in {HEAVY!r} if name in sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert "Usage: " in done.stdout
    return done.stderr.split()


def test_help_loads_no_heavy_library() -> None:
    assert heavy_modules("--help") == []


@pytest.mark.parametrize("name", COMMANDS)
def test_the_help_of_each_command_loads_no_heavy_library(name: str) -> None:
    assert heavy_modules(name, "--help") == []


def test_completing_a_command_loads_no_heavy_library() -> None:
    code = (
        "import sys\nfrom click.shell_completion import ShellComplete\nfrom pipeline.cli import chancery\n"
        "found = ShellComplete(chancery, {}, 'chancery', '_CHANCERY_COMPLETE').get_completions(['show'], '--')\n"
        "print(*[item.value for item in found])\n"
        f"sys.stderr.write(' '.join(name for name in {HEAVY!r} if name in sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert "--json" in done.stdout.split()
    assert done.stderr == ""


def test_the_help_page_names_every_command_under_a_heading() -> None:
    page = CliRunner().invoke(chancery, ["--help"]).output
    assert {name for names in _SECTIONS.values() for name in names} == set(COMMANDS)
    for name, (_, text) in COMMANDS.items():
        assert f"  {name} " in page
        assert text.split()[0] in page
    assert "More:" not in page


@pytest.mark.parametrize("name", COMMANDS)
def test_help_is_written_for_people(name: str) -> None:
    context = click.Context(chancery, info_name="chancery")
    command = chancery.get_command(context, name)
    assert command is not None
    assert command.name == name
    assert command.help
    for parameter in command.params:
        if isinstance(parameter, click.Option):
            assert parameter.help, f"{parameter.opts} is not explained"
            assert parameter.help.rstrip("]").endswith((".", "]")) or "[default" in parameter.help
    page = CliRunner().invoke(chancery, [name, "--help"]).output
    assert max(map(len, page.splitlines())) <= 80


def test_a_heading_is_left_out_while_it_has_no_command(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pipeline.cli.COMMANDS", {"build": COMMANDS["build"], "new": ("nowhere", "A new one.")})
    page = CliRunner().invoke(chancery, ["--help"]).output
    assert "Hand it on" not in page
    assert "More:\n  new" in page
