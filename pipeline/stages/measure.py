"""Stage three: how good the tables are, as figures with their definitions."""

from pipeline.resolve.quality import measure_quality
from pipeline.stages.staging import Staged, scan_staged, stage_tables
from pipeline.workspace import Workspace
from schemas.names import TABLE_NAMES

TABLES = ("quality_measures",)
"""Tables this stage makes."""


def measure(workspace: Workspace) -> list[Staged]:
    """Measure the staged tables."""
    tables = {name: scan_staged(workspace, name) for name in TABLE_NAMES if name not in TABLES}
    return stage_tables(workspace, {"quality_measures": measure_quality(tables)})
