"""Speakers are those whose words the item is; names and offices are cut from the title as printed."""

import pytest

from pipeline.resolve.titles import Problem, read_title

PETROV = ("Ivan Petrov", "Ambassador")


@pytest.mark.parametrize(
    ("title", "speakers"),
    [
        ("Foreign Minister Sergey Lavrov’s remarks at talks", [("Sergey Lavrov", "Foreign Minister")]),
        ("Sergey Lavrov’s article for the Courier daily", [("Sergey Lavrov", None)]),
        ("Article by Ambassador Ivan Petrov for the Courier", [PETROV]),
        ("Interview of Ambassador Ivan Petrov with the Courier", [PETROV]),
        ("Interview with Ambassador Petrov", [("Petrov", "Ambassador")]),
        ("Ambassador Ivan Petrov replies to a question", [PETROV]),
        ("Ambassador Ivan Petrov: The sea is calm", [PETROV]),
        ("The sea is calm (by Ambassador Ivan Petrov)", [PETROV]),
        ("The sea is calm (By Ambassador Ivan Petrov, for the Courier)", [PETROV]),
        ("VIDEO: Ambassador Ivan Petrov’s speech", [PETROV]),
        ("Transcript of Ambassador Ivan Petrov’s speech", [PETROV]),
        ("Speech by H.E. Dr Ivan Petrov at the Union", [("Ivan Petrov", None)]),
        ("Speech by Mr Ivan Petrov, Minister-Counsellor of the Russian Embassy, at the Union",
         [("Ivan Petrov", "Minister-Counsellor of the Russian Embassy")]),
        ("Permanent Representative of Russia to the OSCE Ivan Petrov’s interview with Radio North",
         [("Ivan Petrov", "Permanent Representative of Russia to the OSCE")]),
        ("Russia’s Envoy to the EU Ivan Petrov’s interview", [("Ivan Petrov", "Russia’s Envoy to the EU")]),
        ("President of Russia Vladimir Putin’s address", [("Vladimir Putin", "President of Russia")]),
        ("Embassy Press Officer’s reply to a question", [(None, "Embassy Press Officer")]),
        ("Ambassador’s remarks about the sea", [(None, "Ambassador")]),
    ],
)  # fmt: skip
def test_who_speaks_is_read_with_name_and_office(title: str, speakers: list[tuple[str | None, str | None]]) -> None:
    facts = read_title(title, None)
    assert list(facts.speakers) == speakers
    assert (facts.speaker, facts.speaker_role) == speakers[0]
    assert facts.problems == ()


@pytest.mark.parametrize(
    "title",
    [
        "Foreign Minister Sergey Lavrov’s remarks at a joint news conference with Foreign Minister of Norway Ola Li",
        "Foreign Minister Sergey Lavrov’s remarks following talks with Prime Minister Anna Berg",
        "Foreign Minister Sergey Lavrov’s letter to the Courier in response to the Polish Ambassador Adam Nowak",
    ],
)
def test_a_counterpart_or_an_addressee_is_no_speaker(title: str) -> None:
    assert read_title(title, None).speakers == (("Sergey Lavrov", "Foreign Minister"),)


def test_both_authors_of_a_joint_item_speak() -> None:
    title = "Joint statement by Foreign Minister Sergey Lavrov and Minister of Foreign Affairs of Kenya Monica Juma"
    assert read_title(title, None).speakers == (
        ("Sergey Lavrov", "Foreign Minister"),
        ("Monica Juma", "Minister of Foreign Affairs of Kenya"),
    )


@pytest.mark.parametrize(
    "title",
    [
        "Statement of the Russian Embassy",
        "Comment by the Information and Press Department on the tides",
        "Ambassador Petrov meets the Lord Mayor",
        "Press release on the meeting of Ambassador Ivan Petrov with the Lord Mayor",
        "Joint Statement of the Presidents of Russia and Kazakhstan",
        "Letter to the Courier",
        "Interview with the Courier",
        "Comment on Prime Minister Anna Berg’s speech",
    ],
)
def test_an_institution_or_someone_only_mentioned_is_no_speaker(title: str) -> None:
    facts = read_title(title, None)
    assert (facts.speakers, facts.speaker, facts.speaker_role, facts.problems) == ((), None, None, ())


def test_a_name_that_cannot_be_told_from_the_office_is_null_and_a_problem() -> None:
    facts = read_title("Deputy Head of Mission Xyz Abcdef’s interview with Radio North", None)
    assert facts.speakers == ()
    assert facts.problems == (Problem("speaker", "speaker_name_not_separable"),)
