"""From labels, addresses and shared events to the section whose list a capture shows.

The decision made here: where a capture prints no label (layout A), its list is of the section that everything known
about it agrees on, tried in this order: another capture of the same article prints a label; all labelled captures under
the same folder of the URL print one; its list shares an event with a list whose section is known; its own article is
listed in such a list (an article page lists the newest items of its article's section). Evidence that disagrees leaves
the section null. The last two repeat until nothing more is found, for a list may be known through another; the
lists themselves are looked through once, and those of captures without a section kept.
"""

import re
from collections.abc import Iterable
from enum import Enum
from typing import Final

import polars as pl

FOLDER: Final = r"\)/([^/?&]+)"
"""The folder in a urlkey."""
_OFFSET: Final = re.compile(r"[&?;]start=([^&;]*)", re.IGNORECASE)
"""Where a listing begins; behind a semicolon where an ampersand was escaped as HTML."""


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
    is_top = all(offset in {"", "0", "1"} for offset in _OFFSET.findall(urlkey))
    return ListStart.TOP if is_top else ListStart.FURTHER_DOWN


def list_sections(captures: pl.DataFrame, listed: Iterable[pl.DataFrame]) -> pl.DataFrame:
    """The section of each capture's list.

    Args:
        captures: capture, section (the label as printed, null without one), folder (of its URL), article and event of
            the page's own article (null without one); all of them, in any types.
        listed: capture, event of all teasers, in pieces, all of a capture in one.

    Returns:
        capture, section; one row per capture, null where nothing tells.
    """
    known = captures.select("capture", "section", "article", "event", "folder")
    known = _agreed(known, "article")
    known = _agreed(known, "folder").drop("article", "folder")
    told, waiting = _looked_through(known, listed)
    while told is not None:
        of_event = _of_one(told, "event")
        by_shared = _unanimous(waiting.join(of_event, on="event").drop("event"), "capture")
        further = _fill(_fill(known, by_shared, "capture"), of_event, "event")
        if further.get_column("section").null_count() == known.get_column("section").null_count():
            break
        known = further
        evidence = waiting.join(_labelled(known), on="capture")
        told = _extremes(pl.concat([told, _extremes(evidence.drop("capture"), "event")]), "event")
        waiting = waiting.join(evidence, on="capture", how="anti")
    return known.select("capture", "section").sort("capture")


def _agreed(known: pl.DataFrame, by: str) -> pl.DataFrame:
    """Fill in the section that all captures with the same value in a column agree on."""
    return _fill(known, _unanimous(known.select(by, "section"), by), by)


def _looked_through(known: pl.DataFrame, listed: Iterable[pl.DataFrame]) -> tuple[pl.DataFrame | None, pl.DataFrame]:
    """What the lists of known sections tell of events (`_extremes`; null without lists), and all other lists."""
    told: pl.DataFrame | None = None
    labelled = _labelled(known)
    waiting = known.select("capture", "event").clear()
    for shown in listed:
        found = _extremes(shown.join(labelled, on="capture").drop("capture"), "event")
        told = found if told is None else _extremes(pl.concat([told, found]), "event")
        waiting = pl.concat([waiting, shown.select("capture", "event").join(labelled, on="capture", how="anti")])
    return told, waiting


def _labelled(known: pl.DataFrame) -> pl.DataFrame:
    return known.select("capture", "section").drop_nulls()


def _unanimous(evidence: pl.DataFrame, by: str) -> pl.DataFrame:
    """The section of each value of a column, where there is only one: `by`, section."""
    return _of_one(_extremes(evidence.drop_nulls(), by), by)


def _extremes(evidence: pl.DataFrame, by: str) -> pl.DataFrame:
    """The first and the last section of each value, which are one where all are: `by`, section, last_section."""
    last = "last_section" if "last_section" in evidence.columns else "section"
    return evidence.group_by(by).agg(pl.col("section").min(), last_section=pl.col(last).max())


def _of_one(found: pl.DataFrame, by: str) -> pl.DataFrame:
    return found.filter(pl.col("section") == pl.col("last_section")).select(by, "section")


def _fill(known: pl.DataFrame, found: pl.DataFrame, by: str) -> pl.DataFrame:
    return (
        known.join(found.rename({"section": "found"}), on=by, how="left")
        .with_columns(section=pl.coalesce("section", "found"))
        .drop("found")
    )
