"""How the graphs of the reports came to be, in PROV-O: from what, by which software with which word lists, and when.

It stands in a named graph of its own, for it is the only thing in a store that the time is in: the graph of a report
is the same whenever, and wherever, it is made of the same text by the same version.

    <graph of the report>  prov:wasGeneratedBy   <build> .
    <build>                a prov:Activity ; prov:used <report> , <word lists> ; prov:wasAssociatedWith <software> ;
                           prov:startedAtTime … ; prov:endedAtTime … ; gwr:given … ; gwr:buildKey … .

https://www.w3.org/TR/prov-o/
"""

from __future__ import annotations

import hashlib
import importlib.util
import json
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from pyoxigraph import Literal, NamedNode, Quad, Store

import kg
from kg import resources
from kg.graph import iri
from kg.graph.vocab import DEFAULT_BASE, term
from kg.kept import kept_on_disk
from kg.model import Report

if TYPE_CHECKING:
    from kg.graph.reading import Readable

#: Tables that no report's graph depends on.
_OTHERS = ("link_", "audit_")
#: What takes the text out of files of other kinds than text, where that is not the standard library.
_READERS = {"html": ("trafilatura", "lxml"), "pdf": ("pypdfium2",), "docx": ()}
#: What a report's graph is made by: modules and packages within ``kg``.
_CODE = (
    *("model.py", "resources.py", "kept.py", "patterns.py"),
    *("text", "extract", "graph/iri.py", "graph/mapping.py", "graph/vocab.py"),
)


@dataclass(frozen=True, slots=True)
class Made:
    """What a report's graph was made with.

    ``given`` is what was known beforehand (``area``, ``year``, …), by option or beside the file; ``started`` and
    ``ended`` are ISO 8601 instants with their zone.
    """

    segmenter: str
    given: Mapping[str, object]
    started: str
    ended: str


def builds_graph_iri(base: str = DEFAULT_BASE) -> str:
    """The IRI of the named graph of the builds."""
    return f"{base}graph/builds"


def is_builds_graph(graph: object) -> bool:
    """Whether a named graph is that of the builds, of whatever base."""
    return isinstance(graph, NamedNode) and graph.value.endswith("/graph/builds")


def describe(report: Report, made: Made, *, base_iri: str = DEFAULT_BASE) -> list[Quad]:
    """The quads on the build of one report, all in the graph of the builds."""
    graph = NamedNode(builds_graph_iri(base_iri))
    return [Quad(*triple, graph) for triple in _triples(report, made, base_iri)]


def _triples(report: Report, made: Made, base: str) -> Iterator[tuple[NamedNode, NamedNode, NamedNode | Literal]]:
    build = NamedNode(f"{base}build/{iri.slug(report)}")
    lists = NamedNode(f"{base}word-lists/{vocabulary_hash()[:20]}")
    software = NamedNode(f"{base}software/{iri.segment(kg.__version__)}")
    a = term("rdf:type")
    yield NamedNode(iri.graph_iri(report, base)), term("prov:wasGeneratedBy"), build
    yield build, a, term("prov:Activity")
    yield build, term("prov:used"), NamedNode(iri.report_iri(report, base))
    yield build, term("prov:used"), lists
    yield build, term("prov:wasAssociatedWith"), software
    yield build, term("prov:startedAtTime"), _instant(made.started)
    yield build, term("prov:endedAtTime"), _instant(made.ended)
    for name, value in sorted(made.given.items()):
        yield build, term("gwr:given"), Literal(iri.encodable(f"{name}: {value}"))
    kind = report.encoding if report.encoding in _READERS else "text"
    key = build_key(report.sha256, report.source, made.given, made.segmenter, kind=kind, base_iri=base)
    yield build, term("gwr:buildKey"), Literal(key)
    yield lists, a, term("prov:Entity")
    yield lists, term("rdfs:label"), Literal("the word lists and code lists of kg", language="en")
    yield lists, term("gwr:sha256"), Literal(vocabulary_hash())
    yield software, a, term("prov:SoftwareAgent")
    yield software, term("rdfs:label"), Literal(f"kg {kg.__version__}", language="en")
    yield software, term("owl:versionInfo"), Literal(kg.__version__)


def of_graphs(store: Readable, graphs: Iterable[NamedNode], *, alone: bool = False) -> list[Quad]:
    """What the store says of the builds of these graphs, but for software and word lists, which others share.

    With ``alone``, also what it says of software and word lists that no other build has.
    """
    made_by = term("prov:wasGeneratedBy")
    out = []
    for graph in graphs:
        for quad in store.quads_for_pattern(graph, made_by, None, None):
            if is_builds_graph(quad.graph_name):
                out.append(quad)
                out += store.quads_for_pattern(quad.object, None, None, quad.graph_name)
    if alone:
        builds = {quad.subject for quad in out}
        for predicate in (term("prov:used"), term("prov:wasAssociatedWith")):
            for quad in [quad for quad in out if quad.predicate == predicate]:
                others = store.quads_for_pattern(None, predicate, quad.object, quad.graph_name)
                if all(other.subject in builds for other in others):
                    out += store.quads_for_pattern(quad.object, None, None, quad.graph_name)
    return out


def built_already(store: Store, key: str) -> NamedNode | None:
    """The graph that was made by a build of that key, and is in the store; None if there is none."""
    for quad in store.quads_for_pattern(None, term("gwr:buildKey"), Literal(key), None):
        if not is_builds_graph(quad.graph_name):
            continue
        for made in store.quads_for_pattern(None, term("prov:wasGeneratedBy"), quad.subject, quad.graph_name):
            graph = made.subject
            if isinstance(graph, NamedNode) and store.contains_named_graph(graph):
                return graph
    return None


def key_in(quads: Iterable[Quad]) -> str | None:
    """The key of the build that these quads describe."""
    keys = (quad.object for quad in quads if quad.predicate == term("gwr:buildKey"))
    return next((key.value for key in keys if isinstance(key, Literal)), None)


def build_key(
    sha256: str,
    source: str,
    given: Mapping[str, object],
    segmenter: str,
    *,
    kind: str = "text",
    base_iri: str = DEFAULT_BASE,
) -> str:
    """A digest of all that a report's graph is made of: if it is the same, so is the graph.

    ``sha256`` is of the file's bytes, ``source`` the file's name, ``given`` what was known beforehand, ``kind`` what
    the file is: ``text``, ``html``, ``pdf`` or ``docx``.
    """
    told = {name: str(value) for name, value in given.items()}
    parts = [sha256, source, told, segmenter, base_iri, kg.__version__, vocabulary_hash(), _code_hash()]
    # the segmenter has its dictionary with it; other libraries count only where they read the file
    parts += [unicodedata.unidata_version, *map(version_of, (segmenter, *_READERS.get(kind, ())))]
    return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()


@lru_cache(maxsize=16)
def version_of(module: str) -> str:
    """The version of the installed distribution that a module of the same name is of; empty if there is none.

    >>> version_of("rjieba") != "", version_of("no_such_module")
    (True, '')
    """
    spec = importlib.util.find_spec(module)
    if spec is None or spec.origin is None:
        return ""
    # what importlib.metadata says, which takes longer to import than a store to open
    found = list(Path(spec.origin).parent.parent.glob(f"{module}-*.dist-info"))
    if len(found) == 1:
        return found[0].name.removeprefix(f"{module}-").removesuffix(".dist-info")
    from importlib import metadata

    try:
        return metadata.version(module)
    except metadata.PackageNotFoundError:
        return ""


@kept_on_disk
def vocabulary_hash() -> str:
    """SHA-256 over the word lists and code lists that a report's graph depends on: names and contents, sorted."""
    lists = [path for path in resources.folder("data").iterdir() if not path.name.startswith(_OTHERS)]
    return _digest([*lists, *resources.folder("ontology").glob("*.ttl")])


@kept_on_disk
def _code_hash() -> str:
    """Of the code, too: who works on it has one version all the time."""
    package = Path(kg.__file__).parent
    paths = [package / name for name in _CODE]
    return _digest(file for path in paths for file in ([path] if path.is_file() else path.rglob("*.py")))


def _digest(files: Iterable[Path]) -> str:
    whole = hashlib.sha256()
    for file in sorted(files, key=lambda file: (file.parent.name, file.name)):  # wherever they lie
        if file.is_file():
            data = file.read_bytes()
            whole.update(f"{file.name}\0{len(data)}\0".encode())
            whole.update(data)
    return whole.hexdigest()


def _instant(text: str) -> Literal:
    """As Oxigraph keeps it: without closing zeros of the fraction."""
    return Literal(re.sub(r"(\.\d*?)0+(?=Z)", r"\1", text).replace(".Z", "Z"), datatype=term("xsd:dateTime"))
