"""Templates: their headers, the binding of values, and that both engines answer them alike."""

from __future__ import annotations

import datetime
from decimal import Decimal
from itertools import pairwise
from typing import Any

import pyoxigraph as ox
import pytest
import rdflib
from hypothesis import given, settings
from hypothesis import strategies as st
from rdflib.plugins.sparql import prepareQuery

from kg.errors import TemplateError
from kg.graph import mapping
from kg.graph.provenance import Made, describe
from kg.graph.queries import Template, load_template, load_templates, parse_template, run
from kg.graph.sparql import tokens
from kg.graph.store import replace_report
from kg.link.decisions import Decision, Facts, Ledger, write_ledger
from kg.link.model import Judgement, Match, Target
from kg.link.targets import GBT2260, GEONAMES
from tests.conftest import small_extraction

TEMPLATES = load_templates()

#: what each template is asked on the small graph, and how many rows come; one that is not here fails
SMALL: dict[str, tuple[dict[str, Any], int]] = {
    "about": ({"name": "东湖科技园"}, 8),
    "codes": ({"code": "9901"}, 1),
    "enterprises-settled": ({"place": "江城区"}, 2),
    "events": ({}, 1),
    "evidence": ({"name": "地区生产总值"}, 5),
    "figures-by-unit": ({"unit": ["元", "家"]}, 3),
    "figures-of": ({"name": "科技园"}, 1),
    "figures-of-period": ({"period": "2010"}, 3),
    "growth-between": ({"from": 2006, "to": 2010}, 2),
    "honours": ({"receiver": "我区"}, 1),
    "indicator-over-time": ({"indicator": "GDP", "area": "江城区"}, 5),
    "indicators": ({"text": "产"}, 2),
    "links": ({"target": ["gbt2260", "geonames"]}, 2),
    "linkset": ({}, 3),
    "most-mentioned": ({"class": "Enterprise"}, 2),
    "neighbourhood": ({"name": "东湖"}, 16),
    "open-links": ({}, 1),
    "parks": ({}, 1),
    "people": ({}, 1),
    "policies": ({"adopter": "江城区"}, 1),
    "project-phases": ({}, 2),
    "projects-by-status": ({"status": ["underway", "planned"]}, 2),
    "projects-over-years": ({"least": 1}, 3),
    "promises": ({"area": "江城区"}, 2),
    "promises-and-outcomes": ({}, 3),
    "provenance": ({}, 1),
    "reports": ({}, 1),
    "search": ({"text": "东湖"}, 6),
    "section": ({"text": "今后"}, 2),
    "shares": ({"area": "江城区"}, 3),
    "supports": ({"supporter": "江城区"}, 1),
    "targets": ({}, 2),
    "within": ({"place": "东湖片区"}, 6),
}


@pytest.fixture(scope="module")
def small_store(small_store: ox.Store) -> ox.Store:
    """The small graph with links: two accepted ones of its area, and an open one of its park."""
    area, park = (
        next(q.subject.value for q in small_store.quads_for_pattern(None, None, ox.Literal(name, language="zh"), None))  # type: ignore[union-attr]
        for name in ("江州市江城区", "东湖科技园")
    )
    ledger = Ledger("https://w3id.org/gwr/id/")
    for target in (GBT2260, GEONAMES, Target("parks", "Parks", "urn:parks", "urn:parks:")):
        ledger.add_target(target)
    code = "https://w3id.org/gwr/gbt2260/990102"
    after = "https://www.stats.gov.cn/sj/tjbz/tjyqhdmhcxhfdm/2023/99/01/990112.html"
    for decision in (
        Decision(area, code, "gbt2260", Judgement.ACCEPTED, tool="divisions", object_label="江城区"),
        Decision(area, "https://sws.geonames.org/1/", "geonames", Judgement.ACCEPTED, Match.CLOSE, tool="geonames"),
        Decision(park, "urn:parks:1", "parks", Judgement.OPEN, tool="table", object_label="东湖公园", comment="alike"),
    ):
        ledger.put(decision)
    ledger.facts[code] = Facts("江城区", "990102", 1983, 2012, (after,))
    ledger.facts["https://sws.geonames.org/1/"] = Facts("Jiangcheng", latitude=23.5, longitude=113.25)
    linked = ox.Store()
    linked.extend(small_store)
    write_ledger(linked, ledger)
    x = small_extraction()
    made = Made("rjieba", {"year": 2011, "area": "甲"}, "2026-01-01T12:00:00Z", "2026-01-01T12:00:01Z")
    replace_report(linked, mapping.to_quads(x), mapping.graph_of(x.report), build=describe(x.report, made))
    return linked


def rows_of(store: ox.Store, template: Template, values: dict[str, Any]) -> list[tuple[str | None, ...]]:
    return [tuple(plain(cell) for cell in row) for row in run(store, template.bind(**values))]


def plain(term: Any) -> str | None:
    """A term of either library as text; numbers by value."""
    if term is None:
        return None
    datatype = str(getattr(getattr(term, "datatype", None), "value", getattr(term, "datatype", None)))
    value = str(getattr(term, "value", term)) if isinstance(term, ox.NamedNode | ox.Literal) else str(term)
    if datatype.endswith("#dateTime"):
        return value.replace("+00:00", "Z")
    return f"{Decimal(value).normalize():f}" if datatype.endswith(("#decimal", "#integer")) else value


# the templates of the project -----------------------------------------------------------------------------------------


def test_there_are_questions_enough() -> None:
    assert len(TEMPLATES) >= 20
    assert TEMPLATES.keys() == SMALL.keys()


@pytest.mark.parametrize("template", TEMPLATES.values(), ids=TEMPLATES)
def test_every_template_says_what_it_is(template: Template) -> None:
    assert template.summary.endswith("?") and template.summary_zh.endswith("？") and template.description.endswith(".")
    assert all(parameter.doc for parameter in template.parameters.values())
    query = prepareQuery(template.text)
    if template.form == "SELECT":
        assert [column.name for column in template.columns] == [str(v) for v in query.algebra["PV"]]
        assert all(column.doc for column in template.columns)
        assert "ORDER BY" in template.text
    declared = {t.text for a, t in pairs(template.text) if a.text == "PREFIX"}
    used = {t.text.partition(":")[0] + ":" for a, t in pairs(template.text) if t.kind == "name" and a.text != "PREFIX"}
    assert declared == used


def pairs(query: str) -> list[tuple[Any, Any]]:
    return list(pairwise(tokens(query)))


@pytest.mark.parametrize("template", TEMPLATES.values(), ids=TEMPLATES)
def test_examples_are_right(template: Template) -> None:
    for example in template.examples:
        words = example.split()
        options = dict(zip(words[::2], words[1::2], strict=True))
        options.pop("--format", None)
        template.bind(**{name.removeprefix("--"): value for name, value in options.items()})


@pytest.mark.parametrize("name", SMALL)
def test_the_small_graph_answers_in_both_engines(
    name: str, small_store: ox.Store, small_rdflib: rdflib.Dataset
) -> None:
    values, count = SMALL[name]
    rows = rows_of(small_store, TEMPLATES[name], values)
    assert len(rows) == count
    other = [tuple(plain(cell) for cell in row) for row in small_rdflib.query(TEMPLATES[name].bind(**values))]
    assert sorted(other, key=repr) == sorted(rows, key=repr)


@pytest.mark.parametrize("name", SMALL)
def test_the_file_runs_as_it_is(name: str, small_store: ox.Store, small_rdflib: rdflib.Dataset) -> None:
    """Unbound, as any SPARQL engine would run the file; with the header, which is a comment to it."""
    from kg.graph.queries import template_files

    text = next(path for path in template_files() if path.stem == name).read_text(encoding="utf-8")
    rows = [tuple(plain(cell) for cell in row) for row in run(small_store, text)]
    other = [tuple(plain(cell) for cell in row) for row in small_rdflib.query(text)]
    assert sorted(other, key=repr) == sorted(rows, key=repr)


@pytest.fixture(scope="module")
def small_rdflib(small_store: ox.Store) -> rdflib.Dataset:
    dataset = rdflib.Dataset(default_union=True)
    quads = ox.serialize(list(small_store), format=ox.RdfFormat.N_QUADS)
    assert quads is not None
    dataset.parse(data=quads, format="nquads")
    return dataset


def test_rows_of_the_small_graph(small_store: ox.Store) -> None:
    """Some answers in full, so that columns are not only counted."""

    def ask(name: str) -> list[tuple[str | None, ...]]:
        return rows_of(small_store, TEMPLATES[name], SMALL[name][0])

    own = "江州市江城区"
    assert ask("growth-between") == [
        ("地区生产总值", own, "10000000000", "25000000000", "元", "15000000000", "150", None, "20.1%"),
        ("第三产业比重", own, "40", "51.5", "%", "11.5", None, None, None),
    ]
    assert ask("honours") == [("市文明城区", own, "江州市")]
    assert ask("enterprises-settled") == [('乙"集团"总部', "东湖片区"), ("甲公司", "东湖片区")]
    assert ask("figures-of") == [
        (
            "东湖科技园",
            "聚集企业数",
            None,
            "https://w3id.org/gwr/ontology#level",
            "https://w3id.org/gwr/ontology#actual",
            "https://w3id.org/gwr/ontology#eq",
            "215",
            "家",
            "215家",
        )
    ]
    (row,) = [row for row in ask("evidence") if row[0] == "地区生产总值 20.1%"]
    assert row[1] == "20.1%" and row[4] is not None and "20.1%" in row[4]


def test_several_values_mean_any(small_store: ox.Store) -> None:
    template = TEMPLATES["figures-by-unit"]
    one, two = (rows_of(small_store, template, {"unit": unit}) for unit in ("元", "家"))
    both = rows_of(small_store, template, {"unit": ["元", "家", "元"]})
    assert sorted(both) == sorted(one + two) and one and two


def test_an_optional_parameter_narrows(small_store: ox.Store) -> None:
    template = TEMPLATES["targets"]
    everything = rows_of(small_store, template, {})
    assert rows_of(small_store, template, {"area": "江城区"}) == everything
    assert rows_of(small_store, template, {"area": None}) == everything
    assert rows_of(small_store, template, {"area": "云州"}) == []


def test_limit(small_store: ox.Store) -> None:
    template = TEMPLATES["search"]
    everything = rows_of(small_store, template, {"text": "东湖"})
    assert rows_of(small_store, template, {"text": "东湖", "limit": 2}) == everything[:2]
    assert rows_of(small_store, template, {"text": "东湖", "limit": "0"}) == []


# binding --------------------------------------------------------------------------------------------------------------

TYPES = """#+ summary: Types?
#+ tags:
#+   - test

SELECT ?_s ?_z_zh ?_i_iri ?_n_integer ?_d_decimal ?_t_date ?__o
WHERE { FILTER(BOUND(?_s) && BOUND(?_z_zh) && BOUND(?_i_iri) && BOUND(?_n_integer) && BOUND(?_d_decimal)
  && BOUND(?_t_date)) BIND(?__o AS ?x) }
"""
GOOD: dict[str, Any] = {
    "s": "a",
    "z": "琶洲",
    "i": "gwr:Park",
    "n": 7,
    "d": Decimal("1.5"),
    "t": datetime.date(2011, 11, 8),
}


def test_values_are_terms_of_their_type() -> None:
    (row,) = run(ox.Store(), parse_template("types", TYPES).bind(**GOOD))
    assert [str(term) for term in row] == [
        '"a"',
        '"琶洲"@zh',
        "<https://w3id.org/gwr/ontology#Park>",
        '"7"^^<http://www.w3.org/2001/XMLSchema#integer>',
        '"1.5"^^<http://www.w3.org/2001/XMLSchema#decimal>',
        '"2011-11-08"^^<http://www.w3.org/2001/XMLSchema#date>',
        "None",
    ]


@pytest.mark.parametrize(
    ("name", "value", "takes"),
    [
        ("n", "7.5", "a whole number"),
        ("n", "", "a whole number"),
        ("n", "７", "a whole number"),
        ("n", "9" * 40, "a whole number"),
        ("n", True, "a whole number"),
        ("d", "1,5", "a number"),
        ("d", "nan", "a number"),
        ("d", "1e999999", "a number"),
        ("t", "2011-02-30", "a date"),
        ("t", "8.11.2011", "a date"),
        ("i", "no iri", "an IRI"),
        ("i", "http://a/b> } #", "an IRI"),
        ("z", "\ud800", "a name"),
        ("s", 3.5, "text"),
        ("limit", "1; DROP", "a whole number"),
        ("limit", -1, "a whole number"),
        ("limit", True, "a whole number"),
    ],
)
def test_ill_typed_values_are_told(name: str, value: Any, takes: str) -> None:
    with pytest.raises(TemplateError) as caught:
        parse_template("types", TYPES).bind(**{**GOOD, name: value})
    assert f"parameter {name!r} of types takes {takes}" in str(caught.value)


def test_unknown_and_missing_parameters_are_told() -> None:
    template = TEMPLATES["growth-between"]
    with pytest.raises(TemplateError, match=r"growth-between has no parameter 'since'; it takes from, to, limit"):
        template.bind(since=2006)
    with pytest.raises(TemplateError, match=r"growth-between needs the parameter 'to', which takes a whole number"):
        template.bind(**{"from": 2006})
    with pytest.raises(TemplateError, match=r"'status' of projects-by-status takes one of completed, underway"):
        TEMPLATES["projects-by-status"].bind(status="done")


BREAKING = (
    *('"', "'", '"""', "'''", "\\", "}", "{", "\n", "\r", "#", "?s", "<x>", "@zh", "^^", ") }", "\x00", "\x01"),
    *("UNION", "SERVICE", "\\u0022", "\\U0022", "0022", "\u2028", "\U0001f600", "琶洲", "%22", ";", "--", "*/"),
)
HOSTILE = st.one_of(
    st.text(st.characters(exclude_categories=["Cs"])),
    st.lists(st.sampled_from(BREAKING)).map("".join),
)


@settings(max_examples=200)
@given(HOSTILE)
def test_a_hostile_value_is_data(value: str) -> None:
    """What is bound comes back as it was, from both engines, and nothing else does."""
    template = parse_template(
        "echo",
        "#+ summary: Echo?\n#+ tags:\n#+   - test\n"
        "SELECT ?_a ?_b_zh { { SELECT ?_a { FILTER(BOUND(?_a)) } } FILTER(BOUND(?_b_zh)) }",
    )
    query = template.bind(a=value, b=value)
    assert [t.text for t in tokens(query) if t.kind == "word"] == (
        ["SELECT", "VALUES", "SELECT", "VALUES", "FILTER", "BOUND", "FILTER", "BOUND"]
    )
    (row,) = run(ox.Store(), query)
    assert [term.value for term in row if isinstance(term, ox.Literal)] == [value, value]


@settings(max_examples=40, deadline=None)
@given(HOSTILE)
def test_rdflib_takes_a_hostile_value_for_data_too(value: str) -> None:
    template = parse_template("echo", "#+ summary: Echo?\n#+ tags:\n#+   - test\nSELECT ?_a { FILTER(BOUND(?_a)) }")
    (row,) = rdflib.Graph().query(template.bind(a=value))
    assert str(row[0]) == value  # type: ignore[index]


@pytest.mark.parametrize("template", TEMPLATES.values(), ids=TEMPLATES)
def test_hostile_names_find_nothing_and_break_nothing(template: Template, small_store: ox.Store) -> None:
    hostile = '"@zh) } } UNION { ?s ?p ?o } #\n\\'
    texts = [p for p in template.parameters.values() if not p.choices and (p.is_name or p.kind == "string")]
    if not texts:
        assert all(p.choices or p.kind == "integer" for p in template.parameters.values())
        return
    values = {p.name: hostile for p in texts}
    assert rows_of(small_store, template, {**SMALL[template.name][0], **values}) == []


# headers --------------------------------------------------------------------------------------------------------------

HEAD = "#+ summary: S?\n#+ tags:\n#+   - t\n"


@pytest.mark.parametrize(
    ("source", "message"),
    [
        ("SELECT * { ?s ?p ?o }", "a template needs a summary and tags"),
        ("#+ summary: S?\nSELECT * {}", "a template needs a summary and tags"),
        (HEAD + "#+ summary: again\nSELECT * {}", ":4: 'summary' is given twice"),
        (HEAD + "#+ defaults: [a]\nSELECT * {}", ":4: '[a]' has to stand in double quotes"),
        (HEAD + "#+ description: a: b\nSELECT * {}", ":4: 'a: b' has to stand in double quotes"),
        (HEAD + "#+  indented: 1\nSELECT * {}", ":4: this line of the header"),
        (HEAD + "#+ defaults:\n#+   - year: 1\nSELECT * {}", "'defaults' names 'year', which is no parameter"),
        (HEAD + "#+ params:\n#+   - year: 1\nSELECT * {}", "'params' names 'year', which is no parameter"),
        (HEAD + "#+ enumerate:\n#+   - _y:\n#+       - 1\nSELECT * {}", "'enumerate' names '_y'"),
        (HEAD + "#+ params:\n#+   - year\nSELECT * {}", "'params' has to be a list of `- name: value`"),
        (HEAD + "#+ defaults:\n#+   - limit: ten\nSELECT * {}", "the limit takes one whole number"),
        (HEAD + "SELECT * { ?s ?p ?_year_foo }", "?_year_foo is no parameter: its type is not known"),
        (HEAD + "SELECT * { ?s ?p ?_Year }", "?_Year is no parameter"),
        (HEAD + "SELECT * { ?s ?p ?_store }", "'store' is an option of every query"),
        (HEAD + "SELECT * { ?s ?_a ?__a }", "the parameter 'a' has two variables"),
        (HEAD + "SELECT * { ?s ?p ?o } LIMIT 5", "write `- limit: N` under `defaults:`"),
        (HEAD + "SELECT * {\n ?s ?p ?o", "x.rq:1: column 10: '{' is not closed"),
        (HEAD + "SELECT * { SERVICE <http://a/> {} }", "SERVICE is not allowed"),
        (HEAD + "DELETE WHERE { ?s ?p ?o }", "DELETE is not allowed"),
    ],
)
def test_a_broken_header_is_told(source: str, message: str, tmp_path: Any) -> None:
    path = tmp_path / "x.rq"
    path.write_text(source, encoding="utf-8")
    with pytest.raises(TemplateError) as caught:
        load_template(path)
    assert message in str(caught.value) and str(caught.value).startswith(str(path))


def test_a_template_that_cannot_be_read_is_told(tmp_path: Any) -> None:
    (tmp_path / "x.rq").write_bytes(b"\xff\xfe")
    with pytest.raises(TemplateError, match="is not UTF-8"):
        load_templates(tmp_path)
    with pytest.raises(TemplateError, match="cannot be read"):
        load_template(tmp_path / "y.rq")
