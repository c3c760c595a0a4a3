"""CITATION.cff and .zenodo.json keep to their JSON Schemas."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

jsonschema = pytest.importorskip("jsonschema", reason="runs in its own environment: make test-validators")

SHAPES = Path(__file__).parent / "shapes"


def schema(name: str) -> dict[str, Any]:
    content: dict[str, Any] = json.loads((SHAPES / name).read_text(encoding="utf-8"))
    return content


def check_citation(release: Path) -> None:
    # Dates are texts in JSON, and YAML's own dates are not.
    content = yaml.load((release / "CITATION.cff").read_text(encoding="utf-8"), Loader=yaml.BaseLoader)
    jsonschema.validate(content, schema("cff-1.2.0.json"))


def check_deposit(release: Path) -> None:
    jsonschema.validate(json.loads((release / ".zenodo.json").read_text()), schema("zenodo-deposit.json"))


def test_the_citation_is_valid(release: Path) -> None:
    check_citation(release)


def test_the_deposit_is_valid(release: Path) -> None:
    check_deposit(release)


@pytest.mark.parametrize(
    ("old", "new"), [("authors:", "makers:"), ("cff-version: 1.2.0", "cff-version: 9"), ("title:", "name:")]
)
def test_a_broken_citation_is_refused(copy: Path, old: str, new: str) -> None:
    path = copy / "CITATION.cff"
    assert old in path.read_text()
    path.write_text(path.read_text().replace(old, new, 1))
    with pytest.raises(jsonschema.ValidationError):
        check_citation(copy)


def _no_creators(deposit: dict[str, Any]) -> None:
    del deposit["creators"]


def _unknown_field(deposit: dict[str, Any]) -> None:
    deposit["licence"] = deposit.pop("license")


def _other_date(deposit: dict[str, Any]) -> None:
    deposit["publication_date"] = "21.11.2026"


@pytest.mark.parametrize("spoil", [_no_creators, _unknown_field, _other_date])
def test_a_broken_deposit_is_refused(copy: Path, spoil: Callable[[dict[str, Any]], None]) -> None:
    deposit = json.loads((copy / ".zenodo.json").read_text())
    spoil(deposit)
    (copy / ".zenodo.json").write_text(json.dumps(deposit))
    with pytest.raises(jsonschema.ValidationError):
        check_deposit(copy)
