"""Raw dumps as a partitioned asset, for those who run Dagster as a service: one partition per dump, one run reads one.

Only reading can be parted this way: which observations are the same thing is decided over all dumps together, by the
same assets that `chancery build` runs (`pipeline.assets.catalogue`). They find read what a partition's run has read.
"""

import dagster as dg

from pipeline.assets.resource import BuildArguments
from pipeline.assets.specs import READ
from pipeline.stages.dumps import DumpRead, read_dump
from pipeline.stages.inputs import find_inputs

DUMPS = dg.DynamicPartitionsDefinition(name="dumps")
"""Names of the dumps (`pipeline.stages.dumps.find_dumps`); the sensor adds and removes them."""


@dg.asset(partitions_def=DUMPS, group_name=READ)
def raw_dumps(context: dg.AssetExecutionContext, build: dg.ResourceParam[BuildArguments]) -> dg.MaterializeResult[None]:
    """A dump under the raw folders, read into slices under outputs/work, where the next build finds it."""
    request = build.request()
    done = read_dump(request, find_inputs(request), context.partition_key, build.progress())
    return dg.MaterializeResult(metadata=_figures(done))


def _figures(done: DumpRead) -> dict[str, int]:
    return {"files": done.n_files, "bytes": done.size, "slices": done.n_slices, "slices read now": done.n_read}
