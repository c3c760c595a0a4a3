"""`datapackage.json`: Frictionless Data Package v2, one resource per file with its Table Schema."""

import json
from typing import Any, Final

from pipeline.publish.release.facts import ColumnFacts, Facts, Resource

_PROFILE: Final = "https://datapackage.org/profiles/2.0"
_TYPES: Final = {
    "string": "string",
    "bool": "boolean",
    "int32": "integer",
    "int64": "integer",
    "double": "number",
    "date32[day]": "date",
    "timestamp[us, tz=UTC]": "datetime",
}
_DIALECT: Final = {"delimiter": ",", "lineTerminator": "\r\n", "quoteChar": '"', "doubleQuote": True, "header": True}


def datapackage(facts: Facts) -> str:
    """The package descriptor."""
    profile = facts.profile
    package = {
        "$schema": f"{_PROFILE}/datapackage.json",
        "name": profile.name if facts.folder == str(facts.version) else f"{profile.name}-{facts.edition.name}",
        "id": facts.release_iri,
        "title": facts.title,
        "description": facts.description,
        "version": str(facts.version),
        "created": f"{facts.issued.isoformat()}T00:00:00Z",
        "licenses": [_own_licence(facts), _other_licence(facts)],
        "contributors": [
            {"title": creator.name, "roles": ["creator"]}
            | ({"organization": creator.affiliation} if creator.affiliation else {})
            for creator in profile.creators
        ],
        "keywords": list(profile.keywords),
        "rights": facts.rights,
        "edition": facts.edition.name,
        "resources": [_resource(facts, resource) for resource in facts.resources],
    }
    return json.dumps(package, ensure_ascii=False, indent=1) + "\n"


def _resource(facts: Facts, resource: Resource) -> dict[str, Any]:
    licences = [_own_licence(facts)] + ([_other_licence(facts)] if resource.has_words_of_others else [])
    described: dict[str, Any] = {
        "$schema": f"{_PROFILE}/dataresource.json",
        "name": resource.name,
        "type": "table",
        "path": resource.path,
        "title": resource.title,
        "description": resource.description,
        "format": "parquet" if resource.is_table else "csv",
        "mediatype": resource.media_type,
        "encoding": "utf-8",
        "bytes": resource.size,
        "hash": f"sha256:{resource.sha256}",
        "rowCount": resource.n_rows,
        "rowsHash": f"sha256:{resource.rows_sha256}",
        "licenses": licences,
        "rights": facts.rights_of(resource),
        "schema": _table_schema(resource, {table.name for table in facts.tables}),
    }
    if not resource.is_table:
        described |= {"compression": "gz", "dialect": _DIALECT}
    return described


def _table_schema(resource: Resource, known: set[str]) -> dict[str, Any]:
    schema: dict[str, Any] = {
        "$schema": f"{_PROFILE}/tableschema.json",
        "fields": [_field(column) for column in resource.columns],
        "missingValues": [""],
        "primaryKey": list(resource.key),
    }
    keys = [
        {"fields": [column.name], "reference": {"resource": table, "fields": [target]}}
        for column in resource.columns
        if column.references is not None
        for table, _, target in [column.references.partition(".")]
        if table in known
    ]
    return schema | ({"foreignKeys": keys} if keys else {})


def _field(column: ColumnFacts) -> dict[str, Any]:
    constraints: dict[str, Any] = {} if column.nullable else {"required": True}
    if column.values:
        constraints["enum"] = list(column.values)
    described = {
        "name": column.name,
        "type": _TYPES[column.type],
        "title": column.title,
        "description": column.description,
        "rdfType": column.iri,
    }
    if column.unit:
        described["unit"] = column.unit
    return described | ({"constraints": constraints} if constraints else {})


def _own_licence(facts: Facts) -> dict[str, str]:
    return {
        "name": facts.profile.licence_data,
        "path": facts.licence_url,
        "title": f"{facts.licence_title}: structure, ids, links, decisions and derived columns",
    }


def _other_licence(facts: Facts) -> dict[str, str]:
    return {"name": "other-closed", "title": facts.profile.rights_texts}
