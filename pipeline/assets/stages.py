"""The stages as multi-assets: one pass yields all tables of a stage."""

from collections.abc import Iterator

import dagster as dg
import polars as pl

from pipeline.assets.resource import BuildArguments
from pipeline.assets.specs import MEASURE, READ, RESOLVE, markdown_table, materialized, table_specs
from pipeline.stages import measure, read, resolve
from pipeline.stages.inputs import find_inputs
from pipeline.stages.staging import scan_staged
from pipeline.workspace import Workspace, prepare


@dg.multi_asset(specs=table_specs(*read.TABLES, group=READ), name="read")
def read_tables(build: dg.ResourceParam[BuildArguments]) -> Iterator[dg.MaterializeResult[None]]:
    """Raw dumps to captures and the ledger."""
    request = build.request()
    prepare(request.workspace)
    for staged in read.read(request, find_inputs(request), build.progress()):
        yield materialized(request.workspace, staged)


@dg.multi_asset(specs=table_specs(*resolve.TABLES, group=RESOLVE, deps=read.TABLES), name="resolve")
def resolved_tables(build: dg.ResourceParam[BuildArguments]) -> Iterator[dg.MaterializeResult[None]]:
    """Observations to events, articles, versions, links and everything derived from them."""
    request = build.request()
    for staged in resolve.resolve(request, build.progress()):
        result = materialized(request.workspace, staged)
        if staged.table == "quarantine":
            result = result._replace(metadata={**(result.metadata or {}), "by rule": _by_rule(request.workspace)})
        yield result


@dg.multi_asset(specs=table_specs(*measure.TABLES, group=MEASURE, deps=(*read.TABLES, *resolve.TABLES)), name="measure")
def measured_tables(build: dg.ResourceParam[BuildArguments]) -> Iterator[dg.MaterializeResult[None]]:
    """How good the tables are, in figures."""
    request = build.request()
    for staged in measure.measure(request.workspace):
        yield materialized(request.workspace, staged)


def _by_rule(workspace: Workspace) -> dg.MarkdownMetadataValue:
    """How many rows each rule took out."""
    rows = scan_staged(workspace, "quarantine").group_by("table", "rule").agg(pl.len().alias("rows"))
    return dg.MetadataValue.md(markdown_table(rows.sort("table", "rule").collect()))
