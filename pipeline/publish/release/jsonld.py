"""Linked data written twice from one value: as JSON-LD and as Turtle.

A node is a mapping with prefixed names as keys; `@id` and `@type` mean what they mean in JSON-LD. Values are texts,
nodes, `Iri`, `Typed`, `Worded`, or lists of these. Blank nodes are nested where they stand, so nothing needs a label.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

Node: TypeAlias = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Iri:
    """A reference, absolute or relative to the file, or a prefixed name."""

    value: str


@dataclass(frozen=True, slots=True)
class Typed:
    """A literal with a datatype, as `xsd:date`."""

    value: str
    datatype: str


@dataclass(frozen=True, slots=True)
class Worded:
    """A text in a language."""

    value: str
    language: str


def to_jsonld(prefixes: Mapping[str, str], nodes: list[Node]) -> str:
    """The nodes as a JSON-LD document."""
    graph = [_json(node) for node in nodes]
    return json.dumps({"@context": dict(prefixes), "@graph": graph}, ensure_ascii=False, indent=1) + "\n"


def to_turtle(prefixes: Mapping[str, str], nodes: list[Node]) -> str:
    """The nodes as a Turtle document."""
    lines = [f"@prefix {prefix}: <{iri}> ." for prefix, iri in prefixes.items()]
    named = {str(node["@id"]): node for node in _named(nodes)}
    for node in (*nodes, *(named[iri] for iri in sorted(named))):
        lines += ["", f"{_iri(str(node['@id']), prefixes)}", *_properties(node, prefixes, 1), "."]
    return "\n".join(lines) + "\n"


def _named(value: object, depth: int = 0) -> Iterator[Node]:
    """The nodes with a name and properties that stand inside others: Turtle has them beside, not inside."""
    if isinstance(value, list):
        for item in value:
            yield from _named(item, depth)
    elif isinstance(value, dict):
        if depth and "@id" in value and len(value) > 1:
            yield value
        for item in value.values():
            yield from _named(item, depth + 1)


def _json(value: object) -> object:
    match value:
        case Iri(iri):
            return {"@id": iri}
        case Typed(text, datatype):
            return {"@value": text, "@type": datatype}
        case Worded(text, language):
            return {"@value": text, "@language": language}
        case dict():
            return {key: item if key.startswith("@") else _json(item) for key, item in value.items()}
        case list():
            return [_json(item) for item in value]
    return value


def _properties(node: Node, prefixes: Mapping[str, str], depth: int) -> Iterator[str]:
    pairs = [("a" if key == "@type" else key, value) for key, value in node.items() if key != "@id"]
    for number, (key, value) in enumerate(pairs):
        values = value if isinstance(value, list) else [value]
        if key == "a":
            values = [Iri(item) for item in values]
        written = ", ".join(_turtle(item, prefixes, depth) for item in values)
        yield "    " * depth + f"{key} {written}" + (" ;" if number + 1 < len(pairs) else "")


def _turtle(value: object, prefixes: Mapping[str, str], depth: int) -> str:
    match value:
        case Iri(iri):
            return _iri(iri, prefixes)
        case Typed(text, datatype):
            return f"{_text(text)}^^{datatype}"
        case Worded(text, language):
            return f"{_text(text)}@{language}"
        case dict():
            if "@id" in value:
                return _iri(str(value["@id"]), prefixes)
            inner = "\n".join(_properties(value, prefixes, depth + 1))
            return f"[\n{inner}\n{'    ' * depth}]"
    return _text(str(value))


def _iri(iri: str, prefixes: Mapping[str, str]) -> str:
    return iri if iri.partition(":")[0] in prefixes and not iri.partition(":")[2].startswith("//") else f"<{iri}>"


def _text(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)
