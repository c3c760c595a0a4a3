"""How good the dataset is: its measures with their definitions, and what was set aside."""

import polars as pl

from pipeline.report.charts import ranked_bars
from pipeline.report.figure import Figure, Section, Tables, in_words


def quality(tables: Tables) -> Section:
    """Measures, quarantine and rejected records."""
    return Section(
        "quality",
        "How good it is",
        "Measures with their definitions, and everything that was set aside with the reason.",
        (_measures(tables), _quarantine(tables), _rejected(tables)),
    )


def _measures(tables: Tables) -> Figure:
    rows = tables["quality_measures"].select("measure", "value", "n", definition="how").sort("measure").collect()
    return Figure(
        "quality-measures",
        "Quality measures",
        "value: a share between 0 and 1, unless the definition says otherwise; n: the rows it was taken over. Scores "
        "on held-out titles measure the rules, not these dumps.",
        rows,
        nothing="Nothing was measured.",
    )


def _quarantine(tables: Tables) -> Figure:
    rows = (
        tables["quarantine"]
        .group_by("table", "column", "rule")
        .agg(rows=pl.len())
        .sort(["rows", "table", "column", "rule"], descending=[True, False, False, False])
        .collect()
    )
    by_rule = rows.group_by(rule=in_words("rule")).agg(pl.col("rows").sum())
    by_rule = by_rule.sort(["rows", "rule"], descending=[True, False])
    return Figure(
        "quarantine",
        "Quarantine, by rule",
        "Rows taken out of the tables, or values set to null (where a column is named), because they broke a rule.",
        rows,
        ranked_bars(by_rule, "rule", "rows", unit="rows") if rows.height else None,
        "Nothing is in quarantine.",
    )


def _rejected(tables: Tables) -> Figure:
    rows = (
        tables["raw_records"]
        .filter(pl.col("status") == "rejected")
        .group_by("reason", "raw_format")
        .agg(records=pl.len())
        .sort(["records", "reason", "raw_format"], descending=[True, False, False])
        .collect()
    )
    by_reason = rows.group_by(reason=in_words("reason")).agg(pl.col("records").sum())
    by_reason = by_reason.sort(["records", "reason"], descending=[True, False])
    return Figure(
        "rejected-records",
        "Rejected records, by reason",
        "Raw records that could not be read. They stay in raw_records with their place in the dump.",
        rows,
        ranked_bars(by_reason, "reason", "records", unit="records") if rows.height else None,
        "No record was rejected.",
    )
