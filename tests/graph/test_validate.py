"""What breaks a rule is found, with the sentence beside it."""

from __future__ import annotations

import pyoxigraph as ox
import pytest

from kg.graph.validate import validate
from kg.graph.vocab import ONTOLOGY_GRAPH, term


def copy(of: ox.Store) -> ox.Store:
    new = ox.Store()
    new.extend(of)
    return new


def test_the_small_graph_conforms(small_store: ox.Store) -> None:
    assert validate(small_store) == []


def test_a_store_without_the_ontology_is_judged_by_ours(small_store: ox.Store) -> None:
    bare = ox.Store()
    bare.extend(quad for quad in small_store if quad.graph_name != ONTOLOGY_GRAPH)
    assert validate(bare) == []


BREAKS = {
    "an entity with two preferred labels": ("gwr:Park", "skos:prefLabel", ox.Literal("另一个名字", language="zh")),
    "a value that is no decimal": ("gwr:Observation", "sdmx-measure:obsValue", ox.Literal("许多")),
    "a second modality": ("gwr:Observation", "gwr:modality", term("gwr:bound")),
}


@pytest.mark.parametrize("name", sorted(BREAKS))
def test_a_broken_rule_is_found_and_quoted(small_store: ox.Store, name: str) -> None:
    kind, predicate, value = BREAKS[name]
    broken = copy(small_store)
    quad = next(broken.quads_for_pattern(None, term("rdf:type"), term(kind), None))
    broken.add(ox.Quad(quad.subject, term(predicate), value, quad.graph_name))
    findings = validate(broken)
    assert findings
    assert any(str(quad.subject.value) in repr(f) for f in findings)
    assert any("。" in repr(f) or "，" in repr(f) for f in findings), "no quotation beside the finding"


def test_a_mention_that_does_not_quote_is_found(small_store: ox.Store) -> None:
    broken = copy(small_store)
    quad = next(broken.quads_for_pattern(None, term("rdf:type"), term("gwr:Mention"), None))
    anchor = next(broken.quads_for_pattern(quad.subject, term("nif:anchorOf"), None, None))
    broken.remove(anchor)
    broken.add(ox.Quad(anchor.subject, anchor.predicate, ox.Literal("别的话"), anchor.graph_name))
    assert any(str(quad.subject.value) in repr(f) for f in validate(broken))
