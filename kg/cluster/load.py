"""Parts into a store: the embedded one, or a server of any make over HTTP.

A server is told by the SPARQL 1.1 Graph Store Protocol (``PUT`` replaces a report's graph, so that a request may be
repeated) or by SPARQL 1.1 Update, for those that lack it.  https://www.w3.org/TR/sparql11-http-rdf-update/

The templates ask the default graph, which is to be the union of the named ones, each triple once.  ``union`` writes the
triples there, too, or into a named graph that stands for it, where a server has no default graph (Virtuoso, which takes
all graphs for it, but counts what two reports say twice).
"""

from __future__ import annotations

import time
from collections.abc import Callable, Generator, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final, Literal

from kg.cluster.parts import Loaded, Manifest
from kg.errors import ReadError, ServiceError

if TYPE_CHECKING:
    import httpx
    from pyoxigraph import Quad, Store

    from kg.graph.remote import Endpoint
    from kg.graph.store import Identity

Told = Callable[[int, int], None]
Protocol = Literal["graph-store", "update"]

#: Triples in one update.
BATCH: Final = 2_000
#: Seconds before each further try of a request that failed for a reason that may pass.
PAUSES: Final = (0.5, 2.0, 5.0, 15.0)
_PASSING: Final = (408, 429, 500, 502, 503, 504)


@dataclass(slots=True)
class Summary:
    """What was loaded.

    ``kept`` is how many reports were there already, ``areas`` of how many areas it was computed anew what became of the
    targets of their reports, ``links`` how many triples of links a server was sent or lost.
    """

    reports: int = 0
    kept: int = 0
    triples: int = 0
    areas: int = 0
    links: int = 0
    seconds: float = 0.0


def into_store(manifest: Manifest, store_dir: str | Path, *, on_progress: Told | None = None) -> Summary:
    """Put the reports of a manifest in the place of what the store has of them, in large steps.

    Raises :class:`~kg.errors.StoreError` if the store cannot be written, :class:`~kg.errors.ReadError` for parts that
    are missing or damaged; what was loaded before stays.
    """
    from pyoxigraph import RdfFormat, parse

    from kg.audit import verdicts
    from kg.graph import provenance, store
    from kg.graph.writing import Batches, Packed

    started = time.perf_counter()
    summary = Summary()
    into = store.open_store(store_dir)
    try:
        store.ensure_ontology(into)
        batches = Batches(into)
        for number, report in enumerate(manifest.load()):
            if on_progress:
                on_progress(number, manifest.reports)
            notes = tuple(parse(input=report.notes, format=RdfFormat.N_QUADS))
            key = provenance.key_in(notes)
            if key is not None and provenance.built_already(into, key) is not None:
                summary.kept += 1
                continue
            batches.add(Packed(report.graph, report.triples, report.count, _identity(report), notes))
            summary.reports += 1
            summary.triples += report.count
        batches.flush()
        summary.areas = verdicts.refresh(into)
    except (SyntaxError, KeyError, TypeError, ValueError) as error:
        raise ReadError(f"this is not what kg extract writes: {error}", file=manifest.place.url) from None
    else:
        if batches.steps >= 10:
            store.optimize(into)
    finally:
        store.mark_written(store_dir)
    if on_progress:
        on_progress(manifest.reports, manifest.reports)
    summary.seconds = time.perf_counter() - started
    return summary


def _identity(report: Loaded) -> Identity:
    from pyoxigraph import RdfFormat, parse

    from kg.graph.store import IDENTITY, identity_of

    told = [str(predicate).encode() for predicate in IDENTITY]
    lines = [line for line in report.quads.splitlines(keepends=True) if any(predicate in line for predicate in told)]
    return identity_of(parse(input=b"".join(lines), format=RdfFormat.N_QUADS))


class Server:
    """A server to load into: the address of its graph store, or of its update service.

    ``user`` and ``password`` go to who asks for them (HTTP Basic or Digest).  Raises
    :class:`~kg.errors.ServiceError` if it cannot be reached or refuses; what may pass is tried again.
    """

    def __init__(
        self,
        url: str,
        *,
        protocol: Protocol = "graph-store",
        user: str | None = None,
        password: str = "",
        client: httpx.Client | None = None,
        pauses: Iterable[float] = PAUSES,
    ) -> None:
        try:
            import httpx
        except ImportError:
            raise ServiceError("loading into a server needs httpx", hint="pip install 'gwr-kg[cluster]'") from None
        self.url, self.protocol = url, protocol
        self._client = client or httpx.Client(timeout=httpx.Timeout(300, connect=10), follow_redirects=True)
        self._auth = None if user is None else _for_who_asks(user, password)
        self._pauses = tuple(pauses)

    def put(self, graph: str, triples: bytes) -> bool:
        """Put N-Triples in the place of what a named graph has; whether there was such a graph before."""
        if self.protocol == "graph-store":
            return self._send("PUT", triples, {"graph": graph}, "application/n-triples") != 201
        self.update(f"DROP SILENT GRAPH <{graph}>")
        for batch in _batches(triples):
            self.update(f"INSERT DATA {{ GRAPH <{graph}> {{\n{batch}}} }}")
        return True  # updates do not tell

    def add(self, triples: bytes, graph: str | None = None) -> None:
        """Add N-Triples to a named graph, or to the default graph."""
        if self.protocol == "graph-store":
            self._send("POST", triples, {"graph": graph} if graph else {"default": ""}, "application/n-triples")
            return
        for batch in _batches(triples):
            self.update(f"INSERT DATA {{ GRAPH <{graph}> {{\n{batch}}} }}" if graph else f"INSERT DATA {{\n{batch}}}")

    def remove(self, triples: bytes, graph: str | None = None) -> None:
        """Remove N-Triples from a named graph, or from the default graph; the address is to be that of updates."""
        for batch in _batches(triples):
            self.update(f"DELETE DATA {{ GRAPH <{graph}> {{\n{batch}}} }}" if graph else f"DELETE DATA {{\n{batch}}}")

    def asked_at(self, url: str) -> Endpoint:
        """The same server as it takes queries, there; it is told the same user and password if it asks for them."""
        import httpx

        from kg.graph.remote import PATIENCE, Endpoint

        timeout = httpx.Timeout(PATIENCE, connect=10)
        return Endpoint(url, client=httpx.Client(timeout=timeout, follow_redirects=True, auth=self._auth))

    def updated_at(self, url: str) -> Server:
        """The same server as it takes updates, there."""
        other = Server(url, protocol="update", client=self._client, pauses=self._pauses)
        other._auth = self._auth
        return other

    def update(self, text: str) -> None:
        """Send an update of SPARQL; the address is to be that of updates."""
        self._send("POST", text.encode(), {}, "application/sparql-update")

    def _send(self, method: str, content: bytes, params: dict[str, str], kind: str) -> int:
        import httpx

        try:  # with what the address has of parameters itself
            url = httpx.URL(self.url).copy_merge_params(params)
        except httpx.InvalidURL as error:
            raise ServiceError(f"{self.url}: {error}") from None
        pauses = iter(self._pauses)
        while True:
            wait = 0.0
            try:
                answer = self._client.request(
                    method, url, content=content, headers={"Content-Type": kind}, auth=self._auth
                )
            except httpx.UnsupportedProtocol as error:
                raise ServiceError(f"{self.url}: {error}") from None
            except httpx.TransportError as error:
                told, status = str(error) or type(error).__name__, None
            else:
                if answer.is_success:
                    return answer.status_code
                status = answer.status_code
                told = f"{status} {answer.reason_phrase}: {' '.join(answer.text.split())[:300]}"
                after = answer.headers.get("Retry-After", "")
                wait = float(after) if after.isdecimal() else 0.0
            if status is not None and status not in _PASSING:
                raise ServiceError(f"{self.url} refuses: {told}", status=status, hint=_HINTS.get(status))
            pause = next(pauses, None)
            if pause is None:
                raise ServiceError(f"{self.url} cannot be loaded into: {told}", status=status)
            time.sleep(max(pause, min(wait, 60.0)))


_HINTS: Final = {
    401: "give --user, and the password in KG_ENDPOINT_PASSWORD",
    403: "this user may not write there",
    404: "is this the address of the graph store? --protocol update is for that of updates",
    405: "is this the address of the graph store? --protocol update is for that of updates",
}


def _for_who_asks(user: str, password: str) -> httpx.Auth:
    """Tells user and password to who asks for them, Basic or Digest, from then on at once."""
    import httpx

    class WhoAsks(httpx.Auth):
        how: httpx.Auth | None = None

        def auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
            if self.how is None:
                answer = yield httpx.Request(
                    request.method,
                    request.url,
                    headers=request.headers,
                    stream=request.stream,
                    extensions=request.extensions,
                )
                if answer.status_code != 401:
                    return
                digest = answer.headers.get("WWW-Authenticate", "").lower().startswith("digest")
                self.how = (httpx.DigestAuth if digest else httpx.BasicAuth)(user, password)
            yield from self.how.auth_flow(request)

    return WhoAsks()


def _batches(triples: bytes) -> Iterator[str]:
    lines = triples.splitlines(keepends=True)
    for i in range(0, len(lines), BATCH):
        yield b"".join(lines[i : i + BATCH]).decode()


def into_server(
    manifest: Manifest,
    server: Server,
    *,
    union: bool = True,
    union_graph: str | None = None,
    asked: Endpoint | None = None,
    updates: Server | None = None,
    links: Store | None = None,
    on_progress: Told | None = None,
    warn: Callable[[str], None] = lambda _: None,
) -> Summary:
    """Put each report's graph, the ontology's and the notes on the builds into a server's store.

    Each graph takes the place of what the server has of that name.  With ``union`` the triples are added to the default
    graph (or to ``union_graph``, where that is given), too.

    ``asked`` is the same server as it takes queries.  With it, reports that are there already are not sent again, and
    the verdicts are brought up to all reports that the server has; with ``links``, a store, so are the links, to those
    of the store.  What is to be taken out of the server goes by ``updates``, the server as it takes updates: reports as
    they were before, in their graphs and in the default graph.  Where that is not given, such reports stay, and
    ``warn`` is told.
    """
    from pyoxigraph import RdfFormat, parse

    from kg.cluster.served import Served
    from kg.graph import provenance, store
    from kg.graph.vocab import ONTOLOGY_GRAPH

    started = time.perf_counter()
    summary = Summary()
    served = None if asked is None else Served(server, asked, updates, union, union_graph)
    replaced = stayed = 0
    if served is None or not served.has_ontology(store.ontology_key()):
        if served is not None:
            served.leave_other_ontologies(store.ontology_key())
        ontology = _lines(store.ontology_quads())
        if union:
            server.add(ontology, union_graph)
        server.put(ONTOLOGY_GRAPH.value, ontology)
    for number, report in enumerate(manifest.load()):
        if on_progress:
            on_progress(number, manifest.reports)
        noted = list(parse(input=report.notes, format=RdfFormat.N_QUADS))
        if served is not None:
            key = provenance.key_in(noted)
            if key is not None and served.has(report.graph, key):
                summary.kept += 1
                continue
            stayed += served.make_room(report.graph, _identity(report))
        was_there = server.put(report.graph, report.triples) and server.protocol == "graph-store"
        replaced += was_there and served is None
        # the key of the build at last: it tells the next run that all of the report is there
        notes: dict[str, list[Quad]] = {}
        for quad in noted:
            notes.setdefault(quad.graph_name.value, []).append(quad)
        if union:
            server.add(report.triples + b"".join(_lines(quads) for quads in notes.values()), union_graph)
        for graph, quads in notes.items():
            server.add(_lines(quads), graph)
        summary.reports += 1
        summary.triples += report.count
    if stayed:
        warn(
            f"{stayed} of the reports are there in another version, which stays beside the new one: what takes it away "
            "is --update, the address that takes updates"
        )
    if union and replaced and union_graph is None:
        warn(
            f"{replaced} of the graphs were there before; if their reports had changed, what they said stays in the "
            "default graph. To make it anew, send the server: DROP DEFAULT; INSERT { ?s ?p ?o } WHERE { GRAPH ?g "
            "{ ?s ?p ?o } }"
        )
    if served is not None:
        served.endpoint.forget()
        summary.areas = served.refresh_verdicts()
        if links is not None:
            summary.links = served.send_links(links)
    if on_progress:
        on_progress(manifest.reports, manifest.reports)
    summary.seconds = time.perf_counter() - started
    return summary


def _lines(quads: Iterable[Quad]) -> bytes:
    return "".join(f"{quad.triple} .\n" for quad in quads).encode()
