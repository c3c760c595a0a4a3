"""A release's `datapackage.json` in CKAN's words: fields of the dataset, fields of each resource, its data dictionary.

The one decision: nothing is said here that the data package does not say. CKAN has one licence for a dataset, while
rights here differ by resource, so that one is "other" and each resource carries its own.
"""

import json
import re
from typing import Any, Final

from pipeline.publish.targets.media import format_name, media_type
from pipeline.publish.targets.source import Release, ReleaseFile

_NOT_IN_A_TAG: Final = re.compile(r"[^\w .-]")
_LICENCE: Final = "other-closed"
"""CKAN's id for terms that are no open licence: the texts of others are under none."""


def dataset_fields(release: Release) -> dict[str, Any]:
    """Fields for `package_create` and `package_revise`; `version` is the release's label."""
    package = release.read_json("datapackage.json")
    tags = {_NOT_IN_A_TAG.sub("", str(keyword)).strip()[:100] for keyword in package.get("keywords", [])}
    creators = [str(one.get("title", "")) for one in package.get("contributors", [])]
    return {
        "title": str(package.get("title", "")),
        "notes": str(package.get("description", "")),
        "version": release.label,
        "author": ", ".join(name for name in creators if name),
        "license_id": _LICENCE,
        "tags": [{"name": tag} for tag in sorted(tags) if len(tag) > 1],
        "extras": [{"key": "edition", "value": release.edition}],
    }


def resource_fields(release: Release, file: ReleaseFile) -> dict[str, Any]:
    """Fields of a file's resource; `schema` is its Table Schema as JSON, CKAN's data dictionary for a file."""
    package = release.read_json("datapackage.json")
    described: dict[str, Any] = next((one for one in package.get("resources", []) if one.get("path") == file.name), {})
    fields: dict[str, Any] = {
        "name": file.name,
        "title": str(described.get("title", "")),
        "description": str(described.get("description", "")),
        "format": format_name(file.name),
        "mimetype": media_type(file.name).partition(";")[0],
        "size": file.size,
        "hash": file.sha256,
        "hash_algorithm": "sha256",
    }
    for key in ("schema", "licenses", "rights"):
        if value := described.get(key):
            fields[key] = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return fields
