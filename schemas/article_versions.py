"""article_versions: every distinct text of an article, and what changed from one to the next."""

from typing import Any

import polars as pl

from schemas import columns
from schemas.model import TableModel, Timestamp, field, known_together, row_rule
from schemas.table import Table


def _n_changed(title: str, meaning: str) -> Any:
    return columns.count(title, f"{meaning}; null for the first version.", unit="words", nullable=True)


def _changed(title: str, meaning: str) -> Any:
    return field(
        title,
        f"{meaning}, in order, parted by a space; '' where there are none, null for the first version.",
        term="schema:text",
        nullable=True,
    )


class ArticleVersions(TableModel):
    """One row per distinct text."""

    version_id: str = columns.own_id("v", "Version", "The version's lasting id.")
    article_id: str = columns.article_id("The article it is a text of.")
    version: pl.Int32 = field(
        "Version",
        "Number of the version within its article, from 1, by first capture; may change when older captures turn up.",
        term="schema:version",
        minimum=1,
    )
    title: str = columns.title("Title of this version; null where it has none.")
    body: str = columns.body("Text of this version; null for an article without a text.")
    body_sha256: str = columns.sha256("SHA-256 of the body", "Digest of body in UTF-8; null without a body.")
    first_captured_at: Timestamp = columns.first_captured_at("this version")
    last_captured_at: Timestamp = columns.last_captured_at("this version")
    n_captures: pl.Int64 = columns.count("Captures", "Captures that show this version.", unit="captures", minimum=1)
    n_words_added: pl.Int64 = _n_changed("Words added", "Words this version has over the one before")
    n_words_removed: pl.Int64 = _n_changed("Words removed", "Words of the version before that this one lacks")
    words_added: str = _changed("Added words", "The words added against the version before")
    words_removed: str = _changed("Removed words", "The words removed against the version before")
    source_capture_id: str = columns.source_capture_id()

    @row_rule("first_captured_at is not after last_captured_at.")
    def first_captured_before_last(cls) -> pl.Expr:
        """Instants in order."""
        return pl.col("first_captured_at") <= pl.col("last_captured_at")

    @row_rule("first_captured_at and last_captured_at are both known or both null.")
    def capture_span_is_whole(cls) -> pl.Expr:
        """Both or neither."""
        return known_together("first_captured_at", "last_captured_at")

    @row_rule("body_sha256 is known exactly where there is a body.")
    def body_has_digest(cls) -> pl.Expr:
        """Both or neither."""
        return known_together("body", "body_sha256")

    @row_rule("Changes are null for the first version and known for every later one.")
    def changes_need_a_version_before(cls) -> pl.Expr:
        """The first has nothing to be compared with."""
        is_first = pl.col("version") == 1
        changes = pl.col("n_words_added", "n_words_removed", "words_added", "words_removed")
        return pl.all_horizontal(changes.is_null() == is_first)


TABLE = Table(
    name="article_versions",
    model=ArticleVersions,
    title="Versions of articles",
    description=("One row per distinct text of an article. Other quotes or blanks make no version; changed words do."),
    key=("version_id",),
    stage="resolve",
    group="evidence",
)
