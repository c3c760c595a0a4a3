"""How a table is stated: a pandera polars model whose columns carry all that is said about them anywhere.

`field` puts title, meaning, unit, vocabulary term, closed values and foreign key into the column itself, and
`row_rule` names a rule across the columns of one row. The one decision made here: a rule is broken only where it is
false; where a side is null it holds, because null means "not on the page / not known".
"""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Annotated, Any

import pandera.polars as pa
import polars as pl

Timestamp = Annotated[pl.Datetime, "us", "UTC"]
"""The annotation of every instant: microseconds, UTC."""

PREFIXES: Mapping[str, str] = {"schema": "https://schema.org/", "dcterms": "http://purl.org/dc/terms/"}
"""The two vocabularies that column terms come from."""


class TableModel(pa.DataFrameModel):
    """What every model shares: exactly the declared columns, in the declared order, nothing coerced."""

    class Config:
        """pandera's switches."""

        strict = True
        ordered = True
        coerce = False


def field(
    title: str,
    description: str,
    *,
    term: str,
    unit: str | None = None,
    nullable: bool = False,
    values: Mapping[str, str] | tuple[str, ...] | None = None,
    pattern: str | None = None,
    minimum: float | date | None = None,
    maximum: float | date | None = None,
    references: str | None = None,
) -> Any:
    """One column.

    Args:
        title: a few words, for a table's head.
        description: for a researcher; says what null means where the column may be null.
        term: the nearest property of schema.org or Dublin Core, as `schema:headline` or `dcterms:issued`.
        unit: of the values, where they have one.
        nullable: whether null may stand in the column.
        values: the closed vocabulary, each value with its meaning where a word is not enough.
        pattern: a regular expression (Rust syntax) the whole text matches.
        minimum: smallest value allowed.
        maximum: largest value allowed.
        references: `table.column` of the key this column points at.

    Returns:
        A pandera field; typed `Any` because a model annotates it with the column's type.
    """
    meanings = dict(values) if isinstance(values, Mapping) else dict.fromkeys(values or (), "")
    return pa.Field(
        title=title,
        description=description,
        nullable=nullable,
        isin=list(meanings) or None,
        str_matches=pattern,
        ge=minimum,
        le=maximum,
        metadata={"term": term, "unit": unit, "values": meanings, "pattern": pattern, "references": references},
    )


def row_rule(description: str) -> Callable[[Callable[..., pl.Expr]], Any]:
    """Make a method that returns an expression a rule over each row, named like the method.

    Args:
        description: one sentence that states the rule.
    """

    def declare(rule: Callable[..., pl.Expr]) -> Any:
        def check(cls: type, data: pa.PolarsData) -> pl.LazyFrame:
            return data.lazyframe.select(rule(cls).fill_null(value=True))

        check.__name__ = rule.__name__
        check.__doc__ = description
        declared = pa.dataframe_check(name=rule.__name__, description=description)(check)
        declared.holds = rule  # type: ignore[attr-defined]
        return declared

    return declare


def known_together(*columns: str) -> pl.Expr:
    """True where all of the columns are null or none is."""
    n_null = pl.sum_horizontal(pl.col(name).is_null() for name in columns)
    return (n_null == 0) | (n_null == len(columns))


def implies(condition: pl.Expr, consequence: pl.Expr) -> pl.Expr:
    """True where the condition does not hold, or the consequence does; an unknown condition does not hold."""
    return ~condition.fill_null(value=False) | consequence.fill_null(value=False)
