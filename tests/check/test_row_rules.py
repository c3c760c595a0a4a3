"""Rows read off pages are split, never repaired."""

import json
from datetime import date

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.check.row_rules import BROKEN_SCHEMA, SchemaFailure, failures, row_json, row_key, split
from schemas.registry import OBSERVED
from schemas.render import table_schema
from tests.counterexamples.cases import base_observed, frame


def _teasers() -> pl.DataFrame:
    return frame(OBSERVED["teaser_observations"], base_observed()["teaser_observations"])


def _dated(*days: date | None) -> pl.DataFrame:
    return _teasers().with_columns(published_on=pl.Series(days, dtype=pl.Date))


def test_rows_that_hold_come_back_as_they_were() -> None:
    result = split("teaser_observations", _teasers())
    assert result.valid.equals(_teasers())
    assert result.broken.schema == BROKEN_SCHEMA
    assert result.broken.is_empty()


def test_a_row_that_breaks_a_rule_is_taken_out_and_told_of() -> None:
    result = split("teaser_observations", _dated(date(2019, 11, 6), date(2019, 11, 20), date(2019, 11, 5)))
    assert result.valid["position"].to_list() == [0, 0]
    [broken] = result.broken.to_dicts()
    assert broken["row_index"] == 1
    assert broken["row_key"] == "c000000000000000a/1"
    assert broken["column"] is None
    assert broken["rule"] == "published_by_page_date"
    assert json.loads(broken["row"])["published_on"] == "2019-11-20"
    assert list(json.loads(broken["row"])) == sorted(json.loads(broken["row"]))


def test_a_row_stands_in_the_quarantine_once_per_rule_it_broke() -> None:
    rows = _teasers().with_columns(position=pl.lit(-1, pl.Int32), title=pl.lit("two  blanks"))
    broken = split("teaser_observations", rows.head(1)).broken
    assert broken.select("column", "rule").rows() == [
        ("position", "position_in_range"),
        ("title", "title_well_formed"),
    ]
    assert broken["row"].n_unique() == 1


def test_the_day_after_the_page_is_allowed_and_a_page_without_a_date_allows_any() -> None:
    assert split(
        "teaser_observations", _dated(date(2019, 11, 19), date(2019, 11, 19), date(2030, 1, 1))
    ).broken.is_empty()


def test_a_null_where_none_may_stand_breaks_a_rule_of_its_own() -> None:
    broken = split("teaser_observations", _dated(None, date(2019, 11, 19), None)).broken
    assert broken.select("row_index", "column", "rule").rows() == [
        (0, "published_on", "published_on_not_null"),
        (2, "published_on", "published_on_not_null"),
    ]


def test_columns_the_model_does_not_know_stay_with_the_valid_rows() -> None:
    rows = _teasers().with_row_index("page_no").select("page_no", pl.all().exclude("page_no"))
    assert split("teaser_observations", rows).valid["page_no"].to_list() == [0, 1, 2]


def test_all_rows_may_be_broken() -> None:
    result = split("teaser_observations", _dated(date(1989, 12, 31), date(1989, 12, 31), date(1989, 12, 31)))
    assert result.valid.is_empty()
    assert result.broken["rule"].to_list() == ["published_on_in_range"] * 3


@pytest.mark.parametrize("name", list(OBSERVED))
def test_no_rows_are_no_trouble(name: str) -> None:
    empty = pl.DataFrame(schema=table_schema(OBSERVED[name]))
    assert split(name, empty).valid.equals(empty)


def test_a_missing_column_stops_the_run() -> None:
    with pytest.raises(SchemaFailure, match="teaser_observations: the columns title are missing"):
        split("teaser_observations", _teasers().drop("title"))


def test_another_type_stops_the_run() -> None:
    with pytest.raises(SchemaFailure, match="position"):
        split("teaser_observations", _teasers().with_columns(pl.col("position").cast(pl.Int64)))


def test_derived_rows_are_never_split() -> None:
    with pytest.raises(KeyError):
        split("statements", pl.DataFrame())


def test_keys_and_rows_as_text() -> None:
    table = OBSERVED["teaser_observations"]
    row = {"capture_id": "c1", "position": 3, "published_on": date(2019, 11, 6), "title": "Ж"}
    assert row_key(table, row) == "c1/3"
    assert row_json(row) == '{"capture_id": "c1", "position": 3, "published_on": "2019-11-06", "title": "Ж"}'


@given(st.lists(st.sampled_from([date(1989, 12, 31), date(2019, 11, 6), date(2019, 11, 25), None]), max_size=12))
def test_every_row_is_either_valid_or_broken(days: list[date | None]) -> None:
    rows = pl.concat([_teasers().head(1)] * max(len(days), 1)).head(len(days))
    rows = rows.with_columns(pl.Series("published_on", days, dtype=pl.Date))
    result = split("teaser_observations", rows)
    assert result.valid.height + result.broken["row_index"].n_unique() == len(days)
    assert result.valid["published_on"].to_list() == [day for day in days if day == date(2019, 11, 6)]
    assert failures(OBSERVED["teaser_observations"], result.valid).is_empty()


@pytest.mark.parametrize(
    ("day", "moscow", "london", "holds"),
    [
        (date(2019, 11, 18), "00:03", "21:03", True),  # winter, past Moscow's midnight
        (date(2019, 7, 1), "14:00", "12:00", True),  # UK summer: 2 hours
        (date(2019, 7, 1), "15:00", "12:00", False),
        (date(2014, 7, 1), "15:00", "12:00", True),  # Moscow was UTC+4
        (date(2014, 12, 1), "16:00", "12:00", False),  # the site's clock ran an hour fast
        (date(2019, 10, 27), "03:30", "01:30", True),  # the night of a UK clock change: 2 hours
        (date(2019, 10, 27), "04:30", "01:30", True),  # or 3
        (date(2019, 11, 18), "00:04", "21:03", True),  # a minute passed between the two
        (date(2019, 11, 18), "00:06", "21:03", False),
    ],
)
def test_clocks_called_right_agree_over_the_time_zone_database(
    day: date, moscow: str, london: str, *, holds: bool
) -> None:
    captures = frame(OBSERVED["captures"], base_observed()["captures"]).head(1)
    shown = captures.with_columns(
        page_date=pl.lit(day), moscow_clock=pl.lit(moscow), london_clock=pl.lit(london), clock_check=pl.lit("ok")
    )
    assert split("captures", shown).broken["rule"].to_list() == ([] if holds else ["clocks_agree_where_ok"])
    named = shown.with_columns(clock_check=pl.lit("moscow_off"))
    assert split("captures", named).broken.is_empty()
