"""What stands in the report: a figure is a table with a title, a way to read it and, where rows allow, a chart.

The one decision made here: a figure without rows has no chart but a sentence that says what is missing.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

import polars as pl

Tables: TypeAlias = Mapping[str, pl.LazyFrame]
"""The published tables by name, as scanned."""

Spec: TypeAlias = dict[str, Any]
"""A Vega-Lite 6 description of a chart, data included."""


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure of the report."""

    name: str
    """Anchor on the page, and name of its CSV file."""
    title: str
    says: str
    """How to read it, in a sentence or two."""
    rows: pl.DataFrame
    """The table behind it, whole."""
    spec: Spec | None = None
    """Its chart; null where the table says it better, or has no rows."""
    nothing: str = "This dataset has no rows for this figure."
    """Said where there are no rows."""

    @property
    def file(self) -> str:
        """Its CSV file."""
        return f"{self.name}.csv"


@dataclass(frozen=True, slots=True)
class Section:
    """Figures under one heading."""

    name: str
    title: str
    says: str
    figures: tuple[Figure, ...]


def in_words(column: str) -> pl.Expr:
    """A closed vocabulary's values as words: `news_conference` becomes `news conference`."""
    return pl.col(column).str.replace_all("_", " ", literal=True)
