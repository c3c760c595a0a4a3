"""From observations to what identity works on: each distinct wording and text once, with when and where it was seen.

Aggregation only; nothing is compared here. Ties between captures of the same instant go to the smaller capture id.
"""

import polars as pl

from pipeline.resolve.ids import hash_parts

TEXT_PREFIX = "t"
PRINTED = ["urlkey", "title", "published_on", "section", "body_sha256"]
"""What makes a printed text distinct."""


def distinct_forms(teasers: pl.LazyFrame, forms: pl.LazyFrame, captures: pl.LazyFrame) -> pl.DataFrame:
    """Distinct teaser wordings with how often and when they were seen.

    Args:
        teasers: capture_id, form_id, is_cut; one row per printed teaser.
        forms: form_id, published_on, title, teaser; the same form in several rows where several parts hold it.
        captures: capture_id, captured_at.

    Returns:
        form_id, published_on, title, teaser, is_cut (in every observation), n_observations, first_captured_at,
        last_captured_at, source_capture_id (the first capture that shows it); sorted by form_id.
    """
    seen = (
        teasers.join(captures.select("capture_id", "captured_at"), on="capture_id")
        .group_by("form_id")
        .agg(
            pl.col("is_cut").all(),
            n_observations=pl.len().cast(pl.Int64),
            first_captured_at=pl.col("captured_at").min(),
            last_captured_at=pl.col("captured_at").max(),
            source_capture_id=_first_capture(),
        )
    )
    distinct = forms.select("form_id", "published_on", "title", "teaser").unique("form_id")
    return distinct.join(seen, on="form_id").sort("form_id").collect()


def distinct_texts(articles: pl.LazyFrame, bodies: pl.LazyFrame, captures: pl.LazyFrame) -> pl.DataFrame:
    """Distinct printed articles with how often and when they were seen.

    Args:
        articles: capture_id, body_sha256, title, published_on, section, is_truncated; one row per capture.
        bodies: body_sha256, body, language; the same body in several rows where several parts hold it.
        captures: capture_id, captured_at, url, urlkey.

    Returns:
        One row per distinct (urlkey, title, published_on, section, body): text_id, those columns, url, body_sha256,
        language, is_truncated (in every observation), n_captures, first_captured_at, last_captured_at,
        source_capture_id; sorted by text_id.
    """
    seen = (
        articles.join(captures.select("capture_id", "captured_at", "url", "urlkey"), on="capture_id")
        .group_by(PRINTED)
        .agg(
            pl.col("is_truncated").all(),
            pl.col("url").drop_nulls().min(),
            n_captures=pl.len().cast(pl.Int64),
            first_captured_at=pl.col("captured_at").min(),
            last_captured_at=pl.col("captured_at").max(),
            source_capture_id=_first_capture(),
        )
        .join(bodies.unique("body_sha256"), on="body_sha256", how="left")
        .collect()
    )
    names = [
        hash_parts(TEXT_PREFIX, [urlkey, title, None if day is None else day.isoformat(), section, digest])
        for urlkey, title, day, section, digest in seen.select(PRINTED).iter_rows()
    ]
    return seen.with_columns(text_id=pl.Series(names, dtype=pl.String)).sort("text_id")


def _first_capture() -> pl.Expr:
    return pl.col("capture_id").sort_by(["captured_at", "capture_id"], nulls_last=True).first()
