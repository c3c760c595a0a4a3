"""Parsing gives back what a simulated capture was made from, in every style of text and both layouts."""

from pipeline.parse import parse_page
from pipeline.parse.text import page_lines
from pipeline.records import PageText
from tests.simulation import crawl, simulate_site


def test_a_simulated_crawl_is_read_as_it_was_written() -> None:
    site = simulate_site(11, n_items=150)
    seen = {"A": 0, "B": 0}
    for capture in crawl(site, 5, n_captures=300):
        page = parse_page(PageText(capture.text), url=capture.url)
        clocks = page.header and (page.header.moscow_clock, page.header.london_clock)
        assert (page.header and page.header.page_date, clocks) == (capture.page_date, capture.clocks)
        assert [counter.days for counter in page.counters] == [days for _, days in capture.counters]
        assert page.section == capture.label
        assert page.layout == (capture.layout if capture.header else None)
        assert page.page_kind == ("article" if capture.kind == "mobile" else capture.kind)
        article, written = page.article, capture.article
        assert (article is None) == (written is None)
        if article is not None and written is not None:
            assert (article.title, article.published_on) == (written.title, written.published_on)
            assert article.paragraphs == written.paragraphs
            assert article.is_truncated or not written.is_cut
        assert [(teaser.published_on, teaser.title, teaser.text) for teaser in page.teasers] == [
            (teaser.published_on, teaser.title, teaser.text) for teaser in capture.teasers
        ]
        assert page.is_truncated or not capture.is_cut
        assert page.unplaced == ()
        assert page.n_lines == len(page_lines(capture.text).texts)
        seen[capture.layout] += 1
    assert min(seen.values()) > 50
