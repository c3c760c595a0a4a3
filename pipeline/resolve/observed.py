"""From observations to what identity works on: each distinct wording and text once, with when and where it was seen.

Aggregation only; nothing is compared here. Observations come in ranges of captures, one after the other; what is kept
of a range is one row per distinct wording, text or link, and rows of several ranges add up to one. Ties between
captures of the same instant go to the smaller capture id.
"""

from collections.abc import Iterable
from dataclasses import dataclass

import polars as pl

from pipeline.resolve.ids import hash_parts

TEXT_PREFIX = "t"
PRINTED = ["urlkey", "title", "published_on", "section", "body_sha256"]
"""What makes a printed text distinct."""


@dataclass(frozen=True, slots=True)
class Seen:
    """What stands on some captures. `capture` is the number of a capture in the order of all capture ids."""

    captures: pl.DataFrame
    """capture, capture_id, captured_at, captured_on, url, urlkey, section, page_kind; sorted."""
    teasers: pl.DataFrame
    """capture, position, line_no, form, href_urlkey, is_cut; one row per printed teaser, `form` the number of its
    wording in the order of all form ids."""
    articles: pl.DataFrame
    """capture, body_sha256, title, published_on, section, is_truncated, n_paragraphs; one row per printed article."""


def distinct_forms(ranges: Iterable[Seen], forms: pl.DataFrame) -> pl.DataFrame:
    """Distinct teaser wordings with how often and when they were seen.

    Args:
        ranges: all captures.
        forms: form, form_id, published_on, title, teaser; each form once, those not seen as well.

    Returns:
        form, form_id, published_on, title, teaser, is_cut (in every observation), n_observations, first_captured_at,
        last_captured_at, source_capture_id (the first capture that shows it); sorted by form_id.
    """
    found: pl.DataFrame | None = None
    for seen in ranges:
        at = seen.captures.select(
            "capture", first_captured_at="captured_at", last_captured_at="captured_at", source_capture_id="capture_id"
        )
        each = seen.teasers.select("capture", "form", "is_cut", n_observations=pl.lit(1, dtype=pl.Int64))
        found = _added(found, each.join(at, on="capture").drop("capture"), ["form"], pl.col("is_cut").all())
    assert found is not None
    return forms.join(found, on="form").sort("form_id")


def distinct_texts(ranges: Iterable[Seen]) -> pl.DataFrame:
    """Distinct printed articles with how often and when they were seen.

    Args:
        ranges: all captures.

    Returns:
        One row per distinct (urlkey, title, published_on, section, body_sha256): text (its number), text_id, those
        columns, url, is_truncated (in every observation), n_captures, first_captured_at,
        last_captured_at, source_capture_id; sorted by text_id.
    """
    found: pl.DataFrame | None = None
    for seen in ranges:
        at = seen.captures.select(
            "capture",
            "url",
            "urlkey",
            first_captured_at="captured_at",
            last_captured_at="captured_at",
            source_capture_id="capture_id",
        )
        each = seen.articles.drop("n_paragraphs").with_columns(n_captures=pl.lit(1, dtype=pl.Int64))
        whole = each.join(at, on="capture").drop("capture")
        found = _added(found, whole, PRINTED, pl.col("is_truncated").all(), pl.col("url").min())
    assert found is not None
    names = [
        hash_parts(TEXT_PREFIX, [urlkey, title, None if day is None else day.isoformat(), section, digest])
        for urlkey, title, day, section, digest in found.select(PRINTED).iter_rows()
    ]
    return found.with_columns(text_id=pl.Series(names, dtype=pl.String)).sort("text_id").with_row_index("text")


def _added(found: pl.DataFrame | None, rows: pl.DataFrame, by: list[str], *more: pl.Expr) -> pl.DataFrame:
    """Rows added up with those found before: one per value of `by`, with the extremes of time and the first capture."""
    counts = [name for name in rows.columns if name.startswith("n_")]
    summed = [
        *more,
        pl.col(counts).sum(),
        pl.col("first_captured_at").min(),
        pl.col("last_captured_at").max(),
        pl.col("source_capture_id").sort_by(["first_captured_at", "source_capture_id"], nulls_last=True).first(),
    ]
    of_range = rows.group_by(by).agg(summed)
    return of_range if found is None else pl.concat([found, of_range]).group_by(by).agg(summed)


def links_of_teasers(ranges: Iterable[Seen], forms: pl.DataFrame) -> pl.DataFrame:
    """Where the titles of each wording lead: form_id, href_urlkey, the first capture_id that shows it; sorted.

    Args:
        ranges: all captures.
        forms: form, form_id.
    """
    by = ["form", "href_urlkey"]
    found = pl.DataFrame(schema={"form": pl.UInt32, "href_urlkey": pl.String, "capture_id": pl.String})
    for seen in ranges:
        linked = seen.teasers.select("capture", *by).drop_nulls("href_urlkey")
        first = linked.group_by(by).agg(pl.col("capture").min())
        named = first.join(seen.captures.select("capture", "capture_id"), on="capture").drop("capture")
        found = pl.concat([found, named]).group_by(by).agg(pl.col("capture_id").min())
    return (
        found.join(forms.select("form", "form_id"), on="form")
        .select("form_id", "href_urlkey", "capture_id")
        .sort("form_id", "href_urlkey")
    )


def printed_texts(ranges: Iterable[Seen], texts: pl.DataFrame) -> pl.DataFrame:
    """Which text each capture prints: capture, text; sorted.

    Args:
        ranges: all captures.
        texts: what `distinct_texts` gives.
    """
    named = texts.select("text", *PRINTED)
    found = [pl.DataFrame(schema={"capture": pl.UInt32, "text": pl.UInt32})]
    for seen in ranges:
        printed = seen.articles.join(seen.captures.select("capture", "urlkey"), on="capture")
        found.append(printed.join(named, on=PRINTED, nulls_equal=True).select("capture", "text").sort("capture"))
    return pl.concat(found)
