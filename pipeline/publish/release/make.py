"""Makes a release folder out of checked tables: written under a temporary name, verified, then renamed.

The checksums are written last of all files. The tables' values are copied as they are; only `since_release` is filled
in, for a build cannot know the version it will be released as.
"""

import json
import os
import shutil
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any, Final

import polars as pl
import pyarrow as pa

from pipeline.publish.parquet import write_rows
from pipeline.publish.release import contents, corpus
from pipeline.publish.release.card import dataset_card
from pipeline.publish.release.changelog import changelog
from pipeline.publish.release.citation import citation_cff, zenodo_json
from pipeline.publish.release.croissant import croissant
from pipeline.publish.release.csv_twins import csv_lines, write_csv_twin
from pipeline.publish.release.datapackage import datapackage
from pipeline.publish.release.dcat import dcat_jsonld, dcat_turtle
from pipeline.publish.release.editions import holds_words_of_others, rules_of, tables_of
from pipeline.publish.release.facts import GZIPPED_CSV, PARQUET, ColumnFacts, Facts, RawInputs, Resource
from pipeline.publish.release.folder import CHANGELOG, CHECKSUMS, DIFF, EDITION_KEY, MANIFEST, VERSION_KEY
from pipeline.publish.release.licence import licence_text
from pipeline.publish.release.plan import Plan, ReleaseRefusedError, profile_digest
from pipeline.publish.release.provenance import code, raw_inputs
from pipeline.publish.release.schema_org import schema_org
from pipeline.publish.release.verify import verify
from schemas.render import describe_table, dictionary_of, table_arrow_schema
from schemas.table import Table

RAW_INPUTS: Final = "raw_inputs.csv"

_SINCE_RELEASE: Final = {"event_forms": "form_id", "article_forms": "form_id", "id_redirects": "old_id"}
"""Key of each table that says since which release a row is published."""


def make_release(plan: Plan) -> Path:
    """Write the release and return its folder.

    Raises:
        ReleaseRefusedError: what was written does not verify.
    """
    target = plan.target
    target.parent.mkdir(parents=True, exist_ok=True)
    temporary = target.with_name(f".{target.name}.{os.getpid()}.tmp")
    shutil.rmtree(temporary, ignore_errors=True)
    try:
        _write(plan, temporary)
        failed = [f"{check.name}: {check.detail}" for check in verify(temporary) if not check.passed]
        if failed:
            raise ReleaseRefusedError(tuple(failed))
        for path in sorted(temporary.rglob("*")):
            _flush(path)
        temporary.rename(target)
        _flush(target.parent)
    finally:
        shutil.rmtree(temporary, ignore_errors=True)
    return target


def _write(plan: Plan, folder: Path) -> None:
    (folder / "tables").mkdir(parents=True)
    (folder / "csv").mkdir()
    tables = tables_of(plan.edition.name)
    footer = {VERSION_KEY: str(plan.version), EDITION_KEY: plan.edition.name, "chancery.dataset": plan.profile.title}
    resources = [_table(plan, table, folder, footer) for table in tables.values()]
    if plan.edition.has_corpus:
        resources.append(_corpus(folder, footer, resources[0]))
    headline = [resource for resource in resources if resource.name in tables and tables[resource.name].is_headline]
    resources += [_csv_twin(folder, resource) for resource in headline]
    facts = _facts(plan, folder, tuple(resources))
    texts = {
        "README.md": dataset_card(facts),
        "LICENSE.md": licence_text(facts),
        "DATA_DICTIONARY.md": dictionary_of(tables, rules_of(plan.edition.name), _dictionary_head(facts)),
        "datapackage.json": datapackage(facts),
        "croissant.json": croissant(facts),
        "dcat.ttl": dcat_turtle(facts),
        "dcat.jsonld": dcat_jsonld(facts),
        "schema_org.jsonld": schema_org(facts),
        "CITATION.cff": citation_cff(facts),
        ".zenodo.json": zenodo_json(facts),
        **_history(plan),
        MANIFEST: json.dumps(_manifest(plan, facts), ensure_ascii=False, indent=1) + "\n",
    }
    for name, text in texts.items():
        (folder / name).write_text(text, encoding="utf-8", newline="")
    paths = sorted(path for path in folder.rglob("*") if path.is_file())
    lines = [f"{contents.file_digest(path)}  {path.relative_to(folder).as_posix()}\n" for path in paths]
    (folder / CHECKSUMS).write_text("".join(lines), encoding="utf-8", newline="")


def _table(plan: Plan, table: Table, folder: Path, footer: dict[str, str]) -> Resource:
    schema = table_arrow_schema(table)
    path = f"tables/{table.name}.parquet"
    digest = contents.RowDigest(schema.names)

    def rows() -> Iterator[pl.DataFrame]:
        for frame in contents.row_groups(plan.tables.file(table.name)):
            filled = _with_since_release(plan, table.name, frame).select(schema.names)
            digest.add(filled)
            yield filled

    size = write_rows(schema, rows(), folder / path, footer)
    columns = tuple(_column(described) for described in describe_table(table)["columns"])
    return Resource(
        name=table.name,
        path=path,
        media_type=PARQUET,
        title=table.title,
        description=table.description,
        columns=columns,
        key=table.key,
        n_rows=digest.n_rows,
        size=size,
        sha256=contents.file_digest(folder / path),
        rows_sha256=digest.hexdigest(),
        has_words_of_others=any(holds_words_of_others(column) for column in table.columns),
    )


def _with_since_release(plan: Plan, name: str, frame: pl.DataFrame) -> pl.DataFrame:
    if name not in _SINCE_RELEASE:
        return frame
    key = _SINCE_RELEASE[name]
    version = pl.lit(str(plan.version))
    if plan.previous is None:
        return frame.with_columns(pl.coalesce("since_release", version))
    known = plan.previous.scan(name).select(key, known="since_release").collect()
    joined = frame.join(known, on=key, how="left", maintain_order="left")
    return joined.with_columns(since_release=pl.coalesce("since_release", "known", version)).drop("known")


def _corpus(folder: Path, footer: dict[str, str], articles: Resource) -> Resource:
    path = f"{corpus.CORPUS}.parquet"
    corpus.write_corpus(contents.row_groups(folder / articles.path), folder / path, footer)
    rows_sha256, n_rows = contents.rows_digest(folder / path)
    by_name = {column.name: column for column in articles.columns}
    fields = {field.name: field for field in corpus.corpus_schema()}
    return Resource(
        name=corpus.CORPUS,
        path=path,
        media_type=PARQUET,
        title=corpus.CORPUS_TITLE,
        description=corpus.CORPUS_DESCRIPTION,
        columns=tuple(_renamed(by_name[source], name, fields[name]) for name, source, _ in corpus.corpus_columns()),
        key=("doc_id",),
        n_rows=n_rows,
        size=(folder / path).stat().st_size,
        sha256=contents.file_digest(folder / path),
        rows_sha256=rows_sha256,
        has_words_of_others=True,
    )


def _csv_twin(folder: Path, table: Resource) -> Resource:
    path = f"csv/{table.name}.csv.gz"
    names = [column.name for column in table.columns]
    write_csv_twin(names, contents.row_groups(folder / table.path), folder / path)
    return Resource(
        name=f"{table.name}_csv",
        path=path,
        media_type=GZIPPED_CSV,
        title=f"{table.title} (CSV)",
        description=f"The rows of {table.name} for spreadsheets, escaped against formulas.",
        columns=table.columns,
        key=table.key,
        n_rows=table.n_rows,
        size=(folder / path).stat().st_size,
        sha256=contents.file_digest(folder / path),
        rows_sha256=table.rows_sha256,
        has_words_of_others=table.has_words_of_others,
    )


def _facts(plan: Plan, folder: Path, resources: tuple[Resource, ...]) -> Facts:
    inputs = raw_inputs(plan.tables.scan("raw_records"))
    lines = [",".join(f'"{name}"' for name in inputs.columns) + "\r\n", *csv_lines(inputs)]
    (folder / RAW_INPUTS).write_text("".join(lines), encoding="utf-8", newline="")
    days = plan.tables.scan("captures").select(first=pl.col("captured_on").min(), last=pl.col("captured_on").max())
    first, last = days.collect().row(0)
    formats = inputs.group_by("raw_format").len().sort("raw_format")
    return Facts(
        profile=plan.profile,
        version=plan.version,
        edition=plan.edition,
        issued=plan.issued,
        previous=plan.before,
        resources=resources,
        raw=RawInputs(
            n_files=inputs.height,
            n_records=int(inputs["n_records"].sum()),
            sha256=contents.file_digest(folder / RAW_INPUTS),
            formats=dict(formats.iter_rows()),
        ),
        code=code(),
        first_captured_on=first,
        last_captured_on=last,
    )


def _history(plan: Plan) -> dict[str, str]:
    """The difference to the release before, and all before it."""
    if plan.sibling is not None:
        return {name: (plan.sibling.path / name).read_text(encoding="utf-8") for name in (DIFF, CHANGELOG)}
    before = None if plan.previous is None else plan.previous.path / CHANGELOG
    earlier = before.read_text(encoding="utf-8") if before is not None and before.is_file() else ""
    return {
        DIFF: json.dumps(plan.difference.to_json(), ensure_ascii=False, indent=1) + "\n",
        CHANGELOG: changelog(plan.difference, plan.issued, earlier),
    }


def _manifest(plan: Plan, facts: Facts) -> dict[str, Any]:
    left_out = [
        *plan.edition.without_tables,
        *(f"{table}.{column}" for table, columns in plan.edition.without_columns.items() for column in columns),
    ]
    return {
        "name": plan.profile.name,
        "iri": facts.release_iri,
        "version": str(plan.version),
        "edition": plan.edition.name,
        "edition_says": plan.edition.sentence,
        "left_out": sorted(left_out),
        "date": plan.issued.isoformat(),
        "previous": facts.previous,
        "profile_sha256": profile_digest(plan.profile),
        "files": [
            {
                "name": resource.name,
                "path": resource.path,
                "rows": resource.n_rows,
                "bytes": resource.size,
                "sha256": resource.sha256,
                "rows_sha256": resource.rows_sha256,
                "rights": facts.rights_of(resource),
            }
            for resource in facts.resources
        ],
        "rows_sha256_is": " ".join((contents.__doc__ or "").split()),
        "raw_inputs": asdict(facts.raw) | {"path": RAW_INPUTS},
        "code": asdict(facts.code),
    }


def _dictionary_head(facts: Facts) -> str:
    return f"Of {facts.title}, version {facts.version}. {facts.edition.sentence}"


def _column(described: dict[str, Any]) -> ColumnFacts:
    return ColumnFacts(
        name=described["name"],
        type=described["type"],
        title=described["title"],
        description=described["description"],
        unit=described.get("unit"),
        iri=described["property"],
        nullable=described["nullable"],
        values=tuple(described.get("values") or ()),
        pattern=described.get("pattern"),
        minimum=described.get("minimum"),
        maximum=described.get("maximum"),
        references=described.get("references"),
    )


def _renamed(column: ColumnFacts, name: str, field: pa.Field) -> ColumnFacts:
    return ColumnFacts(
        name=name,
        type=column.type,
        title=column.title,
        description=column.description,
        unit=column.unit,
        iri=column.iri,
        nullable=field.nullable,
        values=column.values,
        pattern=column.pattern,
        minimum=column.minimum,
        maximum=column.maximum,
        references="articles.article_id" if name == "doc_id" else column.references,
    )


def _flush(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
