"""Checks a release folder with nothing but itself: what a stranger runs on a download, and what `release` runs last.

One result per check, in a fixed order; a check that cannot be made because an earlier one failed says so. Keys and
references are checked as the release's own `datapackage.json` states them; all rules are checked where its schemas are
those of this program.
"""

import gzip
import json
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, Final

import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
import yaml

from pipeline.check.row_rules import SchemaFailure
from pipeline.check.set_rules import check_tables
from pipeline.errors import ChanceryError
from pipeline.publish.release.contents import file_digest, row_groups, rows_digest
from pipeline.publish.release.corpus import COLUMNS, CORPUS, corpus_rows
from pipeline.publish.release.csv_twins import csv_lines
from pipeline.publish.release.editions import EDITIONS, tables_of, unanswerable_rules
from pipeline.publish.release.folder import CHANGELOG, CHECKSUMS, DIFF, EDITION_KEY, MANIFEST, VERSION_KEY
from schemas.render import table_schema

_REQUIRED: Final = (
    ".zenodo.json",
    CHANGELOG,
    "CITATION.cff",
    "DATA_DICTIONARY.md",
    "LICENSE.md",
    "README.md",
    "croissant.json",
    "datapackage.json",
    "dcat.jsonld",
    "dcat.ttl",
    DIFF,
    MANIFEST,
    "raw_inputs.csv",
    "schema_org.jsonld",
)
_TYPES: Final = {
    "string": pa.string(),
    "boolean": pa.bool_(),
    "number": pa.float64(),
    "date": pa.date32(),
    "datetime": pa.timestamp("us", tz="UTC"),
}
_SAMPLES: Final = 3


@dataclass(frozen=True, slots=True)
class Check:
    """The outcome of one check."""

    name: str
    passed: bool
    detail: str
    """What was found, or what is wrong."""


class _WrongError(Exception):
    """What is wrong, as a sentence."""


@dataclass(frozen=True, slots=True)
class _Release:
    """A release as its own files describe it."""

    folder: Path
    manifest: dict[str, Any]
    package: dict[str, Any]

    @property
    def parquet(self) -> list[dict[str, Any]]:
        """Resources that are Parquet."""
        return [resource for resource in self.package["resources"] if resource["format"] == "parquet"]

    def scan(self, resource: dict[str, Any]) -> pl.LazyFrame:
        """Rows of a resource."""
        return pl.scan_parquet(self.folder / resource["path"], glob=False)


def verify(folder: Path) -> list[Check]:
    """Check a release.

    Raises:
        ChanceryError: the folder is no release at all.
    """
    if not (folder / CHECKSUMS).is_file():
        raise ChanceryError(f"{folder} is no release: it has no {CHECKSUMS}.")
    checks = [_run("checksums", lambda: _checksums(folder)), _run("files", lambda: _files(folder))]
    try:
        release = _Release(folder, _json(folder, MANIFEST), _json(folder, "datapackage.json"))
    except _WrongError as error:
        return [*checks, Check("metadata", passed=False, detail=_sentence(error))]
    return [*checks, *(_run(name, partial(step, release)) for name, step in _STEPS)]


def _run(name: str, step: Callable[[], str]) -> Check:
    try:
        return Check(name, passed=True, detail=step())
    except (
        _WrongError, SchemaFailure, KeyError, IndexError, TypeError, ValueError, OSError, EOFError,
        pa.ArrowException, pl.exceptions.PolarsError, yaml.YAMLError,
    ) as error:  # fmt: skip
        return Check(name, passed=False, detail=_sentence(error))


def _sentence(error: Exception) -> str:
    text = " ".join(str(error).split())
    return text if isinstance(error, _WrongError) else f"{type(error).__name__}: {text}"


def _checksums(folder: Path) -> str:
    stated = {}
    for line in (folder / CHECKSUMS).read_text(encoding="utf-8").splitlines():
        digest, separator, name = line.partition("  ")
        _require(bool(separator) and len(digest) == 64, f"{CHECKSUMS} has a line that is none: {line[:80]!r}")
        stated[name] = digest
    there = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()} - {CHECKSUMS}
    _none_of(sorted(stated.keys() - there), "is missing")
    _none_of(sorted(there - stated.keys()), f"does not stand in {CHECKSUMS}")
    _none_of([name for name in sorted(stated) if file_digest(folder / name) != stated[name]], "is not what it was")
    return f"{len(stated)} files have the digests of {CHECKSUMS}"


def _files(folder: Path) -> str:
    _none_of([name for name in _REQUIRED if not (folder / name).is_file()], "is missing")
    return "every metadata file is there"


def _schemas(release: _Release) -> str:
    version, edition = release.manifest["version"], release.manifest["edition"]
    for resource in release.parquet:
        schema = pq.read_schema(release.folder / resource["path"])
        found = {field.name: field for field in schema}
        stated = [field["name"] for field in resource["schema"]["fields"]]
        _require(list(found) == stated, f"{resource['path']} has the columns {list(found)}, stated are {stated}")
        for field in resource["schema"]["fields"]:
            dtype = found[field["name"]].type
            fits = pa.types.is_integer(dtype) if field["type"] == "integer" else dtype == _TYPES[field["type"]]
            _require(fits, f"{resource['path']}: {field['name']} is {dtype}, stated is {field['type']}")
        footer = {key.decode(): value.decode() for key, value in (schema.metadata or {}).items()}
        says = (footer.get(VERSION_KEY), footer.get(EDITION_KEY))
        _require(says == (version, edition), f"{resource['path']} says it is of {says}, not of {version} ({edition})")
    return f"{len(release.parquet)} Parquet files have the stated columns and types and are of version {version}"


def _counts(release: _Release) -> str:
    stated = {file["path"]: file for file in release.manifest["files"]}
    total = 0
    for resource in release.package["resources"]:
        _require(resource["path"] in stated, f"{resource['path']} does not stand in {MANIFEST}")
        file = stated.pop(resource["path"])
        agree = (file["rows"], file["sha256"], file["bytes"]) == (
            resource["rowCount"],
            resource["hash"].removeprefix("sha256:"),
            resource["bytes"],
        )
        _require(agree, f"{MANIFEST} and datapackage.json do not agree about {resource['path']}")
        path = release.folder / resource["path"]
        _require(path.stat().st_size == resource["bytes"], f"{resource['path']} has not {resource['bytes']} bytes")
        if resource["format"] == "parquet":
            n_rows = pq.read_metadata(path).num_rows
            _require(
                n_rows == resource["rowCount"], f"{resource['path']} has {n_rows} rows, not {resource['rowCount']}"
            )
            total += n_rows
    _none_of(sorted(stated), "does not stand in datapackage.json")
    return f"{total:,} rows, as stated"


def _rows(release: _Release) -> str:
    stated = {file["path"]: file["rows_sha256"] for file in release.manifest["files"]}
    for resource in release.parquet:
        digest, _ = rows_digest(release.folder / resource["path"])
        _require(digest == stated[resource["path"]], f"{resource['path']} holds other rows than {MANIFEST} says")
    return "the rows have the digests of the manifest"


def _keys(release: _Release) -> str:
    for resource in release.parquet:
        key = resource["schema"]["primaryKey"]
        rows = release.scan(resource)
        is_null = rows.filter(pl.any_horizontal(pl.col(key).is_null())).select(pl.len()).collect().item()
        _require(not is_null, f"{resource['name']}: {is_null} rows have no key")
        repeated = rows.group_by(key).len().filter(pl.col("len") > 1).select(key).sort(key).head(_SAMPLES)
        found = repeated.collect(engine="streaming").rows()
        _require(not found, f"{resource['name']}: keys that stand twice, like {found}")
    return "keys are unique and never null"


def _references(release: _Release) -> str:
    tables = {resource["name"]: resource for resource in release.parquet}
    n_keys = 0
    for resource in release.parquet:
        for key in resource["schema"].get("foreignKeys", ()):
            (column,), (target,) = key["fields"], key["reference"]["fields"]
            there = release.scan(tables[key["reference"]["resource"]]).select(target=target)
            here = release.scan(resource).select(column).drop_nulls().unique()
            lost = here.join(there, left_on=column, right_on="target", how="anti").sort(column).head(_SAMPLES)
            found = lost.collect(engine="streaming")[column].to_list()
            _require(not found, f"{resource['name']}.{column} leads nowhere, for example {found}")
            n_keys += 1
    return f"{n_keys} foreign keys resolve"


def _rules(release: _Release) -> str:
    edition = release.manifest["edition"]
    _require(edition in EDITIONS, f"no edition is called {edition!r}")
    stated = tables_of(edition)
    there = {resource["name"]: resource for resource in release.parquet if resource["name"] != CORPUS}
    if list(there) != list(stated):
        return "not checked: this program states other tables"
    for name, resource in there.items():
        fields = [field["name"] for field in resource["schema"]["fields"]]
        if fields != list(table_schema(stated[name])):
            return f"not checked: this program states other columns of {name}"
    results = check_tables(
        {name: release.scan(resource) for name, resource in there.items()}, stated, unanswerable_rules(edition)
    )
    broken = [result for result in results if result.n_failed and result.severity == "error"]
    told = "; ".join(f"{result.table}: {result.rule} ({result.n_failed} of {result.n_checked})" for result in broken)
    _require(not broken, told)
    return f"{len(results)} rules hold"


def _ids(release: _Release) -> str:
    since = [
        release.scan(resource).select(table=pl.lit(resource["name"]), since="since_release")
        for resource in release.parquet
        if any(field["name"] == "since_release" for field in resource["schema"]["fields"])
    ]
    rows = pl.concat(since)
    n_null = rows.filter(pl.col("since").is_null()).select(pl.len()).collect().item()
    _require(not n_null, f"{n_null} rows of the register do not say since which release they are published")
    versions = rows.select("since").unique().collect()["since"].sort().to_list()
    later = [text for text in versions if _places(text) > _places(release.manifest["version"])]
    _none_of(later, "is later than this release, but rows are published since then")
    return "every row of the register says since which release it is published"


def _csv(release: _Release) -> str:
    twins = [resource for resource in release.package["resources"] if resource["format"] == "csv"]
    tables = {resource["name"]: resource for resource in release.parquet}
    for twin in twins:
        table = tables[twin["name"].removesuffix("_csv")]
        with gzip.open(release.folder / twin["path"], "rt", encoding="utf-8", newline="") as lines:
            content = lines.read()
        header = ",".join(f'"{field["name"]}"' for field in table["schema"]["fields"]) + "\r\n"
        frames = row_groups(release.folder / table["path"])
        expected = header + "".join("".join(csv_lines(frame)) for frame in frames)
        _require(content == expected, f"{twin['path']} does not hold the rows of {table['path']}")
    return f"{len(twins)} CSV twins hold the rows of their tables, escaped"


def _corpus(release: _Release) -> str:
    tables = {resource["name"]: resource for resource in release.parquet}
    if CORPUS not in tables:
        return "this edition has none"
    columns = [field["name"] for field in tables[CORPUS]["schema"]["fields"]]
    _require(columns[:2] == ["doc_id", "text"], f"the corpus begins with {columns[:2]}, not with doc_id and text")
    articles = release.scan(tables["articles"]).select(COLUMNS).collect()
    there = release.scan(tables[CORPUS]).collect()
    _require(there.equals(corpus_rows(articles)), "the corpus does not hold the bodies of articles")
    return f"{there.height:,} documents are the bodies of articles"


def _descriptions(release: _Release) -> str:
    """Every metadata file parses, names the version and edition, and names the same files."""
    folder, manifest = release.folder, release.manifest
    version, edition = manifest["version"], EDITIONS[manifest["edition"]]
    digests = {file["path"]: file["sha256"] for file in manifest["files"]}
    croissant, schema_org = _json(folder, "croissant.json"), _json(folder, "schema_org.jsonld")
    zenodo, catalogue = _json(folder, ".zenodo.json"), _json(folder, "dcat.jsonld")
    citation = yaml.safe_load((folder / "CITATION.cff").read_text(encoding="utf-8"))
    card = (folder / "README.md").read_text(encoding="utf-8")
    front = yaml.safe_load(card.split("---\n")[1])
    dataset = next(node for node in catalogue["@graph"] if node["@type"] == "dcat:Dataset")
    versions = {
        "croissant.json": croissant["version"],
        "schema_org.jsonld": schema_org["version"],
        ".zenodo.json": zenodo["version"],
        "dcat.jsonld": dataset["dcat:version"],
        "CITATION.cff": citation["version"],
        "README.md": front["version"],
        "datapackage.json": release.package["version"],
    }
    _none_of([f"{name} ({said})" for name, said in versions.items() if said != version], f"is not of {version}")
    silent = [
        name
        for name in (*versions, "dcat.ttl", "LICENSE.md", "DATA_DICTIONARY.md")
        if edition.sentence not in " ".join((folder / name).read_text(encoding="utf-8").split())
    ]
    _none_of(silent, "does not say what this edition holds")
    files = {file["contentUrl"]: file["sha256"] for file in croissant["distribution"]}
    _require(files == digests, "croissant.json names other files or digests than the manifest")
    named = {file["sha256"] for file in schema_org["distribution"]}
    _require(named == set(digests.values()), "schema_org.jsonld names other digests than the manifest")
    sums = {
        node["spdx:checksum"]["spdx:checksumValue"]["@value"]
        for node in catalogue["@graph"]
        if node["@type"] == "dcat:Distribution"
    }
    _require(sums == set(digests.values()), "dcat.jsonld names other digests than the manifest")
    configs = {config["config_name"]: config["data_files"][0]["path"] for config in front["configs"]}
    _require(
        configs == {resource["name"]: resource["path"] for resource in release.parquet if resource["rowCount"]},
        "README.md has other configs than there are Parquet files with rows",
    )
    counts = {info["config_name"]: info["splits"][0]["num_examples"] for info in front["dataset_info"]}
    _require(
        counts == {resource["name"]: resource["rowCount"] for resource in release.parquet if resource["rowCount"]},
        "README.md counts other rows than datapackage.json",
    )
    return f"{len(versions)} descriptions agree on version, edition, files and digests"


def _history(release: _Release) -> str:
    diff = _json(release.folder, DIFF)
    version = release.manifest["version"]
    _require(diff["new"] == version, f"{DIFF} is about {diff['new']}")
    _require(diff["old"] == release.manifest["previous"], f"{DIFF} starts from {diff['old']}")
    text = (release.folder / CHANGELOG).read_text(encoding="utf-8")
    _require(f"## {version} (" in text, f"{CHANGELOG} has no entry for {version}")
    return "the first release" if diff["old"] is None else f"a {diff['level']} change since {diff['old']}"


_STEPS: Final[tuple[tuple[str, Callable[[_Release], str]], ...]] = (
    ("schemas", _schemas),
    ("counts", _counts),
    ("rows", _rows),
    ("keys", _keys),
    ("foreign keys", _references),
    ("rules", _rules),
    ("register", _ids),
    ("csv", _csv),
    ("corpus", _corpus),
    ("metadata", _descriptions),
    ("history", _history),
)


def _json(folder: Path, name: str) -> dict[str, Any]:
    try:
        content = json.loads((folder / name).read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise _WrongError(f"{name} cannot be read: {error}") from error
    _require(isinstance(content, dict), f"{name} is no JSON object")
    return dict(content)


def _places(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.split("."))


def _require(condition: bool, sentence: str) -> None:
    if not condition:
        raise _WrongError(sentence)


def _none_of(names: list[str], what: str) -> None:
    if names:
        more = f" and {len(names) - _SAMPLES} more" if len(names) > _SAMPLES else ""
        raise _WrongError(f"{', '.join(names[:_SAMPLES])}{more}: {what}")
