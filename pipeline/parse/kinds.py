"""What kind of page a URL shows (source-format.md, Pages).

Derived from the path's first part alone. The one decision made here: hosts say nothing, so that mobile and plain URLs
of one item agree; wrapped URLs are taken out of their wrapping before.
"""

from enum import StrEnum
from functools import lru_cache
from urllib.parse import parse_qs, urlsplit


class PageKind(StrEnum):
    """`captures.page_kind`."""

    ARTICLE = "article"
    LISTING = "listing"
    SECTION = "section"
    OTHER = "other"


_ARTICLES = frozenset(
    ("article", "fnapr", "ambarticles", "press", "foreignpolicy", "activity", "consnews", "video", "photogal")
)
_LISTINGS = frozenset(("newarh", "apress_arh"))
_SECTIONS = frozenset(("embassy", "visaparents", "fortraveller", "ruuk", "historyukrel"))


@lru_cache(maxsize=4096)
def kind_of_url(url: str | None) -> PageKind | None:
    """Tell the kind by the URL; None where there is no URL or its path is not a known one."""
    if not url:
        return None
    try:
        parts = urlsplit(url)
    except ValueError:
        return None
    segments = [segment for segment in parts.path.replace("%26", "&").split("/") if segment]
    name = segments[0].partition("&")[0].lower() if segments else ""
    has_item = len(segments) > 1
    if name in ("", "index.php"):
        query = parse_qs(parts.query)
        name = query.get("path", [""])[0].strip("/").lower()
        has_item = "id" in query
    if name in _LISTINGS or "&start=" in parts.path:
        return PageKind.LISTING
    if name in _ARTICLES and has_item:
        return PageKind.ARTICLE
    return PageKind.SECTION if name in _SECTIONS else None


def kind_of_content(*, has_article: bool, has_list: bool) -> PageKind:
    """Tell the kind of a page whose URL does not: with a text of its own an article, with nothing but a list a listing.

    A section's text looks like an article without a date, so no content makes a page a section.
    """
    if has_article:
        return PageKind.ARTICLE
    return PageKind.LISTING if has_list else PageKind.OTHER
