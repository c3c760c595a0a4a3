"""The place is the listed city before the date, and nothing else."""

import pytest

from pipeline.resolve.titles import Problem, read_title


@pytest.mark.parametrize(
    ("title", "place"),
    [
        ("Minister’s remarks at talks, Yerevan, November 11, 2019", "Yerevan"),
        ("Minister’s speech at the forum in London, 27 November 2019", "London"),
        ("Minister’s annual press conference Moscow, 19 December 2019", "Moscow"),
        ("Minister’s remarks at talks, Sochi, Russia, 3 July 2017", "Sochi"),
        ("Minister’s remarks at talks, N’Djamena, 3 July 2017", "N’Djamena"),
        ("Minister’s speech at the reception (29 July 2016, London)", "London"),
        ("Minister’s speech at King’s College London, 27 November 2019", None),
        ("Article by the Minister for the Independent, 27 November 2019", None),
        ("Minister’s letter to Moscow, 27 November 2019", None),
        ("Statement on the attack in Manchester, 23 May 2017", None),
        ("Minister’s remarks about London", None),
        ("Minister’s remarks at talks, Norway, 3 July 2017", None),
    ],
)
def test_the_city_before_the_date_is_the_place(title: str, place: str | None) -> None:
    facts = read_title(title, None)
    assert (facts.place, facts.problems) == (place, ())


def test_an_unlisted_name_in_the_place_of_a_city_is_null_and_a_problem() -> None:
    facts = read_title("Minister’s remarks at a ceremony, Little Snoring, 3 July 2017", None)
    assert facts.place is None
    assert facts.problems == (Problem("place", "place_not_listed"),)
