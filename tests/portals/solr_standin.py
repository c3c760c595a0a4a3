"""As much of Solr as CKAN needs to store datasets: keeps documents, finds them by id or name, or all of them.

It ranks nothing and knows no query language, so nothing about CKAN's search can be tested with it.
"""

import json
import re
from typing import Any
from urllib.parse import parse_qs
from xml.etree import ElementTree as ET

from tests.publish.targets.portal import Asked, Portal, Reply

_NAMED = re.compile(r'\b(?:name|id|name_or_id):\s*"?([\w-]+)"?')
_INDEX = re.compile(r'\bindex_id:\s*"?(\w+)"?')


class SolrStandIn(Portal):
    """One core."""

    def __init__(self) -> None:
        super().__init__()
        self.documents: dict[str, dict[str, Any]] = {}

    def answer(self, asked: Asked) -> Reply:
        leaf = asked.path.rstrip("/").rpartition("/")[2]
        if leaf == "schema":
            return Reply(200, b'<schema name="ckan-2.12" version="1.6"/>', {"Content-Type": "application/xml"})
        if leaf == "ping":
            return Reply.json({"status": "OK"})
        if leaf == "update":
            self._update(asked)
            return Reply.json({"responseHeader": {"status": 0}})
        return self._select(asked)

    def _update(self, asked: Asked) -> None:
        text = asked.body.decode()
        if text.lstrip().startswith("<"):
            root = ET.fromstring(text)
            for query in [*root.iter("query"), *root.iter("id")]:
                self._remove(query.text or "")
            for document in root.iter("doc"):
                self._add({field.attrib["name"]: field.text or "" for field in document.iter("field")})
            return
        sent = json.loads(text or "{}")
        for document in sent if isinstance(sent, list) else []:
            self._add(document)
        if isinstance(sent, dict) and "delete" in sent:
            self._remove(json.dumps(sent["delete"]).replace("\\", ""))

    def _add(self, document: dict[str, Any]) -> None:
        self.documents[str(document["index_id"])] = document

    def _remove(self, query: str) -> None:
        for key in [key for key, document in self.documents.items() if self._is_named(document, query)]:
            del self.documents[key]

    def _select(self, asked: Asked) -> Reply:
        given = {**asked.query, **parse_qs(asked.body.decode(), keep_blank_values=True)}
        query = " ".join([*given.get("q", []), *given.get("fq", [])])
        found = list(self.documents.values())
        if _NAMED.search(query) or _INDEX.search(query):
            found = [document for document in found if self._is_named(document, query)]
        return Reply.json(
            {
                "responseHeader": {"status": 0, "params": {}},
                "response": {"numFound": len(found), "start": 0, "docs": found},
                "facet_counts": {"facet_fields": {}, "facet_queries": {}},
            }
        )

    @staticmethod
    def _is_named(document: dict[str, Any], query: str) -> bool:
        names = {*_NAMED.findall(query), *_INDEX.findall(query)}
        return bool(names & {str(document.get(key)) for key in ("id", "name", "index_id")})
