"""The embedded store: Oxigraph in a folder, one named graph per report.

How a graph is replaced.  Oxigraph gives Python no transaction over several
calls, but each call is one: it happens wholly or, if the process is killed in
it, not at all.  So a change is always a single call:

* a report that is new is one ``bulk_extend``: it writes sorted files beside the
  log, which is faster than a transaction and leaves nothing to replay when the
  store is next opened;
* a report whose graph is there already is one SPARQL update that deletes what is
  gone and inserts what is new: usually little, and nothing at all if the report
  was built before by the same version;
* a report that takes the place of another (an edited file) is one update that
  drops the old graph and inserts the new one.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, Store, parse

from kg import resources
from kg.errors import DataError, StoreError, StoreLocked
from kg.graph.vocab import ONTOLOGY_GRAPH, SPARQL_PREFIXES, term
from kg.model import EntityClass

#: The files of ``ontology/`` that go into the store; the shapes stay outside, they are read by ``kg validate``.
ONTOLOGY_FILES = ("gwr.ttl", "codes.ttl", "cube.ttl", "units.ttl")


def open_store(folder: str | Path, *, read_only: bool = False) -> Store:
    """The store in that folder, which is made if it is not there (unless only to be read).

    One process may have a store open for writing.  ``read_only`` needs no lock, but what it
    reads beside a writer is undefined (Oxigraph may even take the store for corrupted), so
    it is refused while another process writes, where the system tells (Linux).

    Raises :class:`StoreLocked` if another process writes to the store, :class:`StoreError`
    if there is none to read or it cannot be opened.
    """
    path = Path(folder)
    if read_only and not (path / "CURRENT").is_file():
        raise StoreError(f"there is no store in {path}", hint="build one with: kg build")
    if not read_only:
        _make_folder(path)
    elif _is_locked(path / "LOCK"):
        raise StoreLocked(f"another process is writing to the store in {path}")
    try:
        return Store.read_only(str(path)) if read_only else Store(str(path))
    except (OSError, ValueError) as error:
        message = " ".join(str(error).split())
        if "lock" in message.lower() and ("hold" in message.lower() or "unavailable" in message.lower()):
            raise StoreLocked(f"another process is writing to the store in {path}") from None
        raise StoreError(f"the store in {path} cannot be opened: {message}") from None


def _make_folder(path: Path) -> None:
    if path.is_dir():
        # RocksDB would happily put its files among others
        if not (path / "CURRENT").exists() and any(path.iterdir()):
            raise StoreError(f"{path} is a folder with other files in it", hint="name an empty or a new folder")
        return
    try:
        path.mkdir(parents=True)
    except OSError as error:
        raise StoreError(f"no store can be made in {path}: {error.strerror or error}") from None


def _is_locked(lock: Path) -> bool:
    """Whether another process holds the lock, without touching it (opening and closing it would free our own)."""
    try:
        inode = lock.stat().st_ino
        table = Path("/proc/locks").read_text()
    except OSError:
        return False
    return any(
        len(fields) > 5 and fields[3] == "WRITE" and fields[5].endswith(f":{inode}")
        for fields in map(str.split, table.splitlines())
    )


# writing --------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Change:
    """What :func:`replace_report` did: triples written and deleted, and the graphs that gave way to this one."""

    added: int
    removed: int
    replaced: tuple[NamedNode, ...]


def replace_report(store: Store, quads: Iterable[Quad], graph: NamedNode) -> Change:
    """Put a report's quads, all of one named graph, in the place of what the store has of that report.

    That is the graph of the same name and, since the name holds the content's hash, the
    graph of a file of the same name, area and year with other content (it was edited), or
    of the same content under another area or year (it was told them).  No other graph is
    touched.  All of it happens or, whatever stops it, none.

    Raises ``ValueError`` for a quad of another graph, :class:`StoreError` if the store
    cannot be written.
    """
    new = list(quads)
    if any(quad.graph_name != graph for quad in new):
        raise ValueError(f"not all quads are of the graph {graph}")
    try:
        former = [other for other in _former(store, new) if other != graph]
        old = set(store.quads_for_pattern(None, None, None, graph))
        removed = sum(1 for other in former for _ in store.quads_for_pattern(None, None, None, other))
        if not old and not former:
            store.bulk_extend(new)
            return Change(len(new), 0, ())
        fresh = [quad for quad in new if quad not in old]
        gone = old.difference(new)
        steps = [f"DROP GRAPH {other}" for other in former]
        if gone:
            steps.append(_data("DELETE", gone))
        if fresh:
            steps.append(_data("INSERT", fresh))
        if steps:
            store.update(" ;\n".join(steps))
            store.flush()
        return Change(len(fresh), len(gone) + removed, tuple(former))
    except OSError as error:
        raise StoreError(f"the store cannot be written: {error}") from None


def _data(verb: str, quads: Iterable[Quad]) -> str:
    graph, lines = None, []
    for quad in quads:
        graph = quad.graph_name
        lines.append(f"{quad.subject} {quad.predicate} {quad.object} .")
    return f"{verb} DATA {{ GRAPH {graph} {{\n" + "\n".join(lines) + "\n} }"


def _former(store: Store, quads: list[Quad]) -> list[NamedNode]:
    """The graphs that hold this report as it was, sorted."""
    about = _about(quads)
    sha256, source, area, year = about
    found = set()
    if sha256 is not None:
        found |= {quad.graph_name for quad in store.quads_for_pattern(None, term("gwr:sha256"), sha256, None)}
    # a file of which neither area nor year is known could be any file of that name
    if source is not None and (area is not None or year is not None):
        for quad in store.quads_for_pattern(None, term("gwr:sourceFile"), source, None):
            told = store.quads_for_pattern(quad.subject, None, None, quad.graph_name)
            if _about(told)[1:] == about[1:]:
                found.add(quad.graph_name)
    return sorted((graph for graph in found if isinstance(graph, NamedNode)), key=str)


def _about(quads: Iterable[Quad]) -> tuple[object, ...]:
    """SHA-256, file, area and year of the one report that the quads describe."""
    keys = (term("gwr:sha256"), term("gwr:sourceFile"), term("gwr:about"), term("gwr:year"))
    found = {quad.predicate: quad.object for quad in quads if quad.predicate in keys}
    return tuple(found.get(key) for key in keys)


def ontology_quads() -> list[Quad]:
    """The ontology and the code lists, in their named graph; with the hash of their files as an identifier.

    Raises :class:`DataError` for a file that is no Turtle.
    """
    quads = []
    for name, data in _ontology_files():
        try:
            for triple in parse(input=data, format=RdfFormat.TURTLE):
                quads.append(Quad(triple.subject, triple.predicate, triple.object, ONTOLOGY_GRAPH))
        except SyntaxError as error:
            raise DataError(str(error), file=f"ontology/{name}", line=error.lineno) from None
    quads.append(Quad(ONTOLOGY_GRAPH, term("dcterms:identifier"), _ontology_hash(), ONTOLOGY_GRAPH))
    return quads


def _ontology_files() -> Iterator[tuple[str, bytes]]:
    folder = resources.folder("ontology")
    for name in ONTOLOGY_FILES:
        yield name, (folder / name).read_bytes()


def _ontology_hash() -> Literal:
    digest = hashlib.sha256()
    for _, data in _ontology_files():
        digest.update(hashlib.sha256(data).digest())
    return Literal(f"sha256:{digest.hexdigest()}")


def ensure_ontology(store: Store) -> bool:
    """Load the ontology and the code lists unless the store has just these; whether it had to.

    Raises :class:`StoreError` if the store cannot be written.
    """
    key = Quad(ONTOLOGY_GRAPH, term("dcterms:identifier"), _ontology_hash(), ONTOLOGY_GRAPH)
    if key in store:
        return False
    replace_report(store, ontology_quads(), ONTOLOGY_GRAPH)
    return True


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


def reports(store: Store) -> list[ReportInfo]:
    """The reports in the store, by area, year and file."""
    return list(stats(store).reports)


_METADATA = """
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
"""


def stats(store: Store) -> Stats:
    """Count what the store holds; the ontology's own triples are in no count."""
    classes = {term(f"gwr:{c.value}"): c.value for c in EntityClass}
    by_class: dict[str, set[object]] = {c.value: set() for c in EntityClass}
    entities: dict[object, set[object]] = {}
    counts: Counter[tuple[object, object]] = Counter()
    distinct: dict[object, set[object]] = {}
    kinds = {term(k) for k in ("gwr:Observation", "rdf:Statement", "gwr:Mention", "gwr:Indicator")}
    for node_class, name in classes.items():
        for quad in store.quads_for_pattern(None, term("rdf:type"), node_class, None):
            by_class[name].add(quad.subject)
            entities.setdefault(quad.graph_name, set()).add(quad.subject)
    for kind in kinds:
        for quad in store.quads_for_pattern(None, term("rdf:type"), kind, None):
            counts[quad.graph_name, kind] += 1
            distinct.setdefault(kind, set()).add(quad.subject)
    triples = {
        row["g"]: int(row["n"].value)
        for row in store.query("SELECT ?g (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } } GROUP BY ?g")
    }
    infos: dict[object, ReportInfo] = {}
    for row in store.query(SPARQL_PREFIXES + _METADATA):
        text = {v: row[v].value if row[v] is not None else None for v in ("title", "area", "year", "source", "sha")}
        graph = row["g"]
        infos.setdefault(
            graph,
            ReportInfo(
                graph=graph,
                report=row["r"],
                title=text["title"],
                area=text["area"],
                year=int(text["year"]) if text["year"] else None,
                source=text["source"],
                sha256=text["sha"],
                observations=counts[graph, term("gwr:Observation")],
                relations=counts[graph, term("rdf:Statement")],
                entities=len(entities.get(graph, ())),
                triples=triples[graph],
            ),
        )
    return Stats(
        entities={name: len(nodes) for name, nodes in by_class.items()},
        distinct_entities=len(set().union(*by_class.values())),
        observations=len(distinct.get(term("gwr:Observation"), ())),
        relations=len(distinct.get(term("rdf:Statement"), ())),
        mentions=len(distinct.get(term("gwr:Mention"), ())),
        indicators=len(distinct.get(term("gwr:Indicator"), ())),
        triples=sum(n for graph, n in triples.items() if graph != ONTOLOGY_GRAPH),
        reports=tuple(
            sorted(infos.values(), key=lambda i: (i.area or "", i.year or 0, i.source or "", i.graph.value))
        ),
    )
