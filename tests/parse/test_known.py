"""What a process remembers of texts changes nothing and is bounded."""

from hypothesis import given
from hypothesis import strategies as st

from pipeline.parse.known import Known


def held(known: Known[str, str]) -> int:
    return sum(map(len, known))


@given(st.lists(st.text("ab", max_size=40)))
def test_what_is_known_is_what_the_function_gives_whatever_came_before(texts: list[str]) -> None:
    known = Known(str.upper, len, 500)
    assert [known[text] for text in texts] == [text.upper() for text in texts]


@given(st.lists(st.text("ab", max_size=400)))
def test_no_texts_make_it_hold_more_than_its_bound(texts: list[str]) -> None:
    known = Known(str.upper, len, 500)
    for text in texts:
        assert known[text] == text.upper()
        assert held(known) <= 500


def test_a_text_that_is_held_is_not_worked_out_again() -> None:
    asked: list[str] = []

    def upper(text: str) -> str:
        asked.append(text)
        return text.upper()

    known = Known(upper, len, 1000)
    assert [known["one"], known["two"], known["one"]] == ["ONE", "TWO", "ONE"]
    assert asked == ["one", "two"]


def test_where_the_bound_is_reached_the_texts_learnt_last_stay() -> None:
    known = Known(str.upper, len, 660)
    for number in range(11):
        assert known[f"{number:02}"]
    assert list(known) == [f"{number:02}" for number in range(5, 11)]
