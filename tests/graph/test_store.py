"""A report's graph is replaced whole, and nothing else with it."""

from __future__ import annotations

import dataclasses
import subprocess
import sys
from pathlib import Path

import pyoxigraph as ox
import pytest

from kg.errors import StoreError, StoreLocked
from kg.graph import mapping, store
from kg.graph.vocab import ONTOLOGY_GRAPH
from kg.model import Extraction
from tests.conftest import small_extraction


def put(into: ox.Store, extraction: Extraction) -> store.Change:
    return store.replace_report(into, mapping.to_quads(extraction), mapping.graph_of(extraction.report))


def graph(into: ox.Store, name: ox.NamedNode) -> set[ox.Quad]:
    return set(into.quads_for_pattern(None, None, None, name))


def test_building_again_replaces_exactly_the_reports_graph(tmp_path: Path) -> None:
    into = store.open_store(tmp_path / "s")
    store.ensure_ontology(into)
    whole = small_extraction()
    other = dataclasses.replace(
        whole, report=dataclasses.replace(whole.report, sha256="f" * 64, source="other.txt", year=1999)
    )
    put(into, whole)
    put(into, other)
    before = graph(into, mapping.graph_of(other.report))
    ontology = graph(into, ONTOLOGY_GRAPH)
    fewer = dataclasses.replace(whole, relations=whole.relations[:1])
    change = put(into, fewer)
    assert change.removed > 0 and change.added == 0
    assert graph(into, mapping.graph_of(whole.report)) == set(mapping.to_quads(fewer))
    assert graph(into, mapping.graph_of(other.report)) == before
    assert graph(into, ONTOLOGY_GRAPH) == ontology


def test_the_same_report_twice_is_one_graph() -> None:
    into = ox.Store()
    put(into, small_extraction())
    change = put(into, small_extraction())
    assert (change.added, change.removed) == (0, 0)
    assert len(store.reports(into)) == 1


def test_an_edited_file_takes_the_place_of_the_one_before() -> None:
    into = ox.Store()
    whole = small_extraction()
    put(into, whole)
    edited = dataclasses.replace(whole, report=dataclasses.replace(whole.report, sha256="e" * 64))
    put(into, edited)
    assert [r.sha256 for r in store.reports(into)] == ["e" * 64]


def test_the_ontology_is_loaded_once() -> None:
    into = ox.Store()
    assert store.ensure_ontology(into) is True
    assert store.ensure_ontology(into) is False


def test_stats_count_what_went_in() -> None:
    into = ox.Store()
    store.ensure_ontology(into)
    extraction = small_extraction()
    put(into, extraction)
    stats = store.stats(into)
    assert stats.distinct_entities == len(extraction.entities)
    assert stats.observations == len(extraction.observations)
    assert stats.relations == len(extraction.relations)


def test_a_second_writer_is_told_that_the_store_is_in_use(tmp_path: Path) -> None:
    folder = tmp_path / "s"
    store.open_store(folder)  # made and closed
    code = f"import pyoxigraph, sys; s = pyoxigraph.Store({str(folder)!r}); print('open', flush=True); sys.stdin.read()"
    holder = subprocess.Popen([sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    try:
        assert holder.stdout is not None and holder.stdout.readline() == b"open\n"
        with pytest.raises(StoreLocked):
            store.open_store(folder)
    finally:
        holder.communicate()


def test_what_is_no_store_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no store")
    with pytest.raises(StoreError):
        store.open_store(tmp_path / "file")
    with pytest.raises(StoreError):
        store.open_store(tmp_path / "absent", read_only=True)
