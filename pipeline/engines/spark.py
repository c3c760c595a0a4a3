"""A build's heavy pieces on Spark: the digests of raw files, the slices, and the comparisons of event wordings.

The decision made here: the cluster only fills what a build looks for before it computes (known digests, read slices,
earlier decisions), by the very functions the local build calls. So the build that follows gives the same bytes whatever
the cluster did, and what it did not do is done by the driver. Needs the extra `chancery[spark]` and Java 17 or newer.

Each job is rows of work → mapInArrow; comparing is distinct forms → repartition by block of days → mapInArrow.
"""

import os
import shutil
import socket
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from functools import partial
from itertools import groupby
from pathlib import Path
from typing import Any, Final

import polars as pl
import pyarrow as pa

from pipeline.engines.cluster import Cluster, told
from pipeline.engines.hadoop_files import Elsewhere, take
from pipeline.ingest.cdx import CdxIndex, find_indexes, load_index
from pipeline.ingest.reader import RawFile, ReadOptions
from pipeline.progress import Progress
from pipeline.request import BuildRequest
from pipeline.resolve.compare import WINDOW_DAYS
from pipeline.resolve.events import DECISIONS_SCHEMA, cluster_forms
from pipeline.slices.plan import Slice
from pipeline.slices.pool import SliceJob, forget_slices, read_slice
from pipeline.slices.state import file_digest
from pipeline.slices.store import open_slices
from pipeline.stages.decisions import keep_decisions
from pipeline.stages.inputs import find_inputs
from pipeline.workspace import Workspace

DAYS_PER_BLOCK: Final = 30
"""Days whose wordings one call compares; a block also holds the wordings of the days it shares a window with."""

_BLOCK: Final = pa.schema(
    [
        ("block", pa.int32()),
        ("form_id", pa.string()),
        ("published_on", pa.date32()),
        ("title", pa.string()),
        ("teaser", pa.string()),
    ]
)


def compute_on_cluster(
    request: BuildRequest, master: str | None, progress: Progress, urls: Sequence[str] = ()
) -> BuildRequest:
    """Do what is heavy and not done yet on Spark, and return the request of the local build that finishes it.

    Args:
        request: the build, its outputs prepared; they need to be on the driver's machine only. Its raw roots must lie
            under the same path on every machine of the cluster.
        master: URL of the cluster; null for the one that `spark-submit` or Spark's configuration names.
        progress: told the bytes of raw files whose rows have arrived.
        urls: raw roots beside those of the request, which Spark's own file systems read.

    Raises:
        ChanceryError: Spark is not installed or does not start, or a job fails.
    """
    workspace = request.workspace
    if request.fresh:
        forget_slices((), workspace.slices)
        workspace.build_state.unlink(missing_ok=True)
    with Cluster(master) as cluster:
        elsewhere = Elsewhere.under(urls, Path(os.path.abspath(workspace.elsewhere)), cluster)  # noqa: PTH100 -- no ".."
        listings = elsewhere.listings
        request = replace(request, raw=(*request.raw, *(listing.root for listing in listings)), listings=listings)
        try:
            inputs = find_inputs(request, _Lookout(cluster, elsewhere))
        finally:
            shutil.rmtree(workspace.elsewhere, ignore_errors=True)
        missing = [piece for piece in inputs.slices if not (workspace.slices / piece.key).is_dir()]
        if missing:
            _read_slices(cluster, elsewhere, missing, inputs.options, workspace, progress)
            forms = open_slices(inputs.slices, workspace.slices).scan("forms").drop("part").unique("form_id").collect()
            keep_decisions(workspace, inputs.code, _compare_forms(cluster, forms))
    return replace(request, fresh=False)


# --- digests ----------------------------------------------------------------------------------------------------------


class _Lookout:
    """Learns on the cluster what must be known of raw files before slices are read."""

    def __init__(self, cluster: Cluster, elsewhere: Elsewhere) -> None:
        self._cluster = cluster
        self._elsewhere = elsewhere
        self._is_index: dict[str, bool] = {}

    def digests(self, files: Sequence[RawFile]) -> list[str]:
        """`file_digest` of each file, in order, a thousand files or a gigabyte to a task."""
        return [digest for digest, _ in self._look(files)]

    def find_indexes(self, files: Sequence[RawFile]) -> list[RawFile]:
        """The CDX files; those that lie elsewhere are told by executors, which mostly have seen them by now."""
        here = [file for file in files if file.path not in self._elsewhere.urls]
        self._look(
            [file for file in files if file.path in self._elsewhere.urls and file.raw_path not in self._is_index]
        )
        return [*find_indexes(here), *(file for file in files if self._is_index.get(file.raw_path))]

    def load_index(self, files: Sequence[RawFile], options: ReadOptions) -> CdxIndex | None:
        """One index of all files, of which those that lie elsewhere are copied to the driver."""
        for file in files:
            if file.path in self._elsewhere.urls:
                self._elsewhere.copy_here(file)
        return load_index(files, options)

    def _look(self, files: Sequence[RawFile]) -> list[tuple[str, bool]]:
        if not files:
            return []
        work = [Slice("", tuple(batch)) for batch in _batches(files)]
        with told("read the raw files"):
            rows = self._elsewhere.rows(work, self._cluster).mapInArrow(_looks, "digest string, is_index boolean")
            looks = [(row.digest, row.is_index) for row in rows.collect()]
        self._is_index |= {
            file.raw_path: is_index
            for file, (_, is_index) in zip(files, looks, strict=True)
            if file.path in self._elsewhere.urls
        }
        return looks


def _batches(files: Sequence[RawFile]) -> Iterator[list[RawFile]]:
    batch: list[RawFile] = []
    for file in files:
        if batch and (len(batch) >= 1_000 or sum(each.size for each in batch) + file.size > 2**30):
            yield batch
            batch = []
        batch.append(file)
    yield batch


def _looks(batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    with tempfile.TemporaryDirectory(prefix="chancery-") as folder:
        _, files = take(batches, Path(folder))
        for file in files:
            _see(file)
            yield pa.RecordBatch.from_pylist([{"digest": file_digest(file), "is_index": bool(find_indexes([file]))}])
            if file.path.is_relative_to(folder):
                file.path.unlink()


def _see(file: RawFile) -> None:
    """A machine that does not see a file must fail: it would call it unreadable, and that would be published.

    Raises:
        RuntimeError: the file is not there, or is another one.
    """
    size = file.path.stat().st_size if file.path.is_file() else None
    if size != file.size:
        raise RuntimeError(f"{socket.gethostname()} does not see {file.path} as the driver does; mount it there.")


# --- slices -----------------------------------------------------------------------------------------------------------


def _read_slices(
    cluster: Cluster,
    elsewhere: Elsewhere,
    slices: Sequence[Slice],
    options: ReadOptions,
    workspace: Workspace,
    progress: Progress,
) -> None:
    """Read slices on the cluster, the largest first, and put their rows where a build looks for them."""
    from pyspark import StorageLevel

    size = {piece.key: piece.size for piece in slices}
    progress.start("read", sum(size.values()), "bytes")
    work = sorted(slices, key=lambda piece: (-piece.size, piece.key))
    with told("read the slices"):
        shared = cluster.session.sparkContext.broadcast(options)
        parts = elsewhere.rows(work, cluster).mapInArrow(
            partial(_slice_rows, shared), "slice string, part string, name string, content binary"
        )
        # kept on the executors' disks, for an iterator over partitions that are not computed takes one after another
        parts = parts.persist(StorageLevel.DISK_ONLY)
        parts.count()
        for key, rows in groupby(parts.toLocalIterator(prefetchPartitions=True), key=lambda row: str(row.slice)):
            _put_slice(workspace.slices, key, rows)
            progress.advance(size[key])
        parts.unpersist()
    progress.finish()


def _slice_rows(options: Any, batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    """Read each slice as a worker of the local pool does, and hand on the files it writes."""
    with tempfile.TemporaryDirectory(prefix="chancery-") as folder:
        raw = Path(folder, "raw")
        raw.mkdir()
        key, found = take(batches, raw)
        files = tuple(found)
        for file in files:
            _see(file)
        read_slice(SliceJob(Slice(key, files), Path(folder), options.value))
        for path in sorted(Path(folder, key).glob("*/*")):
            row = {"slice": key, "part": path.parent.name, "name": path.name, "content": path.read_bytes()}
            yield pa.RecordBatch.from_pylist([row])


def _put_slice(folder: Path, key: str, rows: Iterable[Any]) -> None:
    temporary = folder / f".tmp-{key}-{os.getpid()}"
    shutil.rmtree(temporary, ignore_errors=True)
    for row in rows:
        (temporary / row.part).mkdir(parents=True, exist_ok=True)
        (temporary / row.part / row.name).write_bytes(row.content)
    temporary.rename(folder / key)


# --- comparisons ------------------------------------------------------------------------------------------------------


def _compare_forms(cluster: Cluster, forms: pl.DataFrame) -> pl.DataFrame:
    """Decisions on pairs of forms, each block of days by itself: only wordings within a window are ever compared."""
    if forms.is_empty():
        return pl.DataFrame(schema=DECISIONS_SCHEMA)
    with told("compare the wordings"):
        rows = cluster.session.createDataFrame(blocks_of(forms).to_arrow().cast(_BLOCK))
        decided = rows.repartition("block").mapInArrow(
            _decisions,
            "form_id_a string, form_id_b string, same boolean, reason string, "
            "title_similarity double, text_similarity double",
        )
        found = pl.DataFrame(decided.toArrow())
    return found.cast(DECISIONS_SCHEMA).unique().sort("form_id_a", "form_id_b", "reason")


def blocks_of(forms: pl.DataFrame) -> pl.DataFrame:
    """Each form under the blocks it is compared in: of any two days within a window, one block holds both.

    Args:
        forms: form_id, published_on, title, teaser; forms without a date make a block of their own.

    Returns:
        Columns of `_BLOCK`.
    """
    day = pl.col("published_on").cast(pl.Int32)
    own = forms.with_columns(block=day.floordiv(DAYS_PER_BLOCK).fill_null(-(2**31)))
    before = forms.with_columns(block=(day - WINDOW_DAYS).floordiv(DAYS_PER_BLOCK)).drop_nulls("block")
    return pl.concat([own, before]).select(_BLOCK.names).unique(["block", "form_id"]).sort("block", "form_id")


def _decisions(batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    """`cluster_forms` of each block of a partition; of its result only what it decided about pairs."""
    held = list(batches)
    if not held:
        return
    rows = pl.DataFrame(pa.Table.from_batches(held))
    for _, forms in rows.sort("block", "form_id").group_by("block", maintain_order=True):
        seen = forms.with_columns(
            is_cut=pl.lit(value=False),
            first_captured_at=pl.lit(None, dtype=pl.Datetime("us", "UTC")),
            last_captured_at=pl.lit(None, dtype=pl.Datetime("us", "UTC")),
        )
        yield from cluster_forms(seen).decisions.to_arrow().cast(_DECISIONS).to_batches()


_DECISIONS: Final = pa.schema(
    [
        ("form_id_a", pa.string()),
        ("form_id_b", pa.string()),
        ("same", pa.bool_()),
        ("reason", pa.string()),
        ("title_similarity", pa.float64()),
        ("text_similarity", pa.float64()),
    ]
)
