"""What Dagster loads as a service (docs/operate.md): `pipeline.definitions`, dumps as partitions, and a sensor.

A module of its own, because a partitioned asset among the others would make `--select '*'` ask for a partition.
"""

import dagster as dg

from pipeline import definitions
from pipeline.assets.jobs import read_one_dump
from pipeline.assets.partitions import raw_dumps
from pipeline.assets.sensors import new_dumps

defs = dg.Definitions.merge(
    definitions.defs,
    dg.Definitions(assets=[raw_dumps], jobs=[read_one_dump], sensors=[new_dumps]),
)
