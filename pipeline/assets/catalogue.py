"""All assets and checks, in the order of the way of the data."""

from pipeline.assets.checks import table_rules
from pipeline.assets.publish import dataset
from pipeline.assets.report import report
from pipeline.assets.stages import measured_tables, read_tables, resolved_tables

ASSETS = (read_tables, resolved_tables, measured_tables, dataset, report)
CHECKS = (table_rules,)
