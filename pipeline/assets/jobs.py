"""The jobs that people and services start: which assets run together."""

import dagster as dg

from pipeline.assets.catalogue import ASSETS
from pipeline.assets.partitions import raw_dumps

_FROM_THE_START = {"dagster/retry_strategy": "ALL_STEPS"}
"""A service that tries a failed run again does all of its steps: another run may have cleared what it had staged."""

build_dataset = dg.define_asset_job(
    "build_dataset",
    selection=dg.AssetSelection.assets(*ASSETS),
    description="Everything, from the raw dumps to the published tables, as `chancery build` does it.",
    tags=_FROM_THE_START,
)

read_one_dump = dg.define_asset_job(
    "read_one_dump",
    selection=dg.AssetSelection.assets(raw_dumps),
    description="Reads one dump; the tables stay as they are until `build_dataset` runs.",
)
