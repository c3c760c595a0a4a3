"""Runs the assets in this process for `chancery build`: Dagster's history under outputs/, its own log kept quiet."""

import logging
import os

import dagster as dg

from pipeline.assets.checks import EVERY
from pipeline.assets.history import open_history
from pipeline.assets.resource import Asked
from pipeline.dagster_home import dagster_home
from pipeline.errors import ChanceryError, StageFailedError
from pipeline.interrupts import interrupts_arrive
from pipeline.progress import Progress
from pipeline.request import BuildRequest


def materialize(request: BuildRequest, progress: Progress) -> None:
    """Materialise every asset in this process.

    Raises:
        ChanceryError: what a stage raised, or the rules that broke.
        StageFailedError: what a stage raised that nobody foresaw.
        KeyboardInterrupt: someone stopped the build.
    """
    from pipeline.assets.catalogue import ASSETS, CHECKS

    home = dagster_home(request.workspace.dagster_home)
    os.environ["DAGSTER_DISABLE_TELEMETRY"] = "1"
    for name in ("dagster", "alembic", "sqlalchemy"):
        logging.getLogger(name).setLevel(logging.CRITICAL)
    with open_history(home) as instance, interrupts_arrive(dg.DagsterExecutionInterruptedError):
        result = dg.materialize(
            [*ASSETS, *CHECKS],
            instance=instance,
            resources={"build": Asked(request, progress)},
            run_config={"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}},
            raise_on_error=False,
        )
    if not result.success:
        raise _failure(result)


def _failure(result: dg.ExecuteInProcessResult) -> BaseException:
    for check in result.get_asset_check_evaluations():
        if check.check_name == EVERY and not check.passed:
            return ChanceryError(f"rules broke, so the published tables stay as they were: {check.description}")
    for event in result.all_events:
        if event.is_step_failure and event.step_failure_data.error is not None:
            error = event.step_failure_data.error
            cause = error.cause or error
            words = cause.message.partition(": ")[2].strip()
            if cause.cls_name == dg.DagsterExecutionInterruptedError.__name__:
                return KeyboardInterrupt()
            if cause.cls_name == "ChanceryError":
                return ChanceryError(words)
            return StageFailedError(cause.cls_name or "error", words, cause.to_string())
    return ChanceryError("the build failed; see the run's history with `chancery ui`.")
