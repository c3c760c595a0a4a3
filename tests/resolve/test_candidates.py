"""Which wordings meet at all: near in days, alike by letters, the same pairs for any order."""

import random

from pipeline.resolve.candidates import candidate_pairs
from pipeline.resolve.normalise import Wording, wording

TEXT = "We honour the sailors of both nations who carried supplies through ice and storm to the northern harbour."
OTHER = "The talks that ended an hour ago were frank and useful, and we agreed to restore the dialogue on trade."


def form(form_id: str, title: str, teaser: str | None = TEXT, day: int = 0, *, is_cut: bool = False) -> Wording:
    return wording(form_id, day, title, teaser, is_cut=is_cut)


def met(*forms: Wording) -> list[tuple[str, str]]:
    return [(a.form_id, b.form_id) for a, b in candidate_pairs(forms)]


def test_wordings_meet_up_to_two_days_apart() -> None:
    forms = [form("a", "On the convoys", day=0), form("b", "On the convoys", day=2), form("c", "On the convoys", day=3)]
    assert met(*forms) == [("a", "b"), ("b", "c")]


def test_an_edited_first_word_does_not_keep_wordings_apart() -> None:
    assert met(form("a", "Statment on the convoys of the north"), form("b", "Statement on the convoys of the north"))


def test_a_new_title_over_the_same_text_meets() -> None:
    assert met(form("a", "On the convoys"), form("b", "Reply to a question concerning old ships"))


def test_a_text_with_words_put_before_it_meets() -> None:
    assert met(form("a", "Convoys"), form("b", "On old ships", "Good afternoon, ladies and gentlemen! " + TEXT))


def test_a_text_cut_short_meets_its_whole() -> None:
    assert met(form("a", "Statement"), form("b", "Statement", TEXT[:20], is_cut=True))


def test_a_title_cut_within_its_second_word_meets_its_whole() -> None:
    assert met(form("a", "Statement on the convoys"), form("b", "Statement o", None, is_cut=True))


def test_one_title_over_two_texts_meets_so_that_the_reason_to_part_them_is_on_record() -> None:
    assert met(form("a", "Press release"), form("b", "Press release", OTHER)) == [("a", "b")]


def test_unlike_wordings_that_share_three_words_do_not_meet() -> None:
    a = form("a", "Statement of the Russian Embassy on wool")
    assert met(a, form("b", "Answer of the Russian Embassy to a lawyer of three sailors in Leeds", OTHER)) == []


def test_undated_wordings_meet_undated_ones_only() -> None:
    undated = [wording(name, None, "On the convoys", TEXT, is_cut=False) for name in "ab"]
    assert met(*undated, form("c", "On the convoys")) == [("a", "b")]


def test_the_pairs_are_the_same_for_any_order_and_the_smaller_id_stands_first() -> None:
    forms = [
        form(f"{place:02}", f"On the convoys of the {'north' * (place % 3)}", day=place % 5) for place in range(20)
    ]
    expected = met(*forms)
    assert all(a < b for a, b in expected)
    assert len(set(expected)) == len(expected) > 20
    shuffled = random.Random(4).sample(forms, len(forms))
    assert met(*shuffled) == expected == sorted(expected)
