"""The language of a body."""

from functools import cache
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from py3langid.langid import MODEL_FILE, LanguageIdentifier

from pipeline.parse import parse_page
from pipeline.parse.language import detect_languages
from pipeline.parse.text import collapse
from pipeline.records import PageText


@pytest.mark.parametrize("prefix", ["000", "003"])
def test_both_samples_are_english(raw: Path, prefix: str) -> None:
    (path,) = raw.glob(f"{prefix}_*.txt")
    article = parse_page(PageText(path.read_text(encoding="utf-8"))).article
    assert article is not None
    assert detect_languages(["\n\n".join(article.paragraphs)]) == ["en"]


def test_a_russian_text_is_russian() -> None:
    text = "Посольство благодарит всех, кто принял участие в концерте, и ждёт гостей весной."
    assert detect_languages([text]) == ["ru"]


def test_russian_words_do_not_make_an_english_text_russian() -> None:
    text = "The choir of the Большой театр sang to a full house, and the guests were delighted."
    assert detect_languages([text]) == ["en"]


@pytest.mark.parametrize("text", ["", "Hello.", "1809-28-09-2018 " * 20, "\u00a0" * 500])
def test_too_little_text_has_no_language(text: str) -> None:
    assert detect_languages([text]) == [None]


WORDS = st.sampled_from(
    ["the embassy", "посольство", "la casa é", "und die Straße", "日本の大使館", "ÇA VA", "12 March", "\ud800", "xqz"]
)


@cache
def library() -> LanguageIdentifier:
    return LanguageIdentifier.from_model_file(MODEL_FILE)


@given(st.lists(st.lists(WORDS, min_size=1, max_size=40).map(" ".join), max_size=8))
def test_texts_judged_together_are_judged_as_each_alone_by_the_library(texts: list[str]) -> None:
    expected: list[str | None] = []
    for text in texts:
        sample = collapse(text[:600])[:300]
        code = library().classify(sample)[0]
        expected.append(code if sum(map(str.isalpha, sample)) >= 20 and len(code) == 2 else None)
    assert detect_languages(texts) == expected
