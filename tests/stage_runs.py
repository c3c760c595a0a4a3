"""Runs the stages of a build without Dagster, for tests that need many builds and not the history of each."""

from pipeline.check.set_rules import check_tables
from pipeline.progress import Silent
from pipeline.request import BuildRequest
from pipeline.stages import measure, read, resolve
from pipeline.stages.inputs import find_inputs
from pipeline.stages.publish import keep_rules, publish
from pipeline.stages.staging import scan_staged
from pipeline.workspace import prepare
from schemas.names import TABLE_NAMES


def run_stages(request: BuildRequest) -> None:
    """Make and publish the tables; every rule is checked as in a build.

    Raises:
        AssertionError: a rule broke.
    """
    prepare(request.workspace)
    inputs = find_inputs(request)
    read.read(request, inputs, Silent())
    resolve.resolve(request, Silent())
    measure.measure(request.workspace)
    results = check_tables({name: scan_staged(request.workspace, name) for name in TABLE_NAMES})
    broken = [f"{result.table}.{result.rule}" for result in results if result.n_failed and result.severity == "error"]
    assert not broken, broken
    keep_rules(request.workspace, results)
    publish(request)
