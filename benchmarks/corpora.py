"""The corpora that are measured on, made once by the simulation of the tests and kept.

About 8 kB and ten teasers per capture; one item per five captures, 20,000 at most, as a site's life does not grow with
the number of times it is captured. A dump is several files, as dumps are: two workers have something to share. Each
shape of a corpus is made when it is first asked for, so that a million captures need not be compressed to be counted.
"""

import shutil
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import islice
from pathlib import Path
from typing import TypeAlias

from tests.simulation import SimCapture, Site, crawl, simulate_site
from tests.simulation.frames import teaser_observations
from tests.simulation.writers import write_jsonl_stream, write_warc_stream

SEED = 2026
MOST_ITEMS = 20_000
CAPTURES_PER_ITEM = 5
CAPTURES_PER_FILE = 5_000
START_UP_CAPTURES = 20
"""So few that a build of them is start-up and nothing else."""
_VERSION = 1
"""Of this recipe; another one makes corpora anew."""

_Writer: TypeAlias = Callable[[Path, int, Sequence[SimCapture]], None]
"""Writes one piece of a corpus into a folder: folder, number of the piece, its captures."""


@dataclass(frozen=True)
class Corpus:
    """One simulated dump in several shapes."""

    folder: Path
    n_captures: int

    @cached_property
    def jsonl(self) -> Path:
        """Folder of plain JSONL files in the layout of C4."""
        return self._shape("jsonl", _write_jsonl)

    @cached_property
    def warc(self) -> Path:
        """Folder of WARC files, a gzip member per record."""
        return self._shape("warc", _write_warc)

    @cached_property
    def older(self) -> Path:
        """JSONL of all but the last hundredth of the captures."""
        return self._shape(
            "older", lambda folder, number, piece: _write_jsonl(folder, number, self._older(piece, number))
        )

    @cached_property
    def newer(self) -> Path:
        """JSONL of the last hundredth: a dump of recent months."""
        return self._shape("newer", self._write_newer)

    @cached_property
    def teasers(self) -> Path:
        """Folder of Parquet: every printed teaser with its true item (`tests.simulation.frames`)."""
        return self._shape("teasers", _write_teasers)

    def _older(self, piece: Sequence[SimCapture], number: int) -> Sequence[SimCapture]:
        n_older = self.n_captures - max(1, self.n_captures // 100)
        return piece[: max(0, min(len(piece), n_older - number * CAPTURES_PER_FILE))]

    def _write_newer(self, folder: Path, number: int, piece: Sequence[SimCapture]) -> None:
        newer = piece[len(self._older(piece, number)) :]
        if newer:
            write_jsonl_stream(newer, folder / f"{number:03}-newer.jsonl")

    def _shape(self, name: str, write: _Writer) -> Path:
        """The folder of one shape, made if it is not there; one whose making was interrupted is made anew."""
        folder, done = self.folder / name, self.folder / f"{name}.done"
        if not done.exists():
            shutil.rmtree(folder, ignore_errors=True)
            folder.mkdir(parents=True)
            for number, piece in enumerate(_pieces(crawl(self._site, SEED, n_captures=self.n_captures))):
                write(folder, number, piece)
            done.touch()
        return folder

    @cached_property
    def _site(self) -> Site:
        return simulate_site(SEED, n_items=max(200, min(self.n_captures // CAPTURES_PER_ITEM, MOST_ITEMS)))


def corpus(root: Path, n_captures: int) -> Corpus:
    """The corpus of that size under `root`; its shapes are made as they are asked for."""
    return Corpus(root / f"{n_captures}-v{_VERSION}", n_captures)


def _write_jsonl(folder: Path, number: int, piece: Sequence[SimCapture]) -> None:
    if piece:
        write_jsonl_stream(piece, folder / f"{number:03}.jsonl")


def _write_warc(folder: Path, number: int, piece: Sequence[SimCapture]) -> None:
    write_warc_stream(piece, folder / f"{number:03}.warc.gz")


def _write_teasers(folder: Path, number: int, piece: Sequence[SimCapture]) -> None:
    teaser_observations(piece).write_parquet(folder / f"{number:03}.parquet")


def _pieces(captures: Iterator[SimCapture]) -> Iterator[Sequence[SimCapture]]:
    while piece := list(islice(captures, CAPTURES_PER_FILE)):
        yield piece
