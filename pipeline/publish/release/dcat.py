"""DCAT-AP 3: a catalogue with the dataset, one distribution per file, its rights stated per distribution.

Vocabulary terms are those the application profile names: the EU's authority tables for languages, file types, themes,
access rights and frequencies. The checksum is SPDX's. Addresses are relative to the file
where `release.toml` names no base.
"""

from typing import Final

from pipeline.publish.release.facts import PARQUET, Facts, Resource
from pipeline.publish.release.jsonld import Iri, Node, Typed, Worded, to_jsonld, to_turtle

PREFIXES: Final = {
    "adms": "http://www.w3.org/ns/adms#",
    "dcat": "http://www.w3.org/ns/dcat#",
    "dct": "http://purl.org/dc/terms/",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "spdx": "http://spdx.org/rdf/terms#",
    "vcard": "http://www.w3.org/2006/vcard/ns#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}
_AUTHORITY: Final = "http://publications.europa.eu/resource/authority"
_LANGUAGES: Final = {"de": "DEU", "en": "ENG", "es": "SPA", "fr": "FRA", "ru": "RUS"}
"""Codes of the EU's language table; another language is named by the ISO 639-1 table of the Library of Congress."""
_THEMES: Final = {"GOVE": "Government and public sector", "INTR": "International issues"}
_FORMATS: Final = {True: "PARQUET", False: "CSV"}
_MEDIA: Final = "http://www.iana.org/assignments/media-types"


def dcat_turtle(facts: Facts) -> str:
    """The catalogue as Turtle."""
    return to_turtle(PREFIXES, _nodes(facts))


def dcat_jsonld(facts: Facts) -> str:
    """The same catalogue as JSON-LD."""
    return to_jsonld(PREFIXES, _nodes(facts))


def _nodes(facts: Facts) -> list[Node]:
    distributions = [_distribution(facts, resource) for resource in facts.resources]
    return [_catalogue(facts), _dataset(facts, distributions), *distributions]


def _catalogue(facts: Facts) -> Node:
    return {
        "@id": f"{facts.release_iri}#catalogue",
        "@type": "dcat:Catalog",
        "dct:title": Worded(facts.title, "en"),
        "dct:description": Worded("What this release holds.", "en"),
        "dct:publisher": _agent(facts.profile.publisher),
        "dct:language": _language("en"),
        "dct:issued": _day(facts.issued.isoformat()),
        "dct:license": _licence(facts),
        "dcat:dataset": Iri(facts.release_iri),
    }


def _dataset(facts: Facts, distributions: list[Node]) -> Node:
    profile = facts.profile
    node: Node = {
        "@id": facts.release_iri,
        "@type": "dcat:Dataset",
        "dct:identifier": facts.release_iri,
        "dct:title": Worded(facts.title, "en"),
        "dct:description": Worded(facts.description, "en"),
        "dct:publisher": _agent(profile.publisher),
        "dct:creator": [_agent(creator.name) for creator in profile.creators],
        "dcat:contactPoint": _contact(facts),
        "dcat:keyword": [Worded(keyword, "en") for keyword in profile.keywords],
        "dcat:theme": [_theme(code, label) for code, label in _THEMES.items()],
        "dct:language": [_language(language) for language in profile.languages],
        "dct:issued": _day(facts.issued.isoformat()),
        "dct:accessRights": _access_rights(),
        "dct:accrualPeriodicity": _of_type(f"{_AUTHORITY}/frequency/IRREG", "dct:Frequency"),
        "dct:provenance": {
            "@type": "dct:ProvenanceStatement",
            "rdfs:label": Worded(f"Made from {facts.raw.n_records} records of {facts.raw.n_files} raw files.", "en"),
        },
        "dcat:version": str(facts.version),
        "dcat:isVersionOf": _of_type(facts.dataset_iri, "dcat:Resource"),
        "adms:versionNotes": Worded(f"{facts.edition.sentence} What changed: CHANGELOG.md.", "en"),
        "dcat:distribution": [Iri(str(node["@id"])) for node in distributions],
    }
    if facts.first_captured_on is not None and facts.last_captured_on is not None:
        node["dct:temporal"] = {
            "@type": "dct:PeriodOfTime",
            "dcat:startDate": _day(facts.first_captured_on.isoformat()),
            "dcat:endDate": _day(facts.last_captured_on.isoformat()),
        }
    return node


def _distribution(facts: Facts, resource: Resource) -> Node:
    address = facts.address(resource.path)
    node: Node = {
        "@id": f"{facts.release_iri}#{resource.name}",
        "@type": "dcat:Distribution",
        "dct:title": Worded(resource.title, "en"),
        "dct:description": Worded(f"{resource.description} {facts.edition.sentence}", "en"),
        "dcat:accessURL": _of_type(address, "rdfs:Resource"),
        "dcat:downloadURL": _of_type(address, "rdfs:Resource"),
        "dct:format": _of_type(
            f"{_AUTHORITY}/file-type/{_FORMATS[resource.media_type == PARQUET]}", "dct:MediaTypeOrExtent"
        ),
        "dcat:mediaType": _of_type(f"{_MEDIA}/{resource.media_type}", "dct:MediaType"),
        "dct:rights": {"@type": "dct:RightsStatement", "rdfs:label": Worded(facts.rights_of(resource), "en")},
        "dcat:byteSize": Typed(str(resource.size), "xsd:nonNegativeInteger"),
        "spdx:checksum": {
            "@type": "spdx:Checksum",
            "spdx:algorithm": _of_type("spdx:checksumAlgorithm_sha256", "spdx:ChecksumAlgorithm"),
            "spdx:checksumValue": Typed(resource.sha256, "xsd:hexBinary"),
        },
    }
    if not resource.has_words_of_others:
        node["dct:license"] = _licence(facts)
    if not resource.is_table:
        node["dcat:compressFormat"] = _of_type(f"{_MEDIA}/application/gzip", "dct:MediaType")
    return node


def _agent(name: str) -> Node:
    return {"@type": "foaf:Agent", "foaf:name": Worded(name, "en")}


def _contact(facts: Facts) -> Node:
    contact = facts.profile.contact
    node: Node = {"@type": "vcard:Kind", "vcard:fn": contact.name}
    if contact.email:
        node["vcard:hasEmail"] = Iri(f"mailto:{contact.email}")
    if contact.url:
        node["vcard:hasURL"] = Iri(contact.url)
    return node


def _language(code: str) -> Node:
    known = code in _LANGUAGES
    iri = f"{_AUTHORITY}/language/{_LANGUAGES[code]}" if known else f"http://id.loc.gov/vocabulary/iso639-1/{code}"
    return _of_type(iri, "dct:LinguisticSystem")


def _licence(facts: Facts) -> Node:
    return _of_type(facts.licence_url, "dct:LicenseDocument")


def _access_rights() -> Node:
    return _of_type(f"{_AUTHORITY}/access-right/PUBLIC", "dct:RightsStatement")


def _of_type(iri: str, kind: str) -> Node:
    """A reference that says what it refers to, as checks of ranges ask."""
    return {"@id": iri, "@type": kind}


def _theme(code: str, label: str) -> Node:
    return {
        "@id": f"{_AUTHORITY}/data-theme/{code}",
        "@type": "skos:Concept",
        "skos:prefLabel": Worded(label, "en"),
    }


def _day(text: str) -> Typed:
    return Typed(text, "xsd:date")
