"""counters: what each counter counts from."""

import polars as pl

from schemas import columns
from schemas.model import TableModel, field, row_rule
from schemas.table import Table


class Counters(TableModel):
    """One row per counter."""

    counter: str = field(
        "Counter", "The counter's slug, made from its label.", term="dcterms:identifier", pattern=columns.SLUG
    )
    label: str = field(
        "Label",
        "What is counted from, as printed after 'since' most often.",
        term="schema:name",
        pattern=columns.ONE_LINE,
    )
    start_on: pl.Date = field(
        "Start",
        "The day most observations count from; null where no observation is dated.",
        term="schema:startDate",
        unit="day",
        nullable=True,
    )
    first_observed_on: pl.Date = field(
        "First observed on",
        "Earliest page date that shows the counter; null where no observation is dated.",
        term="schema:observationDate",
        unit="day",
        nullable=True,
    )
    last_observed_on: pl.Date = field(
        "Last observed on",
        "Latest page date that shows the counter; null where no observation is dated.",
        term="schema:observationDate",
        unit="day",
        nullable=True,
    )
    n_observations: pl.Int64 = columns.count(
        "Observations", "Rows of counter_observations.", unit="observations", minimum=1
    )
    n_inconsistent: pl.Int64 = columns.count(
        "Inconsistent observations", "Observations that count from another day than start_on.", unit="observations"
    )

    @row_rule("first_observed_on is not after last_observed_on.")
    def first_observed_before_last(cls) -> pl.Expr:
        """Days in order."""
        return pl.col("first_observed_on") <= pl.col("last_observed_on")

    @row_rule("No more observations are inconsistent than there are.")
    def inconsistent_within_observations(cls) -> pl.Expr:
        """A part of the whole."""
        return pl.col("n_inconsistent") <= pl.col("n_observations")


TABLE = Table(
    name="counters",
    model=Counters,
    title="Counters",
    description="One row per counter the site printed: the day it counts from, and how often it was seen.",
    key=("counter",),
    stage="resolve",
    group="evidence",
)
