"""From an id to everything the published tables say about it, down to the raw records it was read from.

The decision made here: what belongs to an item. Its row, the rows that name it, and of every capture that shows it
where on the page it stands and which records of which raw files hold it. Ids of earlier releases are followed.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, Final

import polars as pl

from pipeline.errors import ChanceryError

Row = dict[str, Any]

KINDS: Final[Mapping[str, tuple[str, str, str]]] = {
    "e": ("event", "events", "event_id"),
    "a": ("article", "articles", "article_id"),
    "c": ("capture", "captures", "capture_id"),
    "v": ("version", "article_versions", "version_id"),
    "f": ("wording", "event_forms", "form_id"),
    "g": ("article wording", "article_forms", "form_id"),
}
"""First letter of an id: what it names, the table that holds it, and its key there."""


@dataclass(frozen=True, slots=True)
class Item:
    """One item as the tables know it."""

    kind: str
    """As in `KINDS`, or `withdrawn`."""
    item_id: str
    asked: str
    """The id that was asked for; another one than `item_id` where it was redirected."""
    redirects: tuple[Row, ...] = ()
    """Rows of id_redirects that led from `asked` to `item_id`."""
    facts: Row = field(default_factory=dict)
    """Its own row; empty for a withdrawn item."""
    parts: Mapping[str, list[Row]] = field(default_factory=dict)
    """Rows of other tables that belong to it, by what they are."""
    captures: tuple[Row, ...] = ()
    """Captures that show it, the oldest first: when, where from, `shows` (places on the page), `raw_records`."""

    def to_json(self) -> Row:
        """As JSON-ready data; days as YYYY-MM-DD, instants as YYYY-MM-DDTHH:MM:SSZ."""
        known = {
            "kind": self.kind,
            "id": self.item_id,
            "asked": self.asked,
            "redirects": list(self.redirects),
            "facts": self.facts,
            **self.parts,
            "captures": list(self.captures),
        }
        plain: Row = _plain(known)
        return plain


class Tables:
    """The published tables of one folder."""

    def __init__(self, folder: Path) -> None:
        if not (folder / "events.parquet").is_file():
            raise ChanceryError(f"there are no tables in {folder}; make them with `chancery build`.")
        self._folder = folder

    def rows(self, table: str, column: str, *values: str | None) -> list[Row]:
        """Rows of a table whose column is one of the values, in the table's order."""
        return self.frame(table, column, *values).to_dicts() if any(value is not None for value in values) else []

    def frame(self, table: str, column: str, *values: str | None) -> pl.DataFrame:
        """The same as a frame."""
        wanted = pl.Series([value for value in values if value is not None], dtype=pl.String)
        found = pl.scan_parquet(self._folder / f"{table}.parquet", glob=False).filter(
            pl.col(column).is_in(wanted.implode())
        )
        return found.collect()


def look_up(tables: Tables, asked: str) -> Item:
    """Everything about the item with this id.

    Raises:
        ChanceryError: no table knows the id.
    """
    item_id: str | None = asked
    redirects: list[Row] = []
    while item_id is not None and (step := tables.rows("id_redirects", "old_id", item_id)):
        redirects += step
        item_id = step[0]["new_id"]
    if item_id is None:
        return Item("withdrawn", asked, asked, tuple(redirects))
    kind, table, key = KINDS.get(item_id[:1], ("", "", ""))
    found = tables.rows(table, key, item_id) if table else []
    if not found:
        raise ChanceryError(
            f"no table knows {item_id}; ids stand in the tables' columns event_id, article_id and so on."
        )
    parts, captures = _READERS[kind](tables, found[0])
    return Item(kind, item_id, asked, tuple(redirects), found[0], parts, captures)


_Read = tuple[dict[str, list[Row]], tuple[Row, ...]]


def _event(tables: Tables, facts: Row) -> _Read:
    event_id = facts["event_id"]
    wordings = tables.rows("event_forms", "event_id", event_id)
    form_ids = [row["form_id"] for row in wordings]
    decisions = {
        (row["form_id_a"], row["form_id_b"]): row
        for side in ("form_id_a", "form_id_b")
        for row in tables.rows("event_match_decisions", side, *form_ids)
    }
    parts = {
        "speakers": tables.rows("event_speakers", "event_id", event_id),
        "wordings": wordings,
        "decisions": [decisions[pair] for pair in sorted(decisions)],
        "articles": tables.rows("event_article_links", "event_id", event_id),
    }
    teasers = tables.rows("teaser_observations", "event_id", event_id)
    texts = tables.rows("article_observations", "article_id", facts["article_id"])
    return parts, _captures(tables, teasers, texts)


def _article(tables: Tables, facts: Row) -> _Read:
    article_id = facts["article_id"]
    parts = {
        "events": tables.rows("event_article_links", "article_id", article_id),
        "versions": sorted(tables.rows("article_versions", "article_id", article_id), key=lambda row: row["version"]),
        "statements": tables.rows("statements", "article_id", article_id),
    }
    # a date that no page of the article prints is proven by the teasers of its event
    dated_elsewhere = facts["published_on_source"] == "teaser"
    teasers = tables.rows("teaser_observations", "event_id", facts["event_id"]) if dated_elsewhere else []
    return parts, _captures(tables, teasers, tables.rows("article_observations", "article_id", article_id))


def _version(tables: Tables, facts: Row) -> _Read:
    parts = {"articles": tables.rows("articles", "article_id", facts["article_id"])}
    return parts, _captures(tables, [], tables.rows("article_observations", "version_id", facts["version_id"]))


def _wording(tables: Tables, facts: Row) -> _Read:
    parts = {"events": tables.rows("events", "event_id", facts["event_id"])}
    return parts, _captures(tables, tables.rows("teaser_observations", "form_id", facts["form_id"]), [])


def _article_wording(tables: Tables, facts: Row) -> _Read:
    texts = tables.rows("article_observations", "article_id", facts["article_id"])
    shown = [row for row in texts if (row["title"], row["published_on"]) == (facts["title"], facts["published_on"])]
    return {"articles": tables.rows("articles", "article_id", facts["article_id"])}, _captures(tables, [], shown)


def _capture(tables: Tables, facts: Row) -> _Read:
    capture_id = facts["capture_id"]
    teasers = tables.rows("teaser_observations", "capture_id", capture_id)
    titles = {row["event_id"]: row for row in tables.rows("events", "event_id", *{row["event_id"] for row in teasers})}
    texts = tables.rows("article_observations", "capture_id", capture_id)
    parts = {
        "counters": tables.rows("counter_observations", "capture_id", capture_id),
        "articles": texts,
        "teasers": [
            row | {key: titles.get(row["event_id"], {}).get(key) for key in ("published_on", "title")}
            for row in teasers
        ],
        "unplaced_lines": tables.rows("unplaced_lines", "capture_id", capture_id),
        "quarantine": tables.rows("quarantine", "capture_id", capture_id),
    }
    return parts, _captures(tables, teasers, texts, capture_id)


_READERS: Final[Mapping[str, Callable[[Tables, Row], _Read]]] = {
    "event": _event,
    "article": _article,
    "capture": _capture,
    "version": _version,
    "wording": _wording,
    "article wording": _article_wording,
}


def _captures(tables: Tables, teasers: list[Row], texts: list[Row], *others: str) -> tuple[Row, ...]:
    """The captures of these observations, the oldest first, those without a time last."""
    shows: dict[str, list[Row]] = {capture_id: [] for capture_id in others}
    for row in texts:
        place = {"what": "article", "version_id": row["version_id"], "is_truncated": row["is_truncated"]}
        shows.setdefault(row["capture_id"], []).append(place)
    for row in teasers:
        place = {"what": "teaser", **{key: row[key] for key in ("position", "line_no", "form_id", "is_repeat")}}
        shows.setdefault(row["capture_id"], []).append(place)
    records: dict[str, list[Row]] = {capture_id: [] for capture_id in shows}
    found_records = tables.rows("raw_records", "capture_id", *shows)
    originals = _originals(tables, [row for row in found_records if row["status"] == "revisit"])
    for row in found_records:
        record = {key: value for key, value in row.items() if key != "capture_id"}
        if row["status"] == "revisit":
            record["repeats"] = originals.get((row["raw_path"], row["record_no"]))
        records[row["capture_id"]].append(record)
    named = ("capture_id", "captured_at", "captured_at_source", "url", "archive", "memento_url", "lookup_url")
    found = [
        {
            **{key: row[key] for key in named},
            "shows": shows[row["capture_id"]],
            "raw_records": records[row["capture_id"]],
        }
        for row in tables.rows("captures", "capture_id", *shows)
    ]
    return tuple(sorted(found, key=_age))


def _originals(tables: Tables, revisits: list[Row]) -> dict[tuple[str, int], Row]:
    """The records whose payload revisit records repeat, by the place of the revisit, as the build chose them."""
    if not revisits:
        return {}
    from pipeline.revisits import PLACE, find_originals
    from pipeline.urls import urlkey

    asked = [
        tables.frame("raw_records", "warc_record_id", *(row["refers_to"] for row in revisits)),
        tables.frame("raw_records", "payload_digest", *(row["payload_digest"] for row in revisits)),
        tables.frame("raw_records", "capture_id", *(row["capture_id"] for row in revisits)),
    ]
    records = pl.concat(asked).unique(PLACE, maintain_order=True)
    keyed = records.with_columns(
        pl.col("url").map_elements(urlkey, return_dtype=pl.String).alias("urlkey"),
        pl.int_range(pl.len(), dtype=pl.Int32).alias("page_no"),
        pl.lit(0, dtype=pl.Int32).alias("part"),
        pl.when(pl.col("record_type") == "revisit").then(pl.lit("revisit")).otherwise("status").alias("outcome"),
    )
    found = find_originals(keyed.filter(pl.col("status") == "revisit"), [keyed.lazy()])
    chosen = found.select(*PLACE, "original_page_no").drop_nulls("original_page_no")
    return {(path, number): records.row(original, named=True) for path, number, original in chosen.iter_rows()}


def _age(capture: Row) -> tuple[bool, datetime, str]:
    at = capture["captured_at"]
    return at is None, at or datetime.max.replace(tzinfo=UTC), capture["capture_id"]


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _plain(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(inner) for inner in value]
    if isinstance(value, datetime):
        return value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    return value.isoformat() if isinstance(value, date) else value
