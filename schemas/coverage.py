"""coverage: between which days a section's lists overlap, so that nothing can be missing."""

from typing import Any

import polars as pl

from schemas import columns
from schemas.model import TableModel, field, row_rule
from schemas.table import Table


def _edge(meaning: str) -> Any:
    return columns.capture_id(f"{meaning}; null where no capture bounds the interval there.", nullable=True)


class Coverage(TableModel):
    """One row per section and interval."""

    section: str = columns.section("The section whose lists were looked at.", nullable=False)
    from_on: pl.Date = field("From", "First day of the interval.", term="schema:startDate", unit="day")
    to_on: pl.Date = field("To", "Last day of the interval.", term="schema:endDate", unit="day")
    status: str = field(
        "Status",
        "What can be said about items published in the interval.",
        term="schema:temporalCoverage",
        values={
            "closed": "one list, or several that overlap, reach over it: nothing can be missing",
            "open": "the lists before and after it do not meet: items may be missing",
            "unobservable": "no capture with lists looks at it",
        },
    )
    capture_id_before: str = _edge("The capture that bounds the interval at its start")
    capture_id_after: str = _edge("The capture that bounds the interval at its end")

    @row_rule("from_on is not after to_on.")
    def interval_in_order(cls) -> pl.Expr:
        """Days in order."""
        return pl.col("from_on") <= pl.col("to_on")


TABLE = Table(
    name="coverage",
    model=Coverage,
    title="Coverage",
    description="One row per section and interval of days: whether the archive could have missed an item there.",
    key=("section", "from_on"),
    stage="resolve",
    group="quality",
)
