"""What the resolving stage reads off slices: the rows that were taken out, under the captures that show them."""

import json
from pathlib import Path

import polars as pl
import pytest

from pipeline.frames import BrokenRow, to_frame
from pipeline.slices.store import SliceStore
from pipeline.stages import resolve
from pipeline.workspace import Workspace, prepare

READ_AS, REVISITED, OTHER = (f"c{digit * 16}" for digit in "123")


def broken_rows(folder: Path, rows: list[BrokenRow], valid: list[int], chosen: list[tuple[int, str]]) -> pl.DataFrame:
    """`resolve._broken` over one part: its rows that broke a rule, its valid pages, and the page of each capture."""
    workspace = Workspace(folder / "outputs")
    prepare(workspace)
    part = folder / "part"
    part.mkdir()
    to_frame("broken", rows).write_parquet(part / "broken.parquet")
    pl.DataFrame({"page_no": valid}, schema={"page_no": pl.Int32}).write_parquet(part / "pages.parquet")
    ids = sorted(name for _, name in chosen)
    captures = pl.DataFrame({"capture_id": ids}, schema={"capture_id": pl.String})
    captures.write_parquet(workspace.staged("captures"))
    schema = {"part": pl.Int32, "page_no": pl.Int32, "capture": pl.UInt32}
    pages = [(0, page, ids.index(name)) for page, name in chosen]
    index = pl.DataFrame(pages, schema=schema, orient="row")
    return resolve._broken(workspace, SliceStore((part,)), index).sort("table", "row_key")


def teaser(page_no: int, position: int, rule: str) -> BrokenRow:
    row = json.dumps({"capture_id": READ_AS, "position": position})
    return BrokenRow(page_no, "teaser_observations", f"{READ_AS}/{position}", None, rule, row)


def test_each_capture_of_a_revisited_page_lists_all_rows_taken_out_of_it(tmp_path: Path) -> None:
    rows = [teaser(0, position, "published_by_page_date") for position in (0, 10)]
    found = broken_rows(tmp_path, rows, [0], [(0, READ_AS), (0, REVISITED)])
    assert found.select("capture_id", "row_key").rows() == [
        (capture, f"{capture}/{position}") for capture in (READ_AS, REVISITED) for position in (0, 10)
    ]
    assert [json.loads(row)["capture_id"] for row in found["row"]] == found["capture_id"].to_list()


def test_the_rows_of_a_page_taken_out_are_not_lost_where_another_record_holds_the_same_capture(tmp_path: Path) -> None:
    page = BrokenRow(0, "captures", READ_AS, None, "memento_url_well_formed", json.dumps({"capture_id": READ_AS}))
    rows = [page, teaser(0, 0, "parent_quarantined")]
    (tmp_path / "one").mkdir()
    (tmp_path / "both").mkdir()
    alone = broken_rows(tmp_path / "one", rows, [1], [(1, OTHER)])
    assert alone["table"].to_list() == ["captures", "teaser_observations"]
    both = broken_rows(tmp_path / "both", rows, [1], [(1, READ_AS)])
    assert both["table"].to_list() == ["captures"]


@pytest.mark.parametrize(
    ("workers", "n_bodies", "beside"), [(1, 0, 0), (2, 35_000, 1), (2, 88_000, -1), (8, 88_000, 5)]
)
def test_fewer_processes_work_beside_one_that_needs_their_room(workers: int, n_bodies: int, beside: int) -> None:
    assert resolve._beside(workers, n_bodies) == beside
