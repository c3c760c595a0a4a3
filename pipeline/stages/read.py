"""Stage one: raw files to captures and the ledger, with what is published as it is read."""

import polars as pl

from pipeline.frames import RecordRow, row_schema
from pipeline.gather import gather
from pipeline.observe import record_row
from pipeline.progress import Progress
from pipeline.request import BuildRequest
from pipeline.resolve.counters import judge_counters
from pipeline.slices.pool import forget_slices, read_slices
from pipeline.slices.store import SliceStore, open_slices
from pipeline.stages.inputs import Inputs, keep_state
from pipeline.stages.staging import Staged, keep, kept, stage_tables
from pipeline.workspace import Workspace

TABLES = ("raw_records", "captures", "counter_observations", "unplaced_lines")
"""Tables this stage makes."""


def read(request: BuildRequest, inputs: Inputs, progress: Progress) -> list[Staged]:
    """Read every slice that is not read yet, choose captures, stage the tables of this stage."""
    workspace = request.workspace
    if request.fresh:
        forget_slices((), workspace.slices)
    read_slices(inputs.slices, workspace.slices, inputs.options, workers=request.workers, progress=progress)
    store = open_slices(inputs.slices, workspace.slices)
    problems = pl.DataFrame(
        [record_row(problem, None) for problem in inputs.discovery.problems],
        schema=row_schema(RecordRow),
        orient="row",
    ).with_columns(part=pl.lit(-1, dtype=pl.Int32))
    records = pl.concat([store.scan("records").collect(), problems])
    gathered = gather(records, store.scan("pages").collect())
    keep_state(workspace, inputs)
    keep(workspace, "chosen", gathered.captures)
    keep(workspace, "records", gathered.raw_records.select("raw_path", "record_no", "status", "reason", "detail"))
    counters = of_captures(workspace, store, "counters").collect()
    lines = of_captures(workspace, store, "lines").collect()
    forget_slices(inputs.slices, workspace.slices)
    return stage_tables(
        workspace,
        {
            "raw_records": gathered.raw_records.drop("detail"),
            "captures": gathered.captures.drop("part", "page_no"),
            "counter_observations": judge_counters(counters),
            "unplaced_lines": lines,
        },
    )


def of_captures(workspace: Workspace, store: SliceStore, table: str) -> pl.LazyFrame:
    """The rows of a slice table that belong to captures, each with its `capture_id`; a revisit repeats them."""
    chosen = kept(workspace, "chosen").select("part", "page_no", "capture_id")
    return store.scan(table).join(chosen, on=["part", "page_no"])
