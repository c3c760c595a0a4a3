"""unplaced_lines: the lines of captures that the parser could not place."""

import polars as pl

from schemas import columns
from schemas.model import TableModel, field
from schemas.table import Table


class UnplacedLines(TableModel):
    """One row per line."""

    capture_id: str = columns.capture_id("The capture the line stands in.")
    line_no: pl.Int32 = columns.line_no("Line of the page, from 1.")
    text: str = field("Text", "The line as it stands on the page.", term="schema:text", pattern="^.*\\S")


TABLE = Table(
    name="unplaced_lines",
    model=UnplacedLines,
    title="Unplaced lines",
    description="One row per line of a capture that is part of no output; kept, so that nothing is lost silently.",
    key=("capture_id", "line_no"),
    stage="parse",
    group="ledger",
)
