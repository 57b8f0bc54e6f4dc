from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import Store

from kg.errors import QueryError
from kg.graph import sparql
from kg.graph.queries import load_templates, run

PIECES = st.sampled_from(
    ["SELECT", "*", "{", "}", "?s", "$t", " ", "\n", "gwr:Park", ":x", "<http://a/b#c>", "'it''s'", '"a\\"b"', "#c\n",
     "'''x'\ny'''", '"""\n"""', "@zh-Hans", "^^", "xsd:decimal", "1.5e3", "_:b0", "a", "||", "<", "<=", "(", ")", "海"]
)  # fmt: skip


@given(st.lists(PIECES, max_size=30).map("".join))
def test_tokens_quote_the_query(query: str) -> None:
    end = 0
    try:
        for token in sparql.tokens(query):
            assert query[token.begin : token.end] == token.text
            assert token.begin >= end
            end = token.end
    except QueryError as error:
        assert error.line is not None


@pytest.mark.parametrize("template", load_templates().values(), ids=lambda t: t.name)
def test_tokens_leave_out_nothing_but_space_and_comments(template) -> None:
    text, end = template.text, 0
    for token in sparql.tokens(text):
        between = text[end : token.begin]
        assert all(not line.strip() or line.strip().startswith("#") for line in between.split("\n"))
        end = token.end
    assert not text[end:].strip()


REFUSED = [
    "SELECT * { SERVICE <http://127.0.0.1:9/> { ?s ?p ?o } }",
    "SELECT * { service silent ?x { ?s ?p ?o } }",
    "SELECT * { ?s ?p ?o . # a comment\nSERVICE<http://127.0.0.1:9/>{ ?s ?p ?o } }",
    "PREFIX : <http://127.0.0.1:9/> SELECT * { SERVICE:x { ?s ?p ?o } }",
    "PREFIX : <http://127.0.0.1:9/> SELECT * { ?s ?p trueSERVICE:x { ?s ?p ?o } }",
    "SELECT * { ?s ?p 1SERVICE<http://127.0.0.1:9/> { ?s ?p ?o } }",
    "SELECT * { ?s ?p 'it''s' SERVICE <http://127.0.0.1:9/> { ?s ?p '' } }",
    'SELECT * { ?s ?p """" """ SERVICE <http://127.0.0.1:9/> { } }',
    "ASK { FILTER(?a<?b)SERVICE<http://127.0.0.1:9/>{ } FILTER(?c>?d) }",
    "SELECT * { { SELECT * { OPTIONAL { SERVICE <http://127.0.0.1:9/> { ?s ?p ?o } } } } }",
    "LOAD <http://127.0.0.1:9/>",
    "INSERT DATA { <http://a/> <http://b/> 1 }",
    "PREFIX x: <http://a/> DELETE WHERE { ?s ?p ?o }",
    "BASE <http://a/> clear all",
    "SELECT * { \\u0053ERVICE <http://127.0.0.1:9/> { ?s ?p ?o } }",
]


@pytest.mark.parametrize("query", REFUSED)
def test_what_does_more_than_read_is_refused(query: str) -> None:
    with pytest.raises(QueryError) as caught:
        list(run(Store(), query))
    # by us, with the place: had Oxigraph tried to call the server, it would say that it cannot be evaluated
    assert caught.value.line is not None and "column" in caught.value.message


ALLOWED = [
    "SELECT * { ?s ?p 'SERVICE <http://127.0.0.1:9/>' }",
    'SELECT * { ?s ?p """ " SERVICE <x> """ } # SERVICE',
    "PREFIX schema: <https://schema.org/> SELECT * { ?SERVICE schema:serviceType <http://a/SERVICE#SERVICE> }",
    "SELECT * { ?s ?p ?o FILTER(?o < 3 && ?o > 1) }",
    "PREFIX insert: <http://a/> ASK { ?s insert:load ?o }",
]


@pytest.mark.parametrize("query", ALLOWED)
def test_what_only_reads_is_let_through(query: str) -> None:
    list(run(Store(), query))


@pytest.mark.parametrize(
    ("query", "line", "message"),
    [
        ("SELECT * {\n ?s ?p ?o", 1, "column 10: '{' is not closed"),
        ("SELECT * {\n ?s ?p ?o )\n}", 2, "column 11: ')' closes nothing"),
        ("SELECT * {\n ?s ?p 'x\n}", 2, "column 8: this string does not end"),
        ("SELECT * {\n ?s 没有:x ?o }", 2, "column 5: the prefix 没有: is not declared"),
        ("SELECT * {\n ?s ?p ?o .\n FILTER ?o\n}", 3, "column 2: cannot be read from 'FILTER' on"),
        ("SELECT ?s WHER { ?s ?p ?o }", 1, "column 11: cannot be read from 'WHER' on"),
        ("PREFIX x: <http://x/>\nSELECT * { ?s x:p ?o } ORDER ?s", 2, "column 24: cannot be read from 'ORDER' on"),
        ("SELECT * { ?s gwr:status ?o } LIMIT many", 1, "column 31: cannot be read from 'LIMIT' on"),
        ("SELECT * { ?s ?p ` }", 1, "column 18: '`' does not belong here"),
        ("", 1, "column 1: the query ends too early"),
    ],
)
def test_syntax_errors_name_line_and_column(query: str, line: int, message: str) -> None:
    with pytest.raises(QueryError) as caught:
        run(Store(), query)
    assert (caught.value.line, caught.value.message) == (line, message)


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("SELECT ?a { ?b ?c ?d }", [{"b", "c", "d"}]),
        ("CONSTRUCT { ?a ?b ?c } WHERE { ?d ?e ?f }", [{"d", "e", "f"}]),
        ("SELECT * { VALUES ?x { 1 } VALUES (?y ?z) { (1 2) } ?x ?y ?z }", [{"x", "y", "z"}]),
        ("SELECT * { ?a ?b [ ?c ?d ] . FILTER(?e IN (?f)) }", [{"a", "b", "c", "d", "e", "f"}]),
        ("SELECT * { { ?a ?b 1 } UNION { ?c ?d 2 } }", [set(), {"a", "b"}, {"c", "d"}]),
        ("SELECT * { { SELECT (COUNT(?n) AS ?m) { ?n a ?o } GROUP BY ?g } }", [set(), {"n", "o"}]),
        ("ASK { GRAPH ?g { ?s ?p ?o } MINUS { ?s ?q ?r } }", [{"g"}, {"s", "p", "o"}, {"s", "q", "r"}]),
    ],
)
def test_groups(query: str, expected: list[set[str]]) -> None:
    assert [set(group.variables) for group in sparql.groups(query)] == expected
