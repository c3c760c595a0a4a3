"""From the lists that captures show to what the archive could have missed, section by section.

The decision made here: what a list proves. A list at the top of its section (an article's, or the first of a listing)
holds everything published after its oldest day up to its capture; a listing further down holds what lies between its
oldest and its newest day. The oldest day itself may be cut off by the list's length, so a gap before a list includes
it; where nothing lies before (the first days the archive knows of a section) the closed row starts with it. The day of
a capture stands in the row that ends with the capture and in the gap that begins with it.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

import polars as pl

from pipeline.resolve.sections import ListStart, list_start

COVERAGE: Final[dict[str, type[pl.DataType]]] = {
    "section": pl.String,
    "from_on": pl.Date,
    "to_on": pl.Date,
    "status": pl.String,
    "capture_id_before": pl.String,
    "capture_id_after": pl.String,
}
"""Columns of `coverage`."""

_DAY: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class _Span:
    """Days about which lists leave no doubt: after `since`, up to and into `until`."""

    since: date
    until: date
    first_capture: str
    """Whose list reaches back to `since`."""
    last_capture: str
    """Whose list reaches up to `until`."""

    def with_(self, other: "_Span") -> "_Span":
        """Both spans as one."""
        earliest = min(self, other, key=lambda span: (span.since, span.first_capture))
        latest = max(self, other, key=lambda span: (span.until, span.last_capture))
        return _Span(earliest.since, latest.until, earliest.first_capture, latest.last_capture)


def coverage(captures: pl.DataFrame, teasers: pl.DataFrame) -> pl.DataFrame:
    """Say for each section between which days its lists overlap.

    Two lists overlap where they share an event, or where the later one's oldest day lies before the day up to which the
    earlier one reaches.

    Args:
        captures: capture_id, captured_on, urlkey, page_kind, section (as `sections.list_sections` gives it, null for a
            list whose section is not known), teasers_observable.
        teasers: capture_id, event_id, published_on.

    Returns:
        Rows of `coverage`, sorted. A section without any list has one row `unobservable` over the days of its captures;
        in other sections captures without lists before the first or after the last span make such a row.
    """
    known = captures.filter(pl.col("section").is_not_null() & pl.col("captured_on").is_not_null())
    lists = (
        known.join(
            teasers.filter(pl.col("published_on").is_not_null())
            .group_by("capture_id")
            .agg(oldest=pl.col("published_on").min(), newest=pl.col("published_on").max()),
            on="capture_id",
        )
        .select("section", "capture_id", "captured_on", "urlkey", "page_kind", "oldest", "newest")
        .sort("section", "captured_on", "capture_id")
    )
    spans: dict[str, dict[str, _Span]] = {}
    for section, capture, captured_on, urlkey, page_kind, oldest, newest in lists.iter_rows():
        is_top = list_start(urlkey, page_kind) is ListStart.TOP
        until = max(captured_on, newest) if is_top else newest
        spans.setdefault(section, {})[capture] = _Span(oldest, until, capture, capture)
    shared = _shared_events(lists, teasers)
    blind: dict[str, list[tuple[date, str]]] = {}
    without = known.filter(pl.col("page_kind").is_in(["article", "listing"])).join(lists, on="capture_id", how="anti")
    for section, day, capture in without.select("section", "captured_on", "capture_id").sort(pl.all()).iter_rows():
        blind.setdefault(section, []).append((day, capture))
    rows: list[tuple[str, date, date, str, str | None, str | None]] = []
    for section in sorted(spans.keys() | blind.keys()):
        joined = _joined(spans.get(section, {}), shared.get(section, ()))
        rows.extend((section, *row) for row in _rows(joined, blind.get(section, [])))
    return pl.DataFrame(rows, schema=COVERAGE, orient="row").sort("section", "from_on")


def _shared_events(lists: pl.DataFrame, teasers: pl.DataFrame) -> dict[str, list[tuple[str, str]]]:
    """Pairs of captures of one section whose lists share an event: each with the next that shows it."""
    pairs = (
        teasers.select("capture_id", "event_id")
        .unique()
        .join(lists.select("section", "capture_id", "captured_on"), on="capture_id")
        .sort("section", "event_id", "captured_on", "capture_id")
        .with_columns(following=pl.col("capture_id").shift(-1).over("section", "event_id"))
        .filter(pl.col("following").is_not_null())
        .select("section", "capture_id", "following")
        .unique()
        .sort(pl.all())
    )
    found: dict[str, list[tuple[str, str]]] = {}
    for section, capture, following in pairs.iter_rows():
        found.setdefault(section, []).append((capture, following))
    return found


def _joined(spans: Mapping[str, _Span], shared: Iterable[tuple[str, str]]) -> list[_Span]:
    """The spans that remain when overlapping lists are one, in order of time."""
    parents = {capture: capture for capture in spans}

    def root(capture: str) -> str:
        while parents[capture] != capture:
            parents[capture] = parents[parents[capture]]
            capture = parents[capture]
        return capture

    for one, other in shared:
        first, later = sorted((root(one), root(other)))
        parents[later] = first
    hulls: dict[str, _Span] = {}
    for capture, span in spans.items():
        name = root(capture)
        hulls[name] = hulls[name].with_(span) if name in hulls else span
    joined: list[_Span] = []
    for span in sorted(hulls.values(), key=lambda hull: (hull.since, hull.until, hull.first_capture)):
        if joined and span.since < joined[-1].until:
            joined[-1] = joined[-1].with_(span)
        else:
            joined.append(span)
    return joined


def _rows(
    spans: list[_Span], blind: list[tuple[date, str]]
) -> Iterable[tuple[date, date, str, str | None, str | None]]:
    """from_on, to_on, status, capture before, capture after; `blind` holds the captures without a list, by day."""
    if not spans:
        yield blind[0][0], blind[-1][0], "unobservable", blind[0][1], blind[-1][1]
        return
    before = [entry for entry in blind if entry[0] < spans[0].since]
    if before:
        yield before[0][0], spans[0].since - _DAY, "unobservable", before[0][1], spans[0].first_capture
    yield from _lists_and_gaps(spans)
    after = [entry for entry in blind if entry[0] > spans[-1].until]
    if after:
        yield spans[-1].until + _DAY, after[-1][0], "unobservable", spans[-1].last_capture, after[-1][1]


def _lists_and_gaps(spans: list[_Span]) -> Iterable[tuple[date, date, str, str | None, str | None]]:
    """The closed rows and the open ones between them; a list that proves no whole day lies within a gap."""
    reached = spans[0]
    if len(spans) == 1 or reached.since < reached.until:
        yield reached.since, reached.until, "closed", reached.first_capture, reached.last_capture
    for span in spans[1:]:
        is_last = span is spans[-1]
        starts = span.since + _DAY
        proves_days = starts < span.until or (is_last and starts == span.until)
        if proves_days or is_last:
            ends = span.since if proves_days else span.until
            yield reached.until, ends, "open", reached.last_capture, span.first_capture
        if proves_days:
            yield starts, span.until, "closed", span.first_capture, span.last_capture
            reached = span
