"""A published version that no capture shows any more leads to the version that goes on with its words, or nowhere."""

import polars as pl

from pipeline.resolve.ids import REDIRECTS
from pipeline.resolve.version_redirects import redirect_versions
from tests.resolve.article_rows import Held, by_digest

NO_REDIRECTS = pl.DataFrame(schema=REDIRECTS)


def versions(*rows: tuple[str, str, int, str]) -> pl.DataFrame:
    schema = {"version_id": pl.String, "article_id": pl.String, "version": pl.Int32, "body": pl.String}
    return by_digest(pl.DataFrame(list(rows), schema=schema, orient="row"))


def redirects(
    previous: pl.DataFrame, now: pl.DataFrame, earlier: pl.DataFrame = NO_REDIRECTS, moved: pl.DataFrame = NO_REDIRECTS
) -> list[tuple[str, str | None, str, str]]:
    return redirect_versions(previous, now.drop("body"), earlier, moved, "2.0.0", Held(now)).rows()


OLD = versions(("v1", "a1", 1, "The embassy said that the"), ("v2", "a2", 1, "Other words."))


def test_a_cut_version_leads_to_the_whole_one_that_goes_on_with_its_words() -> None:
    now = versions(("v3", "a1", 1, "The embassy said that “the” visa centre is open."), ("v2", "a2", 1, "Other words."))
    assert redirects(OLD, now) == [("v1", "v3", "merged", "2.0.0")]


def test_a_version_whose_dump_is_gone_leads_to_nothing() -> None:
    assert redirects(OLD, versions(("v1", "a1", 1, "The embassy said that the"))) == [
        ("v2", None, "withdrawn", "2.0.0")
    ]


def test_other_words_of_the_same_article_are_no_continuation() -> None:
    now = versions(("v3", "a1", 1, "The ministry said that the"), ("v2", "a2", 1, "Other words."))
    assert redirects(OLD, now) == [("v1", None, "withdrawn", "2.0.0")]


def test_an_article_that_merged_takes_its_versions_along() -> None:
    moved = pl.DataFrame([("a1", "a9", "merged", "2.0.0")], schema=REDIRECTS, orient="row")
    now = versions(("v3", "a9", 1, "The embassy said that the visa centre is open."), ("v2", "a2", 1, "Other words."))
    assert redirects(OLD, now, moved=moved) == [("v1", "v3", "merged", "2.0.0")]


def test_earlier_redirects_are_carried_on_and_end_at_what_is_live() -> None:
    earlier = pl.DataFrame(
        [("v0", "v1", "merged", "1.1.0"), ("v9", None, "withdrawn", "1.0.0"), ("e1", "e2", "merged", "1.0.0")],
        schema=REDIRECTS,
        orient="row",
    )
    now = versions(("v3", "a1", 1, "The embassy said that the visa centre is open."), ("v2", "a2", 1, "Other words."))
    assert redirects(OLD, now, earlier) == [
        ("v0", "v3", "merged", "1.1.0"),
        ("v1", "v3", "merged", "2.0.0"),
        ("v9", None, "withdrawn", "1.0.0"),
    ]


def test_a_version_that_is_back_redirects_no_more() -> None:
    earlier = pl.DataFrame([("v1", None, "withdrawn", "1.0.0")], schema=REDIRECTS, orient="row")
    assert redirects(OLD.head(0), OLD, earlier) == []
