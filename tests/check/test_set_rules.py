"""Whole tables are checked by every rule, and each rule says how many rows it looked at."""

import unicodedata
from pathlib import Path

import polars as pl
import pytest

from pipeline.check import set_rules
from pipeline.check.row_rules import SchemaFailure
from pipeline.check.set_rules import RuleResult, check_table, check_tables
from schemas.names import TABLE_NAMES
from schemas.registry import TABLES
from schemas.render import empty_frame
from schemas.rules import table_rules
from tests.counterexamples.cases import base, frames


def _tables() -> dict[str, pl.LazyFrame]:
    return {name: frame.lazy() for name, frame in frames(base()).items()}


def _result(results: list[RuleResult], rule: str) -> RuleResult:
    return next(result for result in results if result.rule == rule)


def test_every_rule_reports_even_where_nothing_failed() -> None:
    results = check_tables(_tables())
    stated = [(name, rule.name) for name in TABLE_NAMES for rule in table_rules(name)]
    assert [(result.table, result.rule) for result in results] == stated
    n_rows = {name: len(rows) for name, rows in base().items()}
    assert all(result.n_checked == n_rows[result.table] for result in results)
    assert all(result.samples == () for result in results)


def test_empty_tables_break_nothing() -> None:
    results = check_tables({name: empty_frame(name).lazy() for name in TABLE_NAMES})
    assert {(result.n_checked, result.n_failed) for result in results} == {(0, 0)}


def test_a_sample_names_the_row() -> None:
    tables = _tables()
    tables["events"] = tables["events"].with_columns(n_forms=pl.lit(7, pl.Int64))
    result = _result(check_table("events", tables), "forms_counted")
    assert result.n_failed == 3
    assert result.samples[0] == '{"event_id": "e000000000000000a", "n_forms": 7, "rows": 2}'


def test_a_warning_is_marked_as_one() -> None:
    results = check_table("events", _tables())
    assert {result.rule for result in results if result.severity == "warning"} == {"title_date_not_after_publication"}


def test_parts_of_a_table_are_checked_like_the_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    tables = _tables()
    rows = tables["raw_records"].collect()
    negative = rows.tail(1).with_columns(url=pl.lit("x"), length=pl.lit(-1, pl.Int64))
    tables["raw_records"] = pl.concat([rows, rows.head(2), negative]).lazy()
    whole = check_table("raw_records", tables)
    monkeypatch.setattr(set_rules, "PART_ROWS", 2)
    assert check_table("raw_records", tables) == whole
    assert _result(whole, "key_unique").n_failed == 3
    assert _result(whole, "sorted_by_key").n_failed == 1
    assert _result(whole, "length_in_range").n_failed == 1


def test_a_copy_across_two_parts_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    tables = _tables()
    rows = tables["event_match_decisions"].collect()
    tables["event_match_decisions"] = pl.concat([rows, rows.tail(1)]).lazy()
    monkeypatch.setattr(set_rules, "PART_ROWS", 2)
    assert _result(check_table("event_match_decisions", tables), "key_unique").n_failed == 1


def test_ranges_of_captures_hold_every_id_once(monkeypatch: pytest.MonkeyPatch) -> None:
    ids = pl.DataFrame({"capture_id": ["", "c", "c3fff", "c4000", "c8001", "cffff", "d", None]})
    monkeypatch.setattr(set_rules, "CAPTURES_AT_ONCE", 2)
    ranges = set_rules.capture_ranges({"captures": ids.lazy()})
    assert len(ranges) == 4
    within = [ids.filter(set_rules.within("capture_id", bounds))["capture_id"].to_list() for bounds in ranges]
    assert within == [["", "c", "c3fff", None], ["c4000"], ["c8001"], ["cffff", "d"]]


def test_files_are_checked_like_frames(tmp_path: Path) -> None:
    scans = {}
    for name, table in frames(base()).items():
        table.write_parquet(tmp_path / f"{name}.parquet")
        scans[name] = pl.scan_parquet(tmp_path / f"{name}.parquet")
    assert check_tables(scans) == check_tables(_tables())


def test_a_table_of_another_shape_stops_the_run() -> None:
    tables = _tables() | {"coverage": empty_frame("coverage").drop("status").lazy()}
    with pytest.raises(SchemaFailure, match="coverage: its columns are"):
        check_table("coverage", tables)


def test_a_missing_table_stops_the_run() -> None:
    tables = _tables()
    del tables["captures"]
    with pytest.raises(KeyError, match="captures"):
        check_tables(tables)


def test_all_observations_are_some_events() -> None:
    """The sums a reader may rely on follow from the counts per event and article."""
    tables = frames(base())
    assert tables["events"]["n_observations"].sum() == tables["teaser_observations"].height
    assert tables["articles"]["n_captures"].sum() == tables["article_observations"].height
    assert {key.rule for key in TABLES["teaser_observations"].foreign_keys} >= {"event_id_resolves"}


def test_a_character_that_is_not_looked_at_twice_is_nfc_beside_any_other() -> None:
    every = [chr(point) for point in range(0x110000) if not 0xD800 <= point < 0xE000]
    plain = pl.Series(every).filter(~pl.Series(every).str.contains(set_rules.MAY_NOT_BE_NFC)).to_list()
    parts = [unicodedata.decomposition(char).split() for char in every]
    joined_to_others = {chr(int(part[1], 16)) for part in parts if len(part) == 2 and not part[0].startswith("<")}
    assert len(plain) > 1000
    assert all(unicodedata.is_normalized("NFC", char) for char in plain)
    assert not any(unicodedata.combining(char) for char in plain)
    assert joined_to_others.isdisjoint(plain)


@pytest.mark.parametrize(
    "text", ["e\u0301", "\u2126", "\u0340", "a\u0323\u0302b", "\u1100\u1161", "\u2000", "\u0435\u0306"]
)
def test_a_text_that_is_not_nfc_is_found(text: str) -> None:
    rows = pl.DataFrame({"title": ["“quoted” – été, ещё", text, None], "body": [None, "plain", None]})
    assert set_rules.not_nfc(rows, ["title", "body"])["title"].to_list() == [text]
    assert set_rules.not_nfc(rows, ["body"]).is_empty()
