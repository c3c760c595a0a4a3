"""`croissant.json`: MLCommons Croissant 1.1, one file object and one record set per table.

Types are full addresses, for the library that reads this file takes no others reliably; Parquet columns are addressed
by name. Foreign keys stand in `datapackage.json` alone: an article names its event and the event its article, and
mlcroissant reads no record set that takes part in a circle of references. CSV twins are files without a record set:
they hold what the tables hold, escaped.
"""

import json
from typing import Any, Final

from pipeline.publish.release.facts import ColumnFacts, Facts, Resource

_SCHEMA: Final = "https://schema.org/"
_CROISSANT: Final = "http://mlcommons.org/croissant/"
_TYPES: Final = {
    "string": f"{_SCHEMA}Text",
    "bool": f"{_SCHEMA}Boolean",
    "int32": f"{_CROISSANT}Int32",
    "int64": f"{_CROISSANT}Int64",
    "double": f"{_CROISSANT}Float64",
    "date32[day]": f"{_SCHEMA}Date",
    "timestamp[us, tz=UTC]": f"{_SCHEMA}DateTime",
}
_PARQUET: Final = "application/x-parquet"
"""The only name of Parquet that mlcroissant knows."""

_CONTEXT: Final = {
    "@language": "en",
    "@vocab": _SCHEMA,
    "citeAs": "cr:citeAs",
    "column": "cr:column",
    "conformsTo": "dct:conformsTo",
    "cr": _CROISSANT,
    "rai": f"{_CROISSANT}RAI/",
    "data": {"@id": "cr:data", "@type": "@json"},
    "dataType": {"@id": "cr:dataType", "@type": "@vocab"},
    "dct": "http://purl.org/dc/terms/",
    "equivalentProperty": "cr:equivalentProperty",
    "examples": {"@id": "cr:examples", "@type": "@json"},
    "extract": "cr:extract",
    "field": "cr:field",
    "fileObject": "cr:fileObject",
    "fileProperty": "cr:fileProperty",
    "fileSet": "cr:fileSet",
    "format": "cr:format",
    "includes": "cr:includes",
    "isLiveDataset": "cr:isLiveDataset",
    "jsonPath": "cr:jsonPath",
    "key": "cr:key",
    "md5": "cr:md5",
    "parentField": "cr:parentField",
    "path": "cr:path",
    "recordSet": "cr:recordSet",
    "references": "cr:references",
    "regex": "cr:regex",
    "repeated": "cr:repeated",
    "replace": "cr:replace",
    "samplingRate": "cr:samplingRate",
    "sc": _SCHEMA,
    "separator": "cr:separator",
    "source": "cr:source",
    "subField": "cr:subField",
    "transform": "cr:transform",
}


def croissant(facts: Facts) -> str:
    """The dataset's Croissant description."""
    profile = facts.profile
    described = {
        "@context": _CONTEXT,
        "@type": "sc:Dataset",
        "@id": facts.release_iri,
        "conformsTo": f"{_CROISSANT}1.1",
        "name": profile.name,
        "alternateName": facts.title,
        "description": facts.description,
        "url": profile.base_url or facts.release_iri,
        "license": facts.licence_url,
        "sc:usageInfo": facts.rights,
        "creator": [{"@type": "sc:Organization", "name": creator.name} for creator in profile.creators],
        "publisher": {"@type": "sc:Organization", "name": profile.publisher},
        "keywords": list(profile.keywords),
        "inLanguage": list(profile.languages),
        "datePublished": facts.issued.isoformat(),
        "version": str(facts.version),
        "isLiveDataset": False,
        "citeAs": cite_as(facts),
        "distribution": [_file(facts, resource) for resource in facts.resources],
        "recordSet": [_record_set(table) for table in facts.tables],
    }
    return json.dumps(described, ensure_ascii=False, indent=1) + "\n"


def cite_as(facts: Facts) -> str:
    """One line for a list of references."""
    creators = "; ".join(creator.name for creator in facts.profile.creators)
    return f"{creators} ({facts.issued.year}): {facts.title}, version {facts.version}. {facts.release_iri}"


def _file(facts: Facts, resource: Resource) -> dict[str, Any]:
    return {
        "@type": "cr:FileObject",
        "@id": f"file/{resource.name}",
        "name": resource.path,
        "description": f"{resource.description} {facts.rights_of(resource)}",
        "contentUrl": resource.path,
        "contentSize": f"{resource.size} B",
        "encodingFormat": _PARQUET if resource.is_table else "application/gzip",
        "sha256": resource.sha256,
    }


def _record_set(table: Resource) -> dict[str, Any]:
    return {
        "@type": "cr:RecordSet",
        "@id": table.name,
        "name": table.name,
        "description": table.description,
        "key": [{"@id": f"{table.name}/{name}"} for name in table.key],
        "field": [_field(table, column) for column in table.columns],
    }


def _field(table: Resource, column: ColumnFacts) -> dict[str, Any]:
    return {
        "@type": "cr:Field",
        "@id": f"{table.name}/{column.name}",
        "name": column.name,
        "description": column.description,
        "dataType": _TYPES[column.type],
        "equivalentProperty": column.iri,
        "source": {"fileObject": {"@id": f"file/{table.name}"}, "extract": {"column": column.name}},
    }
