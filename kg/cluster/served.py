"""What a server has already, and what has to be changed of it: reports that are there, verdicts, links.

To replace a graph, the Graph Store Protocol does; to know what is there, the server has to be asked, and to take
something out of a graph, the default graph above all, it takes SPARQL's Update.

Everything is done in such an order that a run that was broken off is made up for by the next: what tells that something
is there (the key of a build, of an area's verdicts) comes last and goes first, and the default graph gets a triple
before its named graph has it, and loses it before.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote, urlsplit, urlunsplit

from pyoxigraph import Literal, NamedNode, Quad, Store

from kg.audit import verdicts
from kg.errors import ServiceError
from kg.graph import provenance, reading
from kg.graph.store import IDENTITY, Identity, is_links_graph
from kg.graph.vocab import ONTOLOGY_GRAPH, term

if TYPE_CHECKING:
    from kg.cluster.load import Server
    from kg.graph.remote import Endpoint

#: How the addresses of one server end: of its graph store, of queries, of updates.
_ADDRESSES: Final = (
    ("/store", "/query", "/update"),  # Oxigraph
    ("/sparql-graph-crud-auth", "/sparql", "/sparql-auth"),  # Virtuoso
    ("/sparql-graph-crud", "/sparql", "/sparql"),
    ("/data", "/query", "/update"),  # Fuseki
    ("/rdf-graphs/service", "", "/statements"),  # RDF4J, GraphDB
)
#: How the ontology tells which it is.
_ONTOLOGY: Final = f"{ONTOLOGY_GRAPH} dcterms:identifier ?key"
#: Of so many things links are compared at a time.
_THINGS: Final = 300


def addresses(url: str, *, protocol: str = "graph-store", union_graph: str | None = None) -> tuple[str, str]:
    """Where the server takes queries and updates whose graph store, or update service, is at ``url``; empty if unknown.

    ``union_graph`` stands for the default graph, as a parameter of the address of queries.

    >>> addresses("http://h:7878/store"), addresses("http://h/elsewhere")
    (('http://h:7878/query', 'http://h:7878/update'), ('', ''))
    """
    parts = urlsplit(url)
    at = 2 if protocol == "update" else 0
    for endings in _ADDRESSES:
        if parts.path.endswith(endings[at]):
            base = parts.path.removesuffix(endings[at])
            query, update = (urlunsplit(parts._replace(path=base + ending)) for ending in endings[1:])
            return with_union(query, union_graph), update
    return "", url if protocol == "update" else ""


def with_union(url: str, graph: str | None) -> str:
    """The address of queries, with the graph that stands for the default graph there, if there is one."""
    if graph is None or "default-graph-uri=" in url:
        return url
    return f"{url}{'&' if urlsplit(url).query else '?'}default-graph-uri={quote(graph, safe='')}"


@dataclass(frozen=True, slots=True)
class Served:
    """A server: loaded into by ``server``, asked by ``endpoint`` and, where that is known, mended by ``updates``.

    ``union`` says whether there is a default graph to be kept, which is ``union_graph`` where that is given.

    All methods raise :class:`~kg.errors.ServiceError` if the server cannot be asked or changed.
    """

    server: Server
    endpoint: Endpoint
    updates: Server | None = None
    union: bool = True
    union_graph: str | None = None

    def has(self, graph: str, key: str) -> bool:
        """Whether the graph is there, whole, made by a build of that key, and in the default graph, too."""
        told = "?report gwr:sha256 ?hash"
        found = self._named(
            f"SELECT ?builds ?report {{ GRAPH ?builds {{ <{graph}> prov:wasGeneratedBy ?build . "
            f"?build gwr:buildKey {Literal(key)} }} GRAPH <{graph}> {{ {told} }} }}"
        )
        reports = {report for builds, report in found if provenance.is_builds_graph(builds)}
        if not self.union:
            return bool(reports)
        return any(
            any(reading.rows(self.endpoint, f"SELECT ?hash {{ {report} gwr:sha256 ?hash }}")) for report in reports
        )

    def _named(self, query: str) -> Iterator[tuple[Any, ...]]:
        return reading.rows(self.endpoint, query, named=True)

    def has_ontology(self, key: Literal) -> bool:
        """Whether the ontology of that identifier is there, and no other one."""
        known = self._ontologies()
        if self.union:
            known &= {found for (found,) in reading.rows(self.endpoint, f"SELECT ?key {{ {_ONTOLOGY} }}")}
        return known == {key}

    def leave_other_ontologies(self, key: Literal) -> None:
        """Take out what there is of an ontology with another identifier, where the server takes updates."""
        if self._ontologies() - {key} and self.updates is not None:
            self._clear(ONTOLOGY_GRAPH.value, drop=True)

    def _ontologies(self) -> set[Any]:
        return {found for (found,) in self._named(f"SELECT ?key {{ GRAPH {ONTOLOGY_GRAPH} {{ {_ONTOLOGY} }} }}")}

    def make_room(self, graph: str, identity: Identity) -> bool:
        """Take out what there is of a report that is going to be put into that graph; whether something stays behind.

        That is what the graph has, and others that hold the report as it was: see
        :func:`kg.graph.store.write_reports`.
        """
        former = self._former(identity)
        if former and self.updates is None:
            return True
        for each in former:
            self._clear(each, drop=each != graph)
        if former:
            self.endpoint.forget()
        return False

    def _former(self, identity: Identity) -> list[str]:
        names = {field: f"<{predicate.value}>" for predicate, field in IDENTITY.items()}
        ways = []
        if identity.sha256 is not None:
            ways.append(f"?report {names['sha256']} {_written(identity.sha256)}")
        if identity.source is not None and (identity.area, identity.year) != (None, None):
            place = [f"?report {names['source']} {_written(identity.source)}"]
            for field in ("area", "year"):
                if (value := getattr(identity, field)) is not None:
                    place.append(f"?report {names[field]} {_written(value)}")
                else:
                    place.append(f"FILTER NOT EXISTS {{ ?report {names[field]} ?{field} }}")
            ways.append(" . ".join(place))
        if not ways:
            return []
        union = " UNION ".join(f"{{ GRAPH ?graph {{ {way} }} }}" for way in ways)
        found = {graph for (graph,) in reading.rows(self.endpoint, f"SELECT DISTINCT ?graph {{ {union} }}")}
        return sorted(_written(graph)[1:-1] for graph in found.difference(reading.standing(self.endpoint)))

    def _clear(self, graph: str, *, drop: bool) -> None:
        """Take out of the default graph what only this graph says, and what is said of its build; ``drop`` it, too."""
        assert self.updates is not None
        if self.union:
            but = ", ".join(f"<{name}>" for name in (graph, self.union_graph) if name)
            gone = f"GRAPH <{self.union_graph}> {{ ?s ?p ?o }}" if self.union_graph else "?s ?p ?o"
            self.updates.update(
                f"DELETE {{ {gone} }} WHERE {{ GRAPH <{graph}> {{ ?s ?p ?o }} "
                f"FILTER NOT EXISTS {{ GRAPH ?other {{ ?s ?p ?o }} FILTER(?other NOT IN ({but})) }} }}"
            )
        self._remove(provenance.of_graphs(self.endpoint, [NamedNode(graph)]))
        if drop:
            self.updates.update(f"DROP SILENT GRAPH <{graph}>")

    def refresh_verdicts(self) -> int:
        """Bring the verdicts up to the reports that the server has; of how many areas they were computed anew.

        As :func:`kg.audit.verdicts.refresh` does in a store; an area at a time is in memory.
        """
        done = 0
        for done, change in enumerate(verdicts.changes(self.endpoint), 1):  # noqa: B007 - how many there were
            key, series = term("gwr:seriesKey"), term("gwr:series")
            gone = change.old - change.new
            if any(quad.predicate == key for quad in gone):
                self._remove([quad for quad in gone if quad.predicate == key])
            self._remove([quad for quad in gone if quad.predicate != key])
            # all of it: a run that was broken off may have written a part
            for some in (
                [quad for quad in change.new if quad.predicate == series],
                [quad for quad in change.new if quad.predicate not in (series, key)],
                [quad for quad in change.new if quad.predicate == key],
            ):
                self._add(some)
            if not change.new:
                self._drop_empty(change.graph)
        return done

    def send_links(self, store: Store) -> int:
        """Put the links of a store in the place of those that the server has; how many triples were added or removed.

        Some hundred things at a time are compared.
        """
        graphs = [graph for graph in store.named_graphs() if isinstance(graph, NamedNode) and is_links_graph(graph)]
        changed = 0
        for graph in graphs:
            theirs = self._named(f"SELECT DISTINCT ?thing {{ GRAPH {graph} {{ ?thing ?p ?o }} }}")
            known = {thing for (thing,) in theirs}
            things = known | {quad.subject for quad in store.quads_for_pattern(None, None, None, graph)}
            every = sorted(things, key=str)
            for i in range(0, len(every), _THINGS):
                some = every[i : i + _THINGS]
                reading.ahead(self.endpoint, [thing for thing in some if thing in known], graph)
                old, new = (
                    {quad for thing in some if place is store or thing in known for quad in _about(place, thing, graph)}
                    for place in (self.endpoint, store)
                )
                self._remove([*old - new], others=True)
                self._add([*new - old])
                changed += len(old ^ new)
        return changed

    def _add(self, quads: Sequence[Quad]) -> None:
        """Add quads of one named graph."""
        if quads:
            lines = _lines(quads)
            if self.union:
                self.server.add(lines, self.union_graph)
            self.server.add(lines, _graph_of(quads))

    def _remove(self, quads: Sequence[Quad], *, others: bool = False) -> None:
        """Remove quads of one named graph; with ``others``, what other graphs say, too, stays in the default graph."""
        if not quads:
            return
        if self.updates is None:
            raise ServiceError(
                "the server has something that is to be removed, and where it takes updates is not known",
                hint="name the address with --update",
            )
        if self.union:
            left = [quad for quad in quads if not (others and self._elsewhere(quad))]
            self.updates.remove(_lines(left), self.union_graph)
        self.updates.remove(_lines(quads), _graph_of(quads))

    def _elsewhere(self, quad: Quad) -> bool:
        """Whether another named graph of the server says the same."""
        found = self.endpoint.quads_for_pattern(quad.subject, quad.predicate, quad.object, None)
        return any(isinstance(q.graph_name, NamedNode) and q.graph_name != quad.graph_name for q in found)

    def _drop_empty(self, graph: NamedNode) -> None:
        """Forget a named graph that nothing is in any more, for servers that keep its name."""
        self.endpoint.forget()
        left = self._named(f"SELECT ?s {{ GRAPH {graph} {{ ?s ?p ?o }} }} LIMIT 1")
        if self.updates is not None and not any(left):
            self.updates.update(f"DROP SILENT GRAPH {graph}")


def _about(place: Any, thing: Any, graph: NamedNode) -> Iterable[Quad]:
    found: Iterable[Quad] = place.quads_for_pattern(thing, None, None, graph)
    return found


def _graph_of(quads: Sequence[Quad]) -> str:
    (graph,) = {quad.graph_name for quad in quads}
    assert isinstance(graph, NamedNode)
    return graph.value


def _written(node: Any) -> str:
    """A term as it stands in a query."""
    from kg.graph.remote import written

    if (text := written(node)) is None:
        raise ServiceError(f"this cannot be asked about: {str(node)[:200]}")
    return text


def _lines(quads: Iterable[Quad]) -> bytes:
    """The triples as N-Triples, sorted."""
    return "".join(sorted(f"{quad.triple} .\n" for quad in quads)).encode()
