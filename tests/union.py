"""What every store has to keep to: its default graph is the union of the others."""

from __future__ import annotations

from pyoxigraph import DefaultGraph, Quad, Store

from kg.graph.provenance import is_builds_graph
from kg.graph.store import named_quads


def in_graphs(store: Store) -> set[Quad]:
    """The quads of the named graphs; fails if the default graph is not their union."""
    named = set(named_quads(store))
    default = store.quads_for_pattern(None, None, None, DefaultGraph())
    assert {quad.triple for quad in default} == {quad.triple for quad in named}
    return named


def facts_in(store: Store) -> set[Quad]:
    """The same without what is said of builds, in which the time is."""
    return {quad for quad in in_graphs(store) if not is_builds_graph(quad.graph_name)}
