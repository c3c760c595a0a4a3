"""The last asset: the checked tables put in view, all of them or none."""

import dagster as dg

from pipeline.assets.resource import BuildArguments
from pipeline.stages.publish import publish
from schemas.names import TABLE_NAMES


@dg.asset(deps=list(TABLE_NAMES), group_name="published", kinds={"parquet"})
def dataset(build: dg.ResourceParam[BuildArguments]) -> dg.MaterializeResult[None]:
    """The published folder outputs/tables: every table of this build, checked."""
    request = build.request()
    summary = publish(request)
    return dg.MaterializeResult(
        metadata={
            "tables": len(summary.tables),
            "rows": sum(table.n_rows for table in summary.tables),
            "quarantined": summary.n_quarantined,
            "raw records": summary.statuses,
            "folder": dg.MetadataValue.path(str(request.workspace.tables)),
        }
    )
