"""`CHANGELOG.md` and what `chancery diff` prints: a difference in words, newest release first."""

from collections.abc import Iterator
from datetime import date
from typing import Final

from pipeline.publish.release.difference import Difference, RowChanges, SchemaChange
from pipeline.publish.release.versions import Level

HEADING: Final = "# Changelog\n"

_WORDS: Final = {
    "table_added": "is new",
    "table_removed": "is gone",
    "column_added": "is new",
    "column_removed": "is gone",
    "columns_reordered": "has its columns in another order",
    "type_changed": "has another type",
    "key_changed": "has another key",
    "null_allowed": "may be null now",
    "null_forbidden": "is never null now",
    "values_changed": "allows other values",
    "foreign_keys_changed": "refers to other tables",
    "wording_changed": "is described in other words",
}


def changelog(difference: Difference, day: date, earlier: str) -> str:
    """The changelog with one more entry.

    Args:
        difference: to the release before; `difference.old` is null for the first.
        day: of the release.
        earlier: the changelog of the release before, empty for the first.
    """
    entry = [f"## {difference.new} ({day.isoformat()})", "", *difference_lines(difference)]
    return "\n".join([HEADING, *entry]) + "\n" + earlier.removeprefix(HEADING)


def difference_lines(difference: Difference) -> Iterator[str]:
    """What changed, as Markdown lines."""
    if difference.old is None:
        yield "The first release."
        return
    if difference.level is Level.NONE:
        yield f"Nothing changed since {difference.old}."
        return
    yield f"A {difference.level.word} change since {difference.old}."
    if difference.profile_changed:
        yield "What `release.toml` says of the dataset changed."
    if difference.schema:
        yield ""
        for stated in difference.schema:
            yield f"- {_subject(stated)} {_WORDS[stated.what]} ({stated.level.word})"
    rows = [change for change in difference.rows if change.level is not Level.NONE]
    if rows:
        yield ""
        yield "| table | rows before | rows now | added | removed | changed | in columns |"
        yield "|---|---|---|---|---|---|---|"
        for change in rows:
            columns = ", ".join(f"{name} ({count:,})" for name, count in change.columns)
            yield (
                f"| {change.table} | {change.n_before:,} | {change.n_after:,} | {change.n_added:,} | "
                f"{change.n_removed:,} | {change.n_changed:,} | {columns} |"
            )
        yield ""
        for change in rows:
            yield from _samples(change)
    if difference.left_out:
        yield ""
        yield f"Not compared, for an edition leaves it out: {', '.join(difference.left_out)}."


def _subject(change: SchemaChange) -> str:
    return f"`{change.table}`" if change.column is None else f"`{change.table}.{change.column}`"


def _samples(change: RowChanges) -> Iterator[str]:
    for word, keys in (("added", change.added), ("removed", change.removed), ("changed", change.changed)):
        if keys:
            yield f"- {change.table} {word}, for example: {', '.join(f'`{key}`' for key in keys)}"
