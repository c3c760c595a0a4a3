"""id_redirects: ids of earlier releases that stand in no table any more."""

import polars as pl

from schemas import columns
from schemas.model import TableModel, field, row_rule
from schemas.table import Table


class IdRedirects(TableModel):
    """One row per retired id."""

    old_id: str = field(
        "Old id", "The id that is gone.", term="dcterms:identifier", pattern=f"^[aev]{columns.ID_DIGITS}$"
    )
    new_id: str = field(
        "New id",
        "The id that stands for it now; null where the thing was withdrawn.",
        term="dcterms:isReplacedBy",
        nullable=True,
        pattern=f"^[aev]{columns.ID_DIGITS}$",
    )
    reason: str = field(
        "Reason",
        "Why the id is gone.",
        term="dcterms:provenance",
        values={
            "merged": "two published ids turned out to be one thing",
            "withdrawn": "the thing is no longer published",
        },
    )
    since_release: str = columns.since_release(
        "The release that first lacked the old id; null in a build that has not been released."
    )

    @row_rule("A withdrawn id leads nowhere, a merged one somewhere.")
    def withdrawn_leads_nowhere(cls) -> pl.Expr:
        """Both ways."""
        return pl.col("new_id").is_null() == (pl.col("reason") == "withdrawn")

    @row_rule("An id leads to another id of the same kind.")
    def redirect_keeps_kind(cls) -> pl.Expr:
        """The letter stays, the id does not."""
        same_kind = pl.col("new_id").str.slice(0, 1) == pl.col("old_id").str.slice(0, 1)
        return same_kind & (pl.col("new_id") != pl.col("old_id"))


TABLE = Table(
    name="id_redirects",
    model=IdRedirects,
    title="Redirected ids",
    description="One row per id of an earlier release that stands in no table any more, and what stands for it.",
    key=("old_id",),
    stage="resolve",
    group="ledger",
)
