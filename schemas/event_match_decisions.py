"""event_match_decisions: every comparison of two wordings, with its verdict and reason."""

import polars as pl

from schemas import columns
from schemas.model import TableModel, field, row_rule
from schemas.table import Table


class EventMatchDecisions(TableModel):
    """One row per pair of forms compared."""

    form_id_a: str = columns.form_id("The form with the smaller id.")
    form_id_b: str = columns.form_id("The form with the larger id.")
    same: bool = field("Same", "Whether the two are one event's wordings.", term="schema:value")
    reason: str = field(
        "Reason", "The rule that decided, as a word.", term="dcterms:provenance", pattern=columns.SNAKE_CASE
    )
    title_similarity: pl.Float64 = columns.similarity(
        "Similarity of titles", "Of the two titles; null where one has none or it was not needed."
    )
    text_similarity: pl.Float64 = columns.similarity(
        "Similarity of texts", "Of the two teaser texts; null where one has none or it was not needed."
    )

    @row_rule("form_id_a is smaller than form_id_b.")
    def forms_in_order(cls) -> pl.Expr:
        """Each pair stands once."""
        return pl.col("form_id_a") < pl.col("form_id_b")


TABLE = Table(
    name="event_match_decisions",
    model=EventMatchDecisions,
    title="Match decisions on events",
    description="One row per pair of wordings that were compared: the verdict, and the reason it rests on.",
    key=("form_id_a", "form_id_b"),
    stage="resolve",
    group="evidence",
)
