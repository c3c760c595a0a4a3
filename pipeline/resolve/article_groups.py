"""From the texts of articles to neighbourhoods: texts of two of them never meet while articles are clustered.

The decision made here: what may meet. Texts of one address do, complete texts that share a title, or if they are long
an opening or an ending, unless they exclude each other by number, kind or day, and a truncated text with whatever
starts as it does: there the days of a whole cluster decide, so only the number keeps two apart.
"""

from typing import Final

import polars as pl

from pipeline.resolve.article_work import WINDOW
from pipeline.resolve.neighbours import chain, neighbourhoods, pairs
from pipeline.resolve.signatures import ENOUGH, OPENING_WORDS, article_address

_PAIRS_AT_ONCE: Final = 500_000
"""Pairs of texts under one key that are looked at together; those of one key always are."""


def article_neighbourhoods(texts: pl.DataFrame) -> pl.DataFrame:
    """text_id, neighbourhood: a number that means nothing beyond this call.

    Args:
        texts: columns `signatures.TEXTS` and `FACTS`.
    """
    keys = texts["urlkey"].unique()
    addresses = [article_address(key) for key in keys]
    addressed = pl.DataFrame(
        {
            "urlkey": keys,
            "address": [None if address is None else address.key for address in addresses],
            "folder": [None if address is None else address.folder for address in addresses],
            "number": [None if address is None else address.number for address in addresses],
        },
        schema={"urlkey": pl.String, "address": pl.String, "folder": pl.String, "number": pl.Int64},
        strict=False,
    )
    of_form = ["address", "folder", "number", "normal_title", "kind", "published_on", "n_words"]
    forms = (
        texts.join(addressed, on="urlkey", nulls_equal=True)
        .group_by("form_id")
        .agg(pl.col("is_truncated").all(), pl.col(*of_form, "opening", "second_opening", "ending").first())
        .with_columns(pl.col("folder", "kind").rank("dense").cast(pl.UInt32))
        .sort("form_id")
        .with_row_index("thing")
    )
    at_address = chain(forms.filter(pl.col("address").is_not_null()), ["address"])
    links = pl.concat([at_address, _complete(forms), _truncated(forms)])
    numbers = neighbourhoods(forms.height, links)
    named = forms.select("form_id", neighbourhood=pl.Series(numbers, dtype=pl.Int64))
    return texts.select("text_id", "form_id").join(named, on="form_id").select("text_id", "neighbourhood")


def _complete(forms: pl.DataFrame) -> pl.DataFrame:
    """Links between complete texts that `articles_complete` may compare."""
    is_long = pl.col("n_words") >= ENOUGH
    keyed = _under_keys(
        forms.filter(~pl.col("is_truncated")),
        [
            _key("title", "normal_title"),
            *(pl.when(is_long).then(_key(name, name)) for name in ("opening", "second_opening", "ending")),
        ],
        ["folder", "number", "kind", "published_on"],
    )
    apart = (pl.col("published_on") - pl.col("published_on_other")).abs() > WINDOW
    is_other_kind = pl.col("kind") != pl.col("kind_other")
    excluded = _is_other_number() | is_other_kind.fill_null(value=False) | apart.fill_null(value=False)
    return _links(keyed, ~excluded)


def _truncated(forms: pl.DataFrame) -> pl.DataFrame:
    """Links between truncated texts and those that `articles_truncated` may find them to be the beginning of."""
    is_opening = pl.col("opening").str.count_matches(" ", literal=True) == OPENING_WORDS - 1
    keyed = _under_keys(
        forms,
        [
            _key("title", "normal_title"),
            *(pl.when(is_opening).then(_key(name, name)) for name in ("opening", "second_opening")),
        ],
        ["folder", "number", "is_truncated"],
    )
    may_meet = (pl.col("is_truncated") | pl.col("is_truncated_other")) & ~_is_other_number()
    return _links(keyed.filter(pl.col("is_truncated").any().over("key")), may_meet)


def _under_keys(forms: pl.DataFrame, keys: list[pl.Expr], facts: list[str]) -> pl.DataFrame:
    """Forms under each of their keys; keys are numbered, so that millions of pairs hold no texts."""
    found = [forms.select("thing", *facts, key=key).drop_nulls("key") for key in keys]
    keyed = pl.concat(found)
    return keyed.with_columns(pl.col("key").rank("dense").cast(pl.UInt32)).unique()


def _links(keyed: pl.DataFrame, may_meet: pl.Expr) -> pl.DataFrame:
    """Links between things of one key that may meet, a few keys at a time."""
    sizes = keyed.group_by("key").agg(n=pl.len().cast(pl.Int64) ** 2).sort("key")
    parts = sizes.select("key", part=(pl.col("n").cum_sum() - 1) // _PAIRS_AT_ONCE)
    links = [keyed.select("thing", other="thing").clear()]
    for part in keyed.join(parts, on="key").partition_by("part", include_key=False):
        found, sure = pairs(part)
        links += [sure, found.filter(may_meet).select("thing", other="thing_other")]
    return pl.concat(links)


def _key(kind: str, column: str) -> pl.Expr:
    return pl.concat_str(pl.lit(f"{kind} "), column)


def _is_other_number() -> pl.Expr:
    """Whether two addresses are other numbers of one section (`signatures.Address.excludes`)."""
    same_folder = (pl.col("folder") == pl.col("folder_other")).fill_null(value=False)
    return same_folder & pl.col("number").ne_missing(pl.col("number_other"))
