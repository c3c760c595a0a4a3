"""The explorer's details: per event all that the tables say about it, in files of a few dozen events.

The one decision made here is what makes one view of an event: its wordings, every capture that shows it and where in
the raw files, the decisions that joined or parted its wordings, its article with each version as a diff against the
one before, and its questions and answers. Tables are read round by round, each a range of event ids, so memory is
bounded by a round; rows become JSON inside polars, which costs a tenth of doing it row by row.
"""

import json
from collections.abc import Iterator
from typing import Any, Final

import polars as pl

from pipeline.report.explore_index import DETAIL_EVENTS
from pipeline.report.figure import Tables
from pipeline.resolve.words import word_diff

_ROUND: Final = 32 * DETAIL_EVENTS
_SIGNS: Final = {"equal": 0, "delete": -1, "insert": 1}

CAPTURE: Final = {
    "capture_id": "c",
    "at": "t",
    "form_id": "f",
    "line_no": "l",
    "version_id": "v",
    "archive": "a",
    "url": "u",
    "memento_url": "m",
    "lookup_url": "s",
    "raw_path": "p",
    "record_no": "n",
}
"""What is told of a capture, under one letter each: most of what is written are these. Only a teaser has a form."""


def detail_files(tables: Tables) -> Iterator[str]:
    """The files of details in order, each a JSON list of events."""
    ids = tables["events"].select("event_id").sort("event_id").collect()["event_id"]
    for start in range(0, len(ids), _ROUND):
        details = _round(tables, ids[start : start + _ROUND])
        for first in range(0, len(details), DETAIL_EVENTS):
            yield f"[{','.join(details[first : first + DETAIL_EVENTS])}]"


def _round(tables: Tables, ids: pl.Series) -> pl.Series:
    """The events whose ids these are – all there are between the first and the last – each as a JSON object."""
    within = pl.col("event_id").is_between(pl.lit(ids[0]), pl.lit(ids[-1]))
    forms = tables["event_forms"].filter(within).drop("since_release").collect().lazy()
    articles = tables["articles"].filter(within).drop("body").collect().lazy()
    owners = articles.select("article_id", "event_id")
    lists = {
        "forms": _listed(forms, "first_captured_at", "form_id"),
        "speakers": _listed(tables["event_speakers"].filter(within), "position"),
        "captures": _listed(
            _captures(tables, within, owners), CAPTURE["at"], CAPTURE["capture_id"], CAPTURE["line_no"]
        ),
        "decisions": _listed(_decisions(tables, forms.select("form_id", "event_id")), "form_id", "other_form_id"),
        "links": _listed(tables["event_article_links"].filter(within), "article_id"),
        "articles": _listed(articles, "article_id"),
        "versions": _versions(tables, owners),
        "statements": _listed(
            tables["statements"].join(owners, on="article_id").drop("article_id", "version_id"), "position"
        ),
    }
    rows = tables["events"].filter(within).select("event_id", event=_json(tables["events"], without=None))
    for name, listed in lists.items():
        rows = rows.join(listed.lazy().rename({"json": name}), on="event_id", how="left")
    whole = pl.concat_str(
        pl.lit('{"event":'),
        "event",
        *(part for name in lists for part in (pl.lit(f',"{name}":['), pl.col(name).fill_null(""), pl.lit("]"))),
        pl.lit("}"),
    )
    return rows.sort("event_id").select(whole.alias("json")).collect()["json"]


def _captures(tables: Tables, within: pl.Expr, owners: pl.LazyFrame) -> pl.LazyFrame:
    """Every capture that shows an event: as which wording or version, and in which raw record."""
    shown = pl.concat(
        [
            tables["teaser_observations"].filter(within).select("event_id", "capture_id", "form_id", "line_no"),
            tables["article_observations"].join(owners, on="article_id").select("event_id", "capture_id", "version_id"),
        ],
        how="diagonal",
    )
    captures = tables["captures"].select(
        "capture_id", "archive", "url", "memento_url", "lookup_url", at=pl.col("captured_at")
    )
    records = (
        tables["raw_records"]
        .filter(pl.col("status") == "capture")
        .select("capture_id", "raw_path", "record_no")
        .sort("raw_path", "record_no")
        .unique("capture_id", keep="first", maintain_order=True)
    )
    rows = shown.join(captures, on="capture_id", how="left").join(records, on="capture_id", how="left")
    return rows.select("event_id", **{letter: pl.col(name) for name, letter in CAPTURE.items()})


def _decisions(tables: Tables, forms: pl.LazyFrame) -> pl.LazyFrame:
    """Decisions about an event's wordings; the other wording may belong to another event, which is named."""
    facts = ["same", "reason", "title_similarity", "text_similarity"]
    ours = pl.concat(
        [
            tables["event_match_decisions"]
            .select(pl.col(mine).alias("form_id"), pl.col(other).alias("other_form_id"), *facts)
            .join(forms, on="form_id")
            for mine, other in (("form_id_a", "form_id_b"), ("form_id_b", "form_id_a"))
        ]
    )
    others = tables["event_forms"].select(
        other_form_id="form_id", other_event_id="event_id", other_title="title", other_published_on="published_on"
    )
    found = ours.join(others, on="other_form_id", how="left")
    # a decision between two wordings of one event stands once
    is_second = (pl.col("event_id") == pl.col("other_event_id")) & (pl.col("form_id") > pl.col("other_form_id"))
    return found.filter(~is_second.fill_null(value=False))


def _versions(tables: Tables, owners: pl.LazyFrame) -> pl.DataFrame:
    """Versions in order: the first with its text, each later one as stretches: stayed (0), went (-1), came (1)."""
    rows = (
        tables["article_versions"]
        .drop("words_added", "words_removed")
        .join(owners, on="article_id")
        .sort("event_id", "version", "version_id")
        .with_columns(before=pl.col("body").shift().over("article_id", order_by="version"))
        .collect()
    )
    later = rows.filter(pl.col("before").is_not_null()).select("version_id", "before", "body")
    diffs = {
        version: json.dumps([[_SIGNS[part.kind], part.text] for part in word_diff(before, body)], ensure_ascii=False)
        for version, before, body in later.iter_rows()
    }
    diff = pl.col("version_id").replace_strict(diffs, default=None, return_dtype=pl.String)
    told = rows.with_columns(body=pl.when(pl.col("before").is_null()).then("body")).drop("before").lazy()
    return (
        told.select(
            "event_id",
            # the diff is JSON already: it takes the place of the closing brace
            json=pl.concat_str(_json(told).str.head(-1), pl.lit(',"diff":'), diff.fill_null("null"), pl.lit("}")),
        )
        .group_by("event_id", maintain_order=True)
        .agg(pl.col("json").str.join(","))
        .collect()
    )


def _listed(rows: pl.LazyFrame, *order: str) -> pl.DataFrame:
    """Rows by event as JSON objects in the order of the columns named, parted by commas: event_id, json."""
    return (
        rows.sort("event_id", *order, nulls_last=True)
        .select("event_id", json=_json(rows))
        .group_by("event_id", maintain_order=True)
        .agg(pl.col("json").str.join(","))
        .collect()
    )


def _json(rows: pl.LazyFrame, without: str | None = "event_id") -> pl.Expr:
    """Each row as a JSON object, without the column its rows are grouped by; instants as "2019-11-18T21:03:00Z"."""
    columns: list[Any] = [
        pl.col(name).dt.strftime("%Y-%m-%dT%H:%M:%SZ") if dtype == pl.Datetime else pl.col(name)
        for name, dtype in rows.collect_schema().items()
        if name != without
    ]
    return pl.struct(columns).struct.json_encode()
