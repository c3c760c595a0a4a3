"""From the lists that captures show to what the archive could have missed, section by section.

The decision made here: what a list proves. A list at the top of its section (an article's, or the first of a listing)
holds everything published after its oldest day up to its capture, or up to the day in the page's own header where that
is earlier: what a cache hands out later proves no more. A listing further down holds what lies between its oldest and
its newest day, and nothing proves more than its capture. The oldest day is that of the item printed last, the newest
that of the first: lists go from new to old, so an older or a newer day between them is a slip. A list that
reaches no further than its oldest day proves nothing, nor does one whose dump may have left some of it out.

The oldest day itself may be cut off by the list's length, so a gap before a list includes it; where nothing lies before
(the first days the archive knows of a section) the closed row starts with it. The day of a capture stands in the row
that ends with the capture and in the gap that begins with it.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

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
_SPAN: Final = ("section", "since", "until", "first_capture", "last_capture")
_ENDS: Final = ("section", "day", "event")


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
    """`_SPAN`: lists that overlap as one."""
    newest: pl.DataFrame
    """`_ENDS`: events that a list shows under the day up to which it reaches."""
    oldest: pl.DataFrame
    """`_ENDS`: events that a list shows under its oldest day."""
    blind: pl.DataFrame
    """`_SPAN`: captures that should have a list and have none."""

    @classmethod
    def of(cls, captures: pl.DataFrame, teasers: pl.DataFrame) -> "_Shown":
        """What a range of captures shows."""
        known = captures.filter(pl.col("section").is_not_null() & pl.col("captured_on").is_not_null())
        dated = teasers.filter(pl.col("published_on").is_not_null())
        ends = dated.group_by("capture").agg(
            since=pl.col("published_on").sort_by("position").last(),
            newest=pl.col("published_on").sort_by("position").first(),
        )
        made_on = pl.min_horizontal("captured_on", "page_date")
        lists = (
            known.filter("teasers_observable")
            .join(ends, on="capture")
            .with_columns(
                until=pl.when(_is_top(known)).then(made_on).otherwise(pl.min_horizontal(made_on, "newest")),
                first_capture="capture_id",
                last_capture="capture_id",
            )
            .filter(pl.col("since") <= pl.col("until"))
        )
        shown = dated.join(lists.filter(pl.col("since") < pl.col("until")), on="capture").rename(
            {"published_on": "day"}
        )
        blind = (
            known.filter(pl.col("page_kind").is_in(["article", "listing"]))
            .join(lists, on="capture", how="anti")
            .with_columns(
                since="captured_on", until="captured_on", first_capture="capture_id", last_capture="capture_id"
            )
        )
        return cls(
            with_own_strings(_overlapping(lists.select(_SPAN))),
            with_own_strings(shown.filter(pl.col("day") == pl.col("until")).select(_ENDS).unique()),
            with_own_strings(shown.filter(pl.col("day") == pl.col("since")).select(_ENDS).unique()),
            with_own_strings(_hulls(blind, "section")),
        )

    def with_(self, other: "_Shown") -> "_Shown":
        """What both show."""
        return _Shown(
            _overlapping(pl.concat([self.spans, other.spans])),
            pl.concat([self.newest, other.newest]).unique(),
            pl.concat([self.oldest, other.oldest]).unique(),
            _hulls(pl.concat([self.blind, other.blind]), "section"),
        )


def _overlapping(spans: pl.DataFrame) -> pl.DataFrame:
    """Spans of a section that overlap as one."""
    ordered = spans.sort("section", "since", "until", "first_capture")
    reached = pl.col("until").cum_max().shift().over("section")
    starts = (pl.col("since") >= reached).fill_null(value=True)
    return _hulls(ordered.with_columns(place=starts.cum_sum()), "section", "place").select(_SPAN)


def _hulls(spans: pl.DataFrame, *by: str) -> pl.DataFrame:
    """From where to where the spans of each group reach, and which captures say so."""
    return (
        spans.group_by(by)
        .agg(
            pl.col("since").min(),
            pl.col("first_capture").sort_by("since", "first_capture").first(),
            pl.col("until").max(),
            pl.col("last_capture").sort_by("until", "last_capture").last(),
        )
        .select(*by, *_SPAN[1:])
    )


def _is_top(captures: pl.DataFrame) -> pl.Expr:
    """Whether a list starts at the top of its section; of listings their distinct addresses tell."""
    keys = captures.filter(pl.col("page_kind") == "listing").get_column("urlkey").unique()
    top = [key for key in keys if list_start(key, "listing") is ListStart.TOP]
    return (pl.col("page_kind") != "listing") | pl.col("urlkey").is_in(top).fill_null(value=False)


def coverage(ranges: Iterable[tuple[pl.DataFrame, pl.DataFrame]]) -> pl.DataFrame:
    """Say for each section between which days its lists overlap.

    Two lists overlap where the later one's oldest day lies before the day up to which the earlier one reaches, and
    where it is that day and both print an event under it.

    Args:
        ranges: captures (capture, capture_id, captured_on, page_date, teasers_observable, urlkey, page_kind, section as
            `sections.list_sections` gives it, null for a list whose section is not known) with all their teasers
            (capture, position, event, published_on), in pieces.

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
    spans: dict[str, list[_Span]] = {}
    for section, *span in shown.spans.select(_SPAN).sort(_SPAN).iter_rows():
        spans.setdefault(section, []).append(_Span(*span))
    meeting = set(shown.newest.join(shown.oldest, on=_ENDS, how="semi").select("section", "day").unique().iter_rows())
    blind = {section: _Span(*span) for section, *span in shown.blind.select(_SPAN).iter_rows()}
    rows: list[tuple[str, date, date, str, str | None, str | None]] = []
    for section in sorted(spans.keys() | blind.keys()):
        met = {day for where, day in meeting if where == section}
        joined = _joined(spans.get(section, ()), met)
        rows.extend((section, *row) for row in _rows(joined, blind.get(section)))
    return pl.DataFrame(rows, schema=COVERAGE, orient="row").sort("section", "from_on")


def _joined(spans: Iterable[_Span], met: Collection[date]) -> list[_Span]:
    """The spans that remain when those are one that meet on a day under which both print an event, in order of time."""
    joined: list[_Span] = []
    for span in spans:
        if joined and (span.since < joined[-1].until or (span.since == joined[-1].until and span.since in met)):
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
    if reached.since < reached.until:
        yield reached.since, reached.until, "closed", reached.first_capture, reached.last_capture
    elif len(spans) == 1:
        yield reached.since, reached.until, "open", reached.first_capture, reached.last_capture
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
