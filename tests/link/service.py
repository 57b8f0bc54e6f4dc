"""A reconciliation service on this machine, over a few rows."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from kg.link.providers.reconcile import ReconciliationService
from tests.link.asking import asking
from tests.link.scripted import Request, Server

MANIFEST = {
    "versions": ["0.2"],
    "name": "Places",
    "identifierSpace": "https://example.org/place/",
    "schemaSpace": "https://example.org/schema/",
    "extend": {},
}
#: id, name, type, parent
ROWS = (
    ("1", "海珠区", "county", "广州市"),
    ("2", "广州市", "prefecture", "广东省"),
    ("3", "海珠区", "county", "沈阳市"),
    ("4", "梦芭莎", "org:operator", ""),
)


class Service:
    """Answers at ``/reconcile``; what it says can be changed."""

    def __init__(self, server: Server, rows: tuple[tuple[str, str, str, str], ...] = ROWS) -> None:
        self.rows = rows
        self.manifest: Any = dict(MANIFEST)
        self.endpoint = server.url("/reconcile")
        self.server = server
        server.script("/reconcile", self.answer)

    def answer(self, request: Request) -> Any:
        """The manifest, results or rows."""
        if "queries" in request.params:
            return self.answer_queries(json.loads(request.params["queries"]))
        if "extend" in request.params:
            return self.answer_extend(json.loads(request.params["extend"]))
        return self.manifest

    def answer_queries(self, queries: dict[str, Any]) -> Any:
        """The rows whose name is alike in its beginning."""
        return {key: {"result": self.results(query["query"])} for key, query in queries.items()}

    def results(self, name: str) -> list[Any]:
        """The results of one query; the first is a match, says the service."""
        found = [row for row in self.rows if row[1][:2] == name[:2]]
        return [{"id": r[0], "name": r[1], "score": 90.0 - n, "match": n == 0} for n, r in enumerate(found)]

    def answer_extend(self, query: dict[str, Any]) -> Any:
        """Types and parents of the identifiers."""
        told = {
            row[0]: {"type": [{"str": row[2]}], "parent": [{"str": row[3]}] if row[3] else [{}]} for row in self.rows
        }
        properties = [each["id"] for each in query["properties"]]
        return {
            "meta": [{"id": id, "name": id} for id in properties],
            "rows": {id: {p: told[id].get(p, []) for p in properties} for id in query["ids"] if id in told},
        }

    @property
    def batches(self) -> list[dict[str, Any]]:
        """The batches of queries that it was asked."""
        return [json.loads(r.params["queries"]) for r in self.server.log if "queries" in r.params]

    @property
    def extensions(self) -> list[dict[str, Any]]:
        """The data extension queries that it was asked."""
        return [json.loads(r.params["extend"]) for r in self.server.log if "extend" in r.params]

    @contextmanager
    def provider(self, **options: Any) -> Iterator[ReconciliationService]:
        """The provider that asks it; ``properties`` are told unless they are given."""
        properties = options.pop("properties", {"type": "type", "parent": "parent"})
        key = options.pop("key", "reconcile")
        endpoint = options.pop("endpoint", self.endpoint)
        with asking(**options) as client:
            yield ReconciliationService(client, endpoint, properties=properties, key=key)
