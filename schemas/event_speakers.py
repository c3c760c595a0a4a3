"""event_speakers: everyone an event's title names as a speaker."""

import polars as pl

from schemas import columns
from schemas.model import TableModel, field, row_rule
from schemas.table import Table


class EventSpeakers(TableModel):
    """One row per event and speaker."""

    event_id: str = columns.event_id()
    position: pl.Int32 = columns.position("Order in which the title names the speakers, from 0.")
    name: str = field(
        "Name",
        "The name as printed in the title; null where the title gives only the office.",
        term="schema:name",
        nullable=True,
        pattern=columns.ONE_LINE,
    )
    role: str = field(
        "Role",
        "Office as printed in the title; null where the title gives none.",
        term="schema:jobTitle",
        nullable=True,
        pattern=columns.ONE_LINE,
    )

    @row_rule("A speaker has a name or an office.")
    def name_or_role_known(cls) -> pl.Expr:
        """At least one of the two."""
        return pl.col("name").is_not_null() | pl.col("role").is_not_null()


TABLE = Table(
    name="event_speakers",
    model=EventSpeakers,
    title="Speakers of events",
    description="One row per person or office an event's title names as a speaker; position 0 is events.speaker.",
    key=("event_id", "position"),
    stage="resolve",
    group="headline",
)
