"""quarantine: rows read off pages that broke a rule, and derived values that could not be trusted."""

import polars as pl

from schemas import columns
from schemas.model import TableModel, field, implies, row_rule
from schemas.names import READ_OFF_A_PAGE, TABLE_NAMES
from schemas.table import Table


class Quarantine(TableModel):
    """One row per broken rule of a row, or per value that was not trusted."""

    quarantine_no: pl.Int64 = field(
        "Number", "Running number from 0, by table, row key, column and rule.", term="schema:position", minimum=0
    )
    table: str = field("Table", "The table the row belongs to.", term="dcterms:isPartOf", values=TABLE_NAMES)
    row_key: str = field(
        "Key of the row", "The row's key, its parts joined by '/'.", term="dcterms:identifier", pattern="^\\S"
    )
    column: str = field(
        "Column",
        "The column whose value was not trusted and is null; null itself where the whole row was taken out.",
        term="schema:measuredProperty",
        nullable=True,
        pattern=columns.SNAKE_CASE,
    )
    rule: str = field(
        "Rule",
        "The rule's name; parent_quarantined for a row whose capture was removed.",
        term="dcterms:conformsTo",
        pattern=columns.SNAKE_CASE,
    )
    row: str = field(
        "Row",
        "The row as it was read, as JSON with sorted keys.",
        term="dcterms:description",
        pattern="^\\{(?s:.*)\\}$",
    )
    capture_id: str = field(
        "Capture",
        "The capture the row was read from; null for a value that was not read off one capture.",
        term="dcterms:relation",
        nullable=True,
        pattern=f"^c{columns.ID_DIGITS}$",
    )

    @row_rule("Whole rows are removed only from tables that are read off pages.")
    def whole_rows_only_from_pages(cls) -> pl.Expr:
        """A derived row never goes: its value does."""
        return implies(pl.col("column").is_null(), pl.col("table").is_in(READ_OFF_A_PAGE))


TABLE = Table(
    name="quarantine",
    model=Quarantine,
    title="Quarantine",
    description=(
        "One row per rule a row read off a page broke (the row stands here and nowhere else), and per derived value "
        "that was not trusted (the value is null, the row stays)."
    ),
    key=("quarantine_no",),
    stage="resolve",
    group="ledger",
)
