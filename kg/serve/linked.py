"""Linked data: what the IRIs of the store resolve to, and what dataset and service say of themselves.

``/id/PATH`` stands for the IRI ``BASE + PATH``, whatever the base is: whoever owns it redirects there.  All of it is
told by CONSTRUCT queries that the workers evaluate.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final
from urllib.parse import quote, unquote

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from kg.errors import UnknownName
from kg.graph.iri import segment
from kg.graph.results import clip
from kg.graph.vocab import ONTOLOGY_GRAPH
from kg.serve.media import GRAPHS, choose, prefers_html
from kg.serve.protocol import CORS, Refused, respond

if TYPE_CHECKING:
    from kg.serve.pool import Answer, Backend

#: All that is said of a thing, and by whom; with the names of what it is said to be tied to.
_THING: Final = """
CONSTRUCT { <IRI> ?p ?o . ?s ?q <IRI> . ?o skos:prefLabel ?name }
{ { <IRI> ?p ?o OPTIONAL { ?o skos:prefLabel ?name } } UNION { ?s ?q <IRI> } }
"""
#: A document answers for its fragments, too: the report for its sections, sentences and mentions.
_DOCUMENT: Final = """
CONSTRUCT { <IRI> ?p ?o . ?part ?q ?value }
{ { <IRI> ?p ?o } UNION { ?part nif:referenceContext <IRI> ; ?q ?value } }
"""
#: Some servers that are told what the default graph is know no others by name, but do by variable.
_GRAPH: Final = "CONSTRUCT { ?s ?p ?o } { VALUES ?g { <IRI> } GRAPH ?g { ?s ?p ?o } }"
_KNOWN: Final = """
SELECT ?kind { { <IRI> ?p ?o } UNION { ?s ?p <IRI> } UNION { VALUES ?g { <IRI> } GRAPH ?g { ?s ?p ?o } } } LIMIT 1
"""


def iri_of(path: bytes, base: str) -> str:
    """The IRI that a path after ``/id/``, as it came in, stands for.

    Clients send an IRI's Chinese characters percent-encoded, so that they look like those that are so in the IRI
    itself; which are which is known from how the IRIs are made (:func:`kg.graph.iri.segment`).

    >>> iri_of("report/%E6%B5%B7-2011".encode(), "https://example.org/")
    'https://example.org/report/海-2011'
    >>> iri_of(b"policy/%E3%80%8Aa%2Fb%E3%80%8B", "https://example.org/")
    'https://example.org/policy/%E3%80%8Aa%2Fb%E3%80%8B'
    """
    parts = []
    for part in path.split(b"/"):
        text = unquote(part.decode("latin-1"), errors="surrogateescape")
        if any("\udc80" <= char <= "\udcff" for char in text):  # no UTF-8: a name that was none, kept as its bytes
            text = unquote(part.decode("latin-1"), errors="surrogatepass")
        parts.append(segment(text) if text else "")
    return base + "/".join(parts)


def path_of(iri: str, base: str) -> str:
    """The path of an IRI of the base, as it stands in a link."""
    return quote(iri.removeprefix(base), safe="/%:@!$&'()*+,;=~-._")


async def resolve(request: Request, backend: Backend) -> Response:
    """``/id/PATH``: a page for people, RDF for programs."""
    raw = request.scope.get("raw_path") or request.url.path.encode()
    path = raw.split(b"?")[0].partition(b"/id/")[2]
    accept = request.headers.get("accept")
    try:
        iri = iri_of(path, backend.base)
    except (ValueError, UnicodeError):
        raise UnknownName("no IRI can be made of this path") from None
    format = choose(accept, GRAPHS)
    html = prefers_html(accept)
    if format is None and not html:
        raise Refused(406, "none of the media types asked for can be given", {"Vary": "Accept"})
    known = await backend.query(_KNOWN.replace("IRI", iri))
    if not json.loads(known.content)["results"]["bindings"]:
        raise UnknownName(f"nothing in the graph is called <{clip(iri)}>")
    local = iri.removeprefix(backend.base)
    if html:
        shown = path_of(iri, backend.base)
        page = f"/{shown}" if shown.startswith("report/") else f"/thing/{shown}"
        return RedirectResponse(page, 303, {**CORS, "Vary": "Accept"})
    kind = local.partition("/")[0]
    query = {"report": _DOCUMENT, "graph": _GRAPH}.get(kind, _THING)
    assert format is not None
    return respond(request, await backend.query(query.replace("IRI", iri), format), backend)


async def ontology(request: Request, backend: Backend) -> Response:
    """``/ontology``: the ontology and the code lists."""
    format = choose(request.headers.get("accept"), GRAPHS)
    if format is None:
        raise Refused(406, "none of the media types asked for can be given", {"Vary": "Accept"})
    return respond(request, await backend.query(_GRAPH.replace("IRI", ONTOLOGY_GRAPH.value), format), backend)


_SERVICE: Final = """
PREFIX sd: <http://www.w3.org/ns/sparql-service-description#>
CONSTRUCT {
  <URL> a sd:Service ;
    sd:endpoint <URL> ;
    sd:supportedLanguage sd:SPARQL11Query ;
    sd:feature sd:UnionDefaultGraph ;
    sd:resultFormat ?format ;
    sd:defaultDataset <URL#dataset> .
  <URL#dataset> a sd:Dataset ; sd:defaultGraph <URL#union> ; sd:namedGraph ?described .
  <URL#union> a sd:Graph .
  ?described a sd:NamedGraph ; sd:name ?g .
} {
  { SELECT DISTINCT ?g (IRI(CONCAT("URL#name-", ENCODE_FOR_URI(STR(?g)))) AS ?described) { GRAPH ?g { ?s ?p ?o } } }
  UNION
  { VALUES ?format { FORMATS } }
}
"""
_FORMAT_IRIS: Final = " ".join(
    f"<http://www.w3.org/ns/formats/{name}>"
    for name in (
        "SPARQL_Results_JSON",
        "SPARQL_Results_XML",
        "SPARQL_Results_CSV",
        "SPARQL_Results_TSV",
        "Turtle",
        "N-Triples",
        "RDF_XML",
        "JSON-LD",
        "TriG",
        "N-Quads",
    )
)


async def describe_service(backend: Backend, url: str, format: str) -> Answer:
    """The endpoint at that URL, in RDF: what it can do, which graphs it has."""
    query = _SERVICE.replace("FORMATS", _FORMAT_IRIS).replace("URL", _safe(url))
    return await backend.query(query, format)


_VOID: Final = """
CONSTRUCT {
  <SELF> a void:DatasetDescription ; foaf:primaryTopic <SELF#dataset> .
  <SELF#dataset> a void:Dataset , dcat:Dataset ;
    dcterms:title "政府工作报告知识图谱"@zh , "Knowledge graph of Chinese government work reports"@en ;
    dcterms:description "政府工作报告所述实体、数字与关系，每一事实附原文出处。"@zh ,
      "Things, figures and relations that government work reports tell, each with its quotation."@en ;
    void:sparqlEndpoint <HOST/sparql> ;
    void:uriSpace "BASE" ;
    void:vocabulary <https://w3id.org/gwr/ontology> , <http://www.w3.org/2004/02/skos/core> ,
      <http://purl.org/linked-data/cube> ;
    dcat:distribution <SELF#sparql> ;
    dcterms:spatial ?area ;
    dcterms:temporal ?temporal ;
    void:triples ?triples ; void:distinctSubjects ?subjects ; void:distinctObjects ?objects ;
    void:properties ?properties ; void:classes ?classes ; void:entities ?entities ;
    void:subset ?g ; void:classPartition ?classPart ; void:propertyPartition ?propertyPart .
  ?g a void:Dataset ; dcterms:title ?title ; void:triples ?inGraph .
  ?classPart void:class ?class ; void:entities ?members .
  ?propertyPart void:property ?property ; void:triples ?used .
  ?temporal a dcterms:PeriodOfTime ; dcat:startDate ?first ; dcat:endDate ?last .
  <SELF#sparql> a dcat:Distribution ; dcterms:title "SPARQL"@en ;
    dcat:accessURL <HOST/sparql> ; dcat:accessService <SELF#service> .
  <SELF#service> a dcat:DataService ; dcterms:title "SPARQL 1.1"@en ;
    dcat:endpointURL <HOST/sparql> ; dcat:endpointDescription <HOST/sparql> ; dcat:servesDataset <SELF#dataset> ;
    dcterms:conformsTo <http://www.w3.org/ns/sparql-service-description#SPARQL11Query> .
} {
  { SELECT (COUNT(*) AS ?triples) (COUNT(DISTINCT ?s) AS ?subjects) (COUNT(DISTINCT ?o) AS ?objects)
           (COUNT(DISTINCT ?p) AS ?properties) { SELECT DISTINCT ?s ?p ?o { ?s ?p ?o } } }
  UNION
  { SELECT (COUNT(DISTINCT ?c) AS ?classes) (COUNT(DISTINCT ?s) AS ?entities) { ?s a ?c } }
  UNION
  { SELECT ?g (COUNT(*) AS ?inGraph) { GRAPH ?g { ?s ?p ?o } } GROUP BY ?g }
  UNION
  { GRAPH ?g { ?r a gwr:Report ; dcterms:title ?title } }
  UNION
  { SELECT ?class (COUNT(DISTINCT ?s) AS ?members) { ?s a ?class } GROUP BY ?class }
  UNION
  { SELECT ?property (COUNT(*) AS ?used) { SELECT DISTINCT ?s ?property ?o { ?s ?property ?o } } GROUP BY ?property }
  UNION
  { SELECT DISTINCT ?area { ?report a gwr:Report ; gwr:about ?area } }
  UNION
  { SELECT (MIN(?year) AS ?earliest) (MAX(?year) AS ?latest) { ?report a gwr:Report ; gwr:year ?year } }
  BIND(IF(BOUND(?class), IRI(CONCAT("SELF#class-", ENCODE_FOR_URI(STR(?class)))), ?nothing) AS ?classPart)
  BIND(IF(BOUND(?property), IRI(CONCAT("SELF#property-", ENCODE_FOR_URI(STR(?property)))), ?nothing) AS ?propertyPart)
  BIND(IF(BOUND(?earliest), <SELF#reports>, ?nothing) AS ?temporal)
  BIND(STRDT(CONCAT(STR(?earliest), "-01-01"), xsd:date) AS ?first)
  BIND(STRDT(CONCAT(STR(?latest), "-12-31"), xsd:date) AS ?last)
}
"""


async def void(request: Request, backend: Backend) -> Response:
    """``/.well-known/void``: the dataset in VoID and DCAT, with counts of what is in it now."""
    format = choose(request.headers.get("accept"), GRAPHS)
    if format is None:
        raise Refused(406, "none of the media types asked for can be given", {"Vary": "Accept"})
    own = _safe(str(request.url.replace(query="")))
    host = own.partition("/.well-known/")[0]
    query = _VOID.replace("SELF", own).replace("HOST", host).replace("BASE", backend.base)
    return respond(request, await backend.query(query, format), backend)


def _safe(url: str) -> str:
    """A URL that came with the request, fit to stand within <> and quotes of a query."""
    return quote(url, safe="/:@!$&()*+,;=~-._%[]?#")
