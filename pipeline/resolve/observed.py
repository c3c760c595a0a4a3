"""From observations to what identity works on: each distinct wording and text once, with when and where it was seen.

Aggregation only; nothing is compared here. Observations come in ranges of captures, one after the other; what is kept
of a range is one row per distinct wording, text or link, and rows of several ranges add up to one. Ties between
captures of the same instant go to the smaller capture id.
"""

from collections.abc import Iterable
from typing import Protocol

import polars as pl

from pipeline.memory import with_own_strings
from pipeline.resolve.ids import hash_parts

TEXT_PREFIX = "t"
PRINTED = ["urlkey", "title", "published_on", "section", "body_sha256"]
"""What makes a printed text distinct."""


class Seen(Protocol):
    """What stands on some captures, one row per capture, printed teaser and printed article.

    `capture` is the number of a capture in the order of all capture ids.
    """

    @property
    def captures(self) -> pl.DataFrame:
        """capture, capture_id, captured_at, captured_on, page_date, url, urlkey, section, page_kind and
        teasers_observable, sorted.
        """  # noqa: D205 -- names of columns

    @property
    def teasers(self) -> pl.DataFrame:
        """capture, position, line_no, form, href_urlkey, is_cut; `form` numbers wordings in the order of their ids."""

    @property
    def articles(self) -> pl.DataFrame:
        """capture, body_sha256, title, published_on, section, is_truncated, n_paragraphs."""


def distinct_forms(ranges: Iterable[Seen], forms: pl.DataFrame) -> pl.DataFrame:
    """Distinct teaser wordings with how often and when they were seen.

    Args:
        ranges: all captures.
        forms: form, form_id, published_on, title, teaser; each form once, those not seen as well.

    Returns:
        form, form_id, published_on, title, teaser, is_cut (in every observation), n_observations, first_captured_at,
        last_captured_at, source_capture_id (the first capture that shows it); sorted by form_id.
    """
    found = _Sums("form", pl.col("is_cut").all(), pl.col("n_observations").sum())
    for seen in ranges:
        found.add(seen, seen.teasers.select("capture", "form", "is_cut", n_observations=pl.lit(1, dtype=pl.Int64)))
    return forms.join(found.named(), on="form").sort("form_id")


def distinct_texts(ranges: Iterable[Seen]) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Distinct printed articles with how often and when they were seen, and which of them each capture prints.

    Args:
        ranges: all captures.

    Returns:
        One row per distinct (urlkey, title, published_on, section, body_sha256): text (its number), text_id, those
        columns, url, is_truncated (in every observation), n_captures, first_captured_at,
        last_captured_at, source_capture_id; sorted by text_id. And capture, text; one row per printed article, sorted.
    """
    found = _Sums("text", pl.col("is_truncated").all(), pl.col("n_captures").sum(), pl.col("url").min())
    known = pl.DataFrame(schema={"text_id": pl.String, "text": pl.UInt32})
    told: list[pl.DataFrame] = []
    printed: list[pl.DataFrame] = []
    for seen in ranges:
        each = seen.articles.join(seen.captures.select("capture", "url", "urlkey"), on="capture")
        shown = _with_ids(each.select(PRINTED).unique())
        new = shown.join(known, on="text_id", how="anti").with_row_index("text", offset=known.height)
        known = pl.concat([known, new.select("text_id", "text")])
        told.append(with_own_strings(new))
        numbered = each.join(
            shown.join(known, on="text_id").select("text", *PRINTED), on=PRINTED, nulls_equal=True
        ).select("capture", "text", "is_truncated", "url", n_captures=pl.lit(1, dtype=pl.Int64))
        found.add(seen, numbered)
        printed.append(numbered.select("capture", "text").sort("capture"))
    texts = pl.concat(told).join(found.named(), on="text").sort("text_id").with_row_index("number")
    numbers = texts.select("text", "number")
    whole = texts.drop("text").rename({"number": "text"})
    return whole, pl.concat(printed).join(numbers, on="text", maintain_order="left").select("capture", text="number")


def _with_ids(shown: pl.DataFrame) -> pl.DataFrame:
    """Printed texts with their `text_id`."""
    names = [
        hash_parts(TEXT_PREFIX, [urlkey, title, None if day is None else day.isoformat(), section, digest])
        for urlkey, title, day, section, digest in shown.select(PRINTED).iter_rows()
    ]
    return shown.with_columns(text_id=pl.Series(names, dtype=pl.String))


class _Sums:
    """Observations of wordings or texts added up by number: one row each, with the first capture that shows it.

    Captures go by number as well, whose order is that of their ids: rows of strings, added up range after range, would
    take many times the memory of what they say.
    """

    def __init__(self, by: str, *told: pl.Expr) -> None:
        self._by = by
        self._summed = [
            *told,
            pl.col("first_captured_at").min(),
            pl.col("last_captured_at").max(),
            pl.col("source").sort_by(["first_captured_at", "source"], nulls_last=True).first(),
        ]
        self._found: pl.DataFrame | None = None
        self._sources = pl.DataFrame(schema={"source": pl.UInt32, "source_capture_id": pl.String})

    def add(self, seen: Seen, each: pl.DataFrame) -> None:
        """Take one row per observation: `capture`, the number, what is summed."""
        at = seen.captures.select("capture", first_captured_at="captured_at", last_captured_at="captured_at")
        rows = each.join(at, on="capture").rename({"capture": "source"})
        here = with_own_strings(rows.group_by(self._by).agg(self._summed))
        found = here if self._found is None else pl.concat([self._found, here]).group_by(self._by).agg(self._summed)
        names = seen.captures.select(source="capture", source_capture_id="capture_id").join(
            found, on="source", how="semi"
        )
        self._sources = pl.concat([self._sources.join(found, on="source", how="semi"), with_own_strings(names)])
        self._found = found

    def named(self) -> pl.DataFrame:
        """What was added up, with the first capture's id instead of its number."""
        assert self._found is not None
        return self._found.join(self._sources, on="source").drop("source")


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
        found = pl.concat([found, with_own_strings(named)]).group_by(by).agg(pl.col("capture_id").min())
    return (
        found.join(forms.select("form", "form_id"), on="form")
        .select("form_id", "href_urlkey", "capture_id")
        .sort("form_id", "href_urlkey")
    )
