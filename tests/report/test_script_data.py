"""Data handed to the page as a script: nothing in it ends the script or starts markup, and it comes back unchanged."""

import json

from hypothesis import given
from hypothesis import strategies as st

from pipeline.report.script_data import script
from tests.report.sound import HOSTILE


def data_of(text: str) -> object:
    start, end = 'chanceryReceive("details",3,', ");\n"
    assert text.startswith(start)
    assert text.endswith(end)
    return json.loads(text[len(start) : -len(end)])


def test_no_character_of_hostile_text_can_leave_the_string() -> None:
    text = script("details", 3, [{"title": HOSTILE}]).decode()
    assert not set("<>&\u2028\u2029") & set(text)
    assert text.count("\n") == 1


@given(st.recursive(st.none() | st.booleans() | st.integers() | st.text(), st.lists))
def test_data_comes_back_unchanged(data: object) -> None:
    assert data_of(script("details", 3, data).decode()) == data
