"""One check per table over all staged tables: how often each rule was checked and broken, from `schemas`."""

from collections.abc import Iterator, Sequence

import dagster as dg
import polars as pl

from pipeline.assets.resource import BuildArguments
from pipeline.assets.specs import markdown_table
from pipeline.check.set_rules import RuleResult, check_tables
from pipeline.stages.publish import keep_rules
from pipeline.stages.staging import scan_staged
from schemas.names import TABLE_NAMES

NAME = "rules"
"""Name of every table's check."""

LAST = "quality_measures"
"""The table made last: what blocks it blocks publishing, and nothing before it."""

EVERY = "every_rule"
"""Name of the check that decides whether the tables are published."""


@dg.multi_asset_check(
    specs=[
        *(
            dg.AssetCheckSpec(NAME, asset=name, description=f"All rules of {name} (docs/data-dictionary.md).")
            for name in TABLE_NAMES
        ),
        dg.AssetCheckSpec(
            EVERY, asset=LAST, blocking=True, description="No table breaks a rule; otherwise nothing is published."
        ),
    ],
    name="check_rules",
)
def table_rules(build: dg.ResourceParam[BuildArguments]) -> Iterator[dg.AssetCheckResult]:
    """Check every rule; a broken one keeps the tables from being published."""
    workspace = build.request().workspace
    results = check_tables({name: scan_staged(workspace, name) for name in TABLE_NAMES})
    keep_rules(workspace, results)
    verdicts = [check_result(name, [result for result in results if result.table == name]) for name in TABLE_NAMES]
    yield from verdicts
    broken = [
        f"{verdict.asset_key.to_user_string()}: {verdict.description}"
        for verdict in verdicts
        if verdict.asset_key is not None and not verdict.passed and verdict.severity is dg.AssetCheckSeverity.ERROR
    ]
    yield dg.AssetCheckResult(
        asset_key=LAST, check_name=EVERY, passed=not broken, description="; ".join(broken) or None
    )


_COUNTS = dg.TableSchema(
    columns=[
        dg.TableColumn("rule", "string", description="Its name in the data dictionary."),
        dg.TableColumn("severity", "string", description="error: nothing is published; warning: it is told."),
        dg.TableColumn("checked", "int", description="Rows it looked at."),
        dg.TableColumn("failed", "int", description="Rows that break it."),
    ]
)


def check_result(table: str, results: Sequence[RuleResult]) -> dg.AssetCheckResult:
    """The verdict on one table: an error keeps it back, a warning is told."""
    failed = [result for result in results if result.n_failed]
    errors = [result for result in failed if result.severity == "error"]
    return dg.AssetCheckResult(
        asset_key=table,
        check_name=NAME,
        passed=not failed,
        severity=dg.AssetCheckSeverity.ERROR if errors else dg.AssetCheckSeverity.WARN,
        description=", ".join(f"{result.rule} ({result.n_failed} of {result.n_checked})" for result in failed) or None,
        metadata={
            "rules": len(results),
            "failed": len(failed),
            "counts": dg.MetadataValue.table(
                records=[
                    dg.TableRecord(
                        {
                            "rule": result.rule,
                            "severity": result.severity,
                            "checked": result.n_checked,
                            "failed": result.n_failed,
                        }
                    )
                    for result in results
                ],
                schema=_COUNTS,
            ),
            **({"samples": dg.MetadataValue.md(_samples(failed))} if failed else {}),
            "docs": dg.MetadataValue.path(f"docs/data-dictionary.md#{table}"),
        },
    )


def _samples(failed: Sequence[RuleResult]) -> str:
    """A few of the rows that break each rule, as a Markdown table."""
    rows = [(result.rule, sample) for result in failed for sample in result.samples]
    return markdown_table(pl.DataFrame(rows, schema={"rule": pl.String, "row": pl.String}, orient="row"))
