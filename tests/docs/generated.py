"""The parts of the README that follow from the code: the headline columns and the commands with their options."""

import click
import polars as pl
from click.testing import CliRunner

from pipeline.cli import COMMANDS, chancery
from schemas.registry import TABLES
from tests.worlds import World

COLUMNS = {
    "events": (
        "event_id",
        "published_on",
        "title",
        "teaser",
        "category",
        "speaker",
        "countries",
        "title_date",
        "known_from",
        "article_id",
        "first_captured_at",
        "last_captured_at",
        "n_captures",
    ),
    "articles": ("article_id", "body", "language", "n_versions", "is_truncated"),
    "counter_observations": ("counter", "days", "observed_on", "start_on", "is_consistent", "claim"),
}
"""The columns the README explains; the data dictionary has them all."""


def generated(name: str, simulated: World) -> str:
    """A generated part by its name."""
    return edited_article(simulated) if name == "an edited article" else _PARTS[name]()


def headline_columns() -> str:
    """A table of the columns most people use, in the words of the schemas."""
    lines = ["| table | column | what it says |", "|---|---|---|"]
    for table, names in COLUMNS.items():
        said = {column.name: column.description for column in TABLES[table].columns}
        lines += [f"| `{table}` | `{name}` | {said[name]} |" for name in names]
    return "\n".join(lines)


def commands() -> str:
    """Every command with every option."""
    context = click.Context(chancery, info_name="chancery")
    parts = []
    for name in COMMANDS:
        command = chancery.get_command(context, name)
        assert command is not None
        inner = click.Context(command, info_name=f"chancery {name}", parent=context)
        usage = " ".join([f"chancery {name}", *command.collect_usage_pieces(inner)])
        first = (command.help or "").split("\n\n")[0].replace("\n", " ")
        lines = [f"**`{usage}`** – {first}", "", "| option | what it does |", "|---|---|"]
        for parameter in command.get_params(inner):
            record = parameter.get_help_record(inner)
            if record is not None and isinstance(parameter, click.Option) and "--help" not in record[0]:
                lines.append(f"| `{_cell(record[0])}` | {_cell(record[1])} |")
        parts.append("\n".join(lines if len(lines) > 4 else lines[:1]))
    return "\n\n".join(parts)


_PARTS = {"headline columns": headline_columns, "commands": commands}


def edited_article(world: World) -> str:
    """What `chancery diff-article` says of the article of a simulated site with the shortest edit of both kinds."""
    versions = pl.read_parquet(world.tables / "article_versions.parquet")
    edits = versions.filter(pl.col("n_words_added") > 0, pl.col("n_words_removed") > 0)
    article_id = edits.sort(pl.col("n_words_added") + pl.col("n_words_removed"), "version_id")["article_id"][0]
    arguments = ["diff-article", article_id]
    done = CliRunner().invoke(chancery, [*arguments, "--outputs", str(world.outputs)], env={"COLUMNS": "80"})
    assert done.exit_code == 0, done.output
    return f"```console simulated\n$ chancery {' '.join(arguments)}\n{done.stdout.rstrip()}\n```"


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")
