"""The entities of a store, as linking sees them."""

from __future__ import annotations

from pathlib import Path

import pyoxigraph as ox
import pytest

from kg.graph.store import open_store
from kg.graph.vocab import DEFAULT_BASE, term
from kg.link.model import Context, Thing
from kg.link.things import links_base, read_things
from kg.model import EntityClass
from kg.pipeline import build


@pytest.fixture
def things(built_store: Path) -> dict[str, Thing]:
    return {thing.iri.removeprefix(DEFAULT_BASE): thing for thing in read_things(open_store(built_store))}


def test_every_entity_is_one_thing_sorted_by_iri(built_store: Path) -> None:
    found = read_things(open_store(built_store, read_only=True))
    assert [thing.iri for thing in found] == sorted({thing.iri for thing in found})
    assert all(thing.name and thing.classes and thing.contexts for thing in found)


def test_what_two_reports_share_has_the_contexts_of_both(things: dict[str, Thing]) -> None:
    assert things["area/广州市"].contexts == (
        Context(2011, ("广东省", "广州市", "海珠区")),
        Context(2012, ("吉林省", "长春市")),
    )
    assert things["area/广州市"].years == (2011, 2012)


def test_what_has_the_same_name_in_two_reports_is_two_things(things: dict[str, Thing]) -> None:
    assert things["entity/广州市海珠区/吉林"].contexts == (Context(2011, ("广东省", "广州市", "海珠区")),)
    assert things["entity/长春市/吉林"].contexts == (Context(2012, ("吉林省", "长春市")),)


def test_an_area_has_its_last_name_as_an_alias(things: dict[str, Thing]) -> None:
    assert "海珠区" in things["area/广州市海珠区"].aliases
    assert things["area/广州市海珠区"].name == "广州市海珠区" == things["area/广州市海珠区"].names[0]


def test_containment_is_what_the_reports_say(things: dict[str, Thing]) -> None:
    assert "新疆" in things["entity/广州市海珠区/疏附县"].within
    assert things["area/广州市"].within == ()


def test_classes(things: dict[str, Thing]) -> None:
    assert things["entity/广州市海珠区/广州塔"].classes == {EntityClass.FACILITY, EntityClass.PROJECT}
    assert EntityClass.PERSON in things["person/广州市海珠区/李明"].classes


def test_the_fixture_graph(small_store: ox.Store) -> None:
    found = {thing.name: thing for thing in read_things(small_store)}
    assert set(EntityClass) - {EntityClass.ORGANIZATION} == {c for thing in found.values() for c in thing.classes}
    assert found["东湖科技园"].within == ("东湖片区",) and found["甲公司"].within == ("东湖片区",)
    assert found["江州市江城区"].aliases == ("我区", "江城区")


def test_the_links_and_the_ontology_are_no_things(linked_store: Path, built_store: Path) -> None:
    assert read_things(open_store(linked_store, read_only=True)) == read_things(open_store(built_store, read_only=True))


def test_a_report_without_area_and_year_gives_an_empty_context(tmp_path: Path) -> None:
    report = tmp_path / "x.txt"
    report.write_text("政府工作报告\n各位代表:\n一、工作回顾\n建设广州塔。对口帮扶疏附县。\n", encoding="utf-8")
    assert not build([report], store_dir=tmp_path / "store").failures
    found = read_things(open_store(tmp_path / "store"))
    assert found and {thing.contexts for thing in found} == {(Context(None, ()),)}
    assert {thing.years for thing in found} == {()}


def test_a_thing_without_a_label_is_left_out(built_store: Path) -> None:
    store = open_store(built_store)
    graph = next(g for g in store.named_graphs() if "2011" in str(g))
    store.add(ox.Quad(ox.NamedNode("urn:x:nameless"), term("rdf:type"), term("gwr:Facility"), graph))
    assert "urn:x:nameless" not in [thing.iri for thing in read_things(store)]


def test_the_base_is_that_of_the_reports(built_store: Path, reports_folder: Path, tmp_path: Path) -> None:
    assert links_base(open_store(built_store)) == DEFAULT_BASE
    assert links_base(ox.Store()) is None
    build([reports_folder], store_dir=tmp_path / "other", base_iri="https://example.org/kg/")
    assert links_base(open_store(tmp_path / "other")) == "https://example.org/kg/"
