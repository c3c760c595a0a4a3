"""Which event an article is the text of, and what proves nothing."""

from datetime import date

import polars as pl
import pytest

from pipeline.resolve.articles import cluster_articles
from pipeline.resolve.events import cluster_forms
from pipeline.resolve.links import link_events
from pipeline.resolve.signatures import TEXTS
from pipeline.urls import urlkey
from tests.resolve.article_rows import Held, captured_texts, frame, held, speech, text
from tests.simulation import crawl, simulate_site
from tests.simulation.frames import article_texts, distinct_forms, teaser_observations
from tests.simulation.gold import link_scores

REMARKS = "Minister’s remarks after talks with the Minister of Burundi, Moscow, November 5, 2019"
BODY = (
    "Good afternoon,\n\nThe meeting took place in a warm atmosphere.\n\nWe praised our trade relations.\n\nThank you."
)
TEASER = "Good afternoon, The meeting took place in a warm atmosphere. We praised our trade relations."
DAY = date(2019, 11, 6)
HREFS = {"form_id": pl.String, "href_urlkey": pl.String, "capture_id": pl.String}
Row = dict[str, object]


def teaser(name: str, wording: str | None = TEASER, title: str = REMARKS, on: date = DAY, *, cut: bool = False) -> Row:
    """A wording of the event `e-<letter>`: its name is a letter and a number."""
    return {"form_id": name, "published_on": on, "title": title, "teaser": wording, "is_cut": cut}


def links(
    teasers: list[Row], texts: list[Row], hrefs: list[tuple[str, str]] | None = None
) -> dict[str, tuple[object, ...]]:
    """Article (first letter of its texts) to event (first letter of its wordings), method and reason."""
    forms = pl.DataFrame(
        teasers,
        schema={
            "form_id": pl.String,
            "published_on": pl.Date,
            "title": pl.String,
            "teaser": pl.String,
            "is_cut": pl.Boolean,
        },
    )
    members = forms.select("form_id", cluster_id=pl.col("form_id").str.head(1))
    rows = frame(texts)
    owners = rows.select("text_id", cluster_id=pl.col("text_id").str.head(1))
    shown = [(form, urlkey(f"https://rusemb.org.uk/{path}"), "c1") for form, path in hrefs or []]
    found = link_events(forms, members, pl.DataFrame(shown, schema=HREFS, orient="row"), rows, owners, held(texts))
    return {row[0]: row[1:] for row in found.select("article_cluster", "event_cluster", "method", "reason").iter_rows()}


def test_a_teasers_text_is_the_start_of_its_article_with_the_paragraphs_joined() -> None:
    assert links([teaser("e1")], [text("a1", title=REMARKS, body=BODY)]) == {"a": ("e", "text", "text")}


def test_edits_are_tolerated() -> None:
    edited = TEASER.replace("warm", "warm and friendly").replace("praised", "have praised")
    assert links([teaser("e1", edited)], [text("a1", title=REMARKS, body=BODY)])["a"][0] == "e"


def test_a_cut_teaser_links_by_what_is_left_of_it() -> None:
    assert links([teaser("e1", TEASER[:60], cut=True)], [text("a1", title=REMARKS, body=BODY)])["a"][0] == "e"


def test_a_title_that_recurs_proves_nothing_without_the_text() -> None:
    title = "Statement of the Russian Embassy"
    articles = [text("a1", title=title, on=DAY, body=speech("trade"))]
    assert links([teaser("e1", None, title)], articles) == {"a": (None, "article_only", "no_match")}
    other = teaser("e1", "The Embassy regrets the unfriendly decision of the British authorities.", title)
    assert links([other], articles) == {"a": (None, "article_only", "no_match")}


def test_a_long_title_of_the_same_day_links_a_teaser_without_text() -> None:
    articles = [text("a1", title=REMARKS, on=DAY, body=BODY)]
    assert links([teaser("e1", None)], articles) == {"a": ("e", "text", "title_only")}
    assert links([teaser("e1", REMARKS)], articles) == {"a": ("e", "text", "title_only")}
    assert links([teaser("e1", None)], [text("a1", title=REMARKS, body=BODY)])["a"][0] is None


def test_days_apart_part_teaser_and_article_unless_an_href_joins_them() -> None:
    articles = [text("a1", url="article/5", title=REMARKS, on=date(2019, 10, 20), body=BODY)]
    assert links([teaser("e1")], articles)["a"][0] is None
    assert links([teaser("e1")], articles, [("e1", "article/5")])["a"] == ("e", "href", "href")


def test_an_href_leads_to_the_article_in_any_spelling_of_its_address() -> None:
    articles = [text("a1", url="index.php?path=article&id=5", title=None, body=speech("trade"))]
    assert links([teaser("e1", None)], articles, [("e1", "article/5/")])["a"] == ("e", "href", "href")


def test_nothing_is_captured_before_it_is_announced() -> None:
    articles = [text("a1", title=REMARKS, body=BODY, day=0)]
    assert links([teaser("e1", on=date(2019, 12, 24))], articles)["a"][0] is None


def test_a_notice_with_another_day_in_it_is_another_notice() -> None:
    notice = "The Consular Section will be closed on {} May. Thank you for your understanding."
    title = "To the attention of visitors"
    events = [teaser("e1", notice.format(1), title), teaser("f1", notice.format(9), title)]
    found = links(
        events, [text("a1", title=title, body=notice.format(9)), text("b1", title=title, body=notice.format(3))]
    )
    assert {article: link[0] for article, link in found.items()} == {"a": "f", "b": None}


def test_an_article_that_two_events_fit_equally_well_is_linked_with_neither() -> None:
    events = [teaser("e1"), teaser("f1")]
    assert links(events, [text("a1", title=REMARKS, body=BODY, on=DAY)]) == {"a": (None, "article_only", "tie")}


def test_an_event_has_one_article_the_one_that_fits_best() -> None:
    found = links(
        [teaser("e1")],
        [text("a1", title=REMARKS, on=DAY, body=BODY), text("b1", title="Talks with Burundi", body=BODY)],
    )
    assert {article: link[0] for article, link in found.items()} == {"a": "e", "b": None}


def test_a_cut_wording_that_begins_two_articles_takes_none_from_the_event_that_fits_whole() -> None:
    notice = "Consular officers will receive citizens in {} next week. For urgent matters please call."
    title = "Consular mission"
    events = [
        teaser("e1", notice.format("Aberdeen"), title),
        teaser("f1", notice.format("Swansea"), title),
        teaser("f2", "Consular officers will receive citizens in", title, cut=True),
    ]
    articles = [
        text("a1", title=title, on=DAY, body=notice.format("Aberdeen")),
        text("b1", title=title, on=DAY, body=notice.format("Swansea")),
    ]
    assert {article: link[0] for article, link in links(events, articles).items()} == {"a": "e", "b": "f"}


def test_the_words_of_a_teaser_go_before_the_same_words_with_a_letter_lost() -> None:
    events = [teaser("e1"), teaser("f1", TEASER.replace("atmosphere", "atmospere"))]
    found = links(events, [text("a1", title=REMARKS, body=BODY, on=DAY)])
    assert found == {"a": ("e", "text", "text")}


def test_a_whole_teaser_with_a_letter_lost_goes_before_one_that_breaks_off() -> None:
    events = [teaser("e1", TEASER.replace("atmosphere", "atmospere")), teaser("f1", TEASER[:60], cut=True)]
    found = links(events, [text("a1", title=REMARKS, body=BODY, on=DAY)])
    assert found == {"a": ("e", "text", "text")}


@pytest.mark.parametrize("seed", [911, 912])
@pytest.mark.parametrize("form", ["html", "urls", "text"])
def test_on_a_held_out_simulated_site_links_are_precise_and_found(seed: int, form: str) -> None:
    """`html` keeps links and URLs, `urls` only the captures' URLs, `text` nothing but words."""
    captures = list(crawl(simulate_site(seed, n_items=250), seed, n_captures=900))
    seen = teaser_observations(captures)
    forms = distinct_forms(seen)
    captured = article_texts(captures)
    urls = [None if form == "text" else urlkey(url) for url in captured.get_column("url")]
    texts = captured_texts(captured, urls)
    hrefs = seen.select(
        "form_id",
        pl.format("uk,org,rusemb){}", "path").alias("href_urlkey"),
        pl.format("c{}", "capture").alias("capture_id"),
    )
    events, articles = cluster_forms(forms).members, cluster_articles(texts.select(TEXTS.keys()), Held(texts)).members
    found = link_events(forms, events, hrefs if form == "html" else hrefs.clear(), texts, articles, Held(texts))
    item_of_event = dict(events.join(forms, on="form_id").sort("form_id").select("cluster_id", "item_id").iter_rows())
    item_of_article = dict(
        articles.join(texts, on="text_id").sort("text_id").select("cluster_id", "item_id").iter_rows()
    )
    linked = found.drop_nulls("event_cluster").select("event_cluster", "article_cluster").iter_rows()
    pairs = [(item_of_event[event], item_of_article[article]) for event, article in linked]
    both = set(item_of_event.values()) & set(item_of_article.values())
    scores = link_scores([(item, item) for item in both], pairs)
    assert scores.precision >= 0.995
    assert scores.recall >= 0.98


def test_links_do_not_depend_on_the_order_of_rows() -> None:
    captures = list(crawl(simulate_site(913, n_items=80), 913, n_captures=200))
    forms = distinct_forms(teaser_observations(captures))
    rows = [
        text(f"t{capture.number}", title=article.title, on=article.published_on, body="\n\n".join(article.paragraphs))
        for capture in captures
        if (article := capture.article) is not None
    ]
    texts, bodies = frame(rows), held(rows)
    events, articles = cluster_forms(forms).members, cluster_articles(texts, bodies).members
    none = pl.DataFrame(schema=HREFS)
    before = link_events(forms, events, none, texts, articles, bodies)
    shuffled = [one.sample(fraction=1.0, shuffle=True, seed=4) for one in (forms, events, texts, articles)]
    assert link_events(shuffled[0], shuffled[1], none, shuffled[2], shuffled[3], bodies).equals(before)
