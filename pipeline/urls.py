"""From a URL as a dump prints it: the normalised URL, its SURT key, and the original inside a wrapped archive URL.

The one decision made here: which URLs are the same address. The rules follow what the keys of real CDX and CDXJ
files do (Sort-friendly URI Reordering Transform, the Internet Archive's variant): an ordinary URL's key equals theirs.

`normalise_url` keeps what may matter to a person (scheme, `www.`, letter case, order of the query), makes the rest one:
    blanks and `<>` around are cut, line breaks and tabs inside dropped; without a scheme `http://` is put in front;
    scheme and host in lower case; user name, default port, final dot of the host and fragment dropped; an empty path
    is `/`; `.` and `..` resolved; blanks, controls and characters beyond ASCII percent-encoded as UTF-8.
`urlkey` goes further:
    scheme and a leading `www.`, `www2.` … dropped, host labels reversed and joined by commas, `)` before the path;
    path and query are unescaped until nothing changes and escaped once (controls, blank, `#`, `%`, beyond ASCII);
    `//` in the path becomes `/`; all in lower case; session ids dropped; the path's final `/` dropped; the query's
    parts sorted by name and value, an empty query dropped. URLs without an authority (`dns:`, `urn:`, `file:`) are
    their own key.
`&` starts no query: `newarh/&start=0&ps=10&ppp=15` is all path, and stays in its order.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache, lru_cache
from urllib.parse import unquote, unquote_to_bytes

from pipeline.records import RecordedTime, TimePrecision, TimeSource

SITE_HOSTS = ("rusemb.org.uk",)
"""The embassy's site; `www.` and the mobile pages of `m.` belong to it, `rus.` is a site of its own."""

_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*):(//+)?")
_OPAQUE = frozenset({"about", "data", "dns", "file", "filedesc", "mailto", "metadata", "urn", "warcinfo"})
_DEFAULT_PORTS = {"http": "80", "https": "443", "ftp": "21"}
_UNSAFE = re.compile(r"[^\x21-\x7e]+")
_KEY_UNSAFE = re.compile(rb"[^\x21-\x7e]|[#%]")
_DOTS = re.compile(r"/\.\.?(?:/|$)")
_WWW = re.compile(r"www\d*\.")
_HOST = re.compile(r"[a-z0-9_-]+(?:\.[a-z0-9_-]+)*")
_AUTHORITY_END = re.compile(r"[/?#\\]")

_SESSION_PATH = re.compile(
    r";jsessionid=[0-9a-z]{32}(?:\.[0-9a-z]+)?|/\((?:[a-z]\([0-9a-z]{24}\))+\)|/\([0-9a-z]{24}\)"
)
_SESSION_QUERY = re.compile(
    r"(?:(?:jsessionid|phpsessid|sid)=[0-9a-z]{32}|aspsessionid[a-z]{8}=[a-z]{24}|cfid=[^&]+&cftoken=[^&]+)(?:&|$)"
)

_ARCHIVES = {
    "web.archive.org": "Internet Archive",
    "wayback.archive.org": "Internet Archive",
    "web-beta.archive.org": "Internet Archive",
    "archive.org": "Internet Archive",
    "archive.today": "archive.today",
    "archive.ph": "archive.today",
    "archive.is": "archive.today",
    "archive.li": "archive.today",
    "archive.vn": "archive.today",
    "archive.md": "archive.today",
    "archive.fo": "archive.today",
    "webarchive.org.uk": "UK Web Archive",
    "webarchive.nationalarchives.gov.uk": "UK Government Web Archive",
    "arquivo.pt": "Arquivo.pt",
}
_WRAPPED = re.compile(
    r"(?P<head>(?:https?://[^/?#]+)?/(?:[^/?#]+/){0,4}?)(?P<time>\d{4,14}|\d{4}\.\d\d\.\d\d-\d{6})(?:[a-z]{2}_|\*)?/"
    r"(?P<url>https?(?::|%3a).*)",
    re.IGNORECASE | re.DOTALL,
)
_HAS_TIME = re.compile(r"/\d{4}")
_WRAPPED_BARE = re.compile(
    r"(?P<head>https?://[^/?#]+/(?:web/)?)(?P<time>\d{8,14})(?:[a-z]{2}_|\*)?/(?P<url>[\w-]+(?:\.[\w-]+)+(?:[:/?].*)?)",
    re.IGNORECASE | re.DOTALL,
)
_REMEMBERED = 16_384
"""URLs whose keys are kept: a site's few thousand addresses come back on every page."""
_TIME_FORMATS = {
    14: ("%Y%m%d%H%M%S", TimePrecision.SECOND),
    12: ("%Y%m%d%H%M", TimePrecision.MINUTE),
    8: ("%Y%m%d", TimePrecision.DAY),
}


@dataclass(frozen=True, slots=True)
class Unwrapped:
    """A URL freed of the archive's URL around it."""

    url: str
    """The original URL; the argument itself where nothing was wrapped."""
    recorded: RecordedTime | None
    """Time of the memento; null where nothing was wrapped or its timestamp names no day."""
    archive: str | None
    """Name of the archive; null for a host that is not known as one."""
    memento_url: str | None
    """The wrapped URL, absolute, escaped as `normalise_url` does; null where no known archive wraps it."""


@lru_cache(maxsize=_REMEMBERED)
def normalise_url(url: str) -> str:
    """Return the URL in one spelling (rules at the top); never raises, and is its own normal form."""
    text = url.strip(" \t\r\n\f\v<>\x00")
    if any(char in text for char in "\t\r\n"):
        text = text.translate({9: None, 10: None, 13: None})
    text = _escape(text)
    scheme, rest = _split_scheme(text)
    if rest is None:
        return text
    end = _AUTHORITY_END.search(rest)
    authority, tail = (rest, "") if end is None else (rest[: end.start()], rest[end.start() :])
    tail = tail.partition("#")[0]
    path, mark, query = tail.partition("?")
    path = _without_dots(path.replace("\\", "/")) or "/"
    return f"{scheme}://{_authority(authority, scheme)}{path}{mark}{query}"


@lru_cache(maxsize=_REMEMBERED)
def urlkey(url: str) -> str:
    """Return the SURT key of a URL (rules at the top), such as `uk,org,rusemb)/article/1`; never raises."""
    text = normalise_url(url)
    scheme, mark, rest = text.partition("://")
    if not mark or scheme in _OPAQUE:
        return text
    cut = _AUTHORITY_END.search(rest)
    split = len(rest) if cut is None else cut.start()
    host, _, port = rest[:split].partition(":") if "[" not in rest[:split] else (rest[:split], "", "")
    host = host[match.end() :] if (match := _WWW.match(host)) else host
    path, _, query = rest[split:].partition("?")
    path = _without_dots(_SESSION_PATH.sub("", _reescape(path)))
    while "//" in path:
        path = path.replace("//", "/")
    path = path.rstrip("/") or "/"
    query = _SESSION_QUERY.sub("", _reescape(query))
    query = "&".join(sorted(query.split("&"), key=lambda part: part.partition("=")))
    reversed_host = ",".join(reversed(_reescape(host).split(".")))
    return f"{reversed_host}{':' + port if port else ''}){path}{'?' + query if query else ''}"


def is_same_site(key: str, site_hosts: Sequence[str] = SITE_HOSTS) -> bool:
    """Tell whether a `urlkey` lies on one of the hosts or its mobile pages; with no hosts given, every key does."""
    if not site_hosts:
        return True
    host = key.partition(")")[0].partition(":")[0]
    wanted = _reversed_hosts(tuple(site_hosts))
    return host in wanted or host.removesuffix(",m") in wanted


@cache
def _reversed_hosts(site_hosts: tuple[str, ...]) -> frozenset[str]:
    return frozenset(",".join(reversed(site.lower().split("."))) for site in site_hosts)


def site_host(text: str) -> str | None:
    """Return the host that someone names by a host or any URL of it, as `is_same_site` wants it; null for none."""
    scheme, _, rest = normalise_url(text).partition("://")
    host = rest.partition("/")[0].partition(":")[0]
    host = host[match.end() :] if (match := _WWW.match(host)) else host
    return host if scheme not in _OPAQUE and _HOST.fullmatch(host) else None


@lru_cache(maxsize=_REMEMBERED)
def unwrap_archive_url(url: str) -> Unwrapped:
    """Return the original URL inside an archive's, with the memento's time.

    Known are `/web/<1 to 14 digits>[mod_]/URL` of the Wayback Machine, archive.today's two kinds of timestamp, and
    any host's `/<collection>/<timestamp>[mod_]/URL` as pywb prints it. Of nested wraps the innermost counts: its
    archive saw the page itself. `archive` and `memento_url` are set for known hosts alone, for only they prove them.
    """
    result = Unwrapped(url, None, None, None)
    text = url.strip()
    if not _HAS_TIME.search(text):
        return result
    while True:
        match = _WRAPPED.fullmatch(text)
        if match is None and (bare := _WRAPPED_BARE.fullmatch(text)) and _archive_of(bare["head"]):
            match = bare
        if match is None:
            return result
        recorded = parse_timestamp(match["time"])
        archive = _archive_of(match["head"])
        if recorded is None and archive is None:
            return result
        inner = _inner_url(match["url"])
        result = Unwrapped(inner, recorded, archive, _escape(text) if archive else None)
        text = inner


def parse_timestamp(digits: str, source: TimeSource = TimeSource.WAYBACK) -> RecordedTime | None:
    """Return the time of 14, 12 or 8 digits or of archive.today's `YYYY.MM.DD-HHMMSS`; null for any other."""
    compact = digits.replace(".", "").replace("-", "")
    form = _TIME_FORMATS.get(len(compact))
    if form is None or not (compact.isascii() and compact.isdigit()):
        return None
    try:
        return RecordedTime(datetime.strptime(compact, form[0]).replace(tzinfo=UTC), source, form[1])
    except ValueError:
        return None


def _split_scheme(text: str) -> tuple[str, str | None]:
    """Return (scheme in lower case, the rest from the authority on), or a null rest for a URL without authority."""
    match = _SCHEME.match(text)
    if match is None:
        return "http", text.lstrip("/") if text.startswith("//") else text
    scheme = match[1].lower()
    if scheme in _OPAQUE:
        return scheme, None
    if match[2] is None and scheme not in _DEFAULT_PORTS:
        return "http", text  # `host:8080/path` looks like a scheme
    return scheme, text[match.end() :]


def _authority(authority: str, scheme: str) -> str:
    authority = authority.rpartition("@")[2].lower()
    if authority.startswith("["):
        return authority
    host, _, port = authority.partition(":")
    return host.rstrip(".") if port in ("", _DEFAULT_PORTS.get(scheme)) else f"{host.rstrip('.')}:{port}"


def _escape(text: str) -> str:
    return _UNSAFE.sub(lambda match: "".join(f"%{byte:02X}" for byte in match[0].encode("utf-8", "replace")), text)


def _reescape(text: str) -> str:
    """Unescape until nothing changes, escape once, lower the case."""
    if "%" in text:
        before, after = b"", text.encode("ascii", "replace")
        while before != after:
            before, after = after, unquote_to_bytes(after)
        text = _KEY_UNSAFE.sub(lambda match: b"%%%02x" % match[0][0], after).decode("ascii")
    return text.lower()


def _without_dots(path: str) -> str:
    if "/." not in path or not _DOTS.search(path):
        return path
    kept: list[str] = []
    parts = path.split("/")[1:]
    for part in parts:
        if part == "..":
            del kept[-1:]
        elif part != ".":
            kept.append(part)
    if parts[-1] in (".", ".."):
        kept.append("")
    return "/" + "/".join(kept)


def _archive_of(head: str) -> str | None:
    host = head.partition("://")[2].partition("/")[0].partition(":")[0].lower()
    return _ARCHIVES.get(host.removeprefix("www."))


def _inner_url(text: str) -> str:
    if "%" in text[:6]:
        text = unquote(text)
    return re.sub(r"^(https?):/*", r"\1://", text, flags=re.IGNORECASE)
