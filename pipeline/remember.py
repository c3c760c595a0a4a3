"""Results of slow pure functions, kept from one build to the next under a digest of what they depend on.

The one decision made here: what may be kept. A result depends on what its digest covers and on this project's code
alone, and each code has a folder of its own, so a build that remembers gives the bytes of one that does not. Results
are rows of frames, one per digest: they are looked up, added and dropped by columns, never one by one. Outside
`remembering` everything is made anew.
"""

import hashlib
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from pathlib import Path
from typing import Final, TypeVar

import polars as pl

from pipeline.memory import give_back, with_own_strings
from pipeline.spread import made_in_order

_Job = TypeVar("_Job")

DIGEST: Final = "digest"
"""Column of the digest; what else stands in a row is the result, several of something as a list."""

_MOST_PARTS: Final = 8
"""Files of one kind of result; beyond, they are written as one."""
_DIGEST_BYTES: Final = 16
_AT_ONCE: Final = 2_000
"""Results that are made together: what a function takes apart to make one is many times as large."""
_LARGE: Final = 1_000_000
"""Bytes of results whose making leaves much behind."""


class _Memory:
    """What was known before, and what this build found: in files, so that a build holds what it asks for alone."""

    def __init__(self, folder: Path, *, fresh: bool) -> None:
        self.folder = folder
        self.fresh = fresh
        self._new = folder.with_name(f"{folder.name}.new")
        self._asked: dict[str, list[pl.Series]] = {}
        self._made: dict[str, list[Path]] = {}
        self._heights: dict[str, int | None] = {}

    def ask(self, kind: str, digests: pl.Series) -> None:
        """Note what is asked for: it is kept."""
        self._asked.setdefault(kind, []).append(digests.hash())

    def known(self, kind: str) -> pl.DataFrame | None:
        """What was kept of a kind; null where there is nothing or it cannot be read."""
        return None if self.fresh else _load(self._parts(kind))

    def at_hand(self, kind: str) -> list[pl.DataFrame]:
        """What is known of a kind."""
        known = self.known(kind)
        self._heights[kind] = None if known is None else known.height
        return [*([] if known is None else [known]), *map(_read, self._made.get(kind, ()))]

    def add(self, kind: str, made: pl.DataFrame) -> None:
        """Put aside what was made."""
        self._new.mkdir(parents=True, exist_ok=True)
        earlier = self._made.setdefault(kind, [])
        path = self._new / f"{kind}-{len(earlier):06}.parquet"
        _write([made], path)
        earlier.append(path)

    def save(self) -> None:
        """Add what was made; once that leaves too many files, or half of what is kept is of no use, write it anew."""
        self.folder.mkdir(parents=True, exist_ok=True)
        for kind, asked in self._asked.items():
            parts = self._parts(kind)
            height = self._heights[kind]
            live = pl.concat(asked).unique()
            made = self._made.get(kind, [])
            if height is None or len(parts) >= _MOST_PARTS or height > 2 * live.len():
                known = self.known(kind)
                kept = [] if known is None else [known.filter(pl.col(DIGEST).hash().is_in(live.implode()))]
                _write([*kept, *map(_read, made)], self._part(kind, 0))
                for path in parts:
                    if path != self._part(kind, 0):
                        path.unlink()
            elif made:
                number = 1 + int(parts[-1].stem.rpartition("-")[2])
                if len(made) > 1:
                    _write(list(map(_read, made)), made[0])
                made[0].replace(self._part(kind, number))
        for path in self.folder.glob("*.parquet"):
            if path.stem.rpartition("-")[0] not in self._asked:
                path.unlink()

    def forget(self) -> None:
        """Drop what was put aside."""
        shutil.rmtree(self._new, ignore_errors=True)

    def _parts(self, kind: str) -> list[Path]:
        """The files of a kind, oldest first."""
        return sorted(self.folder.glob(f"{kind}-*.parquet"))

    def _part(self, kind: str, number: int) -> Path:
        return self.folder / f"{kind}-{number:06}.parquet"


_memory: ContextVar[_Memory | None] = ContextVar("memory", default=None)


def remembered_rows(
    kind: str,
    asked: pl.Series,
    pick: Callable[[pl.Series], _Job],
    make: Callable[[_Job], pl.DataFrame],
    at_once: int = _AT_ONCE,
    sizes: pl.Series | None = None,
) -> pl.DataFrame:
    """The row of each digest asked for, in any order.

    Args:
        kind: name of the function, the same for the same columns.
        asked: digests, any number of times each; those that share work stand together.
        pick: from digests, each once, to all that their results are made of; asked for those of which nothing is known.
        make: from what was picked to a frame with exactly one row for each digest, itself in the column `DIGEST`. A
            pure function of a module: other processes may make some of it (`pipeline.spread`).
        at_once: results that are made together, or what they come to in `sizes`.
        sizes: how much goes into the result of each digest asked for, where some take far more than others.
    """
    digests = asked.unique(maintain_order=True).rename(DIGEST)
    memory = _memory.get()
    if memory is None:
        return make(pick(digests))
    memory.ask(kind, digests)
    wanted = digests.to_frame()
    found: list[pl.DataFrame] = [frame.join(wanted, on=DIGEST, how="semi") for frame in memory.at_hand(kind)]
    missing = (
        wanted.join(pl.concat([frame.select(DIGEST) for frame in found]), on=DIGEST, how="anti", maintain_order="left")
        if found
        else wanted
    )
    if missing.height or not found:
        pieces = _pieces(missing[DIGEST], asked, sizes, at_once)
        results = [with_own_strings(made) for made in made_in_order(make, map(pick, pieces), len(pieces))]
        made = pl.concat(results) if results else make(pick(missing[DIGEST]))
        if made.estimated_size() > _LARGE:
            give_back()
        memory.add(kind, made)
        found.append(made)
    return pl.concat(found)


def _pieces(missing: pl.Series, asked: pl.Series, sizes: pl.Series | None, at_once: int) -> list[pl.Series]:
    """Digests that are made together, in their order."""
    if sizes is None:
        return [missing.slice(start, at_once) for start in range(0, missing.len(), at_once)]
    known = pl.DataFrame({DIGEST: asked, "size": sizes}).unique(DIGEST, keep="first", maintain_order=True)
    sized = missing.to_frame().join(known, on=DIGEST, maintain_order="left")
    piece = (pl.col("size").cum_sum() - pl.col("size")) // at_once
    return [part[DIGEST] for part in sized.with_columns(piece=piece).partition_by("piece", maintain_order=True)]


def earlier_rows(kind: str) -> pl.DataFrame | None:
    """All rows of a kind that earlier builds kept, for results whose parts hold longer than the whole."""
    memory = _memory.get()
    return None if memory is None else memory.known(kind)


def group_digests(rows: pl.DataFrame, by: str) -> pl.DataFrame:
    """One row per group: `by` and a digest of the group's other columns, whatever the order of its rows."""
    ordered = rows.sort(rows.columns, nulls_last=True)
    texts = ordered.group_by(by, maintain_order=True).agg(
        pl.struct(pl.exclude(by)).struct.json_encode().str.join("\n").alias("text")
    )
    digests = [text_digest(text) for text in texts["text"]]
    return texts.select(by, pl.Series(DIGEST, digests, dtype=pl.String))


def text_digest(text: str) -> str:
    """A digest of one text, 32 hex digits."""
    return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=_DIGEST_BYTES).hexdigest()


@contextmanager
def remembering(folder: Path, code: str, *, fresh: bool = False) -> Iterator[None]:
    """Let `remembered_rows` use and extend what is kept in a folder.

    Args:
        folder: made where it is missing; what other code left in it goes.
        code: digest of everything that results depend on beside what their own digests cover.
        fresh: start with nothing.
    """
    own = folder / f"results-{code[:32]}"
    memory = _Memory(own, fresh=fresh)
    memory.forget()
    token = _memory.set(memory)
    try:
        try:
            yield
        finally:
            _memory.reset(token)
        memory.save()
    finally:
        memory.forget()
    for left in folder.glob("results-*"):
        if left != own:
            shutil.rmtree(left, ignore_errors=True)
            with suppress(OSError):
                left.unlink(missing_ok=True)


def _read(path: Path) -> pl.DataFrame:
    return pl.read_parquet(path, glob=False)


def _write(frames: list[pl.DataFrame], path: Path) -> None:
    temporary = path.with_suffix(".tmp")
    pl.concat(frames).unique(DIGEST).write_parquet(temporary, compression="zstd", compression_level=1)
    temporary.replace(path)


def _load(parts: list[Path]) -> pl.DataFrame | None:
    """What earlier builds of the same code kept; null where there is nothing or it cannot be read."""
    try:
        return pl.concat(list(map(_read, parts))).unique(DIGEST) if parts else None
    except (OSError, pl.exceptions.PolarsError):
        return None
