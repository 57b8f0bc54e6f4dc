"""The terms that the graph is made of: namespaces, prefixes, and terms by their CURIE.

Everything here is a name that somebody published; the project's own terms are
those of the prefix ``gwr``, defined in ``ontology/``.
"""

from __future__ import annotations

from functools import cache
from typing import Final

from pyoxigraph import NamedNode

#: Namespaces by their usual prefix, spelled as their owners publish them.
PREFIXES: Final[dict[str, str]] = {
    "gwr": "https://w3id.org/gwr/ontology#",
    "dcat": "http://www.w3.org/ns/dcat#",
    "dcterms": "http://purl.org/dc/terms/",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "geo": "http://www.opengis.net/ont/geosparql#",
    "nif": "http://persistence.uni-leipzig.org/nlp2rdf/ontologies/nif-core#",
    "org": "http://www.w3.org/ns/org#",
    "owl": "http://www.w3.org/2002/07/owl#",
    "pav": "http://purl.org/pav/",
    "prov": "http://www.w3.org/ns/prov#",
    "qb": "http://purl.org/linked-data/cube#",
    "qudt": "http://qudt.org/schema/qudt/",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "schema": "https://schema.org/",
    "sdmx-attribute": "http://purl.org/linked-data/sdmx/2009/attribute#",
    "sdmx-dimension": "http://purl.org/linked-data/sdmx/2009/dimension#",
    "sdmx-measure": "http://purl.org/linked-data/sdmx/2009/measure#",
    "semapv": "https://w3id.org/semapv/vocab/",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "sssom": "https://w3id.org/sssom/",
    "time": "http://www.w3.org/2006/time#",
    "unit": "http://qudt.org/vocab/unit/",
    "void": "http://rdfs.org/ns/void#",
    "wgs84": "http://www.w3.org/2003/01/geo/wgs84_pos#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}

GWR: Final = PREFIXES["gwr"]

#: Where the individuals live unless an option says otherwise.
DEFAULT_BASE: Final = "https://w3id.org/gwr/id/"

#: The named graph of the ontology and the code lists; also the IRI of the ontology.
ONTOLOGY_GRAPH: Final = NamedNode("https://w3id.org/gwr/ontology")

#: ``PREFIX`` lines for SPARQL, in the order of :data:`PREFIXES`.
SPARQL_PREFIXES: Final = "".join(f"PREFIX {prefix}: <{iri}>\n" for prefix, iri in PREFIXES.items())


@cache
def term(curie: str) -> NamedNode:
    """The term of that CURIE; the prefix has to be one of :data:`PREFIXES`.

    >>> term("skos:prefLabel").value
    'http://www.w3.org/2004/02/skos/core#prefLabel'
    """
    prefix, _, local = curie.partition(":")
    return NamedNode(PREFIXES[prefix] + local)


def curie(iri: str) -> str:
    """The shortest way to write an IRI: as a CURIE if its namespace has a prefix, else in ``<>``.

    >>> curie("https://w3id.org/gwr/ontology#Report"), curie("https://example.org/x")
    ('gwr:Report', '<https://example.org/x>')
    """
    for prefix, namespace in PREFIXES.items():
        local = iri[len(namespace) :]
        if iri.startswith(namespace) and local and not set(local) & set("/#?"):
            return f"{prefix}:{local}"
    return f"<{iri}>"
