"""What differs between two graphs, in stores and in exports."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import pyoxigraph as ox
import pytest

from kg.errors import ReadError, StoreError
from kg.graph import mapping, store
from kg.graph.diff import Change, diff, load
from kg.graph.export import export
from kg.model import Entity, EntityClass, Extraction, Observation
from tests.conftest import small_extraction


def graph(extraction: Extraction) -> ox.Store:
    into = ox.Store()
    store.ensure_ontology(into)
    store.replace_report(into, mapping.to_quads(extraction), mapping.graph_of(extraction.report))
    return into


def of(changes: tuple[Change, ...], what: str) -> list[str]:
    return [(c.after or c.before).says for c in changes if c.what == what]  # type: ignore[union-attr]


def test_a_graph_is_like_itself(small_store: ox.Store) -> None:
    found = diff(small_store, graph(small_extraction()))
    assert found.changes == () and found.only_before == found.only_after == () and found.same > 30


def test_what_is_added_lost_and_changed_is_told_with_its_words(small_store: ox.Store) -> None:
    x = small_extraction()
    first: Observation = x.observations[0]
    dropped: Entity = next(e for e in x.entities if EntityClass.HONOUR in e.classes)
    renamed = dataclasses.replace(first, indicator="地区总产值")
    after = dataclasses.replace(
        x,
        entities=tuple(e for e in x.entities if e is not dropped),
        observations=(renamed, *x.observations[1:]),
        relations=tuple(r for r in x.relations if dropped.name not in (r.subject, r.object)),
    )
    found = diff(small_store, graph(after))
    [changed] = [c for c in found.changes if c.what == "changed"]
    assert changed.before is not None and changed.after is not None and changed.place is not None
    assert changed.before.says.startswith("地区生产总值|") and changed.after.says.startswith("地区总产值|")
    text = x.report.text
    assert text[changed.place.begin : changed.place.end] == changed.place.quotation == first.value_text
    assert [
        c.before.says.split("|")[0] for c in found.changes if c.what == "lost" and c.kind == "entity" and c.before
    ] == [dropped.name]
    assert {c.kind for c in found.changes if c.what == "lost"} == {"entity", "relation"}
    assert of(found.changes, "added") == []
    backwards = diff(graph(after), small_store)
    assert sorted(of(backwards.changes, "added")) == sorted(of(found.changes, "lost"))
    assert backwards.same == found.same


def test_other_names_are_a_change_of_the_entity(small_store: ox.Store) -> None:
    x = small_extraction()
    park = next(e for e in x.entities if EntityClass.PARK in e.classes)
    after = dataclasses.replace(
        x, entities=tuple(dataclasses.replace(e, aliases=("科园",)) if e is park else e for e in x.entities)
    )
    [change] = diff(small_store, graph(after)).changes
    assert (change.kind, change.what) == ("entity", "changed") and "科园" in change.after.says  # type: ignore[union-attr]


def test_reports_that_only_one_has_are_named(small_store: ox.Store) -> None:
    found = diff(small_store, ox.Store())
    assert found.only_before == ("江城区-2011.txt",) and found.only_after == () and found.changes == ()
    assert diff(ox.Store(), small_store).only_after == ("江城区-2011.txt",)


@pytest.mark.parametrize("name", ["g.ttl", "g.nt", "g.nq", "g.trig", "g.jsonld", "g.nq.gz"])
def test_an_export_is_like_its_store(name: str, small_store: ox.Store, tmp_path: Path) -> None:
    formats = {"ttl": "turtle", "nt": "ntriples", "nq": "nquads", "trig": "trig", "jsonld": "jsonld"}
    export(small_store, tmp_path / name, format=formats[name.split(".")[1]], graph="report")  # type: ignore[arg-type]
    found = diff(small_store, load(tmp_path / name))
    assert found.changes == () and found.same == diff(small_store, small_store).same


def test_what_is_no_graph_is_told(tmp_path: Path) -> None:
    (tmp_path / "broken.ttl").write_text("<a> <b>\n", encoding="utf-8")
    (tmp_path / "broken.nq.gz").write_bytes(b"no gzip")
    (tmp_path / "text.txt").write_text("", encoding="utf-8")
    (tmp_path / "empty").mkdir()
    for name in ("broken.ttl", "broken.nq.gz", "text.txt", "missing.ttl"):
        with pytest.raises(ReadError, match=name):
            load(tmp_path / name)
    with pytest.raises(StoreError):
        load(tmp_path / "empty")
