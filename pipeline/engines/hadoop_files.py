"""Raw files that Spark's file systems reach (hdfs, s3a, gs, abfss, file, …): listed by the driver, read by executors.

The decision made here: Hadoop is asked by a page of Java (HadoopFiles.java), which the compiler that Spark brings along
translates when it is needed. What Spark offers to Python passes over hidden files, takes `*`, `?` and `[` in names for
patterns, holds a file in memory whole and refuses one of 2 GB. Here files of any name and size come, piece by piece.

A root is named as if it lay on the driver's disk, so that a dump gives the same tables whatever way it is reached.
"""

import pickle
import re
import zipfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files as resources
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Self

import pyarrow as pa

from pipeline.engines.cluster import Cluster, told
from pipeline.errors import ChanceryError
from pipeline.ingest.discover import ListedFile, Listing
from pipeline.ingest.reader import RawFile
from pipeline.slices.plan import Slice

if TYPE_CHECKING:
    from pyspark.sql import DataFrame

_PIECE: Final = 8 * 1024 * 1024
"""Bytes read at a time; Spark hands on 64 MiB of such rows at once."""

_URL: Final = re.compile(r"(?P<scheme>[^:/]+):(?://(?P<authority>[^/]*))?(?P<path>.*)", re.DOTALL)
"""As Hadoop writes it: nothing is percent-encoded, and `?` and `#` are signs like any other."""

_READ: Final = "chancery_read"


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """The files under roots that are given as URLs."""

    listings: tuple[Listing, ...]
    urls: Mapping[Path, str]
    """Where the file lies that `RawFile.path` stands for."""
    files: Any
    """The Java object that reads them; null where there is none to read."""

    @classmethod
    def under(cls, roots: Sequence[str], folder: Path, cluster: Cluster) -> Self:
        """List the files under roots.

        Args:
            roots: URLs that Hadoop understands.
            folder: absolute; what lies elsewhere is named as if it lay in here.
            cluster: starts where there is a root.

        Raises:
            ChanceryError: a root does not exist, cannot be listed or is empty.
        """
        listings: list[Listing] = []
        urls: dict[Path, str] = {}
        files: Any = _hadoop_files(cluster) if roots else None
        for root in roots:
            with told(f"list {root}"):
                listed = bytes(files.list(root)).decode().split("\0")[:-1]
            if len(listed) == 1:
                raise ChanceryError(f"there is no file under {root}; check the URL.")
            top = listed[0].rstrip("/")
            place = _place(folder, top)
            found = [
                ListedFile(url.removeprefix(top).lstrip("/"), int(size), int(milliseconds) * 1_000_000)
                for url, size, milliseconds in zip(listed[1::3], listed[2::3], listed[3::3], strict=True)
            ]
            listings.append(Listing(place, tuple(found)))
            urls |= {place / file.name: url for file, url in zip(found, listed[1::3], strict=True)}
        return cls(tuple(listings), urls, files)

    def copy_here(self, file: RawFile) -> None:
        """Put a file where its path says that it lies."""
        file.path.parent.mkdir(parents=True, exist_ok=True)
        with told(f"read {self.urls[file.path]}"):
            self.files.copy(self.urls[file.path], str(file.path))

    def rows(self, work: Sequence[Slice], cluster: Cluster) -> "DataFrame":
        """One partition per piece of work, in the given order, for `take` to read on an executor."""
        rows = [list(self._rows_of(piece)) for piece in work]
        spread = cluster.session.sparkContext.parallelize(rows, max(len(rows), 1)).flatMap(_all)
        frame = cluster.session.createDataFrame(spread, "work binary, url string, position long, length int")
        read = "CAST(NULL AS binary)" if self.files is None else f"{_READ}(url, position, length)"
        return frame.selectExpr("work", f"{read} AS content")

    def _rows_of(self, piece: Slice) -> Iterator[tuple[bytes | None, str | None, int, int]]:
        """The piece itself, then where to read the content of those of its files that lie elsewhere."""
        away = [file for file in piece.files if file.path in self.urls]
        yield pickle.dumps((piece, frozenset(file.path for file in away))), None, 0, 0
        for file in away:
            for position in range(0, file.size, _PIECE):
                yield None, self.urls[file.path], position, min(_PIECE, file.size - position)


def take(batches: Iterable[pa.RecordBatch], folder: Path) -> tuple[str, Iterator[RawFile]]:
    """Key and files of the piece of work that a partition of `Elsewhere.rows` holds.

    Args:
        batches: the partition.
        folder: files that lie elsewhere are written into it, each when it is asked for.

    Returns:
        The key, and the files in their order, each with a path that can be opened on this machine.
    """
    rows = (row for batch in batches for row in zip(batch.column("work"), batch.column("content"), strict=True))
    piece, away = pickle.loads(next(rows)[0].as_py())  # noqa: S301 -- this program's own bytes, from its driver
    contents = (content for _, content in rows)
    return piece.key, (
        _write(file, contents, folder / str(number)) if file.path in away else file
        for number, file in enumerate(piece.files)
    )


def _write(file: RawFile, contents: Iterator[Any], path: Path) -> RawFile:
    with path.open("wb") as opened:
        while opened.tell() < file.size:
            opened.write(next(contents).as_buffer())
    return replace(file, path=path)


def _all(rows: list[Any]) -> list[Any]:
    return rows


def _place(folder: Path, url: str) -> Path:
    """Where a root would lie: its path's own parts name it, as those of a local root do."""
    parts = _URL.fullmatch(url)
    assert parts is not None
    return folder / parts["scheme"] / (parts["authority"] or "-") / parts["path"].strip("/")


def _hadoop_files(cluster: Cluster) -> Any:
    """Send HadoopFiles.java to the executors, and return an object of it for the driver."""
    session = cluster.session
    gateway = session.sparkContext._gateway  # noqa: SLF001 -- no public way leads there, nor to the others below
    context = session.sparkContext._jsc  # noqa: SLF001
    with told("prepare to read files"):
        made_of, code = _compiled(gateway)
        jar = cluster.folder / "hadoop-files.jar"
        with zipfile.ZipFile(jar, "w") as opened:
            opened.writestr("chancery/HadoopFiles.class", code)
        context.addJar(str(jar))
        arguments = gateway.new_array(gateway.jvm.java.lang.Object, 1)
        arguments[0] = gateway.jvm.org.apache.spark.util.SerializableConfiguration(context.hadoopConfiguration())
        made = made_of.getConstructors()[0].newInstance(arguments)
        binary = session._jsparkSession.parseDataType('"binary"')  # noqa: SLF001
        session._jsparkSession.udf().register(_READ, made, binary)  # noqa: SLF001
    return made


@cache
def _compiled(gateway: Any) -> tuple[Any, bytes]:
    """The class and its bytes; once in a Java process, where methods are remembered by their class's name."""
    source = resources("pipeline.engines").joinpath("HadoopFiles.java").read_text(encoding="utf-8")
    compiler = gateway.jvm.org.codehaus.janino.SimpleCompiler()
    compiler.setParentClassLoader(gateway.jvm.java.lang.Thread.currentThread().getContextClassLoader())
    compiler.cook(source)
    name = "chancery.HadoopFiles"
    return compiler.getClassLoader().loadClass(name), bytes(compiler.getBytecodes()[name])
