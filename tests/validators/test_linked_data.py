"""The official DCAT-AP 3.0.1 shapes hold for the catalogue; schema.org's JSON-LD has what searches ask for."""

from pathlib import Path
from typing import Any

import pytest

pyshacl = pytest.importorskip("pyshacl", reason="runs in its own environment: make test-validators")
rdflib = pytest.importorskip("rdflib", reason="runs in its own environment: make test-validators")
compare = pytest.importorskip("rdflib.compare")

SHAPES = Path(__file__).parent / "shapes"
PORTAL = "https://portal.example/release/"
"""Where the release pretends to stand; its links are relative."""

DCAT = rdflib.Namespace("http://www.w3.org/ns/dcat#")
DCT = rdflib.Namespace("http://purl.org/dc/terms/")
SCHEMA = rdflib.Namespace("https://schema.org/")
SHAPE_FILES = ["dcat-ap-3.0.1.ttl", "dcat-ap-3.0.1-range.ttl"]


def read(path: Path) -> Any:
    return rdflib.Graph().parse(path, publicID=PORTAL)


def conforms(graph: Any, shapes: str) -> tuple[bool, str]:
    valid, _, text = pyshacl.validate(graph, shacl_graph=rdflib.Graph().parse(SHAPES / shapes))
    return valid, text


@pytest.mark.parametrize("shapes", SHAPE_FILES)
def test_the_catalogue_conforms_to_dcat_ap(release: Path, shapes: str) -> None:
    valid, text = conforms(read(release / "dcat.ttl"), shapes)
    assert valid, text


def test_both_forms_of_the_catalogue_say_the_same(release: Path) -> None:
    turtle, jsonld = read(release / "dcat.ttl"), read(release / "dcat.jsonld")
    assert len(turtle) > 300
    assert compare.isomorphic(turtle, jsonld)


def test_every_file_is_a_distribution_with_rights_and_an_address(release: Path) -> None:
    graph = read(release / "dcat.ttl")
    distributions = set(graph.objects(None, DCAT.distribution))
    data = {
        path.relative_to(release).as_posix() for pattern in ("*.parquet", "*.csv.gz") for path in release.rglob(pattern)
    }
    assert {str(url) for url in graph.objects(None, DCAT.downloadURL)} == {f"{PORTAL}{path}" for path in data}
    assert all(list(graph.objects(node, DCT.rights)) for node in distributions)


@pytest.mark.parametrize(
    ("predicate", "shapes"),
    [
        (DCAT.accessURL, "dcat-ap-3.0.1.ttl"),
        (DCT.title, "dcat-ap-3.0.1.ttl"),
        (DCT.description, "dcat-ap-3.0.1.ttl"),
        (DCT.publisher, "dcat-ap-3.0.1.ttl"),
    ],
)
def test_the_shapes_refuse_a_catalogue_that_lacks_something(copy: Path, predicate: Any, shapes: str) -> None:
    graph = read(copy / "dcat.ttl")
    graph.remove((None, predicate, None))
    assert not conforms(graph, shapes)[0]


def test_the_range_shapes_refuse_a_publisher_that_is_no_agent(copy: Path) -> None:
    graph = read(copy / "dcat.ttl")
    for publisher in list(graph.objects(None, DCT.publisher)):
        graph.remove((publisher, rdflib.RDF.type, None))
    assert not conforms(graph, "dcat-ap-3.0.1-range.ttl")[0]


def schema_org_wants(path: Path) -> list[str]:
    """What Google's and schema.org's guidance for datasets asks for and the file lacks."""
    graph = read(path)
    found = list(graph.subjects(rdflib.RDF.type, SCHEMA.Dataset))
    if len(found) != 1:
        return ["one Dataset"]
    wanted = (
        "name",
        "description",
        "license",
        "creator",
        "version",
        "datePublished",
        "distribution",
        "variableMeasured",
    )
    lacking = [name for name in wanted if not list(graph.objects(found[0], SCHEMA[name]))]
    for download in graph.objects(found[0], SCHEMA.distribution):
        lacking += [
            name for name in ("contentUrl", "encodingFormat", "sha256") if not list(graph[download : SCHEMA[name]])
        ]
    return lacking


def test_schema_org_has_what_searches_for_datasets_ask(release: Path) -> None:
    assert schema_org_wants(release / "schema_org.jsonld") == []


@pytest.mark.parametrize("name", ["license", "contentUrl", "description"])
def test_a_schema_org_file_that_lacks_something_is_refused(copy: Path, name: str) -> None:
    path = copy / "schema_org.jsonld"
    path.write_text(path.read_text().replace(f'"{name}":', f'"not_{name}":'))
    assert name in schema_org_wants(path)
