"""From one archived record (of WARC, ARC, WET or WACZ) to its ledger row, and its page if it holds one.

The one decision made here: what is a page. A response or resource is one if it is of the web (http, https, ftp), was
answered with 200 or carries no status, is HTML or XHTML by its media type (where that is missing or says nothing,
by its first bytes), and lies on a wanted site. Plain text is a page only where no server sent it: as a conversion (WET)
or a resource. Everything else is `not_a_page` with its reason:
    `http_status`, `media_type`, `other_site`, `not_from_web`, or the record's own type (`request`, `warcinfo` …).
A page that breaks off goes on with `is_cut` if it shows any text; else it is rejected as `truncated_record`, and so is
a response that breaks off before its HTTP headers end: what it holds cannot be known.

Where the URL wraps an archive's (a crawl or proxy of the Wayback Machine), the original URL and the memento's time take
its place. `archive` and `memento_url` are set from such a URL, or from a `WARC-Source-URI` of that kind; the name
Common Crawl is set where the file's own warcinfo says `isPartOf: CC-MAIN…` or names a `CC-MAIN-` or `CC-NEWS-` file.
"""

import hashlib
import re
from functools import cache
from typing import NamedTuple

from pipeline.ingest.charset import decode_html
from pipeline.ingest.html_text import html_to_page_text
from pipeline.ingest.http_body import Body, BodyTooLargeError, HttpMessage, decode_body, is_whole_head, parse_http
from pipeline.ingest.reader import ReadOptions, printable
from pipeline.records import Outcome, PageText, RawRecord, RecordedTime
from pipeline.urls import Unwrapped, is_same_site, unwrap_archive_url, urlkey

HTML_TYPES = frozenset({"text/html", "application/xhtml+xml", "application/vnd.wap.xhtml+xml"})
_SAY_NOTHING = frozenset(
    {"", "unknown", "application/octet-stream", "application/unknown", "unknown/unknown", "no-type"}
)
_LOOKS_LIKE_HTML = re.compile(
    rb"\s*(?:\xef\xbb\xbf)?\s*(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)*<(?:!doctype\s+html|html|head|body|title|meta|table|div|p)\b",
    re.IGNORECASE | re.DOTALL,
)
_OTHER_MEDIA = (b"%PDF-", b"\x89PNG\r\n", b"GIF8", b"\xff\xd8\xff", b"PK\x03\x04", b"\xd0\xcf\x11\xe0")
_WEB = re.compile(r"https?:|ftp:", re.IGNORECASE)
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:(?!\d)")


class Archived(NamedTuple):
    """A record as its archive format names it."""

    kind: str
    """`response`, `resource`, `conversion`, `revisit` or any other type of WARC record."""
    block: bytes
    url: str | None
    recorded: RecordedTime | None
    media_type: str | None
    """Of the block, where it is no HTTP message."""
    is_http: bool
    is_cut: bool = False
    problem: str | None = None
    """Why no page can be made of it; a reason of the ledger."""
    detail: str | None = None
    offset: int | None = None
    length: int | None = None
    record_id: str | None = None
    refers_to: str | None = None
    payload_digest: str | None = None
    archive: str | None = None
    source_url: str | None = None
    """The archive's URL that the record was fetched from, where the record says so."""


def to_raw_record(found: Archived, raw_path: str, record_no: int, raw_format: str, options: ReadOptions) -> RawRecord:
    """Return the ledger row of an archived record, with its page where it holds one."""
    message = parse_http(found.block) if found.is_http else HttpMessage(None, {}, found.block)
    media_type = _essence(message.headers.get("content-type") if found.is_http else found.media_type)
    address = page_address(found)
    source = unwrap_archive_url(found.source_url) if found.source_url else None
    proof = source if source and source.archive else address
    url = address.url if address else None
    outcome, reason, detail, page = _judge(found, message, media_type, url, options)
    if detail is not None:
        place = "" if found.offset is None else f" at byte {found.offset}"
        detail = f"{printable(raw_path)}, record {record_no}{place}: {detail}"
    return RawRecord(
        raw_path=raw_path,
        record_no=record_no,
        raw_format=raw_format,
        outcome=outcome,
        reason=reason,
        detail=detail,
        offset=found.offset,
        length=found.length,
        warc_record_id=found.record_id,
        record_type=found.kind or None,
        refers_to=found.refers_to,
        url=url,
        recorded=(address.recorded if address else None) or found.recorded,
        http_status=message.status,
        media_type=media_type or None,
        sha256=None if found.problem else hashlib.sha256(message.body).hexdigest(),
        payload_digest=found.payload_digest,
        archive=(proof.archive if proof else None) or found.archive,
        memento_url=proof.memento_url if proof else None,
        page=page,
    )


def page_address(found: Archived) -> Unwrapped | None:
    """Return the address of an archived page, out of any archive's wrapping; null where the record names none."""
    return unwrap_archive_url(_with_scheme(found.url)) if found.url else None


_Verdict = tuple[Outcome, str | None, str | None, PageText | None]


def _judge(  # noqa: PLR0911 - one return for each end a record can come to
    found: Archived, message: HttpMessage, media_type: str, url: str | None, options: ReadOptions
) -> _Verdict:
    """Return outcome, reason, detail and page."""
    if found.problem not in (None, "record_too_large"):
        return Outcome.REJECTED, found.problem, found.detail, None
    reason = _no_page(found, message, media_type, url, options)
    if reason == "media_type" and found.is_http and found.is_cut and not is_whole_head(found.block):
        if _is_other_site(url, options):
            return Outcome.NOT_A_PAGE, "other_site", found.detail, None
        return Outcome.REJECTED, "truncated_record", found.detail or "it breaks off in its headers.", None
    if reason is not None:
        return Outcome.NOT_A_PAGE, reason, found.detail, None
    if found.problem is not None:
        return Outcome.REJECTED, found.problem, found.detail, None
    if found.kind == "revisit":
        return Outcome.REVISIT, None, found.detail, None
    try:
        body = decode_body(message, options.max_record_bytes)
    except BodyTooLargeError:
        detail = f"its page unpacks to more than {options.max_record_bytes:,} bytes, the limit for one record."
        return Outcome.REJECTED, "record_too_large", detail, None
    page = _page(body, message, media_type, found, url)
    if page is not None:
        return Outcome.PAGE, None, found.detail, page
    if found.is_cut or not body.is_whole:
        return Outcome.REJECTED, "truncated_record", found.detail or "its page breaks off before any text.", None
    return Outcome.REJECTED, "empty", found.detail or "the page shows no text.", None


def _no_page(
    found: Archived, message: HttpMessage, media_type: str, url: str | None, options: ReadOptions
) -> str | None:
    """Return why a record holds no page; null where it does, as far as its headers tell."""
    if found.kind not in ("response", "resource", "conversion", "revisit"):
        return found.kind if re.fullmatch(r"[a-z_]{3,20}", found.kind) else "record_type"
    if url is not None and _SCHEME.match(url) and not _WEB.match(url):
        return "not_from_web"
    if found.kind != "revisit" and message.status not in (None, 200):
        return "http_status"
    if not _is_page_type(found, message, media_type):
        return "media_type"
    return "other_site" if _is_other_site(url, options) else None


def _is_other_site(url: str | None, options: ReadOptions) -> bool:
    hosts = options.site_hosts
    is_wanted = url is None or not hosts or url.startswith(_usual_starts(hosts)) or is_same_site(urlkey(url), hosts)
    return not is_wanted


@cache
def _usual_starts(site_hosts: tuple[str, ...]) -> tuple[str, ...]:
    """Return how nearly all URLs of the wanted sites begin: told without making a key."""
    return tuple(
        f"{scheme}://{www}{host}/" for host in site_hosts for scheme in ("http", "https") for www in ("", "www.")
    )


def _is_page_type(found: Archived, message: HttpMessage, media_type: str) -> bool:
    if found.kind == "revisit":
        return not media_type or media_type in HTML_TYPES or media_type in _SAY_NOTHING
    if media_type == "text/plain":
        return found.kind in ("conversion", "resource") and not found.is_http
    if media_type in HTML_TYPES:
        return not message.body.startswith(_OTHER_MEDIA)
    if media_type in _SAY_NOTHING:
        return _LOOKS_LIKE_HTML.match(message.body, 0, 4096) is not None
    return False


def _page(body: Body, message: HttpMessage, media_type: str, found: Archived, url: str | None) -> PageText | None:
    """Return the page's text, null where it shows none."""
    is_cut = found.is_cut or not body.is_whole
    if media_type == "text/plain":
        page = PageText(body.content.decode("utf-8-sig", "replace"))
    else:
        content_type = message.headers.get("content-type") or found.media_type
        page = html_to_page_text(decode_html(body.content, content_type), url)
        if "/http" in " ".join([link.href for link in page.links]):
            links = tuple(link._replace(href=unwrap_archive_url(link.href).url) for link in page.links)
            page = page._replace(links=links)
    if not page.text or page.text.isspace():
        return None
    return page._replace(is_cut=True) if is_cut else page


def _essence(content_type: str | None) -> str:
    return content_type.partition(";")[0].strip().lower() if content_type else ""


def _with_scheme(url: str) -> str:
    url = url.strip().removeprefix("<").removesuffix(">")
    return url if _SCHEME.match(url) or url.startswith("/") else f"http://{url}"
