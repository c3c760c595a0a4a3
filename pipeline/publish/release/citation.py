"""`CITATION.cff` and `.zenodo.json`: how to cite a release, and what Zenodo asks of a deposit.

Zenodo has one field for a licence: it says that the whole is not open, and the notes say which part is.
"""

import json
from typing import Any

import yaml

from pipeline.publish.release.facts import Facts
from pipeline.publish.release.profile import Creator


def citation_cff(facts: Facts) -> str:
    """The Citation File Format 1.2.0."""
    profile = facts.profile
    citation: dict[str, Any] = {
        "cff-version": "1.2.0",
        "message": "If you use this dataset, please cite the version you used.",
        "type": "dataset",
        "title": facts.title,
        "abstract": f"{facts.description} {facts.rights}",
        "version": str(facts.version),
        "date-released": facts.issued.isoformat(),
        "authors": [{"name": creator.name} | _orcid(creator, "https://orcid.org/") for creator in profile.creators],
        "keywords": list(profile.keywords),
        "identifiers": [{"type": "other", "value": facts.release_iri, "description": "This version and edition."}],
        "license": profile.licence_data,
    }
    if profile.base_url:
        citation["url"] = profile.base_url
    if facts.tables_hold_words_of_others:
        # One licence field cannot tell two layers apart, so it is left out and the abstract tells them.
        del citation["license"]
    return str(yaml.safe_dump(citation, sort_keys=False, allow_unicode=True, width=120))


def zenodo_json(facts: Facts) -> str:
    """Metadata of a Zenodo deposit."""
    profile = facts.profile
    deposit: dict[str, Any] = {
        "title": facts.title,
        "upload_type": "dataset",
        "description": f"<p>{_html(facts.description)}</p><p>{_html(facts.rights)}</p>",
        "publication_date": facts.issued.isoformat(),
        "version": str(facts.version),
        "creators": [
            {"name": creator.name}
            | ({"affiliation": creator.affiliation} if creator.affiliation else {})
            | _orcid(creator, "")
            for creator in profile.creators
        ],
        "keywords": list(profile.keywords),
        "access_right": "open",
        "license": "other-closed" if facts.tables_hold_words_of_others else profile.licence_data.lower(),
        "notes": facts.rights,
        "language": "eng",
    }
    return json.dumps(deposit, ensure_ascii=False, indent=1) + "\n"


def _orcid(creator: Creator, prefix: str) -> dict[str, str]:
    return {"orcid": f"{prefix}{creator.orcid}"} if creator.orcid else {}


def _html(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
