"""Exports are whole, sorted and the same in every format."""

from __future__ import annotations

import gzip
import io
from pathlib import Path

import pyoxigraph as ox
import pytest
import rdflib
import rdflib.compare

from kg.errors import ExportError
from kg.graph import export as exporting
from kg.graph.export import FORMATS, Format, export
from kg.graph.vocab import ONTOLOGY_GRAPH
from tests.union import in_graphs

RDFLIB = {"turtle": "turtle", "ntriples": "nt", "nquads": "nquads", "trig": "trig", "jsonld": "json-ld"}


def written(store: ox.Store, format: Format, graph: exporting.GraphChoice = "all") -> bytes:
    out = io.BytesIO()
    export(store, out, format=format, graph=graph)
    return out.getvalue()


def as_rdflib(data: bytes, format: Format) -> rdflib.Graph:
    """The union of all graphs in the file."""
    dataset = rdflib.Dataset()
    dataset.parse(data=data.decode(), format=RDFLIB[format])
    union = rdflib.Graph()
    for s, p, o, _ in dataset.quads():
        union.add((s, p, o))
    return union


@pytest.mark.parametrize("format", FORMATS)
def test_loads_into_rdflib_without_loss(small_store: ox.Store, format: Format) -> None:
    expected = rdflib.Graph()
    lines = "".join(f"{t} .\n" for t in {q.triple for q in small_store})
    expected.parse(data=lines, format="nt")
    found = as_rdflib(written(small_store, format), format)
    assert len(found) == len(expected)
    assert rdflib.compare.isomorphic(found, expected)


@pytest.mark.parametrize("format", ["nquads", "trig", "jsonld"])
def test_named_graphs_keep_their_names(small_store: ox.Store, format: Format) -> None:
    dataset = rdflib.Dataset()
    dataset.parse(data=written(small_store, format).decode(), format=RDFLIB[format])
    names = {str(g.identifier) for g in dataset.graphs() if len(g)}
    assert names == {str(g.value) for g in small_store.named_graphs()}


@pytest.mark.parametrize("format", FORMATS)
def test_the_order_of_building_leaves_no_trace(small_store: ox.Store, format: Format) -> None:
    turned = ox.Store()
    for quad in reversed(list(small_store)):
        turned.add(quad)
    assert written(turned, format) == written(small_store, format)


def test_the_choice_of_graphs(small_store: ox.Store) -> None:
    ontology = written(small_store, "nquads", "ontology").decode()
    report = written(small_store, "nquads", "report").decode()
    assert ONTOLOGY_GRAPH.value in ontology and ONTOLOGY_GRAPH.value + "> ." not in report
    assert len(ontology.splitlines()) + len(report.splitlines()) == len(in_graphs(small_store))
    assert written(small_store, "nquads", "links") == b""


def test_prefixes_are_declared(small_store: ox.Store) -> None:
    head = written(small_store, "turtle").decode()[:2000]
    assert "@prefix gwr: <https://w3id.org/gwr/ontology#>" in head


def test_gz_by_ending_and_the_same_bytes_each_time(small_store: ox.Store, tmp_path: Path) -> None:
    for name in ("a.nq.gz", "b.nq.gz"):
        export(small_store, tmp_path / name, format="nquads")
    assert (tmp_path / "a.nq.gz").read_bytes() == (tmp_path / "b.nq.gz").read_bytes()
    assert gzip.decompress((tmp_path / "a.nq.gz").read_bytes()) == written(small_store, "nquads")


def test_a_failed_export_leaves_what_was_there(
    small_store: ox.Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = tmp_path / "g.ttl"
    target.write_text("before")

    def broken(*_: object) -> int:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(exporting, "_write", broken)
    with pytest.raises(ExportError):
        export(small_store, target)
    assert target.read_text() == "before"
    assert [p.name for p in tmp_path.iterdir()] == ["g.ttl"]
