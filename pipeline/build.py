"""One build from start to end: look whether anything is new, and only then load Dagster and run the assets."""

from dataclasses import replace

from pipeline.errors import ChanceryError
from pipeline.progress import Progress
from pipeline.request import BuildRequest
from pipeline.stages.inputs import find_inputs
from pipeline.summary import BuildSummary, load_last_build, published_files
from pipeline.workspace import Workspace, prepare


def build(request: BuildRequest, progress: Progress) -> BuildSummary:
    """Bring outputs/tables up to date with the raw files.

    Raises:
        ChanceryError: nothing could be read, or a rule of a derived table broke; published tables are untouched then.
    """
    workspace = request.workspace
    try:
        prepare(workspace)
    except OSError as error:
        where = f"{workspace.outputs} cannot be written ({error.strerror})"
        raise ChanceryError(f"{where}; name a place that can be with --outputs.") from error
    inputs = find_inputs(request)
    known = load_last_build(workspace.build_state)
    if (
        not request.fresh
        and known is not None
        and known.fingerprint == inputs.fingerprint
        and _untouched(workspace, known.summary)
    ):
        return replace(known.summary, up_to_date=True)
    from pipeline.assets.run import materialize

    materialize(request, progress)
    done = load_last_build(workspace.build_state)
    assert done is not None
    return done.summary


def _untouched(workspace: Workspace, summary: BuildSummary) -> bool:
    """Whether everything the last build wrote is as it left it; of the report, whether it is there."""
    return (
        bool(summary.files)
        and published_files(workspace.tables) == summary.files
        and (workspace.report / "index.html").is_file()
    )
