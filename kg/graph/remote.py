"""Queries to a SPARQL endpoint of any make, answered as by the embedded store."""

from __future__ import annotations

from typing import Final

import pyoxigraph as ox

from kg.errors import ServiceError
from kg.graph import sparql
from kg.graph.results import Result
from kg.graph.vocab import PREFIXES

_LABELS: Final = (
    "CONSTRUCT {{ ?s ?p ?o }} WHERE {{ VALUES ?s {{ {things} }} "
    "VALUES ?p {{ <{skos}prefLabel> <{rdfs}label> <{dcterms}title> }} ?s ?p ?o }}"
)
#: Names are asked for so many things at a time, and for so many in all: what is longer, nobody reads as a table.
_AT_ONCE: Final = 200
_IN_ALL: Final = 2_000


def run(endpoint: str, query: str, *, user: str | None = None, password: str = "", labels: bool = True) -> Result:
    """Send a query; the project's prefixes need not be declared.

    ``labels`` asks for the names of what is in the answer, too, which a table shows in the place of IRIs.

    Raises :class:`~kg.errors.QueryError` if the server finds fault with the query, :class:`~kg.errors.ServiceError` if
    it cannot be reached or does not answer with what was asked for.
    """
    sparql.check(query)
    form = sparql.form(query)
    text = "".join(f"PREFIX {p}: <{i}>\n" for p, i in sparql.undeclared(query).items()) + query
    graph = form in ("CONSTRUCT", "DESCRIBE")
    body = _post(endpoint, text, graph, user, password)
    store = ox.Store()
    if graph:
        store.bulk_load(body, format=ox.RdfFormat.N_TRIPLES)
        return Result(store.query("CONSTRUCT WHERE { ?s ?p ?o }"), store)
    if labels and form == "SELECT":
        _name(endpoint, body, store, user, password)
    try:
        raw = ox.parse_query_results(body, format=ox.QueryResultsFormat.JSON)
    except (SyntaxError, ValueError) as error:
        raise ServiceError(f"{endpoint} does not answer in SPARQL's JSON: {error}") from None
    return Result(raw, store)


def _name(endpoint: str, body: bytes, store: ox.Store, user: str | None, password: str) -> None:
    try:
        rows = ox.parse_query_results(body, format=ox.QueryResultsFormat.JSON)
        cells = (cell for row in rows for cell in row)  # type: ignore[union-attr]
        things = list(dict.fromkeys(str(cell) for cell in cells if isinstance(cell, ox.NamedNode)))
    except (SyntaxError, ValueError, TypeError):
        return  # told by who reads the answer
    for i in range(0, min(len(things), _IN_ALL), _AT_ONCE):
        spaces = {name: PREFIXES[name] for name in ("skos", "rdfs", "dcterms")}
        text = _LABELS.format(things=" ".join(things[i : i + _AT_ONCE]), **spaces)
        store.bulk_load(_post(endpoint, text, True, user, password), format=ox.RdfFormat.N_TRIPLES)


def _post(endpoint: str, query: str, graph: bool, user: str | None, password: str) -> bytes:
    try:
        import httpx
    except ImportError:
        raise ServiceError("asking an endpoint needs httpx", hint="pip install 'gwr-kg[cluster]'") from None
    accept = "application/n-triples" if graph else "application/sparql-results+json"
    try:
        answer = httpx.post(
            endpoint,
            data={"query": query},
            headers={"Accept": accept},
            timeout=httpx.Timeout(300, connect=10),
            follow_redirects=True,
            auth=(user, password) if user is not None else None,
        )
    except (httpx.TransportError, httpx.InvalidURL) as error:
        raise ServiceError(f"{endpoint} cannot be reached: {error}") from None
    told = " ".join(answer.text.split())[:300] if not answer.is_success else ""
    if answer.status_code == 400:
        raise sparql.explain(query, f"the server says: {told}")
    if not answer.is_success:
        raise ServiceError(
            f"{endpoint}: {answer.status_code} {answer.reason_phrase}: {told}", status=answer.status_code
        )
    kind = answer.headers.get("Content-Type", "").partition(";")[0].strip()
    if kind not in (accept, "text/plain" if graph else accept):
        raise ServiceError(f"{endpoint} answers with {kind or 'nothing'}", hint="is this the address of the endpoint?")
    return answer.content
