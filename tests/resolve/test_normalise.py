"""Typography is made plain, digits and letters are kept."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.resolve.normalise import Words, canonical, split_kind, wording


@pytest.mark.parametrize(
    ("printed", "plain"),
    [
        ("Lavrov’s “remarks”", 'Lavrov\'s "remarks"'),
        ("«Рига» и „Осло“", '"Рига" и "Осло"'),
        ("2014–2019 — a review", "2014-2019 - a review"),
        ("Consular\u00a0\u00a0Section \u202f closed", "Consular Section closed"),
        ("Embassy\\'s letter", "Embassy's letter"),
        ("Embassy\\\\’s letter", "Embassy's letter"),
        ("Today`s letter", "Today's letter"),
        ("Today`s letter – a copy", "Today's letter - a copy"),
        ("state\u00adment", "statement"),
        ("And yet…", "And yet..."),
        ("Ｎｏ． ５", "No. 5"),
    ],
)
def test_quotes_dashes_and_blanks_are_made_plain(printed: str, plain: str) -> None:
    assert canonical(printed) == plain


def test_a_superscript_does_not_become_a_digit() -> None:
    assert canonical("5 m²") == "5 m²"


def test_case_and_digits_are_kept() -> None:
    assert canonical("PRESS release No. 1809-28-09-2018") == "PRESS release No. 1809-28-09-2018"


# most of what typography changes is rare: letters that meet it are picked more often than chance would
_PRINTED = st.text(
    st.sampled_from("ae1 \\'\"`´‘’“–…ﬁ｀＇＼\u00ad\u200b\u0301\u1fef\u1ffd\u00a0") | st.characters(), max_size=80
)


@given(_PRINTED)
def test_canonical_text_is_canonical(text: str) -> None:
    once = canonical(text)
    assert canonical(once) == once


@given(st.text(max_size=80))
def test_no_digit_is_lost_or_made(text: str) -> None:
    def count(of: str) -> int:
        return sum(letter.isdecimal() for letter in of)

    assert count(canonical(text)) == count(text)


@pytest.mark.parametrize(
    ("title", "kind", "rest"),
    [
        ("PHOTO: Reception at the Embassy", "photo", "Reception at the Embassy"),
        ("Video : Reception", "video", "Reception"),
        ("VIDEO/PHOTO: Reception", "photo+video", "Reception"),
        ("Photographs of a reception", "", "Photographs of a reception"),
        ("Video conference on trade", "", "Video conference on trade"),
    ],
)
def test_a_leading_photo_or_video_mark_is_the_kind(title: str, kind: str, rest: str) -> None:
    assert split_kind(title) == (kind, rest)


def test_words_keep_numbers_and_apostrophes_whole() -> None:
    assert Words("The 10-kilometre zone: Russia's 1,500 men, 11:30, G20, £5").raw == (
        *("The", "10", "kilometre", "zone", "Russia's", "1,500", "men", "11:30", "G20", "£", "5"),
    )


def test_the_day_stands_before_its_month_however_printed() -> None:
    assert Words("Oslo, March 5, 2019").folded == Words("Oslo, 5 March 2019").folded
    assert Words("from 5 March 8 ships").folded == ("from", "5", "march", "8", "ships")


def test_the_plain_verb_may_is_no_month() -> None:
    assert Words("they may 5 times").folded == ("they", "may", "5", "times")


def test_a_sentence_ends_where_its_mark_stands() -> None:
    words = Words("We met. It was cold")
    assert words.ends_sentence(2)
    assert not words.ends_sentence(1)
    assert not words.ends_sentence(0)


def test_a_teaser_of_blanks_is_none() -> None:
    form = wording("f", 0, "Title", " \u00a0 ", is_cut=False)
    assert form.teaser is None
    assert form.is_incomplete
