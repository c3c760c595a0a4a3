"""Where the time of reading and parsing goes, step by step: run as `python -m benchmarks.steps text|warc FOLDER FIRST`.

Prints µs of CPU per page as JSON, of the floor's steps and of ours over the same pages in the same process, file by
file in turns, and of what the dataset's contract asks for before anyone looks at a page (`ASKED`).

The one decision made here: a step counts for what it takes within a real read of a slice, less the steps within it, so
that the steps add up to the whole; looking at the clock is measured and taken off. What is loaded once per process
(libraries, the language model) is loaded by reading a few other pages, `FIRST`, and is not counted.
"""

import hashlib
import json
import sys
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import ExitStack
from functools import partial, wraps
from importlib import import_module
from pathlib import Path
from typing import Any, Final
from unittest.mock import patch

from pipeline.ingest.reader import RawFile, ReadOptions
from pipeline.slices.plan import Slice
from pipeline.slices.pool import SliceJob, read_slice
from pipeline.urls import SITE_HOSTS

_EACH: Final = frozenset({"warc_records", "lines"})
"""Generators: what they take from one item to the next counts."""

_SHARED: Final = {
    "pipeline.slices.part.observe": "facts of a page to rows",
    "pipeline.observe.parse_page": "page taken apart",
    "pipeline.parse.parser.page_lines": "lines normalised, each once per process",
    "pipeline.parse.parser.lines_sha256": "SHA-256 of the lines: a capture's id",
    "pipeline.slices.part.detect_languages": "language of new bodies",
    "pipeline.slices.part.Part.frames": "rows to frames, row rules",
    "pipeline.slices.pool._write": "Parquet",
}
STEPS: Final[Mapping[str, Mapping[str, str]]] = {
    "warc": {
        "pipeline.ingest.warc.warc_records": "inflate, find where records end",
        "pipeline.ingest.warc.to_raw_record": "what a record is: the ledger, SHA-256 of its payload",
        "pipeline.ingest.archived.parse_http": "HTTP headers",
        "pipeline.ingest.archived.decode_html": "characters of the page",
        "pipeline.ingest.archived.html_to_page_text": "HTML to lines and links",
        "pipeline.ingest.html_steps.walk": "HTML lines not seen before",
        **_SHARED,
    },
    "text": {
        "pipeline.ingest.corpora_jsonl.lines": "lines of the file",
        "pipeline.ingest.corpora_jsonl._parsed": "JSON",
        "pipeline.ingest.corpora_jsonl.row_record": "what a row is: the ledger, SHA-256 of its text",
        **_SHARED,
    },
}
"""What a function's own time is called."""
_REST: Final = "everything else"

_OF_FILE: Final = "SHA-256 of the file"
_OF_PAYLOADS: Final = "SHA-256 of each payload"
ASKED: Final[Mapping[str, frozenset[str]]] = {
    "warc": frozenset({"FastWARC reads", _OF_FILE, _OF_PAYLOADS}),
    "text": frozenset({"polars reads JSONL", _OF_FILE, "SHA-256 of each text"}),
}
"""Steps of a floor and digests that stay whatever program makes the tables: a record is read and has its digest."""
_ASKED_OF_OURS: Final = (
    "pipeline.parse.parser.lines_sha256",
    "pipeline.slices.part.detect_languages",
    "pipeline.slices.part.Part.frames",
    "pipeline.slices.pool._write",
)
"""Steps of ours that stay as well: a capture's id, the language of its text, rows that are checked and written."""


class Meter:
    """Adds up the CPU that each step takes, without that of the steps within it."""

    def __init__(self) -> None:
        """Start with nothing."""
        self.spent: defaultdict[str, float] = defaultdict(float)
        self._looks: Counter[str] = Counter()
        self._open = [_REST]
        self._last = time.process_time()

    def costs(self) -> dict[str, float]:
        """Seconds by step, what looking at the clock took taken off."""
        started = time.process_time()
        for _ in range(10_000):
            self._charge(_REST)
        look = (time.process_time() - started) / 10_000
        return {name: spent - self._looks[name] * look for name, spent in self.spent.items()}

    def step(self, name: str, function: Callable[..., Any]) -> Callable[..., Any]:
        """A function whose own time is charged to a step."""

        @wraps(function)
        def measured(*arguments: Any, **named: Any) -> Any:
            self._enter(name)
            try:
                return function(*arguments, **named)
            finally:
                self._leave()

        return measured

    def each(self, name: str, function: Callable[..., Iterable[Any]]) -> Callable[..., Iterator[Any]]:
        """A generator whose own time is charged to a step."""

        @wraps(function)
        def measured(*arguments: Any, **named: Any) -> Iterator[Any]:
            advance = self.step(name, partial(next, iter(function(*arguments, **named)), None))
            return iter(advance, None)

        return measured

    def _enter(self, name: str) -> None:
        self._charge(self._open[-1])
        self._open.append(name)

    def _leave(self) -> None:
        self._charge(self._open.pop())

    def _charge(self, name: str) -> None:
        now = time.process_time()
        self.spent[name] += now - self._last
        self._looks[name] += 1
        self._last = now


def ours(form: str, path: Path, scratch: Path) -> tuple[dict[str, float], int]:
    """Seconds by step of reading a file as a slice, and the number of pages in it."""
    meter = Meter()
    with ExitStack() as measured:
        for place, name in STEPS[form].items():
            holder, attribute = _found(place)
            wrap = meter.each if attribute in _EACH else meter.step
            measured.enter_context(patch.object(holder, attribute, wrap(name, getattr(holder, attribute))))
        pages = _read(path, scratch)
    return meter.costs(), pages


def _found(place: str) -> tuple[Any, str]:
    """The module or class that a dotted name stands in, and the rest of the name."""
    holder, _, attribute = place.rpartition(".")
    try:
        return import_module(holder), attribute
    except ModuleNotFoundError:
        module, _, name = holder.rpartition(".")
        return getattr(import_module(module), name), attribute


def _read(path: Path, scratch: Path) -> int:
    facts = path.stat()
    file = RawFile(path, path.name, facts.st_size, facts.st_mtime_ns)
    with tempfile.TemporaryDirectory(dir=scratch) as folder:
        return read_slice(SliceJob(Slice("slice", (file,)), Path(folder), ReadOptions(site_hosts=SITE_HOSTS)))


def warc_floor(path: Path, _scratch: Path) -> dict[str, float]:
    """Seconds that FastWARC's reading, lexbor's parse and its text take; each includes nothing of the others."""
    from fastwarc.warc import ArchiveIterator, WarcRecordType
    from selectolax.lexbor import LexborHTMLParser

    meter = Meter()
    read = meter.step("FastWARC reads", lambda record: record.reader.read())
    parse = meter.step("lexbor parses whole pages", LexborHTMLParser)
    text = meter.step("text()", lambda tree: tree.body and tree.body.text(separator="\n"))
    with path.open("rb") as stream:
        records = meter.each("FastWARC reads", partial(ArchiveIterator, record_types=WarcRecordType.response))
        for record in records(stream):
            text(parse(read(record)))
    return meter.costs()


def text_floor(path: Path, scratch: Path) -> dict[str, float]:
    """Seconds that polars' reading, SHA-256 of each text and writing Parquet take."""
    import polars as pl

    meter = Meter()
    frame = meter.step("polars reads JSONL", pl.read_ndjson)(path)
    digests = meter.step(
        "SHA-256 of each text", lambda: [hashlib.sha256(text.encode()).hexdigest() for text in frame["text"]]
    )()
    hashed = frame.with_columns(pl.Series("sha256", digests))
    write = meter.step("writes Parquet (zstd)", hashed.write_parquet)
    write(scratch / "floor.parquet", compression="zstd", compression_level=3)
    return meter.costs()


def digest(path: Path) -> dict[str, float]:
    """Seconds that the SHA-256 of the file as stored takes: what tells whether it was read before."""
    meter = Meter()
    meter.step(_OF_FILE, lambda: hashlib.sha256(path.read_bytes()).hexdigest())()
    return meter.costs()


def payload_digests(path: Path) -> dict[str, float]:
    """Seconds that the SHA-256 of the payload of each response takes: what the ledger says of a record."""
    from fastwarc.warc import ArchiveIterator, WarcRecordType

    meter = Meter()
    of_payload = meter.step(_OF_PAYLOADS, lambda payload: hashlib.sha256(payload).hexdigest())
    with path.open("rb") as stream:
        for record in ArchiveIterator(stream, record_types=WarcRecordType.response):
            of_payload(record.reader.read())
    return {_OF_PAYLOADS: meter.costs()[_OF_PAYLOADS]}


def least(form: str, floor: Mapping[str, float], own: Mapping[str, float]) -> dict[str, float]:
    """What the contract asks for before anyone looks at a page, each step as quick as it was seen here.

    Args:
        form: text or warc.
        floor: cost by step of the floor and of digests.
        own: cost by step of ours.
    """
    named = {_SHARED[place] for place in _ASKED_OF_OURS}
    return {name: cost for name, cost in {**floor, **own}.items() if name in ASKED[form] | named}


FLOORS: Final[Mapping[str, Callable[[Path, Path], dict[str, float]]]] = {"warc": warc_floor, "text": text_floor}


def main(form: str, folder: Path, first: Path) -> None:
    """Measure every file of the folder, after those of another that make everything load."""
    spent: dict[str, dict[str, float]] = {"floor": {}, "digests": {}, "ours": {}}
    n_pages = 0
    with tempfile.TemporaryDirectory() as name:
        scratch = Path(name)
        for path in first.iterdir():
            ours(form, path, scratch)
            FLOORS[form](path, scratch)
        for path in sorted(folder.iterdir()):
            steps, pages = ours(form, path, scratch)
            n_pages += pages
            seen = [("floor", FLOORS[form](path, scratch)), ("ours", digest(path)), ("ours", steps)]
            if form == "warc":
                seen.append(("digests", payload_digests(path)))
            for side, found in seen:
                for step, cost in found.items():
                    spent[side][step] = spent[side].get(step, 0.0) + cost
    costs = {side: {step: 1e6 * cost / n_pages for step, cost in steps.items()} for side, steps in spent.items()}
    costs["asked for before a page is looked at"] = least(form, costs["floor"] | costs.pop("digests"), costs["ours"])
    sys.stdout.write(json.dumps(costs) + "\n")


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3]))
