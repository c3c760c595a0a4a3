"""article_observations: every capture that shows an article."""

import polars as pl

from schemas import columns
from schemas.model import TableModel, field
from schemas.table import Table


class ArticleObservations(TableModel):
    """One row per capture that shows an article."""

    capture_id: str = columns.capture_id("The capture that shows the article.")
    article_id: str = columns.article_id("The article it shows.")
    version_id: str = columns.version_id(
        "The version it shows; null for a truncated text that fits several versions or adds nothing.", nullable=True
    )
    title: str = columns.title("Title as this page prints it; null where it prints none.")
    published_on: pl.Date = columns.published_on("Date as this page prints it; null where it prints none (layout A).")
    section: str = columns.section("Label as this page prints it; null where it prints none.")
    is_truncated: bool = field(
        "Truncated", "True where the dump ends inside the article.", term="schema:additionalProperty"
    )
    n_paragraphs: pl.Int64 = columns.count("Paragraphs", "Paragraphs of the body on this page.", unit="paragraphs")


TABLE = Table(
    name="article_observations",
    model=ArticleObservations,
    title="Article observations",
    description="One row per capture that shows an article: what this page prints over its text.",
    key=("capture_id",),
    stage="resolve",
    group="evidence",
)
