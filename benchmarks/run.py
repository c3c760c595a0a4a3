"""All benchmarks with one command: `make bench` or `python -m benchmarks.run [--captures N]… [--only NAME]…`.

Prints a table per benchmark and saves the figures as JSON. The one decision made here: what is compared is measured in
one run, turn by turn, several times, and the median counts; a cost per capture is the difference between a large and a
small corpus over the difference in captures, so that start-up cancels out.
"""

import argparse
import json
import os
import platform
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from functools import partial
from importlib.util import find_spec
from pathlib import Path
from statistics import median
from typing import Any, NamedTuple

from benchmarks.corpora import CAPTURES_PER_FILE, START_UP_CAPTURES, Corpus, corpus
from benchmarks.measure import CommandFailedError, Cost, run_command, run_module

ROOT = Path(__file__).resolve().parents[1]
SIZES = (2_000, 20_000, 100_000)
"""Captures of the corpora that are measured where nothing else is asked for."""
SMALL = 2_000
"""Captures of the small corpus that start-up is told apart by."""
_FILES = 4
"""Files of a corpus of which two are enough to tell start-up apart."""


@dataclass(frozen=True, slots=True)
class Bench:
    """What every benchmark is given."""

    corpora: Path
    repeats: int

    def corpus(self, n_captures: int) -> Corpus:
        """The corpus of that size."""
        return corpus(self.corpora, n_captures)


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a table."""

    name: str
    figures: Mapping[str, float | str | None]


def per_capture(bench: Bench, n_captures: int) -> list[Line]:
    """Marginal CPU per capture: text and WARC routes with two workers against their floors and the usual stack.

    The floors are run in two processes as well, as two busy processors may slow each other, and in one.
    """
    on = bench.corpus(n_captures)
    floor = partial(run_module, "benchmarks.floors")
    read = partial(run_module, "benchmarks.reading")
    runs: dict[str, Callable[[Path, Path], Cost]] = {
        "text floor, one process": partial(floor, "text-floor"),
        "text floor": lambda dump, out: floor("text-floor", dump, out, "2"),
        "text, read and parse": lambda dump, out: read(dump, out, "2"),
        "text, whole build": lambda dump, out: build(out, dump),
        "WARC floor, one process": partial(floor, "warc-floor"),
        "WARC floor": lambda dump, out: floor("warc-floor", dump, out, "2"),
        "WARC, read and parse": lambda dump, out: read(dump, out, "2"),
        "WARC, whole build": lambda dump, out: build(out, dump),
    }
    spent: dict[str, list[tuple[float, float]]] = {name: [] for name in runs}
    with fewer(bench, on) as few:
        for _ in range(bench.repeats):  # in turns: what slows the machine for a while slows all of them
            for name, run in runs.items():
                pair = (on.jsonl, few.jsonl) if name.startswith("text") else (on.warc, few.warc)
                large, small = (run_out(partial(run, dump)).cpu for dump in pair)
                spent[name].append((large, small))
    costs = {
        name: (median(pair[0] for pair in pairs) - median(pair[1] for pair in pairs)) / (n_captures - few.n_captures)
        for name, pairs in spent.items()
    }
    lines = []
    for name, cost in costs.items():
        least = costs["text floor" if name.startswith("text") else "WARC floor"]
        lines.append(Line(name, {"µs CPU per capture": 1e6 * cost, "× floor": cost / least}))
    tiny, first = bench.corpus(400), bench.corpus(START_UP_CAPTURES)
    try:
        stack = [run_out(partial(floor, "warc-stack", some.warc)).cpu for some in (tiny, first)]
    except CommandFailedError as error:
        return [*lines, Line("WARC, usual stack", {"why": last_line(error)})]
    cost = (stack[0] - stack[1]) / (tiny.n_captures - first.n_captures)
    usual = {
        "µs CPU per capture": 1e6 * cost,
        "× floor": cost / costs["WARC floor"],
        "× WARC, read and parse": cost / costs["WARC, read and parse"],
        "× WARC, whole build": cost / costs["WARC, whole build"],
    }
    return [*lines, Line("WARC, usual stack", usual)]


class Fewer(NamedTuple):
    """A dump that start-up is told apart by."""

    n_captures: int
    jsonl: Path
    warc: Path


@contextmanager
def fewer(bench: Bench, on: Corpus) -> Iterator[Fewer]:
    """The first two files of a corpus, read by as many processes as the whole; a smaller corpus where it has few."""
    if len(list(on.warc.iterdir())) < _FILES:
        small = bench.corpus(min(SMALL, on.n_captures // 10))
        yield Fewer(small.n_captures, small.jsonl, small.warc)
        return
    with scratch() as folder:
        for dump in (on.jsonl, on.warc):
            (folder / dump.name).mkdir()
            for path in sorted(dump.iterdir())[:2]:
                shutil.copy(path, folder / dump.name)
        yield Fewer(2 * CAPTURES_PER_FILE, folder / on.jsonl.name, folder / on.warc.name)


def steps(bench: Bench, n_captures: int) -> list[Line]:
    """Where the time of reading and parsing goes, beside the floor's own steps on the same pages.

    And what any program that makes these tables would spend before it looks at a page: no ratio to the floor can be
    smaller than that of the last block.
    """
    on, first = bench.corpus(n_captures), bench.corpus(START_UP_CAPTURES)
    lines = []
    for form, dump, other in (("text", on.jsonl, first.jsonl), ("warc", on.warc, first.warc)):
        told = json.loads(run_module("benchmarks.steps", form, dump, other).output.splitlines()[-1])
        floor = sum(told["floor"].values())
        for side, spent in told.items():
            whole = sum(spent.values())
            lines.append(
                Line(f"{form}, {side}: together", {"µs CPU per page": whole, "share": 1.0, "× floor": whole / floor})
            )
            for name, cost in sorted(spent.items(), key=lambda item: -item[1]):
                lines.append(Line(f"    {name}", {"µs CPU per page": cost, "share": cost / whole}))
    return lines


def memory(bench: Bench, n_captures: int) -> list[Line]:
    """Peak memory of all processes together (summed PSS), and CPU and wall time of a whole build with two workers."""
    lines = []
    on = bench.corpus(n_captures)
    for form, dump in (("jsonl", on.jsonl), ("warc", on.warc)):
        costs = [_build_of(dump) for _ in range(bench.repeats)]
        lines.append(
            Line(
                f"build from {form}",
                {
                    "peak MB": max((cost.peak_mb or 0 for cost in costs), default=0),
                    "CPU s": median(cost.cpu for cost in costs),
                    "wall s": median(cost.wall for cost in costs),
                    "µs CPU per capture": 1e6 * median(cost.cpu for cost in costs) / n_captures,
                },
            )
        )
    return lines


def identity(bench: Bench, n_captures: int) -> list[Line]:
    """Which teasers are one item: CPU, memory and pairwise F1 of each contender over the same observations."""
    from benchmarks.contenders import CONTENDERS

    on = bench.corpus(n_captures)
    needs = {"duckdb-sql": "duckdb"}
    lines = []
    floor: float | None = None
    for name in CONTENDERS:
        needed = needs.get(name, name)
        if name not in {"hash-group-by", "chancery"} and find_spec(needed) is None:
            lines.append(Line(name, {"why": f"{needed} is not installed"}))
            continue
        try:
            costs = [
                run_module("benchmarks.contenders", name, on.teasers, with_memory=True) for _ in range(bench.repeats)
            ]
        except CommandFailedError as error:
            lines.append(Line(name, {"why": last_line(error)}))
            continue
        results = [json.loads(cost.output.splitlines()[-1]) for cost in costs]
        cpu = median(result["cpu"] for result in results)
        floor = floor or cpu
        lines.append(
            Line(
                name,
                {
                    "CPU s": cpu,
                    "× hash+group_by": cpu / floor,
                    "peak MB": max((cost.peak_mb or 0 for cost in costs), default=0),
                    "F1 observations": results[0]["f1_observations"],
                    "F1 forms": results[0]["f1_forms"],
                    "observations": results[0]["n_observations"],
                    "forms": results[0]["n_forms"],
                },
            )
        )
    return lines


def incremental(bench: Bench, n_captures: int) -> list[Line]:
    """Adding a dump of the last hundredth of the captures against building all, start-up taken off both.

    And what of it no build escapes that changes every table: reading and writing all of them, and asking all rules.
    """
    on, few = bench.corpus(n_captures), bench.corpus(START_UP_CAPTURES)
    forms = {"text": (on.older, on.newer, few.jsonl), "WARC": (on.older_warc, on.newer_warc, few.warc)}
    return [line for form, dumps in forms.items() for line in _added(bench, form, *dumps)]


def _added(bench: Bench, form: str, older: Path, newer: Path, few: Path) -> list[Line]:
    spent: dict[str, list[float]] = {}

    def take(name: str, cost: Cost) -> None:
        spent.setdefault(name, []).append(cost.cpu)

    for _ in range(bench.repeats):
        take("full build", run_out(lambda out: build(out, older, newer)))
        with scratch() as out:
            take("start-up", build(out, few))
            for name in ("written", "checked"):
                take(f"start-up, {name}", run_module("benchmarks.tables", name, out))
        with scratch() as out:
            dumps = out / "dumps"
            shutil.copytree(older, dumps / "older")
            build(out, dumps)
            shutil.copytree(newer, dumps / "newer")
            take("1 % added", build(out, dumps))
            take("nothing new", build(out, dumps))
            for name in ("written", "checked"):
                take(name, run_module("benchmarks.tables", name, out))
    cpu = {name: median(costs) for name, costs in spent.items()}
    full = cpu["full build"] - cpu["start-up"]

    def line(name: str, start_up: str, what: str = "") -> Line:
        beyond = cpu[name] - cpu[start_up]
        figures = {"CPU s": cpu[name], "beyond start-up": beyond, "share": beyond / full}
        return Line(f"{form}: {what or name}", figures)

    return [
        Line(f"{form}: start-up (20 captures)", {"CPU s": cpu["start-up"]}),
        line("full build", "start-up"),
        line("1 % added", "start-up"),
        line("written", "start-up, written", "all tables read and written, nothing else"),
        line("checked", "start-up, checked", "all rules asked, nothing else"),
        Line(f"{form}: nothing new", {"CPU s": cpu["nothing new"]}),
    ]


def cold_start(bench: Bench, _: int) -> list[Line]:
    """How long a person waits: help, the sample dumps, and a rerun with nothing new; what of it the libraries take."""
    samples = ROOT / "raw"
    alone = "its libraries alone"
    figures: dict[str, list[Cost]] = {"--help": [], "build on the samples": [], alone: [], "rerun, nothing new": []}
    for _ in range(max(3, bench.repeats)):
        figures["--help"].append(run_chancery("--help"))
        with scratch() as out:
            figures["build on the samples"].append(build(out, samples))
            figures["rerun, nothing new"].append(build(out, samples))
        figures[alone].append(run_out(partial(run_module, "benchmarks.libraries")))
    return [
        Line(name, {"wall s": median(cost.wall for cost in costs), "CPU s": median(cost.cpu for cost in costs)})
        for name, costs in figures.items()
    ]


BENCHMARKS: Mapping[str, Callable[[Bench, int], list[Line]]] = {
    "cold-start": cold_start,
    "per-capture": per_capture,
    "steps": steps,
    "memory": memory,
    "incremental": incremental,
    "identity": identity,
}


def build(outputs: Path, *raw: Path, with_memory: bool = False) -> Cost:
    """`chancery build` with two workers."""
    roots = [argument for root in raw for argument in ("--raw", root)]
    return run_chancery("build", *roots, "--outputs", outputs, "--workers", "2", with_memory=with_memory)


def _build_of(dump: Path) -> Cost:
    return run_out(lambda out: build(out, dump, with_memory=True))


def run_chancery(*arguments: str | Path, with_memory: bool = False) -> Cost:
    """A `chancery` command of this checkout."""
    command = [sys.executable, "-c", "from pipeline.cli import main; main()", *map(str, arguments)]
    return run_command(command, with_memory=with_memory)


@contextmanager
def scratch() -> Iterator[Path]:
    """A folder that is gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="chancery-bench-") as folder:
        yield Path(folder)


def last_line(error: CommandFailedError) -> str:
    """What went wrong, as the command said it last."""
    return str(error).strip().splitlines()[-1][:70]


def run_out(run: Callable[[Path], Cost]) -> Cost:
    """Run something that writes, into a folder that is gone afterwards."""
    with scratch() as out:
        return run(out)


def main(arguments: Sequence[str] | None = None) -> None:
    """Run what is asked for."""
    parser = argparse.ArgumentParser(prog="benchmarks", description=__doc__)
    parser.add_argument("--captures", type=int, action="append", help="size; may be given several times")
    parser.add_argument("--only", choices=sorted(BENCHMARKS), action="append", help="which; default all")
    parser.add_argument("--repeat", type=int, default=3, help="times each is measured (3)")
    parser.add_argument("--corpora", type=Path, default=ROOT / "outputs" / "benchmarks", help="where corpora are kept")
    parser.add_argument("--json", type=Path, default=ROOT / "benchmarks" / "results" / "figures.json")
    given = parser.parse_args(arguments)
    bench = Bench(given.corpora, given.repeat)
    saved: list[dict[str, Any]] = []
    for n_captures in given.captures or SIZES:
        for name in given.only or list(BENCHMARKS):
            lines = BENCHMARKS[name](bench, n_captures)
            show(f"{name}, {n_captures:,} captures", lines)
            saved.append({"benchmark": name, "captures": n_captures, "lines": [asdict(line) for line in lines]})
            given.json.parent.mkdir(parents=True, exist_ok=True)
            machine = {"python": platform.python_version(), "system": platform.platform(), "cpus": os.cpu_count()}
            figures = {"machine": machine, "repeats": given.repeat, "results": saved}
            given.json.write_text(json.dumps(figures, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def show(title: str, lines: Sequence[Line]) -> None:
    """Print a table."""
    columns = list(dict.fromkeys(key for line in lines for key in line.figures))
    rows = [[title, *columns], *([line.name, *(_cell(line.figures.get(key)) for key in columns)] for line in lines)]
    widths = [max(len(row[at]) for row in rows) for at in range(len(columns) + 1)]
    for row in rows:
        cells = (cell.rjust(width) for cell, width in zip(row[1:], widths[1:], strict=True))
        sys.stdout.write("  ".join([row[0].ljust(widths[0]), *cells]) + "\n")
    sys.stdout.write("\n")
    sys.stdout.flush()


def _cell(value: float | str | None) -> str:
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.4g}"


if __name__ == "__main__":
    main()
