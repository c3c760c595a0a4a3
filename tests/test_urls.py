"""URLs: one spelling, one key equal to real CDX keys, and the original inside an archive's URL."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.records import RecordedTime, TimePrecision, TimeSource
from pipeline.urls import is_same_site, normalise_url, parse_timestamp, site_host, unwrap_archive_url, urlkey

WORDS = st.text("abcXYZ019-._~%&=+;:@!$'()*,/? #é\u0436\t", max_size=12)
URLS = st.one_of(
    st.text(max_size=40),
    st.builds(
        "{}://{}.rusemb.org.uk{}/{}?{}#{}".format,
        st.sampled_from(["http", "https", "HTTP", "ftp"]),
        st.sampled_from(["www", "m", "WWW2", "u:p@www"]),
        st.sampled_from(["", ":80", ":443", ":8080", "."]),
        WORDS,
        WORDS,
        WORDS,
    ),
)


@pytest.mark.parametrize(
    ("url", "normal"),
    [
        ("HTTP://WWW.Rusemb.org.UK:80/Article/1#top", "http://www.rusemb.org.uk/Article/1"),
        ("https://rusemb.org.uk:443", "https://rusemb.org.uk/"),
        ("https://rusemb.org.uk:80/", "https://rusemb.org.uk:80/"),
        ("www.rusemb.org.uk/article/1", "http://www.rusemb.org.uk/article/1"),
        ("//www.rusemb.org.uk/x", "http://www.rusemb.org.uk/x"),
        (" <http://rusemb.org.uk/a b> ", "http://rusemb.org.uk/a%20b"),
        ("http://user:word@rusemb.org.uk./", "http://rusemb.org.uk/"),
        ("http://rusemb.org.uk/a/./b/../c?x=../y", "http://rusemb.org.uk/a/c?x=../y"),
        ("http://rusemb.org.uk?x", "http://rusemb.org.uk/?x"),
        ("http://rusemb.org.uk/ж", "http://rusemb.org.uk/%D0%B6"),
        ("rusemb.org.uk:8080/x", "http://rusemb.org.uk:8080/x"),
        ("dns:rusemb.org.uk", "dns:rusemb.org.uk"),
    ],
)
def test_one_spelling(url: str, normal: str) -> None:
    assert normalise_url(url) == normal


@pytest.mark.parametrize(
    ("url", "key"),
    [
        ("http://www.rusemb.org.uk/article/1", "uk,org,rusemb)/article/1"),
        ("https://rusemb.org.uk/article/1/", "uk,org,rusemb)/article/1"),
        ("http://www2.rusemb.org.uk:80/Article/1#x", "uk,org,rusemb)/article/1"),
        ("http://m.rusemb.org.uk/", "uk,org,rusemb,m)/"),
        ("http://rusemb.org.uk:8080", "uk,org,rusemb:8080)/"),
        ("http://rusemb.org.uk/newarh/&start=20&ps=10&ppp=15", "uk,org,rusemb)/newarh/&start=20&ps=10&ppp=15"),
        ("http://rusemb.org.uk/index.php?path=article&id=7", "uk,org,rusemb)/index.php?id=7&path=article"),
        ("http://archive.org/goo/?a=2&b&a=1", "org,archive)/goo?a=1&a=2&b"),
        ("http://archive.org/goo/?", "org,archive)/goo"),
        ("http://example.org//two//slashes?more//slashes", "org,example)/two/slashes?more//slashes"),
        ("http://example.org/%7Euser/%25%32%35", "org,example)/~user/%25"),
        ("http://example.org/ж", "org,example)/%d0%b6"),
        ("http://example.org/a?x=%C3%A9&y=(1)", "org,example)/a?x=%c3%a9&y=(1)"),
        ("http://example.org/p?PHPSESSID=0123456789abcdef0123456789abcdef&a=1", "org,example)/p?a=1"),
        ("http://example.org/p;jsessionid=0123456789abcdef0123456789abcdef?a", "org,example)/p?a"),
        ("dns:rusemb.org.uk", "dns:rusemb.org.uk"),
        ("file:///dom-snapshot.html", "file:///dom-snapshot.html"),
    ],
)
def test_keys_are_those_of_real_cdx_files(url: str, key: str) -> None:
    assert urlkey(url) == key


@given(URLS)
def test_normalising_twice_changes_nothing(url: str) -> None:
    normal = normalise_url(url)
    assert normalise_url(normal) == normal


@given(URLS)
def test_a_url_and_its_normal_form_have_one_key(url: str) -> None:
    assert urlkey(normalise_url(url)) == urlkey(url)


@given(st.lists(st.text("abc=1%2F", min_size=1, max_size=5), min_size=1, max_size=5), st.randoms(use_true_random=False))
def test_the_order_of_the_query_does_not_matter(parts: list[str], random: object) -> None:
    shuffled = list(parts)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    base = "http://rusemb.org.uk/index.php?"
    assert urlkey(base + "&".join(shuffled)) == urlkey(base + "&".join(parts))


@given(st.text("abc/", max_size=10), st.sampled_from(["http://", "https://", "http://www.", "HTTPS://WWW1."]))
def test_scheme_and_www_do_not_matter(path: str, start: str) -> None:
    assert urlkey(f"{start}rusemb.org.uk/{path}") == urlkey(f"http://rusemb.org.uk/{path}")


def test_the_site_and_its_neighbours() -> None:
    assert is_same_site(urlkey("https://www.rusemb.org.uk/a"))
    assert is_same_site(urlkey("http://m.rusemb.org.uk/a"))
    assert not is_same_site(urlkey("http://rus.rusemb.org.uk/a"))
    assert not is_same_site(urlkey("http://notrusemb.org.uk/a"))
    assert not is_same_site(urlkey("http://rusemb.org.uk.example.org/a"))
    assert is_same_site(urlkey("http://embassy.example/a"), ("embassy.example",))
    assert is_same_site(urlkey("http://anything.example/a"), ())
    assert is_same_site(urlkey("http://m.rusemb.org.uk/a"), ("m.rusemb.org.uk",))
    assert not is_same_site(urlkey("http://rusemb.org.uk/a"), ("m.rusemb.org.uk",))


@pytest.mark.parametrize(
    "named",
    [
        "rusemb.org.uk",
        "www.rusemb.org.uk",
        "WWW.RusEmb.org.uk.",
        " https://www.rusemb.org.uk/ ",
        "http://user:word@www.rusemb.org.uk:8080/article/1?a=b#c",
        "rusemb.org.uk/article/1",
        "//rusemb.org.uk",
    ],
)
def test_a_site_may_be_named_by_any_of_its_urls(named: str) -> None:
    assert site_host(named) == "rusemb.org.uk"


@pytest.mark.parametrize("named", ["", " ", "/", "https://", "*.example", "a b", "a.org, b.org", "urn:a"])
def test_what_holds_no_host_names_no_site(named: str) -> None:
    assert site_host(named) is None


AT = RecordedTime(datetime(2017, 8, 27, 21, 1, 17, tzinfo=UTC), TimeSource.WAYBACK, TimePrecision.SECOND)
PAGE = "http://www.rusemb.org.uk/article/1"


@pytest.mark.parametrize("modifier", ["", "id_", "if_", "mp_", "*"])
def test_a_wayback_url_is_unwrapped(modifier: str) -> None:
    wrapped = f"https://web.archive.org/web/20170827210117{modifier}/{PAGE}"
    found = unwrap_archive_url(wrapped)
    assert (found.url, found.recorded, found.archive, found.memento_url) == (PAGE, AT, "Internet Archive", wrapped)


@pytest.mark.parametrize(
    ("wrapped", "archive"),
    [
        (f"https://archive.ph/20170827210117/{PAGE}", "archive.today"),
        (f"https://archive.ph/2017.08.27-210117/{PAGE}", "archive.today"),
        (f"https://www.webarchive.org.uk/wayback/archive/20170827210117mp_/{PAGE}", "UK Web Archive"),
        (f"http://localhost:8080/collection/20170827210117mp_/{PAGE}", None),
        (f"/web/20170827210117/{PAGE}", None),
        ("http://web.archive.org/web/20170827210117/http:/www.rusemb.org.uk/article/1", "Internet Archive"),
        ("http://web.archive.org/web/20170827210117/http%3A%2F%2Fwww.rusemb.org.uk%2Farticle%2F1", "Internet Archive"),
    ],
)
def test_other_ways_of_wrapping(wrapped: str, archive: str | None) -> None:
    found = unwrap_archive_url(wrapped)
    assert (found.url, found.recorded, found.archive) == (PAGE, AT, archive)
    assert (found.memento_url is None) == (archive is None)


def test_without_a_scheme_inside_only_a_known_archive_wraps() -> None:
    inner = "www.rusemb.org.uk/article/1"
    assert unwrap_archive_url(f"http://web.archive.org/web/20170827210117/{inner}").url == inner
    assert unwrap_archive_url(f"http://example.org/20170827210117/{inner}").recorded is None


def test_of_nested_wraps_the_innermost_saw_the_page() -> None:
    inner = f"http://web.archive.org/web/20170827210117/{PAGE}"
    found = unwrap_archive_url(f"https://web.archive.org/web/20200101000000/{inner}")
    assert (found.url, found.recorded, found.memento_url) == (PAGE, AT, inner)


@pytest.mark.parametrize("url", [PAGE, "http://example.org/2019/http://x.org/", "http://x.org/?u=http://y.org", ""])
def test_what_is_not_wrapped_comes_back(url: str) -> None:
    found = unwrap_archive_url(url)
    assert (found.url, found.recorded, found.archive, found.memento_url) == (url, None, None, None)


@pytest.mark.parametrize(
    ("digits", "precision"),
    [("20170827210117", "second"), ("201708272101", "minute"), ("20170827", "day")],
)
def test_timestamps_carry_their_precision(digits: str, precision: str) -> None:
    found = parse_timestamp(digits)
    assert found is not None
    assert found.precision == precision


@pytest.mark.parametrize("digits", ["2017", "20171327", "20170827256161", "2017082721011", "٢٠١٧٠٨٢٧", ""])
def test_what_names_no_instant_is_no_timestamp(digits: str) -> None:
    assert parse_timestamp(digits) is None


def test_a_memento_url_with_a_blank_in_it_can_still_be_followed() -> None:
    found = unwrap_archive_url("http://web.archive.org/web/20191118210320/http://www.rusemb.org.uk/press/1 x")
    assert found.memento_url == "http://web.archive.org/web/20191118210320/http://www.rusemb.org.uk/press/1%20x"
