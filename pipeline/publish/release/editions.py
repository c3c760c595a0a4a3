"""Editions: which tables and columns a release holds, and which rules can still be asked of them.

The one decision made here: what an edition leaves out is absent, not null, for null means "not on the page / not
known". A rule that asks for something absent is found by asking it of empty tables, so no list of such rules can go
stale.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache, cached_property
from types import MappingProxyType
from typing import Final

import pandera.polars as pa
import polars as pl

from pipeline.check.agreements import QUERIES
from schemas.registry import TABLES
from schemas.render import table_schema
from schemas.rules import set_rules
from schemas.table import Column, Rule, Table


@dataclass(frozen=True, slots=True)
class Edition:
    """What a release holds."""

    name: str
    sentence: str
    """Said in every metadata file."""
    without_tables: tuple[str, ...] = ()
    without_columns: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    @property
    def has_corpus(self) -> bool:
        """Whether the bodies stand in `corpus.parquet` as well."""
        return "body" not in self.without_columns.get("articles", ())


FULL: Final = Edition("full", "This edition holds every table and column, the texts included.")
NO_TEXT: Final = Edition(
    "no-text",
    "This edition (no-text) leaves all bodies, teasers and statements out, and every column that quotes them.",
    without_tables=("statements",),
    without_columns=MappingProxyType(
        {
            "articles": ("body",),
            "events": ("teaser",),
            "event_forms": ("teaser",),
            "article_versions": ("body", "words_added", "words_removed"),
            "unplaced_lines": ("text",),
            "quarantine": ("row",),
        }
    ),
)
"""Titles, labels and counter claims stay; lines that were not placed and rows in quarantine may quote any text."""

EDITIONS: Final[Mapping[str, Edition]] = MappingProxyType({edition.name: edition for edition in (FULL, NO_TEXT)})


WORDS_OF_OTHERS: Final = frozenset(
    (
        *("title", "first_title", "teaser", "body", "text", "note", "claim", "label", "raw_text"),
        *("words_added", "words_removed", "row"),
        *("speaker", "speaker_role", "addressed_to", "name", "role", "place"),
    )
)
"""Names of columns cut out of what others wrote; a closed vocabulary of the same name is the project's own."""


@dataclass(frozen=True)
class NarrowedTable(Table):
    """A table of which some columns are left out."""

    left_out: tuple[str, ...] = ()

    @cached_property
    def schema(self) -> pa.DataFrameSchema:
        """The model's schema without those columns and without checks over rows that ask for them."""
        narrowed = self.model.to_schema().remove_columns(list(self.left_out))
        rows = pl.LazyFrame(
            schema={name: dtype for name, dtype in table_schema(TABLES[self.name]).items() if name not in self.left_out}
        )
        narrowed.checks = [check for check in narrowed.checks if _can_be_asked(check, rows)]
        return narrowed


@cache
def tables_of(edition_name: str) -> Mapping[str, Table]:
    """The tables an edition holds, by name, in published order, each with the columns it holds."""
    edition = EDITIONS[edition_name]
    return MappingProxyType(
        {
            name: _narrowed(table, edition.without_columns.get(name, ()))
            for name, table in TABLES.items()
            if name not in edition.without_tables
        }
    )


@cache
def unanswerable_rules(edition_name: str) -> frozenset[tuple[str, str]]:
    """(table, rule) of the set rules that ask for something an edition leaves out."""
    stated = tables_of(edition_name)
    empty = {name: pl.LazyFrame(schema=table_schema(table)) for name, table in stated.items()}
    found = set()
    for name, rule in QUERIES:
        try:
            QUERIES[name, rule](empty).collect()
        except (KeyError, pl.exceptions.ColumnNotFoundError):
            found.add((name, rule))
    return frozenset(found)


def rules_of(edition_name: str) -> dict[str, tuple[Rule, ...]]:
    """The rules that are checked of an edition's tables."""
    unanswerable = unanswerable_rules(edition_name)
    return {
        name: (*table.row_rules, *(rule for rule in set_rules(name) if (name, rule.name) not in unanswerable))
        for name, table in tables_of(edition_name).items()
    }


def holds_words_of_others(column: Column) -> bool:
    """Whether a column holds words that others wrote (LICENSE-DATA.md, "The texts")."""
    return column.name in WORDS_OF_OTHERS and not column.values


def _narrowed(table: Table, left_out: tuple[str, ...]) -> Table:
    if not left_out:
        return table
    return NarrowedTable(
        name=table.name,
        model=table.model,
        title=table.title,
        description=table.description,
        key=table.key,
        stage=table.stage,
        group=table.group,
        is_headline=table.is_headline,
        left_out=left_out,
    )


def _can_be_asked(check: pa.Check, rows: pl.LazyFrame) -> bool:
    try:
        check._check_fn(pa.PolarsData(lazyframe=rows, key="*")).collect_schema()  # noqa: SLF001 -- no public way
    except pl.exceptions.ColumnNotFoundError:
        return False
    return True
