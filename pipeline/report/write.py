"""Writes the report's folder: pages, the tables behind the charts as CSV, and the explorer's files.

The one decision made here: a report is seen whole or not at all. It is written beside its place and then put there,
so that a killed build leaves the report that was.
"""

import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import polars as pl

from pipeline.memory import give_back
from pipeline.report.csv_file import csv_text
from pipeline.report.explore_captures import capture_files, capture_numbers
from pipeline.report.explore_details import detail_files
from pipeline.report.explore_index import index_files, manifest
from pipeline.report.explore_words import word_files
from pipeline.report.figure import Section, Tables
from pipeline.report.figures.captures import origin
from pipeline.report.figures.counters import counters
from pipeline.report.figures.coverage import coverage
from pipeline.report.figures.edits import edits
from pipeline.report.figures.events import content
from pipeline.report.figures.quality import quality
from pipeline.report.pages import DICTIONARY, HERE, dictionary_page, explorer_page, report_page
from pipeline.report.script_data import script, script_of_json
from schemas.names import TABLE_NAMES

SECTIONS: Final = (origin, content, counters, edits, coverage, quality)
"""The sections of the report, in the order of the page."""

_STATIC: Final = ("report.css", "report.js", "explorer.css", "explorer.js", "explorer_event.js")


@dataclass(frozen=True, slots=True)
class Written:
    """What was written."""

    n_files: int
    size: int
    """Bytes of all files."""
    n_figures: int
    n_events: int


def write_report(tables_folder: Path, folder: Path) -> Written:
    """Write the report on the tables of one folder; what stood there before is replaced.

    Args:
        tables_folder: Folder of published tables.
        folder: Where the report is to be.
    """
    tables = {name: pl.scan_parquet(tables_folder / f"{name}.parquet", glob=False) for name in TABLE_NAMES}
    begun = folder.with_name(f".{folder.name}.begun")
    old = folder.with_name(f".{folder.name}.old")
    for left in (begun, old):
        shutil.rmtree(left, ignore_errors=True)
    for part in ("data", "explorer", "static"):
        (begun / part).mkdir(parents=True)
    n_events = _write_explorer(begun, tables)
    give_back()  # before charts are drawn, which takes a hundred megabytes
    sections = tuple(section(tables) for section in SECTIONS)
    _write_report(begun, sections, tables)
    for name in _STATIC:
        shutil.copyfile(HERE / "static" / name, begun / "static" / name)
    if folder.exists():
        folder.rename(old)
    begun.rename(folder)
    shutil.rmtree(old, ignore_errors=True)
    files = [path for path in folder.rglob("*") if path.is_file()]
    return Written(
        n_files=len(files),
        size=sum(path.stat().st_size for path in files),
        n_figures=sum(len(section.figures) for section in sections),
        n_events=n_events,
    )


def _write_report(folder: Path, sections: tuple[Section, ...], tables: Tables) -> None:
    for section in sections:
        for figure in section.figures:
            _write(folder / "data" / figure.file, csv_text(figure.rows))
    _write(folder / "index.html", report_page(sections, tables))
    _write(folder / DICTIONARY, dictionary_page())


def _write_explorer(folder: Path, tables: Tables) -> int:
    letters = []
    for number, (letter, words) in enumerate(word_files(tables)):
        letters.append(letter)
        _write(folder / "explorer" / f"words-{number:05}.js", script_of_json("words", number, words))
    give_back()
    known = manifest(tables) | {"letters": letters}
    _write(folder / "explorer" / "manifest.js", script("manifest", 0, known))
    names = ["explorer/manifest.js"]
    for number, entries in enumerate(index_files(tables)):
        names.append(f"explorer/index-{number:04}.js")
        _write(folder / names[-1], script("index", number, entries))
    captures = capture_numbers(tables)
    for number, told in enumerate(capture_files(tables, captures, folder)):
        _write(folder / "explorer" / f"captures-{number:05}.js", script_of_json("captures", number, told))
    for number, details in enumerate(detail_files(tables, captures, folder)):
        _write(folder / "explorer" / f"details-{number:05}.js", script_of_json("details", number, details))
    _write(folder / "explorer.html", explorer_page(names, known["events"]))
    return int(known["events"])


def _write(path: Path, content: str | bytes) -> None:
    path.write_bytes(content.encode() if isinstance(content, str) else content)
