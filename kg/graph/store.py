"""The embedded store: Oxigraph in a folder, one named graph per report, and their union as the default graph.

Why the union is stored.  Oxigraph can take all graphs for the default graph when it evaluates a query, but then
what two reports both say (that 元 is a unit) is there twice, and is joined with itself: COUNT is wrong, and over
fifty reports a question for a GDP takes ten seconds instead of milliseconds.  So each triple stands in the
default graph, too, once; it goes when the last graph that holds it does.

How a graph is replaced.  Oxigraph gives Python no transaction over several
calls, but each call is one: it happens wholly or, if the process is killed in
it, not at all.  So a change is always a single call:

* what is new (reports, the ontology) goes in by one ``bulk_extend`` or
  ``bulk_load``: it writes sorted files beside the log, which takes half the time
  of a transaction and leaves nothing to replay at the next opening;
* a report whose graph is there already is one SPARQL update that deletes what is
  gone and inserts what is new: usually little, and nothing at all if the report
  was built before by the same version;
* what is said of how a report was built, and when, goes with its graph, in the same call;
* a report that takes the place of another (an edited file) is one update that
  drops the old graph and inserts the new one.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import re
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from pyoxigraph import BlankNode, DefaultGraph, Literal, NamedNode, Quad, RdfFormat, Store, Triple, parse

from kg import resources
from kg.errors import DataError, StoreError, StoreLocked
from kg.graph import provenance, reading
from kg.graph.reading import has_union
from kg.graph.vocab import ONTOLOGY_GRAPH, term
from kg.model import EntityClass
from kg.patterns import compiled

if TYPE_CHECKING:
    from kg.graph.reading import Readable

Term: TypeAlias = NamedNode | BlankNode | Literal | Triple

#: The files of ``ontology/`` that go into the store; the shapes stay outside, they are read by ``kg validate``.
ONTOLOGY_FILES = ("gwr.ttl", "codes.ttl", "cube.ttl", "units.ttl", "indicators.ttl")


#: For how many seconds who wants to write waits for who writes: longer than a server takes for a snapshot.
LOCK_WAIT = 2.0


def open_store(folder: str | Path, *, read_only: bool = False, wait: float = LOCK_WAIT) -> Store:
    """The store in that folder, which is made if it is not there (unless only to be read).

    One process may have a store open for writing; another waits up to ``wait`` seconds for it.  ``read_only``
    needs no lock, but what it reads beside a writer is undefined (Oxigraph may even take the store for
    corrupted), so it is refused while another process writes, where the system tells (Linux).

    Raises :class:`StoreLocked` if another process writes to the store, :class:`StoreError`
    if there is none to read or it cannot be opened.
    """
    path = Path(folder)
    if read_only and not (path / "CURRENT").is_file():
        raise StoreError(f"there is no store in {path}", hint="build one with: kg build")
    if not read_only:
        make_folder(path)
    until = time.monotonic() + wait
    while True:
        try:
            return _open(path, read_only)
        except StoreLocked:
            if time.monotonic() >= until:
                raise
            time.sleep(0.02)


def _open(path: Path, read_only: bool) -> Store:
    if read_only and _is_locked(path / "LOCK"):
        raise StoreLocked(f"another process is writing to the store in {path}")
    try:
        if read_only:
            return Store.read_only(str(path))
        store = Store(str(path))
    except (OSError, ValueError, RuntimeError) as error:
        message = " ".join(str(error).split())
        if "/LOCK" in message and "lock" in message.replace("/LOCK", "") and not _REFUSED.search(message):
            raise StoreLocked(f"another process is writing to the store in {path}") from None
        if read_only and _UNFINISHED.search(message):
            raise StoreError(
                f"there is no store in {path}, its making was broken off", hint="build one with: kg build"
            ) from None
        raise StoreError(f"the store in {path} cannot be opened: {message}") from None
    _sweep(path)
    return store


#: What the system says who may not lock a file, which is not to be taken for a lock of another process.
_REFUSED = compiled(r"denied|not permitted|Read-only file system|No space left|quota", re.IGNORECASE)
#: What Oxigraph says to who reads a store that was killed before all of its parts were there; a writer makes them.
_UNFINISHED = compiled(r"Column family not found|Inserts are only possible on read-write instances")
#: What a process leaves that is killed while it writes: Oxigraph's files for a bulk load, RocksDB's before renaming.
_LEFT = compiled(r"bulk-\d+\.sst|(OPTIONS-)?\d+\.dbtmp")


def _sweep(path: Path) -> None:
    """Remove what killed processes left; only for who has the store open for writing, so that nobody is at it."""
    with contextlib.suppress(OSError):  # whoever can open it can remove them; if not, they only take up space
        for file in list(path.iterdir()):
            if _LEFT.fullmatch(file.name):
                file.unlink(missing_ok=True)


@contextlib.contextmanager
def telling(what: str) -> Iterator[None]:
    """Oxigraph's errors as :class:`StoreError`, with what could not be done."""
    try:
        yield
    except (OSError, RuntimeError) as error:
        raise StoreError(f"{what}: {' '.join(str(error).split())}") from None


NOT_WRITTEN: Final = "the store cannot be written"
DAMAGED: Final = "the store is damaged, build it anew in another folder"


def check(store: Store) -> None:
    """Read all that is in a store, by every index, and see that it can be read; RocksDB keeps checksums.

    Oxigraph 0.5 never ends a query that sorts or counts what cannot be read, so this asks no query.

    Raises :class:`StoreError` where it cannot.
    """
    with telling(DAMAGED):
        # a subject, predicate or object alone has an index for all named graphs and one for the default graph,
        # a predicate or object of a named graph has one of its own; without any, it is that by graph and subject
        patterns: set[tuple[Any, Any, Any, Any]] = set()
        for quad in store.quads_for_pattern(None, None, None, None):
            subject, predicate, object, graph = quad
            patterns.update(((subject, None, None, None), (None, predicate, None, None), (None, None, object, None)))
            if not isinstance(graph, DefaultGraph):
                patterns.update(((None, predicate, None, graph), (None, None, object, graph)))
        for pattern in patterns:
            for _ in store.quads_for_pattern(*pattern):
                pass


#: The file of a store that tells a server that somebody wrote; RocksDB's own files change by themselves, too.
WRITTEN: Final = "kg-written"


def mark_written(folder: str | Path) -> None:
    """Tell who serves the store that there is something new in it."""
    with contextlib.suppress(OSError):  # who could write the store can write this; if not, a server finds out later
        (Path(folder) / WRITTEN).write_text(f"{time.time_ns()} {os.getpid()}\n", encoding="ascii")


#: What RocksDB may have made before it was killed in making a new store; files of data it makes only after CURRENT.
_BEGUN = compiled(r"LOCK|LOG(\.old.*)?|IDENTITY|(MANIFEST|OPTIONS)-\d+(\.dbtmp)?|\d+\.(log|dbtmp)")


def make_folder(path: Path) -> None:
    """Make the folder of a store, if it is not there.

    Raises :class:`StoreError` if it cannot be made, or holds what is no store.
    """
    try:
        path.mkdir(parents=True, exist_ok=True)
        # in this order: another process may be making the store just now
        every = list(path.iterdir())
        others = any(not _BEGUN.fullmatch(file.name) for file in every) and not (path / "CURRENT").exists()
        links = [file.name for file in every if file.is_symlink()]
    except OSError as error:
        raise StoreError(f"no store can be made in {path}: {error.strerror or error}") from None
    if links:  # a store that somebody else made may want to have files written elsewhere
        raise StoreError(f"{path} holds a link ({links[0]}), which no store does")
    if others:  # RocksDB would put its files among them
        raise StoreError(
            f"{path} holds files that are no store, or only part of one", hint="name an empty or a new folder"
        )


def _is_locked(lock: Path) -> bool:
    """Whether a process holds the lock, as Linux tells it; opening the file to try would free a lock of our own."""
    try:
        status = lock.stat()
        table = Path("/proc/locks").read_text(encoding="ascii")
    except OSError:
        return False
    device = f"{os.major(status.st_dev):02x}:{os.minor(status.st_dev):02x}:{status.st_ino}"
    return any("WRITE" in fields and device in fields for fields in map(str.split, table.splitlines()))


# writing --------------------------------------------------------------------------------------------------------------


_NO_BUILDS: Final[Mapping[NamedNode, Sequence[Quad]]] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Change:
    """What became of one report: triples written and deleted, and the graphs that gave way to its own."""

    graph: NamedNode
    added: int
    removed: int
    replaced: tuple[NamedNode, ...] = ()


def replace_report(store: Store, quads: Sequence[Quad], graph: NamedNode, *, build: Sequence[Quad] = ()) -> Change:
    """Put a report's quads, all of one named graph, in the place of what the store has of that report.

    What :func:`write_reports` does, for one report.
    """
    return write_reports(store, [(graph, quads)], builds={graph: build})[0]


def write_reports(
    store: Store,
    batch: Iterable[tuple[NamedNode, Sequence[Quad]]],
    *,
    builds: Mapping[NamedNode, Sequence[Quad]] = _NO_BUILDS,
) -> list[Change]:
    """Put reports, each a named graph and all its quads, in the place of what the store has of them.

    A report's place is the graph of the same name and, since the name holds the content's hash, the
    graph of a file of the same name, area and year with other content (it was edited), or
    of the same content under another area or year (it was told them).  No other graph is
    touched.  For each report all of it happens or, whatever stops it, none; of two in the
    batch that claim one place the later has it.

    ``builds`` has for a report what :func:`kg.graph.provenance.describe` says of how its graph was made, which is
    written with it.

    One call with many new reports is faster than many calls, and keeps all of them in memory.

    Raises ``ValueError`` for a quad outside its graph, :class:`StoreError` if the store
    cannot be written; reports before the one at fault may then be in the store.
    """
    changes: dict[NamedNode, Change] = {}
    fresh: dict[NamedNode, tuple[Sequence[Quad], Identity]] = {}
    with telling(NOT_WRITTEN):
        for graph, quads in batch:
            identity = identity_of(quads, graph)
            for other in [g for g, (_, known) in fresh.items() if g == graph or known.same_place(identity)]:
                del fresh[other]
                changes.pop(other, None)
            former = former_graphs(store, identity, graph)
            if former or holds(store, graph):
                changes[graph] = _replace(store, quads, graph, former, builds.get(graph, ()))
            else:
                fresh[graph] = (quads, identity)
                changes[graph] = Change(graph, len(quads), 0)
        if fresh:
            notes = (quad for graph in fresh for quad in builds.get(graph, ()))
            every = chain.from_iterable(quads for quads, _ in fresh.values())
            store.bulk_extend(_with_union(chain(every, notes)))
    return list(changes.values())


def change_graph(
    store: Store, graph: NamedNode, *, added: Iterable[Quad], removed: Iterable[Quad], flush: bool = True
) -> Change:
    """Add and remove quads of one named graph, in one step; the default graph stays the union of the others.

    ``removed`` are quads that the graph has, ``added`` such as it has not.  Who makes many changes without ``flush``
    has to call that of the store after the last.

    Raises :class:`StoreError` if the store cannot be written.
    """
    with telling(NOT_WRITTEN):
        return _change(store, graph, list(added), set(removed), [], flush=flush)


def add_quads(store: Store, quads: Iterable[Quad]) -> None:
    """Add quads of named graphs, and their triples to the default graph, in one step, which is fast for many.

    Raises :class:`StoreError` if the store cannot be written.
    """
    with telling(NOT_WRITTEN):
        store.bulk_extend(_with_union(quads))


def drop_empty(store: Store, graph: NamedNode) -> None:
    """Forget a named graph that nothing is in any more, of which Oxigraph keeps the name.

    Raises :class:`StoreError` if the store cannot be written, ``ValueError`` if something is in it.
    """
    if any(True for _ in store.quads_for_pattern(None, None, None, graph)):
        raise ValueError(f"{graph} is not empty")
    with telling(NOT_WRITTEN):
        store.remove_graph(graph)


def remove_report(store: Store, graph: NamedNode) -> Change:
    """Take a report out of the store: its graph, what is said of its build, and of the union what no other graph says.

    All of it happens or, whatever stops it, none.  Links of its things to other graphs are left to who links.

    Raises :class:`StoreError` if the store cannot be written.
    """
    with telling(NOT_WRITTEN):
        notes = provenance.of_graphs(store, [graph], alone=True)
        graphs = [graph]
        for other in {quad.graph_name for quad in notes if isinstance(quad.graph_name, NamedNode)}:
            if sum(1 for _ in store.quads_for_pattern(None, None, None, other)) == len(set(notes)):
                graphs.append(other)  # nothing would be left of it but its name
        return _change(store, graph, (), set(), graphs, notes=(set(notes) if len(graphs) == 1 else set(), ()))


def _replace(
    store: Store, quads: Sequence[Quad], graph: NamedNode, former: list[NamedNode], build: Sequence[Quad]
) -> Change:
    old = set(store.quads_for_pattern(None, None, None, graph))
    added = [quad for quad in quads if quad not in old]
    notes = (set(provenance.of_graphs(store, [graph, *former])), build)
    return _change(store, graph, added, old.difference(quads), former, kept=quads, notes=notes)


def _change(
    store: Store,
    graph: NamedNode,
    added: Sequence[Quad],
    gone: set[Quad],
    former: list[NamedNode],
    *,
    kept: Sequence[Quad] = (),
    notes: tuple[Set[Quad], Sequence[Quad]] = (frozenset(), ()),
    flush: bool = True,
) -> Change:
    """``kept`` is what the graph will have, where that of ``former`` graphs gives way to it.

    ``notes`` are what is said of builds until then, and from then on.
    """
    dropped = [quad for other in former for quad in store.quads_for_pattern(None, None, None, other)]
    steps = [f"DROP GRAPH {other}" for other in former]
    if gone:
        steps.append(_data("DELETE", graph, gone))
    left = {quad.triple for quad in (*gone, *dropped)}
    if dropped:
        left.difference_update(quad.triple for quad in kept)
    if left := {triple for triple in left if not _elsewhere(store, triple, {graph, *former})}:
        steps.append(_union_data("DELETE", left))
    if added:
        steps.append(_data("INSERT", graph, added))
        steps.append(_union_data("INSERT", (quad.triple for quad in added)))
    steps += _noted(store, *notes)
    if steps:
        store.update(" ;\n".join(steps))
    if steps and flush:
        store.flush()  # else every opening, a query's too, has to replay the log
    return Change(graph, len(added), len(gone) + len(dropped), tuple(former))


def _noted(store: Store, before: Set[Quad], after: Sequence[Quad]) -> Iterator[str]:
    """The steps that put what is said of builds in the place of what was."""
    for verb, quads in (("DELETE", before - set(after)), ("INSERT", set(after) - before)):
        for graph in {quad.graph_name for quad in quads}:
            assert isinstance(graph, NamedNode)
            mine = sorted((quad for quad in quads if quad.graph_name == graph), key=str)
            yield _data(verb, graph, mine)
            yield _union_data(
                verb,
                (q.triple for q in mine if verb == "INSERT" or not _elsewhere(store, q.triple, {graph})),
            )


def _elsewhere(store: Store, triple: Triple, graphs: set[NamedNode]) -> bool:
    """Whether a named graph other than these holds the triple."""
    holding = store.quads_for_pattern(triple.subject, triple.predicate, triple.object, None)
    return any(quad.graph_name != DefaultGraph() and quad.graph_name not in graphs for quad in holding)


def _data(verb: str, graph: NamedNode, quads: Iterable[Quad]) -> str:
    return f"{verb} DATA {{ GRAPH {graph} {{\n" + "".join(f"{quad.triple} .\n" for quad in quads) + "} }"


def _union_data(verb: str, triples: Iterable[Triple]) -> str:
    return f"{verb} DATA {{\n" + "".join(f"{triple} .\n" for triple in triples) + "}"


def _with_union(quads: Iterable[Quad]) -> Iterator[Quad]:
    """The quads, and their triples for the default graph."""
    for quad in quads:
        yield quad
        yield Quad(quad.subject, quad.predicate, quad.object)


def named_quads(store: Store) -> Iterator[Quad]:
    """The quads of all named graphs: what was put into the store, without their union."""
    for graph in store.named_graphs():
        yield from store.quads_for_pattern(None, None, None, graph)


def holds(store: Store, graph: NamedNode) -> bool:
    return next(iter(store.quads_for_pattern(None, None, None, graph)), None) is not None


@dataclass(frozen=True, slots=True)
class Identity:
    """What tells whether two graphs are of one report."""

    sha256: Term | None = None
    source: Term | None = None
    area: Term | None = None
    year: Term | None = None

    def same_place(self, other: Identity) -> bool:
        if self.sha256 is not None and self.sha256 == other.sha256:
            return True
        # a file of which neither area nor year is known could be any file of that name
        known = self.area is not None or self.year is not None
        return known and self.source is not None and self.place == other.place

    @property
    def place(self) -> tuple[Term | None, ...]:
        return self.source, self.area, self.year


IDENTITY = {
    term("gwr:sha256"): "sha256",
    term("gwr:sourceFile"): "source",
    term("gwr:about"): "area",
    term("gwr:year"): "year",
}


def identity_of(quads: Iterable[Quad], graph: NamedNode | None = None) -> Identity:
    """The identity of the report that the quads describe; ValueError for a quad that is not of the graph."""
    found = {}
    for quad in quads:
        if graph is not None and quad.graph_name != graph:
            raise ValueError(f"{quad} is not of the graph {graph}")
        if (key := IDENTITY.get(quad.predicate)) is not None:
            found[key] = quad.object
    return Identity(**found)


def former_graphs(store: Store, identity: Identity, graph: NamedNode) -> list[NamedNode]:
    """The other graphs that hold this report as it was, sorted."""
    found = set()
    for key, value in ((term("gwr:sha256"), identity.sha256), (term("gwr:sourceFile"), identity.source)):
        if value is None:
            continue
        for quad in store.quads_for_pattern(None, key, value, None):
            told = store.quads_for_pattern(quad.subject, None, None, quad.graph_name)
            if quad.graph_name not in (graph, DefaultGraph()) and identity_of(told).same_place(identity):
                found.add(quad.graph_name)
    return sorted((other for other in found if isinstance(other, NamedNode)), key=str)


def ontology_quads() -> list[Quad]:
    """The ontology and the code lists, in their named graph; with the hash of their files as an identifier.

    Raises :class:`DataError` for a file that is no Turtle.
    """
    try:
        return [
            Quad(triple.subject, triple.predicate, triple.object, ONTOLOGY_GRAPH)
            for triple in parse(input=_ontology_text(), format=RdfFormat.TURTLE)
        ]
    except SyntaxError:
        raise _ontology_fault() from None


def _ontology_text() -> bytes:
    """The files as one: prefixes may be declared again, and there are no blank nodes to be confused."""
    key = f"{ONTOLOGY_GRAPH} {term('dcterms:identifier')} {ontology_key()} .\n"
    return b"\n".join([*(data for _, data in _ontology_files()), key.encode()])


def _ontology_with_union() -> bytes:
    """The ontology as one TriG document: its triples once in their named graph, once in the default graph.

    Loaded as text it needs no object for each triple, and another thread may do something else in the meantime.

    Raises :class:`DataError` where two files call different things by one prefix: here, prefixes hold for all of them.
    """
    prefixes: dict[str, str] = {}
    body: list[str] = []
    for line in _ontology_text().decode("utf-8", errors="replace").split("\n"):
        if not line.startswith("@prefix "):
            body.append(line)
        elif prefixes.setdefault(name := line.split()[1], line.strip()) != line.strip():
            raise DataError(f"the files declare different prefixes {name}", file="ontology")
    text = "\n".join(body)
    return "\n".join([*prefixes.values(), text, f"{ONTOLOGY_GRAPH} {{", text, "}", ""]).encode()


def _ontology_fault() -> DataError:
    """Which file is no Turtle, and in which line."""
    for name, data in _ontology_files():
        try:
            list(parse(input=data, format=RdfFormat.TURTLE))
        except SyntaxError as error:
            return DataError(str(error), file=f"ontology/{name}", line=error.lineno)
    return DataError("the files of the ontology cannot be read as one", file="ontology")


def _ontology_files() -> Iterator[tuple[str, bytes]]:
    folder = resources.folder("ontology")
    for name in ONTOLOGY_FILES:
        yield name, (folder / name).read_bytes()


def ontology_key() -> Literal:
    """What tells whether a store has the ontology of this version: its identifier there."""
    digest = hashlib.sha256()
    for _, data in _ontology_files():
        digest.update(hashlib.sha256(data).digest())
    return Literal(f"sha256:{digest.hexdigest()}")


def ensure_ontology(store: Store) -> bool:
    """Load the ontology and the code lists unless the store has just these; whether it had to.

    Raises :class:`StoreError` if the store cannot be written and :class:`DataError` for a file that is no Turtle.
    """
    with telling(NOT_WRITTEN):
        if not has_union(store):
            _add_union(store)
        if Quad(ONTOLOGY_GRAPH, term("dcterms:identifier"), ontology_key(), ONTOLOGY_GRAPH) in store:
            return False
        if holds(store, ONTOLOGY_GRAPH):  # another version's
            replace_report(store, ontology_quads(), ONTOLOGY_GRAPH)
            return True
    try:
        with telling(NOT_WRITTEN):
            # wholly or, where a line is at fault, not at all
            store.bulk_load(_ontology_with_union(), format=RdfFormat.TRIG)
    except SyntaxError:
        raise _ontology_fault() from None
    return True


def optimize(store: Store) -> None:
    """Merge the files of the store, which reading is faster from.

    Raises :class:`StoreError` if they cannot be written; what is in the store stays.
    """
    with telling(NOT_WRITTEN):
        store.optimize()


def _add_union(store: Store) -> None:
    """Give a store of an older version its default graph."""
    store.bulk_extend(Quad(quad.subject, quad.predicate, quad.object) for quad in list(store))


# reading --------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class ReportInfo:
    """What the store knows of one report; ``area`` is the preferred name of the area."""

    graph: NamedNode
    report: NamedNode
    title: str | None
    area: str | None
    year: int | None
    source: str | None
    sha256: str | None
    observations: int
    relations: int
    entities: int
    triples: int


@dataclass(frozen=True, slots=True)
class Stats:
    """How much is in the store; ``entities`` counts by class, and a thing with two classes in both."""

    entities: dict[str, int]
    distinct_entities: int
    observations: int
    relations: int
    mentions: int
    indicators: int
    triples: int
    reports: tuple[ReportInfo, ...]


def is_links_graph(graph: object) -> bool:
    """Whether a named graph is that of the links, of whatever base."""
    return isinstance(graph, NamedNode) and graph.value.endswith("/graph/links")


def is_verdicts_graph(graph: object) -> bool:
    """Whether a named graph is that of what became of the targets, of whatever base."""
    return isinstance(graph, NamedNode) and graph.value.endswith("/graph/verdicts")


def reports(store: Readable) -> list[ReportInfo]:
    """The reports in the store, by area, year and file."""
    return list(stats(store).reports)


METADATA = """
SELECT ?g ?r ?title ?area ?year ?source ?sha {
  GRAPH ?g {
    ?r a gwr:Report .
    OPTIONAL { ?r dcterms:title ?title }
    OPTIONAL { ?r gwr:about/skos:prefLabel ?area }
    OPTIONAL { ?r gwr:year ?year }
    OPTIONAL { ?r gwr:sourceFile ?source }
    OPTIONAL { ?r gwr:sha256 ?sha }
  }
}
ORDER BY ?g ?r ?title ?area ?year
"""


#: How much each graph has, and all together; what is in several is counted once in all.
_ENTITIES_IN = "SELECT ?g (COUNT(DISTINCT ?s) AS ?n) { VALUES ?class { CLASSES } GRAPH ?g { ?s a ?class } } GROUP BY ?g"
_OF_CLASS = """
SELECT ?class (COUNT(DISTINCT ?s) AS ?n) { VALUES ?class { CLASSES } GRAPH ?g { ?s a ?class } FILTERED } GROUP BY ?class
"""
_ENTITIES = "SELECT (COUNT(DISTINCT ?s) AS ?n) { VALUES ?class { CLASSES } GRAPH ?g { ?s a ?class } }"
_KINDS_IN = (
    "SELECT ?g ?class (COUNT(*) AS ?n) { VALUES ?class { CLASSES } GRAPH ?g { ?s a ?class } } GROUP BY ?g ?class"
)
_TRIPLES_IN = "SELECT ?g (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } } GROUP BY ?g"


def stats(store: Readable) -> Stats:
    """Count what the store holds of reports and links; what the ontology and the builds say is in no count."""
    kinds = {term(f"gwr:{c.value}"): c.value for c in EntityClass}
    others = [term(k) for k in ("gwr:Observation", "rdf:Statement", "gwr:Mention", "gwr:Indicator")]

    def asked(query: str, classes: Iterable[NamedNode] = (), *graphs: NamedNode) -> dict[Any, int]:
        query = query.replace("CLASSES", " ".join(map(str, classes)))
        query = query.replace("FILTERED", reading.but_for(store, "g", *graphs))
        found = list(reading.rows(store, query))
        return {key[0] if len(key) == 1 else tuple(key): int(n.value) for *key, n in found if None not in key}

    entities, by_class = asked(_ENTITIES_IN, kinds), asked(_OF_CLASS, kinds)
    ((every,),) = reading.rows(store, _ENTITIES.replace("CLASSES", " ".join(map(str, kinds))))
    counts = asked(_KINDS_IN, others)
    # the ontology has a code list of common indicators
    distinct = asked(_OF_CLASS, others, ONTOLOGY_GRAPH)
    standing = reading.standing(store)
    triples = asked(_TRIPLES_IN)
    described = reading.rows(store, METADATA)
    infos: dict[object, ReportInfo] = {}
    for graph, report, *told in described:
        if graph in standing:
            continue
        title, area, year, source, sha256 = (literal.value if literal is not None else None for literal in told)
        infos.setdefault(
            graph,
            ReportInfo(
                graph=graph,
                report=report,
                title=title,
                area=area,
                year=int(year) if year else None,
                source=source,
                sha256=sha256,
                observations=counts.get((graph, term("gwr:Observation")), 0),
                relations=counts.get((graph, term("rdf:Statement")), 0),
                entities=entities.get(graph, 0),
                triples=triples[graph],
            ),
        )
    return Stats(
        entities={name: by_class.get(kind, 0) for kind, name in kinds.items()},
        distinct_entities=int(every.value),
        observations=distinct.get(term("gwr:Observation"), 0),
        relations=distinct.get(term("rdf:Statement"), 0),
        mentions=distinct.get(term("gwr:Mention"), 0),
        indicators=distinct.get(term("gwr:Indicator"), 0),
        # a server may have graphs of its own
        triples=sum(n for graph, n in triples.items() if graph in infos or is_links_graph(graph)),
        reports=tuple(sorted(infos.values(), key=lambda i: (i.area or "", i.year or 0, i.source or "", i.graph.value))),
    )
