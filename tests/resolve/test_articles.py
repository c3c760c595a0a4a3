"""Which texts are one article, and which only look like it."""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.resolve.articles import cluster_articles
from pipeline.resolve.signatures import TEXTS, article_address
from pipeline.urls import urlkey
from tests.resolve.article_rows import Held, captured_texts, clusters_of, frame, held, speech, text
from tests.simulation import crawl, simulate_site
from tests.simulation.frames import article_texts
from tests.simulation.gold import pairwise_scores

REMARKS = "Minister’s remarks after talks with the Minister of Burundi, Moscow, November 5, 2019"


def address(url: str) -> str | None:
    found = article_address(urlkey(url))
    return None if found is None else found.key


def test_all_spellings_of_an_address_are_one_key() -> None:
    key = "uk,org,rusemb)/article/485"
    assert address("https://www.rusemb.org.uk/article/485") == key
    assert address("http://rusemb.org.uk/article/485/") == key
    assert address("http://rusemb.org.uk/index.php?path=article&id=485") == key
    assert address("http://rusemb.org.uk/index.php?id=485&path=article") == key


@pytest.mark.parametrize(
    "url",
    [
        "https://rusemb.org.uk/apress_arh/&start=351&ps=10&ppp=15",
        "https://rusemb.org.uk/newarh?start=1",
        "https://rusemb.org.uk/",
        "https://rusemb.org.uk/index.php",
    ],
)
def test_a_listing_and_the_home_page_are_no_address(url: str) -> None:
    assert address(url) is None


def test_the_number_at_the_end_of_a_mobile_address_is_no_article_number() -> None:
    mobile = article_address(urlkey("https://m.rusemb.org.uk/article/new-invitation-2"))
    assert mobile is not None
    assert mobile.number is None


def test_the_russian_site_is_another_site() -> None:
    assert address("https://rus.rusemb.org.uk/article/485") != address("https://rusemb.org.uk/article/485")


def test_edits_and_retitling_under_one_address_are_one_article() -> None:
    one = text("a", url="fnapr/7", title="Reply to a question", body=speech("trade"))
    two = text("b", url="fnapr/7", title="Embassy’s answer on trade", body=speech("trade", 28) + "\n\nUpdated.")
    assert clusters_of(one, two) == [{"a", "b"}]


def test_texts_with_nothing_in_common_are_two_articles_even_under_one_address() -> None:
    one = text("a", url="fnapr/7", title="Reply to a question", body=speech("trade"))
    two = text("b", url="fnapr/7", title="Holiday greetings", body=speech("ballet"))
    assert clusters_of(one, two) == [{"a"}, {"b"}]


def test_one_number_in_two_sections_is_joined_by_content_and_never_by_the_number() -> None:
    one = text("a", url="article/183", title=REMARKS, body=speech("trade"))
    same = text("b", url="ambarticles/183", title=REMARKS, body=speech("trade"))
    other = text("c", url="video/183", title="Concert in London", body=speech("ballet"))
    assert clusters_of(one, same, other) == [{"a", "b"}, {"c"}]


def test_two_numbers_of_one_section_are_two_articles_whatever_they_say() -> None:
    one = text("a", url="fnapr/7", body=speech("trade"))
    two = text("b", url="fnapr/8", body=speech("trade"))
    assert clusters_of(one, two) == [{"a"}, {"b"}]


def test_a_text_without_an_address_that_fits_two_numbers_joins_neither() -> None:
    rows = [
        text(name, url=url, body=speech("trade")) for name, url in (("a", "fnapr/7"), ("b", "fnapr/8"), ("c", None))
    ]
    assert clusters_of(*rows) == [{"a"}, {"b"}, {"c"}]


def test_without_an_address_title_and_words_join() -> None:
    one = text("a", title=REMARKS, on=date(2019, 11, 6), body=speech("trade"))
    edited = text("b", title=REMARKS.replace("’", "'"), body=speech("trade", 29) + "\n\nThank you all.")
    assert clusters_of(one, edited) == [{"a", "b"}]


def test_a_title_that_recurs_is_no_identity() -> None:
    assert clusters_of(text("a", body=speech("trade")), text("b", body=speech("ballet"))) == [{"a"}, {"b"}]


def test_items_without_a_title_are_joined_by_their_words() -> None:
    one = text("a", title=None, body=speech("trade"))
    same = text("b", title=None, body=speech("trade").replace("’", "'") + " ")
    other = text("c", title=None, body=speech("ballet"))
    assert clusters_of(one, same, other) == [{"a", "b"}, {"c"}]


@pytest.mark.parametrize(("n_titles", "n_articles"), [(3, 1), (20, 1), (21, 21)])
def test_words_under_a_few_titles_are_one_article_and_under_many_no_articles_own(
    n_titles: int, n_articles: int
) -> None:
    words = speech("what this site prints for pages it lacks", 8)
    pages = [text(f"a{number:02}", title=f"Page {'a' * number}", body=words) for number in range(n_titles)]
    assert len(clusters_of(*pages)) == n_articles


def test_the_same_notice_on_other_days_is_another_notice() -> None:
    body = "The Consular Section will be closed next Friday. Thank you for your understanding and please plan ahead."
    days = [text(f"a{number}", on=date(2019, 3 * number, 4), body=body, day=30) for number in (1, 2, 3)]
    assert clusters_of(*days) == [{"a1"}, {"a2"}, {"a3"}]


def test_an_undated_copy_of_a_notice_that_recurs_belongs_to_none_of_them() -> None:
    body = speech("closure", 4)
    rows = [text("a", on=date(2019, 1, 4), body=body), text("b", on=date(2019, 5, 4), body=body), text("u", body=body)]
    assert clusters_of(*rows) == [{"a"}, {"b"}, {"u"}]


def test_notices_that_differ_in_one_number_are_two_notices() -> None:
    body = "Consular officers will receive citizens in the Embassy on {} November from nine in the morning until noon."
    rows = [text(name, title="Notice", body=body.format(day)) for name, day in (("a", 7), ("b", 8))]
    assert clusters_of(*rows) == [{"a"}, {"b"}]


def test_a_photo_gallery_of_the_talks_is_not_the_talks() -> None:
    one = text("a", title=REMARKS, body=speech("trade"))
    two = text("b", title=f"PHOTO: {REMARKS}", body=speech("trade", 8))
    assert clusters_of(one, two) == [{"a"}, {"b"}]


def test_an_excerpt_under_another_title_is_another_item() -> None:
    whole = text("a", title=REMARKS, body=speech("trade", 40))
    excerpt = text("b", title="Answer to a question about fishing quotas", body=speech("trade", 12))
    assert clusters_of(whole, excerpt) == [{"a"}, {"b"}]


def test_nothing_is_captured_before_it_is_published() -> None:
    early = text("a", body=speech("trade"), day=0)
    later = text("b", body=speech("trade"), on=date(2019, 12, 24), day=60)
    assert clusters_of(early, later) == [{"a"}, {"b"}]


def test_truncated_captures_join_the_article_they_are_the_beginning_of() -> None:
    whole = text("a", title=REMARKS, body=speech("trade"))
    cut = text("b", title=REMARKS, body=speech("trade")[:700], cut=True)
    shorter = text("c", title=REMARKS, body=speech("trade")[:200], cut=True)
    assert clusters_of(whole, cut, shorter) == [{"a", "b", "c"}]


def test_a_truncated_capture_that_fits_two_articles_joins_neither_and_bridges_none() -> None:
    opening = "Good afternoon, ladies and gentlemen, dear friends and colleagues, we are glad that you came here today."
    one = text("a", body=f"{opening}\n\n{speech('trade')}")
    two = text("b", body=f"{opening}\n\n{speech('ballet')}")
    cut = text("c", body=opening[:95], cut=True)
    assert clusters_of(one, two, cut) == [{"a"}, {"b"}, {"c"}]


def test_where_nothing_is_whole_the_longest_text_stands_for_the_article() -> None:
    rows = [text(f"a{size}", title=REMARKS, body=speech("trade")[:size], cut=True) for size in (300, 600, 900)]
    assert clusters_of(*rows) == [{"a300", "a600", "a900"}]


def test_a_truncated_capture_brings_its_address_to_the_text_without_one() -> None:
    whole = text("a", title=REMARKS, body=speech("trade"))
    cut = text("b", url="article/5", title=REMARKS, body=speech("trade")[:700], cut=True)
    assert clusters_of(whole, cut) == [{"a", "b"}]


def test_an_empty_frame_has_no_clusters() -> None:
    assert cluster_articles(frame([]), held([])).members.is_empty()


BODIES = [speech("trade"), speech("trade", 29) + "\n\nThanks.", speech("ballet"), speech("trade")[:300], ""]
ROWS = st.lists(
    st.tuples(
        st.sampled_from([None, "article/1", "article/2", "ambarticles/1"]),
        st.sampled_from([None, "Statement of the Embassy", REMARKS]),
        st.sampled_from([None, date(2019, 11, 6), date(2019, 11, 7), date(2019, 8, 1)]),
        st.sampled_from(BODIES),
        st.booleans(),
    ),
    unique=True,
    max_size=9,
)


@settings(max_examples=60)
@given(ROWS, st.randoms(use_true_random=False))
def test_clusters_do_not_depend_on_the_order_of_texts_and_lose_none(rows, random) -> None:  # type: ignore[no-untyped-def]
    texts = [
        text(f"t{number}", url=url, title=title, on=on, body=body, cut=cut, day=number)
        for number, (url, title, on, body, cut) in enumerate(rows)
    ]
    before = clusters_of(*texts)
    random.shuffle(texts)
    assert clusters_of(*texts) == before
    assert sorted(name for group in before for name in group) == sorted(str(row["text_id"]) for row in texts)


@settings(max_examples=60)
@given(ROWS)
def test_no_cluster_holds_two_numbers_of_one_section(rows) -> None:  # type: ignore[no-untyped-def]
    texts = {
        f"t{number}": text(f"t{number}", url=url, title=title, on=on, body=body, cut=cut)
        for number, (url, title, on, body, cut) in enumerate(rows)
    }
    for group in clusters_of(*texts.values()):
        urls = {str(texts[name]["urlkey"]) for name in group}
        assert len({url for url in urls if ")/article/" in url}) <= 1


@pytest.mark.parametrize("seed", [907, 908])
@pytest.mark.parametrize("with_urls", [True, False])
def test_on_a_held_out_simulated_site_articles_are_not_confused(seed: int, *, with_urls: bool) -> None:
    captured = article_texts(crawl(simulate_site(seed, n_items=250), seed, n_captures=900))
    urls = [urlkey(url) if with_urls else None for url in captured.get_column("url")]
    texts = captured_texts(captured, urls)
    members = cluster_articles(texts.select(TEXTS.keys()), Held(texts)).members
    found = pairwise_scores(
        dict(texts.select("text_id", "item_id").iter_rows()), dict(members.select("text_id", "cluster_id").iter_rows())
    )
    assert found.precision >= 0.998
    assert found.recall >= 0.99
