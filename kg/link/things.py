"""The entities of a store, as linking sees them."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field, replace

from pyoxigraph import Literal, NamedNode, Store

from kg.graph.reading import Readable
from kg.graph.vocab import term
from kg.link.divisions import divisions
from kg.link.model import Context, Level, Thing
from kg.link.names import levels_of, normal
from kg.model import EntityClass, split_area

_CONTAINING = ("gwr:locatedIn", "gwr:partOf", "gwr:settledIn")


@dataclass(slots=True)
class _Gathered:
    name: str = ""
    aliases: set[str] = field(default_factory=set)
    classes: set[EntityClass] = field(default_factory=set)
    within: set[str] = field(default_factory=set)
    contexts: set[Context] = field(default_factory=set)


def read_things(store: Store) -> list[Thing]:
    """The entities of all reports in the store, sorted by IRI.

    What several reports share (a city, a law) is one thing with the contexts of all of them.
    """
    gathered: dict[str, _Gathered] = defaultdict(_Gathered)
    names: dict[NamedNode, str] = {}
    within: list[tuple[NamedNode, NamedNode]] = []
    for graph, context in _reports(store):
        for entity_class in EntityClass:
            for quad in store.quads_for_pattern(None, term("rdf:type"), term(f"gwr:{entity_class.value}"), graph):
                if isinstance(quad.subject, NamedNode):
                    thing = gathered[quad.subject.value]
                    thing.classes.add(entity_class)
                    thing.contexts.add(context)
        for predicate in _CONTAINING:
            for quad in store.quads_for_pattern(None, term(predicate), None, graph):
                if isinstance(quad.subject, NamedNode) and isinstance(quad.object, NamedNode):
                    within.append((quad.subject, quad.object))
        for label in ("skos:prefLabel", "skos:altLabel"):
            for quad in store.quads_for_pattern(None, term(label), None, graph):
                if isinstance(quad.subject, NamedNode) and isinstance(quad.object, Literal):
                    if label == "skos:prefLabel":
                        names[quad.subject] = quad.object.value
                    elif quad.subject.value in gathered:
                        gathered[quad.subject.value].aliases.add(quad.object.value)
    for subject, container in within:
        if subject.value in gathered and container in names and subject != container:
            gathered[subject.value].within.add(names[container])
    things = [
        _thing(iri, found, names[node]) for iri, found in sorted(gathered.items()) if (node := NamedNode(iri)) in names
    ]
    return with_company(things)


def _thing(iri: str, found: _Gathered, name: str) -> Thing:
    aliases = set(found.aliases)
    if EntityClass.ADMINISTRATIVE_AREA in found.classes:
        aliases.add(split_area(name)[-1])
    return Thing(
        iri,
        name,
        tuple(sorted(aliases - {name})),
        frozenset(found.classes),
        tuple(sorted(found.within)),
        tuple(sorted(found.contexts, key=lambda c: (c.year or 0, c.area))),
    )


def _reports(store: Store) -> Iterator[tuple[NamedNode, Context]]:
    """The named graphs of the reports, each with its year and area, sorted."""
    found = []
    for quad in store.quads_for_pattern(None, term("rdf:type"), term("gwr:Report"), None):
        graph = quad.graph_name
        if not isinstance(graph, NamedNode):
            continue
        year = area = None
        for told in store.quads_for_pattern(quad.subject, term("gwr:year"), None, graph):
            year = int(told.object.value) if isinstance(told.object, Literal) else None
        for told in store.quads_for_pattern(quad.subject, term("gwr:about"), None, graph):
            if not isinstance(told.object, NamedNode):
                continue
            for label in store.quads_for_pattern(told.object, term("skos:prefLabel"), None, graph):
                area = label.object.value if isinstance(label.object, Literal) else None
        names = tuple(map(normal, split_area(area))) if area else ()
        found.append((graph, Context(year, divisions().full_names(names, year))))
    yield from sorted(found, key=lambda item: item[0].value)


def with_company(things: list[Thing]) -> list[Thing]:
    """The things with the provinces of which their reports name some other division, by a name that can mean no other.

    A prefecture without its level counts, a county only with it: 毕节 and 安顺 are each other's company.
    """
    by_context: dict[Context, Counter[str]] = defaultdict(Counter)
    own = [_provinces(thing) for thing in things]
    for thing, provinces in zip(things, own, strict=True):
        for context in thing.contexts:
            by_context[context].update(provinces)
    out = []
    for thing, provinces in zip(things, own, strict=True):
        company = {
            province
            for context in thing.contexts
            for province, number in by_context[context].items()
            if number > (province in provinces)
        }
        out.append(replace(thing, company=frozenset(company)) if company else thing)
    return out


def _provinces(thing: Thing) -> frozenset[str]:
    """The province that the thing lies in, if its name alone tells it."""
    if EntityClass.ADMINISTRATIVE_AREA not in thing.classes:
        return frozenset()
    rows = [row for row, _ in divisions().named(thing.name)]
    codes = {row.code[:2] for row in rows}
    told = any(row.level is Level.PREFECTURE for row in rows) or levels_of(normal(thing.name))
    if len(codes) != 1 or not told or all(row.level is Level.TOWNSHIP for row in rows):
        return frozenset()
    province = divisions().current(f"{codes.pop()}0000", thing.years[-1] if thing.years else None)
    return frozenset({province.name}) if province else frozenset()


def links_base(store: Readable) -> str | None:
    """The base IRI of the store's individuals, by the graphs of its reports; None without a report."""
    for quad in store.quads_for_pattern(None, term("rdf:type"), term("gwr:Report"), None):
        if isinstance(quad.graph_name, NamedNode):
            return quad.graph_name.value.rsplit("graph/", 1)[0]
    return None


def vanished(store: Store, subjects: Collection[str]) -> set[str]:
    """Those of the things that are in no report of the store (any more)."""
    label = term("skos:prefLabel")
    # in the graph of the links, a thing has no label
    return {s for s in subjects if next(store.quads_for_pattern(NamedNode(s), label, None, None), None) is None}
