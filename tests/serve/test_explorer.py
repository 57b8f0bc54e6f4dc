"""The explorer in a real browser: a really started server, Debian's Chromium without a window."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

import httpx
import pytest
from pyoxigraph import Store

from tests.serve.conftest import IMAGE, SCRIPT, Server, Tab, running
from tests.serve.test_views import INDICATOR, hostile_store

HAIZHU = "/thing/area/" + quote("广州市海珠区")
PAGES = (
    "/",
    HAIZHU,
    "/indicator/" + quote("地区生产总值"),
    "/questions",
    "/questions/targets",
    "/editor",
    "/places",
    "/review",
)


@pytest.fixture
def tab(browser: Any, server: Server) -> Iterator[Tab]:
    opened = Tab(browser, server)
    yield opened
    opened.context.close()


def report_path(url: str) -> str:
    query = "SELECT ?r { ?r a gwr:Report }"
    answer = httpx.get(f"{url}/sparql", params={"query": query}, headers={"Accept": "application/sparql-results+json"})
    iri = answer.json()["results"]["bindings"][0]["r"]["value"]
    return "/report/" + quote(iri.partition("/report/")[2], safe="%")


def test_search_and_open(tab: Tab) -> None:
    page = tab.open("/")
    assert page.title() == "政府工作报告知识图谱"
    page.get_by_label("搜索名称").fill("hzq")
    page.locator("#results a").first.wait_for()
    assert "广州市海珠区" in page.locator("#results a").first.inner_text()
    page.locator("#results a").first.click()
    page.wait_for_url("**/thing/area/**")
    page.get_by_role("heading", name="广州市海珠区", exact=True).wait_for()
    assert page.title().startswith("广州市海珠区")
    page.locator("blockquote mark").first.wait_for()
    assert page.locator("blockquote mark", has_text="海珠区").count() > 0
    page.locator(".charts canvas").first.wait_for()
    page.locator(".graph canvas").first.wait_for()
    tab.fine()


def test_enter_opens_the_first(tab: Tab) -> None:
    page = tab.open("/?q=" + quote("琶洲"))  # a search has an address, too
    page.locator("#results a").first.wait_for()
    page.get_by_label("搜索名称").press("Enter")
    page.wait_for_url("**/thing/**")
    tab.fine()


def test_neighbours_open_further(tab: Tab) -> None:
    page = tab.open(HAIZHU)
    graph = page.locator(".graph")
    graph.locator("canvas").first.wait_for()
    graph.scroll_into_view_if_needed()
    page.wait_for_timeout(300)
    count = """() => { const chart = [...document.querySelectorAll('.graph')][0];
        const own = getElement(chart.id.slice(1)).chart, data = own.getModel().getSeriesByIndex(0).getData();
        return [data.count(), own.convertToPixel({seriesIndex: 0}, data.getItemLayout(1))]; }"""
    before, (x, y) = page.evaluate(count)
    box = graph.bounding_box()
    page.mouse.click(box["x"] + x, box["y"] + y)
    page.get_by_text(re.compile(r"共 \d+ 条关系")).wait_for()
    assert page.evaluate(count)[0] >= before
    tab.fine()


def test_report(tab: Tab, server: Server) -> None:
    page = tab.open(report_path(server.url))
    fact = page.locator("aside details[open] li a[href^='#c']").nth(40)
    words = fact.inner_text()
    fact.click()
    target = page.locator(".text :target")
    assert words.startswith(target.inner_text())
    assert target.evaluate("e => { const r = e.getBoundingClientRect(); return r.top >= 0 && r.bottom <= innerHeight }")
    shared = page.url
    tab.open(shared.removeprefix(server.url))  # a place in a report can be shared
    page.reload()
    page.locator(".text :target").wait_for()
    assert page.locator(".text :target").evaluate("e => e.getBoundingClientRect().bottom <= innerHeight")
    page.locator("#show-Zone").uncheck()
    zone = page.locator(".m.e-Zone").first
    assert zone.evaluate("e => getComputedStyle(e).backgroundColor") == "rgba(0, 0, 0, 0)"
    mark = page.locator(".text a.m.e-Park").first
    name = (mark.get_attribute("title") or "").split("\n")[0]
    mark.click()
    page.wait_for_url("**/thing/**")
    page.get_by_role("heading", level=1, name=name).wait_for()
    tab.fine()


def test_every_iri_has_a_page(tab: Tab, server: Server) -> None:
    query = "SELECT ?o { ?o a gwr:Observation } LIMIT 1"
    answer = httpx.get(f"{server.url}/sparql", params={"query": query}, headers={"Accept": "text/csv"})
    page = tab.open("/id/" + answer.text.split()[1].partition("/id/")[2])  # which redirects to it
    page.get_by_text("sdmx-measure:obsValue").wait_for()
    assert "/thing/observation/" in page.url
    tab.fine()


def test_quotations_lead_to_their_places(tab: Tab) -> None:
    page = tab.open(HAIZHU)
    link = page.locator("blockquote footer a[href*='#c']").nth(20)
    link.wait_for()
    link.click()
    page.locator(".text :target").wait_for()
    tab.fine()


def test_question(tab: Tab, server: Server) -> None:
    page = tab.open("/questions")
    page.get_by_role("link", name="一个指标历年如何变化？").click()
    page.locator(".ag-row").first.wait_for()
    assert page.locator(".charts canvas").count() >= 1
    assert (
        "363,150" in page.locator(".grid").inner_text().replace(" ", "")
        or "36,315" in page.locator(".grid").inner_text()
    )
    box = page.get_by_label("指标", exact=False).first
    box.fill("税收收入")
    page.get_by_role("button", name="查询").click()
    page.wait_for_url("**indicator=%E7%A8%8E**")
    page.locator(".ag-row", has_text="62.77亿元").first.wait_for()
    page.reload()  # the answer has an address
    page.locator(".ag-row", has_text="62.77亿元").first.wait_for()
    with page.expect_download() as download:
        page.get_by_role("link", name="CSV").click()
    text = Path(download.value.path()).read_text(encoding="utf-8")
    assert text.startswith("indicator,area,period") and "62.77亿元" in text
    page.get_by_text("背后的 SPARQL").click()
    assert "税收收入" in page.locator("details pre").inner_text()
    page.get_by_role("link", name="在编辑器中打开").click()
    page.wait_for_url("**/editor?query=**")
    page.locator(".ag-row").first.wait_for()
    tab.fine()


def test_question_that_wants_a_value(tab: Tab) -> None:
    page = tab.open("/questions/growth-between")
    page.get_by_text("请填写带 * 的条件。").wait_for()
    page = tab.open("/questions/growth-between?from=x&to=2010")
    page.get_by_role("alert").wait_for()
    assert "whole number" in page.get_by_role("alert").inner_text()
    page = tab.open("/questions/neighbourhood?name=" + quote("琶洲"))
    page.locator("pre", has_text="@prefix").wait_for()
    tab.fine()


def test_sort(tab: Tab) -> None:
    page = tab.open("/questions/figures-by-unit?unit=" + quote("元"))
    values = page.locator(".ag-center-cols-container [col-id=value]")
    values.first.wait_for()

    def shown() -> list[float]:
        rows = page.locator(".ag-center-cols-container [role=row]").all()
        rows.sort(key=lambda row: int(row.get_attribute("row-index") or 0))
        return [float(r.locator("[col-id=value]").inner_text().replace(",", "")) for r in rows[:6]]

    assert shown() == sorted(shown(), reverse=True)
    page.locator(".ag-header-cell[col-id=value] .ag-header-cell-text").click()
    page.wait_for_timeout(300)
    assert shown() == sorted(shown())
    tab.fine()


def write(page: Any, query: str) -> None:
    page.locator(".cm-content").click()
    page.keyboard.press("Control+A")
    page.keyboard.insert_text(query)
    page.wait_for_timeout(200)


def test_editor(tab: Tab) -> None:
    page = tab.open("/editor")
    page.locator(".cm-content").wait_for()
    write(page, "SELECT (COUNT(*) AS ?reports) { ?r a gwr:Report }")
    page.get_by_role("button", name="运行").click()
    page.locator(".ag-row [col-id=reports]", has_text="1").wait_for()
    assert "query=SELECT" in page.url
    write(page, "SELECT ?x {\n  ?x a gwr:Park ;; }\nLIMIT x")
    page.keyboard.press("Control+Enter")
    alert = page.locator("#error")
    alert.wait_for()
    assert re.search(r"第 3 行.*column 1", alert.inner_text()), alert.inner_text()
    assert page.locator(".cm-wrong").inner_text() == "LIMIT"
    page.locator(".past button", has_text="COUNT").click()  # from the history of the browser
    page.get_by_text("?reports").first.wait_for()
    page.reload()
    page.locator(".past button", has_text="COUNT").wait_for()
    tab.fine()


def test_editor_completes_and_inserts(tab: Tab) -> None:
    page = tab.open("/editor")
    page.locator(".cm-content").wait_for()
    write(page, "SELECT * { ?x a ")
    page.keyboard.type("gwr:Pa", delay=30)
    page.locator(".cm-tooltip-autocomplete li", has_text="gwr:Park").first.wait_for()
    page.keyboard.press("Escape")
    write(page, "ASK { ?x a ")
    page.locator(".cm-content").press("Control+End")
    page.get_by_text("本体的词语与前缀").click()
    page.get_by_role("button", name="gwr:Zone", exact=True).click()
    page.get_by_text("ASK { ?x a gwr:Zone").wait_for()
    tab.fine()


def test_construct_in_the_editor(tab: Tab) -> None:
    page = tab.open("/editor?" + urlencode({"query": "CONSTRUCT { ?x a gwr:Report } { ?x a gwr:Report }"}))
    page.locator("section pre", has_text="gwr:Report").wait_for()
    tab.fine()


def test_unknown_pages_say_so(tab: Tab) -> None:
    paths = ("/thing/area/" + quote("无此地"), "/report/none", "/questions/none", "/thing?iri=x", "/indicator/x")
    for path in paths:
        page = tab.open(path)
        assert page.locator("h1").inner_text() == "没有找到" and page.title().startswith("没有找到")
    # each with its status, which the browser notes as an error
    assert len(tab.faults) == len(paths) and all("404 (Not Found)" in fault for fault in tab.faults)
    tab.faults.clear()
    tab.fine()


def test_languages(tab: Tab) -> None:
    page = tab.open("/questions")
    assert page.evaluate("document.documentElement.lang") == "zh-CN"
    page.get_by_role("link", name="English").click()
    page.get_by_role("heading", name="Questions").wait_for()
    page = tab.open(HAIZHU)  # the choice is kept
    page.get_by_role("heading", name="Facts").wait_for()
    page.wait_for_function("document.documentElement.lang === 'en'")
    page.get_by_role("link", name="中文").click()
    page.get_by_role("heading", name="事实").wait_for()
    tab.fine()


def test_keyboard(tab: Tab) -> None:
    page = tab.open(HAIZHU)
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "content"
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('#content') && document.activeElement.tagName") == "A"
    assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid"
    unlabelled = """[...document.querySelectorAll('input, select, textarea')].filter(
        e => !e.labels?.length && !e.getAttribute('aria-label') && e.type !== 'hidden').length"""
    for path in ("/", "/questions/indicator-over-time", HAIZHU):
        tab.open(path)
        assert page.evaluate(unlabelled) == 0
    tab.fine()


def test_narrow(browser: Any, server: Server) -> None:
    narrow = Tab(browser, server, viewport={"width": 390, "height": 800})
    titles = set()
    for path in (*PAGES, report_path(server.url)):
        page = narrow.open(path)
        page.wait_for_timeout(500)
        assert page.evaluate("document.documentElement.scrollWidth") <= 390, path
        titles.add(page.title())
    assert len(titles) == len(PAGES) + 1
    narrow.fine()
    narrow.context.close()


@pytest.fixture(scope="module")
def hostile_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    folder = tmp_path_factory.mktemp("hostile") / "store"
    into = hostile_store(Store(str(folder)))
    into.flush()
    del into
    with running(folder) as started:
        yield started


def test_stored_markup_shows_as_text(browser: Any, hostile_server: Server) -> None:
    tab = Tab(browser, hostile_server)
    page = tab.open(report_path(tab.url))
    assert page.title().startswith(IMAGE) and page.locator("h1").inner_text() == IMAGE
    assert SCRIPT in page.locator(".text").inner_text()
    for word in ("script", "img", "onclick"):
        page = tab.open("/?q=" + word)
        page.locator("#results a").first.wait_for()
    page.locator("#results a", has_text=INDICATOR).click()
    page.locator(".charts canvas").first.wait_for()
    page.locator(".charts canvas").first.hover()
    page.locator(".graph canvas").first.hover()
    tab.open("/thing/entity/" + quote("江州市江城区") + "/" + quote(IMAGE, safe=""))
    page.locator("blockquote", has_text=SCRIPT).first.wait_for()
    page = tab.open("/questions/indicator-over-time?" + urlencode({"indicator": INDICATOR}))
    page.locator(".ag-row", has_text=IMAGE).first.wait_for()
    page = tab.open("/questions/indicator-over-time?" + urlencode({"indicator": SCRIPT, "area": '"><img src=x>'}))
    page.get_by_text("0 行").wait_for()
    page = tab.open("/editor?" + urlencode({"query": "SELECT ?name { ?x skos:prefLabel ?name ; a gwr:Zone }"}))
    page.locator(".ag-row", has_text=IMAGE).first.wait_for()
    page = tab.open("/editor?" + urlencode({"query": f"SELECT {IMAGE}"}))
    page.locator("#error").wait_for()
    assert page.locator("img[src=x]").count() == 0
    tab.fine()
    tab.context.close()
