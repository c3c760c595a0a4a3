"""From rows to Vega-Lite descriptions: stacked months, ranked bars, spans and the counters' lines.

Descriptions are plain data; the tests check them against altair's schema, so a build need not import altair (0.6 s).
The one decision made here is how charts look: colours are CSS variables of the page, so that one drawing serves light,
dark and paper.
"""

from typing import Any, Final

import polars as pl

from pipeline.report.figure import Spec

SCHEMA: Final = "https://vega.github.io/schema/vega-lite/v6.json"
"""Names the language; nothing is loaded from there."""

WIDTH: Final = 450
"""Pixels of a drawing; the page scales it to the column it stands in."""

_TEXT: Final = 14
"""Pixels that text is given room for; the page prints it smaller, since its fonts may be wider than those measured."""

_COLOURS: Final = tuple(f"var(--c{number})" for number in range(1, 9))
_FOLDED: Final = "all other"
_ROW: Final = 24
_YEARS: Final = 3 * 365
"""Days from which on years alone name an axis."""
_CONFIG: Final[Spec] = {
    "background": "transparent",
    "font": "Liberation Sans, Arial, Helvetica, sans-serif",
    "view": {"stroke": None},
    "axis": {
        "labelColor": "var(--ink)",
        "titleColor": "var(--ink-soft)",
        "gridColor": "var(--line)",
        "domainColor": "var(--line-strong)",
        "tickColor": "var(--line-strong)",
        "labelFontSize": _TEXT,
        "titleFontSize": _TEXT,
        "titleFontWeight": "normal",
        "labelLimit": 230,
        "labelPadding": 6,
    },
    "legend": {
        "orient": "top",
        "title": None,
        "columns": 3,
        "labelColor": "var(--ink)",
        "labelFontSize": _TEXT,
        "labelLimit": 400,
    },
}


_COUNTS: Final[Spec] = {"tickMinStep": 1, "format": ",d", "labelExpr": "datum.value % 1 ? '' : datum.label"}
"""An axis of counts: where the largest is one or two, Vega marks halves all the same, and would call them ones."""


def stacked_months(rows: pl.DataFrame, month: str, kind: str, count: str, *, unit: str) -> Spec:
    """Counts per month, stacked by kind; kinds beyond the seven largest are one.

    Args:
        rows: One row per month and kind.
        month: Column with the first day of the month.
        kind: Column with the kind as words.
        count: Column with the count.
        unit: What is counted, for the axis.
    """
    totals = rows.group_by(kind).agg(pl.col(count).sum()).sort([count, kind], descending=[True, False])
    kinds = totals[kind].to_list()
    shown = kinds if len(kinds) <= len(_COLOURS) else [*kinds[: len(_COLOURS) - 1], _FOLDED]
    values = (
        rows.with_columns(pl.when(pl.col(kind).is_in(shown)).then(kind).otherwise(pl.lit(_FOLDED)).alias(kind))
        .group_by(month, kind)
        .agg(pl.col(count).sum())
        .sort(month, kind)
        .select(
            month=pl.col(month).dt.strftime("%Y-%m-%d"),
            kind=kind,
            count=count,
            # the largest kind at the bottom, where its height can be compared
            order=pl.col(kind).replace_strict({name: place for place, name in enumerate(shown)}, return_dtype=pl.Int64),
        )
    )
    return _chart(
        260,
        data=_data(values),
        mark={"type": "bar", "binSpacing": 0},
        encoding={
            "x": {"field": "month", "type": "temporal", "timeUnit": "utcyearmonth", "title": None, **_utc_axis()},
            "y": {"field": "count", "type": "quantitative", "title": unit, "axis": _COUNTS},
            "color": _colour("kind", shown),
            "order": {"field": "order", "type": "quantitative"},
        },
    )


def ranked_bars(rows: pl.DataFrame, name: str, count: str, *, unit: str, limit: int = 15) -> Spec:
    """The largest counts as bars, largest first, each with its figure.

    Args:
        rows: One row per name, in the order shown.
        name: Column with the name.
        count: Column with the count.
        unit: What is counted, for the axis.
        limit: Bars drawn; the table behind the chart holds all.
    """
    shown = rows.head(limit)
    values = shown.select(name=pl.col(name).fill_null("unknown"), count=count, place=pl.int_range(pl.len()))
    largest = max(1, *values["count"].to_list())
    y: Spec = {
        "field": "name",
        "type": "nominal",
        "sort": {"field": "place"},
        "title": None,
        "axis": {"ticks": False, "domain": False},
    }
    x: Spec = {
        "field": "count",
        "type": "quantitative",
        "title": unit,
        "axis": _COUNTS | {"tickCount": 5},
        # room behind the longest bar for its figure
        "scale": {"domain": [0, largest * 1.12], "nice": False},
    }
    return _chart(
        _ROW * shown.height + 50,
        data=_data(values),
        layer=[
            {
                "mark": {"type": "bar", "color": _COLOURS[0], "height": {"band": 0.7}},
                "encoding": {"y": y, "x": x},
            },
            {
                "mark": {
                    "type": "text",
                    "align": "left",
                    "dx": 4,
                    "color": "var(--ink)",
                    "fontSize": 12,
                    "aria": False,
                },
                "encoding": {"y": y, "x": x, "text": {"field": "count", "type": "quantitative", "format": ",d"}},
            },
        ],
    )


def spans(rows: pl.DataFrame, group: str, start: str, end: str, kind: str, colours: dict[str, str]) -> Spec:
    """Spans of days as bars, one line per group under its name.

    Args:
        rows: One row per span.
        group: Column with the group's name.
        start: Column with the first day.
        end: Column with the last day.
        kind: Column with the kind of span.
        colours: Kind → colour, in the order of the legend.
    """
    values = rows.select(
        group=group,
        start=pl.col(start).dt.strftime("%Y-%m-%d"),
        end=pl.col(end).dt.offset_by("1d").dt.strftime("%Y-%m-%d"),
        kind=kind,
    )
    y = {"field": "group", "type": "nominal", "title": None, "axis": None}
    axis = _utc_axis()
    if rows.select((pl.col(end).max() - pl.col(start).min()).dt.total_days() < _YEARS).item():
        axis["axis"] |= {"format": "%b %Y"}
    return _chart(
        2 * _ROW * rows[group].n_unique() + 80,
        layer=[
            {
                "data": _data(values),
                "mark": {"type": "bar", "height": {"band": 0.4}, "minBandSize": 1},
                "encoding": {
                    "y": y,
                    "x": {"field": "start", "type": "temporal", "title": None, **axis},
                    "x2": {"field": "end"},
                    "color": _colour("kind", list(colours), list(colours.values())),
                },
            },
            {  # names may be as long as the chart is wide
                "data": _data(values.select("group").unique(maintain_order=True)),
                "mark": {"type": "text", "align": "left", "dy": -_ROW * 0.75, "fontSize": _TEXT, "color": "var(--ink)"},
                "encoding": {"y": y, "x": {"value": 0}, "text": {"field": "group", "type": "nominal"}},
            },
        ],
    )


def counter_lines(lines: pl.DataFrame, seen: pl.DataFrame, strays: pl.DataFrame) -> Spec:
    """Days printed against the day of the capture: the line of each counter, and what was seen on it and beside it.

    Args:
        lines: label, observed_on, days: the two ends of each counter's line.
        seen: label, observed_on, days of captures on the line.
        strays: label, observed_on, days of captures beside it.
    """
    labels = lines["label"].unique().sort().to_list()
    encoding: Spec = {
        "x": {"field": "observed_on", "type": "temporal", "title": None, **_utc_axis()},
        "y": {"field": "days", "type": "quantitative", "title": "days printed", "axis": {"format": ",d"}},
        "color": _colour("label", labels, columns=1),
    }
    return _chart(
        320,
        layer=[
            {"data": _data(_days(lines)), "mark": {"type": "line", "strokeWidth": 1.5}, "encoding": encoding},
            {
                "data": _data(_days(seen)),
                "mark": {"type": "point", "size": 26, "filled": False},
                "encoding": encoding,
            },
            {
                "data": _data(_days(strays)),
                "mark": {"type": "point", "shape": "cross", "size": 90, "filled": True, "color": "var(--warn)"},
                "encoding": {"x": encoding["x"], "y": encoding["y"]},
            },
        ],
    )


def _days(rows: pl.DataFrame) -> pl.DataFrame:
    return rows.select("label", pl.col("observed_on").dt.strftime("%Y-%m-%d"), "days")


def _chart(height: int, **parts: Any) -> Spec:
    return {
        "$schema": SCHEMA,
        "config": _CONFIG,
        "width": WIDTH,
        "height": height,
        "autosize": {"type": "fit", "contains": "padding"},
        "padding": 4,
        **parts,
    }


def _data(values: pl.DataFrame) -> Spec:
    return {"values": values.to_dicts()}


def _utc_axis() -> Spec:
    return {"scale": {"type": "utc"}, "axis": {"labelOverlap": True, "tickCount": 5, "labelFlush": True}}


def _colour(field: str, kinds: list[str], colours: list[str] | None = None, *, columns: int = 3) -> Spec:
    used = colours or list(_COLOURS[: len(kinds)])
    used = [used[place % len(used)] for place in range(len(kinds))]
    return {
        "field": field,
        "type": "nominal",
        "scale": {"domain": kinds, "range": used},
        "legend": {"columns": columns, "symbolType": "square"},
    }
