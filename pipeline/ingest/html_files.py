"""From an HTML file, as a browser, wget or a Wayback downloader saved it, to its one record.

The one decision made here: what a saved file says about its own capture, and whom to believe. Its folders come first
(`wayback_trees`), then the comments that the Wayback Machine and browsers write into what they hand out. What the
archive added (its toolbar, in `html_text`; rewritten links, here) is taken out again, so that a file saved with it
equals one saved without.

A body saved as it travelled (chunked, gzip, brotli, Zstandard, in any nesting) is unpacked first.
"""

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

from pipeline.ingest.cdx import complete
from pipeline.ingest.reader import RawFile, ReadOptions, RejectedFileError
from pipeline.ingest.saved_body import unwrap_body
from pipeline.ingest.text import stored_bytes
from pipeline.ingest.wayback_trees import TreePlace, locate
from pipeline.records import Link, Outcome, PageText, RawRecord, RecordedTime, TimePrecision, TimeSource
from pipeline.urls import Unwrapped, unwrap_archive_url

_SAVED_FROM = re.compile(r"<!--\s*saved from url=\(\d+\)(\S+?)\s*-->", re.IGNORECASE)
_ARCHIVED_ON = re.compile(
    r"FILE ARCHIVED ON (\d{1,2}:\d{2}:\d{2} [A-Z][a-z]{2} \d{1,2}, \d{4}) AND RETRIEVED FROM THE\s+INTERNET ARCHIVE"
)
_MONTH_NAMES = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_MONTHS = {name: no for no, name in enumerate(_MONTH_NAMES, start=1)}
_WAYBACK = "Internet Archive"


class HtmlFileReader:
    """Reads an HTML file."""

    raw_format = "html"

    def read(self, file: RawFile, options: ReadOptions) -> Iterator[RawRecord]:
        """Yield the file's one record."""
        from pipeline.ingest.charset import decode_html
        from pipeline.ingest.html_text import html_to_page_text

        stored = stored_bytes(file, options.max_record_bytes)
        body, is_whole = unwrap_body(stored, options.max_record_bytes)
        html = decode_html(body, None)
        origin = _origin(html, locate(file.tree_path or file.raw_path))
        page = html_to_page_text(html, origin.url)
        if not page.text.strip():
            raise RejectedFileError("empty", "the page shows no text.")
        record = RawRecord(
            raw_path=file.raw_path,
            record_no=0,
            raw_format=self.raw_format,
            outcome=Outcome.PAGE,
            offset=0,
            length=len(stored),
            url=origin.url,
            recorded=origin.recorded,
            media_type="text/html",
            sha256=hashlib.sha256(stored).hexdigest(),
            archive=origin.archive,
            memento_url=origin.memento_url,
            page=_with_original_links(page)._replace(is_cut=page.is_cut or not is_whole),
        )
        yield record if options.cdx is None else complete(record, options.cdx, body)


@dataclass(frozen=True, slots=True)
class _Origin:
    """Which capture a file holds, as far as the file and its place say."""

    url: str | None
    recorded: RecordedTime | None
    archive: str | None
    memento_url: str | None


def _origin(html: str, place: TreePlace) -> _Origin:
    """Say which capture a file is: its url, its time, and the archive that the file itself names."""
    saved = _saved_from(html)
    url = place.url or (saved.url if saved else None)
    archived = _archived_on(html)
    recorded = place.recorded or (saved.recorded if saved else None) or archived
    archive = _WAYBACK if archived else (saved.archive if saved else None)
    memento_url = saved.memento_url if saved else None
    if memento_url is None and archived and url and recorded and recorded.precision is TimePrecision.SECOND:
        memento_url = f"https://web.archive.org/web/{recorded.at:%Y%m%d%H%M%S}/{url}"
    return _Origin(url, recorded, archive, memento_url)


def _saved_from(html: str) -> Unwrapped | None:
    """Read the comment a browser puts before a page it saves."""
    match = _SAVED_FROM.search(html, 0, 4096)
    if match is None or not match[1].lower().startswith(("http://", "https://")):
        return None
    return unwrap_archive_url(match[1])


def _archived_on(html: str) -> RecordedTime | None:
    """Read the comment the Wayback Machine puts behind a page."""
    match = _ARCHIVED_ON.search(html)
    if match is None:
        return None
    clock, month, day, year = match[1].replace(",", "").split()
    hour, minute, second = (int(part) for part in clock.split(":"))
    try:
        at = datetime(int(year), _MONTHS.get(month, 0), int(day), hour, minute, second, tzinfo=UTC)
    except ValueError:
        return None
    return RecordedTime(at, TimeSource.WAYBACK, TimePrecision.SECOND)


def _with_original_links(page: PageText) -> PageText:
    """Free the links that an archive rewrote to its own."""
    links = tuple(Link(link.line_no, link.text, unwrap_archive_url(link.href).url) for link in page.links)
    return page if links == page.links else page._replace(links=links)
