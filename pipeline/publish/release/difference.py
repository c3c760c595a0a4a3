"""What two releases (or a release and a build) differ in: schema and rows, per table, with samples.

Rows are told apart by their key and compared column by column, nulls being equal. The decisions made here: the level
each kind of difference has, and that `since_release` is not compared, for a build does not know it. Samples are keys,
never texts, so a difference can stand in any edition.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import Any, Final

import polars as pl

from pipeline.publish.release.folder import TableFolder
from pipeline.publish.release.versions import Level
from schemas.names import TABLE_NAMES

N_SAMPLES: Final = 5
NOT_COMPARED: Final = frozenset({"since_release"})

_LEVELS: Final[Mapping[str, Level]] = {
    "table_removed": Level.MAJOR,
    "column_removed": Level.MAJOR,
    "columns_reordered": Level.MAJOR,
    "type_changed": Level.MAJOR,
    "key_changed": Level.MAJOR,
    "null_allowed": Level.MAJOR,
    "table_added": Level.MINOR,
    "column_added": Level.MINOR,
    "null_forbidden": Level.MINOR,
    "values_changed": Level.MINOR,
    "foreign_keys_changed": Level.MINOR,
    "wording_changed": Level.PATCH,
}


@dataclass(frozen=True, slots=True)
class SchemaChange:
    """One difference between what is stated of a table."""

    table: str
    column: str | None
    what: str
    """A key of the levels above."""

    @property
    def level(self) -> Level:
        """How far it reaches."""
        return _LEVELS[self.what]


@dataclass(frozen=True, slots=True)
class RowChanges:
    """Differences between the rows of one table."""

    table: str
    n_before: int
    n_after: int
    n_added: int = 0
    n_removed: int = 0
    n_changed: int = 0
    columns: tuple[tuple[str, int], ...] = ()
    """Columns with changed values, and in how many rows."""
    added: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    """Keys of the first few rows, their parts joined by `/`."""

    @property
    def level(self) -> Level:
        """How far they reach."""
        if self.n_added or self.n_removed:
            return Level.MINOR
        return Level.PATCH if self.n_changed else Level.NONE


@dataclass(frozen=True, slots=True)
class Difference:
    """All that changed from one release to the next."""

    old: str | None
    """Null where there is none before."""
    new: str
    schema: tuple[SchemaChange, ...] = ()
    rows: tuple[RowChanges, ...] = ()
    left_out: tuple[str, ...] = ()
    """Tables and `table.column`s that could not be compared, for an edition leaves them out."""
    profile_changed: bool = False
    """What `release.toml` says is not what it said."""

    @property
    def level(self) -> Level:
        """The highest of all."""
        own = Level.PATCH if self.profile_changed else Level.NONE
        return max(own, *(change.level for change in self.schema), *(change.level for change in self.rows), Level.NONE)

    def to_json(self) -> dict[str, Any]:
        """As plain data."""
        schema = [asdict(change) | {"level": change.level.word} for change in self.schema]
        rows = [asdict(change) | {"columns": dict(change.columns), "level": change.level.word} for change in self.rows]
        return asdict(self) | {"level": self.level.word, "schema": schema, "rows": rows}


def compare(old: TableFolder, new: TableFolder, stated: Callable[[str], dict[str, Any]] | None = None) -> Difference:
    """Compare two folders of tables; what an edition leaves out counts as neither gone nor new.

    Args:
        old: the earlier one.
        new: the later one.
        stated: says what each of the new tables is to be described as; null: what its file says itself.
    """
    describe_new = stated or new.described
    absent = {*_left_out(old), *_left_out(new)}
    schema: list[SchemaChange] = []
    rows: list[RowChanges] = []
    for name in sorted({*_names(old), *_names(new)}, key=_place):
        if name in absent:
            continue
        if name not in new or name not in old:
            schema.append(SchemaChange(name, None, "table_added" if name in new else "table_removed"))
            rows.append(_whole_table(name, old, new))
            continue
        before, after = old.described(name), describe_new(name)
        without = {column.partition(".")[2] for column in absent if column.startswith(f"{name}.")}
        schema += _schema_changes(name, before, after, without)
        rows.append(_row_changes(name, before, after, old, new))
    return Difference(old.label, new.label, tuple(schema), tuple(rows), tuple(sorted(absent)))


def _names(folder: TableFolder) -> list[str]:
    return [path.stem for path in folder.tables.glob("*.parquet")]


def _place(name: str) -> tuple[int, str]:
    return (TABLE_NAMES.index(name) if name in TABLE_NAMES else len(TABLE_NAMES), name)


def _left_out(folder: TableFolder) -> list[str]:
    manifest = folder.manifest
    return [] if manifest is None else [str(name) for name in manifest["left_out"]]


def _schema_changes(
    name: str, before: dict[str, Any], after: dict[str, Any], without: set[str]
) -> Iterator[SchemaChange]:
    old = {column["name"]: column for column in before["columns"] if column["name"] not in without}
    new = {column["name"]: column for column in after["columns"] if column["name"] not in without}
    if before["key"] != after["key"]:
        yield SchemaChange(name, None, "key_changed")
    if [column for column in old if column in new] != [column for column in new if column in old]:
        yield SchemaChange(name, None, "columns_reordered")
    if before["foreign_keys"] != after["foreign_keys"]:
        yield SchemaChange(name, None, "foreign_keys_changed")
    if any(before[key] != after[key] for key in ("title", "description")):
        yield SchemaChange(name, None, "wording_changed")
    for column in sorted(old.keys() - new.keys()):
        yield SchemaChange(name, column, "column_removed")
    for column in sorted(new.keys() - old.keys()):
        yield SchemaChange(name, column, "column_added")
    for column in [column for column in new if column in old]:
        for what in _column_changes(old[column], new[column]):
            yield SchemaChange(name, column, what)


def _column_changes(old: dict[str, Any], new: dict[str, Any]) -> Iterator[str]:
    if old["type"] != new["type"]:
        yield "type_changed"
    if old["nullable"] != new["nullable"]:
        yield "null_allowed" if new["nullable"] else "null_forbidden"
    values = [list(side.get("values") or ()) for side in (old, new)]
    limits = [[side.get(key) for key in ("pattern", "minimum", "maximum")] for side in (old, new)]
    if values[0] != values[1] or limits[0] != limits[1]:
        yield "values_changed"
    said = [[side.get(key) for key in ("title", "description", "unit", "property")] for side in (old, new)]
    meanings = [side.get("values") for side in (old, new)]
    if said[0] != said[1] or (meanings[0] != meanings[1] and values[0] == values[1]):
        yield "wording_changed"


def _whole_table(name: str, old: TableFolder, new: TableFolder) -> RowChanges:
    there = new if name in new else old
    key = there.described(name)["key"]
    count, samples = _count_and_samples(there.scan(name), key)
    if there is new:
        return RowChanges(name, 0, count, n_added=count, added=samples)
    return RowChanges(name, count, 0, n_removed=count, removed=samples)


def _row_changes(
    name: str, before: dict[str, Any], after: dict[str, Any], old: TableFolder, new: TableFolder
) -> RowChanges:
    was, is_now = old.scan(name), new.scan(name)
    n_before, n_after = (int(frame.select(pl.len()).collect().item()) for frame in (was, is_now))
    key = after["key"]
    if before["key"] != key:
        added, removed = _count_and_samples(is_now, key)[1], _count_and_samples(was, before["key"])[1]
        return RowChanges(name, n_before, n_after, n_after, n_before, added=added, removed=removed)
    n_added, added = _count_and_samples(is_now.join(was.select(key), on=key, how="anti"), key)
    n_removed, removed = _count_and_samples(was.join(is_now.select(key), on=key, how="anti"), key)
    columns = _comparable(was.collect_schema(), is_now.collect_schema(), key)
    n_changed, counts, changed = _changed_values(was, is_now, key, columns)
    return RowChanges(
        name, n_before, n_after, n_added, n_removed, n_changed, counts, added=added, removed=removed, changed=changed
    )


def _comparable(old: pl.Schema, new: pl.Schema, key: list[str]) -> list[str]:
    return [
        name for name, dtype in new.items() if old.get(name) == dtype and name not in key and name not in NOT_COMPARED
    ]


def _changed_values(
    was: pl.LazyFrame, is_now: pl.LazyFrame, key: list[str], columns: list[str]
) -> tuple[int, tuple[tuple[str, int], ...], tuple[str, ...]]:
    if not columns:
        return 0, (), ()
    differs = [pl.col(name).ne_missing(pl.col(f"{name}_before")) for name in columns]
    both = is_now.select(*key, *columns).join(was.select(*key, *columns), on=key, suffix="_before")
    changed = both.select(*key, *differs).filter(pl.any_horizontal(columns))
    counts, samples = pl.collect_all(
        [changed.select(pl.len().alias("rows"), *(pl.col(name).sum() for name in columns)), _samples(changed, key)],
        engine="streaming",
    )
    by_column = counts.row(0, named=True)
    told = tuple((name, by_column[name]) for name in columns if by_column[name])
    return by_column[counts.columns[0]], told, tuple(samples["key"])


def _count_and_samples(rows: pl.LazyFrame, key: list[str]) -> tuple[int, tuple[str, ...]]:
    count, samples = pl.collect_all([rows.select(pl.len()), _samples(rows, key)], engine="streaming")
    return int(count.item()), tuple(samples["key"])


def _samples(rows: pl.LazyFrame, key: list[str]) -> pl.LazyFrame:
    parts = [pl.col(name).cast(pl.String) for name in key]
    return rows.select(key).sort(key).head(N_SAMPLES).select(key=pl.concat_str(parts, separator="/"))
