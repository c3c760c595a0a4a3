"""`schema_org.jsonld`: the dataset for search engines that read schema.org, one download per file."""

import json

from pipeline.publish.release.croissant import cite_as
from pipeline.publish.release.facts import Facts


def schema_org(facts: Facts) -> str:
    """The dataset as schema.org JSON-LD."""
    profile = facts.profile
    described: dict[str, object] = {
        "@context": {"@vocab": "https://schema.org/"},
        "@type": "Dataset",
        "@id": facts.release_iri,
        "identifier": facts.release_iri,
        "name": facts.title,
        "description": facts.description,
        "version": str(facts.version),
        "datePublished": facts.issued.isoformat(),
        "license": {"@type": "CreativeWork", "@id": facts.licence_url, "name": facts.licence_title},
        "usageInfo": facts.rights,
        "creditText": cite_as(facts),
        "creator": [{"@type": "Organization", "name": creator.name} for creator in profile.creators],
        "publisher": {"@type": "Organization", "name": profile.publisher},
        "keywords": list(profile.keywords),
        "inLanguage": list(profile.languages),
        "isAccessibleForFree": True,
        "spatialCoverage": profile.coverage.place,
        "isBasedOn": f"Archived captures of {profile.coverage.source}",
        "variableMeasured": [
            {"@type": "PropertyValue", "name": f"{table.name}.{column.name}", "description": column.description}
            for table in facts.tables
            for column in table.columns
        ],
        "distribution": [
            {
                "@type": "DataDownload",
                "name": resource.name,
                "contentUrl": facts.address(resource.path),
                "encodingFormat": resource.media_type,
                "contentSize": f"{resource.size} B",
                "sha256": resource.sha256,
                "usageInfo": facts.rights_of(resource),
            }
            for resource in facts.resources
        ],
    }
    if facts.first_captured_on is not None and facts.last_captured_on is not None:
        described["temporalCoverage"] = f"{facts.first_captured_on.isoformat()}/{facts.last_captured_on.isoformat()}"
    return json.dumps(described, ensure_ascii=False, indent=1) + "\n"
