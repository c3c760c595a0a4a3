"""`corpus.parquet`: the bodies of articles as a Text Interchange Format corpus, `doc_id` and `text` first.

Articles without a body are no documents; every other column is document metadata under the name it has in `articles`.
"""

from collections.abc import Iterable
from pathlib import Path
from typing import Final

import polars as pl
import pyarrow as pa

from pipeline.publish.parquet import write_rows
from schemas.registry import TABLES
from schemas.render import FILE_KEY, arrow_schema

CORPUS: Final = "corpus"
CORPUS_TITLE: Final = "Text corpus"
CORPUS_DESCRIPTION: Final = (
    "One row per article with a body, in the Text Interchange Format: doc_id is its article_id, text its body."
)
_RENAMED: Final = {"article_id": "doc_id", "body": "text"}
_METADATA: Final = ("event_id", "title", "published_on", "section", "language", "n_words", "url")
COLUMNS: Final = ("article_id", "body", *_METADATA)
"""Columns of `articles` in the order they have here."""


def corpus_schema() -> pa.Schema:
    """Columns, types and descriptions, taken over from `articles`."""
    articles = arrow_schema("articles")
    fields = [articles.field(name).with_name(_RENAMED.get(name, name)) for name in COLUMNS]
    fields[1] = fields[1].with_nullable(nullable=False)
    return pa.schema(fields, metadata={FILE_KEY: f'{{"table": "{CORPUS}", "description": "{CORPUS_DESCRIPTION}"}}'})


def corpus_rows(articles: pl.DataFrame) -> pl.DataFrame:
    """The documents among some articles."""
    return articles.filter(pl.col("body").is_not_null()).select(COLUMNS).rename(_RENAMED)


def write_corpus(articles: Iterable[pl.DataFrame], path: Path, extra: dict[str, str]) -> int:
    """Write the corpus; returns its size in bytes."""
    return write_rows(corpus_schema(), (corpus_rows(frame) for frame in articles), path, extra)


def corpus_columns() -> list[tuple[str, str, str]]:
    """Name, name in `articles` and description of each column."""
    described = {column.name: column.description for column in TABLES["articles"].columns}
    return [(_RENAMED.get(name, name), name, described[name]) for name in COLUMNS]
