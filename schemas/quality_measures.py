"""quality_measures: how good the dataset is, in numbers with their ground."""

import polars as pl

from schemas import columns
from schemas.model import TableModel, field
from schemas.table import Table


class QualityMeasures(TableModel):
    """One row per measure."""

    measure: str = field(
        "Measure", "What is measured, as a word.", term="schema:measuredProperty", pattern=columns.SNAKE_CASE
    )
    value: pl.Float64 = field(
        "Value", "The figure; null where there was nothing to measure.", term="schema:value", nullable=True
    )
    n: pl.Int64 = columns.count(
        "Cases", "How many cases the figure rests on; null where it counts none.", unit="cases", nullable=True
    )
    how: str = field(
        "How", "How it was measured, in a sentence.", term="schema:measurementTechnique", pattern=columns.ONE_LINE
    )


TABLE = Table(
    name="quality_measures",
    model=QualityMeasures,
    title="Quality measures",
    description="One row per measure of the dataset's quality, with the number of cases it rests on.",
    key=("measure",),
    stage="check",
    group="quality",
)
