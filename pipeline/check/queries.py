"""Kinds of queries for the rules between tables: counts, spans, numberings, and rows that lead to each other.

The one decision made here: what a query is asked of at once, where tables are as long as a dump (`Asked`). A count or a
span over all rows adds up from ranges of captures, so that no query of this kind needs them all.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import Enum
from typing import TypeAlias

import polars as pl

Tables: TypeAlias = Mapping[str, pl.LazyFrame]
Rows: TypeAlias = Callable[[Tables], pl.LazyFrame]


class Asked(Enum):
    """What a query is asked of at once."""

    EVERYTHING = "everything"
    """Whole tables, none of which grows with the number of captures."""
    CAPTURES = "captures"
    """The rows that belong to a range of captures, one range after the other: they blame none of another range."""
    SUMS = "sums"
    """The same, and what they say of a thing adds up before it is blamed."""


def _as_they_are(sums: pl.LazyFrame) -> pl.LazyFrame:
    return sums


@dataclass(frozen=True, slots=True)
class Query:
    """How the rows that break a rule are found."""

    blamed: Callable[[Tables, pl.LazyFrame], pl.LazyFrame]
    """The rows, from tables and sums."""
    asked: Asked = Asked.EVERYTHING
    summed: Rows | None = None
    """Sums over some captures."""
    added: Callable[[pl.LazyFrame], pl.LazyFrame] = _as_they_are
    """Sums of several ranges as those of all."""

    def __call__(self, tables: Tables) -> pl.LazyFrame:
        """The rows of whole tables."""
        return self.blamed(tables, pl.LazyFrame() if self.summed is None else self.summed(tables))


def of_captures(rows: Rows) -> Query:
    """Rows that break a rule, found among those of some captures alone."""
    return Query(lambda tables, _: rows(tables), Asked.CAPTURES)


def of_everything(rows: Rows) -> Query:
    """Rows that break a rule, found in whole tables."""
    return Query(lambda tables, _: rows(tables))


def counted(table: str, key: str, count: str, rows_of: Rows, asked: Asked = Asked.SUMS) -> Query:
    """`count` is the number of rows with the table's `key`; null counts as none."""

    def blamed(tables: Tables, counts: pl.LazyFrame) -> pl.LazyFrame:
        wrong = pl.col(count).fill_null(0) != pl.col("rows").fill_null(0)
        return tables[table].select(key, count).join(counts, on=key, how="left").filter(wrong)

    return Query(
        blamed,
        asked,
        summed=lambda tables: rows_of(tables).group_by(key).agg(rows=pl.len().cast(pl.Int64)),
        added=lambda counts: counts.group_by(key).agg(pl.col("rows").sum()),
    )


def span(table: str, key: str, shown: Rows) -> Query:
    """First and last are the extremes of captured_at over the rows (`key`, capture_id) of `shown`."""

    def summed(tables: Tables) -> pl.LazyFrame:
        at = tables["captures"].select("capture_id", first="captured_at", last="captured_at")
        return added(shown(tables).select(key, "capture_id").join(at, on="capture_id"))

    def added(spans: pl.LazyFrame) -> pl.LazyFrame:
        return spans.group_by(key).agg(pl.col("first").min(), pl.col("last").max())

    def blamed(tables: Tables, spans: pl.LazyFrame) -> pl.LazyFrame:
        agrees = pl.col("first_captured_at").eq_missing(pl.col("first")) & pl.col("last_captured_at").eq_missing(
            pl.col("last")
        )
        return (
            tables[table]
            .select(key, "first_captured_at", "last_captured_at")
            .join(spans, on=key, how="inner" if table == "event_forms" else "left")
            .filter(~agrees)
        )

    return Query(blamed, Asked.SUMS, summed, added)


def numbered(table: str, group: str, number: str, *, start: int) -> Query:
    """Within `group` the numbers are start, start + 1 … without a gap; the same number twice is the key's rule."""

    def query(tables: Tables) -> pl.LazyFrame:
        low, high, distinct = pl.col(number).min(), pl.col(number).max(), pl.col(number).n_unique()
        is_whole = (low == start) & (distinct == high - start + 1)
        return tables[table].group_by(group).agg(is_whole=is_whole).filter(~pl.col("is_whole")).select(group)

    return of_everything(query)


def leads_to_same(
    table: str,
    key: tuple[str, ...],
    via: tuple[str, str],
    owner: tuple[str, str],
    asked: Asked = Asked.EVERYTHING,
) -> Query:
    """The row that `via` (table, key column) leads to has the same `owner` (table, key column) as this row.

    Where one of the ids leads nowhere, a reference is broken, and that is the reference's rule.
    """
    target, target_key = via
    owners, column = owner

    def query(tables: Tables) -> pl.LazyFrame:
        known = tables[owners].select(column)
        there = tables[target].select(target_key, column).join(known, on=column, how="semi")
        here = tables[table].select(*dict.fromkeys((*key, target_key, column))).join(known, on=column, how="semi")
        both = here.join(there, on=target_key, suffix="_there")
        return both.filter(pl.col(column) != pl.col(f"{column}_there")).select(key)

    return Query(lambda tables, _: query(tables), asked)


def rows_of_table(table: str, predicate: pl.Expr | None = None) -> Rows:
    """The rows of a table, those that a predicate holds for."""

    def rows(tables: Tables) -> pl.LazyFrame:
        return tables[table] if predicate is None else tables[table].filter(predicate)

    return rows


def with_quarantined(table: str) -> Rows:
    """capture_id of the rows of a table that is read off pages, and of those of them that were quarantined."""

    def rows(tables: Tables) -> pl.LazyFrame:
        removed = (
            tables["quarantine"].filter(pl.col("table") == table).select("row_key", "capture_id").unique("row_key")
        )
        return pl.concat([tables[table].select("capture_id"), removed.select("capture_id")])

    return rows
