"""The explorer's details: per event all that the tables say about it, in files of a few dozen events.

Tables are read round by round, each a range of event ids, so memory is bounded by a round and not by the dataset. The
one decision made here is what makes one view of an event: its wordings, every capture that shows it and where in the
raw files, the decisions that joined or parted its wordings, its article with each version as a diff against the one
before, and its questions and answers.
"""

from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime
from typing import Any, Final, TypeAlias

import polars as pl

from pipeline.report.explore_index import DETAIL_EVENTS
from pipeline.report.figure import Tables
from pipeline.resolve.words import word_diff

_ROUND: Final = 64 * DETAIL_EVENTS
_SIGNS: Final = {"equal": 0, "delete": -1, "insert": 1}
CAPTURE: Final = (
    "capture_id",
    "at",
    "form_id",
    "line_no",
    "version_id",
    "archive",
    "url",
    "memento_url",
    "lookup_url",
    "raw_path",
    "record_no",
)
"""What is told of a capture, in this order; the page's script reads it by place. Only a teaser has a form."""
Row: TypeAlias = dict[str, Any]


def detail_files(tables: Tables) -> Iterator[list[Row]]:
    """The files of details in order, each a list of events as plain data."""
    ids = tables["events"].select("event_id").sort("event_id").collect()["event_id"]
    for start in range(0, len(ids), _ROUND):
        details = _round(tables, ids[start : start + _ROUND])
        for first in range(0, len(details), DETAIL_EVENTS):
            yield details[first : first + DETAIL_EVENTS]


def _round(tables: Tables, ids: pl.Series) -> list[Row]:
    """The details of the events whose ids these are, all there are between the first and the last."""
    within = pl.col("event_id").is_between(pl.lit(ids[0]), pl.lit(ids[-1]))
    events = tables["events"].filter(within).sort("event_id").collect()
    forms = tables["event_forms"].filter(within).sort("event_id", "first_captured_at", "form_id").collect()
    articles = tables["articles"].filter(within).sort("event_id").collect()
    of_articles = articles.select("article_id", "event_id").lazy()
    children: dict[str, dict[str, list[Any]]] = {
        "forms": _by_event(forms.drop("since_release")),
        "speakers": _by_event(_sorted(tables["event_speakers"].filter(within), "event_id", "position")),
        "captures": _captures(tables, within, of_articles),
        "decisions": _decisions(tables, forms.select("form_id", "event_id")),
        "links": _by_event(_sorted(tables["event_article_links"].filter(within), "event_id", "article_id")),
    }
    versions = _by_event(_sorted(tables["article_versions"].join(of_articles, on="article_id"), "event_id", "version"))
    statements = _by_event(
        _sorted(tables["statements"].join(of_articles, on="article_id"), "event_id", "position").drop(
            "article_id", "version_id"
        )
    )
    by_event = {row["event_id"]: row for row in articles.drop("body").iter_rows(named=True)}
    details = []
    for row in events.iter_rows(named=True):
        event = row["event_id"]
        article = by_event.get(event)
        details.append(
            _plain(row)
            | {name: of_event.get(event, []) for name, of_event in children.items()}
            | {
                "article": None
                if article is None
                else _plain(article)
                | {"versions": _as_diffs(versions.get(event, [])), "statements": statements.get(event, [])}
            }
        )
    return details


def _captures(tables: Tables, within: pl.Expr, of_articles: pl.LazyFrame) -> dict[str, list[list[Any]]]:
    """Every capture that shows an event, as lists in the order of `CAPTURE`: most of what is written are these."""
    records = (
        tables["raw_records"]
        .filter(pl.col("status") == "capture")
        .sort("raw_path", "record_no")
        .unique("capture_id", keep="first", maintain_order=True)
        .select("capture_id", "raw_path", "record_no")
    )
    captures = tables["captures"].select(
        "capture_id",
        "archive",
        "url",
        "memento_url",
        "lookup_url",
        at=pl.col("captured_at").dt.strftime("%Y-%m-%dT%H:%M:%SZ"),
    )
    shown = pl.concat(
        [
            tables["teaser_observations"].filter(within).select("event_id", "capture_id", "form_id", "line_no"),
            tables["article_observations"]
            .join(of_articles, on="article_id")
            .select("event_id", "capture_id", "version_id"),
        ],
        how="diagonal",
    )
    rows = shown.join(captures, on="capture_id", how="left").join(records, on="capture_id", how="left")
    grouped: dict[str, list[list[Any]]] = defaultdict(list)
    for event, *facts in (
        _sorted(rows, "event_id", "at", "capture_id", "line_no").select("event_id", *CAPTURE).iter_rows()
    ):
        grouped[event].append(facts)
    return grouped


def _decisions(tables: Tables, forms: pl.DataFrame) -> dict[str, list[Row]]:
    """Decisions about an event's wordings; the other wording may belong to another event, which is named."""
    decisions = tables["event_match_decisions"]
    sides = [("form_id_a", "form_id_b"), ("form_id_b", "form_id_a")]
    facts = ["same", "reason", "title_similarity", "text_similarity"]
    ours = pl.concat(
        [
            decisions.select(pl.col(mine).alias("form_id"), pl.col(other).alias("other_form_id"), *facts).join(
                forms.lazy(), on="form_id"
            )
            for mine, other in sides
        ]
    )
    others = tables["event_forms"].select(
        other_form_id="form_id", other_event_id="event_id", other_title="title", other_published_on="published_on"
    )
    found = ours.join(others, on="other_form_id", how="left")
    # a decision between two wordings of one event stands once
    is_second = (pl.col("event_id") == pl.col("other_event_id")) & (pl.col("form_id") > pl.col("other_form_id"))
    return _by_event(_sorted(found.filter(~is_second.fill_null(value=False)), "event_id", "form_id", "other_form_id"))


def _as_diffs(versions: list[Row]) -> list[Row]:
    """Versions in order: the first with its text, each later one as stretches that stayed, went (-1) and came (1)."""
    told: list[Row] = []
    before: str | None = None
    for version in versions:
        body = version["body"]
        entry = {name: value for name, value in version.items() if name not in {"body", "words_added", "words_removed"}}
        if before is None:
            entry["body"] = body
        else:
            entry["diff"] = [[_SIGNS[segment.kind], segment.text] for segment in word_diff(before, body)]
        told.append(entry)
        before = body
    return told


def _sorted(rows: pl.LazyFrame, *columns: str) -> pl.DataFrame:
    return rows.collect().sort(columns, nulls_last=True)


def _by_event(rows: pl.DataFrame) -> dict[str, list[Row]]:
    """Rows as plain data by event, in their order, without the event's id and without nulls."""
    grouped: dict[str, list[Row]] = defaultdict(list)
    for row in rows.iter_rows(named=True):
        grouped[row.pop("event_id")].append(_plain(row))
    return grouped


def _plain(row: Row) -> Row:
    """Known values only, days and instants as text: "2019-11-18", "2019-11-18T21:03:00Z"."""
    return {name: _text(value) for name, value in row.items() if value is not None}


def _text(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%dT%H:%M:%SZ")
    return value.isoformat() if hasattr(value, "isoformat") else value
