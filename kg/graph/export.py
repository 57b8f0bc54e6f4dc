"""The graph as a file: five formats, sorted, so that equal stores give equal bytes.

A file appears under its name when it is whole, or not at all.
"""

from __future__ import annotations

import gzip
import json
import os
import secrets
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from itertools import groupby
from pathlib import Path
from typing import IO, Any, Final, Literal, cast, get_args

import pyoxigraph as ox

from kg.errors import ExportError
from kg.graph.provenance import is_builds_graph
from kg.graph.reading import has_union
from kg.graph.store import is_links_graph, is_verdicts_graph, named_quads
from kg.graph.vocab import ONTOLOGY_GRAPH, PREFIXES

Format = Literal["turtle", "ntriples", "nquads", "trig", "jsonld"]
GraphChoice = Literal["report", "ontology", "links", "verdicts", "builds", "all"]

FORMATS: Final[tuple[Format, ...]] = get_args(Format)
GRAPHS: Final[tuple[GraphChoice, ...]] = get_args(GraphChoice)

_RDF_FORMATS = {
    "turtle": ox.RdfFormat.TURTLE,
    "ntriples": ox.RdfFormat.N_TRIPLES,
    "nquads": ox.RdfFormat.N_QUADS,
    "trig": ox.RdfFormat.TRIG,
}


def export(
    store: ox.Store,
    out: str | Path | IO[bytes],
    *,
    format: Format = "turtle",
    graph: GraphChoice = "all",
) -> int:
    """Write graphs of the store to a file or a binary stream; the number of triples (or quads) written.

    ``turtle`` and ``ntriples`` hold the union of the chosen graphs, ``nquads``, ``trig`` and
    ``jsonld`` the graphs by name.  A path that ends in ``.gz`` is compressed.  Raises
    :class:`ExportError` if the file cannot be written; what was there before is then
    still there.
    """
    if isinstance(out, str | Path):
        return _to_file(store, Path(out), format, graph)
    return _write(store, out, format, graph)


def _to_file(store: ox.Store, path: Path, format: Format, graph: GraphChoice) -> int:
    with whole_file(path) as file:
        if path.suffix != ".gz":
            return _write(store, file, format, graph)
        # no name and no time inside: equal content, equal bytes
        with gzip.GzipFile(filename="", mode="wb", fileobj=file, mtime=0) as packed:
            return _write(store, cast(IO[bytes], packed), format, graph)


#: The files that are being written, for who ends the process without an exception.
PARTS: Final[set[Path]] = set()


@contextmanager
def whole_file(path: Path) -> Iterator[IO[bytes]]:
    """A file to be written to, that has its name when it is whole; what was there before stays until then.

    What is no ordinary file (a pipe, /dev/stdout) is written to as it is.  Raises :class:`ExportError`.
    """
    part: Path | None = None
    if (path.parent / "CURRENT").is_file() and (path.parent / "IDENTITY").is_file():
        raise ExportError("cannot be written: it would lie among the files of a store", file=path)
    try:
        if _is_device(path):
            with path.open("wb") as file:
                yield file
            return
        # beside the target: only within one file system does a rename replace in one step
        part = path.with_name(f".{path.name[:30]}.{secrets.token_hex(6)}.part")  # a name may have 255 bytes
        PARTS.add(part)  # before it is there: a signal may come between any two lines
        with open(part, "xb", opener=lambda name, flags: os.open(name, flags, 0o600)) as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        part.chmod(_mode(path))
        part.replace(path)
    except OSError as error:
        raise ExportError(f"cannot be written: {error.strerror or error}", file=path) from None
    finally:
        if part is not None:
            with suppress(OSError):  # gone when all went well
                part.unlink()
            PARTS.discard(part)


def _is_device(path: Path) -> bool:
    """Whether the path is something that writing to must not replace; /dev/stdout is a link, to a file perhaps."""
    if path.is_symlink() and path.parent.resolve().parts[1:2] in (("dev",), ("proc",)):
        return True
    return path.exists() and not path.is_file()


def _mode(path: Path) -> int:
    """The permissions of the file that is replaced, else those of any new file (a part's are the owner's alone)."""
    try:
        return path.stat().st_mode & 0o777
    except FileNotFoundError:
        mask = os.umask(0)
        os.umask(mask)
        return 0o666 & ~mask


def _write(store: ox.Store, out: IO[bytes], format: Format, graph: GraphChoice) -> int:
    quads = _named(chosen(store, graph))
    if format in ("turtle", "ntriples"):
        triples = sorted({quad.triple for quad in quads}, key=_order)
        ox.serialize(triples, out, _RDF_FORMATS[format], prefixes=_prefixes(format))
        return len(triples)
    quads.sort(key=lambda quad: (str(quad.graph_name), *_order(quad.triple)))
    if format == "jsonld":
        out.write(_json_ld(quads).encode())
    else:
        ox.serialize(quads, out, _RDF_FORMATS[format], prefixes=_prefixes(format))
    return len(quads)


def _prefixes(format: str) -> dict[str, str] | None:
    return PREFIXES if format in ("turtle", "trig") else None


def chosen(store: ox.Store, graph: GraphChoice) -> Iterable[ox.Quad]:
    """The quads of the chosen graphs, in no order; "all" are all but the builds, in which the time is."""
    if graph == "all":
        yield from (quad for quad in named_quads(store) if not is_builds_graph(quad.graph_name))
        if not has_union(store):  # else the default graph only repeats the others
            known = {quad.triple for quad in named_quads(store)}
            default = store.quads_for_pattern(None, None, None, ox.DefaultGraph())
            yield from (quad for quad in default if quad.triple not in known)
        return
    if graph == "ontology":
        yield from store.quads_for_pattern(None, None, None, ONTOLOGY_GRAPH)
        return
    for name in store.named_graphs():
        kinds = {"links": is_links_graph, "builds": is_builds_graph, "verdicts": is_verdicts_graph}
        kind = next((kind for kind, is_it in kinds.items() if is_it(name)), "report")
        if name != ONTOLOGY_GRAPH and kind == graph:
            yield from store.quads_for_pattern(None, None, None, name)


def _named(quads: Iterable[ox.Quad]) -> list[ox.Quad]:
    """The quads with canonical names (RDFC-1.0) for blank nodes, whose own names change with every load."""
    listed = list(quads)
    if any(isinstance(q.subject, ox.BlankNode) or isinstance(q.object, ox.BlankNode) for q in listed):
        dataset = ox.Dataset(listed)
        dataset.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
        listed = list(dataset)
    return listed


_TYPE = ox.NamedNode(PREFIXES["rdf"] + "type")


def _order(triple: ox.Triple) -> tuple[str, bool, str, str]:
    """By subject, what it is first, then by predicate and object."""
    return str(triple.subject), triple.predicate != _TYPE, str(triple.predicate), str(triple.object)


# JSON-LD --------------------------------------------------------------------------------------------------------------
# pyoxigraph writes expanded JSON-LD without a context; people who take JSON-LD want the short names.


def _json_ld(quads: list[ox.Quad]) -> str:
    """Compact JSON-LD 1.1 of quads sorted by graph, subject and predicate, one graph after the other."""
    schemes = {iri.partition(":")[0] for quad in quads for iri in _iris(quad)}
    # <geo:23.1,113.3> would be read as a compact IRI if "geo" were a prefix
    prefixes = {prefix: iri for prefix, iri in PREFIXES.items() if prefix not in schemes}
    shorten = _Shortener(prefixes)
    document: list[dict[str, Any]] = []
    for graph, members in groupby(quads, key=lambda quad: quad.graph_name):
        nodes = [
            _json_node(subject, list(about), shorten) for subject, about in groupby(members, key=lambda q: q.subject)
        ]
        if isinstance(graph, ox.DefaultGraph):
            document.extend(nodes)
        else:
            document.append({"@id": _json_id(graph), "@graph": nodes})
    return json.dumps({"@context": prefixes, "@graph": document}, ensure_ascii=False, indent=1) + "\n"


def _iris(quad: ox.Quad) -> Iterable[str]:
    for node in (quad.subject, quad.predicate, quad.object, quad.graph_name):
        if isinstance(node, ox.NamedNode):
            yield node.value


class _Shortener(dict[str, str]):
    """IRI to compact IRI, where a prefix fits; fills itself."""

    def __init__(self, prefixes: dict[str, str]) -> None:
        super().__init__()
        self.prefixes = prefixes

    def __missing__(self, iri: str) -> str:
        short = iri
        for prefix, namespace in self.prefixes.items():
            # what follows must not start with "//" nor be empty; otherwise any character may stand in it
            if iri.startswith(namespace) and iri != namespace and not iri.startswith(namespace + "//"):
                short = f"{prefix}:{iri[len(namespace) :]}"
                break
        self[iri] = short
        return short


def _json_id(node: object) -> str:
    if isinstance(node, ox.NamedNode):
        return node.value
    if isinstance(node, ox.BlankNode):
        return str(node)
    raise ExportError(f"JSON-LD cannot hold {node}")  # a triple term of RDF 1.2


def _json_node(subject: Any, quads: list[ox.Quad], shorten: _Shortener) -> dict[str, Any]:
    node: dict[str, Any] = {"@id": _json_id(subject)}
    for predicate, members in groupby(quads, key=lambda quad: quad.predicate):
        objects = [member.object for member in members]
        if predicate == _TYPE:
            node["@type"] = [shorten[_json_id(o)] for o in objects]
        else:
            node[shorten[predicate.value]] = [_json_value(o, shorten) for o in objects]
    return node


def _json_value(value: object, shorten: _Shortener) -> Any:
    if not isinstance(value, ox.Literal):
        return {"@id": _json_id(value)}
    if value.language:
        return {"@language": value.language, "@value": value.value}
    if value.datatype.value == PREFIXES["xsd"] + "string":
        return {"@value": value.value}
    # numbers as strings with their type: JSON's own would lose "1.0" and the digits of large ones
    return {"@type": shorten[value.datatype.value], "@value": value.value}
