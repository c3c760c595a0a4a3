"""From wordings of teasers and texts of articles to the pairs that are worth judging.

The decision made here: an event and an article meet when they share a title, the first words or the next words and no
day speaks against them. Recurring titles make millions of pairs, nearly all of them years apart: a few keys are joined
at a time, and only pairs that stand the test of their days go on.
"""

import hashlib
from collections.abc import Iterable
from datetime import timedelta
from typing import Final

import polars as pl

from pipeline.remember import DIGEST, remembered_rows
from pipeline.resolve.link_evidence import WINDOW
from pipeline.resolve.link_texts import read_teasers, with_starts
from pipeline.resolve.printed import PrintedBodies
from pipeline.resolve.words import normal_texts

PAIRS: Final = {"event": pl.String, "article": pl.String}
"""Event cluster, article cluster."""

_KEY_WORDS: Final = 6
_PAIRS_AT_ONCE: Final = 200_000
"""Pairs that share a key and are looked at together; those of one key always are."""


def meeting(shown: pl.DataFrame, printed: pl.DataFrame, bodies: PrintedBodies) -> pl.DataFrame:
    """`PAIRS` of an event and an article that share a key and that no day speaks against.

    Args:
        shown: event, form_id, published_on, title, teaser, is_cut.
        printed: article, text_id, title, published_on, first_captured_at, body_sha256.
        bodies: the texts' bodies.
    """

    def teasers(missing: pl.Series) -> pl.DataFrame:
        return shown.join(missing.to_frame("form_id"), on="form_id", how="semi")

    def articles_texts(missing: pl.Series) -> tuple[pl.DataFrame, PrintedBodies]:
        rows = printed.join(missing.to_frame("text_id"), on="text_id", how="semi")
        return rows, bodies.only(rows["body_sha256"])

    keys_of_teasers = remembered_rows("link-keys-of-teasers", shown["form_id"], teasers, _keys_of_teasers)
    keys_of_texts = remembered_rows("link-keys-of-texts", printed["text_id"], articles_texts, _keys_of_texts)
    events, articles = _event_days(shown), _article_days(printed)
    of_event = (
        shown.select("event", "form_id")
        .join(keys_of_teasers, left_on="form_id", right_on=DIGEST)
        .join(events.select("event", "event_no"), on="event")
        .select("event_no", key="keys")
    )
    of_article = (
        printed.select("article", "text_id")
        .join(keys_of_texts, left_on="text_id", right_on=DIGEST)
        .join(articles.select("article", "article_no"), on="article")
        .select("article_no", key="keys")
    )
    keyed = of_event.explode("key").drop_nulls().unique()
    keyed_articles = of_article.explode("key").drop_nulls().unique()
    n_pairs = (
        keyed.join(keyed_articles.group_by("key").agg(n=pl.len()), on="key").group_by("key").agg(pl.col("n").sum())
    )
    parts = n_pairs.sort("key").select("key", part=(pl.col("n").cum_sum() - 1) // _PAIRS_AT_ONCE)
    found = [
        _may_fit(
            keyed.join(keys, on="key").join(keyed_articles, on="key").select("event_no", "article_no").unique(),
            events,
            articles,
        )
        for keys in parts.partition_by("part", include_key=False)
    ]
    near = pl.concat([pl.DataFrame(schema={"event_no": pl.UInt32, "article_no": pl.UInt32}), *found]).unique()
    return near.join(events, on="event_no").join(articles, on="article_no").select(PAIRS.keys())


def _keys(title: str | None, text: str) -> Iterable[str]:
    """What a teaser and its article share: the title, the first words, the next words."""
    if title:
        yield f"title {title}"
    words = text[:400].split(" ", 2 * _KEY_WORDS)
    if len(words) > _KEY_WORDS:
        yield f"first {' '.join(words[:_KEY_WORDS])}"
    elif text and title:
        yield f"short {title} {text}"
    if len(words) > 2 * _KEY_WORDS:
        yield f"next {' '.join(words[_KEY_WORDS : 2 * _KEY_WORDS])}"


def _keys_of_teasers(shown: pl.DataFrame) -> pl.DataFrame:
    return _key_rows(
        (teaser.form_id, teaser.normal_title, teaser.normal_text)
        for each in read_teasers(shown).values()
        for teaser in each
    )


def _keys_of_texts(picked: tuple[pl.DataFrame, PrintedBodies]) -> pl.DataFrame:
    texts = with_starts(*picked)
    return _key_rows(texts.select("text_id", normal_texts(pl.col("title")), normal_texts(pl.col("start"))).iter_rows())


def _key_rows(read: Iterable[tuple[str, str | None, str]]) -> pl.DataFrame:
    rows = [(name, [_key_number(key) for key in _keys(title or None, text)]) for name, title, text in read]
    return pl.DataFrame(rows, schema={DIGEST: pl.String, "keys": pl.List(pl.UInt64)}, orient="row")


def _key_number(key: str) -> int:
    """A number for a key: two keys of one number would only meet, and be judged by their words."""
    return int.from_bytes(hashlib.blake2b(key.encode("utf-8", "surrogatepass"), digest_size=8).digest())


def _event_days(shown: pl.DataFrame) -> pl.DataFrame:
    """Each event's number, its days, the first of them."""
    days = pl.col("published_on").drop_nulls().unique()
    return shown.group_by("event").agg(announced=days, first_day=days.min()).sort("event").with_row_index("event_no")


def _article_days(printed: pl.DataFrame) -> pl.DataFrame:
    """Each article's number, its days, its first capture."""
    days = pl.col("published_on").drop_nulls().unique()
    captured_on = pl.col("first_captured_at").min().dt.date()
    return (
        printed.group_by("article").agg(days=days, captured_on=captured_on).sort("article").with_row_index("article_no")
    )


def _may_fit(pairs: pl.DataFrame, events: pl.DataFrame, articles: pl.DataFrame) -> pl.DataFrame:
    """Pairs that no day speaks against: printed days near each other, no capture before the publication."""
    known = pairs.join(events.select("event_no", "first_day"), on="event_no").join(
        articles.select("article_no", "captured_on", is_dated=pl.col("days").list.len() > 0), on="article_no"
    )
    both_printed = pl.col("first_day").is_not_null() & pl.col("is_dated")
    too_early = (pl.col("first_day") - timedelta(days=1) > pl.col("captured_on")).fill_null(value=False)
    near = (
        known.filter(both_printed)
        .select("event_no", "article_no")
        .join(events.select("event_no", "announced").explode("announced"), on="event_no")
        .join(articles.select("article_no", "days").explode("days"), on="article_no")
        .filter((pl.col("announced") - pl.col("days")).abs() <= WINDOW)
    )
    numbers = ["event_no", "article_no"]
    return pl.concat([near.select(numbers), known.filter(~both_printed & ~too_early).select(numbers)])


def days_near(shown: pl.DataFrame, printed: pl.DataFrame) -> pl.DataFrame:
    """`PAIRS` with printed days at most `WINDOW` apart, whatever their words; columns as `meeting` takes them."""
    of_event, of_article = _days(shown, "event"), _days(printed, "article")
    apart = range(-WINDOW.days, WINDOW.days + 1)
    found = [of_event.join(of_article.with_columns(pl.col("day") + timedelta(days=days)), on="day") for days in apart]
    return pl.concat(found).select(PAIRS.keys()).unique()


def _days(rows: pl.DataFrame, cluster: str) -> pl.DataFrame:
    """The days printed with each cluster's wordings or texts."""
    return rows.select(cluster, day="published_on").drop_nulls().unique()
