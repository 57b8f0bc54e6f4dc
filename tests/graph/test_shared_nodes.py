"""What several reports tell of one thing meets in one node, and stays sound there."""

from __future__ import annotations

import dataclasses
import io

import pyoxigraph as ox
import pytest
from rdflib import Dataset

from kg.errors import KgError
from kg.graph import iri, mapping, store
from kg.graph.export import FORMATS, export
from kg.graph.validate import validate
from kg.graph.vocab import term
from kg.model import Entity, EntityClass, Extraction, Observation, Relation, Span
from tests.conftest import small_extraction
from tests.union import in_graphs


def later(extraction: Extraction, **entity: object) -> Extraction:
    """The same area's report of another year, with its own area told otherwise."""
    report = dataclasses.replace(extraction.report, year=2012, sha256="b" * 64, source="later.txt")
    own = dataclasses.replace(extraction.entities[0], **entity)  # type: ignore[arg-type]
    return dataclasses.replace(extraction, report=report, entities=(own, *extraction.entities[1:]))


def both(one: Extraction, other: Extraction) -> ox.Store:
    into = ox.Store()
    store.ensure_ontology(into)
    store.write_reports(into, [(mapping.graph_of(x.report), mapping.to_quads(x)) for x in (one, other)])
    return into


def labels(of: ox.Store, node: str, predicate: str) -> set[str]:
    found = of.quads_for_pattern(ox.NamedNode(node), term(predicate), None, None)
    return {q.object.value for q in found if isinstance(q.object, ox.Literal)}


def test_an_area_has_one_preferred_label_whatever_each_report_calls_it() -> None:
    whole = small_extraction()
    other = later(whole, aliases=("江城", "我区"))
    together = both(whole, other)
    area = "https://w3id.org/gwr/id/area/江州市江城区"
    assert labels(together, area, "skos:prefLabel") == {"江州市江城区"}
    assert labels(together, area, "skos:altLabel") == {"江城区", "江城", "我区"}
    assert validate(together) == []


def test_a_statuss_change_from_year_to_year_is_no_fault() -> None:
    whole = small_extraction()
    other = later(whole)
    done = tuple(
        dataclasses.replace(e, status=whole.entities[6].status) if e.name == "江城大道" else e for e in other.entities
    )
    together = both(whole, dataclasses.replace(other, entities=done))
    road = "https://w3id.org/gwr/id/entity/江州市江城区/江城大道"
    assert len({q.object for q in together.quads_for_pattern(ox.NamedNode(road), term("gwr:status"), None, None)}) == 2
    assert validate(together) == []


def named(name: str, *classes: EntityClass, aliases: tuple[str, ...] = (), **more: str) -> Entity:
    return Entity(name, classes, aliases, (Span(0, 1),), **more)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("entity", "path", "label"),
    [
        (named("广东省", EntityClass.ADMINISTRATIVE_AREA), "area/广东省", "广东省"),
        (named("化州", EntityClass.ADMINISTRATIVE_AREA), "entity/江州市江城区/化州", "化州"),
        (named("越秀区", EntityClass.ADMINISTRATIVE_AREA), "entity/江州市江城区/越秀区", "越秀区"),
        (named("越秀", EntityClass.ADMINISTRATIVE_AREA, qualified="广州市越秀区"), "area/广州市越秀区", "广州市越秀区"),
        (named("广州市越秀区", EntityClass.ADMINISTRATIVE_AREA), "area/广州市越秀区", "广州市越秀区"),
        (
            named("《珠江三角洲地区改革发展规划纲要》", EntityClass.POLICY),
            "document/珠江三角洲地区改革发展规划纲要",
            "《珠江三角洲地区改革发展规划纲要》",
        ),
        (
            named("珠三角规划", EntityClass.POLICY, aliases=("《珠江三角洲地区改革发展规划纲要》",)),
            "document/珠江三角洲地区改革发展规划纲要",
            "《珠江三角洲地区改革发展规划纲要》",
        ),
        (
            named("《关于实施〈规划纲要〉的《意见》》", EntityClass.POLICY),
            "document/关于实施%E3%80%88规划纲要%E3%80%89的%E3%80%8A意见%E3%80%8B",
            "《关于实施〈规划纲要〉的《意见》》",
        ),
        (named("《纲要》", EntityClass.POLICY), "entity/江州市江城区/%E3%80%8A纲要%E3%80%8B", "《纲要》"),
        (named("江州公园", EntityClass.PARK), "entity/江州市江城区/江州公园", "江州公园"),
        (named("江州公园", EntityClass.PERSON), "person/江州市江城区/江州公园", "江州公园"),
    ],
    ids=lambda value: value.name if isinstance(value, Entity) else "",
)
def test_names_that_tell_things_apart(entity: Entity, path: str, label: str) -> None:
    report = small_extraction().report
    assert iri.entity_iri(entity, report) == "https://w3id.org/gwr/id/" + path
    assert iri.preferred_label(entity, report) == label


def test_without_an_area_names_are_told_apart_by_the_report() -> None:
    report = dataclasses.replace(small_extraction().report, area=None, year=None)
    assert iri.slug(report) == report.sha256[:8]
    park = named("人民公园", EntityClass.PARK)
    assert iri.entity_iri(park, report).endswith(f"/entity/{report.sha256[:8]}/人民公园")


def test_a_report_of_which_nothing_is_known_is_mapped() -> None:
    whole = small_extraction()
    report = dataclasses.replace(whole.report, area=None, year=None, title=None, date=None, speaker=None)
    observations = tuple(dataclasses.replace(o, area=None) for o in whole.observations)
    into = ox.Store()
    store.ensure_ontology(into)
    bare = dataclasses.replace(whole, report=report, observations=observations)
    store.replace_report(into, mapping.to_quads(bare), mapping.graph_of(report))
    assert validate(into) == []


HOSTILE = (
    'a"b\\c\nd\te',
    "NUL\x00 and \x1f control",
    "\u202e\u2066 bidi \u200f",
    "combining e\u0301 \u00e9",
    "𠮷野家 \U0010fffd \ue000",
    "emoji 👩‍👩‍👧‍👦",
    "</script>{{}}<>?#%20",
    "lone \ud800 surrogate \udfff",
    "..",
    " ",
    "x" * 5000,
)


@pytest.mark.parametrize("name", HOSTILE, ids=range(len(HOSTILE)))
def test_any_name_survives(name: str) -> None:
    """In names, text, indicator, unit, file: mapped, stored, exported and read back, nothing lost."""
    whole = small_extraction()
    text = name + whole.report.text
    span = (Span(0, len(name)),)
    extraction = dataclasses.replace(
        whole,
        report=dataclasses.replace(
            whole.report, text=text, sentences=(), sections=(), area=name, title=name, source=name
        ),
        entities=(Entity(name, (EntityClass.PARK,), (name + "2",), span),),
        observations=tuple(
            dataclasses.replace(
                o, indicator=name, unit=name, area=name, value_text=name, mentions=span, wordings=(name,)
            )
            for o in whole.observations[:1]
        ),
        relations=(Relation(name, whole.relations[0].predicate, name, span),),
    )
    quads = mapping.to_quads(extraction)
    into = ox.Store()
    store.replace_report(into, quads, mapping.graph_of(extraction.report))
    assert in_graphs(into) == set(quads)
    expected = "".join("\ufffd" if "\ud800" <= c <= "\udfff" else c for c in name)
    told = {q.object.value for q in into if isinstance(q.object, ox.Literal)}
    assert expected in told
    for format in FORMATS:
        out = io.BytesIO()
        export(into, out, format=format)
        kind = {"turtle": "turtle", "ntriples": "nt", "nquads": "nquads", "trig": "trig", "jsonld": "json-ld"}[format]
        read = Dataset()
        read.parse(data=out.getvalue(), format=kind)
        assert expected in {str(o) for _, _, o, _ in read.quads()}, format
        assert len({(s, p, o) for s, p, o, _ in read.quads()}) == len({q.triple for q in quads}), format


def test_a_relation_with_what_is_no_entity_is_an_error() -> None:
    whole = small_extraction()
    stray = dataclasses.replace(whole.relations[0], object="无此物")
    with pytest.raises(KgError, match="无此物"):
        mapping.to_quads(dataclasses.replace(whole, relations=(stray,)))


def test_a_quotation_outside_the_text_is_an_error() -> None:
    whole = small_extraction()
    end = len(whole.report.text)
    far: Observation = dataclasses.replace(whole.observations[0], mentions=(Span(end, end + 2),))
    with pytest.raises(KgError, match="after the text"):
        mapping.to_quads(dataclasses.replace(whole, observations=(far,)))


@pytest.mark.parametrize("base", ["", "id/", "not an iri", "https://example.org/#", "https://example.org/?q="])
def test_what_is_no_base_is_refused(base: str) -> None:
    with pytest.raises(KgError, match="base IRI"):
        mapping.to_quads(small_extraction(), base_iri=base)
