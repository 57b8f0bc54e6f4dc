"""Exports of what the project does not write itself but a store may hold."""

from __future__ import annotations

import io
import json
import os
import stat
from pathlib import Path

import pyoxigraph as ox
import pytest
import rdflib
import rdflib.compare

from kg.errors import ExportError
from kg.graph.export import FORMATS, Format, export
from kg.graph.vocab import term

N = ox.NamedNode


def written(store: ox.Store, format: Format) -> bytes:
    out = io.BytesIO()
    export(store, out, format=format)
    return out.getvalue()


def with_blank_nodes(names: tuple[str, str]) -> ox.Store:
    """Two decisions on links, as SSSOM files have them: blank nodes."""
    store = ox.Store()
    for name, label in zip(names, ("甲", "乙"), strict=True):
        for predicate, value in (("sssom:subject_label", ox.Literal(label)), ("sssom:see", ox.BlankNode(names[0]))):
            store.add(ox.Quad(ox.BlankNode(name), term(predicate), value, N("https://w3id.org/gwr/id/graph/links")))
    return store


@pytest.mark.parametrize("format", FORMATS)
def test_the_names_of_blank_nodes_leave_no_trace(format: Format) -> None:
    data = written(with_blank_nodes(("x", "y")), format)
    assert data == written(with_blank_nodes(("q", "p")), format)
    kind = {"turtle": "turtle", "ntriples": "nt", "nquads": "nquads", "trig": "trig", "jsonld": "json-ld"}[format]
    dataset, found, expected = rdflib.Dataset(), rdflib.Graph(), rdflib.Graph()
    dataset.parse(data=data.decode(), format=kind)
    for s, p, o, _ in dataset.quads():
        found.add((s, p, o))
    expected.parse(data="".join(f"{q.triple} .\n" for q in with_blank_nodes(("x", "y"))), format="nt")
    assert rdflib.compare.isomorphic(found, expected)


def test_an_iri_whose_scheme_is_a_prefix_stays_itself_in_json_ld() -> None:
    """geo:23.1,113.3 (RFC 5870) is not http://www.opengis.net/ont/geosparql#23.1,113.3."""
    store = ox.Store()
    store.add(
        ox.Quad(N("https://example.org/a"), term("geo:hasGeometry"), N("geo:23.1,113.3"), N("https://example.org/g"))
    )
    data = written(store, "jsonld")
    assert "geo" not in json.loads(data)["@context"]
    assert [q.object for q in ox.parse(data, format=ox.RdfFormat.JSON_LD)] == [N("geo:23.1,113.3")]


def test_json_ld_keeps_the_default_graph_and_every_kind_of_literal() -> None:
    store = ox.Store()
    subject = N("https://example.org/a")
    for value in (
        ox.Literal("x"),
        ox.Literal("名", language="zh"),
        ox.Literal("1.50", datatype=N("https://example.org/price")),
        ox.Literal(True),
        ox.Literal(7),
        N("https://w3id.org/gwr/ontology#"),
    ):
        store.add(ox.Quad(subject, term("rdfs:seeAlso"), value))
    assert set(ox.parse(written(store, "jsonld"), format=ox.RdfFormat.JSON_LD)) == set(store)


def test_an_empty_store_gives_a_valid_file() -> None:
    for format in FORMATS:
        parsed = {"turtle": "TURTLE", "ntriples": "N_TRIPLES", "nquads": "N_QUADS", "trig": "TRIG", "jsonld": "JSON_LD"}
        assert list(ox.parse(written(ox.Store(), format), format=getattr(ox.RdfFormat, parsed[format]))) == []


@pytest.mark.skipif(os.name != "posix", reason="POSIX permissions")
def test_a_file_gets_the_permissions_that_it_had_or_those_of_a_new_one(small_store: ox.Store, tmp_path: Path) -> None:
    (tmp_path / "plain").touch()
    export(small_store, tmp_path / "new.ttl")
    assert stat.S_IMODE((tmp_path / "new.ttl").stat().st_mode) == stat.S_IMODE((tmp_path / "plain").stat().st_mode)
    (tmp_path / "old.ttl").touch(mode=0o600)
    (tmp_path / "old.ttl").chmod(0o640)
    export(small_store, tmp_path / "old.ttl")
    assert stat.S_IMODE((tmp_path / "old.ttl").stat().st_mode) == 0o640


def test_a_folder_that_is_not_there_is_an_error(small_store: ox.Store, tmp_path: Path) -> None:
    with pytest.raises(ExportError, match="No such file"):
        export(small_store, tmp_path / "nowhere" / "g.ttl")
    with pytest.raises(ExportError):
        export(small_store, tmp_path)
    assert list(tmp_path.iterdir()) == []
