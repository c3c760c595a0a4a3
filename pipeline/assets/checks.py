"""One check per table over all staged tables: how often each rule was checked and broken, from `schemas`."""

from collections.abc import Iterator, Sequence

import dagster as dg

from pipeline.assets.resource import Build
from pipeline.check.set_rules import RuleResult, check_tables
from pipeline.stages.publish import keep_rules
from pipeline.stages.staging import scan_staged
from schemas.names import TABLE_NAMES

NAME = "rules"
"""Name of every table's check."""


@dg.multi_asset_check(
    specs=[
        dg.AssetCheckSpec(
            NAME, asset=name, blocking=True, description=f"All rules of {name} (docs/data-dictionary.md)."
        )
        for name in TABLE_NAMES
    ],
    name="check_rules",
)
def table_rules(build: Build) -> Iterator[dg.AssetCheckResult]:
    """Check every rule; a broken one keeps the tables from being published."""
    workspace = build.request().workspace
    results = check_tables({name: scan_staged(workspace, name) for name in TABLE_NAMES})
    keep_rules(workspace, results)
    for name in TABLE_NAMES:
        yield check_result(name, [result for result in results if result.table == name])


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
            "counts": {result.rule: {"checked": result.n_checked, "failed": result.n_failed} for result in results},
            "samples": {result.rule: list(result.samples) for result in failed},
        },
    )
