"""The closing words of a build: what there is now, what was refused and why, and where everything is.

Written for someone who sees it for the first time: tables stand under what they are for, and words that only insiders
would know are explained where they are used.
"""

import textwrap
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from pipeline.counted import counted
from pipeline.summary import BuildSummary, TableSummary

WIDTH: Final = 80

GROUPS: Final = {
    "articles": "The dataset",
    "captures": "What it rests on",
    "coverage": "How good it is",
    "raw_records": "What became of everything else",
}
"""First table of each group, in the order of `schemas.names`, and what the group is for."""

_STATUSES: Final = {
    "capture": ("capture", "captures"),
    "duplicate": ("copy of one of them", "copies of them"),
    "revisit": ("revisit", "revisits"),
    "not_a_page": ("file or record that is no page", "files or records that are no pages"),
    "rejected": ("rejected", "rejected"),
}


def summary_lines(summary: BuildSummary, tables: Path) -> Iterator[str]:
    """Lines for a terminal of 80 columns; only names of files may be longer."""
    if summary.up_to_date:
        yield "Nothing new: the tables are up to date."
    yield from _wrapped(_records(summary))
    yield ""
    yield f"  {'':<24}{'rows':>12}{'quarantined':>14}{'rules kept':>16}"
    for table in summary.tables:
        if table.name in GROUPS:
            yield f"  {GROUPS[table.name]}"
        yield _row(table)
    yield ""
    if summary.n_quarantined:
        yield from _wrapped(
            "Quarantined: rows read off a page that break a rule, and single values that could not be trusted. They "
            "were taken out and stand in quarantine.parquet with the rule."
        )
    for sentence in summary.notes:
        yield from _wrapped(f"{sentence}.")
    for sentence in summary.warnings:
        yield from _wrapped(f"Warning: {sentence}.")
    for sentence in summary.problems:
        yield from _wrapped(f"Rejected: {sentence}")
    untold = summary.n_problems - len(summary.problems)
    if untold > 0:
        yield from _wrapped(f"… and {untold:,} more rejected; raw_records.parquet names every one with its reason.")
    yield f"The tables are in {tables}"
    report = tables.parent / "report"
    yield f"Charts and an explorer to open in a browser: {report / 'index.html'}"
    yield f"What each column means, and every rule: {report / 'tables.html'}"


def _records(summary: BuildSummary) -> str:
    parts = [
        f"{summary.statuses[status]:,} {one if summary.statuses[status] == 1 else many}"
        for status, (one, many) in _STATUSES.items()
        if status in summary.statuses
    ]
    total = sum(summary.statuses.values())
    return f"{counted(total, 'raw record')}: {', '.join(parts)}."


def _row(table: TableSummary) -> str:
    quarantined = f"{table.n_quarantined:,}" if table.n_quarantined else "-"
    kept = table.n_rules - table.n_failed
    rules = f"all {table.n_rules}" if not table.n_failed else f"{kept} of {table.n_rules}"
    return f"    {table.name:<22}{table.n_rows:>12,}{quarantined:>14}{rules:>16}"


def _wrapped(sentence: str) -> list[str]:
    return textwrap.wrap(sentence, WIDTH, subsequent_indent="  ", break_long_words=False, break_on_hyphens=False)
