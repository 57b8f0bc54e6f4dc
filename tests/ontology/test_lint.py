"""Every term that data uses is defined, every own term is used or aligned, every label is there in both languages."""

from __future__ import annotations

import re

import pyoxigraph as ox
import pytest
import rdflib.namespace

from kg.graph.store import ontology_quads
from kg.graph.vocab import PREFIXES, term
from kg.resources import folder

GWR = PREFIXES["gwr"]
ONTOLOGY = ox.Store()
ONTOLOGY.extend(ontology_quads())
SHAPES = (folder("ontology") / "shapes.ttl").read_text(encoding="utf-8")


def defined() -> set[str]:
    """Own terms: what the ontology graph says anything about."""
    return {
        q.subject.value for q in ONTOLOGY if isinstance(q.subject, ox.NamedNode) and q.subject.value.startswith(GWR)
    }


def own(kind: str) -> set[str]:
    typed = ONTOLOGY.quads_for_pattern(None, term("rdf:type"), term(kind), None)
    return {q.subject.value for q in typed if isinstance(q.subject, ox.NamedNode) and q.subject.value.startswith(GWR)}


def in_data(store: ox.Store) -> set[str]:
    names = set()
    for quad in store:
        for node in (quad.subject, quad.predicate, quad.object):
            if isinstance(node, ox.NamedNode) and node.value.startswith(GWR):
                names.add(node.value)
    return names


def test_what_data_uses_is_defined(seed_store: ox.Store, small_store: ox.Store) -> None:
    assert in_data(seed_store) | in_data(small_store) <= defined()


def test_what_shapes_and_queries_use_is_defined() -> None:
    used = set(re.findall(r"\bgwr:([A-Za-z][\w-]*)", SHAPES))
    for path in folder("queries").glob("*.rq"):
        used |= set(re.findall(r"\bgwr:([A-Za-z][\w-]*)", path.read_text(encoding="utf-8")))
    shapes = {name for name in used if name.endswith("Shape")}
    assert {GWR + name for name in used - shapes} <= defined()


def test_what_is_defined_is_used_or_aligned(seed_store: ox.Store, small_store: ox.Store) -> None:
    used = in_data(seed_store) | in_data(small_store)
    aligning = {term(p) for p in ("rdfs:subClassOf", "rdfs:subPropertyOf", "skos:exactMatch", "skos:closeMatch")}
    aligned = {q.subject.value for q in ONTOLOGY if q.predicate in aligning and isinstance(q.subject, ox.NamedNode)}
    in_ontology = {q.object.value for q in ONTOLOGY if isinstance(q.object, ox.NamedNode)}
    for name in own("owl:Class") | own("owl:ObjectProperty") | own("owl:DatatypeProperty"):
        assert name in used or name in aligned or name in in_ontology, name


@pytest.mark.parametrize("language", ["zh", "en"])
def test_labels_and_comments_in_both_languages(language: str) -> None:
    terms = own("owl:Class") | own("owl:ObjectProperty") | own("owl:DatatypeProperty") | own("skos:ConceptScheme")
    assert len(terms) > 40
    for name in terms:
        for predicate in ("rdfs:label", "rdfs:comment"):
            found = ONTOLOGY.quads_for_pattern(ox.NamedNode(name), term(predicate), None, None)
            texts = [
                q.object.value for q in found if isinstance(q.object, ox.Literal) and q.object.language == language
            ]
            assert texts and all(t.strip() for t in texts), f"{name}: no {predicate} in {language}"


PUBLISHED = {
    "skos": rdflib.namespace.SKOS,
    "qb": rdflib.namespace.QB,
    "dcterms": rdflib.namespace.DCTERMS,
    "prov": rdflib.namespace.PROV,
    "org": rdflib.namespace.ORG,
    "time": rdflib.namespace.TIME,
    "dcat": rdflib.namespace.DCAT,
    "foaf": rdflib.namespace.FOAF,
    "void": rdflib.namespace.VOID,
    "rdfs": rdflib.namespace.RDFS,
    "owl": rdflib.namespace.OWL,
    "geo": rdflib.namespace.GEO,
}


@pytest.mark.parametrize("prefix", sorted(PUBLISHED))
def test_namespaces_are_spelled_as_published(prefix: str, seed_store: ox.Store) -> None:
    namespace = PUBLISHED[prefix]
    assert PREFIXES[prefix] == str(namespace)
    for store in (ONTOLOGY, seed_store):
        for quad in store:
            for node in (quad.predicate, quad.object):
                if isinstance(node, ox.NamedNode) and node.value.startswith(str(namespace)):
                    local = node.value.removeprefix(str(namespace))
                    assert not local or local in namespace, f"{prefix} has no {local}"
