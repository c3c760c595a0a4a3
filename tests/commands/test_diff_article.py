"""`chancery diff-article`: the words that came and went, where they stand, for people with and without colours."""

from datetime import UTC, datetime
from typing import Any

import polars as pl
import pytest
from click.testing import CliRunner, Result

from pipeline.cli import chancery
from pipeline.commands.versions_text import diff_lines, pick_versions
from pipeline.errors import ChanceryError
from pipeline.lookup import Item
from tests.worlds import World


def version(number: int, body: str | None, title: str | None = "On peace") -> dict[str, Any]:
    at = datetime(2019, 1, number, 12, 30, tzinfo=UTC)
    known = {"article_id": "a" + "0" * 16, "version": number, "version_id": f"v{number:016}", "first_captured_at": at}
    return known | {"title": title, "body": body}


def diff(
    older: str | None, newer: str | None, *, everything: bool = True, paint: bool = False, width: int = 200
) -> str:
    lines = diff_lines(version(1, older), version(2, newer), width=width, paint=paint, everything=everything)
    head = list(lines)
    assert head[:4] == [
        "article a0000000000000000",
        "- version 1, v0000000000000001, first seen 2019-01-01 12:30 UTC",
        "+ version 2, v0000000000000002, first seen 2019-01-02 12:30 UTC",
        "",
    ]
    return "\n".join(head[4:]).strip()


def test_words_are_marked_where_they_stand() -> None:
    older, newer = "We met in Paris on Monday.", "We met twice in Rome on Monday."
    assert diff(older, newer) == "We met {+twice+} in [-Paris-] {+Rome+} on Monday."


def test_a_change_within_a_compound_marks_its_part_only() -> None:
    assert diff("a well-known fact", "a well-established fact") == "a well-[-known-] {+established+} fact"


def test_words_at_the_end_of_a_text_are_no_part_of_its_last_word() -> None:
    assert diff("It ended.\n\nThen it went on.", "It ended.") == "It ended.\n\n[-Then it went on.-]"
    assert diff("It ended.", "It ended.\n\nThen it went on.") == "It ended.\n\n{+Then it went on.+}"


def test_words_that_went_from_within_a_paragraph_do_not_end_it() -> None:
    assert diff("One two.\n\nThree four.", "One five six. Three four.") == "One [-two.-] {+five six.+} Three four."


def test_paragraphs_without_a_change_are_counted_not_printed() -> None:
    older = "One.\n\nTwo.\n\nThree is old.\n\nFour."
    newer = "One.\n\nTwo.\n\nThree is new.\n\nFour."
    assert diff(older, newer, everything=False) == (
        "… 2 paragraphs unchanged (--all)\n\nThree is [-old.-] {+new.+}\n\n  … 1 paragraph unchanged (--all)"
    )
    assert "One.\n\nTwo." in diff(older, newer)


def test_a_line_fits_and_marks_each_of_its_stretches_by_itself() -> None:
    text = diff("Start. End.", "Start. " + "many new words " * 20 + "End.", width=60)
    assert all(len(line) <= 60 for line in text.splitlines())
    assert all(line.count("{+") == line.count("+}") for line in text.splitlines())


def test_colours_stand_for_the_marks() -> None:
    text = diff("an old word", "a new word", paint=True)
    assert "\x1b[31m" in text
    assert "\x1b[32m" in text
    assert "[-" not in text


def test_a_title_without_letters_and_a_missing_text_do_no_harm() -> None:
    lines = diff_lines(
        version(1, None, None), version(2, "A text.", "A title"), width=80, paint=False, everything=False
    )
    assert list(lines)[4:] == ["{+A title+}", "", "{+A text.+}", ""]


def test_a_text_cannot_steer_the_terminal() -> None:
    assert "\x1b" not in diff("calm words", "calm \x1b[2Jwords \x07here")


def test_the_newest_version_is_compared_with_the_one_before_unless_said() -> None:
    item = Item("article", "a" + "0" * 16, "", parts={"versions": [version(n, str(n)) for n in (1, 2, 3)]})

    def picked(older: int | None, newer: int | None) -> tuple[int, int]:
        pair = pick_versions(item, older, newer)
        assert pair is not None
        return pair[0]["version"], pair[1]["version"]

    assert picked(None, None) == (2, 3)
    assert picked(1, None) == (1, 3)
    assert picked(None, 2) == (1, 2)
    assert picked(3, 1) == (3, 1)
    with pytest.raises(ChanceryError, match="has no version 4; it has: 1, 2, 3"):
        pick_versions(item, None, 4)
    with pytest.raises(ChanceryError, match=r"version 1 of article a0{16} is the first.* it has: 1, 2, 3"):
        pick_versions(item, None, 1)
    for older, newer in ((3, None), (2, 2)):
        with pytest.raises(ChanceryError, match=r"would be compared with itself; .*: 1, 2, 3"):
            pick_versions(item, older, newer)
    single = Item("article", "a" + "0" * 16, "", parts={"versions": [version(1, "one")]})
    for named in ((None, None), (1, None), (None, 1)):
        assert pick_versions(single, *named) is None
    with pytest.raises(ChanceryError, match="has no version 2; it has: 1"):
        pick_versions(single, None, 2)


def run(world: World, *arguments: str) -> Result:
    return CliRunner().invoke(chancery, ["diff-article", *arguments, "--outputs", str(world.outputs)])


def test_every_edited_article_of_a_build_shows_the_words_its_row_counts(simulated: World) -> None:
    versions = pl.read_parquet(simulated.tables / "article_versions.parquet").filter(pl.col("version") > 1)
    assert versions.height >= 5
    for row in versions.sort("version_id").to_dicts():
        output = run(simulated, row["version_id"], "--all").output
        assert output == run(simulated, row["article_id"], "--to", str(row["version"]), "--all").output
        assert ("{+" in output) == (row["n_words_added"] > 0)
        assert ("[-" in output) == (row["n_words_removed"] > 0)
        newer = [line for line in output.split("\n\n", 1)[1].splitlines() if line]
        assert max(map(len, newer)) <= 80


def test_one_version_or_another_kind_of_item_is_said(samples: World) -> None:
    articles = pl.read_parquet(samples.tables / "articles.parquet")
    assert "has one version only" in run(samples, articles["article_id"][0]).output
    refused = run(samples, articles["event_id"][0])
    assert refused.exit_code == 2
    words = f"is no article but: event; name its article, {articles['article_id'][0]}."
    assert words in " ".join(refused.output.split())
    capture_id = pl.read_parquet(samples.tables / "captures.parquet")["capture_id"][0]
    assert "is no article but: capture; name an article_id" in " ".join(run(samples, capture_id).output.split())
