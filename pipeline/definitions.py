"""What Dagster loads: the assets, their checks and the arguments of a build."""

import dagster as dg

from pipeline.assets.checks import table_rules
from pipeline.assets.publish import dataset
from pipeline.assets.resource import Build
from pipeline.assets.stages import measured_tables, read_tables, resolved_tables

ASSETS = [read_tables, resolved_tables, measured_tables, table_rules, dataset]

defs = dg.Definitions(
    assets=[read_tables, resolved_tables, measured_tables, dataset],
    asset_checks=[table_rules],
    resources={"build": Build()},
    jobs=[dg.define_asset_job("build", selection="*", description="Everything, from raw dumps to the published tables.")],
    executor=dg.in_process_executor,
)
