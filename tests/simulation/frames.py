"""Gold in the shape the identity rules take: distinct teaser forms and distinct article texts with their true item.

Ids here are made by the rules of data-model.md, written down a second time on purpose: a test can compare the two.
"""

import hashlib
import json
from collections.abc import Iterable
from datetime import date

import polars as pl

from tests.simulation.capture import SimCapture


def form_key(published_on: date | None, title: str | None, teaser: str | None) -> str:
    """Id of an event form: `f` and 16 hex digits."""
    day = None if published_on is None else published_on.isoformat()
    text = json.dumps([day, title, teaser], ensure_ascii=False, separators=(",", ":"))
    return "f" + hashlib.sha256(text.encode()).hexdigest()[:16]


UTC_TIME = pl.Datetime("us", "UTC")
Schema = dict[str, pl.DataType | type[pl.DataType]]


def teaser_observations(captures: Iterable[SimCapture]) -> pl.DataFrame:
    """One row per printed teaser: capture number, time, position, form, wording and the true item."""
    rows = [
        (capture.number, capture.captured_at, teaser.position, form_key(teaser.published_on, teaser.title, teaser.text),
         teaser.published_on, teaser.title, teaser.text, teaser.is_cut, teaser.path, teaser.item_id)
        for capture in captures
        for teaser in capture.teasers
    ]  # fmt: skip
    schema: Schema = {
        "capture": pl.Int64, "captured_at": UTC_TIME, "position": pl.Int32, "form_id": pl.String,
        "published_on": pl.Date, "title": pl.String, "teaser": pl.String, "is_cut": pl.Boolean,
        "path": pl.String, "item_id": pl.String,
    }  # fmt: skip
    return pl.DataFrame(rows, schema=schema, orient="row")


def distinct_forms(observations: pl.DataFrame) -> pl.DataFrame:
    """One row per distinct form, sorted by form_id, with the columns that the clustering of forms takes, and gold.

    `is_cut` where every observation is cut. `item_id` is the item most of its observations are of (the smallest on a
    tie); `is_ambiguous` where they are of several, as a form cut within a generic title is.
    """
    per_item = (
        observations.group_by("form_id", "item_id")
        .len()
        .sort("form_id", "len", "item_id", descending=[False, True, False])
        .group_by("form_id", maintain_order=True)
        .agg(pl.col("item_id").first(), (pl.len() > 1).alias("is_ambiguous"))
    )
    forms = observations.group_by("form_id").agg(
        pl.col("published_on", "title", "teaser").first(),
        pl.col("is_cut").all(),
        pl.len().cast(pl.Int64).alias("n_observations"),
        pl.col("captured_at").min().alias("first_captured_at"),
        pl.col("captured_at").max().alias("last_captured_at"),
    )
    return forms.join(per_item, on="form_id").sort("form_id")


def article_texts(captures: Iterable[SimCapture]) -> pl.DataFrame:
    """One row per captured article: url, title, date and section as printed, body, and the true item and version.

    Section pages are left out; `kind` tells mobile captures.
    """
    rows = [
        (capture.number, capture.captured_at, capture.url, capture.kind, article.title, article.published_on,
         article.section, "\n\n".join(article.paragraphs), article.is_cut, article.item_id, article.version)
        for capture in captures
        if capture.kind in ("article", "mobile") and (article := capture.article) is not None
    ]  # fmt: skip
    schema: Schema = {
        "capture": pl.Int64, "captured_at": UTC_TIME, "url": pl.String, "kind": pl.String, "title": pl.String,
        "published_on": pl.Date, "section": pl.String, "body": pl.String, "is_truncated": pl.Boolean,
        "item_id": pl.String, "version": pl.Int32,
    }  # fmt: skip
    return pl.DataFrame(rows, schema=schema, orient="row")
