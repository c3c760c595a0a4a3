"""HTML to text: every line a reader sees, in order, and nothing else."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.ingest.html_text import _STRETCHES, html_to_page_text
from pipeline.records import Link

NBSP = "\u00a0"


def text_of(html: str) -> str:
    return html_to_page_text(html).text


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("a<br>b", "a\nb"),
        ("a<br><br>b<br/>", "a\n\nb"),
        ("<div>a</div><div>b</div>", "a\nb"),
        ("<div>a</div>b", "a\nb"),
        ("<div>a<br></div><div>b</div>", "a\nb"),
        ("<div>a</div><br>b", "a\n\nb"),
        ("<div><div>a</div></div><div></div>b", "a\nb"),
        ("<span><div>a</div></span>b", "a\nb"),
        ("<div>a</div><!-- --><i></i> b", "a\nb"),
        ("<p>a</p><p>b</p>", "a\n\nb"),
        ("<p>a</p>b<div>c</div>d", "a\n\nb\nc\nd"),
        ("<h1>a</h1><div>b</div>", "a\n\nb"),
        ("a<hr>b", "a\n\nb"),
        ("<ul><li>1<li>2</ul>", "1\n2"),
        ("a<ul><li>1</li><li><p>2</p></li></ul>", "a\n\n1\n\n2"),
        ("<table><tr><td>a<td>b<tr><th>c</table>d", "a\nb\nc\nd"),
        ("<dl><dt>a<dd>b</dl>", "a\nb"),
        ("<select><option>a<option>b</select>", "a\nb"),
        ("<p>a", "a"),
        ("", ""),
    ],
)
def test_where_lines_end(html: str, text: str) -> None:
    assert text_of(html) == text


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("  a \n\t b  ", "a b"),
        ("<b>a</b> <i>b</i>c", "a bc"),
        ("<b>a </b> <i> b</i>", "a b"),
        ("<p> a <br> b </p>", "a\nb"),
        ("<p>&nbsp;</p><p>x&nbsp;&nbsp; y&nbsp;</p>", f"{NBSP}\n\nx{NBSP}{NBSP} y{NBSP}"),
        ("<pre>a\n  b\tc\n\nd</pre>e", "a\n  b\tc\n\nd\n\ne"),
        ("<div>x<pre>\n a</pre></div>", "x\n\n a"),
        ("caf&eacute; &amp; &lt;b&gt; &#8217; &#x2013; &rsquo;s", "café & <b> ’ – ’s"),
        ("a&#13;b&shy;c", "a b\u00adc"),
        ("a\x00b\x01c\x02", "abc"),
    ],
)
def test_blanks_and_entities_are_as_a_browser_shows_them(html: str, text: str) -> None:
    assert text_of(html) == text


@pytest.mark.parametrize(
    "hidden",
    [
        "<script>document.write('<p>x</p>')</script>",
        "<style>p { color: red }</style>",
        "<noscript><p>x</p></noscript>",
        "<template><p>x</p></template>",
        "<iframe>x</iframe>",
        "<video>x<p>x</p></video>",
        "<div hidden>x<p>x</p></div>",
        "<div hidden><p hidden>x</p></div>",
        "<span style='color: red; DISPLAY : NONE'>x</span>",
        "<span style='visibility:hidden'>x</span>",
        "<!-- x -->",
        "<svg><title>x</title></svg>",
        "<img alt=x>",
        "<input value=x>",
        "<!-- BEGIN WAYBACK TOOLBAR INSERT --><div id='wm-ipp'>x</div><!-- END WAYBACK TOOLBAR INSERT -->",
    ],
)
def test_what_no_reader_sees_is_left_out(hidden: str) -> None:
    page = "<title>no</title>"
    assert text_of(f"{page}<body>a {hidden}b</body>").replace("\n", "") == "a b"
    assert text_of(f"{page}<body>{hidden}</body>") == ""
    assert text_of(f"<div>a</div>{hidden}<div>b</div>") == "a\nb"


@pytest.mark.parametrize(
    "shown",
    [
        "<span aria-hidden=true>x</span>",
        "<span style='display:inline; font-family: none'>x</span>",
        "<div><button>x</button></div>",
        "<script src=a></script>x",
        "<noscript></noscript>x",
        "<font>x</font>",
        "<unknown-tag>x</unknown-tag>",
        "</p>x</div>",
    ],
)
def test_what_a_reader_sees_stays(shown: str) -> None:
    assert text_of(f"<body>{shown}</body>").strip() == "x"


def test_a_body_hidden_until_its_script_runs_is_shown() -> None:
    assert text_of("<body style='display:none'><p>a") == "a"


def test_the_page_of_an_article_has_the_shape_of_the_text_dumps() -> None:
    html = """<html><head><title>Embassy</title></head><body>
      <div>18 November 2019<br>Moscow: 00:03<br>London: 21:03</div>
      <p>Consular queries:&nbsp;&nbsp;<br>+44 (0) 203 668 7474&nbsp;&nbsp;<br>info@rusemb.org.uk&nbsp;&nbsp;</p>
      <table><tr><td>PRESS RELEASES AND NEWS</td></tr><tr><td><p>12.11.2019</p>
      <h1>On the lamps of Port Vell</h1><p>The lamps were lit <b>again</b> at
      dusk.</p></td></tr></table>
      <p>LATEST EVENTS</p><p><a href="/fnapr/7">14.11.2019 - Letter to the keeper</a></p><p>Dear keeper, good day.</p>
    </body></html>"""
    assert text_of(html).split("\n") == [
        "18 November 2019",
        "Moscow: 00:03",
        "London: 21:03",
        "",
        f"Consular queries:{NBSP}{NBSP}",
        f"+44 (0) 203 668 7474{NBSP}{NBSP}",
        f"info@rusemb.org.uk{NBSP}{NBSP}",
        "",
        "PRESS RELEASES AND NEWS",
        "",
        "12.11.2019",
        "",
        "On the lamps of Port Vell",
        "",
        "The lamps were lit again at dusk.",
        "",
        "LATEST EVENTS",
        "",
        "14.11.2019 - Letter to the keeper",
        "",
        "Dear keeper, good day.",
    ]


def test_links_stand_on_the_line_where_their_text_starts() -> None:
    html = (
        "<p>one</p><p>two <a href='/article/1'>first\n <b>title</b></a></p>x<br><br>"
        "<a href='b'><img src=x></a><a name=top></a><a href='#a'>jump</a> "
        "<a href='mailto:a@b'>write</a><div><a href='c?d=1&amp;e=2'>last</a></div>"
    )
    page = html_to_page_text(html, "http://www.rusemb.org.uk/fnapr/12?x#y")
    assert page.links == (
        Link(3, "first title", "http://www.rusemb.org.uk/article/1"),
        Link(8, "last", "http://www.rusemb.org.uk/fnapr/c?d=1&e=2"),
    )
    lines = page.text.split("\n")
    assert all(link.text in lines[link.line_no - 1] for link in page.links)


@pytest.mark.parametrize(
    ("href", "base", "absolute"),
    [
        ("/article/1", "http://www.rusemb.org.uk/a/b", "http://www.rusemb.org.uk/article/1"),
        ("//m.rusemb.org.uk/x", "https://www.rusemb.org.uk/", "https://m.rusemb.org.uk/x"),
        ("../x", "http://h/a/b/c", "http://h/a/x"),
        ("?p=2", "http://h/a", "http://h/a?p=2"),
        (" HTTP://h/x ", "http://other/", "http://h/x"),
        ("/x", None, "/x"),
        ("http://[broken", "http://h/", "http://[broken"),
    ],
)
def test_hrefs_are_made_absolute_where_the_base_is_known(href: str, base: str | None, absolute: str) -> None:
    (link,) = html_to_page_text(f'<a href="{href}">x</a>', base).links
    assert link.href == absolute


def test_a_base_element_counts() -> None:
    html = "<head><BASE href='/dir/'></head><a href=x>y</a>"
    assert html_to_page_text(html, "http://h/other/").links[0].href == "http://h/dir/x"


@given(st.text("<>/ap\"'=& \n\u00a0bdivretlscon!-;#x0", max_size=200))
def test_no_markup_raises_and_links_point_into_the_text(html: str) -> None:
    page = html_to_page_text(html + "<a href=/x>w</a>", "http://h/")
    n_lines = len(page.text.split("\n"))
    assert all(1 <= link.line_no <= n_lines for link in page.links)
    assert "\n\n\n\n\n" not in page.text or "<br" in html or "<pre" in html or "<xmp" in html
    assert not page.text.endswith("\n")


@given(st.lists(st.sampled_from(["p", "div", "td", "li", "b", "a", "br", "span", "h2"]), max_size=30))
def test_every_word_comes_through_once_and_in_order(tags: list[str]) -> None:
    words = [f"w{number}" for number in range(len(tags))]
    html = "".join(f"<{tag}>{word}" for tag, word in zip(tags, words, strict=True))
    if "td" in tags:  # outside a table the tag is dropped, the text is not
        html = html.replace("<td>", " <td>")
    seen = text_of(html.replace(">w", "> w")).split()
    assert seen == words


def test_deep_nesting_takes_time_in_proportion() -> None:
    started = time.process_time()
    page = html_to_page_text("<b>x" * 50_000)
    assert page.text == "x" * 50_000
    assert time.process_time() - started < 5


PARTS = st.sampled_from(
    [
        *(
            "<p>",
            "</p>\n",
            "<div>",
            "</div>\n",
            "<b>",
            "</b>",
            "<br>\n",
            "<a href='/x'>",
            "</a>",
            "<pre>",
            "</pre>",
            "\n",
        ),
        *(
            "<!-- <p> -->",
            "<script>a<b;\n</script>",
            "<script><!-- '<script></script>' --></script>",
            "<xmp><i>\n</xmp>",
        ),
        *("<div hidden>", "<template><script>x</script></template>", "word", "two words ", " ", "1 &lt; 2", "&nbsp;"),
    ]
)


@given(st.lists(PARTS, max_size=20).map("".join), st.lists(PARTS, max_size=20).map("".join))
def test_what_a_page_shows_does_not_depend_on_the_pages_read_before(before: str, html: str) -> None:
    _STRETCHES.clear()
    alone = html_to_page_text(html, "http://www.rusemb.org.uk/article/1")
    html_to_page_text(before)
    html_to_page_text(f"{before}\n{html}")
    assert html_to_page_text(html, "http://www.rusemb.org.uk/article/1") == alone


@pytest.mark.parametrize(
    "unseen",
    [
        "<script>if (a<b) document.write('<p>no</p>');</script>",
        "<script><!-- document.write('<script>no</script>'); --></script>",
        "<script><!--\nno\n</script>",
        "<!-- <p>no</p>\n<!-- no -->",
        "<noscript><b>no</b><script>no</script></noscript>",
        "<div style='display: none'><div>no</div><!-- </div> -->no</div>",
        "<template><script>no</template>no</script>no</template>",
    ],
)
def test_what_no_reader_sees_hides_nothing_else(unseen: str) -> None:
    assert text_of(f"<p>a {unseen}b</p>\n<p>c</p><!-- d -->").split() == ["a", "b", "c"]


def test_text_written_without_escapes_is_seen_as_it_stands() -> None:
    assert text_of("<p>a</p><xmp><p> <!-- b --></xmp><p>c</p>") == "a\n\n<p> <!-- b -->\n\nc"
