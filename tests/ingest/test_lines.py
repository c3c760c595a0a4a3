"""Lines of a stream: none above the limit is held, none is lost."""

from hypothesis import given
from hypothesis import strategies as st

from pipeline.ingest.lines import ByteLine, lines


def test_a_line_above_the_limit_is_passed_over_and_the_next_is_read() -> None:
    pieces = [b"one\nxx", b"xxxxxxxx", b"xxx\n", b"two\n\n  \nthree"]
    assert list(lines(pieces, 5)) == [
        ByteLine(0, 3, b"one"),
        ByteLine(4, 13, None),
        ByteLine(18, 3, b"two"),
        ByteLine(26, 5, b"three"),
    ]


@given(st.lists(st.binary(max_size=12).map(lambda piece: piece.replace(b"\0", b"\n"))), st.integers(1, 12))
def test_any_cut_of_a_stream_gives_the_same_lines(pieces: list[bytes], limit: int) -> None:
    whole = b"".join(pieces)
    expected = []
    at = 0
    for line in whole.split(b"\n"):
        if len(line) > limit:
            expected.append(ByteLine(at, len(line), None))
        elif line.strip():
            expected.append(ByteLine(at, len(line), line))
        at += len(line) + 1
    assert list(lines(pieces, limit)) == expected
