"""Archives and corpora that were read are not read again; what changed changes what it should and nothing else."""

import os
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from tests.forms.builds import Built, build_tables
from tests.simulation import SimCapture, crawl, simulate_site
from tests.simulation.warc_writers import gzip_bytes, warc_records
from tests.simulation.writers import FORMS

PARTS = ("warc_gz", "wacz", "c4_jsonl_gz", "oscar_parquet", "downloader_all", "wget_cdx", "text", "arc")


class OpenedFiles:
    """Which files below a folder this process opens, by Python's own account."""

    def __init__(self) -> None:
        self.below: Path | None = None
        self.seen: list[str] = []
        sys.addaudithook(self._hear)

    def _hear(self, event: str, arguments: tuple[object, ...]) -> None:
        if event == "open" and self.below is not None and isinstance(arguments[0], str | bytes):
            path = os.fsdecode(arguments[0])
            if path.startswith(f"{self.below}{os.sep}") and Path(path).is_file():
                self.seen.append(Path(path).relative_to(self.below).as_posix())

    def watch(self, folder: Path) -> None:
        self.below, self.seen = folder, []


OPENED = OpenedFiles()


@pytest.fixture(scope="module")
def captures() -> list[SimCapture]:
    return list(crawl(simulate_site(21, n_items=40), 22, n_captures=80))


@pytest.fixture
def tree(captures: Sequence[SimCapture], tmp_path: Path) -> Iterator[Path]:
    """A part of the crawl in each form."""
    for place, form in enumerate(PARTS):
        (tmp_path / "raw" / form).mkdir(parents=True)
        FORMS[form].write(captures[place * 10 : place * 10 + 10], tmp_path / "raw" / form)
    yield tmp_path / "raw"
    OPENED.below = None


def slices(outputs: Path) -> dict[str, tuple[int, int]]:
    """Identity and time of what was read, by slice."""
    folders = (outputs / "work" / "slices").iterdir()
    return {folder.name: (folder.stat().st_ino, folder.stat().st_mtime_ns) for folder in folders}


def same(one: Built, other: Built) -> bool:
    assert one.broken_rules == other.broken_rules == ()
    return all(one[table].equals(other[table]) for table in one.tables)


def test_nothing_new_opens_no_raw_file(tree: Path, tmp_path: Path) -> None:
    OPENED.watch(tree)
    first = build_tables(tree, outputs=tmp_path / "out")
    files = {path.relative_to(tree).as_posix() for path in tree.rglob("*") if path.is_file()}
    assert set(OPENED.seen) == files
    read = slices(tmp_path / "out")
    OPENED.watch(tree)
    again = build_tables(tree, outputs=tmp_path / "out")
    assert OPENED.seen == []
    assert slices(tmp_path / "out") == read
    assert same(first, again)


def test_a_file_with_a_new_time_and_the_same_bytes_is_only_compared(tree: Path, tmp_path: Path) -> None:
    first = build_tables(tree, outputs=tmp_path / "out")
    read = slices(tmp_path / "out")
    touched = tree / "warc_gz" / "simulated.warc.gz"
    os.utime(touched, (1, 1))
    OPENED.watch(tree)
    again = build_tables(tree, outputs=tmp_path / "out")
    assert OPENED.seen == ["warc_gz/simulated.warc.gz"]
    assert slices(tmp_path / "out") == read
    assert same(first, again)


@pytest.mark.parametrize("form", ["warc_gz", "c4_jsonl_gz", "oscar_parquet", "wget_cdx"])
def test_a_changed_and_then_removed_file_leaves_what_a_build_from_nothing_gives(
    form: str, captures: Sequence[SimCapture], tree: Path, tmp_path: Path
) -> None:
    before = build_tables(tree, outputs=tmp_path / "out")
    for path in (tree / form).rglob("*"):
        if path.is_file():
            path.unlink()
    FORMS[form].write(captures[:6], tree / form)
    changed = build_tables(tree, outputs=tmp_path / "out")
    assert same(changed, build_tables(tree, outputs=tmp_path / "fresh"))
    assert not same(changed, before)
    place = PARTS.index(form) * 10
    FORMS[form].write(captures[place : place + 10], tree / form)
    if form != "wget_cdx":
        assert same(build_tables(tree, outputs=tmp_path / "out"), before)


def test_a_longer_archive_adds_its_new_captures_alone(
    captures: Sequence[SimCapture], tree: Path, tmp_path: Path
) -> None:
    before = build_tables(tree, outputs=tmp_path / "out")
    late = [one for one in crawl(simulate_site(21, n_items=40), 99, n_captures=200) if one.number % 10 in (1, 2)][:3]
    with (tree / "warc_gz" / "simulated.warc.gz").open("ab") as archive:
        archive.writelines(gzip_bytes(record) for record in warc_records(late))
    after = build_tables(tree, outputs=tmp_path / "out")
    assert after["raw_records"].height == before["raw_records"].height + 3
    added = set(after["captures"]["capture_id"]) - set(before["captures"]["capture_id"])
    assert len(added) == 3
    assert set(before["captures"]["capture_id"]) < set(after["captures"]["capture_id"])
    kept = after["captures"].filter(~after["captures"]["capture_id"].is_in(list(added)))
    assert kept.equals(before["captures"])
