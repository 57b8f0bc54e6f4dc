"""A small Wikidata on this machine: its query service, which evaluates the queries, and ``wbgetentities``."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from pyoxigraph import Literal, NamedNode, Quad, QueryResultsFormat, QuerySolutions, Store

from tests.link.scripted import Answer, Request, Server

ENTITY = "http://www.wikidata.org/entity/"
_LABEL = NamedNode("http://www.w3.org/2000/01/rdf-schema#label")
_ALIAS = NamedNode("http://www.w3.org/2004/02/skos/core#altLabel")
_ITEMS = ("P31", "P131")


def item(
    id: str,
    *labels: str,
    language: str = "zh",
    types: Sequence[str] = (),
    within: Sequence[str] = (),
    codes: Sequence[str] = (),
    geonames: Sequence[str] = (),
    ranks: Mapping[str, str] | None = None,
    **more: Any,
) -> dict[str, Any]:
    """An item as the API gives it; ``ranks`` of statements by their value, ``more``: claims by property."""
    claims: dict[str, list[Any]] = {}
    told = {"P31": types, "P131": within, "P442": codes, "P1566": geonames, **more}
    for property, values in told.items():
        for value in values:
            stated = {"id": value, "entity-type": "item"} if property in _ITEMS else value
            claims.setdefault(property, []).append(
                {
                    "mainsnak": {"snaktype": "value", "property": property, "datavalue": {"value": stated}},
                    "rank": (ranks or {}).get(str(value), "normal"),
                }
            )
    return {
        "id": id,
        "type": "item",
        "labels": {language: {"language": language, "value": labels[0]}} if labels else {},
        "aliases": {language: [{"language": language, "value": name} for name in labels[1:]]},
        "descriptions": {},
        "claims": claims,
    }


def time(year: int, precision: int = 9) -> dict[str, Any]:
    """A time as a value of a statement."""
    return {"time": f"+{year:04}-00-00T00:00:00Z", "precision": precision}


class Wiki:
    """Plays the services of Wikidata at ``/sparql`` and ``/api`` of the server.

    What was merged into what stands in ``merged``; the query service may still know what is no more.
    """

    def __init__(self, server: Server, items: Iterable[dict[str, Any]]) -> None:
        self.items = {each["id"]: each for each in items}
        self.merged: dict[str, str] = {}
        self._graph = Store()
        for each in self.items.values():
            self.index(each)
        self.query_service, self.api = server.url("/sparql"), server.url("/api")
        server.script("/sparql", self.answer_query)
        server.script("/api", self.answer_entities)

    def index(self, each: dict[str, Any], id: str | None = None) -> None:
        """Make an item known to the query service: its names, and its best statements."""
        node = NamedNode(ENTITY + (id or each["id"]))
        for language, told in each["labels"].items():
            self._graph.add(Quad(node, _LABEL, Literal(told["value"], language=language)))
        for language, listed in each["aliases"].items():
            for told in listed:
                self._graph.add(Quad(node, _ALIAS, Literal(told["value"], language=language)))
        for property, statements in each["claims"].items():
            best = [s for s in statements if s["rank"] == "preferred"] or statements
            for statement in best:
                value = statement["mainsnak"]["datavalue"]["value"]
                if statement["rank"] != "deprecated" and isinstance(value, str):
                    direct = NamedNode(f"http://www.wikidata.org/prop/direct/{property}")
                    self._graph.add(Quad(node, direct, Literal(value)))

    def answer_query(self, request: Request) -> Any:
        """The rows, as SPARQL JSON."""
        rows = self._graph.query(request.params["query"])
        assert isinstance(rows, QuerySolutions)
        body = rows.serialize(format=QueryResultsFormat.JSON)
        assert body is not None
        return json.loads(body)

    def answer_entities(self, request: Request) -> Any:
        """The items, or that one of them cannot be."""
        ids = request.params["ids"].split("|")
        if len(ids) > 50:
            return {"error": {"code": "toomanyvalues", "info": "Too many values"}}
        if wrong := [id for id in ids if int(id[1:]) > 2147483647]:
            return {"error": {"code": "no-such-entity", "info": f"Could not find an entity {wrong[0]}"}}
        return {"entities": {id: self._entity(id) for id in ids}, "success": 1}

    def _entity(self, id: str) -> dict[str, Any]:
        if to := self.merged.get(id):
            return self.items[to] | {"redirects": {"from": id, "to": to}}
        return self.items.get(id, {"id": id, "missing": True})


def bindings(*rows: tuple[str, str]) -> Answer:
    """What the query service says: values, and IRIs of items."""
    return Answer({"results": {"bindings": [{"value": {"value": v}, "item": {"value": i}} for v, i in rows]}})
