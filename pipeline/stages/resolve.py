"""Stage two: observations to events, articles, versions, links and everything derived from them."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Final

import polars as pl

from pipeline.errors import ChanceryError
from pipeline.frames import ArticleRow, BrokenRow, FormRow, TeaserRow, row_schema
from pipeline.memory import give_back, with_own_strings
from pipeline.progress import Progress
from pipeline.remember import remembering
from pipeline.request import BuildRequest
from pipeline.resolve.observed import Seen
from pipeline.resolve.release import NEEDED, Register
from pipeline.resolve.tables import Observations, resolve_tables
from pipeline.resolve.withdrawals import CHANGED, find_withdrawn, read_withdrawals
from pipeline.slices.store import SliceStore, open_slice_keys
from pipeline.spread import spreading
from pipeline.stages import read
from pipeline.stages.bodies import body_file
from pipeline.stages.decisions import earlier_decisions
from pipeline.stages.inputs import kept_state
from pipeline.stages.ranges import CaptureRanges, open_ranges
from pipeline.stages.shuffle import PAGES_PER_PARTITION, Shuffle, shuffle
from pipeline.stages.staging import Staged, scan_staged, stage_rows, stage_tables
from pipeline.workspace import Workspace
from schemas.names import TABLE_NAMES

TABLES = tuple(name for name in TABLE_NAMES if name not in {*read.TABLES, "quality_measures"})
"""Tables this stage makes."""

_ROOM_OF_A_PROCESS: Final = 40_000
"""Bodies whose texts take as much memory as a process beside this one."""
_MANY: Final = 100_000
"""Rows of tables whose making leaves much memory behind."""


def resolve(request: BuildRequest, progress: Progress, partition_size: int = PAGES_PER_PARTITION) -> list[Staged]:
    """Resolve what was read and stage the tables of this stage.

    Args:
        request: what was asked for; what was read is what the reading stage says.
        progress: told of steps.
        partition_size: captures that are worked on at once; changes no table.
    """
    progress.start("resolve", 2, "tables")
    register = load_register(request.previous)
    staged = _stage(request, register, progress, partition_size)
    if max(table.n_rows for table in staged) > _MANY:
        give_back()
    if request.withdrawals is not None:
        staged = _without_withdrawn(request.workspace, request.withdrawals, register, staged, partition_size)
    progress.finish()
    return staged


def _stage(request: BuildRequest, register: Register, progress: Progress, partition_size: int) -> list[Staged]:
    """Resolve what was read and write its tables; what they were made of is gone afterwards."""
    workspace = request.workspace
    state = kept_state(workspace)
    store = open_slice_keys(state.slices, workspace.slices)
    with (
        observing(workspace, store, partition_size) as observations,
        remembering(workspace.caches, state.code, fresh=request.fresh),
        spreading(_beside(request.workers, observations.bodies.languages.height)),
    ):
        resolved = resolve_tables(observations, register, earlier_decisions(workspace, state.code))
        progress.advance(1)
        if sum(table.height for table in resolved.tables.values()) > _MANY:
            give_back()
        staged = [stage_rows(workspace, name, rows) for name, rows in resolved.pieces.items()]
    return stage_tables(workspace, resolved.tables) + staged


def _beside(workers: int, n_bodies: int) -> int:
    """Processes that may work beside this one: fewer where it needs their room itself."""
    return workers - 1 - n_bodies // _ROOM_OF_A_PROCESS


@contextmanager
def observing(workspace: Workspace, store: SliceStore, partition_size: int) -> Iterator[Observations]:
    """The observations of a build, off its slices; what they are shuffled in is gone afterwards."""
    ranges = open_ranges(workspace, store, partition_size)
    forms = _distinct_forms(store)
    number = {"capture": pl.UInt32}
    teaser_columns = row_schema(TeaserRow) | number | {"form": pl.UInt32}
    del teaser_columns["page_no"], teaser_columns["form_id"]
    article_columns = row_schema(ArticleRow) | number
    del article_columns["page_no"]
    with (
        shuffle(workspace.staging / "_teasers", ranges.n_ranges, teaser_columns) as teasers,
        shuffle(workspace.staging / "_articles", ranges.n_ranges, article_columns) as articles,
        body_file(workspace.staging / "_bodies", store.each("bodies")) as bodies,
    ):
        for rows, own_forms in zip(ranges.each("teasers"), store.each("forms"), strict=True):
            here = forms.select("form", "form_id").join(own_forms.select("form_id"), on="form_id", how="semi")
            teasers.add(rows.join(here, on="form_id"))
        for rows in ranges.each("articles"):
            articles.add(rows)
        yield Observations(
            ranges=_Ranges(ranges, teasers, articles),
            forms=forms,
            bodies=bodies,
            counters=_pieces(scan_staged(workspace, "counter_observations"), partition_size),
            broken=_broken(workspace, store, ranges.chosen),
        )


@dataclass(frozen=True, slots=True)
class _Ranges:
    """What stands on one range of captures after the other, any number of times."""

    ranges: CaptureRanges
    teasers: Shuffle
    articles: Shuffle

    def __iter__(self) -> Iterator[Seen]:
        for number in range(self.ranges.n_ranges):
            yield _Range(self, number)


@dataclass(frozen=True)
class _Range:
    """One range (`pipeline.resolve.observed.Seen`): what is asked for is read, and kept while the range is."""

    of: _Ranges
    number: int

    @cached_property
    def captures(self) -> pl.DataFrame:
        told = (
            "captured_at",
            "captured_on",
            "page_date",
            "url",
            "urlkey",
            "section",
            "page_kind",
            "teasers_observable",
        )
        return self.of.ranges.captures_of(self.number, "capture_id", *told)

    @cached_property
    def teasers(self) -> pl.DataFrame:
        return self.of.teasers.rows(self.number)

    @cached_property
    def articles(self) -> pl.DataFrame:
        return self.of.articles.rows(self.number)


def _distinct_forms(store: SliceStore) -> pl.DataFrame:
    """form, form_id, published_on, title, teaser of every form, numbered in the order of the ids."""
    found = pl.DataFrame(schema=row_schema(FormRow))
    for rows in store.each("forms"):
        new = rows.drop("part").join(found, on="form_id", how="anti")
        found = pl.concat([found, with_own_strings(new)])
    return found.sort("form_id").with_row_index("form")


def _pieces(table: pl.LazyFrame, size: int) -> Iterator[pl.DataFrame]:
    n_rows: int = table.select(pl.len()).collect().item()
    for start in range(0, max(n_rows, 1), size):
        yield table.slice(start, size).collect()


def _without_withdrawn(
    workspace: Workspace, listed: Path, register: Register, staged: list[Staged], size: int
) -> list[Staged]:
    """Stage all tables anew without the withdrawn items, so many rows at a time, and return those of this stage.

    Raises:
        ChanceryError: the list cannot be read, or an id on it was never published.
    """
    try:
        withdrawals = read_withdrawals(listed.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise ChanceryError(f"{listed} cannot be read: {error}") from error
    if not withdrawals:
        return staged
    tables = {name: scan_staged(workspace, name) for name in (*read.TABLES, *TABLES)}
    found = find_withdrawn(tables, withdrawals, register.redirects, None)
    if found.unknown:
        names = ", ".join(found.unknown)
        raise ChanceryError(f"{listed} names {names}, which no build or release has; correct or remove it.")
    whole = {"quarantine": found.quarantine, "id_redirects": found.id_redirects}
    again = {table.table: table for table in [*staged, *stage_tables(workspace, whole)]}
    for name in CHANGED:
        left = (found.left_of(name, rows) for rows in _pieces(tables[name], size))
        again[name] = stage_rows(workspace, name, left)
    return [again[name] for name in TABLES]


def load_register(previous: Path | None) -> Register:
    """What the previous release published; empty for the first.

    Raises:
        ChanceryError: the folder is no release.
    """
    if previous is None:
        return Register()
    folder = previous / "tables" if (previous / "tables").is_dir() else previous
    try:
        return Register.of({name: pl.read_parquet(folder / f"{name}.parquet", glob=False) for name in NEEDED})
    except (OSError, pl.exceptions.PolarsError) as error:
        raise ChanceryError(f"{previous} is no release whose ids could be continued: {error}") from error


def _broken(workspace: Workspace, store: SliceStore, chosen: pl.DataFrame) -> pl.DataFrame:
    """Rows that row rules took out: of captures, and of pages that became none because they were taken out whole.

    Where another record holds the same capture, only the page itself is listed: its rows stand in the tables.
    """
    columns = list(row_schema(BrokenRow))
    of_pages, of_nothing = [_NO_BROKEN], [_NO_BROKEN]
    for part in range(len(store.parts)):
        rows = store.scan_part("broken", part).select(*columns, read_as=pl.col("row_key").str.head(17)).collect()
        if not rows.is_empty():
            here = chosen.filter(pl.col("part") == part).select("page_no", "capture")
            pages = store.scan_part("pages", part).select("page_no").collect()
            of_pages.append(rows.join(here, on="page_no"))
            of_nothing.append(rows.join(pages, on="page_no", how="anti").with_columns(capture=None))
    captures = scan_staged(workspace, "captures").select("capture_id").with_row_index("capture")
    shown = pl.concat(of_pages, how="vertical_relaxed")
    named = captures.join(shown.lazy().select("capture").unique(), on="capture", how="semi").collect(engine="streaming")
    lost = pl.concat(of_nothing, how="vertical_relaxed").with_columns(capture_id="read_as")
    there = captures.join(lost.lazy().select("capture_id"), on="capture_id", how="semi").collect(engine="streaming")
    is_page = pl.col("table") == "captures"
    found = pl.concat(
        [
            shown.join(named, on="capture"),
            lost.filter(is_page),
            lost.filter(~is_page).join(there, on="capture_id", how="anti"),
        ]
    )
    own_id = [  # a revisit repeats the rows of the page it was read off, those taken out as well
        pl.col(column).str.split(pl.col("read_as")).list.join(pl.col("capture_id")) for column in ("row_key", "row")
    ]
    return found.with_columns(own_id).drop("page_no", "capture", "read_as").unique()


_NO_BROKEN = pl.DataFrame(schema=row_schema(BrokenRow) | {"read_as": pl.String, "capture": pl.UInt32})
