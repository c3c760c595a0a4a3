"""From the lists that captures show to what the archive could have missed, section by section.

The decision made here: what a list proves. A list at the top of its section (an article's, or the first of a listing)
holds everything published after its oldest day up to its capture, or up to the day in the page's own header where that
is earlier: what a cache hands out later proves no more. A listing further down holds what lies between its oldest and
its newest day. The oldest day itself may be cut off by the list's length, so a gap before a list includes
it; where nothing lies before (the first days the archive knows of a section) the closed row starts with it. The day of
a capture stands in the row that ends with the capture and in the gap that begins with it.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final, TypeAlias

import polars as pl

from pipeline.memory import with_own_strings
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
_SPAN: Final = ("section", "event", "since", "first_capture", "until", "last_capture")
_Event: TypeAlias = int | str
"""Whatever tells events apart."""


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


@dataclass(frozen=True, slots=True)
class _Shown:
    """What the lists of some captures show, as little of it as the days between them depend on."""

    spans: pl.DataFrame
    """section, event, since, first_capture, until, last_capture: lists that have the event as their first by name."""
    links: pl.DataFrame
    """section, event, other: events that stand on one list, each with the next by name."""
    blind: pl.DataFrame
    """section, since, first_capture, until, last_capture: captures that should have a list and have none."""

    @classmethod
    def of(cls, captures: pl.DataFrame, teasers: pl.DataFrame) -> "_Shown":
        """What a range of captures shows."""
        known = captures.filter(pl.col("section").is_not_null() & pl.col("captured_on").is_not_null())
        dated = (
            teasers.filter(pl.col("published_on").is_not_null())
            .group_by("capture")
            .agg(since=pl.col("published_on").min(), newest=pl.col("published_on").max())
        )
        made_on = pl.min_horizontal("captured_on", "page_date")
        lists = known.join(dated, on="capture").with_columns(
            first_capture="capture_id",
            last_capture="capture_id",
            until=pl.when(_is_top(known)).then(pl.max_horizontal(made_on, "newest")).otherwise("newest"),
        )
        events = (
            teasers.select("capture", "event")
            .unique()
            .join(lists.select("capture", "section"), on="capture")
            .sort("capture", "event")
        )
        lists = lists.join(events.group_by("capture").agg(pl.col("event").min()), on="capture")
        is_same = pl.col("capture") == pl.col("capture").shift(-1)
        links = events.with_columns(other=pl.when(is_same).then(pl.col("event").shift(-1))).drop_nulls("other")
        blind = (
            known.filter(pl.col("page_kind").is_in(["article", "listing"]))
            .join(lists, on="capture", how="anti")
            .with_columns(
                since="captured_on", first_capture="capture_id", until="captured_on", last_capture="capture_id"
            )
        )
        return cls(
            with_own_strings(_hulls(lists, "section", "event")),
            with_own_strings(links.select("section", "event", "other").unique()),
            with_own_strings(_hulls(blind, "section")),
        )

    def with_(self, other: "_Shown") -> "_Shown":
        """What both show."""
        return _Shown(
            _hulls(pl.concat([self.spans, other.spans]), "section", "event"),
            pl.concat([self.links, other.links]).unique(),
            _hulls(pl.concat([self.blind, other.blind]), "section"),
        )


def _hulls(spans: pl.DataFrame, *by: str) -> pl.DataFrame:
    """From where to where the spans of each group reach, and which captures say so."""
    return spans.group_by(by).agg(
        pl.col("since").min(),
        pl.col("first_capture").sort_by("since", "first_capture").first(),
        pl.col("until").max(),
        pl.col("last_capture").sort_by("until", "last_capture").last(),
    )


def _is_top(captures: pl.DataFrame) -> pl.Expr:
    """Whether a list starts at the top of its section; of listings their distinct addresses tell."""
    keys = captures.filter(pl.col("page_kind") == "listing").get_column("urlkey").unique()
    top = [key for key in keys if list_start(key, "listing") is ListStart.TOP]
    return (pl.col("page_kind") != "listing") | pl.col("urlkey").is_in(top).fill_null(value=False)


def coverage(ranges: Iterable[tuple[pl.DataFrame, pl.DataFrame]]) -> pl.DataFrame:
    """Say for each section between which days its lists overlap.

    Two lists overlap where they share an event, or where the later one's oldest day lies before the day up to which the
    earlier one reaches.

    Args:
        ranges: captures (capture, capture_id, captured_on, page_date, urlkey, page_kind, section as
            `sections.list_sections` gives it, null for a list whose section is not known) with all their teasers
            (capture, event, published_on), in pieces.

    Returns:
        Rows of `coverage`, sorted. A section without any list has one row `unobservable` over the days of its captures;
        in other sections captures without lists before the first or after the last span make such a row.
    """
    shown: _Shown | None = None
    for captures, teasers in ranges:
        found = _Shown.of(captures, teasers)
        shown = found if shown is None else shown.with_(found)
    if shown is None:
        return pl.DataFrame(schema=COVERAGE)
    spans: dict[str, dict[_Event, _Span]] = {}
    for section, event, since, first, until, last in shown.spans.select(_SPAN).iter_rows():
        spans.setdefault(section, {})[event] = _Span(since, until, first, last)
    links: dict[str, list[tuple[_Event, _Event]]] = {}
    for section, event, other in shown.links.select("section", "event", "other").iter_rows():
        links.setdefault(section, []).append((event, other))
    columns = ("section", "since", "until", "first_capture", "last_capture")
    blind = {section: _Span(*span) for section, *span in shown.blind.select(columns).iter_rows()}
    rows: list[tuple[str, date, date, str, str | None, str | None]] = []
    for section in sorted(spans.keys() | blind.keys()):
        joined = _joined(spans.get(section, {}), links.get(section, ()))
        rows.extend((section, *row) for row in _rows(joined, blind.get(section)))
    return pl.DataFrame(rows, schema=COVERAGE, orient="row").sort("section", "from_on")


def _joined(spans: Mapping[_Event, _Span], links: Iterable[tuple[_Event, _Event]]) -> list[_Span]:
    """The spans that remain when overlapping lists are one, in order of time."""
    parents: dict[_Event, _Event] = {}

    def root(event: _Event) -> _Event:
        while (parent := parents.setdefault(event, event)) != event:
            parents[event] = parents[parent]
            event = parents[event]
        return event

    for one, other in links:
        parents[root(one)] = root(other)
    hulls: dict[_Event, _Span] = {}
    for event, span in spans.items():
        name = root(event)
        hulls[name] = hulls[name].with_(span) if name in hulls else span
    joined: list[_Span] = []
    for span in sorted(hulls.values(), key=lambda hull: (hull.since, hull.until, hull.first_capture)):
        if joined and span.since < joined[-1].until:
            joined[-1] = joined[-1].with_(span)
        else:
            joined.append(span)
    return joined


def _rows(spans: list[_Span], blind: _Span | None) -> Iterable[tuple[date, date, str, str | None, str | None]]:
    """from_on, to_on, status, capture before, capture after; `blind` spans the captures without a list."""
    if not spans:
        assert blind is not None
        yield blind.since, blind.until, "unobservable", blind.first_capture, blind.last_capture
        return
    if blind is not None and blind.since < spans[0].since:
        yield blind.since, spans[0].since - _DAY, "unobservable", blind.first_capture, spans[0].first_capture
    yield from _lists_and_gaps(spans)
    if blind is not None and blind.until > spans[-1].until:
        yield spans[-1].until + _DAY, blind.until, "unobservable", spans[-1].last_capture, blind.last_capture


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
