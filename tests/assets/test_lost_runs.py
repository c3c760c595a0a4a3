"""Runs that a power cut ended: over when the daemon of a service starts, so that they hold up no other."""

import dagster as dg
import pytest
from dagster._core.execution.plan.resume_retry import ReexecutionStrategy
from dagster._daemon.auto_run_reexecution.auto_run_reexecution import get_reexecution_strategy

from pipeline.assets.lost_runs import end_lost_runs
from pipeline.service import defs

Status = dg.DagsterRunStatus


EVENTS = {
    Status.STARTING: dg.DagsterEventType.RUN_STARTING,
    Status.STARTED: dg.DagsterEventType.RUN_START,
    Status.CANCELING: dg.DagsterEventType.RUN_CANCELING,
    Status.SUCCESS: dg.DagsterEventType.RUN_SUCCESS,
    Status.FAILURE: dg.DagsterEventType.RUN_FAILURE,
}


def run_with(instance: dg.DagsterInstance, status: dg.DagsterRunStatus) -> str:
    """A run that has come to a status."""
    run = instance.create_run_for_job(defs.resolve_job_def("build_dataset"))
    if status in EVENTS:
        event = dg.DagsterEvent(event_type_value=EVENTS[status].value, job_name=run.job_name)
        instance.report_dagster_event(event, run_id=run.run_id)
    return run.run_id


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (Status.STARTING, Status.FAILURE),
        (Status.STARTED, Status.FAILURE),
        (Status.CANCELING, Status.CANCELED),
        (Status.NOT_STARTED, Status.NOT_STARTED),
        (Status.SUCCESS, Status.SUCCESS),
        (Status.FAILURE, Status.FAILURE),
    ],
)
def test_what_was_under_way_is_over_and_what_waits_goes_on_waiting(
    before: dg.DagsterRunStatus, after: dg.DagsterRunStatus
) -> None:
    with dg.DagsterInstance.ephemeral() as instance:
        run_id = run_with(instance, before)
        ended = end_lost_runs(instance)
        run = instance.get_run_by_id(run_id)
        assert run is not None
        assert run.status == after
        assert ended == ([run_id] if before != after else [])


def test_a_build_is_tried_again_from_its_start() -> None:
    with dg.DagsterInstance.ephemeral() as instance:
        job = defs.resolve_job_def("build_dataset")
        run = instance.create_run_for_job(job, tags=job.run_tags)
        assert get_reexecution_strategy(run, instance) is ReexecutionStrategy.ALL_STEPS


def test_nothing_is_lost_where_nothing_ran() -> None:
    with dg.DagsterInstance.ephemeral() as instance:
        assert end_lost_runs(instance) == []
