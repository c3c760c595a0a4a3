"""What differs between two word sequences, and which difference forbids seeing one item."""

import pytest

from pipeline.resolve import reasons
from pipeline.resolve.normalise import Words
from pipeline.resolve.word_diff import diff_words, is_respelling


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("sailors", "salors"),
        ("supplies", "suppplies"),
        ("supplies", "suplpies"),
        ("organise", "organize"),
        ("ship", "ships"),
        ("Syromolotov", "Syrmolotov"),
        ("Lavrov", "Lavorv"),
        ("Lavrov", "Lavro"),
        ("Lavrovs", "Lavrov's"),
    ],
)
def test_a_letter_lost_doubled_or_swapped_is_a_respelling(a: str, b: str) -> None:
    assert is_respelling(a, b)
    assert is_respelling(b, a)


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("Iran", "Iraq"),
        ("Ivanov", "Ivanova"),
        ("Korea", "Korean"),
        ("Oman", "Roman"),
        ("Niger", "Nigeria"),
        ("5", "15"),
        ("June", "July"),
        ("Sunday", "Monday"),
        ("nine", "nie"),
        ("open", "opens"),
        ("of", "off"),
    ],
)
def test_other_names_numbers_months_and_listed_words_are_no_respelling(a: str, b: str) -> None:
    assert not is_respelling(a, b)
    assert not is_respelling(b, a)


@pytest.mark.parametrize(
    ("a", "b", "reason"),
    [
        ("closed on 5 April", "closed on 6 April", reasons.DIGIT_DIFFERS),
        ("closed on 5 April", "closed on 5 May", reasons.MONTH_DIFFERS),
        ("closed on Monday morning", "closed on Friday morning", reasons.WEEKDAY_DIFFERS),
        ("the two ships", "the three ships", reasons.NUMBER_WORD_DIFFERS),
        ("a letter to the Times about trade", "a letter to the Guardian about trade", reasons.NAME_DIFFERS),
        ("the hall is open for all", "the hall is closed for all", reasons.OPPOSITE_DIFFERS),
        ("talks with Korea again", "talks with South Korea again", reasons.OPPOSITE_DIFFERS),
        ("TALKS IN RIGA ON TRADE", "TALKS IN OSLO ON TRADE", reasons.NAME_DIFFERS),
        ("it costs £5 a day", "it costs $5 a day", reasons.DIGIT_DIFFERS),
        ("closed on 23 February", "closed on 23 February and 8 March", reasons.DIGIT_DIFFERS),
    ],
)
def test_what_tells_two_items_apart_is_a_veto(a: str, b: str, reason: str) -> None:
    assert diff_words(Words(a), Words(b)).veto == reason
    assert diff_words(Words(b), Words(a)).veto == reason


def test_a_text_that_goes_on_after_its_sentence_may_bring_numbers() -> None:
    diff = diff_words(Words("We met in Oslo."), Words("We met in Oslo. Some 78 ships sailed in May."))
    assert diff.veto is None
    assert (diff.n_shared, diff.n_changed, diff.appended) == (4, 0, 6)


def test_a_cut_text_is_compared_without_its_broken_last_word() -> None:
    diff = diff_words(Words("The anniversary of 19"), Words("The anniversary of 1945 is near"), is_cut=True)
    assert diff.veto is None
    assert diff.n_changed == 0


def test_a_letter_lost_before_appended_words_is_both() -> None:
    diff = diff_words(Words("we honour the salors"), Words("we honour the sailors of two nations"))
    assert (diff.n_shared, diff.n_respelled, diff.n_changed, diff.appended) == (4, 1, 0, 3)


def test_a_word_written_apart_is_a_respelling() -> None:
    assert diff_words(Words("on co-operation at sea"), Words("on cooperation at sea")).is_respelled


def test_numbers_run_together_are_no_respelling() -> None:
    assert diff_words(Words("rooms 1 2 here"), Words("rooms 12 here")).veto == reasons.DIGIT_DIFFERS
