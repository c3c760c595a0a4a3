"""Which texts of articles may meet while they are clustered."""

from pipeline.resolve.article_groups import article_neighbourhoods
from pipeline.resolve.signatures import text_facts
from tests.resolve.article_rows import frame, held, speech, text

PLACEHOLDER = "This page is being updated."


def neighbours(*rows: dict[str, object]) -> list[set[str]]:
    """Ids of the texts that may meet."""
    texts = frame(rows)
    known = texts.join(text_facts(texts, held(rows)), on="text_id")
    found = article_neighbourhoods(known).group_by("neighbourhood").agg("text_id")
    return sorted(map(set, found["text_id"].to_list()), key=min)


def test_one_long_text_under_two_titles_may_be_one_article() -> None:
    copies = [text(name, title=f"On trade, {name}", body=speech("trade")) for name in "ab"]
    assert neighbours(*copies) == [{"a", "b"}]


def test_pages_that_only_say_the_same_few_words_do_not_meet() -> None:
    """A placeholder under thousands of titles would be compared with each of its copies."""
    copies = [text(name, title=f"Consular notice {name}", body=PLACEHOLDER) for name in "abc"]
    assert neighbours(*copies) == [{"a"}, {"b"}, {"c"}]
