"""Clusters never bring a vetoed pair together."""

from hypothesis import given
from hypothesis import strategies as st

from pipeline.resolve.components import Components


def test_joined_sets_answer_to_their_smallest_id() -> None:
    parts = Components("abcd", [])
    assert parts.join("d", "c")
    assert parts.join("c", "b")
    assert parts.find("d") == "b"
    assert sorted(parts.members("c")) == ["b", "c", "d"]
    assert parts.find("a") == "a"


def test_a_third_form_never_brings_two_foes_together() -> None:
    parts = Components("abc", [("a", "c")])
    assert parts.join("a", "b")
    assert not parts.join("b", "c")
    assert parts.find("c") == "c"


PAIRS = st.lists(st.tuples(st.sampled_from("abcdefgh"), st.sampled_from("abcdefgh")), max_size=14)


@given(edges=PAIRS, vetoes=PAIRS)
def test_no_veto_stands_within_a_set_whatever_is_joined(
    edges: list[tuple[str, str]], vetoes: list[tuple[str, str]]
) -> None:
    foes = [(a, b) for a, b in vetoes if a != b]
    parts = Components("abcdefgh", foes)
    for a, b in edges:
        assert parts.join(a, b) is (parts.find(a) == parts.find(b))
    assert all(parts.find(a) != parts.find(b) for a, b in foes)
    assert all(parts.find(name) == min(parts.members(name)) for name in "abcdefgh")
