"""The templates over HTTP."""

from __future__ import annotations

import csv
import io

import httpx
import pytest
from rdflib import Graph

from kg.graph.queries import load_templates
from tests.serve.conftest import Server

TEMPLATES = load_templates()
#: what a template needs, in the small graph
NEEDED = {
    "name": "东湖片区",
    "indicator": "地区生产总值",
    "text": "东湖",
    "period": "2010",
    "unit": "%",
    "year": "2010",
}


def _get(server: Server, path: str, **params: str | list[str]) -> httpx.Response:
    return httpx.get(f"{server.url}/api/{path}", params=params, timeout=30)


def test_listing(small_server: Server) -> None:
    told = _get(small_server, "queries").json()
    assert [t["name"] for t in told] == list(TEMPLATES)
    assert all(t["summary"] and t["summary_zh"] and t["formats"] for t in told)


@pytest.mark.parametrize("name", TEMPLATES)
def test_every_template_answers_in_every_format(name: str, small_server: Server) -> None:
    template = TEMPLATES[name]
    values = {
        p.name: p.choices[0] if p.choices else NEEDED.get(p.name, "1")
        for p in template.parameters.values()
        if p.required and not p.defaults
    }
    formats = next(t["formats"] for t in _get(small_server, "queries").json() if t["name"] == name)
    for format in formats:
        answer = _get(small_server, f"queries/{name}", format=format, **values)
        assert answer.status_code == 200, answer.text
        assert answer.headers["content-disposition"].startswith(f'inline; filename="{name}.')


def test_rows(small_server: Server) -> None:
    answer = _get(small_server, "queries/indicator-over-time", indicator="GDP", area="江城区", format="csv")
    rows = list(csv.DictReader(io.StringIO(answer.text)))
    assert {(row["period"], row["value"]) for row in rows} >= {("2006", "10000000000"), ("2010", "25000000000")}
    one = _get(small_server, "queries/indicator-over-time", indicator="GDP", limit="1", format="csv")
    assert len(one.text.splitlines()) == 2


def test_several_values_mean_any(small_server: Server) -> None:
    answer = _get(small_server, "queries/indicator-over-time", indicator=["GDP", "第三产业比重"], format="csv")
    assert {row["indicator"] for row in csv.DictReader(io.StringIO(answer.text))} == {"地区生产总值", "第三产业比重"}


def test_empty_fields_of_a_form_are_not_given(small_server: Server) -> None:
    given = _get(small_server, "queries/indicator-over-time", indicator="GDP", area="", format="csv")
    assert given.text == _get(small_server, "queries/indicator-over-time", indicator="GDP", format="csv").text


def test_accept(small_server: Server) -> None:
    url = f"{small_server.url}/api/queries/reports"
    assert httpx.get(url, headers={"Accept": "text/csv"}).headers["content-type"].startswith("text/csv")
    assert httpx.get(url, headers={"Accept": "image/png"}).status_code == 406
    assert httpx.head(url).status_code == 200


def test_graph(small_server: Server) -> None:
    name = next(t.name for t in TEMPLATES.values() if t.form == "CONSTRUCT" and "name" in t.parameters)
    answer = _get(small_server, f"queries/{name}", name="东湖片区", format="turtle")
    assert len(Graph().parse(data=answer.text, format="turtle")) > 0


@pytest.mark.parametrize(
    ("path", "params", "told"),
    [
        ("queries/indicator-over-time", {"nothing": "1"}, "has no parameter 'nothing'"),
        ("queries/about", {}, "needs the parameter 'name'"),
        ("queries/reports", {"limit": "many"}, "takes a whole number"),
        ("queries/reports", {"limit": ["1", "2"]}, "takes one whole number"),
        ("queries/reports", {"format": "turtle"}, "can be had as"),
    ],
)
def test_what_is_wrong_is_told(path: str, params: dict[str, str], told: str, small_server: Server) -> None:
    answer = _get(small_server, path, **params)
    assert answer.status_code == 400 and told in answer.text


def test_no_such_template(small_server: Server) -> None:
    answer = _get(small_server, "queries/nothing")
    assert answer.status_code == 404 and answer.headers["content-type"].startswith("text/plain")


def test_openapi(small_server: Server) -> None:
    described = _get(small_server, "openapi.json").json()
    assert described["openapi"].startswith("3.")
    for template in TEMPLATES.values():
        operation = described["paths"][f"/api/queries/{template.name}"]["get"]
        parameters = {p["name"]: p for p in operation["parameters"]}
        assert set(parameters) == {*template.parameters, "limit", "format"}
        for parameter in template.parameters.values():
            assert parameters[parameter.name]["required"] == parameter.required
            assert parameters[parameter.name]["schema"]["items"].get("enum", []) == list(parameter.choices)
    names = [operation["get"]["operationId"] for operation in described["paths"].values()]
    assert len(set(names)) == len(names)


@pytest.mark.parametrize(
    "path", ["health", "ontology", ".well-known/void", "api/queries", "api/queries/about", "api/search", "id/area/x"]
)
def test_other_methods(path: str, small_server: Server) -> None:
    url = f"{small_server.url}/{path}"
    for method, status in (("OPTIONS", 204), ("POST", 405), ("DELETE", 405), ("TRACE", 405)):
        answer = httpx.request(method, url)
        assert (answer.status_code, "GET" in answer.headers["allow"]) == (status, True), (method, answer.text)
        assert answer.headers["access-control-allow-origin"] == "*"
    assert httpx.head(url).status_code in (200, 400, 404)


def test_search(small_server: Server) -> None:
    for text in ("东湖科技园", "湖科技", "dhkjy", "donghukeji"):
        assert "东湖科技园" in [found["name"] for found in _get(small_server, "search", text=text).json()]
    assert _get(small_server, "search", text="x", limit="many").status_code == 400


def test_health(small_server: Server) -> None:
    assert httpx.get(f"{small_server.url}/health").json() == {"ready": True, "generation": 1}
