"""The code list of units covers what the grammar knows, and its matches exist in QUDT."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pyoxigraph as ox
import pytest

from kg.graph.mapping import known_units
from kg.graph.vocab import PREFIXES, term
from kg.resources import folder, table

UNITS = ox.Store()
UNITS.load(path=folder("ontology") / "units.ttl", format=ox.RdfFormat.TURTLE)
MATCHES = ("skos:exactMatch", "skos:closeMatch", "skos:broadMatch", "skos:relatedMatch")


def test_every_unit_of_the_grammar_is_in_the_code_list() -> None:
    labels = {label for (label,) in table("units.tsv", "unit")}
    assert len(labels) > 200
    assert labels <= known_units().keys()


def test_labels_and_notations_are_told_once() -> None:
    for predicate in ("skos:prefLabel", "skos:notation"):
        quads = list(UNITS.quads_for_pattern(None, term(predicate), None, None))
        for told in (Counter(q.object.value for q in quads), Counter(q.subject for q in quads)):  # type: ignore[union-attr]
            assert [name for name, n in told.items() if n > 1] == []


def test_every_unit_is_named_in_both_languages_and_has_an_ascii_iri() -> None:
    for node in known_units().values():
        languages = {q.object.language for q in UNITS.quads_for_pattern(node, term("rdfs:label"), None, None)}  # type: ignore[union-attr]
        assert languages == {"zh", "en"}, node
        assert node.value.isascii()


def test_matches_are_units_of_qudt() -> None:
    listed = (Path(__file__).parent / "qudt-units.txt").read_text(encoding="utf-8").splitlines()
    published = {PREFIXES["unit"] + name for name in listed if not name.startswith("#")}
    matched = {
        q.object.value  # type: ignore[union-attr]
        for match in MATCHES
        for q in UNITS.quads_for_pattern(None, term(match), None, None)
    }
    assert len(matched) > 40
    assert matched <= published


@pytest.mark.parametrize(
    ("label", "match", "unit"),
    [
        ("元", "skos:exactMatch", "CCY_CNY"),
        ("%", "skos:exactMatch", "PERCENT"),
        ("平方公里", "skos:exactMatch", "KiloM2"),
        ("家", "skos:broadMatch", "NUM"),
        ("个百分点", "skos:relatedMatch", "PERCENT"),
    ],
)
def test_what_the_matches_say(label: str, match: str, unit: str) -> None:
    quad = ox.Quad(known_units()[label], term(match), term(f"unit:{unit}"))
    assert quad in UNITS


def test_units_without_a_counterpart_have_no_match() -> None:
    for label in ("亩", "吨标准煤"):
        assert not any(
            list(UNITS.quads_for_pattern(known_units()[label], term(match), None, None)) for match in MATCHES
        )
