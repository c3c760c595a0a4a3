"""From a raw record and its parsed page to the rows they are: the one place where a page's facts become columns.

Decides a capture's time (the dump's own wins, the page's clock is checked against it: source-format.md, "Which day is
the header's date?") and its id (data-model.md, "Ids"). Knows of one page at a time.
"""

import hashlib
import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, timedelta
from typing import NamedTuple

from pipeline.frames import CounterRow, LineRow, PageRow, RecordRow
from pipeline.parse.clock import capture_instant, check_clock
from pipeline.parse.page import Header, ParsedPage
from pipeline.parse.parser import parse_page
from pipeline.records import RawRecord, RecordedTime, TimePrecision, TimeSource
from pipeline.resolve.ids import capture_id
from pipeline.urls import normalise_url, urlkey


class ObservedTeaser(NamedTuple):
    """A teaser as one page prints it (schemas.observed)."""

    page_no: int
    capture_id: str
    position: int
    line_no: int
    published_on: date | None
    title: str | None
    teaser: str | None
    is_cut: bool
    href_urlkey: str | None
    section: str | None
    is_repeat: bool
    page_date: date | None


class ObservedArticle(NamedTuple):
    """An article as one page prints it (schemas.observed)."""

    page_no: int
    capture_id: str
    url: str | None
    urlkey: str | None
    section: str | None
    title: str | None
    published_on: date | None
    body: str
    """Empty where the page ends with the title."""
    body_sha256: str
    is_truncated: bool
    n_paragraphs: int
    language: str | None
    page_date: date | None


@dataclass(frozen=True, slots=True)
class Observation:
    """All rows of one page."""

    page: PageRow
    teasers: tuple[ObservedTeaser, ...]
    article: ObservedArticle | None
    counters: tuple[CounterRow, ...]
    unplaced: tuple[LineRow, ...]


def instant_text(time: RecordedTime | None) -> str:
    """A capture's instant as it enters its id: to the minute, to the day where no more is known, or empty."""
    if time is None:
        return ""
    utc = time.at.astimezone(UTC)
    return f"{utc:%Y-%m-%d}" if time.precision is TimePrecision.DAY else f"{utc:%Y-%m-%dT%H:%MZ}"


def capture_time(recorded: RecordedTime | None, header: Header | None) -> RecordedTime | None:
    """The dump's own time where it has one; the page's clock refines a bare day or stands in for a missing time."""
    clock = (
        None if header is None else RecordedTime(capture_instant(header), TimeSource.PAGE_CLOCK, TimePrecision.MINUTE)
    )
    if recorded is None:
        return clock
    if recorded.precision is TimePrecision.DAY and clock is not None and clock.at.date() == recorded.at.date():
        return clock
    return recorded


def clock_verdict(header: Header | None, recorded: RecordedTime | None) -> str | None:
    """The clock check of a page against the time its dump carries, null without a header."""
    if recorded is None:
        return check_clock(header, None, None)
    return check_clock(header, recorded.at, recorded.source, recorded.precision)


def counter_slug(label: str) -> str:
    """A counter's name: the label in lower case without its leading article, words joined by hyphens.

    Letters are reduced to ASCII, apostrophes of either kind dropped; a label with none left is named by its digest.
    """
    plain = unicodedata.normalize("NFKD", label.casefold()).encode("ascii", "ignore").decode()
    words = re.findall(r"[a-z0-9]+", plain.replace("'", ""))
    if not words:
        return "counter-" + hashlib.sha256(label.encode()).hexdigest()[:8]
    return "-".join(words[1:] if len(words) > 1 and words[0] in {"the", "a", "an"} else words)


def record_row(record: RawRecord, page_no: int | None) -> RecordRow:
    """The ledger row of a record; `page_no` where it holds a page."""
    recorded = record.recorded
    return RecordRow(
        raw_path=record.raw_path,
        record_no=record.record_no,
        raw_format=record.raw_format,
        offset=record.offset,
        length=record.length,
        warc_record_id=record.warc_record_id,
        record_type=record.record_type,
        refers_to=record.refers_to,
        url=record.url,
        urlkey=_urlkey(record.url),
        recorded_at=None if recorded is None else recorded.at,
        recorded_source=None if recorded is None else recorded.source.value,
        recorded_precision=None if recorded is None else recorded.precision.value,
        http_status=record.http_status,
        media_type=record.media_type,
        sha256=record.sha256,
        payload_digest=record.payload_digest,
        outcome=record.outcome.value,
        reason=record.reason,
        detail=record.detail,
        page_no=page_no,
    )


def observe(record: RawRecord, page_no: int, detect_language: Callable[[str], str | None]) -> Observation:
    """Parse the page of a record and return its rows.

    Args:
        record: a record whose `page` is set.
        page_no: the page's number in its slice part.
        detect_language: ISO 639-1 code of a text, or null.
    """
    assert record.page is not None
    parsed = parse_page(record.page, url=record.url)
    digest = parsed.text_sha256
    time = capture_time(record.recorded, parsed.header)
    key = capture_id(digest, instant_text(time))
    article = _article_row(record, parsed, page_no, key, detect_language)
    counters = _counter_rows(parsed, page_no)
    return Observation(
        page=_page_row(record, parsed, page_no, key, digest, time, None if article is None else article.language),
        teasers=_teaser_rows(parsed, page_no, key),
        article=article,
        counters=counters,
        unplaced=tuple(LineRow(page_no, line.line_no, line.text) for line in parsed.unplaced),
    )


def _page_row(
    record: RawRecord,
    parsed: ParsedPage,
    page_no: int,
    key: str,
    digest: str,
    time: RecordedTime | None,
    language: str | None,
) -> PageRow:
    assert record.page is not None
    header = parsed.header
    observable = record.page.teasers_observable
    return PageRow(
        page_no=page_no,
        raw_path=record.raw_path,
        record_no=record.record_no,
        has_links=bool(record.page.links),
        capture_id=key,
        url=None if record.url is None else normalise_url(record.url),
        urlkey=_urlkey(record.url),
        captured_at=None if time is None else time.at,
        captured_at_source=None if time is None else time.source.value,
        captured_at_precision=None if time is None else time.precision.value,
        archive=record.archive,
        memento_url=record.memento_url,
        page_date=None if header is None else header.page_date,
        moscow_clock=None if header is None else header.moscow_clock,
        london_clock=None if header is None else header.london_clock,
        clock_check=clock_verdict(header, record.recorded),
        page_kind=parsed.page_kind,
        layout=parsed.layout,
        section=parsed.section,
        language=language,
        text_sha256=digest,
        n_lines=parsed.n_lines,
        n_unplaced_lines=len(parsed.unplaced),
        n_teasers=len(parsed.teasers) if observable or parsed.teasers else None,
        n_counters=len(parsed.counters),
        is_truncated=parsed.is_truncated or record.page.is_cut,
        teasers_observable=observable,
    )


def _article_row(
    record: RawRecord,
    parsed: ParsedPage,
    page_no: int,
    key: str,
    detect_language: Callable[[str], str | None],
) -> ObservedArticle | None:
    article = parsed.article
    if article is None:
        return None
    assert record.page is not None
    body = "\n\n".join(article.paragraphs)
    return ObservedArticle(
        page_no=page_no,
        capture_id=key,
        url=None if record.url is None else normalise_url(record.url),
        urlkey=_urlkey(record.url),
        section=parsed.section,
        title=article.title,
        published_on=article.published_on,
        body=body,
        body_sha256=hashlib.sha256(body.encode()).hexdigest(),
        is_truncated=article.is_truncated or record.page.is_cut,
        n_paragraphs=len(article.paragraphs),
        language=detect_language(body) if body else None,
        page_date=None if parsed.header is None else parsed.header.page_date,
    )


def _teaser_rows(parsed: ParsedPage, page_no: int, key: str) -> tuple[ObservedTeaser, ...]:
    day = None if parsed.header is None else parsed.header.page_date
    seen: set[tuple[date, str, str | None]] = set()
    rows = []
    for teaser in parsed.teasers:
        wording = (teaser.published_on, teaser.title, teaser.text)
        rows.append(
            ObservedTeaser(
                page_no=page_no,
                capture_id=key,
                position=teaser.position,
                line_no=teaser.line_no,
                published_on=teaser.published_on,
                title=teaser.title or None,
                teaser=teaser.text,
                is_cut=teaser.is_cut,
                href_urlkey=_urlkey(teaser.href),
                section=parsed.section,
                is_repeat=wording in seen,
                page_date=day,
            )
        )
        seen.add(wording)
    return tuple(rows)


def _counter_rows(parsed: ParsedPage, page_no: int) -> tuple[CounterRow, ...]:
    day = None if parsed.header is None else parsed.header.page_date
    return tuple(
        CounterRow(
            page_no=page_no,
            position=counter.position,
            counter=counter_slug(counter.label),
            label=counter.label,
            days=counter.days,
            claim=counter.claim,
            observed_on=day,
            start_on=_days_before(day, counter.days),
            raw_text=counter.raw_text,
        )
        for counter in parsed.counters
    )


def _days_before(day: date | None, days: int) -> date | None:
    """The day `days` before, null where the calendar ends earlier (a mangled number is no date)."""
    if day is None:
        return None
    try:
        return day - timedelta(days=days)
    except OverflowError:
        return None


def _urlkey(url: str | None) -> str | None:
    return None if url is None else urlkey(url)
