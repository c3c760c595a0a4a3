"""frictionless accepts datapackage.json, and refuses one that is broken."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

frictionless = pytest.importorskip("frictionless", reason="runs in its own environment: make test-validators")


def test_frictionless_accepts_the_package(release: Path) -> None:
    package = frictionless.Package.from_descriptor(str(release / "datapackage.json"))
    tables = sorted(path.stem for path in release.rglob("*.parquet"))
    assert sorted(resource.name for resource in package.resources if resource.format == "parquet") == tables
    for resource in package.resources:
        assert resource.schema.fields
        assert resource.schema.primary_key


def _no_path(package: dict[str, Any]) -> None:
    del package["resources"][0]["path"]


def _unknown_type(package: dict[str, Any]) -> None:
    package["resources"][0]["schema"]["fields"][0]["type"] = "varchar"


def _key_of_no_field(package: dict[str, Any]) -> None:
    package["resources"][0]["schema"]["primaryKey"] = ["no_such_column"]


def _unsafe_path(package: dict[str, Any]) -> None:
    package["resources"][0]["path"] = "../outside.parquet"


@pytest.mark.parametrize("spoil", [_no_path, _unknown_type, _key_of_no_field, _unsafe_path])
def test_frictionless_refuses_a_broken_package(copy: Path, spoil: Callable[[dict[str, Any]], None]) -> None:
    package = json.loads((copy / "datapackage.json").read_text())
    spoil(package)
    (copy / "datapackage.json").write_text(json.dumps(package))
    with pytest.raises(frictionless.FrictionlessException):
        frictionless.Package.from_descriptor(str(copy / "datapackage.json"))
