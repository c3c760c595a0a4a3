"""From figures to the pages of the report, as HTML: every word of the data is escaped by the template engine.

The one decision made here is how much of a table stands on the page; the file behind it has every row.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any, Final

import jinja2
import polars as pl
from markupsafe import Markup

from pipeline.counted import counted, plural
from pipeline.report.draw import draw
from pipeline.report.figure import Figure, Section, Tables
from schemas.registry import TABLES
from schemas.render import describe
from schemas.rules import table_rules

HERE: Final = Path(__file__).resolve().parent
DICTIONARY: Final = "tables.html"
"""The page that explains every table; its anchors are the tables' names."""

ROWS_SHOWN: Final = 50
_SHORT_TABLE: Final = 12


@dataclass(frozen=True, slots=True)
class Glance:
    """One headline number."""

    number: int
    what: str
    says: str


def glances(tables: Tables) -> list[Glance]:
    """The headline numbers."""

    def glance(name: str, noun: str, says: str) -> Glance:
        number = int(tables[name].select(pl.len()).collect().item())
        return Glance(number, plural(number, noun), says)

    return [
        glance("captures", "capture", "pages as archives saw them"),
        glance("events", "event", "items the site published"),
        glance("articles", "article", "items with a captured text"),
        glance("article_versions", "version", "distinct texts of articles"),
        glance("statements", "statement", "questions, answers, remarks"),
        Glance(tables["quarantine"].select(pl.len()).collect().item(), "in quarantine", "rows and values set aside"),
    ]


def spans_of_days(tables: Tables) -> dict[str, tuple[date | None, date | None]]:
    """First and last day of captures and of publication; null where none is known."""
    return {
        "captured": _span(tables, "captures", "captured_on"),
        "published": _span(tables, "events", "published_on"),
    }


def _span(tables: Tables, table: str, column: str) -> tuple[date | None, date | None]:
    first, last = tables[table].select(first=pl.col(column).min(), last=pl.col(column).max()).collect().row(0)
    return first, last


def report_page(sections: Sequence[Section], tables: Tables) -> str:
    """`index.html`."""
    return (
        _environment()
        .get_template("index.html.j2")
        .render(sections=sections, glances=glances(tables), spans=spans_of_days(tables), rows_shown=ROWS_SHOWN)
    )


def explorer_page(scripts: Sequence[str], n_events: int) -> str:
    """`explorer.html`; it loads the scripts named, in order."""
    return _environment().get_template("explorer.html.j2").render(scripts=scripts, n_events=n_events)


def dictionary_page() -> str:
    """`tables.html`: every table, column and rule, off the schemas; the same for any data."""
    tables = [describe(name) | {"rules": table_rules(name)} for name in TABLES]
    return _environment().get_template(f"{DICTIONARY}.j2").render(tables=tables)


@cache
def _environment() -> jinja2.Environment:
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(HERE / "templates"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.globals.update(chart=_chart, table=_table)
    environment.filters.update(counted=counted, day=_day)
    return environment


def _chart(figure: Figure) -> Markup:
    """The figure's chart; the text in it was escaped where it was drawn."""
    assert figure.spec is not None
    return Markup(draw(figure.spec, f"{figure.title}. {figure.says} The table below has the figures."))  # noqa: S704


def _table(figure: Figure) -> Mapping[str, Any]:
    """What the template needs of a figure's table: headings, cells of the rows shown, whether it stands open."""
    rows = figure.rows.head(ROWS_SHOWN)
    kinds = ["number" if dtype.is_numeric() else "text" for dtype in rows.schema.values()]
    return {
        "columns": list(zip([name.replace("_", " ") for name in rows.columns], kinds, strict=True)),
        "rows": [
            [(name, kind, _cell(value, name)) for name, kind, value in zip(rows.columns, kinds, row, strict=True)]
            for row in rows.iter_rows()
        ],
        "is_open": figure.spec is None and figure.rows.height <= _SHORT_TABLE,
    }


def _cell(value: object, column: str) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return f"{value:,.4f}".rstrip("0").rstrip(".")
    if isinstance(value, int):
        return f"{value:,}"
    if isinstance(value, date):
        return value.strftime("%Y-%m") if column == "month" else value.isoformat()
    return str(value)


def _day(value: date) -> str:
    return f"{value.day} {value:%B %Y}"
