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
        return self._part("older", self._older, _write_jsonl)

    @cached_property
    def newer(self) -> Path:
        """JSONL of the last hundredth: a dump of recent months."""
        return self._part("newer", self._newer, _write_jsonl)

    @cached_property
    def older_warc(self) -> Path:
        """WARC of what `older` holds."""
        return self._part("older-warc", self._older, _write_warc)

    @cached_property
    def newer_warc(self) -> Path:
        """WARC of what `newer` holds."""
        return self._part("newer-warc", self._newer, _write_warc)

    @cached_property
    def teasers(self) -> Path:
        """Folder of Parquet: every printed teaser with its true item (`tests.simulation.frames`)."""
        return self._shape("teasers", _write_teasers)

    def _older(self, piece: Sequence[SimCapture], number: int) -> Sequence[SimCapture]:
        n_older = self.n_captures - max(1, self.n_captures // 100)
        return piece[: max(0, min(len(piece), n_older - number * CAPTURES_PER_FILE))]

    def _newer(self, piece: Sequence[SimCapture], number: int) -> Sequence[SimCapture]:
        return piece[len(self._older(piece, number)) :]

    def _part(self, name: str, of: Callable[[Sequence[SimCapture], int], Sequence[SimCapture]], write: _Writer) -> Path:
        """The folder of the shape that holds some captures of each piece."""

        def write_part(folder: Path, number: int, piece: Sequence[SimCapture]) -> None:
            if part := of(piece, number):
                write(folder, number, part)

        return self._shape(name, write_part)

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
    write_jsonl_stream(piece, folder / f"{number:03}.jsonl")


def _write_warc(folder: Path, number: int, piece: Sequence[SimCapture]) -> None:
    write_warc_stream(piece, folder / f"{number:03}.warc.gz")


def _write_teasers(folder: Path, number: int, piece: Sequence[SimCapture]) -> None:
    teaser_observations(piece).write_parquet(folder / f"{number:03}.parquet")


def _pieces(captures: Iterator[SimCapture]) -> Iterator[Sequence[SimCapture]]:
    while piece := list(islice(captures, CAPTURES_PER_FILE)):
        yield piece
