"""Many reports into the store: packed where they are made, written in batches by one.

A report is packed as Turtle, which is a fifteenth of the size of its quads as Python objects pickle and is written and
read thirty times as fast.  A batch is one TriG document, which Oxigraph loads in a single step: each report's triples
once in their named graph and once for the default graph, which is the union (see :mod:`kg.graph.store`).
"""

from __future__ import annotations

import io
import threading
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from queue import Empty, Full, Queue
from typing import Final

from pyoxigraph import NamedNode, Quad, RdfFormat, Store, parse, serialize

from kg.graph.store import NOT_WRITTEN, Identity, former_graphs, holds, identity_of, replace_report, telling
from kg.graph.vocab import PREFIXES

#: So many triples make a batch: writing them takes two seconds and 0.6 GB.  Oxigraph merges the files of every
#: second batch with all there is on the first level, so that half as many take half as much of that.
BATCH: Final = 300_000
#: Where others make reports meanwhile, a batch is about this part of all, up to :data:`BATCH`: all but the last are
#: written beside their work.  But none is smaller than so many triples, for each takes its time whatever is in it.
_STEPS: Final = 6
_SMALL: Final = 50_000
#: So many reports at most wait for the writer.
WAITING: Final = 32

_HEADER: Final = "".join(f"@prefix {prefix}: <{iri}> .\n" for prefix, iri in PREFIXES.items()).encode()


@dataclass(frozen=True, slots=True)
class Packed:
    """One report's graph: its name, its triples as Turtle without the prefixes, what tells which report it is."""

    graph: str
    body: bytes
    triples: int
    identity: Identity
    #: what is said of how it was built, in another graph
    notes: tuple[Quad, ...] = ()

    def quads(self) -> list[Quad]:
        """The quads that were packed."""
        graph = NamedNode(self.graph)
        return [
            Quad(triple.subject, triple.predicate, triple.object, graph)
            for triple in parse(input=_HEADER + self.body, format=RdfFormat.TURTLE)
        ]


def pack(quads: Sequence[Quad], graph: NamedNode, notes: Iterable[Quad] = (), *, lines: bool = False) -> Packed:
    """A report's quads, all of one named graph, without duplicates; ValueError for one that is not of it.

    ``notes`` is what :func:`kg.graph.provenance.describe` says of its build.  ``lines`` packs it as N-Triples, which is
    Turtle, too, sorted: what leaves the process is to be the same whoever reads it.
    """
    identity = identity_of(quads, graph)
    if lines:
        body = "".join(sorted(f"{quad.triple} .\n" for quad in quads)).encode()
        return Packed(graph.value, body, len(quads), identity, tuple(notes))
    out = io.BytesIO()
    serialize((quad.triple for quad in quads), out, RdfFormat.TURTLE, prefixes=PREFIXES)
    turtle = out.getvalue()
    begin = 0
    while turtle.startswith(b"@prefix ", begin):
        begin = turtle.index(b"\n", begin) + 1
    return Packed(graph.value, turtle[begin:], len(quads), identity, tuple(notes))


class Batches:
    """Puts packed reports into a store, several in one step, with the outcome of :func:`kg.graph.store.write_reports`.

    What was added is in the store for certain only after :meth:`flush`.  Both raise
    :class:`~kg.errors.StoreError` if the store cannot be written.
    """

    def __init__(
        self,
        store: Store,
        size: int = BATCH,
        *,
        coming: int | None = None,
        written: Callable[[Sequence[Packed]], None] | None = None,
    ) -> None:
        """``coming`` is how many reports others make meanwhile; ``written`` is told of the reports of each batch."""
        self._store = store
        self._size = size
        self._coming = coming
        self._written = written
        #: how many reports were added, and their triples
        self._count = self._sum = 0
        self._fresh: dict[str, Packed] = {}
        self._triples = 0
        #: how many steps it took
        self.steps = 0

    def add(self, report: Packed) -> None:
        """Put a report in the place of what there is of it, in the store and among what waits."""
        for other in [g for g, p in self._fresh.items() if g == report.graph or p.identity.same_place(report.identity)]:
            self._triples -= self._fresh.pop(other).triples
        graph = NamedNode(report.graph)
        with telling("the store cannot be read"):
            known = holds(self._store, graph) or former_graphs(self._store, report.identity, graph)
        if known:
            self.steps += 1
            replace_report(self._store, report.quads(), graph, build=report.notes)
            return
        self._fresh[report.graph] = report
        self._triples += report.triples
        self._count += 1
        self._sum += report.triples
        if self._triples >= self._enough():
            self.flush()

    def _enough(self) -> int:
        """How many triples make a batch."""
        if self._coming is None:
            return self._size
        share = self._sum * self._coming // (self._count * _STEPS)
        return min(self._size, max(_SMALL, share))

    def flush(self) -> None:
        """Write what waits."""
        if not self._fresh:
            return
        parts = [_HEADER]
        for report in self._fresh.values():
            parts += [report.body, f"<{report.graph}> {{\n".encode(), report.body, b"}\n"]
            for note in report.notes:
                parts.append(f"{note.triple} .\n{note.graph_name} {{ {note.triple} }}\n".encode())
        with telling(NOT_WRITTEN):
            self._store.bulk_load(b"".join(parts), format=RdfFormat.TRIG)
        reports = list(self._fresh.values())
        self._fresh.clear()
        self._triples = 0
        self.steps += 1
        if self._written is not None:
            self._written(reports)


class Writer:
    """A thread that writes what it is given, in that order, while others make more; a context manager.

    Leaving it waits until all is written, or, if an exception leaves it, until the step that is being written is, with
    what is computed of it.
    What goes wrong is raised by the next :meth:`put`, or at the end.
    """

    def __init__(self, write: Callable[[Packed], None], finish: Callable[[], None]) -> None:
        self._write, self._finish = write, finish
        self._queue: Queue[Packed | None] = Queue(WAITING)
        self._fault: BaseException | None = None
        self._abandoned = False
        self._thread = threading.Thread(target=self._run, name="kg-writer", daemon=True)

    def __enter__(self) -> Writer:
        self._thread.start()
        return self

    def __exit__(self, kind: object, *raised: object) -> None:
        if kind is not None:
            self._abandoned = True
            while True:  # make room for the end
                try:
                    self._queue.get_nowait()
                except Empty:
                    break
        self._queue.put(None)
        self._thread.join()
        if kind is None and self._fault is not None:
            raise self._fault

    def put(self, report: Packed) -> None:
        """Hand a report over; waits while too many wait."""
        while True:
            if self._fault is not None:
                raise self._fault
            try:
                self._queue.put(report, timeout=0.5)
                return
            except Full:
                continue

    def _run(self) -> None:
        while (report := self._queue.get()) is not None:
            if self._fault is not None or self._abandoned:
                continue
            try:
                self._write(report)
            except BaseException as error:
                self._fault = error
        if self._fault is None and not self._abandoned:
            try:
                self._finish()
            except BaseException as error:
                self._fault = error
