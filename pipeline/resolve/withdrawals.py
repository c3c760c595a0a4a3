"""From a list of withdrawn ids to tables without these items.

The decision made here: what belongs to a withdrawn item. An event goes with its article and an article with its event;
with them go their wordings, versions, observations, decisions, questions and answers, all unplaced lines of the
captures of the article, and whatever unplaced line or quarantined row elsewhere repeats their words: rather a line too
many than one too few. Captures and raw records stay, for they hold no text. The ids stay as redirects to nothing.
"""

import json
import re
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

import polars as pl

from pipeline.resolve.ids import resolve_id
from pipeline.resolve.words import normal_texts

_ID: Final = re.compile(r"^[ea][0-9a-f]{16}$")
_FEW_WORDS: Final = 4
"""Words in a row by which a line is known to repeat a withdrawn text."""
_OF_EVENT: Final = ("events", "event_speakers", "event_countries", "event_forms", "teaser_observations")
_OF_ARTICLE: Final = ("articles", "article_observations", "article_versions", "article_forms", "statements")
_COUNTED: Final = {
    "teaser_observations": "n_teasers",
    "counter_observations": "n_counters",
    "unplaced_lines": "n_unplaced_lines",
}
"""Which column of `captures` counts the rows of a table, the quarantined ones included."""


@dataclass(frozen=True, slots=True)
class Withdrawal:
    """One item that is to be published no more."""

    id: str
    """Of an event or an article, as a release published it."""
    reason: str
    """For the file's readers; never published."""
    requested_on: date


@dataclass(frozen=True, slots=True)
class Withdrawn:
    """What is left."""

    tables: Mapping[str, pl.DataFrame]
    unknown: tuple[str, ...]
    """Ids that name nothing, now or before: most likely misspelt."""


def read_withdrawals(text: str) -> tuple[Withdrawal, ...]:
    """Read `withdrawals.toml`: tables `[[withdrawal]]` with id, reason and requested_on (a date).

    Raises:
        ValueError: one sentence that says which entry is wrong.
    """
    try:
        entries = tomllib.loads(text).get("withdrawal", [])
    except tomllib.TOMLDecodeError as error:
        raise ValueError(f"withdrawals.toml is not valid TOML: {error}.") from error
    entries = entries if isinstance(entries, list) else [entries]
    return tuple(_withdrawal(number, entry) for number, entry in enumerate(entries, start=1))


def _withdrawal(number: int, entry: Any) -> Withdrawal:
    keys = {"id", "reason", "requested_on"}
    if not isinstance(entry, dict) or entry.keys() != keys:
        raise ValueError(f"withdrawals.toml: entry {number} must have id, reason and requested_on and nothing else.")
    name, reason, on = entry["id"], entry["reason"], entry["requested_on"]
    if not isinstance(name, str) or not _ID.match(name):
        raise ValueError(f"withdrawals.toml: the id of entry {number} is not one of an event or article: {name!r}.")
    if not isinstance(reason, str) or not reason.strip():
        raise ValueError(f"withdrawals.toml: entry {number} gives no reason.")
    if type(on) is not date:
        raise ValueError(f"withdrawals.toml: requested_on of entry {number} is not a date such as 2026-11-21.")
    return Withdrawal(name, reason, on)


def withdraw(
    tables: Mapping[str, pl.DataFrame],
    withdrawals: Sequence[Withdrawal],
    previous_redirects: pl.DataFrame,
    since_release: str | None,
) -> Withdrawn:
    """Take the withdrawn items out of all tables; counts and references among the tables agree again.

    Args:
        tables: every published table, `quality_measures` and `coverage` optional (they hold no text).
        withdrawals: what `read_withdrawals` gives.
        previous_redirects: `id_redirects` of the previous release: an id withdrawn before keeps its since_release.
        since_release: the release being built, null where none is.
    """
    names = sorted({withdrawal.id for withdrawal in withdrawals})
    if not names:
        return Withdrawn(tables, ())
    links = tables["event_article_links"]
    targets = dict(tables["id_redirects"].select("old_id", "new_id").iter_rows())
    live = {resolve_id(name, targets) for name in names}
    of_links = links.filter(pl.col("article_id").is_in(live) | pl.col("event_id").is_in(live))
    events = set(tables["events"].filter(pl.col("event_id").is_in(live)).get_column("event_id"))
    events |= set(of_links.get_column("event_id"))
    # once more from the events: an event may have been given a second article
    articles = set(links.filter(pl.col("event_id").is_in(events)).get_column("article_id"))
    gone = _Gone.of(tables, events, articles)
    left = dict(tables)
    for name in _OF_EVENT:
        left[name] = _without(left[name], "event_id", events)
    for name in _OF_ARTICLE:
        left[name] = _without(left[name], "article_id", articles)
    left["event_article_links"] = _without(links, "article_id", articles)
    left["event_match_decisions"] = left["event_match_decisions"].filter(
        ~(pl.col("form_id_a").is_in(gone.forms) | pl.col("form_id_b").is_in(gone.forms))
    )
    left["unplaced_lines"] = _lines_left(tables["unplaced_lines"], gone)
    left["quarantine"] = _quarantine_left(tables["quarantine"], gone)
    left["captures"] = _recounted(tables, left)
    known = events | articles | targets.keys() | set(previous_redirects.get_column("old_id"))
    left["id_redirects"] = _redirects(
        tables["id_redirects"],
        previous_redirects,
        events | articles | {name for name in names if name in known},
        since_release,
    )
    return Withdrawn(left, tuple(name for name in names if name not in known))


@dataclass(frozen=True, slots=True)
class _Gone:
    """What the withdrawn items were."""

    ids: frozenset[str]
    forms: frozenset[str]
    captures: frozenset[str]
    """Captures of the withdrawn articles."""
    texts: tuple[str, ...]
    """Normal texts of all their titles, teasers and bodies that have more than a few words."""
    stretches: frozenset[str]
    """Every stretch of a few words in them."""

    @classmethod
    def of(cls, tables: Mapping[str, pl.DataFrame], events: set[str], articles: set[str]) -> "_Gone":
        forms = tables["event_forms"].filter(pl.col("event_id").is_in(events))
        versions = tables["article_versions"].filter(pl.col("article_id").is_in(articles))
        shown = tables["article_observations"].filter(pl.col("article_id").is_in(articles))
        texts = pl.concat(
            [
                forms.get_column("title"),
                forms.get_column("teaser"),
                versions.get_column("title"),
                versions.get_column("body"),
                shown.get_column("title"),
            ]
        ).rename("text")
        normal = texts.drop_nulls().to_frame().select(normal_texts(pl.col("text"))).to_series().unique().sort()
        kept = tuple(text for text in normal if text.count(" ") + 1 >= _FEW_WORDS)
        return cls(
            frozenset(events | articles),
            frozenset(forms.get_column("form_id")),
            frozenset(shown.get_column("capture_id")),
            kept,
            frozenset(stretch for text in kept for stretch in _stretches(text)),
        )

    def repeats(self, normal: str) -> bool:
        """Whether a text holds a withdrawn one, or most of it is the words of one."""
        stretches = _stretches(normal)
        shared = sum(stretch in self.stretches for stretch in stretches)
        return 2 * shared > len(stretches) or any(text in normal for text in self.texts)


def _stretches(normal: str) -> list[str]:
    words = normal.split()
    return [" ".join(words[at : at + _FEW_WORDS]) for at in range(len(words) - _FEW_WORDS + 1)]


def _without(frame: pl.DataFrame, column: str, ids: Iterable[str]) -> pl.DataFrame:
    return frame.filter(~pl.col(column).is_in(list(ids)))


def _lines_left(lines: pl.DataFrame, gone: _Gone) -> pl.DataFrame:
    normal = lines.select(normal_texts(pl.col("text"))).to_series()
    repeats = pl.Series([gone.repeats(text) for text in normal], dtype=pl.Boolean)
    return lines.filter(~(pl.col("capture_id").is_in(gone.captures) | repeats))


def _quarantine_left(quarantine: pl.DataFrame, gone: _Gone) -> pl.DataFrame:
    """The rows that say nothing of a withdrawn item, numbered anew."""
    kept = [
        not (
            _names(row, gone)
            or (row["table"] in {"article_observations", "unplaced_lines"} and row["capture_id"] in gone.captures)
            or any(gone.repeats(text) for text in _texts(row["row"]))
        )
        for row in quarantine.iter_rows(named=True)
    ]
    left = quarantine.filter(pl.Series(kept, dtype=pl.Boolean))
    return left.with_columns(quarantine_no=pl.int_range(left.height).cast(quarantine.schema["quarantine_no"]))


def _names(row: Mapping[str, Any], gone: _Gone) -> bool:
    return not gone.ids.isdisjoint(row["row_key"].split("/")) or not gone.forms.isdisjoint(row["row_key"].split("/"))


def _texts(row: str) -> list[str]:
    values = [value for value in json.loads(row).values() if isinstance(value, str)]
    return (
        pl.DataFrame({"text": values}, schema={"text": pl.String})
        .select(normal_texts(pl.col("text")))
        .to_series()
        .to_list()
    )


def _recounted(before: Mapping[str, pl.DataFrame], left: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    """`captures` with its counts less by the rows that went."""
    captures = before["captures"]
    for table, column in _COUNTED.items():
        removed = (
            _counts(before, table)
            .join(_counts(left, table), on="capture_id", how="left", suffix="_left")
            .select("capture_id", removed=pl.col("n") - pl.col("n_left").fill_null(0))
            .filter(pl.col("removed") > 0)
        )
        captures = (
            captures.join(removed, on="capture_id", how="left", maintain_order="left")
            .with_columns((pl.col(column) - pl.col("removed").fill_null(0)).cast(captures.schema[column]))
            .drop("removed")
        )
    # where a dump's maker dropped lists, no teaser is no fact
    unknown = (pl.col("n_teasers") == 0) & ~pl.col("teasers_observable")
    return captures.with_columns(n_teasers=pl.when(unknown).then(None).otherwise("n_teasers"))


def _counts(tables: Mapping[str, pl.DataFrame], table: str) -> pl.DataFrame:
    """Rows of a table per capture, those quarantined as a whole included."""
    quarantined = tables["quarantine"].filter(pl.col("table") == table, pl.col("column").is_null())
    rows = [
        tables[table].select("capture_id"),
        quarantined.select("capture_id", "row_key").unique().select("capture_id"),
    ]
    return pl.concat(rows).group_by("capture_id").agg(n=pl.len().cast(pl.Int64))


def _redirects(
    redirects: pl.DataFrame, previous: pl.DataFrame, withdrawn: set[str], since_release: str | None
) -> pl.DataFrame:
    since: dict[str, str | None] = {
        old: release
        for old, new, release in previous.select("old_id", "new_id", "since_release").iter_rows()
        if new is None
    }
    rows = {
        old: (new, reason, release)
        for old, new, reason, release in redirects.select("old_id", "new_id", "reason", "since_release").iter_rows()
    }
    for old, (new, _, release) in list(rows.items()):
        if new in withdrawn:
            rows[old] = (None, "withdrawn", release)
    for name in withdrawn:
        if name not in rows:
            rows[name] = (None, "withdrawn", since.get(name, since_release))
    return pl.DataFrame([(old, *row) for old, row in sorted(rows.items())], schema=redirects.schema, orient="row")
