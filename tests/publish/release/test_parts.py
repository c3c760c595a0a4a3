"""The small parts: the digest of rows, escaping, the profile, and linked data in two forms."""

import hashlib
from datetime import UTC, date, datetime
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.errors import ChanceryError
from pipeline.publish.release.contents import RowDigest
from pipeline.publish.release.csv_twins import csv_lines, unescape
from pipeline.publish.release.jsonld import Iri, Typed, Worded, to_jsonld, to_turtle
from pipeline.publish.release.profile import load_profile
from pipeline.publish.release.versions import parse_version
from tests.publish.release.making import PROFILE

ROWS = pl.DataFrame(
    {
        "id": ["a", "б"],
        "n": [1, None],
        "share": [0.1, 1.0],
        "day": [date(2018, 3, 4), None],
        "at": [datetime(2018, 3, 4, 5, 6, 7, 8, UTC), None],
        "is_cut": [True, None],
    },
    schema_overrides={"at": pl.Datetime("us", "UTC")},
)


def test_the_digest_of_rows_is_that_of_the_documented_lines() -> None:
    lines = (
        '["id","n","share","day","at","is_cut"]\n'
        '["a",1,0.1,"2018-03-04","2018-03-04T05:06:07.000008Z",true]\n'
        '["б",null,1.0,null,null,null]\n'
    )
    whole, pieces = RowDigest(ROWS.columns), RowDigest(ROWS.columns)
    whole.add(ROWS)
    pieces.add(ROWS.head(1))
    pieces.add(ROWS.tail(1))
    assert whole.hexdigest() == pieces.hexdigest() == hashlib.sha256(lines.encode()).hexdigest()
    assert pieces.n_rows == 2


def test_a_csv_line_tells_null_from_nothing_and_a_number_from_a_text() -> None:
    rows = pl.DataFrame({"a": ["", None, 'say "x"', "-5"], "n": [-5, None, 0, 1]})
    assert list(csv_lines(rows)) == ['"",-5\r\n', ",\r\n", '"say ""x""",0\r\n', '"\'-5",1\r\n']


@given(st.text(max_size=8) | st.sampled_from(["=1+1", "+7", "-x", "@SUM", "'quoted", "''", "\t=", "＝1"]))
def test_escaping_is_undone_and_leaves_no_formula(text: str) -> None:
    (line,) = csv_lines(pl.DataFrame({"a": [text]}))
    cell = line.removesuffix("\r\n")[1:-1].replace('""', '"')
    assert unescape(cell) == text
    assert not cell.startswith(("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠"))


def test_the_projects_own_profile_is_read() -> None:
    profile = load_profile(PROFILE)
    assert profile.licence_data == "CC-BY-4.0"
    assert profile.creators[0].name == "The chancery maintainers"


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ('title = "', 'titel = "', "title is missing"),
        ('publisher = "', 'colour = "red"\npublisher = "', "colour is not known"),
        ('keywords = [', 'keywords = [1, ', "keywords must be a list of texts"),
        ("[[creators]]", "[[makers]]", "creators"),
        ("[contact]\nname", "[contact]\nnome", "name is missing"),
        ('base_url = ""', 'base_url = "https://a.example"', "must end in a slash"),
        ("[coverage]", "[coverage", "is no TOML"),
        ('"CC-BY-4.0"', '"CC-BY-9.0"', "licence_data"),
    ],
)  # fmt: skip
def test_a_wrong_profile_is_refused_in_one_sentence(tmp_path: Path, old: str, new: str, says: str) -> None:
    text = PROFILE.read_text(encoding="utf-8")
    assert old in text
    (tmp_path / "release.toml").write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(ChanceryError, match=says):
        load_profile(tmp_path / "release.toml")


@pytest.mark.parametrize("text", ["1.0", "v1.0.0", "1.0.0-beta", "01.0.0", ""])
def test_what_is_no_version_is_refused(text: str) -> None:
    with pytest.raises(ChanceryError, match="no version"):
        parse_version(text)


def test_a_node_is_written_in_both_forms() -> None:
    prefixes = {"dct": "http://purl.org/dc/terms/", "xsd": "http://www.w3.org/2001/XMLSchema#"}
    node = {
        "@id": "urn:a",
        "@type": "dct:Agent",
        "dct:title": Worded('A "title"', "en"),
        "dct:issued": Typed("2026-11-21", "xsd:date"),
        "dct:source": [Iri("a/b.csv"), {"@id": "urn:c", "@type": "dct:Agent"}],
    }
    assert to_turtle(prefixes, [node]).split("\n\n")[1:] == [
        (
            '<urn:a>\n    a dct:Agent ;\n    dct:title "A \\"title\\""@en ;\n'
            '    dct:issued "2026-11-21"^^xsd:date ;\n    dct:source <a/b.csv>, <urn:c>\n.'
        ),
        "<urn:c>\n    a dct:Agent\n.\n",
    ]
    assert '"@value": "2026-11-21"' in to_jsonld(prefixes, [node])
