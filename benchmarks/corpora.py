"""The corpora that are measured on, made once by the simulation of the tests and kept.

About 8 kB and ten teasers per capture; one item per five captures, 20,000 at most, as a site's life does not grow with
the number of times it is captured. A dump is several files, as dumps are: two workers have something to share.
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from tests.simulation import SimCapture, crawl, simulate_site
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


@dataclass(frozen=True, slots=True)
class Corpus:
    """One simulated dump in several shapes."""

    folder: Path
    n_captures: int

    @property
    def jsonl(self) -> Path:
        """Folder of plain JSONL files in the layout of C4."""
        return self.folder / "jsonl"

    @property
    def warc(self) -> Path:
        """Folder of WARC files, a gzip member per record."""
        return self.folder / "warc"

    @property
    def older(self) -> Path:
        """JSONL of all but the last hundredth of the captures."""
        return self.folder / "older"

    @property
    def newer(self) -> Path:
        """JSONL of the last hundredth: a dump of recent months."""
        return self.folder / "newer"

    @property
    def teasers(self) -> Path:
        """Every printed teaser with its true item (`tests.simulation.frames.teaser_observations`), Parquet."""
        return self.folder / "teasers.parquet"


def corpus(root: Path, n_captures: int) -> Corpus:
    """The corpus of that size under `root`, made if it is not there."""
    made = Corpus(root / f"{n_captures}-v{_VERSION}", n_captures)
    done = made.folder / "done.json"
    if not done.exists():
        _make(made)
        done.write_text(json.dumps({"captures": n_captures, "seed": SEED}) + "\n", encoding="utf-8")
    return made


def _make(made: Corpus) -> None:
    for folder in (made.jsonl, made.warc, made.older, made.newer):
        folder.mkdir(parents=True, exist_ok=True)
    site = simulate_site(SEED, n_items=max(200, min(made.n_captures // CAPTURES_PER_ITEM, MOST_ITEMS)))
    n_older = made.n_captures - max(1, made.n_captures // 100)
    seen = 0
    frames = []
    for number, piece in enumerate(_pieces(crawl(site, SEED, n_captures=made.n_captures))):
        name = f"{number:03}"
        write_jsonl_stream(piece, made.jsonl / f"{name}.jsonl")
        write_warc_stream(piece, made.warc / f"{name}.warc.gz")
        older = max(0, min(len(piece), n_older - seen))
        if older:
            write_jsonl_stream(piece[:older], made.older / f"{name}.jsonl")
        if older < len(piece):
            write_jsonl_stream(piece[older:], made.newer / f"{name}-newer.jsonl")
        frames.append(teaser_observations(piece))
        seen += len(piece)
    import polars as pl

    pl.concat(frames).write_parquet(made.teasers)


def _pieces(captures: Iterator[SimCapture]) -> Iterator[Sequence[SimCapture]]:
    while piece := list(islice(captures, CAPTURES_PER_FILE)):
        yield piece
