"""articles: one row per article, merged over its captures."""

import polars as pl

from schemas import columns
from schemas.model import TableModel, Timestamp, field, implies, known_together, row_rule
from schemas.table import Table


class Articles(TableModel):
    """One row per article."""

    article_id: str = columns.own_id("a", "Article", "The article's lasting id.")
    event_id: str = columns.event_id("The event (published item) whose text this article is.")
    url: str = columns.url("URL of the newest capture that carries one; null where no capture did.")
    urlkey: str = columns.urlkey("The URL as a key; null where no capture carried a URL.")
    section: str = columns.section(
        "Label printed over the article, else over a list that shows its teaser; null where no capture prints either."
    )
    title: str = columns.title("Title of the newest complete version; null for an article printed without one.")
    first_title: str = columns.title(
        "Title of the oldest version; differs from title where the title was edited. Null where that version has none.",
        name="First title",
    )
    published_on: pl.Date = columns.published_on(
        "Day of publication as the site prints it; null where neither the article's page nor a teaser of it does."
    )
    published_on_source: str = columns.published_on_source()
    body: str = columns.body(
        "Text of the newest complete version (of the longest one where is_truncated): paragraphs in order, parted by "
        "an empty line. Null for an article without a text."
    )
    language: str = field(
        "Language",
        "Language of the body as ISO 639-1; null where the text is too short to tell or there is none.",
        term="schema:inLanguage",
        nullable=True,
        pattern=columns.LANGUAGE,
    )
    n_words: pl.Int64 = field(
        "Words",
        "Number of words of the body; null without a body.",
        term="schema:wordCount",
        unit="words",
        nullable=True,
        minimum=0,
    )
    first_captured_at: Timestamp = columns.first_captured_at("the article")
    last_captured_at: Timestamp = columns.last_captured_at("the article")
    n_captures: pl.Int64 = columns.count(
        "Captures", "Captures that show the article: measures crawling, not prominence.", unit="captures", minimum=1
    )
    n_versions: pl.Int64 = columns.count("Versions", "Distinct texts seen.", unit="versions")
    is_truncated: bool = field(
        "Truncated", "True where no capture shows the whole article.", term="schema:additionalProperty"
    )
    source_capture_id: str = columns.source_capture_id()

    @row_rule("published_on has a source exactly where it is known.")
    def published_on_has_source(cls) -> pl.Expr:
        """Both or neither."""
        return known_together("published_on", "published_on_source")

    @row_rule("first_captured_at is not after last_captured_at.")
    def first_captured_before_last(cls) -> pl.Expr:
        """Instants in order."""
        return pl.col("first_captured_at") <= pl.col("last_captured_at")

    @row_rule("first_captured_at and last_captured_at are both known or both null.")
    def capture_span_is_whole(cls) -> pl.Expr:
        """Both or neither."""
        return known_together("first_captured_at", "last_captured_at")

    @row_rule("n_words is known exactly where there is a body.")
    def words_counted_with_body(cls) -> pl.Expr:
        """Both or neither."""
        return known_together("n_words", "body")

    @row_rule("A language is stated only for a body.")
    def language_needs_body(cls) -> pl.Expr:
        """One way."""
        return implies(pl.col("language").is_not_null(), pl.col("body").is_not_null())

    @row_rule("There are no more versions than captures.")
    def versions_within_captures(cls) -> pl.Expr:
        """Each version was captured."""
        return pl.col("n_versions") <= pl.col("n_captures")


TABLE = Table(
    name="articles",
    model=Articles,
    title="Articles",
    description="One row per article of the site, merged over all captures that show it.",
    key=("article_id",),
    stage="resolve",
    group="headline",
    is_headline=True,
)
