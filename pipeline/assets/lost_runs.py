"""From the history of a service to the runs that nobody works on any more, which are ended before its daemon starts.

The decision made here: when the daemon starts, no run can be under way, for runs are its children and end with its
unit (docs/operate.md). Dagster itself cannot tell: its monitoring asks the launcher, and the one that starts runs on
the same machine gives no answer. A run that a power cut has ended would count as under way, and with one run at a time
no other would ever begin.
"""

import dagster as dg

_LOST = [dg.DagsterRunStatus.STARTING, dg.DagsterRunStatus.STARTED, dg.DagsterRunStatus.CANCELING]


def end_lost_runs(instance: dg.DagsterInstance) -> list[str]:
    """Mark runs as failed, so that they are retried, or as canceled where that was under way; return their ids."""
    lost = instance.get_runs(dg.RunsFilter(statuses=_LOST))
    for run in lost:
        if run.status == dg.DagsterRunStatus.CANCELING:
            instance.report_run_canceled(run)
        else:
            instance.report_run_failed(run, "The service was ended while this run was under way.")
    return [run.run_id for run in lost]


def main() -> None:
    """End the lost runs of the instance that DAGSTER_HOME names."""
    with dg.DagsterInstance.get() as instance:
        for run_id in end_lost_runs(instance):
            print(f"run {run_id} was under way when the service ended; it is over now.")


if __name__ == "__main__":
    main()
