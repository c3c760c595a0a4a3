"""counter_observations: every "N days have passed since …" of every capture."""

import polars as pl

from schemas import columns
from schemas.model import TableModel, field, implies, known_together, row_rule
from schemas.table import Table


class CounterObservations(TableModel):
    """One row per counter per capture."""

    capture_id: str = columns.capture_id("The capture that prints the counter.")
    position: pl.Int32 = columns.position("Order of the counters on the page, from 0.")
    counter: str = field(
        "Counter",
        "The counter's slug, made from its label.",
        term="dcterms:subject",
        pattern=columns.SLUG,
        references="counters.counter",
    )
    label: str = field(
        "Label", "What is counted from, as printed after 'since'.", term="schema:name", pattern=columns.ONE_LINE
    )
    days: pl.Int32 = field("Days", "The number printed.", term="schema:value", unit="days", minimum=0)
    claim: str = field(
        "Claim",
        "What is printed after the dash: a contested claim of the publisher, recorded and not endorsed. Null where "
        "nothing follows.",
        term="schema:text",
        nullable=True,
        pattern=columns.ONE_LINE,
    )
    observed_on: pl.Date = field(
        "Observed on",
        "The date in the page's header (London's day); null where the page has no header.",
        term="schema:observationDate",
        unit="day",
        nullable=True,
    )
    start_on: pl.Date = field(
        "Start",
        "The day the count starts from: observed_on minus days; null where observed_on is.",
        term="schema:startDate",
        unit="day",
        nullable=True,
    )
    is_consistent: bool = field(
        "Consistent",
        "True where start_on is the counter's usual one; null where start_on is unknown.",
        term="schema:additionalProperty",
        nullable=True,
    )
    raw_text: str = field("Raw text", "The counter as printed.", term="schema:text")

    @row_rule("start_on is observed_on minus days.")
    def start_on_follows_days(cls) -> pl.Expr:
        """Calendar days."""
        return pl.col("start_on") == pl.col("observed_on") - pl.duration(days=pl.col("days"))

    @row_rule("start_on is known exactly where observed_on is.")
    def start_known_with_observed_on(cls) -> pl.Expr:
        """Both or neither."""
        return known_together("observed_on", "start_on")

    @row_rule("is_consistent is stated only where start_on is known.")
    def consistency_needs_start(cls) -> pl.Expr:
        """One way: while rows are read off a page the usual start is not known yet."""
        return implies(pl.col("is_consistent").is_not_null(), pl.col("start_on").is_not_null())


TABLE = Table(
    name="counter_observations",
    model=CounterObservations,
    title="Counter observations",
    description="One row per counter per capture: the number of days the site printed, and the day it counts from.",
    key=("capture_id", "position"),
    stage="parse",
    group="headline",
    is_headline=True,
)
