"""From the finished tables to one result per rule: row rules, keys, order, references, agreements between tables.

A rule that failed nothing still reports how many rows it looked at. The one decision made here is what is read how:
rules of one table in a single pass over parts of it (pandera's memory grows with a frame, and a shift over a whole
table buffers), rules between tables as lazy queries, of a range of captures at a time where a query can be asked so.
"""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field

import polars as pl

from pipeline.check.agreements import QUERIES
from pipeline.check.queries import Asked, Query, Tables
from pipeline.check.row_rules import SchemaFailure, failures, row_json
from schemas.columns import PARAGRAPHS
from schemas.registry import TABLES
from schemas.render import table_schema
from schemas.rules import KEY_UNIQUE, SORTED_BY_KEY, TEXT_IS_NFC, set_rules
from schemas.table import ForeignKey, Rule, Severity, Table

PART_ROWS = 100_000
PART_ROWS_OF_TEXTS = 5_000
"""Rows of a part where a row holds a whole body."""
CAPTURES_AT_ONCE = 32_768
"""Captures of a range, about: their teasers are some 300,000 rows."""
N_SAMPLES = 5

MAY_NOT_BE_NFC = r"[^\x{0}-\x{2FF}\x{400}-\x{482}\x{2002}-\x{20CF}]"
"""A character beyond those that stay as they are in NFC whatever stands beside them: Latin, Cyrillic, punctuation."""

_OF_CAPTURES = frozenset(
    {"captures", "teaser_observations", "counter_observations", "article_observations", "unplaced_lines", "raw_records"}
)
"""Tables whose rows each belong to one capture; those of `raw_records` that lead to none stand in the first range."""


@dataclass(frozen=True, slots=True)
class RuleResult:
    """What one rule found in one table."""

    table: str
    rule: str
    n_checked: int
    """Rows of the table."""
    n_failed: int
    """Rows (or groups of rows, where the rule is about groups) that break the rule."""
    samples: tuple[str, ...]
    """The first few of them, as JSON of what tells them apart."""
    severity: Severity


@dataclass(slots=True)
class _Findings:
    """What the pass over a table's parts has seen so far."""

    n_rows: int = 0
    n_failed: Counter[str] = field(default_factory=Counter)
    samples: dict[str, list[str]] = field(default_factory=dict)
    last_key: pl.DataFrame | None = None

    def add(self, rule: str, failed: pl.DataFrame) -> None:
        """Count rows that broke a rule and keep the first ones' keys."""
        if failed.is_empty():
            return
        self.n_failed[rule] += failed.height
        kept = self.samples.setdefault(rule, [])
        kept += [row_json(row) for row in failed.head(N_SAMPLES - len(kept)).iter_rows(named=True)]


def check_tables(
    tables: Mapping[str, pl.LazyFrame],
    stated: Mapping[str, Table] = TABLES,
    unanswerable: Collection[tuple[str, str]] = (),
) -> list[RuleResult]:
    """Check every published table by all its rules, in the order of `schemas.TABLES`.

    Args:
        tables: every published table by name, with the columns and types of its schema.
        stated: the tables to check; an edition of a release states fewer tables and columns.
        unanswerable: (table, set rule) of rules that ask for something these tables do not state.

    Raises:
        KeyError: a table is missing.
        SchemaFailure: a table lacks a column or has another type.
    """
    return [result for name in stated for result in check_table(name, tables, stated[name], unanswerable)]


def check_table(
    name: str, tables: Tables, stated: Table | None = None, unanswerable: Collection[tuple[str, str]] = ()
) -> list[RuleResult]:
    """Check one table: its row rules, then its set rules, one result each.

    Args:
        name: the table.
        tables: that table and those its rules also read (`schemas.Rule.also_reads`).
        stated: what the table is to be, where not what `schemas.TABLES` states.
        unanswerable: (table, set rule) of rules to leave out.

    Raises:
        KeyError: a table is missing.
        SchemaFailure: the table lacks a column or has another type.
    """
    table = stated or TABLES[name]
    seen = _one_pass(table, tables[name])
    references = {key.rule: key for key in table.foreign_keys}
    rules = [rule for rule in set_rules(name) if (name, rule.name) not in unanswerable]
    ranges = capture_ranges(tables)
    for rule in rules:
        if rule.name in references:
            seen.add(rule.name, _unresolved(table, references[rule.name], tables, ranges))
        elif (name, rule.name) in QUERIES:
            failed = _blamed(QUERIES[name, rule.name], tables, ranges)
            seen.add(rule.name, failed.sort(failed.columns, nulls_last=True))
    return [_result(rule, seen) for rule in (*table.row_rules, *rules)]


_Bounds = tuple[str | None, str | None]
"""The ids of a range of captures: from, and up to but without; null where it has no end."""


def capture_ranges(tables: Tables) -> list[_Bounds]:
    """Ranges of ids that hold so many captures each, about; together they hold every id there can be."""
    n_captures = tables["captures"].select(pl.len()).collect().item() if "captures" in tables else 0
    n_ranges = max(1, -(-n_captures // CAPTURES_AT_ONCE))
    edges = [f"c{number * 65_536 // n_ranges:04x}" for number in range(1, n_ranges)]
    return list(zip([None, *edges], [*edges, None], strict=True))


def within(column: str, bounds: _Bounds) -> pl.Expr:
    """Whether an id is of a range; what is no id is of the first."""
    low, high = bounds
    if low is not None and high is not None:
        return pl.col(column).is_between(pl.lit(low), pl.lit(high), closed="left")
    if low is not None:
        return pl.col(column) >= low
    return pl.lit(value=True) if high is None else (pl.col(column) < high).fill_null(value=True)


def _of_range(tables: Tables, bounds: _Bounds) -> Tables:
    """The tables with the rows of a range of captures; those that are not of captures are whole."""
    if bounds == (None, None):
        return tables
    return {
        name: frame.filter(within("capture_id", bounds)) if name in _OF_CAPTURES else frame
        for name, frame in tables.items()
    }


def _blamed(query: Query, tables: Tables, ranges: list[_Bounds]) -> pl.DataFrame:
    """The rows that break a rule."""
    if query.asked is Asked.EVERYTHING or len(ranges) == 1:
        return query(tables).collect(engine="streaming")
    pieces = [_of_range(tables, bounds) for bounds in ranges]
    if query.asked is Asked.CAPTURES:
        return pl.concat([query(piece).collect(engine="streaming") for piece in pieces])
    assert query.summed is not None
    sums = pl.concat([query.summed(piece).collect(engine="streaming") for piece in pieces])
    return query.blamed(tables, query.added(sums.lazy())).collect(engine="streaming")


def _result(rule: Rule, seen: _Findings) -> RuleResult:
    return RuleResult(
        table=rule.table,
        rule=rule.name,
        n_checked=seen.n_rows,
        n_failed=seen.n_failed[rule.name],
        samples=tuple(seen.samples.get(rule.name, ())),
        severity=rule.severity,
    )


def _one_pass(table: Table, frame: pl.LazyFrame) -> _Findings:
    """Row rules, order, adjacent equal keys and NFC, one part of the table after the other."""
    _require_schema(table, frame)
    seen = _Findings()
    key = list(table.key)
    texts = [column.name for column in table.columns if column.is_text]
    for part in _parts(table, frame):
        seen.n_rows += part.height
        for rule, rows in sorted(_by_rule(failures(table, part)).items()):
            seen.add(rule, part[rows].select(key))
        if texts:
            seen.add(TEXT_IS_NFC, not_nfc(part, texts).select(key))
        keys = part.select(key)
        pairs = keys if seen.last_key is None else pl.concat([seen.last_key, keys])
        seen.add(SORTED_BY_KEY, pairs.filter(_is_before_previous(key)))
        seen.add(KEY_UNIQUE, pairs.filter(pl.all_horizontal(pl.col(name) == pl.col(name).shift(1) for name in key)))
        seen.last_key = keys.tail(1)
    if seen.n_failed[SORTED_BY_KEY]:
        repeated = frame.group_by(key).agg(n=pl.len()).filter(pl.col("n") > 1).collect(engine="streaming").sort(key)
        seen.n_failed[KEY_UNIQUE] = 0
        seen.samples.pop(KEY_UNIQUE, None)
        seen.add(KEY_UNIQUE, repeated)
    return seen


def not_nfc(rows: pl.DataFrame, texts: Collection[str]) -> pl.DataFrame:
    """The rows of which a text is not NFC; only those that may not be are normalised, which costs 20 times a look."""
    doubtful = rows.filter(pl.any_horizontal(pl.col(name).str.contains(MAY_NOT_BE_NFC) for name in texts))
    return doubtful.filter(pl.any_horizontal(pl.col(name).str.normalize("NFC") != pl.col(name) for name in texts))


def _require_schema(table: Table, frame: pl.LazyFrame) -> None:
    declared = table_schema(table)
    found = frame.collect_schema()
    if found != declared:
        raise SchemaFailure(f"{table.name}: its columns are {dict(found)}, declared are {dict(declared)}")


def _parts(table: Table, frame: pl.LazyFrame) -> Iterator[pl.DataFrame]:
    has_texts = any(column.pattern == PARAGRAPHS for column in table.columns)
    size = PART_ROWS_OF_TEXTS if has_texts else PART_ROWS
    n_rows: int = frame.select(pl.len()).collect().item()
    for start in range(0, n_rows, size):
        yield frame.slice(start, size).collect()


def _by_rule(failed: pl.DataFrame) -> dict[str, list[int]]:
    rules: dict[str, list[int]] = {}
    for index, _, rule in failed.iter_rows():
        rules.setdefault(rule, []).append(index)
    return rules


def _is_before_previous(key: list[str]) -> pl.Expr:
    """True where a row's key is smaller than that of the row before it."""
    smaller = pl.lit(value=False)
    for name in reversed(key):
        before = pl.col(name).shift(1)
        smaller = (pl.col(name) < before) | ((pl.col(name) == before) & smaller)
    return smaller


def _unresolved(table: Table, key: ForeignKey, tables: Tables, ranges: list[_Bounds]) -> pl.DataFrame:
    """Rows whose reference leads nowhere: of a range of captures at a time, by the capture a row is of or leads to."""
    target = tables[key.table].select(pl.col(key.target).alias("target"))
    here = tables[table.name].filter(pl.col(key.column).is_not_null()).select(*dict.fromkeys((*table.key, key.column)))
    leads_to_captures = key.table == "captures"
    failed = [
        here.filter(within(key.column if leads_to_captures else "capture_id", bounds))
        .join(
            target.filter(within("target", bounds)) if leads_to_captures else target,
            left_on=key.column,
            right_on="target",
            how="anti",
        )
        .collect(engine="streaming")
        for bounds in (ranges if leads_to_captures or table.name in _OF_CAPTURES else [(None, None)])
    ]
    found = pl.concat(failed)
    return found.sort(found.columns)
