"""The kind of a page by its URL, and by its content where the URL is unknown."""

import pytest

from pipeline.parse import parse_page
from pipeline.parse.kinds import PageKind, kind_of_url
from pipeline.records import PageText


@pytest.mark.parametrize(
    ("url", "kind"),
    [
        ("https://www.rusemb.org.uk/article/526", PageKind.ARTICLE),
        ("http://rusemb.org.uk/fnapr/6711/", PageKind.ARTICLE),
        ("https://m.rusemb.org.uk/article/some-slug-3", PageKind.ARTICLE),
        ("http://www.rusemb.org.uk/index.php?path=article&id=12", PageKind.ARTICLE),
        ("http://www.rusemb.org.uk/?path=video&id=12", PageKind.ARTICLE),
        ("https://rusemb.org.uk/newarh/&start=41&ps=10&ppp=15", PageKind.LISTING),
        ("https://rusemb.org.uk/apress_arh/", PageKind.LISTING),
        ("https://rusemb.org.uk/newarh%26start=41", PageKind.LISTING),
        ("https://rusemb.org.uk/embassy/", PageKind.SECTION),
        ("https://rusemb.org.uk/visaparents", PageKind.SECTION),
        ("https://rusemb.org.uk/historyukrel/2", PageKind.SECTION),
        ("https://rusemb.org.uk/", None),
        ("https://rusemb.org.uk/unheardof/3", None),
        ("https://rusemb.org.uk/article/", None),
        ("http://[broken", None),
        ("", None),
        (None, None),
    ],
)
def test_a_known_path_tells_the_kind(url: str | None, kind: PageKind | None) -> None:
    assert kind_of_url(url) is kind


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Title\n\nText.", "article"),
        ("02.04.2019 - First\n\nText.", "listing"),
        ("123456789101112131415\n\n02.04.2019 - First", "listing"),
        ("1 May 2019\nMoscow: 12:00\nLondon: 10:00", "other"),
        ("", "other"),
    ],
)
def test_without_a_known_path_the_content_tells(text: str, kind: str) -> None:
    assert parse_page(PageText(text)).page_kind == kind


def test_a_listing_has_no_article_even_with_words_above_its_pager() -> None:
    page = parse_page(PageText("Archive\n\n123\n\n02.04.2019 - First\n\nText."), url="http://rusemb.org.uk/newarh/")
    assert page.article is None
    assert [line.text for line in page.unplaced] == ["Archive"]
    assert [teaser.title for teaser in page.teasers] == ["First"]
