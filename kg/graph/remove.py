"""Which reports of a store somebody means, to take them out of it."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pyoxigraph import NamedNode, Store

from kg.errors import UnknownName
from kg.graph.store import METADATA
from kg.graph.vocab import SPARQL_PREFIXES


@dataclass(frozen=True, slots=True)
class Listed:
    """A report of the store, by all that it may be called."""

    graph: NamedNode
    report: str
    title: str | None
    areas: frozenset[str]
    year: int | None
    source: str | None
    sha256: str | None

    def __str__(self) -> str:
        area = max(self.areas, key=len, default="?")
        return f"{self.graph.value} ({self.source or '?'}, {area} {self.year or '?'})"


def listed(store: Store) -> list[Listed]:
    """The reports of the store, by the names of their graphs."""
    rows: dict[NamedNode, list[dict[str, str | None]]] = {}
    found: Any = store.query(SPARQL_PREFIXES + METADATA)
    for row in found:
        names = ("r", "title", "area", "year", "source", "sha")
        rows.setdefault(row["g"], []).append({n: row[n].value if row[n] is not None else None for n in names})
    out = []
    for graph, several in rows.items():
        first = several[0]
        areas = frozenset(row["area"] for row in several if row["area"] is not None)
        year = int(first["year"]) if first["year"] else None
        out.append(Listed(graph, first["r"] or "", first["title"], areas, year, first["source"], first["sha"]))
    return sorted(out, key=lambda report: report.graph.value)


def choose(
    store: Store, names: Sequence[str] = (), *, area: str | None = None, year: int | None = None
) -> list[NamedNode]:
    """The graphs of the reports that are meant, each once.

    A name is the IRI of a report or of its graph, a file (that very file if it is there, else one of that name), or
    a title.  ``area``, with its full name, and ``year`` narrow down what the names mean; without names they mean all
    reports of that area and year.

    Raises :class:`~kg.errors.UnknownName` for a name that means no report, or more than one.
    """
    every = [
        report
        for report in listed(store)
        if (area is None or area in report.areas) and (year is None or report.year == year)
    ]
    if not names:
        if not every:
            raise UnknownName(f"no report of {' '.join(str(n) for n in (area, year) if n is not None)} is in the store")
        return [report.graph for report in every]
    chosen: dict[NamedNode, None] = {}
    for name in names:
        meant = _meant(every, name)
        if not meant:
            raise UnknownName(f"no report in the store is called {name!r}", hint="kg stats lists them")
        if len(meant) > 1:
            which = "; ".join(map(str, meant[:5])) + ("; …" if len(meant) > 5 else "")
            raise UnknownName(f"{name!r} may be {len(meant)} reports: {which}", hint="give --area, --year, or an IRI")
        chosen[meant[0].graph] = None
    return list(chosen)


def _meant(every: Sequence[Listed], name: str) -> list[Listed]:
    if exact := [report for report in every if name in (report.graph.value, report.report)]:
        return exact
    path = Path(name)
    if path.is_file():
        digest = _digest(path)
        if same := [report for report in every if report.sha256 == digest]:
            return same
    return [report for report in every if report.source == path.name or report.title == name]


def _digest(path: Path) -> str:
    """SHA-256 of a file of any size, in pieces."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
