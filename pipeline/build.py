"""One build from start to end: look whether anything is new, and only then load Dagster and run the assets."""

import fcntl
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace

from pipeline.errors import ChanceryError
from pipeline.progress import Progress
from pipeline.request import BuildRequest
from pipeline.stages.inputs import find_inputs
from pipeline.summary import BuildSummary, load_last_build, published_files
from pipeline.workspace import Workspace, prepare


def build(
    request: BuildRequest,
    progress: Progress,
    ahead: Callable[[BuildRequest], BuildRequest] | None = None,
    after: Callable[[BuildSummary], None] | None = None,
) -> BuildSummary:
    """Bring outputs/tables up to date with the raw files.

    Args:
        request: what to do.
        progress: told how far it is.
        ahead: brings raw files here or does heavy pieces elsewhere, and gives the request of the build that goes on.
        after: takes the tables elsewhere. No other build changes the outputs before it is done.

    Raises:
        ChanceryError: nothing could be read, another build uses the same outputs, or a rule of a derived table broke;
            published tables are untouched then.
    """
    workspace = request.workspace
    with ExitStack() as held:
        try:
            held.enter_context(_alone(workspace))
            prepare(workspace)
        except OSError as error:
            where = f"{workspace.outputs} cannot be written ({error.strerror})"
            raise ChanceryError(f"{where}; name a place that can be with --outputs.") from error
        summary = _build(request if ahead is None else ahead(request), progress)
        if after is not None:
            after(summary)
        return summary


def _build(request: BuildRequest, progress: Progress) -> BuildSummary:
    workspace = request.workspace
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


@contextmanager
def _alone(workspace: Workspace) -> Iterator[None]:
    """Keep other builds off the outputs; the system lets go of the lock however this process ends."""
    workspace.lock.parent.mkdir(parents=True, exist_ok=True)
    with workspace.lock.open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            where = f"another build is at work in {workspace.outputs}"
            raise ChanceryError(f"{where}; wait for it, or name another place with --outputs.") from error
        yield


def _untouched(workspace: Workspace, summary: BuildSummary) -> bool:
    """Whether everything the last build wrote is as it left it; of the report, whether it is there."""
    return (
        bool(summary.files)
        and published_files(workspace.tables) == summary.files
        and (workspace.report / "index.html").is_file()
    )
