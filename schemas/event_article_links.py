"""event_article_links: which event an article is the text of, and how that is known."""

import polars as pl

from schemas import columns
from schemas.model import TableModel, field, implies, row_rule
from schemas.table import Table


class EventArticleLinks(TableModel):
    """One row per article."""

    article_id: str = columns.article_id("The article.")
    event_id: str = columns.event_id("The event it is the text of.")
    method: str = field(
        "Method",
        "How the link was found.",
        term="dcterms:provenance",
        values={
            "href": "a teaser's link leads to the article's URL",
            "text": "a teaser's title and text are the article's title and start",
            "article_only": "no teaser of it is known; the event was made from the article",
        },
    )
    similarity: pl.Float64 = columns.similarity(
        "Similarity", "Of the teaser's text and the article's start; null where they were not compared."
    )
    capture_id: str = columns.capture_id(
        "A capture whose teaser proves the link: the first that shows the href, or the wording that fits best; null "
        "where no teaser is known.",
        nullable=True,
    )

    @row_rule("A link found by text says how similar the texts are.")
    def text_link_has_similarity(cls) -> pl.Expr:
        """One way."""
        return implies(pl.col("method") == "text", pl.col("similarity").is_not_null())

    @row_rule("A link to a teaser names a capture that shows it, and no other does.")
    def teaser_link_has_capture(cls) -> pl.Expr:
        """Both ways."""
        return pl.col("capture_id").is_not_null() == (pl.col("method") != "article_only")


TABLE = Table(
    name="event_article_links",
    model=EventArticleLinks,
    title="Links of events and articles",
    description="One row per article: the event it is the text of, and how that is known.",
    key=("article_id",),
    stage="resolve",
    group="evidence",
)
