"""What reads a graph needs of it, wherever that is: the embedded store, or a server that answers SPARQL.

Whoever reads is given a :class:`Readable` and need not know which.  Where it is going to ask many small things, it says
so beforehand, by :func:`ahead` and :func:`ahead_of_subjects`: the embedded store answers in microseconds and does
nothing then, an endpoint fetches them by a few requests.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any, Final, Protocol

from pyoxigraph import DefaultGraph, Literal, NamedNode, Quad, Store

from kg.graph.vocab import ONTOLOGY_GRAPH, SPARQL_PREFIXES, term

if TYPE_CHECKING:
    from kg.graph.remote import Endpoint

#: So many nodes are fetched before they are asked about: there may be more of them than an endpoint can keep.
_STEP: Final = 1_500
#: Of so many nodes it is counted at a time how often they are told of.
_COUNTED: Final = 300


class Readable(Protocol):
    """A graph that can be asked: :class:`pyoxigraph.Store`, or :class:`~kg.graph.remote.Endpoint`."""

    def quads_for_pattern(self, subject: Any, predicate: Any, object: Any, graph_name: Any = None, /) -> Iterator[Quad]:
        """The quads with these terms, None standing for any; ``graph_name`` None for all graphs, the default one too.

        In no order.
        """

    def query(self, *arguments: Any, **options: Any) -> Any:
        """The answer to a SPARQL query, as :meth:`pyoxigraph.Store.query` gives it."""

    def __hash__(self) -> int:
        """Of the store, not of what is in it."""

    def named_graphs(self) -> Iterator[Any]:
        """The names of the graphs, but for what stands for the default graph."""


def has_union(store: Readable) -> bool:
    """Whether the default graph holds the union of the others: not in stores that were made before it did."""
    key = store.quads_for_pattern(ONTOLOGY_GRAPH, term("dcterms:identifier"), None, DefaultGraph())
    return next(iter(key), None) is not None


def union(store: Readable) -> DefaultGraph | None:
    """The graph in which each triple stands once; None, all graphs, in a store of an older version."""
    return DefaultGraph() if has_union(store) else None


def _endpoint(store: Readable) -> Endpoint | None:
    if isinstance(store, Store):  # nothing is to be imported for it
        return None
    from kg.graph.remote import Endpoint

    return store if isinstance(store, Endpoint) else None


def ahead(store: Readable, nodes: Iterable[Any], graph: Any, *, through: bool = False) -> None:
    """What these nodes are subjects of is going to be asked, in a graph; ``through``: and of what they lead to, too."""
    if (endpoint := _endpoint(store)) is not None:
        endpoint.fetch(nodes, graph, through=through)


def ahead_of_subjects(store: Readable, predicates: Sequence[str], nodes: Iterable[Any], graph: Any) -> None:
    """What leads to these nodes by one of the predicates (CURIEs) is going to be asked, in a graph."""
    if (endpoint := _endpoint(store)) is not None:
        endpoint.fetch_subjects([term(curie) for curie in predicates], nodes, graph)


def anew(store: Readable) -> None:
    """Forget what an endpoint told: it may have changed."""
    if (endpoint := _endpoint(store)) is not None:
        endpoint.forget()


def one_by_one(store: Readable, nodes: Sequence[Any], graph: Any, *, through: bool = False) -> Iterator[Any]:
    """The nodes, each of which is going to be asked about, as by :func:`ahead`, before the next is taken."""
    for i in range(0, len(nodes), _STEP):
        step = nodes[i : i + _STEP]
        ahead(store, step, graph, through=through)
        yield from step


def rows(store: Readable, query: str, *, named: bool = False) -> Iterator[tuple[Any, ...]]:
    """The rows of a SELECT that is written here, not by users; the project's prefixes are declared.

    ``named`` is for one about named graphs by their names: a server (Virtuoso) may hold that who says what the default
    graph is wants no others.
    """
    only = {"default_graph": ()} if named and _endpoint(store) is not None else {}
    found: Iterable[Iterable[Any]] = store.query(SPARQL_PREFIXES + query, **only)
    return (tuple(row) for row in found)


def standing(store: Readable) -> tuple[NamedNode, ...]:
    """The named graphs that stand for the default graph, on servers that have none."""
    return endpoint.unions if (endpoint := _endpoint(store)) is not None else ()


def but_for(store: Readable, variable: str, *graphs: NamedNode) -> str:
    """A FILTER for queries, which leaves out these graphs, and those that stand for the default graph."""
    out = ", ".join(map(str, dict.fromkeys((*graphs, *standing(store)))))
    return f"FILTER(?{variable} NOT IN ({out}))" if out else ""


def names(store: Readable, predicate: str) -> Iterator[tuple[Any, Literal]]:
    """The nodes that reports name by the predicate (a CURIE), and the names; not what the ontology alone names."""
    named = f"GRAPH ?g {{ ?node {predicate} ?name }} {but_for(store, 'g', ONTOLOGY_GRAPH)}"
    for node, name in rows(store, f"SELECT DISTINCT ?node ?name {{ {named} }}"):
        if isinstance(name, Literal):
            yield node, name


def counts(
    store: Readable, predicate: str, *, of: str = "object", among: Iterable[NamedNode] | None = None
) -> Counter[Any]:
    """How often each node is the object (or the ``subject``) of the predicate (a CURIE); ``among`` these only."""
    if among is not None:
        found: Counter[Any] = Counter()
        nodes = list(among)
        for i in range(0, len(nodes), _COUNTED):
            found += _counts(store, predicate, of, f"VALUES ?{of} {{ {' '.join(map(str, nodes[i : i + _COUNTED]))} }} ")
        return found
    return _counts(store, predicate, of, "")


def _counts(store: Readable, predicate: str, of: str, values: str) -> Counter[Any]:
    triple = f"?subject {predicate} ?object"
    where = f"{values}{triple}"
    if not has_union(store):
        where = f"SELECT DISTINCT ?subject ?object {{ {values}GRAPH ?g {{ {triple} }} }}"
    told = rows(store, f"SELECT ?{of} (COUNT(*) AS ?n) {{ {where} }} GROUP BY ?{of}")
    return Counter({node: int(n.value) for node, n in told})
