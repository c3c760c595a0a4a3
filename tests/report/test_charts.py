"""Descriptions of charts are valid Vega-Lite, drawn the same each time, and escape what stands in them."""

import re
from datetime import date

import altair as alt
import polars as pl
import pytest

from pipeline.report.charts import ranked_bars, spans, stacked_months
from pipeline.report.draw import draw
from pipeline.report.figure import Figure
from pipeline.report.write import SECTIONS
from tests.report.sound import HOSTILE, sound_tables


def drawn_figures() -> list[Figure]:
    return [figure for section in SECTIONS for figure in section(sound_tables()).figures if figure.spec is not None]


@pytest.mark.parametrize("figure", drawn_figures(), ids=lambda figure: figure.name)
def test_the_description_is_valid_by_altairs_schema(figure: Figure) -> None:
    assert figure.spec is not None
    chart = alt.LayerChart if "layer" in figure.spec else alt.Chart
    chart.from_dict(figure.spec)


def test_a_drawing_is_the_same_each_time() -> None:
    figure = drawn_figures()[0]
    assert figure.spec is not None
    assert draw(figure.spec, "a") == draw(figure.spec, "a")


def test_a_drawing_is_one_named_picture_that_scales() -> None:
    figure = drawn_figures()[0]
    assert figure.spec is not None
    svg = draw(figure.spec, 'Captures "by" kind')
    assert svg.startswith("<svg ")
    assert 'role="img"' in svg
    assert 'aria-label="Captures &#34;by&#34; kind"' in svg
    assert re.search(r'viewBox="0 0 [\d.]+ [\d.]+"', svg)


def test_a_drawing_needs_no_style_attribute_and_loads_nothing() -> None:
    for figure in drawn_figures():
        assert figure.spec is not None
        svg = draw(figure.spec, figure.title)
        assert " style=" not in svg
        assert "href" not in svg
        assert "url(" not in svg
        assert " id=" not in svg


@pytest.mark.parametrize("count", [1, 2, 3, 40])
def test_an_axis_of_counts_names_each_number_once(count: int) -> None:
    rows = pl.DataFrame({"month": [date(2019, 11, 1), date(2020, 1, 1)], "kind": "article", "n": [count, 1]})
    drawn = draw(stacked_months(rows, "month", "kind", "n", unit="captures"), "Captures")
    numbers = re.findall(r">(\d+)</text>", drawn)
    assert len(numbers) == len(set(numbers))
    assert {"0", str(count)} <= set(numbers)


@pytest.mark.parametrize(("end", "named"), [(date(2020, 1, 26), "Dec 2019"), (date(2024, 1, 26), "2021")])
def test_a_long_section_stands_whole_above_its_spans_and_days_are_named_once(end: date, named: str) -> None:
    section = "SPEECHES, INTERVIEWS, ARTICLES"
    rows = pl.DataFrame({"section": section, "from": date(2019, 10, 22), "to": end, "status": "closed"})
    drawn = draw(spans(rows, "section", "from", "to", "status", {"closed": "var(--good)"}), "Coverage")
    texts = re.findall(r">([^<>]+)</text>", drawn)
    assert section in texts
    assert named in texts
    assert len(texts) == len(set(texts))


def test_hostile_names_stay_text_in_a_drawing() -> None:
    rows = pl.DataFrame({"speaker": [HOSTILE, "Anna"], "events": [2, 1]})
    svg = draw(ranked_bars(rows, "speaker", "events", unit="events"), HOSTILE)
    assert "<script" not in svg
    assert "<img" not in svg


def test_kinds_beyond_the_seven_largest_are_one() -> None:
    rows = pl.DataFrame(
        {"month": [date(2019, 1, 1)] * 12, "kind": [f"kind {n}" for n in range(12)], "events": list(range(1, 13))}
    )
    spec = stacked_months(rows, "month", "kind", "events", unit="events")
    assert spec["encoding"]["color"]["scale"]["domain"] == [*[f"kind {n}" for n in range(11, 4, -1)], "all other"]
    assert sum(row["count"] for row in spec["data"]["values"]) == sum(range(1, 13))
