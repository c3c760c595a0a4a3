"""What is a version of an article, how versions are numbered, and which id they keep."""

from datetime import date

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.resolve.articles import cluster_articles
from pipeline.resolve.ids import REDIRECTS
from pipeline.resolve.versions import Versions, find_versions
from tests.resolve.article_rows import START, digest_of, frame, held, speech, text

NOTHING = pl.DataFrame(schema={"version_id": pl.String, "article_id": pl.String})
NO_REDIRECTS = pl.DataFrame(schema=REDIRECTS)


def versions_of(
    *rows: dict[str, object], previous: pl.DataFrame = NOTHING, redirects: pl.DataFrame = NO_REDIRECTS, name: str = "a1"
) -> Versions:
    """The versions of texts that are all one article."""
    return versions_among({name: list(rows)}, previous, redirects)


def versions_among(
    articles: dict[str, list[dict[str, object]]],
    previous: pl.DataFrame = NOTHING,
    redirects: pl.DataFrame = NO_REDIRECTS,
) -> Versions:
    """The versions of texts whose articles are given."""
    every = [row for rows in articles.values() for row in rows]
    texts, bodies = frame(every), held(every)
    owner = {str(row["text_id"]): name for name, rows in articles.items() for row in rows}
    members = cluster_articles(texts, bodies).members.with_columns(cluster_id=pl.col("text_id").replace_strict(owner))
    ids = pl.DataFrame({"cluster_id": sorted(articles), "id": sorted(articles)})
    return find_versions(texts, members, ids, previous, redirects, bodies)


def shown(found: Versions) -> dict[str, int | None]:
    """The number of the version each text shows."""
    numbered = found.texts.join(found.versions.select("version_id", "version"), on="version_id", how="left")
    return dict(numbered.sort("text_id").select("text_id", "version").iter_rows())


def test_other_quotes_and_blanks_are_no_version_and_changed_words_are() -> None:
    one = text("a", body="It’s “true”.\n\nWe agreed – today.", day=0)
    printing = text("b", body='It\'s "true".\n\nWe agreed - today.  ', day=1)
    edited = text("c", body="It’s “true”.\n\nWe agreed – yesterday.", day=2)
    found = versions_of(one, printing, edited)
    assert shown(found) == {"a": 1, "b": 1, "c": 2}
    second = found.versions.filter(version=2).row(0, named=True)
    assert (second["words_added"], second["words_removed"]) == ("yesterday", "today")
    assert (second["n_words_added"], second["n_words_removed"]) == (1, 1)
    first = found.versions.filter(version=1).row(0, named=True)
    assert first["n_words_added"] is None
    assert first["n_captures"] == 2
    assert first["body_sha256"] == one["body_sha256"]


def test_a_text_that_returns_is_one_version_seen_twice_and_the_newest() -> None:
    one = text("a", body="We agreed today.", day=0, last_day=9)
    two = text("b", body="We agreed yesterday.", day=4)
    found = versions_of(one, two)
    assert shown(found) == {"a": 1, "b": 2}
    assert found.articles.item(0, "newest_version_id") == found.versions.filter(version=1).item(0, "version_id")


def test_a_changed_title_is_a_version_and_a_missing_one_is_not() -> None:
    one = text("a", title="Statement", body="We agreed today.", day=0)
    two = text("b", title="Statement on trade", body="We agreed today.", day=1)
    none = text("c", title=None, body="We agreed today.", day=2)
    found = versions_of(one, two, none)
    assert shown(found) == {"a": 1, "b": 2, "c": 1}
    assert found.versions.filter(version=2).item(0, "words_added") == "on trade"


def test_a_truncated_text_is_the_version_it_begins_and_none_where_several_go_on() -> None:
    body = speech("trade")
    one, two = text("a", body=body, day=0), text("b", body=body + "\n\nThank you.", day=1)
    both = text("c", body=body[:300], cut=True, day=2)
    second = text("d", body=body + "\n\nThank", cut=True, day=3)
    found = versions_of(one, two, both, second)
    assert shown(found) == {"a": 1, "b": 2, "c": None, "d": 2}
    assert not found.articles.item(0, "is_truncated")


def test_an_article_that_is_only_known_truncated_has_one_version() -> None:
    body = speech("trade")
    rows = [text(f"t{size}", body=body[:size], cut=True, day=size // 100) for size in (300, 600, 900)]
    found = versions_of(*rows)
    assert shown(found) == {"t300": 1, "t600": 1, "t900": 1}
    assert found.versions.item(0, "body_sha256") == digest_of(body[:900])
    assert found.articles.item(0, "is_truncated")


def test_an_article_without_a_text_has_a_version_without_a_body() -> None:
    row = versions_of(text("a", title="PHOTO: Concert", body="")).versions.row(0, named=True)
    assert (row["title"], row["body_sha256"]) == ("PHOTO: Concert", None)


def test_versions_are_numbered_by_first_capture_and_keep_their_ids_when_older_ones_turn_up() -> None:
    before = versions_of(text("b", body="We agreed today.", day=5))
    previous = before.versions.select("version_id", "article_id")
    after = versions_of(
        text("b", body="We agreed today.", day=5), text("a", body="We disagreed.", day=1), previous=previous
    )
    assert shown(after) == {"a": 1, "b": 2}
    assert after.versions.filter(version=2).item(0, "version_id") == before.versions.item(0, "version_id")


def test_two_articles_with_the_same_words_have_versions_of_their_own() -> None:
    notice = "The Embassy is closed today."
    articles = {"a1": [text("x", on=date(2019, 1, 4), body=notice, day=1)], "a2": [text("y", body=notice, day=0)]}
    first = versions_among(articles)
    assert first.versions.get_column("version_id").n_unique() == 2
    previous = first.versions.select("version_id", "article_id")
    articles["a1"][0]["first_captured_at"] = START.replace(year=2018)
    again = versions_among(articles, previous)
    assert dict(again.versions.select("article_id", "version_id").iter_rows()) == dict(
        first.versions.select("article_id", "version_id").iter_rows()
    )


def test_versions_keep_their_ids_when_their_articles_merge() -> None:
    notice = "The Embassy is closed today."
    x, y = text("x", body=notice, day=0), text("y", body="It is open again.", day=1)
    apart = versions_among({"a1": [x], "a2": [y]})
    redirects = pl.DataFrame([("a2", "a1", "merged", "1.1.0")], schema=REDIRECTS, orient="row")
    merged = versions_of(x, y, previous=apart.versions.select("version_id", "article_id"), redirects=redirects)
    assert set(merged.versions.get_column("version_id")) == set(apart.versions.get_column("version_id"))


def test_a_title_that_turns_up_later_does_not_change_the_id() -> None:
    before = versions_of(text("a", title=None, body="We agreed today."))
    previous = before.versions.select("version_id", "article_id")
    after = versions_of(text("a", title="Statement", body="We agreed today."), previous=previous)
    assert after.versions.item(0, "version_id") == before.versions.item(0, "version_id")


@settings(max_examples=60)
@given(
    st.lists(
        st.tuples(
            st.sampled_from([None, "One", "Two"]),
            st.sampled_from(["", "We agreed.", "We agreed today.", "we agreed – today"]),
            st.booleans(),
        ),
        unique=True,
        min_size=1,
    ),
    st.randoms(use_true_random=False),
)
def test_versions_do_not_depend_on_the_order_of_texts(rows, random) -> None:  # type: ignore[no-untyped-def]
    texts = [
        text(f"t{number}", title=title, body=body, cut=cut, day=number)
        for number, (title, body, cut) in enumerate(rows)
    ]
    before = versions_of(*texts)
    random.shuffle(texts)
    after = versions_of(*texts)
    assert after.versions.equals(before.versions)
    assert after.texts.equals(before.texts)
    assert before.versions.get_column("n_captures").sum() == before.texts.get_column("version_id").count()
    assert before.versions.get_column("version").sort().to_list() == list(range(1, before.versions.height + 1))
