"""A build's heavy pieces on Spark: the digests of raw files, the slices, and the comparisons of event wordings.

The decision made here: the cluster only fills what a build looks for before it computes (known digests, read slices,
earlier decisions), by the very functions the local build calls. So the build that follows gives the same bytes whatever
the cluster did, and what it did not do is done by the driver. Needs the extra `chancery[spark]` and Java 17 or newer.

Each job is rows of work → mapInArrow; comparing is distinct forms → repartition by block of days → mapInArrow.
"""

import os
import pickle
import shutil
import socket
import sys
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Self

import polars as pl
import pyarrow as pa

from pipeline.errors import ChanceryError
from pipeline.ingest.discover import discover
from pipeline.ingest.reader import RawFile, ReadOptions
from pipeline.progress import Progress
from pipeline.request import BuildRequest
from pipeline.resolve.compare import WINDOW_DAYS
from pipeline.resolve.events import DECISIONS_SCHEMA, cluster_forms
from pipeline.slices.plan import Slice
from pipeline.slices.pool import SliceJob, forget_slices, read_slice
from pipeline.slices.state import file_digest, file_digests
from pipeline.slices.store import open_slices
from pipeline.stages.decisions import keep_decisions
from pipeline.stages.inputs import find_inputs
from pipeline.workspace import Workspace, prepare

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession

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


def compute_on_cluster(request: BuildRequest, master: str | None, progress: Progress) -> BuildRequest:
    """Do what is heavy and not done yet on Spark, and return the request of the local build that finishes it.

    Args:
        request: the build. Raw roots must lie under the same path on every machine of the cluster; outputs need to be
            on the driver's machine only.
        master: URL of the cluster; null for the one that `spark-submit` or Spark's configuration names.
        progress: told the bytes of raw files whose rows have arrived.

    Raises:
        ChanceryError: Spark is not installed or does not start, or a job fails.
    """
    workspace = request.workspace
    prepare(workspace)
    if request.fresh:
        forget_slices((), workspace.slices)
        workspace.build_state.unlink(missing_ok=True)
    with _Cluster(master) as cluster:
        found = discover(request.raw)
        file_digests(
            found.files,
            workspace.file_state,
            fresh=request.fresh,
            workers=request.workers,
            compute=partial(_digest_files, cluster),
        )
        rest = replace(request, fresh=False)
        inputs = find_inputs(rest)
        missing = [piece for piece in inputs.slices if not (workspace.slices / piece.key).is_dir()]
        if missing:
            _read_slices(cluster, missing, inputs.options, workspace, progress)
            forms = open_slices(inputs.slices, workspace.slices).scan("forms").drop("part").unique("form_id").collect()
            keep_decisions(workspace, inputs.code, _compare_forms(cluster, forms))
    return rest


class _Cluster:
    """A Spark session that starts when it is first needed: nothing new starts no Java."""

    def __init__(self, master: str | None) -> None:
        self._master = master
        self._session: SparkSession | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self._session is not None:
            self._session.stop()

    @property
    def session(self) -> "SparkSession":
        """The session.

        Raises:
            ChanceryError: Spark is not installed or does not start.
        """
        if self._session is None:
            self._session = _start(self._master)
        return self._session

    def rows(self, work: Sequence[bytes]) -> "DataFrame":
        """One partition per piece of work, in the given order: `work` (binary)."""
        pieces = self.session.sparkContext.parallelize([(piece,) for piece in work], max(len(work), 1))
        return self.session.createDataFrame(pieces, "work binary")


@contextmanager
def _told(what: str) -> Iterator[None]:
    """Turn what a failed job raises into one sentence; Spark's own log has the rest."""
    from py4j.protocol import Py4JError
    from pyspark.errors import PySparkException

    try:
        yield
    except (Py4JError, PySparkException) as error:
        lines = [line.strip() for line in str(error).splitlines() if line.strip()]
        cause = next((line for line in lines if line.startswith("RuntimeError: ")), lines[0] if lines else "no reason")
        raise ChanceryError(f"Spark could not {what}: {cause.removeprefix('RuntimeError: ')}") from error


def _start(master: str | None) -> "SparkSession":
    try:
        from pyspark.sql import SparkSession
    except ImportError as error:
        raise ChanceryError("--engine spark needs PySpark: pip install 'chancery[spark]'.") from error
    builder = SparkSession.builder.appName("chancery")
    if master is not None:
        builder = builder.master(master)
    if master is not None and master.startswith("local"):
        # on one machine: this Python, and no port that others could reach
        os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
        for name, value in (("bindAddress", "127.0.0.1"), ("host", "127.0.0.1")):
            builder = builder.config(f"spark.driver.{name}", value)
        builder = builder.config("spark.ui.enabled", "false").config("spark.ui.showConsoleProgress", "false")
    with _told("start (it needs Java 17 or newer)"):
        session = builder.getOrCreate()
        session.sparkContext.setLogLevel("ERROR")
    return session


# --- digests ----------------------------------------------------------------------------------------------------------


def _digest_files(cluster: _Cluster, files: Sequence[RawFile]) -> list[str]:
    """`file_digest` of each file, in order, a thousand files or a gigabyte to a task."""
    if not files:
        return []
    work = [pickle.dumps(batch) for batch in _batches(files)]
    with _told("read the raw files"):
        digests = cluster.rows(work).mapInArrow(_digests, "digest string").collect()
    return [row.digest for row in digests]


def _batches(files: Sequence[RawFile]) -> Iterator[list[RawFile]]:
    batch: list[RawFile] = []
    for file in files:
        if batch and (len(batch) >= 1_000 or sum(each.size for each in batch) + file.size > 2**30):
            yield batch
            batch = []
        batch.append(file)
    yield batch


def _digests(batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    for files in _work(batches):
        _see(files)
        yield pa.RecordBatch.from_pydict({"digest": [file_digest(file) for file in files]})


def _work(batches: Iterable[pa.RecordBatch]) -> Iterator[Any]:
    for batch in batches:
        for piece in batch.column("work"):
            yield pickle.loads(piece.as_py())  # noqa: S301 -- this program's own bytes, from its driver


def _see(files: Iterable[RawFile]) -> None:
    """A machine that does not see the files must fail: it would call them unreadable, and that would be published.

    Raises:
        RuntimeError: a file is not there, or is another one.
    """
    for file in files:
        size = file.path.stat().st_size if file.path.is_file() else None
        if size != file.size:
            raise RuntimeError(f"{socket.gethostname()} does not see {file.path} as the driver does; mount it there.")


# --- slices -----------------------------------------------------------------------------------------------------------


def _read_slices(
    cluster: _Cluster, slices: Sequence[Slice], options: ReadOptions, workspace: Workspace, progress: Progress
) -> None:
    """Read slices on the cluster, the largest first, and put their rows where a build looks for them."""
    from pyspark import StorageLevel

    size = {piece.key: piece.size for piece in slices}
    progress.start("read", sum(size.values()), "bytes")
    work = [pickle.dumps(piece) for piece in sorted(slices, key=lambda piece: (-piece.size, piece.key))]
    with _told("read the slices"):
        told = cluster.session.sparkContext.broadcast(options)
        parts = cluster.rows(work).mapInArrow(
            partial(_slice_rows, told), "slice string, part string, name string, content binary"
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
    for piece in _work(batches):
        _see(piece.files)
        with tempfile.TemporaryDirectory(prefix="chancery-") as folder:
            read_slice(SliceJob(piece, Path(folder), options.value))
            for path in sorted((Path(folder) / piece.key).glob("*/*")):
                row = {"slice": piece.key, "part": path.parent.name, "name": path.name, "content": path.read_bytes()}
                yield pa.RecordBatch.from_pylist([row])


def _put_slice(folder: Path, key: str, rows: Iterable[Any]) -> None:
    temporary = folder / f".tmp-{key}-{os.getpid()}"
    shutil.rmtree(temporary, ignore_errors=True)
    for row in rows:
        (temporary / row.part).mkdir(parents=True, exist_ok=True)
        (temporary / row.part / row.name).write_bytes(row.content)
    temporary.rename(folder / key)


# --- comparisons ------------------------------------------------------------------------------------------------------


def _compare_forms(cluster: _Cluster, forms: pl.DataFrame) -> pl.DataFrame:
    """Decisions on pairs of forms, each block of days by itself: only wordings within a window are ever compared."""
    if forms.is_empty():
        return pl.DataFrame(schema=DECISIONS_SCHEMA)
    with _told("compare the wordings"):
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
