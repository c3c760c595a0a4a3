"""From a raw record and its parsed page to the rows they are: the one place where a page's facts become columns.

Decides a capture's time (the dump's own wins, the page's clock is checked against it: source-format.md, "Which day is
the header's date?") and its id (data-model.md, "Ids"). Knows of one page at a time.
"""

import hashlib
import re
import unicodedata
from datetime import UTC, date, timedelta
from typing import Final, NamedTuple

from pipeline.frames import CounterRow, LineRow, PageRow, RecordRow
from pipeline.parse.clock import capture_instant, check_clock
from pipeline.parse.known import Known
from pipeline.parse.page import Header, ParsedPage, Teaser
from pipeline.parse.parser import parse_page
from pipeline.records import RawRecord, RecordedTime, TimePrecision, TimeSource
from pipeline.resolve.ids import capture_id
from pipeline.urls import normalise_url, urlkey


class ObservedArticle(NamedTuple):
    """An article as one page prints it (schemas.observed)."""

    page_no: int
    title: str | None
    published_on: date | None
    body: str
    """Empty where the page ends with the title."""
    body_sha256: str
    is_truncated: bool
    n_paragraphs: int


class Observation(NamedTuple):
    """All rows of one page."""

    page: PageRow
    """`language` is left to whoever collects the pages, as bodies are judged together (`pipeline.slices.part`)."""
    teasers: tuple[Teaser, ...]
    article: ObservedArticle | None
    counters: tuple[CounterRow, ...]
    unplaced: tuple[LineRow, ...]


def instant_text(time: RecordedTime | None) -> str:
    """A capture's instant as it enters its id: to the minute, to the day where no more is known, or empty."""
    if time is None:
        return ""
    utc = time.at.astimezone(UTC)
    text = utc.isoformat(timespec="minutes")  # `strftime` takes five times as long
    return text[:10] if time.precision is TimePrecision.DAY else f"{text[:16]}Z"


def capture_time(recorded: RecordedTime | None, header: Header | None) -> RecordedTime | None:
    """The dump's own time where it has one; the page's clock refines a bare day or stands in for a missing time."""
    if recorded is not None and recorded.precision is not TimePrecision.DAY:
        return recorded
    clock = (
        None if header is None else RecordedTime(capture_instant(header), TimeSource.PAGE_CLOCK, TimePrecision.MINUTE)
    )
    if recorded is None or (clock is not None and clock.at.date() == recorded.at.date()):
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


def observe(record: RawRecord, page_no: int) -> Observation:
    """Parse the page of a record and return its rows.

    Args:
        record: a record whose `page` is set.
        page_no: the page's number in its slice part.
    """
    assert record.page is not None
    parsed = parse_page(record.page, url=record.url)
    time = capture_time(record.recorded, parsed.header)
    return Observation(
        page=_page_row(record, parsed, page_no, time),
        teasers=parsed.teasers,
        article=_article_row(record, parsed, page_no),
        counters=_counter_rows(parsed, page_no),
        unplaced=tuple(LineRow(page_no, line.line_no, line.text) for line in parsed.unplaced),
    )


def _page_row(record: RawRecord, parsed: ParsedPage, page_no: int, time: RecordedTime | None) -> PageRow:
    assert record.page is not None
    header = parsed.header
    observable = record.page.teasers_observable
    return PageRow(
        page_no=page_no,
        raw_path=record.raw_path,
        record_no=record.record_no,
        has_links=bool(record.page.links),
        capture_id=capture_id(parsed.text_sha256, instant_text(time)),
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
        language=None,
        text_sha256=parsed.text_sha256,
        n_lines=parsed.n_lines,
        n_unplaced_lines=len(parsed.unplaced),
        n_teasers=len(parsed.teasers) if observable or parsed.teasers else None,
        n_counters=len(parsed.counters),
        is_truncated=parsed.is_truncated or record.page.is_cut,
        teasers_observable=observable,
    )


def _article_row(record: RawRecord, parsed: ParsedPage, page_no: int) -> ObservedArticle | None:
    article = parsed.article
    if article is None:
        return None
    assert record.page is not None
    body, digest = _BODIES[article.paragraphs]
    return ObservedArticle(
        page_no=page_no,
        title=article.title,
        published_on=article.published_on,
        body=body,
        body_sha256=digest,
        is_truncated=article.is_truncated or record.page.is_cut,
        n_paragraphs=len(article.paragraphs),
    )


def _joined(paragraphs: tuple[str, ...]) -> tuple[str, str]:
    """A body and its digest."""
    body = "\n\n".join(paragraphs)
    return body, hashlib.sha256(body.encode()).hexdigest()


_BODIES: Final = Known(_joined, lambda paragraphs: sum(map(len, paragraphs)), 4_000_000)
"""Most captures of an article show the text of the one before."""


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
