"""mlcroissant accepts croissant.json and reads a record of each record set; it refuses a broken one."""

import json
from pathlib import Path

import pytest

mlcroissant = pytest.importorskip("mlcroissant", reason="runs in its own environment: make test-validators")


def test_mlcroissant_finds_nothing_to_complain_about(release: Path) -> None:
    dataset = mlcroissant.Dataset(jsonld=str(release / "croissant.json"))
    assert dataset.metadata.ctx.issues.errors == set()
    assert dataset.metadata.ctx.issues.warnings == set()
    assert [str(version) for version in dataset.metadata.conforms_to] == ["http://mlcommons.org/croissant/1.1"]


def test_mlcroissant_reads_a_record_of_each_record_set(release: Path) -> None:
    dataset = mlcroissant.Dataset(jsonld=str(release / "croissant.json"))
    counts = {file["name"]: file["rows"] for file in json.loads((release / "manifest.json").read_text())["files"]}
    tables = [record_set.name for record_set in dataset.metadata.record_sets]
    assert tables == [name for name in counts if not name.endswith("_csv")]
    for table in tables:
        record = next(iter(dataset.records(table)), None)
        assert (record is None) == (counts[table] == 0), table


def test_mlcroissant_reads_all_columns_of_a_record(copy: Path) -> None:
    dataset = mlcroissant.Dataset(jsonld=str(copy / "croissant.json"))
    record = next(iter(dataset.records("counters")))
    assert record["counters/counter"].decode() == "death-of-nikolay-glushkov-on-british-soil"
    assert int(record["counters/n_observations"]) >= 2


@pytest.mark.parametrize("lacking", ["contentUrl", "encodingFormat", "sha256"])
def test_mlcroissant_refuses_a_file_that_says_too_little(copy: Path, lacking: str) -> None:
    described = json.loads((copy / "croissant.json").read_text())
    del described["distribution"][0][lacking]
    (copy / "croissant.json").write_text(json.dumps(described))
    with pytest.raises(mlcroissant.ValidationError):
        mlcroissant.Dataset(jsonld=str(copy / "croissant.json"))


def test_mlcroissant_reads_no_record_of_a_column_that_is_not_there(copy: Path) -> None:
    described = json.loads((copy / "croissant.json").read_text())
    described["recordSet"][0]["field"][0]["source"]["extract"]["column"] = "no_such_column"
    (copy / "croissant.json").write_text(json.dumps(described))
    dataset = mlcroissant.Dataset(jsonld=str(copy / "croissant.json"))
    with pytest.raises((mlcroissant.GenerationError, ValueError, KeyError)):
        next(iter(dataset.records(described["recordSet"][0]["name"])))
