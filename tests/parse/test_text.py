"""Lines, blanks and the digest that says two dumps show the same page."""

import hashlib
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.parse.text import collapse, ends_sentence, page_lines, text_sha256


@given(st.text(st.characters(codec=None, exclude_categories=())))
def test_collapsing_is_splitting_at_every_blank_and_joining_by_one_space(text: str) -> None:
    assert collapse(text) == " ".join(text.split())


def test_lines_keep_their_numbers_and_lose_their_blanks() -> None:
    lines = page_lines("\ufeff first\r\n\u00a0\r\nsecond\u00a0\u00a0\rthird\n\n")
    assert (lines.numbers, lines.texts) == ([1, 3, 4], ["first", "second", "third"])
    assert [lines.blanks_before(index) for index in range(3)] == [0, 1, 0]


def test_the_digest_sees_words_and_no_blanks() -> None:
    digest = hashlib.sha256("Café au lait\nsecond line".encode()).hexdigest()
    assert text_sha256("Café au lait\nsecond line") == digest
    decomposed = unicodedata.normalize("NFD", "Café")
    assert text_sha256(f"\r\n  {decomposed}\u00a0 au lait  \r\n\u00a0\r\nsecond\tline\r\n\r\n") == digest
    assert text_sha256("Café au lait second line") != digest


def test_a_lone_surrogate_becomes_the_replacement_character() -> None:
    assert page_lines("a\ud800b").collapsed == ["a\ufffdb"]
    assert text_sha256("a\ud800b") == hashlib.sha256("a\ufffdb".encode()).hexdigest()


@pytest.mark.parametrize(
    "text", ["So.", "So!", "So?", "“So.”", "“So”", "So (he said).", "So (he said)", "So.\u00a0\u00a0"]
)
def test_a_sentence_may_end_so(text: str) -> None:
    assert ends_sentence(text)


@pytest.mark.parametrize("text", ["So", "So,", "So…", "So...", "“So…”", "So -", "", "”"])
def test_a_cut_text_does_not_end_a_sentence(text: str) -> None:
    assert not ends_sentence(text)
