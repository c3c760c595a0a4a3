"""Bodies lie in one file, each once, and are found by the digest of what they print."""

from pathlib import Path

import polars as pl

from pipeline.resolve.printed import pieces_with_bodies, with_bodies
from pipeline.stages.bodies import body_file


def piece(*rows: tuple[str, str, str | None]) -> pl.DataFrame:
    return pl.DataFrame(rows, schema=["body_sha256", "body", "language"], orient="row")


PIECES = (
    piece(("d1", "Visa – ‘news’", "en"), ("d2", "", None)),
    piece(("d3", "Посол", "ru"), ("d1", "Visa – ‘news’", "en")),
)


def test_a_body_is_found_whatever_letters_it_and_those_before_it_have(tmp_path: Path) -> None:
    with body_file(tmp_path / "bodies", PIECES) as bodies:
        found = dict(bodies.of(pl.Series(["d3", "d1", "d2", "d1", "unknown", None])).iter_rows())
        assert found == {"d1": "Visa – ‘news’", "d2": "", "d3": "Посол"}


def test_a_body_of_several_pieces_lies_in_the_file_once(tmp_path: Path) -> None:
    with body_file(tmp_path / "bodies", PIECES) as bodies:
        assert (tmp_path / "bodies").read_bytes().decode() == "Visa – ‘news’Посол"
        assert bodies.languages.rows() == [("d1", "en"), ("d2", None), ("d3", "ru")]


def test_the_bodies_of_rows_are_read_some_at_a_time(tmp_path: Path) -> None:
    with body_file(tmp_path / "bodies", PIECES) as bodies:
        rows = bodies.by_row(pl.Series(["d3", "d2", "d3", None, "unknown", "d1"]))
        assert rows.read(0, 3).to_list() == ["Посол", "", "Посол"]
        assert rows.read(3, 9).to_list() == [None, None, "Visa – ‘news’"]


def test_the_file_is_gone_afterwards(tmp_path: Path) -> None:
    with body_file(tmp_path / "bodies", PIECES):
        pass
    assert list(tmp_path.iterdir()) == []


def test_without_bodies_nothing_is_found(tmp_path: Path) -> None:
    with body_file(tmp_path / "bodies", ()) as bodies:
        assert bodies.of(pl.Series(["d1"])).is_empty()
        assert bodies.languages.is_empty()


def test_rows_keep_their_order_and_those_without_a_body_stay(tmp_path: Path) -> None:
    rows = pl.DataFrame({"row": [1, 2, 3, 4], "body_sha256": ["d3", None, "d1", "d3"]})
    with body_file(tmp_path / "bodies", PIECES) as bodies:
        expected = ["Посол", None, "Visa – ‘news’", "Посол"]
        assert with_bodies(rows, bodies).get_column("body").to_list() == expected
        assert pl.concat(pieces_with_bodies(rows, bodies)).equals(with_bodies(rows, bodies))
        assert [part.columns for part in pieces_with_bodies(rows.clear(), bodies)] == [["row", "body_sha256", "body"]]
