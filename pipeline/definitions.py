"""What Dagster loads: the assets, their checks and the arguments of a build."""

import dagster as dg

from pipeline.assets.catalogue import ASSETS, CHECKS
from pipeline.assets.resource import Build

defs = dg.Definitions(
    assets=ASSETS,
    asset_checks=CHECKS,
    resources={"build": Build()},
    jobs=[
        dg.define_asset_job(
            "build_dataset",
            selection=dg.AssetSelection.all(),
            description="Everything, from raw dumps to the published tables.",
        )
    ],
    executor=dg.in_process_executor,
)
