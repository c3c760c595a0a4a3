"""From wordings of teasers and texts of articles to the pairs that are worth judging.

The decision made here: an event and an article meet when they share a title, the first words or the next words and no
day speaks against them. Recurring titles make millions of pairs, nearly all of them years apart: where both sides print
a day they are joined by it as well, and where one does not, some rows at a time.
"""

import hashlib
from collections.abc import Iterable, Iterator
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
"""Pairs that share a key and are looked at together; those of one event always are."""
_NUMBERS: Final = ("event_no", "article_no")


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
    keyed = of_event.explode("key").drop_nulls().unique().join(events.drop("event"), on="event_no")
    keyed_articles = of_article.explode("key").drop_nulls().unique().join(articles.drop("article"), on="article_no")
    found = pl.concat([_near(keyed, keyed_articles), *_not_too_early(keyed, keyed_articles)]).unique()
    return found.join(events, on="event_no").join(articles, on="article_no").select(PAIRS.keys())


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


def _near(events: pl.DataFrame, articles: pl.DataFrame) -> pl.DataFrame:
    """`_NUMBERS` of those that share a key and print days at most `WINDOW` apart."""
    of_event = events.select("key", "event_no", day="announced").explode("day").drop_nulls()
    of_article = articles.select("key", "article_no", day="days").explode("day").drop_nulls()
    return _in_window(of_event, of_article, "key").select(_NUMBERS)


def _not_too_early(events: pl.DataFrame, articles: pl.DataFrame) -> Iterator[pl.DataFrame]:
    """`_NUMBERS` of those that share a key, of which one prints no day, and no capture is before the publication."""
    dated_events = pl.col("first_day").is_not_null()
    undated_articles = pl.col("days").list.len() == 0
    too_early = (pl.col("first_day") - timedelta(days=1) > pl.col("captured_on")).fill_null(value=False)
    for some, others in (
        (events.filter(dated_events), articles.filter(undated_articles)),
        (events.filter(~dated_events), articles),
    ):
        shown = some.select("key", "event_no", "first_day").sort("key")
        printed = others.select("key", "article_no", "captured_on")
        sized = shown.join(printed.group_by("key").agg(n=pl.len().cast(pl.Int64)), on="key", maintain_order="left")
        parts = sized.with_columns(part=(pl.col("n").cum_sum() - 1) // _PAIRS_AT_ONCE)
        for part in parts.partition_by("part", include_key=False):
            yield part.join(printed, on="key").filter(~too_early).select(_NUMBERS).unique()


def days_near(shown: pl.DataFrame, printed: pl.DataFrame) -> pl.DataFrame:
    """`PAIRS` with printed days at most `WINDOW` apart, whatever their words; columns as `meeting` takes them."""
    return _in_window(_days(shown, "event"), _days(printed, "article")).select(PAIRS.keys()).unique()


def _in_window(of_event: pl.DataFrame, of_article: pl.DataFrame, *also: str) -> pl.DataFrame:
    """Both joined where their `day` is at most `WINDOW` apart, and other columns are the same."""
    apart = range(-WINDOW.days, WINDOW.days + 1)
    shifted = (of_article.with_columns(pl.col("day") + timedelta(days=days)) for days in apart)
    return pl.concat([of_event.join(days, on=["day", *also]) for days in shifted])


def _days(rows: pl.DataFrame, cluster: str) -> pl.DataFrame:
    """The days printed with each cluster's wordings or texts."""
    return rows.select(cluster, day="published_on").drop_nulls().unique()
