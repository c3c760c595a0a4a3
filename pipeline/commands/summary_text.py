"""The closing words of a build: what there is now, what was refused and why, and where everything is."""

from collections.abc import Iterator
from pathlib import Path

from pipeline.summary import BuildSummary

_STATUSES = {
    "capture": "captures",
    "duplicate": "duplicates of them",
    "revisit": "revisits",
    "not_a_page": "no page",
    "rejected": "rejected",
}


def summary_lines(summary: BuildSummary, tables: Path) -> Iterator[str]:
    """Lines for a terminal of 80 columns."""
    n_records = sum(summary.statuses.values())
    parts = [
        f"{summary.statuses[status]:,} {label}" for status, label in _STATUSES.items() if status in summary.statuses
    ]
    if summary.up_to_date:
        yield "Nothing new: the tables are up to date."
    yield f"{n_records:,} raw records: {', '.join(parts)}."
    yield ""
    yield f"  {'table':<24}{'rows':>12}{'quarantined':>13}{'rules':>8}{'broken':>8}"
    for table in summary.tables:
        broken = f"{table.n_failed:>8,}" if table.n_failed else f"{'-':>8}"
        quarantined = f"{table.n_quarantined:>13,}" if table.n_quarantined else f"{'-':>13}"
        yield f"  {table.name:<24}{table.n_rows:>12,}{quarantined}{table.n_rules:>8,}{broken}"
    yield ""
    for sentence in summary.warnings:
        yield f"Warning: {sentence}."
    for sentence in summary.problems:
        yield f"Rejected: {sentence}"
    untold = summary.n_problems - len(summary.problems)
    if untold > 0:
        yield f"… and {untold:,} more rejected records; all stand in {tables / 'raw_records.parquet'}."
    yield f"The tables are in {tables}; what each column means: docs/data-dictionary.md."
