"""What became of the targets of a store, as a graph: computed from the figures of all reports on an area.

A verdict needs more than one report, so it stands in none of their graphs but in one of its own, and is a function of
what the store holds, in whatever order it came there:

    <verdict>  a gwr:Verdict ; gwr:promise <target> ; gwr:outcome <figure> ; gwr:fulfilment gwr:kept ;
               gwr:reason … ; gwr:caveat … ; gwr:series <area> .
    <area>     gwr:seriesKey "…" .

The key of a series of reports is a digest of what the verdicts were computed from: who changes the reports of an area
computes them anew, and so does the next who writes, if the one before was killed.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from pyoxigraph import Literal, NamedNode, Quad, Store

from kg import resources
from kg.graph import iri, reading
from kg.graph import store as stores
from kg.graph.vocab import term

if TYPE_CHECKING:
    from kg.graph.reading import Readable

_REPORTS: Final = """
SELECT ?graph ?area {
  ?_among
  GRAPH ?graph { ?report a gwr:Report ; gwr:about ?area ; gwr:year ?year }
}
"""
_BUILDS: Final = """
SELECT ?graph ?key {
  ?_among
  GRAPH ?builds { ?graph prov:wasGeneratedBy ?build . ?build gwr:buildKey ?key }
}
"""
#: What the verdicts depend on beside the figures.
_CODE: Final = ("promises.py", "basis.py", "figures.py", "verdicts.py")
_TABLES: Final = (
    "audit_acts.tsv",
    "audit_aims.tsv",
    "audit_cues.tsv",
    "audit_real.tsv",
    "audit_vague.tsv",
    "units.tsv",
)


#: So many quads of areas that had no verdicts are written in one step.
_BATCH: Final = 100_000
_NONE_WAIT: Final[Mapping[tuple[str, str], str | None]] = MappingProxyType({})


def refresh(store: Store) -> int:
    """Bring the verdicts up to what the store holds; of how many areas they had to be computed anew.

    An area that only one report is on has none: nobody could know yet.  Each area's verdicts change in one step.

    Raises :class:`~kg.errors.StoreError` if the store cannot be written.
    """
    return Refresh(store).finish()


class Refresh:
    """What :func:`refresh` does, of which a part can be done while reports are still coming.

    What is computed of areas that had no verdicts waits until there is much of it, or for :meth:`finish`, which
    computes anew what has become outdated meanwhile.  All of it raises :class:`~kg.errors.StoreError` if the store
    cannot be written.
    """

    def __init__(self, store: Store) -> None:
        self._store = store
        #: the verdicts that wait, by base and area, and how many quads they are
        self._waiting: dict[tuple[str, str], Change] = {}
        self._quads = 0
        #: the areas that were changed, or wait for it
        self._areas: set[tuple[str, str]] = set()
        self._changed = False

    def ahead(self, areas: Collection[str] | None) -> None:
        """Compute the verdicts of these areas, of which no more reports are expected; None is for all."""
        for change in changes(self._store, areas, {place: waiting.key for place, waiting in self._waiting.items()}):
            place = change.place
            self._areas.add(place)
            if (outdated := self._waiting.pop(place, None)) is not None:
                self._quads -= len(outdated.new)
            if change.old:
                self._replace(change)
            elif change.new:
                self._waiting[place] = change
                self._quads += len(change.new)
            if self._quads >= _BATCH:
                self._write()

    def finish(self) -> int:
        """Do the rest; of how many areas verdicts were computed."""
        self.ahead(None)
        self._write()
        if self._changed:
            with stores.telling(stores.NOT_WRITTEN):
                self._store.flush()
        return len(self._areas)

    def _replace(self, change: Change) -> None:
        store, new, old = self._store, change.new, change.old
        stores.change_graph(store, change.graph, added=new - old, removed=old - new, flush=False)
        self._changed = True
        if not new and not any(True for _ in store.quads_for_pattern(None, None, None, change.graph)):
            stores.drop_empty(store, change.graph)

    def _write(self) -> None:
        if self._waiting:
            stores.add_quads(self._store, [quad for change in self._waiting.values() for quad in change.new])
            self._waiting.clear()
            self._quads = 0
            self._changed = True


@dataclass(frozen=True, slots=True)
class Change:
    """An area whose verdicts are out of date: what their graph says of it, and what it has to say."""

    graph: NamedNode
    area: NamedNode
    old: frozenset[Quad]
    new: frozenset[Quad]
    #: the base of the IRIs, and the area's
    place: tuple[str, str]
    #: what the new verdicts were computed from; None where there are none
    key: str | None


def changes(
    store: Readable, areas: Collection[str] | None = None, waiting: Mapping[tuple[str, str], str | None] = _NONE_WAIT
) -> Iterator[Change]:
    """What is to be changed of these areas, or of all, an area at a time, each computed when it is asked for.

    ``waiting`` are the keys of what was computed before and is not yet in the store, by base and area.  What it holds
    of a store meanwhile are the names of all reports, and what the reports on one area say.
    """
    series = _series(store, areas)
    keys = {key: _digest(sorted(graphs.items(), key=str)) for key, graphs in series.items() if len(graphs) > 1}
    known = {**_known(store, areas), **waiting}
    for base, area in sorted(keys.keys() | known.keys()):
        key = keys.get((base, area))
        if key == known.get((base, area)) or (areas is not None and area not in areas):
            continue
        graph, node = NamedNode(iri.verdicts_graph_iri(base)), NamedNode(area)
        new = _quads(store, base, area, sorted(series[base, area], key=str), key) if key is not None else ()
        yield Change(graph, node, frozenset(_of(store, graph, node)), frozenset(new), (base, area), key)


def _series(store: Readable, areas: Collection[str] | None) -> dict[tuple[str, str], dict[NamedNode, str]]:
    """The reports on each area whose year is known: graphs, each with the key of its build; by base and area."""
    about = list(reading.rows(store, _among(_REPORTS, "area", areas)))
    graphs = None if areas is None else {graph.value for graph, _ in about}
    builds = {graph: key.value for graph, key in reading.rows(store, _among(_BUILDS, "graph", graphs))}
    standing = reading.standing(store)
    out: dict[tuple[str, str], dict[NamedNode, str]] = defaultdict(dict)
    for graph, area in about:
        base, found, _ = graph.value.rpartition("graph/")
        if found and graph not in standing:
            out[base, area.value][graph] = builds.get(graph, "")
    return out


def _among(query: str, variable: str, values: Collection[str] | None) -> str:
    """A query of what has one of these values; None is for all."""
    told = "" if values is None else " ".join(str(NamedNode(value)) for value in sorted(values))
    return query.replace("?_among", "" if values is None else f"VALUES ?{variable} {{ {told} }}")


def _known(store: Readable, areas: Collection[str] | None) -> dict[tuple[str, str], str]:
    """The keys of the verdicts that the store has, by base and area."""
    out = {}
    for area in (None,) if areas is None else map(NamedNode, sorted(areas)):
        for quad in store.quads_for_pattern(area, term("gwr:seriesKey"), None, None):
            if isinstance(quad.graph_name, NamedNode) and isinstance(quad.subject, NamedNode):
                base = quad.graph_name.value.removesuffix("graph/verdicts")
                out[base, quad.subject.value] = quad.object.value if isinstance(quad.object, Literal) else ""
    return out


def _of(store: Readable, graph: NamedNode, area: NamedNode) -> Iterator[Quad]:
    """All that the graph says of one area's verdicts."""
    yield from store.quads_for_pattern(area, term("gwr:seriesKey"), None, graph)
    nodes = [quad.subject for quad in store.quads_for_pattern(None, term("gwr:series"), area, graph)]
    for node in reading.one_by_one(store, nodes, graph):
        yield from store.quads_for_pattern(node, None, None, graph)


def _quads(store: Readable, base: str, area: str, graphs: list[NamedNode], key: str) -> Iterator[Quad]:
    from kg.audit.figures import read_figures
    from kg.audit.promises import Caveat, promises

    graph, series = NamedNode(iri.verdicts_graph_iri(base)), NamedNode(area)
    yield Quad(series, term("gwr:seriesKey"), Literal(key), graph)
    for promise in promises(read_figures(store, graphs)):
        node = NamedNode(f"{base}verdict/{iri.digest(promise.target.iri)}")

        def say(curie: str, object: NamedNode | Literal, node: NamedNode = node) -> Quad:
            return Quad(node, term(curie), object, graph)

        yield say("rdf:type", term("gwr:Verdict"))
        yield say("gwr:series", series)
        yield say("gwr:promise", NamedNode(promise.target.iri))
        yield say("gwr:fulfilment", term(f"gwr:{promise.verdict.value}"))
        if promise.outcome is not None:
            yield say("gwr:outcome", NamedNode(promise.outcome.iri))
        if promise.reason is not None:
            yield say("gwr:reason", Literal(promise.reason.value, language="en"))
        for caveat in promise.caveats:
            yield say("gwr:caveat", Literal(caveat.value, language="en"))
        if promise.revised is not None:
            yield say("gwr:caveat", Literal(Caveat.REVISED.value, language="en"))
            yield say("gwr:revisedOutcome", NamedNode(promise.revised.iri))


def _digest(parts: object) -> str:
    return hashlib.sha256(f"{_version()} {parts}".encode()).hexdigest()[:32]


@lru_cache(maxsize=1)
def _version() -> str:
    """A digest of the rules and the word lists that verdicts are made by."""
    whole = hashlib.sha256()
    files = [Path(__file__).parent / name for name in _CODE] + [resources.folder("data") / name for name in _TABLES]
    for file in files:
        data = file.read_bytes()
        whole.update(f"{file.name}\0{len(data)}\0".encode())
        whole.update(data)
    return whole.hexdigest()
