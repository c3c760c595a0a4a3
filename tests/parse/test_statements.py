"""Questions, answers and remarks, told by the marks the source prints."""

from pathlib import Path

import pytest

from pipeline.parse import parse_page
from pipeline.parse.statements import Statement, StatementRole, split_statements
from pipeline.records import PageText

QUESTION, ANSWER, REMARKS = StatementRole.QUESTION, StatementRole.ANSWER, StatementRole.REMARKS


def test_the_burundi_sample_has_remarks_three_questions_and_three_answers(raw: Path) -> None:
    (path,) = raw.glob("003_*.txt")
    article = parse_page(PageText(path.read_text(encoding="utf-8"))).article
    assert article is not None
    statements = split_statements(article.paragraphs)
    assert [(s.role, s.speaker, s.addressed_to, s.note, len(s.text.split("\n\n"))) for s in statements] == [
        (REMARKS, None, None, None, 18),
        (QUESTION, None, "both ministers", None, 1),
        (ANSWER, "Sergey Lavrov", None, "speaking after Ezechiel Nibigira", 1),
        (QUESTION, None, "Ezechiel Nibigira", None, 1),
        (ANSWER, "Sergey Lavrov", None, "adding after Ezechiel Nibigira", 2),
        (QUESTION, None, None, None, 1),
        (ANSWER, "Sergey Lavrov", None, None, 2),
    ]
    assert sum(len(s.text.split("\n\n")) for s in statements) == len(article.paragraphs)
    assert statements[1].text.startswith("The Burundian Minister of Public Security")
    assert statements[6].text.startswith("Frankly, I do not think")


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ("Question: Why?", "Answer: So."),
        ("Q: Why?", "A: So."),
        ("Q.: Why?", "A.: So."),
        ("1. Question: Why?", "Answer: So."),
        ("2) Question:\u00a0Why?", "Answer:\u00a0So."),
    ],
)
def test_every_short_form_of_question_and_answer_is_a_mark(question: str, answer: str) -> None:
    assert split_statements([question, answer]) == [
        Statement(QUESTION, None, None, None, "Why?"),
        Statement(ANSWER, None, None, None, "So."),
    ]


def test_all_paragraphs_of_one_answer_are_one_statement() -> None:
    assert split_statements(["Q: Why?", "A: So.", "And so on.", "Q: When?"]) == [
        Statement(QUESTION, None, None, None, "Why?"),
        Statement(ANSWER, None, None, None, "So.\n\nAnd so on."),
        Statement(QUESTION, None, None, None, "When?"),
    ]


def test_an_outlet_asks_under_its_own_name() -> None:
    assert [(s.role, s.speaker) for s in split_statements(["RT: Why?", "Anna Orlova: So."])] == [
        (QUESTION, "RT"),
        (ANSWER, "Anna Orlova"),
    ]


def test_a_mark_on_a_line_of_its_own_takes_the_paragraphs_below() -> None:
    assert split_statements(["Question:", "Why?", "Anna Orlova:", "So."]) == [
        Statement(QUESTION, None, None, None, "Why?"),
        Statement(ANSWER, "Anna Orlova", None, None, "So."),
    ]


def test_a_mark_without_any_text_gives_no_statement() -> None:
    assert [s.role for s in split_statements(["Q: Why?", "A:"])] == [QUESTION]


def test_a_named_opening_is_remarks_by_that_person() -> None:
    statements = split_statements(["Sergey Lavrov: Good afternoon.", "Question: Why?", "Sergey Lavrov: So."])
    assert [(s.role, s.speaker) for s in statements] == [
        (REMARKS, "Sergey Lavrov"),
        (QUESTION, None),
        (ANSWER, "Sergey Lavrov"),
    ]


def test_two_ministers_who_answer_once_each_are_both_heard() -> None:
    statements = split_statements(
        ["Question (addressed to both): Why?", "Anna Orlova: So.", "Khalid bin Ahmed Al Khalifa: Yes."]
    )
    assert [(s.role, s.speaker, s.addressed_to) for s in statements] == [
        (QUESTION, None, "both"),
        (ANSWER, "Anna Orlova", None),
        (ANSWER, "Khalid bin Ahmed Al Khalifa", None),
    ]


def test_a_named_interviewer_is_told_by_asking_every_time() -> None:
    statements = split_statements(
        ["Andrew Marsh: Why?", "Anna Orlova: So.", "Andrew Marsh: And when?", "Anna Orlova: Who knows? Soon."]
    )
    assert [(s.role, s.speaker) for s in statements] == [
        (QUESTION, "Andrew Marsh"),
        (ANSWER, "Anna Orlova"),
        (QUESTION, "Andrew Marsh"),
        (ANSWER, "Anna Orlova"),
    ]


def test_speakers_who_recur_without_any_question_make_remarks() -> None:
    statements = split_statements(
        ["Anna Orlova: Good morning.", "Welcome.", "Petr Belov: Thank you.", "Anna Orlova: Well."]
    )
    assert [(s.role, s.speaker, s.text) for s in statements] == [
        (REMARKS, "Anna Orlova", "Good morning.\n\nWelcome."),
        (REMARKS, "Petr Belov", "Thank you."),
        (REMARKS, "Anna Orlova", "Well."),
    ]


@pytest.mark.parametrize(
    "sentence",
    [
        "I would like to note the following: we agreed.",
        "On Syria: we agreed.",
        "First: we agreed.",
        "Dear Colleagues: we agreed.",
        "Ladies and Gentlemen: we agreed.",
        "https://example.org is the address.",
        "PHOTO: The talks.",
        "12:30 was the hour.",
        "Russia (and this is known to all: everybody) agreed.",
    ],
)
def test_a_sentence_with_a_colon_is_no_mark(sentence: str) -> None:
    assert split_statements(["Before.", sentence, "After."]) == []
    statements = split_statements(["Question: Why?", "Answer: So.", sentence])
    assert statements[-1].text == f"So.\n\n{sentence}"


def test_a_single_word_counts_once_only_as_a_reply() -> None:
    assert [s.speaker for s in split_statements(["Question: Where?", "Ambassador: Here."])] == [None, "Ambassador"]
    assert (
        split_statements(["Question: Where?", "Answer: Here.", "Moscow: a city."])[-1].text
        == "Here.\n\nMoscow: a city."
    )


def test_a_text_without_marks_has_no_statements() -> None:
    assert split_statements(["Good afternoon,", "The Republic: a short history.", "A: first, B: second."]) == []
    assert split_statements([]) == []
