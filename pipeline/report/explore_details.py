"""The explorer's details: per event all that the tables say about it, in files of a few dozen events.

The one decision made here is what makes one view of an event: its wordings, every capture that shows it (by its number,
`explore_captures`), the decisions that joined or parted its wordings, its article with each version as a diff against
the one before, and its questions and answers. Tables are read round by round, each a range of event ids, so memory is
bounded by a round. A diff is remembered: it costs more than all else that is told of an article.
"""

import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

import polars as pl

from pipeline.remember import DIGEST, remembered_rows, text_digest
from pipeline.report.explore_index import DETAIL_EVENTS
from pipeline.report.explore_sightings import sightings, wordings_in_order
from pipeline.report.figure import Tables
from pipeline.report.row_json import row_json
from pipeline.resolve.words import word_diff

_ROUND: Final = 32 * DETAIL_EVENTS
_SIGNS: Final = {"equal": 0, "delete": -1, "insert": 1}


def detail_files(tables: Tables, captures: pl.DataFrame, scratch: Path) -> Iterator[str]:
    """The files of details in order, each a JSON list of events.

    Args:
        tables: the published tables.
        captures: `explore_captures.capture_numbers`.
        scratch: a folder that may be written to; nothing stays in it.
    """
    ids = tables["events"].select("event_id").sort("event_id").collect()["event_id"]
    shown = _shown_versions(tables)
    with sightings(tables, captures, _ROUND, scratch) as seen:
        for start, own in zip(range(0, len(ids), _ROUND), seen, strict=False):
            events = ids[start : start + _ROUND].to_frame().with_row_index("number", start)
            details = _round(tables, events, own, shown)
            for first in range(0, len(details), DETAIL_EVENTS):
                yield f"[{','.join(details[first : first + DETAIL_EVENTS])}]"


def _round(tables: Tables, events: pl.DataFrame, seen: pl.DataFrame, shown: pl.Series) -> pl.Series:
    """Some events – all there are between the first and the last – each as a JSON object.

    Args:
        tables: the published tables.
        events: number, event_id, in order.
        seen: sightings of these events.
        shown: ids of the versions that articles show.
    """
    within = pl.col("event_id").is_between(pl.lit(events["event_id"][0]), pl.lit(events["event_id"][-1]))
    forms = wordings_in_order(tables["event_forms"].filter(within).drop("since_release").collect())
    articles = tables["articles"].filter(within).drop("body").collect().lazy()
    owners = articles.select("article_id", "event_id")
    lists = {
        "forms": _together(forms.lazy()),
        "speakers": _listed(tables["event_speakers"].filter(within), "position"),
        "captures": _sightings(seen).join(events, on="number").drop("number"),
        "decisions": _listed(
            _decisions(tables, forms.lazy().select("form_id", "event_id")), "form_id", "other_form_id"
        ),
        "links": _listed(tables["event_article_links"].filter(within), "article_id"),
        "articles": _listed(articles, "article_id"),
        "versions": _versions(tables, owners, shown),
        "statements": _listed(
            tables["statements"].join(owners, on="article_id").drop("article_id", "version_id"), "position"
        ),
    }
    told = tables["events"].filter(within)
    rows = told.select("event_id", event=row_json(told.collect_schema()))
    for name, listed in lists.items():
        rows = rows.join(listed.lazy().rename({"json": name}), on="event_id", how="left")
    whole = pl.concat_str(
        pl.lit('{"event":'),
        "event",
        *(part for name in lists for part in (pl.lit(f',"{name}":['), pl.col(name).fill_null(""), pl.lit("]"))),
        pl.lit("}"),
    )
    return rows.sort("event_id").select(whole.alias("json")).collect()["json"]


def _sightings(seen: pl.DataFrame) -> pl.DataFrame:
    """Every capture that shows an event, in order: the capture's number, the wording's or 0, the line or version."""
    shown = seen.sort("number", "capture", "wording", "place", nulls_last=True)
    comma = pl.lit(",")
    row = pl.concat_str(pl.lit("["), "capture", comma, pl.col("wording").fill_null(0), comma, "place", pl.lit("]"))
    return shown.select("number", json=row).group_by("number", maintain_order=True).agg(pl.col("json").str.join(","))


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


def _shown_versions(tables: Tables) -> pl.Series:
    """The versions that articles show: of each the one seen last, which need not be the last one first seen."""
    shown = tables["articles"].select("article_id", shown_title="title", shown_body="body")
    is_shown = pl.col("title").eq_missing(pl.col("shown_title")) & pl.col("body").eq_missing(pl.col("shown_body"))
    versions = tables["article_versions"].select("version_id", "article_id", "title", "body")
    found = versions.join(shown, on="article_id").filter(is_shown).select("version_id")
    return found.collect(engine="streaming")["version_id"]


def _versions(tables: Tables, owners: pl.LazyFrame, shown: pl.Series) -> pl.DataFrame:
    """Versions in order: the first with its text, each later one as stretches: stayed (0), went (-1), came (1)."""
    rows = (
        tables["article_versions"]
        .drop("words_added", "words_removed")
        .join(owners, on="article_id")
        .with_columns(is_shown=pl.col("version_id").is_in(shown.implode()))
        .sort("event_id", "version", "version_id")
        .with_columns(before=pl.col("body").shift().over("article_id", order_by="version"))
        .collect()
    )
    later = rows.filter(pl.col("before").is_not_null()).select("version_id", "before", "body")
    rows = rows.join(_diffs(later), on="version_id", how="left", maintain_order="left")
    told = rows.with_columns(body=pl.when(pl.col("before").is_null()).then("body"))
    as_json = row_json(told.drop("before", "diff").schema, without="event_id")
    return (
        told.lazy()
        .select(
            "event_id",
            # the diff is JSON already: it takes the place of the closing brace
            json=pl.concat_str(as_json.str.head(-1), pl.lit(',"diff":'), pl.col("diff").fill_null("null"), pl.lit("}")),
        )
        .group_by("event_id", maintain_order=True)
        .agg(pl.col("json").str.join(","))
        .collect()
    )


def _diffs(later: pl.DataFrame) -> pl.DataFrame:
    """version_id, diff: what stayed, went and came between `before` and `body`, as JSON."""
    texts = {version: (before, body, text_digest(f"{before}\0{body}")) for version, before, body in later.iter_rows()}
    by_digest = {digest: (before, body) for before, body, digest in texts.values()}

    def pick(digests: pl.Series) -> list[tuple[str, str, str]]:
        return [(digest, *by_digest[digest]) for digest in digests]

    asked = pl.DataFrame(
        {"version_id": list(texts), DIGEST: [digest for *_, digest in texts.values()]},
        schema={"version_id": pl.String, DIGEST: pl.String},
    )
    found = remembered_rows("word_diffs", asked[DIGEST], pick, _as_stretches)
    return asked.join(found, on=DIGEST).select("version_id", "diff")


def _as_stretches(texts: Iterable[tuple[str, str, str]]) -> pl.DataFrame:
    told = [
        (digest, json.dumps([[_SIGNS[part.kind], part.text] for part in word_diff(before, body)], ensure_ascii=False))
        for digest, before, body in texts
    ]
    return pl.DataFrame(told, schema={DIGEST: pl.String, "diff": pl.String}, orient="row")


def _listed(rows: pl.LazyFrame, *order: str) -> pl.DataFrame:
    """Rows by event as JSON objects in the order of the columns named, parted by commas: event_id, json."""
    return _together(rows.sort("event_id", *order, nulls_last=True))


def _together(rows: pl.LazyFrame) -> pl.DataFrame:
    """Rows in order as JSON objects, those of an event parted by commas: event_id, json."""
    as_json = row_json(rows.collect_schema(), without="event_id")
    return (
        rows.select("event_id", json=as_json)
        .group_by("event_id", maintain_order=True)
        .agg(pl.col("json").str.join(","))
        .collect()
    )
