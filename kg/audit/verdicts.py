"""What became of the targets of a store, as a graph: computed from the figures of all reports on an area.

A verdict needs more than one report, so it stands in none of their graphs but in one of its own, and is a function of
what the store holds, in whatever order it came there:

    <verdict>  a gwr:Verdict ; gwr:promise <target> ; gwr:outcome <figure> ; gwr:fulfilment gwr:kept ;
               gwr:reason … ; gwr:caveat … ; gwr:series <area> .
    <area>     gwr:seriesKey "…" .

The key of a series of reports is a digest of what the verdicts were computed from: who changes the reports of an area
computes them anew, and so does the next who writes, if the one before was killed.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

from pyoxigraph import Literal, NamedNode, Quad, Store

from kg import resources
from kg.graph import iri
from kg.graph import store as stores
from kg.graph.vocab import SPARQL_PREFIXES, term

_REPORTS: Final = """
SELECT ?graph ?area {
  GRAPH ?graph { ?report a gwr:Report ; gwr:about ?area ; gwr:year ?year }
}
"""
_BUILDS: Final = """
SELECT ?graph ?key {
  GRAPH ?builds { ?graph prov:wasGeneratedBy ?build . ?build gwr:buildKey ?key }
}
"""
#: What the verdicts depend on beside the figures.
_CODE: Final = ("promises.py", "basis.py", "figures.py", "verdicts.py")
_TABLES: Final = (
    "audit_acts.tsv",
    "audit_aims.tsv",
    "audit_cues.tsv",
    "audit_real.tsv",
    "audit_vague.tsv",
    "units.tsv",
)


def refresh(store: Store) -> int:
    """Bring the verdicts up to what the store holds; of how many areas they had to be computed anew.

    An area that only one report is on has none: nobody could know yet.  Each area's verdicts change in one step.

    Raises :class:`~kg.errors.StoreError` if the store cannot be written.
    """
    series = _series(store)
    keys = {key: _digest(sorted(graphs.items(), key=str)) for key, graphs in series.items() if len(graphs) > 1}
    known = _known(store)
    changed = [each for each in sorted(keys.keys() | known.keys()) if keys.get(each) != known.get(each)]
    for base, area in changed:
        graph = NamedNode(iri.verdicts_graph_iri(base))
        old = set(_of(store, graph, NamedNode(area)))
        key = keys.get((base, area))
        new = set(_quads(store, base, area, sorted(series[base, area], key=str), key)) if key is not None else set()
        stores.change_graph(store, graph, added=new - old, removed=old - new)
        if not new and not any(True for _ in store.quads_for_pattern(None, None, None, graph)):
            stores.drop_empty(store, graph)
    return len(changed)


def _series(store: Store) -> dict[tuple[str, str], dict[NamedNode, str]]:
    """The reports on each area whose year is known: graphs, each with the key of its build; by base and area."""
    builds = {graph: key.value for graph, key in _rows(store, _BUILDS, "graph", "key")}
    out: dict[tuple[str, str], dict[NamedNode, str]] = defaultdict(dict)
    for graph, area in _rows(store, _REPORTS, "graph", "area"):
        base, found, _ = graph.value.rpartition("graph/")
        if found:
            out[base, area.value][graph] = builds.get(graph, "")
    return out


def _known(store: Store) -> dict[tuple[str, str], str]:
    """The keys of the verdicts that the store has, by base and area."""
    out = {}
    for quad in store.quads_for_pattern(None, term("gwr:seriesKey"), None, None):
        if isinstance(quad.graph_name, NamedNode) and isinstance(quad.subject, NamedNode):
            base = quad.graph_name.value.removesuffix("graph/verdicts")
            out[base, quad.subject.value] = quad.object.value if isinstance(quad.object, Literal) else ""
    return out


def _rows(store: Store, query: str, *names: str) -> Iterator[tuple[Any, ...]]:
    found: Any = store.query(SPARQL_PREFIXES + query)
    for row in found:
        yield tuple(row[name] for name in names)


def _of(store: Store, graph: NamedNode, area: NamedNode) -> Iterator[Quad]:
    """All that the graph says of one area's verdicts."""
    yield from store.quads_for_pattern(area, term("gwr:seriesKey"), None, graph)
    for quad in store.quads_for_pattern(None, term("gwr:series"), area, graph):
        yield from store.quads_for_pattern(quad.subject, None, None, graph)


def _quads(store: Store, base: str, area: str, graphs: list[NamedNode], key: str) -> Iterator[Quad]:
    from kg.audit.figures import read_figures
    from kg.audit.promises import Caveat, promises

    graph, series = NamedNode(iri.verdicts_graph_iri(base)), NamedNode(area)
    yield Quad(series, term("gwr:seriesKey"), Literal(key), graph)
    for promise in promises(read_figures(store, graphs)):
        node = NamedNode(f"{base}verdict/{iri.digest(promise.target.iri)}")

        def say(curie: str, object: NamedNode | Literal, node: NamedNode = node) -> Quad:
            return Quad(node, term(curie), object, graph)

        yield say("rdf:type", term("gwr:Verdict"))
        yield say("gwr:series", series)
        yield say("gwr:promise", NamedNode(promise.target.iri))
        yield say("gwr:fulfilment", term(f"gwr:{promise.verdict.value}"))
        if promise.outcome is not None:
            yield say("gwr:outcome", NamedNode(promise.outcome.iri))
        if promise.reason is not None:
            yield say("gwr:reason", Literal(promise.reason.value, language="en"))
        for caveat in promise.caveats:
            yield say("gwr:caveat", Literal(caveat.value, language="en"))
        if promise.revised is not None:
            yield say("gwr:caveat", Literal(Caveat.REVISED.value, language="en"))
            yield say("gwr:revisedOutcome", NamedNode(promise.revised.iri))


def _digest(parts: object) -> str:
    return hashlib.sha256(f"{_version()} {parts}".encode()).hexdigest()[:32]


@lru_cache(maxsize=1)
def _version() -> str:
    """A digest of the rules and the word lists that verdicts are made by."""
    whole = hashlib.sha256()
    files = [Path(__file__).parent / name for name in _CODE] + [resources.folder("data") / name for name in _TABLES]
    for file in files:
        data = file.read_bytes()
        whole.update(f"{file.name}\0{len(data)}\0".encode())
        whole.update(data)
    return whole.hexdigest()
