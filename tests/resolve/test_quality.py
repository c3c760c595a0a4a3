"""Quality measures: each figure is what its sentence says, and a share of nothing is unknown."""

import polars as pl

from pipeline.resolve.quality import measure_quality
from schemas.names import TABLE_NAMES
from schemas.render import empty_frame, polars_schema

EMPTY = {name: empty_frame(name) for name in TABLE_NAMES}


def measured(**tables: pl.DataFrame) -> dict[str, tuple[float | None, int | None]]:
    rows = measure_quality({name: frame.lazy() for name, frame in {**EMPTY, **tables}.items()})
    assert rows.schema == polars_schema("quality_measures")
    assert rows["measure"].is_sorted()
    assert rows["measure"].is_unique().all()
    return {measure: (value, n) for measure, value, n, _ in rows.iter_rows()}


def test_a_share_of_nothing_is_unknown_and_not_nought() -> None:
    found = measured()
    shares = {value for measure, (value, _) in found.items() if measure.endswith("_share")}
    assert shares == {None}
    assert found["rows_quarantined"] == (0.0, None)


def test_events_seen_once_are_counted_among_all_events() -> None:
    events = pl.DataFrame({"n_captures": [1, 1, 3, 2], "n_observations": [1, 0, 3, 2], "n_forms": [1, 1, 2, 2]})
    found = measured(events=pl.concat([EMPTY["events"], events.cast(pl.Int64)], how="diagonal"))
    assert found["events_seen_once_share"] == (0.5, 4)
    assert found["observations_per_event"] == (1.5, 4)
    assert found["forms_per_event"] == (1.5, 4)


def test_clock_checks_are_shares_of_the_captures_with_a_header() -> None:
    captures = pl.DataFrame(
        {"clock_check": ["ok", "ok", "moscow_off", None], "n_lines": [10] * 4, "n_unplaced_lines": [0, 4, 0, 0]}
    ).cast({"n_lines": pl.Int64, "n_unplaced_lines": pl.Int64})
    found = measured(captures=pl.concat([EMPTY["captures"], captures], how="diagonal"))
    assert found["clock_ok_share"] == (2 / 3, 3)
    assert found["clock_moscow_off_share"] == (1 / 3, 3)
    assert found["lines_unplaced_share"] == (0.1, 40)


def test_scores_on_the_gold_sets_are_published() -> None:
    found = measured()
    assert {"event_pairs_precision", "event_pairs_recall", "titles_category_precision"} <= found.keys()
    for measure in ("event_pairs_precision", "titles_countries_precision"):
        value, n = found[measure]
        assert value is not None
        assert 0.9 <= value <= 1.0
        assert n is not None
        assert n >= 30
