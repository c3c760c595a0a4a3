"""From a list of withdrawn ids to what goes with them, and to tables without these items, a piece at a time.

The decision made here: what belongs to a withdrawn item. An event goes with its article and an article with its event;
with them go their wordings, versions, observations, decisions, questions and answers, all unplaced lines of the
captures of the article, and whatever unplaced line or quarantined row elsewhere repeats their words: rather a line too
many than one too few. Captures and raw records stay, for they hold no text. The ids stay as redirects to nothing.
"""

import json
import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

import polars as pl

from pipeline.resolve.ids import resolve_id
from pipeline.resolve.words import normal_texts

_ID: Final = re.compile(r"^[ea][0-9a-f]{16}$")
_FEW_WORDS: Final = 4
"""Words in a row by which a line is known to repeat a withdrawn text."""
_OF_EVENT: Final = frozenset({"events", "event_speakers", "event_countries", "event_forms", "teaser_observations"})
_OF_ARTICLE: Final = frozenset(
    {"articles", "article_observations", "article_versions", "article_forms", "statements", "event_article_links"}
)
CHANGED: Final = tuple(sorted(_OF_EVENT | _OF_ARTICLE | {"captures", "event_match_decisions", "unplaced_lines"}))
"""Tables that `Withdrawn.left_of` takes rows out of or counts anew."""
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


def find_withdrawn(
    tables: Mapping[str, pl.LazyFrame],
    withdrawals: Sequence[Withdrawal],
    previous_redirects: pl.DataFrame,
    since_release: str | None,
) -> "Withdrawn":
    """Find what belongs to the withdrawn items.

    Args:
        tables: every published table but `quality_measures` and `coverage`, which hold no text.
        withdrawals: what `read_withdrawals` gives.
        previous_redirects: `id_redirects` of the previous release: an id withdrawn before keeps its since_release.
        since_release: the release being built, null where none is.
    """
    names = sorted({withdrawal.id for withdrawal in withdrawals})
    redirects = tables["id_redirects"].collect()
    targets = dict(redirects.select("old_id", "new_id").iter_rows())
    live = {resolve_id(name, targets) for name in names}
    links = tables["event_article_links"].select("article_id", "event_id").collect()
    of_links = links.filter(pl.col("article_id").is_in(live) | pl.col("event_id").is_in(live))
    events = set(tables["events"].filter(pl.col("event_id").is_in(live)).select("event_id").collect()["event_id"])
    events |= set(of_links["event_id"])
    # once more from the events: an event may have been given a second article
    articles = set(links.filter(pl.col("event_id").is_in(events))["article_id"])
    gone = _Gone.of(tables, events, articles)
    lines = _lines_that_go(tables["unplaced_lines"], gone)
    before = tables["quarantine"].collect()
    quarantine = _quarantine_left(before, gone)
    known = events | articles | targets.keys() | set(previous_redirects["old_id"])
    ids = events | articles | {name for name in names if name in known}
    return Withdrawn(
        gone=gone,
        lines=lines,
        n_less=_n_less(tables["teaser_observations"], lines, gone, before, quarantine),
        quarantine=quarantine,
        id_redirects=_redirects(redirects, previous_redirects, ids, since_release),
        unknown=tuple(name for name in names if name not in known),
    )


@dataclass(frozen=True, slots=True)
class Withdrawn:
    """What goes, and with it what is left of any piece of any table."""

    gone: "_Gone"
    lines: pl.DataFrame
    """capture_id, line_no of the unplaced lines that go."""
    n_less: pl.DataFrame
    """capture_id and, for the counts of `captures`, how many rows of each table go."""
    quarantine: pl.DataFrame
    """The table, numbered anew."""
    id_redirects: pl.DataFrame
    """The table, with the withdrawn ids."""
    unknown: tuple[str, ...]
    """Ids that name nothing, now or before: most likely misspelt."""

    def left_of(self, table: str, rows: pl.DataFrame) -> pl.DataFrame:
        """The rows of a table, or of a piece of it, that stay, in their order; counts agree with what is left.

        Args:
            table: one of `CHANGED`; any other is left as it is.
            rows: consecutive rows of it.
        """
        if table in _OF_EVENT:
            return rows.filter(~pl.col("event_id").is_in(self.gone.events))
        if table in _OF_ARTICLE:
            return rows.filter(~pl.col("article_id").is_in(self.gone.articles))
        if table == "event_match_decisions":
            return rows.filter(
                ~(pl.col("form_id_a").is_in(self.gone.forms) | pl.col("form_id_b").is_in(self.gone.forms))
            )
        if table == "unplaced_lines":
            return rows.join(self.lines, on=["capture_id", "line_no"], how="anti", maintain_order="left")
        return _recounted(rows, self.n_less) if table == "captures" else rows


@dataclass(frozen=True, slots=True)
class _Gone:
    """What the withdrawn items were."""

    events: frozenset[str]
    articles: frozenset[str]
    forms: frozenset[str]
    captures: frozenset[str]
    """Captures of the withdrawn articles."""
    texts: tuple[str, ...]
    """Normal texts of all their titles, teasers and bodies that have more than a few words."""
    stretches: frozenset[str]
    """Every stretch of a few words in them."""

    @classmethod
    def of(cls, tables: Mapping[str, pl.LazyFrame], events: set[str], articles: set[str]) -> "_Gone":
        of_events, of_articles = pl.col("event_id").is_in(events), pl.col("article_id").is_in(articles)
        forms = tables["event_forms"].filter(of_events).select("form_id", "title", "teaser").collect()
        versions = tables["article_versions"].filter(of_articles).select("title", "body").collect()
        shown = tables["article_observations"].filter(of_articles).select("capture_id", "title").collect()
        columns = (forms["title"], forms["teaser"], versions["title"], versions["body"], shown["title"])
        texts = pl.concat([column.rename("text") for column in columns]).drop_nulls().unique()
        normal = texts.to_frame().select(normal_texts(pl.col("text"))).to_series().unique().sort()
        kept = tuple(text for text in normal if text.count(" ") + 1 >= _FEW_WORDS)
        return cls(
            frozenset(events),
            frozenset(articles),
            frozenset(forms["form_id"]),
            frozenset(shown["capture_id"]),
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


def _lines_that_go(lines: pl.LazyFrame, gone: _Gone) -> pl.DataFrame:
    """capture_id, line_no of the lines on a withdrawn article's captures, and of those that repeat withdrawn words."""
    on_captures = lines.filter(pl.col("capture_id").is_in(gone.captures)).select("capture_id", "line_no").collect()
    # a site prints the same few lines on all its pages
    texts = lines.select(pl.col("text").unique()).collect(engine="streaming")
    normal = texts.select(normal_texts(pl.col("text"))).to_series()
    repeating = texts.filter(pl.Series([gone.repeats(text) for text in normal], dtype=pl.Boolean))
    elsewhere = lines.join(repeating.lazy(), on="text", how="semi").select("capture_id", "line_no")
    return pl.concat([on_captures, elsewhere.collect(engine="streaming")]).unique()


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
    named = row["row_key"].split("/")
    return not all(ids.isdisjoint(named) for ids in (gone.events, gone.articles, gone.forms))


def _texts(row: str) -> list[str]:
    values = [value for value in json.loads(row).values() if isinstance(value, str)]
    return (
        pl.DataFrame({"text": values}, schema={"text": pl.String})
        .select(normal_texts(pl.col("text")))
        .to_series()
        .to_list()
    )


def _n_less(
    teasers: pl.LazyFrame, lines: pl.DataFrame, gone: _Gone, before: pl.DataFrame, after: pl.DataFrame
) -> pl.DataFrame:
    """`Withdrawn.n_less`: rows that go from the tables, and from the quarantine those that were taken out whole."""
    taken = teasers.filter(pl.col("event_id").is_in(gone.events)).select("capture_id").collect(engine="streaming")
    from_tables = {"teaser_observations": taken, "unplaced_lines": lines.select("capture_id")}
    key = ["table", "capture_id", "row_key"]
    whole = before.filter(pl.col("column").is_null()).select(key).unique()
    released = whole.join(after.filter(pl.col("column").is_null()), on=key, how="anti")
    counts = [
        pl.concat(
            [
                *([from_tables[table]] if table in from_tables else []),
                released.filter(pl.col("table") == table).select("capture_id"),
            ]
        )
        .group_by("capture_id")
        .agg(pl.len().cast(pl.Int64).alias(column))
        for table, column in _COUNTED.items()
    ]
    every = pl.concat(counts, how="diagonal")
    return every.group_by("capture_id").agg(pl.col(*_COUNTED.values()).sum())


def _recounted(captures: pl.DataFrame, n_less: pl.DataFrame) -> pl.DataFrame:
    """Rows of `captures` with their counts less by the rows that went."""
    less = captures.select("capture_id").join(n_less, on="capture_id", how="left", maintain_order="left")
    counted = captures.with_columns(
        (pl.col(column) - less[column].fill_null(0)).cast(captures.schema[column]) for column in _COUNTED.values()
    )
    # where a dump's maker dropped lists, no teaser is no fact
    unknown = (pl.col("n_teasers") == 0) & ~pl.col("teasers_observable")
    return counted.with_columns(n_teasers=pl.when(unknown).then(None).otherwise("n_teasers"))


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
