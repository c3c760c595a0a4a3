"""teaser_observations: every teaser of every capture."""

import polars as pl

from schemas import columns
from schemas.model import TableModel, field
from schemas.table import Table


class TeaserObservations(TableModel):
    """One row per teaser per capture."""

    capture_id: str = columns.capture_id("The capture that prints the teaser.")
    position: pl.Int32 = columns.position(
        "Order of the teasers on the page, from 0; a quarantined teaser leaves a gap."
    )
    form_id: str = columns.form_id("The wording printed.")
    event_id: str = columns.event_id("The event the wording belongs to.")
    href_urlkey: str = columns.urlkey(
        "Where the title's link leads, as a key; null where the raw form kept no links or the title has none."
    )
    line_no: pl.Int32 = columns.line_no("Line of the page on which the title stands, from 1.")
    is_repeat: bool = field(
        "Repeat",
        "True where the same page printed the item before.",
        term="schema:additionalProperty",
    )


TABLE = Table(
    name="teaser_observations",
    model=TeaserObservations,
    title="Teaser observations",
    description="One row per teaser per capture: that this page showed this wording of this event at this place.",
    key=("capture_id", "position"),
    stage="resolve",
    group="evidence",
)
