"""Every question on stores of several sizes, cold and warm, and beside them rdflib on a small one.

    python -m bench.queries STORE [STORE ...] [--rounds 5] [--rdflib REPORTS] [--limit 20]

Cold is the first time in a process that just opened the store (the files may be in the system's cache), warm the median
of the rounds after it; the whole answer is fetched.  Each question is asked as an analyst would, about one area or
thing (see ASKED).  ``--rdflib`` takes so many reports of the first store into rdflib's memory and asks both
engines there; a question that rdflib has not answered after ``--limit`` seconds is ended, and says so.
"""

from __future__ import annotations

import argparse
import json
import math
import multiprocessing
import os
import statistics
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pyoxigraph as ox

from bench.drawing import Line, plot
from kg.graph.queries import Template, load_templates, run
from kg.graph.store import open_store

#: What is asked; parameters of this name that are not here are left out.
ASKED: dict[str, Any] = {
    "area": "广州市",
    "indicator": "地区生产总值",
    "name": "地铁",
    "text": "地铁",
    "code": "440100",
    "place": "广州市",
    "thing": "广州市",
    "unit": "元",
    "period": "2010",
    "from": 2005,
    "to": 2010,
    "adopter": "广州市",
    "supporter": "广州市",
    "container": "广州市",
    "whole": "广州市",
}


def bound(template: Template) -> str:
    """The template's query for what is asked."""
    given: dict[str, Any] = {}
    for name, parameter in template.parameters.items():
        if parameter.required or name in FIRST:
            given[name] = parameter.choices[0] if parameter.choices else ASKED.get(name, "广州市")
    return template.bind(**given)


#: Parameters that are given even where they may be left out.
FIRST = ("area", "indicator", "name", "place", "text")


def ask(store: ox.Store, query: str, *, cpu: bool = False) -> tuple[float, int]:
    """Seconds until the last row, of the wall or of the process's CPU, and how many there are."""
    clock = time.process_time if cpu else time.perf_counter
    begin = clock()
    rows = sum(1 for _ in run(store, query))
    return clock() - begin, rows


def _measured(folder: str, name: str, query: str, rounds: int, cpu: bool, pipe: Any) -> None:
    store = open_store(folder, read_only=True)
    cold, rows = ask(store, query, cpu=cpu)
    warm = [ask(store, query, cpu=cpu)[0] for _ in range(rounds)]
    pipe.send({"name": name, "rows": rows, "cold": cold, "warm": statistics.median(warm)})


def measure(
    folder: str, queries: dict[str, str], rounds: int, limit: float, *, cpu: bool = False
) -> list[dict[str, Any]]:
    """Each question in a process of its own, cold and warm."""
    context = multiprocessing.get_context("spawn")
    out = []
    for name, query in queries.items():
        here, there = context.Pipe(duplex=False)
        process = context.Process(target=_measured, args=(folder, name, query, rounds, cpu, there))
        process.start()
        if here.poll(limit):
            out.append(here.recv())
        else:
            out.append({"name": name, "rows": None, "cold": math.inf, "warm": math.inf})
        process.kill()
        process.join()
        row = out[-1]
        print(f"{folder}: {name}, {row['rows']} rows, {row['cold']:.3f} {row['warm']:.3f}", file=sys.stderr, flush=True)
    return out


def sample(folder: str, reports: int) -> ox.Store:
    """So many reports of a store, with the ontology, in memory: named graphs, and their union as the default graph."""
    store, small = open_store(folder, read_only=True), ox.Store()
    graphs = sorted((g for g in store.named_graphs() if isinstance(g, ox.NamedNode)), key=lambda g: g.value)
    others = [g for g in graphs if not any(True for _ in store.quads_for_pattern(None, _YEAR, None, g))]
    chosen = [g for g in graphs if g not in others][:reports] + [g for g in others if g.value.endswith("/ontology")]
    for graph in chosen:
        for quad in store.quads_for_pattern(None, None, None, graph):
            small.add(quad)
            small.add(ox.Quad(quad.subject, quad.predicate, quad.object))
    return small


_YEAR = ox.NamedNode("https://w3id.org/gwr/ontology#year")


def _by_rdflib(data: bytes, query: str, pipe: Any) -> None:
    import rdflib

    graph = rdflib.Dataset(default_union=True)
    begin = time.perf_counter()
    graph.parse(data=data, format="nquads")
    loaded = time.perf_counter()
    pipe.send(loaded - begin)
    rows = sum(1 for _ in graph.query(query))
    pipe.send((time.perf_counter() - loaded, rows))


def beside_rdflib(folder: str, reports: int, queries: dict[str, str], limit: float) -> list[dict[str, Any]]:
    """Both engines in memory over the same few reports, once each."""
    small = sample(folder, reports)
    named = [quad for quad in small if not isinstance(quad.graph_name, ox.DefaultGraph)]
    data = ox.serialize(named, format=ox.RdfFormat.N_QUADS)
    assert data is not None
    context = multiprocessing.get_context("spawn")
    out = []
    for name, query in queries.items():
        ours, rows = ask(small, query)
        here, there = context.Pipe(duplex=False)
        process = context.Process(target=_by_rdflib, args=(data, query, there))
        process.start()
        here.recv()
        theirs, their_rows = here.recv() if here.poll(limit) else (math.inf, None)
        process.kill()
        process.join()
        out.append({"name": name, "rows": rows, "oxigraph": ours, "rdflib": theirs, "rdflib_rows": their_rows})
    return out


#: So many questions are named in the picture, those that take longest.
NAMED = 10


def draw(sizes: Sequence[int], tables: Sequence[list[dict[str, Any]]]) -> str:
    """Warm seconds against reports, one line for each question, as SVG; what was ended has no point."""
    longest = sorted(tables[-1], key=lambda row: (-row["warm"], row["name"]))[:NAMED]
    named = {row["name"] for row in longest}
    lines = []
    for number, name in enumerate(row["name"] for row in tables[0]):
        told = [(size, table[number]["warm"]) for size, table in zip(sizes, tables, strict=True)]
        points = [(size, max(seconds, LEAST)) for size, seconds in told if math.isfinite(seconds)]
        lines.append(Line(name if name in named else "", points))
    return plot(lines, "reports", "s")


#: Below it a time is the clock's.
LEAST = 1e-4


def _cells(row: dict[str, Any]) -> str:
    if row["rows"] is None:
        return " ? | ended | |"
    return f" {row['rows']:,} | {row['cold']:.3f} | {row['warm']:.3f} |"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("stores", nargs="+", metavar="STORE")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--rdflib", type=int, metavar="REPORTS")
    parser.add_argument("--limit", type=float, default=20, help="seconds that one question may take")
    parser.add_argument("--cpu", action="store_true", help="CPU seconds, where others are busy on the machine")
    parser.add_argument("--json", type=Path, help="write the figures there, too")
    parser.add_argument("--svg", type=Path, help="draw the growth there")
    options = parser.parse_args()
    queries = {name: bound(template) for name, template in load_templates().items()}
    sizes, tables = [], []
    for folder in options.stores:
        store = open_store(folder, read_only=True)
        sizes.append(sum(1 for _ in store.quads_for_pattern(None, _YEAR, None, ox.DefaultGraph())))
        del store
        tables.append(measure(folder, queries, options.rounds, options.limit * (options.rounds + 1), cpu=options.cpu))
    load = f"load {os.getloadavg()[0]:.1f}, {os.cpu_count()} cores"
    print(f"{load}; {'CPU ' if options.cpu else ''}seconds, cold and the median of {options.rounds} after it\n")
    print("| question |" + "".join(f" {size:,} reports, rows | cold | warm |" for size in sizes))
    print("| --- |" + " --- | --- | --- |" * len(sizes))
    for rows in zip(*tables, strict=True):
        print(f"| {rows[0]['name']} |" + "".join(map(_cells, rows)))
    beside = beside_rdflib(options.stores[0], options.rdflib, queries, options.limit) if options.rdflib else []
    if beside:
        print(f"\n{options.rdflib} reports in memory, once, seconds:\n")
        print("| question | rows | Oxigraph | rdflib |\n| --- | --- | --- | --- |")
        for row in beside:
            told = f"{row['rdflib']:.2f}" if math.isfinite(row["rdflib"]) else f"more than {options.limit:g}"
            print(f"| {row['name']} | {row['rows']:,} | {row['oxigraph']:.3f} | {told} |")
    if options.svg:
        options.svg.write_text(draw(sizes, tables), encoding="utf-8")
    if options.json:
        told = {"sizes": sizes, "stores": tables, "rdflib": beside}
        options.json.write_text(json.dumps(told, ensure_ascii=False, indent=1), encoding="utf-8")


if __name__ == "__main__":
    main()
