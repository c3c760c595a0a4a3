"""The language of a body."""

from pathlib import Path

import pytest

from pipeline.parse import parse_page
from pipeline.parse.language import detect_language
from pipeline.records import PageText


@pytest.mark.parametrize("prefix", ["000", "003"])
def test_both_samples_are_english(raw: Path, prefix: str) -> None:
    (path,) = raw.glob(f"{prefix}_*.txt")
    article = parse_page(PageText(path.read_text(encoding="utf-8"))).article
    assert article is not None
    assert detect_language("\n\n".join(article.paragraphs)) == "en"


def test_a_russian_text_is_russian() -> None:
    assert detect_language("Посольство благодарит всех, кто принял участие в концерте, и ждёт гостей весной.") == "ru"


def test_russian_words_do_not_make_an_english_text_russian() -> None:
    assert (
        detect_language("The choir of the Большой театр sang to a full house, and the guests were delighted.") == "en"
    )


@pytest.mark.parametrize("text", ["", "Hello.", "1809-28-09-2018 " * 20, "\u00a0" * 500])
def test_too_little_text_has_no_language(text: str) -> None:
    assert detect_language(text) is None
