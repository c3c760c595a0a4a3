"""What a table is beyond its columns: key, foreign keys, stage, group, and the list of its rules by name.

Everything here is derived from the model. The one decision made here is how a rule on a column is called:
`<column>_not_null`, `<column>_well_formed` (a pattern), `<column>_in_vocabulary` (a closed list),
`<column>_in_range` (a minimum, a maximum or both); a rule over a row is called like its method.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal

import pandera.polars as pa
import polars as pl

from schemas.columns import ONE_LINE, PARAGRAPHS
from schemas.model import PREFIXES, TableModel

Severity = Literal["error", "warning"]
Group = Literal["headline", "evidence", "quality", "ledger"]
Stage = Literal["ingest", "parse", "resolve", "check"]

_SUFFIXES: Mapping[str, str] = {
    "str_matches": "well_formed",
    "isin": "in_vocabulary",
    "greater_than_or_equal_to": "in_range",
    "less_than_or_equal_to": "in_range",
}


@dataclass(frozen=True, slots=True)
class Rule:
    """One thing that holds for a table."""

    table: str
    """The table whose rows are counted as failed."""
    name: str
    """Stable, snake_case, unique within its table."""
    description: str
    """One sentence."""
    severity: Severity = "error"
    column: str | None = None
    """The column a rule on one column speaks of; null for a rule over rows or tables."""
    also_reads: tuple[str, ...] = ()
    """Other tables the rule looks at."""


@dataclass(frozen=True, slots=True)
class ForeignKey:
    """A column whose values are keys of another table."""

    column: str
    table: str
    target: str
    """The column of `table`."""
    nullable: bool

    @property
    def rule(self) -> str:
        """Name of the set rule that every value resolves."""
        return f"{self.column}_resolves"


@dataclass(frozen=True, slots=True)
class Column:
    """One column as plain data."""

    name: str
    dtype: Any
    """The polars data type."""
    title: str
    description: str
    term: str
    """`schema:…` or `dcterms:…`."""
    unit: str | None
    nullable: bool
    values: Mapping[str, str]
    """The closed vocabulary with its meanings, empty where the column has none."""
    pattern: str | None
    minimum: Any
    maximum: Any
    references: str | None
    """`table.column`."""

    @property
    def is_text(self) -> bool:
        """Whether it holds words off a page, which are NFC; addresses and file names are kept byte for byte."""
        return self.pattern in {ONE_LINE, PARAGRAPHS} or self.term == "schema:text"

    @property
    def iri(self) -> str:
        """The vocabulary term in full."""
        prefix, _, name = self.term.partition(":")
        return PREFIXES[prefix] + name


@dataclass(frozen=True)
class Table:
    """A published table, or the rows read off a page that one is made from."""

    name: str
    model: type[TableModel]
    title: str
    description: str
    key: tuple[str, ...]
    stage: Stage
    group: Group
    is_headline: bool = False

    @cached_property
    def schema(self) -> pa.DataFrameSchema:
        """The pandera schema of the model."""
        return self.model.to_schema()

    @cached_property
    def columns(self) -> tuple[Column, ...]:
        """The columns in published order."""
        return tuple(_column(name, column) for name, column in self.schema.columns.items())

    @cached_property
    def foreign_keys(self) -> tuple[ForeignKey, ...]:
        """The columns that point at other tables, in column order."""
        keys = []
        for column in self.columns:
            if column.references is not None:
                table, target = column.references.split(".")
                keys.append(ForeignKey(column.name, table, target, column.nullable))
        return tuple(keys)

    @cached_property
    def row_rules(self) -> tuple[Rule, ...]:
        """The rules that one row alone can break: on its columns first, then across them."""
        found = [rule for column in self.columns for rule in self._column_rules(column)]
        found += [Rule(self.name, str(check.name), str(check.description)) for check in self.schema.checks]
        return tuple(found)

    @cached_property
    def conditions(self) -> tuple[pl.Expr, ...]:
        """What `row_rules` ask, each as an expression that is true where a row keeps the rule or a side is not known.

        The same statement as `schema`, for those who only want to know whether anything is broken.
        """
        found = [condition for column in self.columns for condition in _column_conditions(column)]
        found += [vars(self.model)[check.name].holds(self.model) for check in self.schema.checks]
        return tuple(condition.fill_null(value=True) for condition in found)

    def _column_rules(self, column: Column) -> list[Rule]:
        sentences: dict[str, str] = {}
        if not column.nullable:
            sentences["not_null"] = f"{column.name} is never null."
        if column.pattern is not None:
            sentences["well_formed"] = f"{column.name} matches `{column.pattern}`."
        if column.values:
            sentences["in_vocabulary"] = f"{column.name} is one of {', '.join(column.values)}."
        if column.minimum is not None or column.maximum is not None:
            low = "" if column.minimum is None else f"at least {column.minimum}"
            high = "" if column.maximum is None else f"at most {column.maximum}"
            sentences["in_range"] = f"{column.name} is {' and '.join(filter(None, (low, high)))}."
        return [
            Rule(self.name, f"{column.name}_{suffix}", sentence, column=column.name)
            for suffix, sentence in sentences.items()
        ]


def _column_conditions(column: Column) -> list[pl.Expr]:
    value = pl.col(column.name)
    found = [] if column.nullable else [value.is_not_null()]
    if column.pattern is not None:
        found.append(value.str.contains(column.pattern))
    if column.values:
        found.append(value.is_in(list(column.values)))
    if column.minimum is not None:
        found.append(value >= pl.lit(column.minimum))
    if column.maximum is not None:
        found.append(value <= pl.lit(column.maximum))
    return found


def check_rule_name(column: str, check: str) -> str:
    """The rule's name for one of pandera's checks on a column.

    Args:
        column: the column's name.
        check: the check's name without its arguments, or `not_nullable`.
    """
    return f"{column}_{'not_null' if check == 'not_nullable' else _SUFFIXES[check]}"


def _column(name: str, column: pa.Column) -> Column:
    metadata: dict[str, Any] = column.metadata or {}
    bounds: dict[str, Any] = {}
    for check in column.checks:
        bounds.update(check.statistics or {})
    return Column(
        name=name,
        dtype=column.dtype.type,
        title=column.title or "",
        description=column.description or "",
        term=metadata["term"],
        unit=metadata["unit"],
        nullable=column.nullable,
        values=metadata["values"],
        pattern=metadata["pattern"],
        minimum=bounds.get("min_value"),
        maximum=bounds.get("max_value"),
        references=metadata["references"],
    )
