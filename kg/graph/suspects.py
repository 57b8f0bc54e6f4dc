"""Which nodes may break a shape, found by one SPARQL query for each rule, so that pySHACL looks at these alone.

pySHACL looks at each node by itself, which takes a minute for the two hundred thousand of fifty reports.  Nearly all
of them are as they should be, and to see that most rules hold takes a query that finds nothing.  A query may find too
many nodes (pySHACL then says that they are right) and must not miss one; a rule that has no query here is left to
pySHACL for all of its nodes.  A test holds both ways against each other.

https://www.w3.org/TR/shacl/
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

import pyoxigraph as ox

from kg.graph.vocab import PREFIXES, SPARQL_PREFIXES

if TYPE_CHECKING:
    from rdflib import Graph

_SH: Final = "http://www.w3.org/ns/shacl#"
#: What says nothing that a node could break.
_SILENT: Final = frozenset({"message", "severity", "path", "property", "targetClass", "targetSubjectsOf", "targetNode"})
#: Types whose written form SPARQL can check, by a cast.
_CAST: Final = frozenset({"integer", "decimal", "boolean", "dateTime", "date", "gYear", "gYearMonth", "string"})


class _Unknown(Exception):
    """There is no query for that."""


@dataclass(slots=True)
class Suspects:
    """``nodes`` may break one of the ``shapes``; what the ``rest`` of the shapes say is not known."""

    shapes: set[str] = field(default_factory=set)
    nodes: set[str] = field(default_factory=set)
    rest: set[str] = field(default_factory=set)


def suspects(data: ox.Store, shapes: Graph) -> Suspects:
    """Look for nodes of the default graph that may break a shape.

    ``shapes`` without a node that may break them are in neither of the result's sets.
    """
    from rdflib import RDF, URIRef

    out = Suspects()
    for shape in sorted(shapes.subjects(RDF.type, URIRef(_SH + "NodeShape")), key=str):
        try:
            found: set[str] = set()
            for query in _queries(shapes, shape, data):
                for (node,) in _ask(data, query):
                    if not isinstance(node, ox.NamedNode):  # pySHACL can be told to look at IRIs only
                        raise _Unknown
                    found.add(node.value)
        except _Unknown:
            out.rest.add(str(shape))
            continue
        if found:
            out.shapes.add(str(shape))
            out.nodes |= found
    return out


def _ask(data: ox.Store, query: str) -> Any:
    return data.query(SPARQL_PREFIXES + query)


def _queries(shapes: Graph, shape: Any, data: ox.Store) -> Iterator[str]:
    """A query for each rule of the shape that gives the nodes that may break it."""
    targets = list(_targets(shapes, shape, data))
    told = _told(shapes, shape)

    def kind(value: Any) -> str:
        one_of = " UNION ".join(f"{{ ?v a {each} }}" for each in _below(data, str(value)))
        return f"FILTER NOT EXISTS {{ {one_of} }}"

    for target in targets:
        for name, value in told:
            if name == "sparql":
                yield f"SELECT DISTINCT ?this {{ {target} {{ {_select(shapes, shape, value)} }} }}"
            elif name == "class":
                yield f"SELECT DISTINCT ?this {{ {target} BIND(?this AS ?v) {kind(value)} }}"
            else:
                yield f"SELECT DISTINCT ?this {{ {target} BIND(?this AS ?v) {_broken(shapes, name, value)} }}"
        for rule in shapes.objects(shape, _term("property")):
            path = _path(shapes, shapes.value(rule, _term("path")))
            for name, value in _told(shapes, rule):
                broken = f"?this {path} ?v {kind(value)}" if name == "class" else _of_path(shapes, name, value, path)
                yield f"SELECT DISTINCT ?this {{ {target} {broken} }}"


def _told(shapes: Graph, node: Any, *, all_: bool = False) -> list[tuple[str, Any]]:
    out = []
    for predicate, value in shapes.predicate_objects(node):
        name = str(predicate)
        if name.startswith(_SH) and (all_ or name.removeprefix(_SH) not in _SILENT):
            out.append((name.removeprefix(_SH), value))
    return sorted(out, key=str)


def _targets(shapes: Graph, shape: Any, data: ox.Store) -> Iterator[str]:
    for name, value in _told(shapes, shape, all_=True):
        if name == "targetClass":
            yield f"VALUES ?_class {{ {' '.join(_below(data, str(value)))} }} ?this a ?_class ."
        elif name == "targetSubjectsOf":
            yield f"?this <{value}> ?_any ."
        elif name == "targetNode":
            yield f"VALUES ?this {{ {value.n3()} }}"
        elif name.startswith("target"):
            raise _Unknown


def _below(data: ox.Store, kind: str) -> tuple[str, ...]:
    """The class and all that are below it."""
    found = _ask(data, f"SELECT DISTINCT ?c {{ ?c rdfs:subClassOf* <{kind}> }}")
    return tuple(sorted({f"<{kind}>", *(str(row[0]) for row in found)}))


def _select(shapes: Graph, shape: Any, constraint: Any) -> str:
    """The query of a SPARQL constraint, as a group that binds ?this where a node breaks it."""
    select = str(shapes.value(constraint, _term("select")))
    begin = select.find("{")
    head = select[:begin].split("SELECT", 1)
    if begin < 0 or len(head) != 2 or any(word in select for word in ("GROUP BY", "ORDER BY", "LIMIT", "$PATH")):
        raise _Unknown
    return select[begin + 1 : select.rfind("}")].replace("$this", "?this")


def _path(shapes: Graph, path: Any) -> str:
    from rdflib import URIRef

    if isinstance(path, URIRef):
        return path.n3()
    if (inverse := shapes.value(path, _term("inversePath"))) is not None:
        return f"^({_path(shapes, inverse)})"
    if (several := shapes.value(path, _term("alternativePath"))) is not None:
        return "(" + "|".join(_path(shapes, each) for each in shapes.items(several)) + ")"
    raise _Unknown


def _of_path(shapes: Graph, name: str, value: Any, path: str) -> str:
    """What holds of ``?this`` where the values of the path break a rule."""
    if name == "minCount" and int(value) == 1:
        return f"OPTIONAL {{ ?this {path} ?v }} FILTER(!BOUND(?v))"
    if name == "minCount" and int(value) == 2:
        return f"OPTIONAL {{ ?this {path} ?v , ?w FILTER(!sameTerm(?v, ?w)) }} FILTER(!BOUND(?w))"
    if name == "maxCount" and int(value) == 1:
        return f"?this {path} ?v , ?w FILTER(!sameTerm(?v, ?w))"
    if name == "maxCount" and int(value) == 0:
        return f"?this {path} ?v"
    if name == "hasValue":
        return f"OPTIONAL {{ ?this {path} ?w FILTER(sameTerm(?w, {value.n3()})) }} FILTER(!BOUND(?w))"
    if name == "uniqueLang" and bool(value):
        return f'?this {path} ?v , ?w FILTER(!sameTerm(?v, ?w) && LANG(?v) = LANG(?w) && LANG(?v) != "")'
    if name == "lessThanOrEquals":
        return f"?this {path} ?v ; {value.n3()} ?w FILTER(!COALESCE(?v <= ?w, false))"
    if name == "disjoint":
        return f"?this {path} ?v ; {value.n3()} ?v"
    return f"?this {path} ?v {_broken(shapes, name, value)}"


def _broken(shapes: Graph, name: str, value: Any) -> str:
    """What holds of ``?v`` where it breaks a rule that looks at one value by itself."""
    rule = _OF_ONE_VALUE.get(name)
    if rule is None:
        raise _Unknown
    return rule(shapes, value)


def _datatype(shapes: Graph, value: Any) -> str:
    local = str(value).removeprefix(PREFIXES["xsd"])
    right = f"isLiteral(?v) && DATATYPE(?v) = {value.n3()}"
    if local in _CAST:
        right += f" && DATATYPE({value.n3()}(STR(?v))) = {value.n3()}"
    elif str(value) != PREFIXES["rdf"] + "langString":
        raise _Unknown
    return f"FILTER(!COALESCE({right}, false))"


def _in(shapes: Graph, value: Any) -> str:
    listed = [item.n3() for item in shapes.items(value)]
    return "FILTER(" + " && ".join(f"!sameTerm(?v, {item})" for item in listed) + ")"


def _language(shapes: Graph, value: Any) -> str:
    fits = " || ".join(f"LANGMATCHES(LANG(?v), {item.n3()})" for item in shapes.items(value))
    return f"FILTER(!COALESCE({fits}, false))"


def _or(shapes: Graph, value: Any) -> str:
    """Of several types one."""
    types = [_told(shapes, each) for each in shapes.items(value)]
    if any([name for name, _ in told] != ["datatype"] for told in types):
        raise _Unknown
    return " ".join(_datatype(shapes, told[0][1]) for told in types)


def _node_kind(shapes: Graph, value: Any) -> str:
    if str(value) != _SH + "IRI":
        raise _Unknown
    return "FILTER(!isIRI(?v))"


_OF_ONE_VALUE: Final[Mapping[str, Callable[[Graph, Any], str]]] = {
    "datatype": _datatype,
    "in": _in,
    "languageIn": _language,
    "nodeKind": _node_kind,
    "or": _or,
    "pattern": lambda _, value: f"FILTER(!COALESCE(REGEX(STR(?v), {value.n3()}), false))",
    "minLength": lambda _, value: f"FILTER(!COALESCE(STRLEN(STR(?v)) >= {int(value)}, false))",
    "minInclusive": lambda _, value: f"FILTER(!COALESCE(?v >= {value.n3()}, false))",
    "maxInclusive": lambda _, value: f"FILTER(!COALESCE(?v <= {value.n3()}, false))",
}


def _term(local: str) -> Any:
    from rdflib import URIRef

    return URIRef(_SH + local)
