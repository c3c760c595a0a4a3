"""The rows of `raw_records` in their order, off the parts of all slices.

The decision made here: parts are merged as sorted runs. A part is read when the ledger comes to its first record, and
rows are handed on as soon as no part can hold an earlier one; so only parts whose files lie between each other's names
are held together.
"""

from collections.abc import Iterator
from typing import Final

import polars as pl

from pipeline.gather import ledger
from pipeline.revisits import PLACE
from pipeline.slices.store import SliceStore
from pipeline.stages.staging import keep, scan_staged
from pipeline.workspace import Workspace

_REJECTED: Final = {"raw_path": pl.String, "record_no": pl.Int32, "reason": pl.String, "detail": pl.String}
_HOST: Final = r"^[a-z][a-z0-9+.-]*:/*(?:[^/?#]*@)?(?:www\d*\.)?([^/?#:]+)"
_HOSTS_NAMED: Final = 3


def ledger_rows(
    store: SliceStore,
    problems: pl.DataFrame,
    makers: pl.DataFrame,
    verdicts: pl.DataFrame,
    rejected: list[pl.DataFrame],
) -> Iterator[pl.DataFrame]:
    """Rows of `raw_records`, sorted, a piece at a time.

    Args:
        store: the slices.
        problems: slice table `records` of what could not even be opened.
        makers: part, page_no of the pages that are captures.
        verdicts: what became of revisits.
        rejected: is given the records that were rejected, with the sentence on each, in order.
    """
    no_page = pl.DataFrame(schema={"page_no": pl.Int32, "capture_id": pl.String})
    held = ledger(problems, no_page, makers.clear(), verdicts)
    order = sorted(_first_places(store))
    following = [place for place, _ in order[1:]]
    for (_, part), after in zip(order, [*following, None], strict=True):
        records = store.scan_part("records", part).collect()
        pages = store.scan_part("pages", part).select("page_no", "capture_id").collect()
        rows = ledger(records, pages, makers.filter(pl.col("part") == part), verdicts)
        held = pl.concat([held, rows]).sort(PLACE)
        if after is not None:
            path, number = after
            is_ready = (pl.col("raw_path") < path) | ((pl.col("raw_path") == path) & (pl.col("record_no") < number))
            yield _handed_on(held.filter(is_ready), rejected)
            held = held.filter(~is_ready)
    yield _handed_on(held, rejected)


def _first_places(store: SliceStore) -> Iterator[tuple[tuple[str, int], int]]:
    """The first record of each part that has any."""
    for part in range(len(store.parts)):
        first = store.scan_part("records", part).select(PLACE).sort(PLACE).head(1).collect()
        for path, number in first.iter_rows():
            yield (path, number), part


def _handed_on(rows: pl.DataFrame, rejected: list[pl.DataFrame]) -> pl.DataFrame:
    rejected.append(rows.filter(pl.col("status") == "rejected").select(_REJECTED.keys()))
    return rows.drop("detail")


def keep_rejected(workspace: Workspace, rejected: list[pl.DataFrame]) -> None:
    """Keep the rejected records for the summary."""
    keep(workspace, "rejected", pl.concat([pl.DataFrame(schema=_REJECTED), *rejected]))


def other_sites(workspace: Workspace) -> str | None:
    """How many pages were turned away as other sites', and of which hosts most are; null where none was."""
    found = (
        scan_staged(workspace, "raw_records")
        .filter(pl.col("reason") == "other_site")
        .group_by(host=pl.col("url").str.to_lowercase().str.extract(_HOST))
        .agg(pages=pl.len())
        .sort("pages", "host", descending=[True, False])
        .collect(engine="streaming")
    )
    if found.is_empty():
        return None
    n_pages = found["pages"].sum()
    named = [f"{host} {pages:,}" for host, pages in found.head(_HOSTS_NAMED).iter_rows()]
    hosts = ", ".join([*named, "…"] if found.height > len(named) else named)
    pages = "1 page is of another site" if n_pages == 1 else f"{n_pages:,} pages are of other sites"
    return f"{pages} ({hosts})"
