"""Stage one: raw files to captures and the ledger, with what is published as it is read."""

from collections.abc import Iterator
from pathlib import Path

import polars as pl

from pipeline.errors import ChanceryError
from pipeline.frames import CounterRow, LineRow, PageRow, RecordRow, row_schema
from pipeline.gather import choose_captures
from pipeline.observe import record_row
from pipeline.progress import Progress
from pipeline.request import BuildRequest
from pipeline.resolve.counters import count_starts, judge_counters, usual_starts
from pipeline.revisits import VERDICTS, find_originals, judge_revisits, revisits_among
from pipeline.slices.pool import forget_slices, read_slices
from pipeline.slices.store import SliceStore, open_slices
from pipeline.stages.inputs import Inputs, keep_state
from pipeline.stages.ledger import keep_rejected, ledger_rows, other_sites
from pipeline.stages.ranges import CaptureRanges, open_ranges
from pipeline.stages.shuffle import PAGES_PER_PARTITION, Shuffle, by_hash, hash_partitions, shuffle
from pipeline.stages.staging import Staged, keep, stage_rows
from pipeline.workspace import Workspace

TABLES = ("raw_records", "captures", "counter_observations", "unplaced_lines")
"""Tables this stage makes."""


def read(
    request: BuildRequest, inputs: Inputs, progress: Progress, partition_size: int = PAGES_PER_PARTITION
) -> list[Staged]:
    """Read every slice that is not read yet, choose captures, stage the tables of this stage.

    Args:
        request: what was asked for.
        inputs: what there is to read.
        progress: told of files read.
        partition_size: pages, and later captures, that are worked on at once; changes no table.

    Raises:
        ChanceryError: there is no capture though the published tables have some.
    """
    workspace = request.workspace
    if request.fresh:
        forget_slices((), workspace.slices)
    _refuse_unseen(request, inputs)
    read_slices(inputs.slices, workspace.slices, inputs.options, workers=request.workers, progress=progress)
    keep_state(workspace, inputs)
    store = open_slices(inputs.slices, workspace.slices)
    problems = pl.DataFrame(
        [record_row(problem, None) for problem in inputs.discovery.problems],
        schema=row_schema(RecordRow),
        orient="row",
    )
    n_partitions = hash_partitions(store.count("pages"), partition_size)
    schema = row_schema(PageRow) | {"part": pl.Int32, "is_revisit": pl.Boolean}
    with shuffle(workspace.staging / "_pages", n_partitions, schema) as pages:
        for rows in store.each("pages"):
            pages.add(rows.with_columns(by_hash("capture_id", n_partitions), is_revisit=pl.lit(value=False)))
        verdicts = _add_revisits(store, pages)
        makers: list[pl.DataFrame] = []
        captures = stage_rows(workspace, "captures", _captures(workspace, pages, makers))
    rejected: list[pl.DataFrame] = []
    records = ledger_rows(store, problems, pl.concat(makers), verdicts, rejected)
    raw_records = stage_rows(workspace, "raw_records", records)
    keep_rejected(workspace, rejected)
    if not captures.n_rows:
        _refuse_to_empty(workspace, rejected)
    ranges = open_ranges(workspace, store, partition_size)
    counters = stage_rows(workspace, "counter_observations", _counters(ranges))
    lines = stage_rows(workspace, "unplaced_lines", _lines(ranges))
    forget_slices(inputs.slices, workspace.slices)
    return [raw_records, captures, counters, lines]


def _add_revisits(store: SliceStore, pages: Shuffle) -> pl.DataFrame:
    """Add the pages that revisits repeat, and say what became of each revisit record."""
    parts = range(len(store.parts))
    found = [revisits_among(store.scan_part("records", part)) for part in parts]
    revisits = pl.concat(found) if found else pl.DataFrame()
    if revisits.is_empty():
        return pl.DataFrame(schema=VERDICTS)
    joined = find_originals(revisits, (store.scan_part("records", part) for part in parts))
    no_page = store.scan("pages").clear().collect()
    verdicts = [judge_revisits(joined.filter(pl.col("original_part").is_null()), no_page)[0]]
    for part in parts:
        here = joined.filter(pl.col("original_part") == part)
        if not here.is_empty():
            judged, added = judge_revisits(here, store.scan_part("pages", part).collect())
            verdicts.append(judged)
            pages.add(added.with_columns(by_hash("capture_id", pages.n_partitions), is_revisit=pl.lit(value=True)))
    return pl.concat(verdicts)


def _captures(workspace: Workspace, pages: Shuffle, makers: list[pl.DataFrame]) -> Iterator[pl.DataFrame]:
    """Rows of `captures` in order; the pages behind them are kept for what follows, and their records told."""
    contents = [pl.DataFrame(schema={"part": pl.Int32, "page_no": pl.Int32, "capture": pl.UInt32})]
    n_captures = 0
    for partition in pages:
        chosen = choose_captures(partition)
        makers.append(chosen.makers)
        contents.append(
            chosen.captures.select("part", "page_no", capture=pl.int_range(pl.len(), dtype=pl.UInt32) + n_captures)
        )
        n_captures += chosen.captures.height
        yield chosen.captures.drop("part", "page_no")
    keep(workspace, "chosen", pl.concat(contents).sort("part", "page_no", "capture"))


def _counters(ranges: CaptureRanges) -> Iterator[pl.DataFrame]:
    """Rows of `counter_observations` in order: what start is usual is known when all were seen."""
    schema = row_schema(CounterRow) | {"capture": pl.UInt32}
    with shuffle(ranges.workspace.staging / "_counters", ranges.n_ranges, schema) as counters:
        starts = None
        for rows in ranges.each("counters"):
            starts = count_starts(rows, starts)
            counters.add(rows)
        if starts is None:
            return
        usual = usual_starts(starts)
        for captures, rows in zip(ranges.captures("capture_id"), counters, strict=True):
            yield judge_counters(_in_order(rows, captures, "position"), usual)


def _lines(ranges: CaptureRanges) -> Iterator[pl.DataFrame]:
    """Rows of `unplaced_lines` in order."""
    schema = row_schema(LineRow) | {"capture": pl.UInt32}
    with shuffle(ranges.workspace.staging / "_lines", ranges.n_ranges, schema) as lines:
        for rows in ranges.each("lines"):
            lines.add(rows)
        for captures, rows in zip(ranges.captures("capture_id"), lines, strict=True):
            yield _in_order(rows, captures, "line_no")


def _in_order(rows: pl.DataFrame, captures: pl.DataFrame, then: str) -> pl.DataFrame:
    """Rows with the ids of their captures, sorted by capture and a number."""
    return rows.sort("capture", then).join(captures, on="capture", maintain_order="left").drop("capture")


def _refuse_unseen(request: BuildRequest, inputs: Inputs) -> None:
    """Files that this machine does not see must have been read: here they would be published as unreadable.

    Raises:
        ChanceryError: some are not; local files of the same slice were changed since.
    """
    roots = {listing.root for listing in request.listings}
    for piece in inputs.slices if roots else ():
        unseen = next((file for file in piece.files if not roots.isdisjoint((file.path, *file.path.parents))), None)
        if unseen is not None and not (request.workspace.slices / piece.key).is_dir():
            raise ChanceryError(f"raw files changed while {unseen.raw_path} was read; run the same command again.")


def _refuse_to_empty(workspace: Workspace, rejected: list[pl.DataFrame]) -> None:
    """Tables with captures are not given up for tables without: a wrong dump or site is what leads to those.

    Raises:
        ChanceryError: the published tables have captures, or may have had some before they were damaged.
    """
    published = workspace.table("captures")
    if not published.is_file() or not _may_have_rows(published):
        return
    reasons = [other_sites(workspace), *(rows["detail"][0] for rows in rejected if not rows.is_empty())]
    why = next((f": {reason.rstrip('.')}" for reason in reasons if reason), "")
    raise ChanceryError(
        f"no capture of the site was found, so the tables in {workspace.tables} stay as they were{why}; "
        "look at --raw and --site, or build elsewhere with --outputs."
    )


def _may_have_rows(table: Path) -> bool:
    try:
        return bool(pl.scan_parquet(table, glob=False).select(pl.len()).collect().item())
    except (OSError, pl.exceptions.PolarsError):
        return True
