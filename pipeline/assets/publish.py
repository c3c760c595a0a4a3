"""The last asset: the checked tables put in view, all of them or none."""

import dagster as dg

from pipeline.assets.resource import BuildArguments
from pipeline.assets.specs import PUBLISH
from pipeline.stages.publish import publish
from schemas.names import TABLE_NAMES


@dg.asset(deps=list(TABLE_NAMES), group_name=PUBLISH, kinds={"parquet"})
def dataset(build: dg.ResourceParam[BuildArguments]) -> dg.MaterializeResult[None]:
    """The published folder outputs/tables: every table of this build, all of them or none, checked.

    How to load them: `README.md`. What each column means: `docs/data-dictionary.md`.
    """
    request = build.request()
    summary = publish(request)
    return dg.MaterializeResult(
        metadata={
            "tables": len(summary.tables),
            "rows": sum(table.n_rows for table in summary.tables),
            "quarantined": summary.n_quarantined,
            "rules": sum(table.n_rules for table in summary.tables),
            "rules with exceptions": sum(table.n_failed for table in summary.tables),
            **{f"raw records: {status}": number for status, number in summary.statuses.items()},
            "folder": dg.MetadataValue.path(str(request.workspace.tables)),
        }
    )
