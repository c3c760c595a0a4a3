"""event_forms: every distinct wording of an event, and the register that keeps event ids stable."""

import polars as pl

from schemas import columns
from schemas.model import TableModel, Timestamp, field, known_together, row_rule
from schemas.table import Table


class EventForms(TableModel):
    """One row per distinct wording."""

    form_id: str = columns.own_id(
        "f", "Form", "The wording's id, made from published_on, title and teaser and nothing else."
    )
    event_id: str = columns.event_id("The event this is a wording of.")
    published_on: pl.Date = columns.published_on("Date as this wording prints it; null where it prints none.")
    title: str = columns.title("Title as this wording prints it; null where it prints none.")
    teaser: str = columns.teaser(
        "Text as this wording prints it; null where it prints none. For an event known from its article only it is the "
        "start of the article (at most 500 characters, as a teaser of it would begin), so that untitled items differ."
    )
    match: str = field(
        "Match",
        "How the wording came to its event.",
        term="dcterms:provenance",
        values={
            "seed": "the others were compared with it",
            "exact": "equal",
            "normalised": "equal but for quotes, dashes, blanks and letter case",
            "near": "an edit or an extension, by the decisions in event_match_decisions",
        },
    )
    similarity: pl.Float64 = columns.similarity(
        "Similarity", "How near it is to the wording it was matched with; null where nothing was compared."
    )
    n_observations: pl.Int64 = columns.count(
        "Observations",
        "Teasers that print this wording; 0 for a wording known from an article or an earlier release only.",
        unit="observations",
    )
    first_captured_at: Timestamp = columns.first_captured_at("this wording")
    last_captured_at: Timestamp = columns.last_captured_at("this wording")
    is_seed: bool = columns.is_seed("event")
    since_release: str = columns.since_release(
        "The release that first published this wording; null in a build that has not been released."
    )

    @row_rule("first_captured_at is not after last_captured_at.")
    def first_captured_before_last(cls) -> pl.Expr:
        """Instants in order."""
        return pl.col("first_captured_at") <= pl.col("last_captured_at")

    @row_rule("first_captured_at and last_captured_at are both known or both null.")
    def capture_span_is_whole(cls) -> pl.Expr:
        """Both or neither."""
        return known_together("first_captured_at", "last_captured_at")


TABLE = Table(
    name="event_forms",
    model=EventForms,
    title="Forms of events",
    description="One row per distinct wording (date, title, teaser) of an event; the register of event ids.",
    key=("form_id",),
    stage="resolve",
    group="evidence",
)
