"""Runs the live blocks of a page as a reader would: in a folder with outputs/, block after block."""

import contextlib
import io
import shlex
from collections.abc import Iterator
from typing import Any

import duckdb
import polars as pl
from click.testing import CliRunner

from pipeline.cli import chancery
from tests.docs.fences import Block
from tests.worlds import World


class Reader:
    """Someone who works through one page; names and settings last from block to block."""

    def __init__(self, samples: World, simulated: World) -> None:
        self._worlds = {False: samples, True: simulated}
        self._names: dict[bool, dict[str, Any]] = {False: {}, True: {}}
        self._databases = {False: duckdb.connect(), True: duckdb.connect()}

    def run(self, block: Block) -> str:
        """What the block prints; a console block with its commands."""
        world = self._worlds[block.is_simulated]
        with contextlib.chdir(world.folder):
            if block.language == "console":
                return "".join(_session(block.text, world))
            if block.language == "sql":
                return self._query(block)
            printed = io.StringIO()
            with contextlib.redirect_stdout(printed), pl.Config(tbl_width_chars=100):
                exec(compile(block.text, "page", "exec"), self._names[block.is_simulated])
            return printed.getvalue()

    def _query(self, block: Block) -> str:
        database = self._databases[block.is_simulated]
        printed = []
        for statement in database.extract_statements(block.text):
            result = database.sql(statement.query)
            if statement.type == duckdb.StatementType.SELECT:
                printed.append("\n".join(line.rstrip() for line in str(result).strip("\n").split("\n")))
        return "\n".join(printed) + "\n" if printed else ""


def _session(text: str, world: World) -> Iterator[str]:
    """Each command of a console block with what it prints now."""
    for line in text.splitlines():
        if not line.startswith("$ "):
            continue
        program, *arguments = shlex.split(line[2:])
        assert program == "chancery", line
        if arguments == ["build"]:
            yield f"{line}\n{world.said}"
            continue
        result = CliRunner().invoke(chancery, arguments, env={"COLUMNS": "80"}, prog_name="chancery")
        assert result.exit_code == 0, f"{line}\n{result.output}"
        yield f"{line}\n{result.stdout}"
