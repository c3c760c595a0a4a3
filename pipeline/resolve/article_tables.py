"""From clustered article texts, versions and links to the article tables.

Decides where an article's date comes from: its own page where one prints it (the newest capture that does), else the
event it is linked to; never a neighbour (source-format.md, Teasers).
"""

from collections.abc import Iterator
from typing import Final

import polars as pl

from pipeline.parse.statements import split_statements
from pipeline.remember import DIGEST, remembered_rows
from pipeline.resolve.printed import PrintedBodies, pieces_with_bodies


def describe_articles(
    texts: pl.DataFrame, versions: pl.DataFrame, newest: pl.DataFrame, events: pl.DataFrame, languages: pl.DataFrame
) -> pl.DataFrame:
    """The rows of `articles`, sorted, all but what is read off their bodies.

    Args:
        texts: every printed text: article_id, url, urlkey, section, title, published_on, n_captures,
            first_captured_at, last_captured_at.
        versions: `versions.VERSIONS`.
        newest: article_id, newest_version_id, is_truncated.
        events: article_id, event_id, event_published_on, event_section (null unless a teaser says so).
        languages: body_sha256, language.
    """
    seen = texts.group_by("article_id").agg(
        n_captures=pl.col("n_captures").sum(),
        first_captured_at=pl.col("first_captured_at").min(),
        last_captured_at=pl.col("last_captured_at").max(),
        url=_newest("url"),
        urlkey=_newest("urlkey"),
        section=_newest("section"),
        page_published_on=_newest("published_on"),
    )
    first_titles = (
        texts.drop_nulls("title")
        .sort("article_id", "first_captured_at", "text_id", nulls_last=True)
        .group_by("article_id", maintain_order=True)
        .agg(first_title=pl.col("title").first())
    )
    shown = newest.join(
        versions.drop("article_id", "first_captured_at", "last_captured_at", "n_captures"),
        left_on="newest_version_id",
        right_on="version_id",
    ).join(languages, on="body_sha256", how="left")
    counts = versions.group_by("article_id").agg(n_versions=pl.len().cast(pl.Int64))
    return (
        seen.join(first_titles, on="article_id", how="left")
        .join(shown, on="article_id", how="left")
        .join(counts, on="article_id", how="left")
        .join(events, on="article_id", how="left")
        .with_columns(
            published_on=pl.coalesce("page_published_on", "event_published_on"),
            published_on_source=pl.when(pl.col("page_published_on").is_not_null())
            .then(pl.lit("page"))
            .when(pl.col("event_published_on").is_not_null())
            .then(pl.lit("teaser")),
            section=pl.coalesce("section", "event_section"),
        )
        .sort("article_id")
    )


def whole_articles(articles: pl.DataFrame, bodies: PrintedBodies) -> Iterator[pl.DataFrame]:
    """What `describe_articles` gives, with body and n_words, some rows at a time."""
    n_words = pl.col("body").str.count_matches(r"\S+").cast(pl.Int64)
    for piece in pieces_with_bodies(articles, bodies):
        yield piece.with_columns(n_words=n_words)


def article_statements(articles: pl.DataFrame, bodies: PrintedBodies) -> pl.DataFrame:
    """The rows of `statements`: questions and answers of each article's newest version.

    Args:
        articles: article_id, newest_version_id, body_sha256.
        bodies: their bodies.
    """
    named = articles.select("article_id", pl.col("body_sha256").alias(DIGEST), version_id="newest_version_id")
    named = named.drop_nulls(DIGEST)

    def pick(missing: pl.Series) -> tuple[pl.Series, PrintedBodies]:
        return missing, bodies.only(missing)

    found = remembered_rows("statements", named[DIGEST], pick, _statements_of)
    found = found.drop_nulls("statements").explode("statements")
    return named.select("article_id", "version_id", DIGEST).join(found, on=DIGEST).drop(DIGEST).unnest("statements")


def _statements_of(picked: tuple[pl.Series, PrintedBodies]) -> pl.DataFrame:
    digests, bodies = picked
    rows = [
        (digest, position, part.role, part.speaker, part.addressed_to, part.note, part.text)
        for digest, body in bodies.of(digests).iter_rows()
        for position, part in enumerate(split_statements(body.split("\n\n")))
    ]
    parts = pl.DataFrame(rows, schema={DIGEST: pl.String, **_STATEMENT}, orient="row")
    listed = parts.group_by(DIGEST).agg(statements=pl.struct(_STATEMENT.keys()))
    return digests.to_frame().join(listed, on=DIGEST, how="left")


_STATEMENT: Final = {
    "position": pl.Int32,
    "role": pl.String,
    "speaker": pl.String,
    "addressed_to": pl.String,
    "note": pl.String,
    "text": pl.String,
}


def _newest(column: str) -> pl.Expr:
    """The value printed last, blanks passed over."""
    order = ["last_captured_at", "first_captured_at", "text_id"]
    known = pl.col(column).is_not_null()
    return pl.col(column).filter(known).sort_by([pl.col(name).filter(known) for name in order], nulls_last=False).last()
