"""The asset for people who look: the report and explorer, a folder that opens from disk."""

import dagster as dg

from pipeline.assets.resource import BuildArguments
from pipeline.assets.specs import PUBLISH


@dg.asset(deps=["dataset"], group_name=PUBLISH, kinds={"html"})
def report(build: dg.ResourceParam[BuildArguments]) -> dg.MaterializeResult[None]:
    """The folder outputs/report: charts with their tables, and an explorer of all events; open index.html."""
    from pipeline.stages.report import report as write

    request = build.request()
    written = write(request)
    return dg.MaterializeResult(
        metadata={
            "page": dg.MetadataValue.path(str(request.workspace.report / "index.html")),
            "figures": written.n_figures,
            "events in the explorer": written.n_events,
            "files": written.n_files,
            "bytes": written.size,
        }
    )
