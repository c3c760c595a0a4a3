"""What counts as the same words, and which words came and went."""

import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from pipeline.resolve.words import normal_texts, word_changes, word_diff

WORDS = st.lists(
    st.sampled_from(["Russia", "trade", "5", "don’t", "the", "–", "£3", "Москва", "co-operation"]), max_size=12
)


def normal_text(text: str) -> str:
    return str(pl.select(normal_texts(pl.lit(text))).item())


def test_quotes_blanks_dashes_and_case_are_no_words() -> None:
    assert (
        normal_text("“Don’t”\u00a0go –  13–14\tMAY…")
        == normal_text('"don\'t" go - 13-14 May...')
        == "dont go 13 14 may"
    )


def test_an_escaped_apostrophe_is_an_apostrophe() -> None:
    assert normal_text("Russia\\'s") == normal_text("Russia’s")


def test_digits_letters_money_and_percent_are_words() -> None:
    assert normal_text("5% of £3 in Москва") == "5% of £3 in москва"
    assert normal_text("1.5") != normal_text("15")


def test_words_that_came_and_went_are_given_as_printed_and_in_order() -> None:
    changes = word_changes("We met in Moscow on Monday.", "We all met in “Minsk” on Monday, again.")
    assert (changes.n_added, changes.added) == (3, "all Minsk again")
    assert (changes.n_removed, changes.removed) == (1, "Moscow")


def test_other_printing_of_the_same_words_changes_nothing() -> None:
    changes = word_changes("Russia's “trade” – 13–14 May", 'Russia’s "trade" - 13-14 May')
    assert (changes.n_added, changes.n_removed, changes.added, changes.removed) == (0, 0, "", "")


def test_a_diff_shows_what_went_before_what_came() -> None:
    segments = [(part.kind, part.text) for part in word_diff("The brown fox. End.", "The red fox jumps. End.")]
    assert segments == [
        ("equal", "The "),
        ("delete", "brown "),
        ("insert", "red "),
        ("equal", "fox "),
        ("insert", "jumps. "),
        ("equal", "End."),
    ]


@given(WORDS, WORDS)
def test_the_parts_that_stayed_and_came_are_the_newer_text(older: list[str], newer: list[str]) -> None:
    a, b = " ".join(older), " ".join(newer)
    segments = word_diff(a, b)
    assert "".join(part.text for part in segments if part.kind != "delete") == b
    assert all(part.kind == "equal" for part in word_diff(a, a))
    changes = word_changes(a, b)
    assert changes.n_added - changes.n_removed == word_changes("", b).n_added - word_changes("", a).n_added
    back = word_changes(b, a)
    assert (back.n_added, back.n_removed) == (changes.n_removed, changes.n_added)


@given(st.text(), st.text())
def test_no_text_breaks_the_diff(older: str, newer: str) -> None:
    assert "".join(part.text for part in word_diff(older, newer) if part.kind != "delete") == newer
