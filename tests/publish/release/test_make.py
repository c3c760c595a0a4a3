"""A release holds what it says, says everywhere what it leaves out, and appears whole or not at all."""

import csv
import gzip
import hashlib
import json
import shutil
from pathlib import Path

import polars as pl
import pyarrow.parquet as pq
import pytest

from pipeline.publish.release import make
from pipeline.publish.release.csv_twins import unescape
from pipeline.publish.release.editions import NO_TEXT, holds_words_of_others
from pipeline.publish.release.plan import ReleaseRefusedError
from pipeline.publish.release.verify import Check, verify
from schemas.names import TABLE_NAMES
from schemas.registry import TABLES
from tests.publish.release.making import make_outputs, release

FILES = {
    ".zenodo.json",
    "CHANGELOG.md",
    "CITATION.cff",
    "DATA_DICTIONARY.md",
    "LICENSE.md",
    "README.md",
    "SHA256SUMS",
    "croissant.json",
    "datapackage.json",
    "dcat.jsonld",
    "dcat.ttl",
    "diff.json",
    "manifest.json",
    "raw_inputs.csv",
    "schema_org.jsonld",
}
TWINS = {f"csv/{name}.csv.gz" for name in ("articles", "events", "counter_observations")}


def names(folder: Path) -> set[str]:
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}


def test_a_release_has_every_table_twin_corpus_and_description_and_nothing_else(full: Path) -> None:
    assert names(full) == FILES | TWINS | {"corpus.parquet"} | {f"tables/{name}.parquet" for name in TABLE_NAMES}


@pytest.mark.parametrize("name", TABLE_NAMES)
def test_the_tables_hold_the_rows_of_the_build_and_the_version_in_their_footer(
    full: Path, built: Path, name: str
) -> None:
    file = full / "tables" / f"{name}.parquet"
    since = pl.lit("1.0.0").alias("since_release")
    built_rows = pl.read_parquet(built / "tables" / f"{name}.parquet")
    expected = built_rows.with_columns(since) if "since_release" in built_rows.columns else built_rows
    assert pl.read_parquet(file).equals(expected)
    footer = pq.read_schema(file).metadata
    assert footer[b"chancery.version"] == b"1.0.0"
    assert footer[b"chancery.edition"] == b"full"


def test_the_corpus_begins_with_doc_id_and_text_and_holds_every_body(full: Path) -> None:
    corpus = pl.read_parquet(full / "corpus.parquet")
    articles = pl.read_parquet(full / "tables/articles.parquet").drop_nulls("body")
    assert corpus.columns[:2] == ["doc_id", "text"]
    assert corpus["text"].null_count() == 0
    assert dict(corpus.select("doc_id", "text").iter_rows()) == dict(articles.select("article_id", "body").iter_rows())


def test_a_csv_twin_read_back_and_unescaped_is_the_table(full: Path) -> None:
    for twin in sorted(TWINS):
        table = pl.read_parquet(full / "tables" / f"{twin[4:-7]}.parquet")
        with gzip.open(full / twin, "rt", encoding="utf-8", newline="") as lines:
            header, *rows = csv.reader(lines)
        assert header == table.columns
        for number, name in enumerate(table.columns):
            if table.schema[name] == pl.String:
                found = [unescape(row[number]) for row in rows]
                assert found == table[name].fill_null("").to_list()


def test_no_cell_of_a_csv_twin_begins_like_a_formula(full: Path) -> None:
    found = 0
    for twin in sorted(TWINS):
        with gzip.open(full / twin, "rt", encoding="utf-8", newline="") as lines:
            for row in csv.reader(lines):
                assert not [cell for cell in row if cell.startswith(("=", "+", "-", "@", "\t", "\r", "\n"))]
                found += sum(cell.startswith(("'=", "'+")) for cell in row)
    assert found, "no text of the sample begins like a formula, so nothing was tested"


def test_the_no_text_edition_has_no_body_teaser_or_statement_anywhere(full: Path, no_text: Path) -> None:
    assert names(no_text) == names(full) - {"corpus.parquet", "tables/statements.parquet"}
    tables = {name: pl.read_parquet(full / "tables" / f"{name}.parquet") for name in TABLE_NAMES}
    texts = [
        *tables["articles"]["body"].drop_nulls(),
        *tables["article_versions"]["body"].drop_nulls(),
        *tables["event_forms"]["teaser"].drop_nulls(),
        *tables["statements"]["text"],
        *tables["unplaced_lines"]["text"],
    ]
    snippets = {text[:60].encode() for text in texts if len(text) >= 60}
    titles = {title[:60].encode() for title in tables["event_forms"]["title"].drop_nulls()}
    assert len(snippets) > 20
    for path in sorted(no_text.rglob("*")):
        if path.is_dir():
            continue
        if path.suffix == ".parquet":
            frame = pl.read_parquet(path)
            content = "\n".join(str(value) for row in frame.iter_rows() for value in row if value is not None).encode()
        else:
            content = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
        assert not [snippet for snippet in snippets - titles if snippet in content], path


@pytest.mark.parametrize(
    "name",
    sorted(FILES - {"SHA256SUMS", "diff.json", "raw_inputs.csv", "CHANGELOG.md"}),
)
def test_every_description_says_what_the_edition_leaves_out(no_text: Path, name: str) -> None:
    assert NO_TEXT.sentence in " ".join((no_text / name).read_text(encoding="utf-8").split())


def test_rights_are_stated_per_resource(full: Path) -> None:
    package = json.loads((full / "datapackage.json").read_text())
    licences = {resource["name"]: [each["name"] for each in resource["licenses"]] for resource in package["resources"]}
    assert licences["articles"] == licences["corpus"] == licences["quarantine"] == ["CC-BY-4.0", "other-closed"]
    assert licences["event_countries"] == licences["raw_records"] == ["CC-BY-4.0"]
    catalogue = json.loads((full / "dcat.jsonld").read_text())
    distributions = [node for node in catalogue["@graph"] if node["@type"] == "dcat:Distribution"]
    assert len(distributions) == len(package["resources"])
    assert all(node["dct:rights"] for node in distributions)


def test_columns_with_words_off_a_page_are_known_as_words_of_others() -> None:
    own_words = {"section", "moscow_clock", "london_clock", "how"}
    for table in TABLES.values():
        found = {column.name for column in table.columns if column.is_text and not holds_words_of_others(column)}
        assert found <= own_words, table.name


def test_the_checksums_name_every_other_file(full: Path) -> None:
    lines = (full / "SHA256SUMS").read_text().splitlines()
    stated = {name: digest for digest, _, name in (line.partition("  ") for line in lines)}
    assert stated.keys() == names(full) - {"SHA256SUMS"}
    for name, digest in stated.items():
        assert hashlib.sha256((full / name).read_bytes()).hexdigest() == digest


def test_the_manifest_tells_raw_inputs_code_and_libraries(full: Path) -> None:
    manifest = json.loads((full / "manifest.json").read_text())
    assert manifest["raw_inputs"]["n_files"] == 4
    assert manifest["raw_inputs"]["sha256"] == hashlib.sha256((full / "raw_inputs.csv").read_bytes()).hexdigest()
    assert {"polars", "pyarrow", "pandera"} <= manifest["code"]["dependencies"].keys()
    assert len(manifest["code"]["sha256"]) == 64


def test_a_release_that_does_not_verify_never_appears(outputs: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(make, "verify", lambda _: [Check("rows", passed=False, detail="other rows")])
    with pytest.raises(ReleaseRefusedError, match="other rows"):
        release(outputs)
    assert list((outputs / "releases").iterdir()) == []


def test_a_release_that_is_cut_off_leaves_nothing(outputs: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def stop(_: object) -> str:
        raise KeyboardInterrupt

    monkeypatch.setattr(make, "dcat_turtle", stop)
    with pytest.raises(KeyboardInterrupt):
        release(outputs)
    assert list((outputs / "releases").iterdir()) == []


def test_the_next_release_keeps_since_when_each_wording_was_published(
    raw_dumps: Path, built: Path, tmp_path: Path
) -> None:
    outputs = tmp_path / "outputs"
    shutil.copytree(built / "tables", outputs / "tables")
    first = release(outputs)
    raw = tmp_path / "raw"
    shutil.copytree(raw_dumps, raw)
    (raw / "more.txt").write_text((raw / "misdated.txt").read_text().replace("16.11.2018 - An", "15.11.2018 - Another"))
    make_outputs(raw, outputs, previous=first)
    second = release(outputs)
    assert second.name == "1.1.0"
    forms = pl.read_parquet(second / "tables/event_forms.parquet")
    old = set(pl.read_parquet(first / "tables/event_forms.parquet")["form_id"])
    new = [form for form in forms["form_id"] if form not in old]
    assert new
    assert dict(forms.select("form_id", "since_release").iter_rows()) == {
        form: "1.0.0" if form in old else "1.1.0" for form in forms["form_id"]
    }
    diff = json.loads((second / "diff.json").read_text())
    (rows,) = [rows for rows in diff["rows"] if rows["table"] == "event_forms"]
    assert (diff["old"], diff["new"], diff["level"]) == ("1.0.0", "1.1.0", "minor")
    assert rows["n_added"] == len(new)
    assert rows["n_removed"] == 0
    assert rows["added"] == sorted(new)[:5]
    log = (second / "CHANGELOG.md").read_text()
    assert log.index("## 1.1.0") < log.index("## 1.0.0")
    assert [check for check in verify(second) if not check.passed] == []
