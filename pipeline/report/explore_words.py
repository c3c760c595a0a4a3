"""Which events' articles hold which words, in one file per first letter: searching texts loads only what is asked for.

The one decision made here: what is searched are words and beginnings of words, not phrases; an index of phrases would
be as large as the texts. Words are those of `pipeline.resolve.words`, without accents, as the page's script folds them.
"""

from collections.abc import Iterator
from typing import Final

import polars as pl

from pipeline.report.figure import Tables
from pipeline.resolve.words import normal_texts

_ARTICLES_READ: Final = 2000
_LONGEST: Final = 40
"""Letters of a word; what is longer is an address or a run of letters without blanks."""


def word_files(tables: Tables) -> Iterator[tuple[str, str]]:
    """Per first letter, in order: the letter, and a JSON object from word to the events whose text has it.

    Events go by their numbers. Numbers are those of the index; each is told as its distance from the one before.
    """
    found = _found(tables)
    if found.is_empty():
        return
    counted = (
        found.sort("word", "number")
        .with_columns(step=pl.col("number").diff().over("word").fill_null(pl.col("number")))
        .group_by("word", maintain_order=True)
        .agg(pl.col("step").cast(pl.String).str.join(","))
        .with_columns(letter=pl.col("word").str.head(1))
    )
    for (letter,), words in counted.group_by("letter", maintain_order=True):
        entries = words.select(pl.concat_str(pl.lit('"'), "word", pl.lit('":['), "step", pl.lit("]"))).to_series()
        yield str(letter), f"{{{','.join(entries)}}}"


def _found(tables: Tables) -> pl.DataFrame:
    """Each word of each article once: number of the event, word. Letters and digits only, so none needs an escape."""
    numbers = tables["events"].select("event_id").sort("event_id").with_row_index("number").collect().lazy()
    n_articles = int(tables["articles"].select(pl.len()).collect().item())
    plain = pl.col("body").str.normalize("NFD").str.replace_all(r"\p{M}", "")
    return pl.concat(
        [
            tables["articles"]
            .sort("article_id")
            .slice(start, _ARTICLES_READ)
            .filter(pl.col("body").is_not_null())
            .join(numbers, on="event_id")
            .select(pl.col("number").cast(pl.Int32), word=normal_texts(plain).str.split(" ").list.unique())
            .explode("word")
            .filter(pl.col("word").str.len_chars().is_between(1, _LONGEST))
            .collect()
            for start in range(0, n_articles, _ARTICLES_READ)
        ]
        or [pl.DataFrame(schema={"number": pl.Int32, "word": pl.String})]
    )
