"""A whole build without Dagster: the stages in their order, their tables and the verdict of every rule."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from pipeline.check.set_rules import check_tables
from pipeline.frames import ROWS
from pipeline.ingest.reader import ReadOptions
from pipeline.progress import Silent
from pipeline.request import SITE_HOSTS, BuildRequest
from pipeline.slices.pool import read_slices
from pipeline.slices.store import open_slices
from pipeline.stages import measure, read, resolve
from pipeline.stages.inputs import find_inputs
from pipeline.stages.shuffle import PAGES_PER_PARTITION
from pipeline.stages.staging import kept, scan_staged
from pipeline.workspace import prepare
from schemas.names import TABLE_NAMES

OUR_SITE = ReadOptions(site_hosts=SITE_HOSTS)


@dataclass(frozen=True)
class Built:
    """What a build came to."""

    tables: Mapping[str, pl.DataFrame]
    broken_rules: tuple[str, ...]
    """Rules that failed, warnings included."""
    details: Mapping[tuple[str, int], str | None]
    """The sentence on each rejected raw record by its place."""

    def __getitem__(self, table: str) -> pl.DataFrame:
        return self.tables[table]

    @property
    def statuses(self) -> dict[str, int]:
        """Raw records by status."""
        return dict(self["raw_records"].group_by("status").len().iter_rows())

    @property
    def reasons(self) -> dict[str | None, int]:
        """Raw records by reason."""
        return dict(self["raw_records"].group_by("reason").len().iter_rows())


def build_tables(
    *raw: Path,
    outputs: Path,
    options: ReadOptions = OUR_SITE,
    workers: int = 1,
    partition_size: int = PAGES_PER_PARTITION,
) -> Built:
    """Read, resolve, measure and check; the tables stay staged."""
    request = BuildRequest(raw=raw, outputs=outputs, options=options, workers=workers)
    workspace = request.workspace
    prepare(workspace)
    inputs = find_inputs(request)
    read.read(request, inputs, Silent(), partition_size)
    resolve.resolve(request, Silent(), partition_size)
    measure.measure(workspace)
    results = check_tables({name: scan_staged(workspace, name) for name in TABLE_NAMES})
    places = kept(workspace, "rejected").select("raw_path", "record_no", "detail").collect()
    return Built(
        tables={name: scan_staged(workspace, name).collect() for name in TABLE_NAMES},
        broken_rules=tuple(
            f"{result.table}: {result.rule} ({result.n_failed}) {result.samples}"
            for result in results
            if result.n_failed
        ),
        details={(path, number): detail for path, number, detail in places.iter_rows()},
    )


def read_rows(raw: Path, *, outputs: Path, options: ReadOptions = OUR_SITE) -> dict[str, pl.DataFrame]:
    """All that is read off the raw files, by slice table: everything later stages are a function of."""
    request = BuildRequest(raw=(raw,), outputs=outputs, options=options)
    prepare(request.workspace)
    inputs = find_inputs(request)
    read_slices(inputs.slices, request.workspace.slices, inputs.options, workers=1, progress=Silent())
    store = open_slices(inputs.slices, request.workspace.slices)
    return {table: store.scan(table).collect() for table in ROWS}
