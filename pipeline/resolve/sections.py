"""From labels, addresses and shared events to the section whose list a capture shows.

The decision made here: where a capture prints no label (layout A), its list is of the section that everything known
about it agrees on, tried in this order: another capture of the same article prints a label; all labelled captures under
the same folder of the URL print one; its list shares an event with a list whose section is known; its own article is
listed in such a list (an article page lists the newest items of its article's section). Evidence that disagrees leaves
the section null. The last two repeat until nothing more is found, for a list may be known through another.
"""

import re
from enum import Enum
from typing import Final

import polars as pl

_FOLDER: Final = r"\)/([^/?&]+)"
_OFFSET: Final = re.compile(r"[&?]start=(\d+)", re.IGNORECASE)


class ListStart(Enum):
    """Where in its section a list begins."""

    TOP = "top"
    """With the newest item."""
    FURTHER_DOWN = "further_down"
    """Somewhere below, or it is not known where."""


def list_start(urlkey: str | None, page_kind: str) -> ListStart:
    """Where a capture's list begins: an article's at the top, a listing's where its URL says (1-based)."""
    if page_kind != "listing":
        return ListStart.TOP
    if urlkey is None:
        return ListStart.FURTHER_DOWN
    offset = _OFFSET.search(urlkey)
    return ListStart.TOP if offset is None or int(offset[1]) <= 1 else ListStart.FURTHER_DOWN


def list_sections(captures: pl.DataFrame, teasers: pl.DataFrame) -> pl.DataFrame:
    """The section of each capture's list.

    Args:
        captures: capture_id, section (the label as printed, null without one), urlkey, article_id and event_id of the
            page's own article (null without one).
        teasers: capture_id, event_id.

    Returns:
        capture_id, section; one row per capture, null where nothing tells.
    """
    known = captures.select(
        "capture_id", "section", "article_id", "event_id", folder=pl.col("urlkey").str.extract(_FOLDER)
    )
    known = _agreed(known, "article_id")
    known = _agreed(known, "folder")
    listed = teasers.select("capture_id", listed_id="event_id").unique()
    while True:
        further = _from_lists(known, listed)
        if further.get_column("section").null_count() == known.get_column("section").null_count():
            return known.select("capture_id", "section").sort("capture_id")
        known = further


def _agreed(known: pl.DataFrame, by: str) -> pl.DataFrame:
    """Fill in the section that all captures with the same value in a column agree on."""
    return _fill(
        known,
        _unanimous(known.filter(pl.col(by).is_not_null() & pl.col("section").is_not_null()), by),
        by,
    )


def _from_lists(known: pl.DataFrame, listed: pl.DataFrame) -> pl.DataFrame:
    """Fill in sections through shared events, else through the list that holds the page's own article."""
    shown = listed.join(known.select("capture_id", "section"), on="capture_id")
    of_event = _unanimous(shown.filter(pl.col("section").is_not_null()), "listed_id")
    by_shared = _unanimous(
        shown.select("capture_id", "listed_id").join(of_event, on="listed_id").drop("listed_id"), "capture_id"
    )
    return _fill(_fill(known, by_shared, "capture_id"), of_event.rename({"listed_id": "event_id"}), "event_id")


def _unanimous(evidence: pl.DataFrame, by: str) -> pl.DataFrame:
    """The section of each value of a column, where there is only one: `by`, section."""
    return (
        evidence.group_by(by)
        .agg(pl.col("section").min(), n_sections=pl.col("section").n_unique())
        .filter(pl.col("n_sections") == 1)
        .select(by, "section")
    )


def _fill(known: pl.DataFrame, found: pl.DataFrame, by: str) -> pl.DataFrame:
    return (
        known.join(found.rename({"section": "found"}), on=by, how="left")
        .with_columns(section=pl.coalesce("section", "found"))
        .drop("found")
    )
