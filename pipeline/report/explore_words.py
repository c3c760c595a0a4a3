"""Which events' articles hold which words, in one file per first letter: searching texts loads only what is asked for.

The one decision made here: what is searched are words and beginnings of words, not phrases; an index of phrases would
be as large as the texts. Words are those of `pipeline.resolve.words`, without accents, as the page's script folds them.
Texts are cut at blanks first and each distinct piece is made a word once, which is twice as fast as making texts words.
"""

from collections.abc import Iterator
from typing import Final

import polars as pl

from pipeline.report.figure import Tables
from pipeline.resolve.words import normal_texts

_ARTICLES_READ: Final = 1000
_LONGEST: Final = 40
"""Letters of a word; what is longer is an address or a run of letters without blanks."""


def word_files(tables: Tables) -> Iterator[tuple[str, str]]:
    """Per first letter, in order: the letter, and a JSON object from word to the events whose text has it.

    Events go by their numbers. Numbers are those of the index; each is told as its distance from the one before.
    """
    numbers = pl.col("numbers").list.sort()
    steps = pl.concat_list(numbers.list.first(), numbers.list.diff(null_behavior="drop"))
    as_object = pl.struct(s=steps).struct.json_encode()  # {"s":[1,2]}
    # letters and digits only, so no word needs an escape
    entry = pl.concat_str(pl.lit('"'), "word", pl.lit('":'), as_object.str.slice(5).str.head(-1))
    entries = _found(tables).sort("word").select(letter=pl.col("word").str.head(1), entry=entry)
    for (letter,), words in entries.group_by("letter", maintain_order=True):
        yield str(letter), f"{{{','.join(words['entry'])}}}"


def _found(tables: Tables) -> pl.DataFrame:
    """Each word and the numbers of the events whose article's text has it."""
    pieces = [pl.DataFrame(schema={"token": pl.String, "numbers": pl.List(pl.Int32)}), *_tokens(tables)]
    plain = pl.col("token").str.normalize("NFD").str.replace_all(r"\p{M}", "")
    words = (
        pl.concat(pieces)
        .with_columns(word=normal_texts(plain).str.split(" "))
        .explode("word")
        .filter(pl.col("word").str.len_chars().is_between(1, _LONGEST))
    )
    # whole lists are brought together: a row for each word of each article would take ten times as much memory
    together = pl.col("numbers").list.explode(keep_nulls=False, empty_as_null=False)
    return words.group_by("word").agg(together).with_columns(pl.col("numbers").list.unique())


def _tokens(tables: Tables) -> Iterator[pl.DataFrame]:
    """What stands between two blanks or lines, with the numbers of the events whose text has it; by some articles."""
    numbers = tables["events"].select("event_id").sort("event_id").with_row_index("number").collect().lazy()
    n_articles = int(tables["articles"].select(pl.len()).collect().item())
    for start in range(0, n_articles, _ARTICLES_READ):
        yield (
            tables["articles"]
            .select("article_id", "event_id", "body")
            .slice(start, _ARTICLES_READ)
            .filter(pl.col("body").is_not_null())
            .join(numbers, on="event_id")
            .select(
                numbers=pl.col("number").cast(pl.Int32),
                token=pl.col("body").str.replace_all("\n", " ", literal=True).str.split(" ").list.unique(),
            )
            .explode("token")
            .group_by("token")
            .agg("numbers")
            .collect()
        )
