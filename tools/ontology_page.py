"""The page docs/ontology.md, made of the files in ``ontology/``."""

from __future__ import annotations

from collections.abc import Iterable

import pyoxigraph as ox

from kg.graph.store import ontology_quads
from kg.graph.vocab import curie, term

_ALIGNED = ("rdfs:subClassOf", "rdfs:subPropertyOf", "rdfs:seeAlso", "skos:exactMatch", "skos:closeMatch")

_INTRO = """# The ontology

{note}Namespace `gwr:` is <https://w3id.org/gwr/ontology#>, individuals live below <https://w3id.org/gwr/id/> unless
`--base-iri` says otherwise. What a published vocabulary says well is said with its terms; the rest is below, lined up
with them where every consequence is true of a report. Files: [gwr.ttl](../ontology/gwr.ttl) (classes and properties),
[codes.ttl](../ontology/codes.ttl) (code lists), [units.ttl](../ontology/units.ttl) (units with their match in QUDT),
[indicators.ttl](../ontology/indicators.ttl) (common indicators), [cube.ttl](../ontology/cube.ttl) (the structure of the
data cube), [shapes.ttl](../ontology/shapes.ttl) (SHACL).

## How IRIs are made

| thing | IRI |
| --- | --- |
| report | `{{base}}report/AREA-YEAR-HASH`, eight digits of the file's SHA-256; its graph `{{base}}graph/…` likewise |
| mention, the sentence and section that it is in | `REPORT#char=BEGIN,END`, code points, end exclusive (NIF) |
| administrative area | `{{base}}area/NAME`, with what it lies in where the text says so: `area/广州市海珠区` |
| document with a long title | `{{base}}document/TITLE`, the same in every report |
| person | `{{base}}person/AREA/NAME`: nothing else in a report on the area shares it |
| any other entity | `{{base}}entity/AREA/NAME`: a 人民公园 of two cities is two things |
| common indicator | `https://w3id.org/gwr/indicator/NAME`; any other `{{base}}indicator/NAME` |
| period | `{{base}}period/2010`, `{{base}}period/2006--2010` |
| observation, statement | `{{base}}observation/HASH`, `{{base}}statement/HASH` of all that they say |

Nothing is counted, so the same report has the same IRIs on every machine and in any order of building.
"""


def page(note: str) -> str:
    """The whole page, Markdown."""
    store = ox.Store()
    store.extend(ontology_quads())
    out = [_INTRO.format(note=note)]
    out += _terms(store, "Classes", ["owl:Class"])
    out += _terms(store, "Properties", ["owl:ObjectProperty", "owl:DatatypeProperty", "rdf:Property"])
    out.append("\n## Code lists\n")
    for scheme in _subjects(store, "skos:ConceptScheme"):
        members = sorted(q.subject for q in store.quads_for_pattern(None, term("skos:inScheme"), scheme, None))
        labels = [_label(store, m, "zh") for m in members]
        shown = "、".join(labels[:12]) + (f" … ({len(labels)} in all)" if len(labels) > 12 else "")
        out.append(f"\n### `{curie(scheme.value)}` {_label(store, scheme, 'zh')}, {_label(store, scheme, 'en')}\n\n")
        out.append(f"{_comment(store, scheme)}\n\n{shown}\n")
    return "".join(out)


def _terms(store: ox.Store, heading: str, kinds: Iterable[str]) -> list[str]:
    nodes = sorted({n for kind in kinds for n in _subjects(store, kind) if curie(n.value).startswith("gwr:")}, key=str)
    out = [f"\n## {heading}\n\n| term | 中文 | | aligned with |\n| --- | --- | --- | --- |\n"]
    for node in nodes:
        aligned = [
            f"`{curie(q.object.value)}`"
            for p in _ALIGNED
            for q in sorted(store.quads_for_pattern(node, term(p), None, None), key=str)
            if isinstance(q.object, ox.NamedNode)
        ]
        comment = _comment(store, node).replace("|", "\\|")
        out.append(f"| `{curie(node.value)}` | {_label(store, node, 'zh')} | {comment} | {', '.join(aligned)} |\n")
    return out


def _subjects(store: ox.Store, kind: str) -> list[ox.NamedNode]:
    found = {q.subject for q in store.quads_for_pattern(None, term("rdf:type"), term(kind), None)}
    return sorted((s for s in found if isinstance(s, ox.NamedNode)), key=str)


def _literal(store: ox.Store, node: object, predicate: str, language: str) -> str:
    for quad in store.quads_for_pattern(node, term(predicate), None, None):  # type: ignore[arg-type]
        if isinstance(quad.object, ox.Literal) and quad.object.language == language:
            return quad.object.value
    return ""


def _label(store: ox.Store, node: object, language: str) -> str:
    return _literal(store, node, "rdfs:label", language) or _literal(store, node, "skos:prefLabel", language)


def _comment(store: ox.Store, node: object) -> str:
    return _literal(store, node, "rdfs:comment", "en")
