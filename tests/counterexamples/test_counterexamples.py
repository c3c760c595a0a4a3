"""Every rule refuses what it is there to refuse, and nothing else does.

Row rules come first: a row that breaks one goes no further, so a counterexample of a row rule is judged by the row
rules of its table, one of a set rule by all rules of all tables.
"""

import pytest

from pipeline.check import set_rules as set_rules_module
from pipeline.check.row_rules import failures, keeps_rules, split
from pipeline.check.set_rules import check_table, check_tables
from schemas.names import TABLE_NAMES
from schemas.registry import OBSERVED, TABLES
from schemas.rules import set_rules, table_rules
from tests.counterexamples.cases import Counterexample, base, base_observed, counterexamples, frames

CASES = counterexamples()
ROW_CASES = [case for case in CASES if case.is_observed or case.rule not in {r.name for r in set_rules(case.table)}]
SET_CASES = [case for case in CASES if case not in ROW_CASES]


def _name(case: Counterexample) -> str:
    return f"{case.path.parent.parent.name}-{case.table}-{case.rule}"


def test_the_sound_dataset_breaks_no_rule() -> None:
    results = check_tables({name: frame.lazy() for name, frame in frames(base()).items()})
    assert [result for result in results if result.n_failed] == []


def test_the_sound_rows_off_pages_break_no_rule() -> None:
    for name, frame in frames(base_observed(), observed=True).items():
        assert keeps_rules(OBSERVED[name], frame), name
        assert split(name, frame).broken.is_empty(), name


@pytest.mark.parametrize("case", ROW_CASES, ids=_name)
def test_a_row_is_refused_by_its_rule_alone(case: Counterexample) -> None:
    assert {change["in"] for change in case.changes} == {case.table}
    table = (OBSERVED if case.is_observed else TABLES)[case.table]
    changed = frames(case.rows(), observed=case.is_observed)[case.table]
    assert not keeps_rules(table, changed)
    assert set(failures(table, changed)["rule"]) == {case.rule}


@pytest.mark.parametrize("case", SET_CASES, ids=_name)
def test_a_dataset_is_refused_by_its_rule_alone(case: Counterexample) -> None:
    tables = {name: frame.lazy() for name, frame in frames(case.rows()).items()}
    changed = {change["in"] for change in case.changes}
    looking = [name for name in TABLE_NAMES if changed & _reads(name)]
    results = [result for name in looking for result in check_table(name, tables)]
    assert {(result.table, result.rule) for result in results if result.n_failed} == {(case.table, case.rule)}


@pytest.mark.parametrize("case", SET_CASES, ids=_name)
def test_a_dataset_is_judged_capture_by_capture_as_it_is_at_once(
    case: Counterexample, monkeypatch: pytest.MonkeyPatch
) -> None:
    tables = {name: frame.lazy() for name, frame in frames(case.rows()).items()}
    changed = {change["in"] for change in case.changes}
    looking = [name for name in TABLE_NAMES if changed & _reads(name)]
    at_once = [check_table(name, tables) for name in looking]
    ids = sorted(row["capture_id"] for row in base()["captures"])
    monkeypatch.setattr(set_rules_module, "capture_ranges", lambda _: [*zip([None, *ids], [*ids, None], strict=True)])
    assert [check_table(name, tables) for name in looking] == at_once


def test_a_rule_reads_no_other_tables_than_it_declares() -> None:
    tables = {name: frame.lazy() for name, frame in frames(base()).items()}
    for name in TABLE_NAMES:
        check_table(name, {read: tables[read] for read in _reads(name)})


def _reads(name: str) -> set[str]:
    return {name}.union(*(rule.also_reads for rule in set_rules(name)))


def test_every_rule_has_a_counterexample() -> None:
    published = {(name, rule.name) for name in TABLE_NAMES for rule in table_rules(name)}
    assert {(case.table, case.rule) for case in CASES if not case.is_observed} == published


def test_every_rule_on_rows_read_off_pages_has_a_counterexample() -> None:
    own = {name: table for name, table in OBSERVED.items() if table is not TABLES[name]}
    stated = {(name, rule.name) for name, table in own.items() for rule in table.row_rules}
    assert {(case.table, case.rule) for case in CASES if case.is_observed} == stated


def test_a_counterexample_lies_where_its_rule_says() -> None:
    for case in CASES:
        assert case.path.parent.name == case.table
        assert case.path.stem == case.rule
        assert case.why.endswith(".")
