"""The figures are a well-formed RDF Data Cube: the recommendation's integrity constraints that concern such data.

Each is the query of https://www.w3.org/TR/vocab-data-cube/#wf-rules, an ASK that is true where the rule is broken.
The constraints on slices, measure dimensions and hierarchies (IC-7 to IC-10, IC-15 to IC-18, IC-20, IC-21) have nothing
to hold here.
"""

from __future__ import annotations

from typing import Any

import pyoxigraph as ox
import pytest

from kg.graph.vocab import SPARQL_PREFIXES, term

CONSTRAINTS = {
    "IC-1 unique data set": """
        { ?obs a qb:Observation . FILTER NOT EXISTS { ?obs qb:dataSet ?dataset1 } }
        UNION { ?obs a qb:Observation ; qb:dataSet ?dataset1 , ?dataset2 . FILTER (?dataset1 != ?dataset2) }""",
    "IC-2 unique structure": """
        { ?dataset a qb:DataSet . FILTER NOT EXISTS { ?dataset qb:structure ?dsd } }
        UNION { ?dataset a qb:DataSet ; qb:structure ?dsd1 , ?dsd2 . FILTER (?dsd1 != ?dsd2) }""",
    "IC-3 structure includes a measure": """
        ?dsd a qb:DataStructureDefinition .
        FILTER NOT EXISTS { ?dsd qb:component [ qb:componentProperty [ a qb:MeasureProperty ] ] }""",
    "IC-4 dimensions have a range": """
        ?dim a qb:DimensionProperty . FILTER NOT EXISTS { ?dim rdfs:range [] }""",
    "IC-5 concept dimensions have code lists": """
        ?dim a qb:DimensionProperty ; rdfs:range skos:Concept . FILTER NOT EXISTS { ?dim qb:codeList [] }""",
    "IC-6 only attributes may be optional": """
        ?dsd qb:component ?spec . ?spec qb:componentRequired false ; qb:componentProperty ?component .
        FILTER NOT EXISTS { ?component a qb:AttributeProperty }""",
    "IC-11 all dimensions required": """
        ?obs qb:dataSet/qb:structure/qb:component/qb:componentProperty ?dim . ?dim a qb:DimensionProperty .
        FILTER NOT EXISTS { ?obs ?dim [] }""",
    "IC-13 required attributes": """
        ?obs qb:dataSet/qb:structure/qb:component ?component .
        ?component qb:componentRequired true ; qb:componentProperty ?attr .
        FILTER NOT EXISTS { ?obs ?attr [] }""",
    "IC-14 all measures present": """
        ?obs qb:dataSet/qb:structure ?dsd .
        FILTER NOT EXISTS { ?dsd qb:component/qb:componentProperty qb:measureType }
        ?dsd qb:component/qb:componentProperty ?measure . ?measure a qb:MeasureProperty .
        FILTER NOT EXISTS { ?obs ?measure [] }""",
    "IC-19 codes from code list": """
        ?obs qb:dataSet/qb:structure/qb:component/qb:componentProperty ?dim .
        ?dim a qb:DimensionProperty ; qb:codeList ?list . ?list a skos:ConceptScheme . ?obs ?dim ?v .
        FILTER NOT EXISTS { ?v a skos:Concept ; skos:inScheme ?list }""",
}

#: the first phase of the recommendation's normalisation: what the component properties entail
NORMALISE = (
    "INSERT { ?spec qb:componentProperty ?p . ?p a qb:DimensionProperty } WHERE { ?spec qb:dimension ?p }",
    "INSERT { ?spec qb:componentProperty ?p . ?p a qb:MeasureProperty } WHERE { ?spec qb:measure ?p }",
    "INSERT { ?spec qb:componentProperty ?p . ?p a qb:AttributeProperty } WHERE { ?spec qb:attribute ?p }",
)


@pytest.fixture(scope="module")
def cube(small_store: ox.Store) -> ox.Store:
    union = ox.Store()
    union.extend(ox.Quad(q.subject, q.predicate, q.object) for q in small_store)
    for step in NORMALISE:
        union.update(SPARQL_PREFIXES + step)
    return union


@pytest.mark.parametrize("name", CONSTRAINTS)
def test_integrity_constraint_holds(cube: ox.Store, name: str) -> None:
    assert not bool(cube.query(f"{SPARQL_PREFIXES} ASK {{ {CONSTRAINTS[name]} }}"))


def test_no_two_observations_of_a_data_set_have_the_same_dimensions(cube: ox.Store) -> None:
    """IC-12, which the recommendation's own query tells in quadratic time."""
    structures: Any = [q.object for q in cube.quads_for_pattern(None, term("qb:structure"), None, None)]
    dimensions = {
        d: {
            q.object.value  # type: ignore[union-attr]
            for component in cube.quads_for_pattern(d, term("qb:component"), None, None)
            for q in cube.quads_for_pattern(component.object, term("qb:dimension"), None, None)  # type: ignore[arg-type]
        }
        for d in structures
    }
    keys: list[tuple[object, ...]] = []
    for observed in cube.quads_for_pattern(None, term("qb:dataSet"), None, None):
        [structure] = cube.quads_for_pattern(observed.object, term("qb:structure"), None, None)  # type: ignore[arg-type]
        told = [
            (q.predicate.value, str(q.object))
            for q in cube.quads_for_pattern(observed.subject, None, None, None)
            if q.predicate.value in dimensions[structure.object]
        ]
        keys.append((observed.object.value, *sorted(told)))  # type: ignore[union-attr]
    assert len(keys) > 5
    assert len(set(keys)) == len(keys)


def test_the_constraints_find_what_is_broken(cube: ox.Store) -> None:
    """A cube without its values and codes breaks what these are for."""
    broken = ox.Store()
    broken.extend(
        q for q in cube if q.predicate not in (term("qb:dataSet"), term("skos:inScheme"), term("sdmx-measure:obsValue"))
    )
    first = next(cube.quads_for_pattern(None, term("qb:dataSet"), None, None))
    broken.add(first)
    found = {name for name, query in CONSTRAINTS.items() if bool(broken.query(f"{SPARQL_PREFIXES} ASK {{ {query} }}"))}
    assert {name.split()[0] for name in found} == {"IC-1", "IC-14", "IC-19"}
