"""A SPARQL endpoint of any make, read as the embedded store is.

Who reads a store asks it in small steps, which cost microseconds there and a request here.  So an endpoint fetches
all that is said of a node when the first thing about it is asked, keeps what it was told, and can be told beforehand
what is going to be asked (:func:`kg.graph.reading.ahead`), which is then fetched for hundreds of nodes at once.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import product
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import parse_qsl, urlsplit

import pyoxigraph as ox

from kg.errors import AnswerTooLarge, ServiceError
from kg.graph import sparql
from kg.graph.vocab import ONTOLOGY_GRAPH, SPARQL_PREFIXES, term

if TYPE_CHECKING:
    import httpx

    from kg.graph.results import Result

#: For how long an endpoint may say nothing, in seconds.
PATIENCE: Final = 300.0
#: The longest answer that is read, in bytes.
MAX_ANSWER: Final = 1 << 30
#: How many nodes are asked about at a time, and in how many characters at most (some servers take no long queries).
_AT_ONCE: Final = 300
_CHARACTERS: Final = 60_000
#: How many quads are kept before all is forgotten.
_KEPT: Final = 500_000
#: The text of a whole report, which nobody wants who asks for its title.
_LONG: Final = term("nif:isString")
#: What has such a text.
_HAS_LONG: Final = term("nif:Context")

_OURS: Final = f"""
SELECT DISTINCT ?g {{
  {{ GRAPH ?g {{ ?report a gwr:Report }} }}
  UNION {{ GRAPH ?g {{ {ONTOLOGY_GRAPH} dcterms:identifier ?key }} }}
  UNION {{ GRAPH ?g {{ ?decision owl:annotatedSource ?thing }} }}
  UNION {{ GRAPH ?g {{ ?build prov:endedAtTime ?end }} }}
  UNION {{ GRAPH ?g {{ ?area gwr:seriesKey ?its }} }}
}}
"""
_DEFAULT: Final = ox.DefaultGraph()
_SELECT: Final = "application/sparql-results+json"
_CONSTRUCT: Final = "application/n-triples"


class Endpoint:
    """A SPARQL 1.1 endpoint; it has those methods of :class:`pyoxigraph.Store` that reading needs.

    ``url`` may have parameters of its own.  A graph that it names there as ``default-graph-uri`` stands for the default
    graph, and counts as no named one.  ``seconds`` is how long the server may keep silent.  ``requests`` counts those
    that were sent.

    All methods raise :class:`~kg.errors.ServiceError` if the server cannot be reached or does not answer with what was
    asked for, and :class:`~kg.errors.AnswerTooLarge` for more than :data:`MAX_ANSWER` bytes.
    """

    def __init__(self, url: str, *, seconds: float = PATIENCE, client: httpx.Client | None = None) -> None:
        self.url = url
        #: as messages have it, without a password
        self.name = re.sub(r"(?<=//)[^/@]*@", "", url)
        self.requests = 0
        self._seconds = seconds
        self._client = client
        try:
            pairs = parse_qsl(urlsplit(url).query)
            #: named graphs that stand for the default graph
            self.unions = tuple(ox.NamedNode(iri) for name, iri in pairs if name == "default-graph-uri")
        except ValueError as error:
            raise ServiceError(f"{self.name} cannot be reached: {error}") from None
        #: all that is said of a subject in a graph, but for long texts
        self._about: dict[tuple[Any, Any], list[ox.Quad]] = {}
        #: answers to patterns
        self._answers: dict[tuple[Any, ...], list[ox.Quad]] = {}
        self._kept = 0

    # what a store can do ----------------------------------------------------------------------------------------------

    def quads_for_pattern(
        self, subject: Any, predicate: Any, object: Any, graph_name: Any = None, /
    ) -> Iterator[ox.Quad]:
        """The quads that match, as :meth:`pyoxigraph.Store.quads_for_pattern` gives them; what was told is kept."""
        if isinstance(subject, ox.NamedNode) and predicate != _LONG:
            self._fetch([subject], graph_name)
            about = self._about[subject, graph_name]
            # without predicate or type, whatever it has is told; else the long text is missing
            if predicate is not None or not any(quad.object == _HAS_LONG for quad in about):
                return (q for q in about if predicate in (None, q.predicate) and object in (None, q.object))
        key = (subject, predicate, object, graph_name)
        if key not in self._answers:
            self._keep(self._answers, key, self._matching("", key))
        return iter(self._answers[key])

    def query(
        self,
        query: str,
        *,
        prefixes: Mapping[str, str] | None = None,
        default_graph: Sequence[ox.NamedNode] | None = None,
        named_graphs: Sequence[ox.NamedNode] | None = None,
        use_default_graph_as_union: bool = False,
    ) -> ox.QuerySolutions | ox.QueryBoolean | ox.QueryTriples:
        """The answer to a query, whole; the project's prefixes need not be declared.

        ``prefixes`` are those; what a server's default graph is, is the server's affair, so that
        ``use_default_graph_as_union`` is not heeded.  Raises :class:`~kg.errors.QueryError` if the server finds fault
        with the query.
        """
        # a dataset that is named in the request, by the address too, goes before that of the query
        graphs: dict[str, list[str]] | None = {"default-graph-uri": []} if sparql.names_graphs(query) else None
        if default_graph is not None or named_graphs is not None:
            graphs = {
                "default-graph-uri": [graph.value for graph in default_graph or ()],
                "named-graph-uri": [graph.value for graph in named_graphs or ()],
            }
        declared = sparql.undeclared(query) if prefixes is not None else {}
        text = "".join(f"PREFIX {prefix}: <{iri}>\n" for prefix, iri in declared.items()) + query
        if sparql.form(query) not in ("CONSTRUCT", "DESCRIBE"):
            return self._solutions(self._post(text, _SELECT, graphs, asked=query))
        found = ox.Store()
        try:
            found.bulk_load(self._post(text, _CONSTRUCT, graphs, asked=query), format=ox.RdfFormat.N_TRIPLES)
        except (SyntaxError, ValueError) as error:
            raise ServiceError(f"{self.name} does not answer in N-Triples: {error}") from None
        return found.query("CONSTRUCT WHERE { ?s ?p ?o }")

    def named_graphs(self) -> Iterator[ox.NamedNode]:
        """The graphs that are ours, by name, of reports, links, verdicts and the like; a server may have others."""
        rows: Any = self.query(SPARQL_PREFIXES + _OURS)
        return (row["g"] for row in rows if row["g"] not in self.unions)

    def copy(self) -> ox.Store:
        """Our graphs in a store in memory, with their union in its default graph, as an embedded store has it."""
        out = ox.Store()
        for graph in self.named_graphs():
            for quad in self._matching("", (None, None, None, graph)):
                out.add(quad)
                out.add(ox.Quad(quad.subject, quad.predicate, quad.object))
        return out

    # many at once -----------------------------------------------------------------------------------------------------

    def fetch(self, subjects: Iterable[Any], graph: Any, *, through: bool = False) -> None:
        """Ask for all that is said of the subjects in a graph (None: in any), where that is not known.

        ``through``: and of the objects of that.
        """
        subjects = list(subjects)
        self._make_room()
        self._fetch(subjects, graph)
        if through:
            self._fetch((q.object for s in subjects for q in self._about.get((s, graph), ())), graph)

    def _fetch(self, subjects: Iterable[Any], graph: Any) -> None:
        wanted = [s for s in dict.fromkeys(subjects) if isinstance(s, ox.NamedNode) and (s, graph) not in self._about]
        for batch in _batches(wanted):
            told: dict[Any, list[ox.Quad]] = {subject: [] for subject in batch}
            pattern = (None, None, None, graph)
            for quad in self._matching(f"{_values('s', batch)} FILTER(?p != {_LONG})", pattern):
                if quad.subject in told:
                    told[quad.subject].append(quad)
            for subject, quads in told.items():
                self._keep(self._about, (subject, graph), quads)

    def fetch_subjects(self, predicates: Sequence[ox.NamedNode], objects: Iterable[Any], graph: Any) -> None:
        """Ask for all that has the objects by one of the predicates, where that is not known."""
        self._make_room()
        wanted = [
            o
            for o in dict.fromkeys(objects)
            if isinstance(o, ox.NamedNode) and any((None, p, o, graph) not in self._answers for p in predicates)
        ]
        for batch in _batches(wanted, len(predicates)):
            told: dict[Any, list[ox.Quad]] = {(p, o): [] for p, o in product(predicates, batch)}
            # in pairs: with a VALUES for each, Oxigraph reads all that has the predicates
            pairs = (f"({written(p)} {text})" for p in predicates for o in batch if (text := written(o)) is not None)
            values = f"VALUES (?p ?o) {{ {' '.join(pairs)} }}"
            for quad in self._matching(values, (None, None, None, graph)):
                if (quad.predicate, quad.object) in told:
                    told[quad.predicate, quad.object].append(quad)
            for (predicate, object), quads in told.items():
                self._keep(self._answers, (None, predicate, object, graph), quads)

    def forget(self) -> None:
        """Forget what was told: the next question is asked anew."""
        self._about.clear()
        self._answers.clear()
        self._kept = 0

    def _make_room(self) -> None:
        """Only before many are fetched: not what was fetched to be asked next."""
        if self._kept > _KEPT:
            self.forget()

    # how it is asked --------------------------------------------------------------------------------------------------

    def _keep(self, into: dict[Any, list[ox.Quad]], key: Any, quads: list[ox.Quad]) -> None:
        into[key] = quads
        self._kept += len(quads) + 1

    def _matching(self, values: str, pattern: tuple[Any, ...]) -> list[ox.Quad]:
        """The quads of a pattern; ``values`` restricts it further."""
        graph = pattern[3]
        texts = [f"?{name}" if node is None else written(node) for name, node in zip("spo", pattern, strict=False)]
        name = "?g" if graph is None else "" if graph == _DEFAULT else written(graph)
        if None in (*texts, name):  # a blank node is another one in each answer
            return []
        triple = " ".join(map(str, texts))
        where = f"{{ {values} GRAPH {name} {{ {triple} }} }}" if name else f"{{ {values} {triple} }}"
        if graph is None:
            where = f"{{ {{ {values} {triple} }} UNION {where} }}"
        # a server may hold, as the protocol says, that who names the default graph only wants no named ones
        only: dict[str, list[str]] | None = {"default-graph-uri": []} if isinstance(graph, ox.NamedNode) else None
        body = self._post(f"SELECT * WHERE {where}", _SELECT, only)
        out: dict[ox.Quad, None] = {}
        try:
            rows: Any = ox.parse_query_results(body, format=ox.QueryResultsFormat.JSON)
            names = {variable.value for variable in rows.variables}
            for row in rows:
                s, p, o = (row[n] if n in names else node for n, node in zip("spo", pattern, strict=False))
                of = row["g"] if "g" in names else graph
                out[ox.Quad(s, p, o, _DEFAULT if of is None or of in self.unions else of)] = None
        except (SyntaxError, ValueError, TypeError, AttributeError, OSError) as error:  # terms out of place, too
            rows = None  # whoever keeps the error, maybe in another thread, is not to keep them
            raise self._unreadable(error) from None
        return list(out)

    def _solutions(self, body: bytes) -> ox.QuerySolutions | ox.QueryBoolean:
        """The rows; all are looked at before the first is given, so that nobody gets half an answer."""
        rows: ox.QuerySolutions | ox.QueryBoolean | None = None
        try:
            rows = ox.parse_query_results(body, format=ox.QueryResultsFormat.JSON)
            if isinstance(rows, ox.QuerySolutions):
                for _ in rows:
                    pass
                return ox.parse_query_results(body, format=ox.QueryResultsFormat.JSON)
        except (SyntaxError, ValueError, OSError) as error:
            rows = None  # as above
            raise self._unreadable(error) from None
        return rows

    def _unreadable(self, error: Exception) -> ServiceError:
        told = " ".join(str(error).split())[:200]
        return ServiceError(f"{self.name} does not answer in SPARQL's JSON: {told}")

    def _post(
        self, query: str, accept: str, graphs: Mapping[str, list[str]] | None = None, *, asked: str | None = None
    ) -> bytes:
        import_httpx()
        import httpx

        self.requests += 1
        try:
            if self._client is None:
                self._client = httpx.Client(
                    timeout=httpx.Timeout(self._seconds, connect=min(10.0, self._seconds)), follow_redirects=True
                )
            url = httpx.URL(self.url)
            if graphs is not None:  # which take the place of those of the address
                url = url.copy_with(params=[(k, v) for k, v in url.params.multi_items() if k not in graphs])
            with self._client.stream(
                "POST", url, data={"query": query, **(graphs or {})}, headers={"Accept": accept}
            ) as answer:
                body = bytearray()
                for piece in answer.iter_bytes():
                    body += piece
                    if len(body) > MAX_ANSWER:
                        raise AnswerTooLarge(f"{self.name} answers with more than {MAX_ANSWER >> 20:,} MB")
        except httpx.TimeoutException as error:
            how = "be reached" if isinstance(error, httpx.ConnectTimeout) else "answer"
            within = 10.0 if isinstance(error, httpx.ConnectTimeout) else self._seconds
            raise ServiceError(f"{self.name} does not {how} within {min(within, self._seconds):g} seconds") from None
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            told = " ".join(str(error).split()) or type(error).__name__
            raise ServiceError(f"{self.name} cannot be reached: {told}") from None
        self._check(answer, bytes(body), accept, asked if asked is not None else query)
        return bytes(body)

    def _check(self, answer: httpx.Response, body: bytes, accept: str, query: str) -> None:
        told = "" if answer.is_success else " ".join(body[:2000].decode("utf-8", "replace").split())[:300]
        if answer.status_code == 400:
            raise sparql.explain(query, f"the server says: {told}")
        if not answer.is_success:
            message = f"{self.name}: {answer.status_code} {answer.reason_phrase}" + (f": {told}" if told else "")
            raise ServiceError(message, status=answer.status_code)
        # Virtuoso: an answer cut off at what its configuration allows, or after the time that it does
        if (most := answer.headers.get("X-SPARQL-MaxRows")) is not None:
            hint = "ResultSetMaxRows in virtuoso.ini says so"
            raise AnswerTooLarge(f"{self.name} gives the first {most[:20]} rows of this answer only", hint=hint)
        if answer.headers.get("X-SQL-State") is not None:
            message = answer.headers.get("X-SQL-Message", "")[:200]
            raise ServiceError(f"{self.name} gives a part of this answer only: {message}")
        kind = answer.headers.get("Content-Type", "").partition(";")[0].strip()
        # N-Triples were text/plain before they had a type of their own
        if kind != accept and (kind, accept) != ("text/plain", _CONSTRUCT):
            raise ServiceError(
                f"{self.name} answers with {kind or 'nothing'}, not with SPARQL's results",
                hint="is this the address of the endpoint?",
            )


def import_httpx() -> None:
    """Raise :class:`~kg.errors.ServiceError` if there is no httpx."""
    try:
        import httpx  # noqa: F401
    except ImportError:
        raise ServiceError("asking an endpoint needs httpx", hint="pip install 'gwr-kg[cluster]'") from None


def run(endpoint: str, query: str, *, seconds: float = PATIENCE) -> Result:
    """The answer of the endpoint there to a query, as :func:`kg.graph.queries.run` gives that of a store."""
    from kg.graph import queries

    return queries.run(Endpoint(endpoint, seconds=seconds), query)


def written(node: Any) -> str | None:
    """A term as it stands in a query; None for what cannot stand there, as an IRI that is none."""
    from kg.graph.queries import _unambiguous

    if isinstance(node, ox.Literal):
        return _unambiguous(str(node))
    # an IRI that came from a server may be anything
    if isinstance(node, ox.NamedNode) and not re.search(r'[\x00-\x20<>"{}|^`\\]', node.value):
        return str(node)
    return None


def _values(name: str, nodes: Iterable[Any]) -> str:
    return f"VALUES ?{name} {{ {' '.join(text for node in nodes if (text := written(node)) is not None)} }}"


def _batches(nodes: Sequence[ox.NamedNode], times: int = 1) -> Iterator[list[ox.NamedNode]]:
    """The nodes in such portions that each may stand in a query ``times`` times."""
    batch: list[ox.NamedNode] = []
    size = 0
    for node in nodes:
        if batch and (len(batch) == _AT_ONCE or (size + len(node.value)) * times > _CHARACTERS):
            yield batch
            batch, size = [], 0
        batch.append(node)
        size += len(node.value)
    if batch:
        yield batch
