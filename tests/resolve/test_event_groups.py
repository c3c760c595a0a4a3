"""Neighbourhoods of wordings may be too large, never too small; what keeps them small is that few titles are cut."""

from datetime import date, timedelta

import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from pipeline.resolve.candidates import candidate_pairs
from pipeline.resolve.event_groups import form_neighbourhoods
from pipeline.resolve.events import cluster_forms, cluster_together
from pipeline.resolve.forms import read_forms, typographic_groups
from tests.resolve.form_rows import FORM_COLUMNS

DAY = date(2019, 3, 6)
Wordings = list[tuple[int | None, str | None, str | None, bool]]
WORDS = ("Talks", "talks", "Tal", "on", "old", "ships", "“Fram”", '"Fram"', "PHOTO:", "—", "4", "\u200b")
TEXTS = st.lists(st.sampled_from(WORDS), max_size=5).map(" ".join)
WORDINGS = st.lists(
    st.tuples(
        st.none() | st.integers(0, 3),
        st.none() | st.builds(lambda text, end: text[:end], TEXTS, st.integers(0, 20)),
        st.none() | TEXTS,
        st.booleans(),
    ),
    max_size=14,
)


def frame(wordings: Wordings) -> pl.DataFrame:
    rows = [
        (f"{number:02}", None if day is None else DAY + timedelta(days=day), title, teaser, is_cut, 1, None, None)
        for number, (day, title, teaser, is_cut) in enumerate(wordings)
    ]
    return pl.DataFrame(rows, schema=FORM_COLUMNS, orient="row")


def neighbourhood_of(forms: pl.DataFrame) -> dict[str, int]:
    return dict(form_neighbourhoods(forms).iter_rows())


@given(wordings=WORDINGS)
def test_wordings_that_meet_or_differ_in_typography_only_are_neighbours(wordings: Wordings) -> None:
    forms = frame(wordings)
    number = neighbourhood_of(forms)
    table = read_forms(forms)
    met = [(a.form_id, b.form_id) for a, b in candidate_pairs([form.words for form in table.values()])]
    alike = [(group[0], other) for group in typographic_groups(table.values()) for other in group]
    assert all(number[a] == number[b] for a, b in met + alike)


@given(wordings=WORDINGS, data=st.data())
def test_clusters_by_neighbourhood_are_those_of_all_wordings_at_once(wordings: Wordings, data: st.DataObject) -> None:
    forms = frame(wordings)
    names = forms["form_id"].to_list()
    shown = data.draw(st.lists(st.tuples(st.sampled_from(names), st.sampled_from(names)), max_size=9)) if names else []
    pairs = [(name, other) for name, other in set(shown) if name != other]
    above = pl.DataFrame(pairs, schema={"form_id": pl.String, "above_form_id": pl.String}, orient="row")
    apart, at_once = cluster_forms(forms, above=above), cluster_together(forms, above=above)
    assert apart.members.equals(at_once.members)
    assert apart.decisions.equals(at_once.decisions)


def test_a_cut_title_is_a_neighbour_of_what_it_begins_and_of_nothing_else() -> None:
    number = neighbourhood_of(
        frame(
            [
                (0, "Talks on old ships", "They met at noon.", False),
                (0, "Talks o", None, True),
                (0, "Tal", None, True),
                (0, "Talks o", None, False),
                (0, "Exhibition of maps", "It opened in May.", False),
                (1, "Talks on new ships", "Others met, at midnight.", False),
            ]
        )
    )
    assert number["00"] == number["01"] == number["02"] == number["03"]
    assert len({number[name] for name in ("00", "04", "05")}) == 3


def test_a_wording_that_was_cut_within_its_text_is_no_neighbour_of_other_titles() -> None:
    number = neighbourhood_of(
        frame([(0, "Talks", "They met at no", True), (0, "Talks on old ships", "Long ago.", False)])
    )
    assert number["00"] != number["01"]
