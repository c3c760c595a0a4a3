"""Stage two: observations to events, articles, versions, links and everything derived from them."""

from collections.abc import Mapping
from pathlib import Path

import polars as pl

from pipeline.errors import ChanceryError
from pipeline.frames import BrokenRow, row_schema
from pipeline.progress import Progress
from pipeline.remember import remembering
from pipeline.request import BuildRequest
from pipeline.resolve.release import NEEDED, Register
from pipeline.resolve.tables import Observations, resolve_tables
from pipeline.resolve.withdrawals import read_withdrawals, withdraw
from pipeline.slices.store import SliceStore, open_slices
from pipeline.stages import read
from pipeline.stages.decisions import earlier_decisions
from pipeline.stages.inputs import Inputs
from pipeline.stages.staging import Staged, kept, scan_staged, stage_tables
from pipeline.workspace import Workspace
from schemas.names import TABLE_NAMES

TABLES = tuple(name for name in TABLE_NAMES if name not in {*read.TABLES, "quality_measures"})
"""Tables this stage makes."""


def resolve(request: BuildRequest, inputs: Inputs, progress: Progress) -> list[Staged]:
    """Resolve what was read and stage the tables of this stage."""
    workspace = request.workspace
    progress.start("resolve", 2, "tables")
    store = open_slices(inputs.slices, workspace.slices)
    observations = observe(workspace, store)
    register = load_register(request.previous)
    with remembering(workspace.caches, inputs.code, fresh=request.fresh):
        tables = resolve_tables(observations, register, earlier_decisions(workspace, inputs.code))
    tables = _without_withdrawn(request, tables, register)
    progress.advance(1)
    staged = stage_tables(workspace, tables)
    progress.finish()
    return staged


def observe(workspace: Workspace, store: SliceStore) -> Observations:
    """The observations of a build, off its slices."""
    return Observations(
        captures=scan_staged(workspace, "captures").collect(),
        teasers=_of_captures(workspace, store, "teasers"),
        forms=store.scan("forms"),
        articles=_of_captures(workspace, store, "articles"),
        bodies=store.scan("bodies").drop("part"),
        counters=scan_staged(workspace, "counter_observations").collect(),
        broken=_broken(workspace, store),
    )


def _without_withdrawn(
    request: BuildRequest, tables: Mapping[str, pl.DataFrame], register: Register
) -> Mapping[str, pl.DataFrame]:
    """Take withdrawn items out of the tables of this stage, and stage those of the first stage anew without them.

    Raises:
        ChanceryError: the list cannot be read, or an id on it was never published.
    """
    if request.withdrawals is None:
        return tables
    try:
        withdrawals = read_withdrawals(request.withdrawals.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise ChanceryError(f"{request.withdrawals} cannot be read: {error}") from error
    of_first_stage = {name: scan_staged(request.workspace, name).collect() for name in read.TABLES}
    left = withdraw({**of_first_stage, **tables}, withdrawals, register.redirects, None)
    if left.unknown:
        names = ", ".join(left.unknown)
        raise ChanceryError(
            f"{request.withdrawals} names {names}, which no build or release has; correct or remove it."
        )
    changed = {name: left.tables[name] for name in read.TABLES if not left.tables[name].equals(of_first_stage[name])}
    stage_tables(request.workspace, changed)
    return {name: left.tables[name] for name in tables}


def load_register(previous: Path | None) -> Register:
    """What the previous release published; empty for the first.

    Raises:
        ChanceryError: the folder is no release.
    """
    if previous is None:
        return Register()
    folder = previous / "tables" if (previous / "tables").is_dir() else previous
    try:
        return Register.of({name: pl.read_parquet(folder / f"{name}.parquet") for name in NEEDED})
    except (OSError, pl.exceptions.PolarsError) as error:
        raise ChanceryError(f"{previous} is no release whose ids could be continued: {error}") from error


def _of_captures(workspace: Workspace, store: SliceStore, table: str) -> pl.LazyFrame:
    """The rows of a slice table that belong to captures, each with its `capture_id`; a revisit repeats them."""
    return store.scan(table).join(_chosen(workspace), on=["part", "page_no"])


def _chosen(workspace: Workspace) -> pl.LazyFrame:
    """part, page_no, capture_id."""
    captures = scan_staged(workspace, "captures").select("capture_id").with_row_index("capture")
    return kept(workspace, "chosen").join(captures, on="capture").drop("capture")


def _broken(workspace: Workspace, store: SliceStore) -> pl.DataFrame:
    """Rows that row rules took out: of captures, and of pages that became none because they were taken out whole.

    Where another record holds the same capture, only the page itself is listed: its rows stand in the tables.
    """
    chosen = _chosen(workspace)
    pages = store.scan("pages").select("part", "page_no")
    read_as = pl.col("row_key").str.head(17)
    rows = store.scan("broken").select("part", *row_schema(BrokenRow), read_as=read_as)
    of_captures = rows.join(chosen, on=["part", "page_no"])
    of_nothing = rows.join(pages, on=["part", "page_no"], how="anti").with_columns(capture_id="read_as")
    lost = of_nothing.filter(pl.col("table") != "captures").join(chosen, on="capture_id", how="anti")
    own_id = [  # a revisit repeats the rows of the page it was read off, those taken out as well
        pl.col(column).str.split(pl.col("read_as")).list.join(pl.col("capture_id")) for column in ("row_key", "row")
    ]
    found = pl.concat([of_captures, of_nothing.filter(pl.col("table") == "captures"), lost])
    return found.with_columns(own_id).drop("part", "page_no", "read_as").unique().collect()
