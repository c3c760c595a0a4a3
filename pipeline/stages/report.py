"""The last stage: the report on the published tables; what it had to compare before, it remembers."""

from pipeline.remember import remembering
from pipeline.report.write import Written, write_report
from pipeline.request import BuildRequest
from pipeline.stages.inputs import code_digest


def report(request: BuildRequest) -> Written:
    """Write the report in place of the one that was."""
    workspace = request.workspace
    with remembering(workspace.caches / "report", code_digest(), fresh=request.fresh):
        return write_report(workspace.tables, workspace.report)
