"""Pairs of texts that were compared before are not compared again, and nothing comes out otherwise for it."""

from datetime import date
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.remember import remembering
from pipeline.resolve import articles, articles_complete
from pipeline.resolve.article_work import Work
from tests.resolve.article_rows import clusters_of, speech, text

CODE = "a" * 64
NOTICE = "On the occasion of the national holiday the Consular Section of the Embassy will be closed to all visitors. "
BODIES = [
    speech("trade"),
    speech("trade", 29) + "\n\nThanks.",
    speech("ballet"),
    speech("trade")[:300],
    NOTICE + "It opens again on Monday as usual.",
    NOTICE + "It opens again on Friday as usual.",
    "",
]
ROWS = st.tuples(
    st.sampled_from([None, "article/1", "article/2", "ambarticles/1"]),
    st.sampled_from([None, "Statement of the Embassy", "Remarks of the Ambassador at the opening of the exhibition"]),
    st.sampled_from([None, date(2019, 11, 6), date(2019, 11, 7), date(2019, 8, 1)]),
    st.sampled_from(BODIES),
    st.booleans(),
    st.integers(0, 3),
)


@pytest.fixture(autouse=True)
def every_neighbourhood_is_worth_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """Neighbourhoods of tests are small."""
    monkeypatch.setattr(articles, "WORTH", 1)


@settings(max_examples=80, deadline=None)
@given(st.lists(ROWS, unique_by=lambda row: row[:5], max_size=12), st.integers(0, 1000))
def test_clusters_are_those_of_a_build_that_remembers_nothing(rows, seed) -> None:  # type: ignore[no-untyped-def]
    texts = [
        text(f"t{number}", url=url, title=title, on=on, body=body, cut=cut, day=day)
        for number, (url, title, on, body, cut, day) in enumerate(rows)
    ]
    drawn = Random(seed)
    with TemporaryDirectory() as folder:
        for _ in range(4):
            some = [row | {"is_truncated": drawn.random() < 0.2} for row in texts if drawn.random() < 0.7]
            with remembering(Path(folder), CODE):
                found = clusters_of(*some)
            assert found == clusters_of(*some)


def test_words_that_come_to_stand_under_many_titles_are_compared_anew(tmp_path: Path) -> None:
    pages = [text(f"a{number:02}", title=f"Page {'a' * number}", body=speech("nothing")) for number in range(24)]
    for n_pages, n_articles in ((19, 1), (24, 24), (20, 1)):
        with remembering(tmp_path, CODE):
            found = clusters_of(*pages[:n_pages])
        assert found == clusters_of(*pages[:n_pages])
        assert len(found) == n_articles


def notices(*numbers: int) -> list[dict[str, object]]:
    """Undated notices of one title, each about a subject of its own."""
    return [text(f"t{number:03}", body=speech(f"subject{number}"), day=number) for number in numbers]


def test_only_pairs_with_a_new_text_are_compared(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    compared: list[tuple[int, int]] = []
    score = articles_complete._score

    def count(work: Work, a: int, b: int) -> float:
        compared.append((a, b))
        return score(work, a, b)

    monkeypatch.setattr(articles_complete, "_score", count)
    for numbers, n_pairs in (((0, 1, 2, 3, 4, 5), 15), ((0, 1, 2, 3, 4, 5, 6), 6), ((0, 2, 3, 4, 5, 6, 7, 8), 6 + 7)):
        compared.clear()
        with remembering(tmp_path, CODE):
            clusters_of(*notices(*numbers))
        assert len(compared) == n_pairs
    compared.clear()
    with remembering(tmp_path, "b" * 64):
        clusters_of(*notices(0, 1, 2))
    assert len(compared) == 3
