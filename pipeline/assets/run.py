"""Runs the assets in this process for `chancery build`: Dagster's history under outputs/, its own log kept quiet."""

import logging
import os
from pathlib import Path

import dagster as dg

from pipeline.assets.resource import Build
from pipeline.errors import ChanceryError
from pipeline.progress import Progress
from pipeline.request import BuildRequest

_SETTINGS = "telemetry:\n  enabled: false\nnux:\n  enabled: false\n"


class _Asked(Build):
    """Hands on the request of the command line as it is."""

    _request: BuildRequest
    _progress: Progress

    def request(self) -> BuildRequest:
        """What was asked for."""
        return self._request

    def progress(self) -> Progress:
        """Who asked."""
        return self._progress

    @classmethod
    def of(cls, request: BuildRequest, progress: Progress) -> "_Asked":
        """A resource that answers with this request."""
        asked = cls()
        asked._request = request
        asked._progress = progress
        return asked


def dagster_home(folder: Path) -> Path:
    """Make the folder Dagster keeps its history in, telemetry off."""
    folder.mkdir(parents=True, exist_ok=True)
    settings = folder / "dagster.yaml"
    if not settings.exists():
        settings.write_text(_SETTINGS, encoding="utf-8")
    return folder.resolve()


def materialize(request: BuildRequest, progress: Progress) -> None:
    """Materialise every asset in this process.

    Raises:
        ChanceryError: what a stage raised, or the rules that broke.
    """
    from pipeline.definitions import ASSETS

    home = dagster_home(request.workspace.dagster_home)
    os.environ["DAGSTER_DISABLE_TELEMETRY"] = "1"
    for name in ("dagster", "alembic"):
        logging.getLogger(name).setLevel(logging.CRITICAL)
    with dg.DagsterInstance.from_config(str(home)) as instance:
        result = dg.materialize(
            ASSETS,
            instance=instance,
            resources={"build": _Asked.of(request, progress)},
            run_config={"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}},
            raise_on_error=False,
        )
    if not result.success:
        raise _failure(result)


def _failure(result: dg.ExecuteInProcessResult) -> Exception:
    broken = [
        f"{check.asset_key.to_user_string()}: {check.description}"
        for check in result.get_asset_check_evaluations()
        if not check.passed and check.severity is dg.AssetCheckSeverity.ERROR
    ]
    if broken:
        return ChanceryError("the tables were not published, for rules broke: " + "; ".join(broken))
    for event in result.all_events:
        if event.is_step_failure and event.step_failure_data.error is not None:
            error = event.step_failure_data.error
            cause = error.cause or error
            return ChanceryError(
                cause.message.partition(": ")[2].strip() if cause.cls_name == "ChanceryError" else cause.to_string()
            )
    return ChanceryError("the build failed; see the run's history with `chancery ui`.")
