"""The review of links in a real browser, and what keeps others from deciding; the map of places."""

from __future__ import annotations

import math
import shutil
import socket
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

import httpx
import pytest
from click.testing import CliRunner

from kg.cli import cli
from kg.graph.store import open_store
from kg.graph.vocab import DEFAULT_BASE
from kg.link.decisions import NO_TERM, Decision
from kg.link.review import questions, read
from tests.serve.conftest import IMAGE, SCRIPT, Server, Tab, running

REVIEWER = "陈审核"


@pytest.fixture(scope="module")
def reading(linked_folder: Path) -> Iterator[Server]:
    """A server where nobody decides."""
    with running(linked_folder) as started:
        yield started


@pytest.fixture(scope="module")
def deciding(linked_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server of a store of its own, where somebody does."""
    folder = tmp_path_factory.mktemp("deciding") / "store"
    shutil.copytree(linked_folder, folder)
    with running(folder, "--review", REVIEWER) as started:
        yield started


@pytest.fixture(scope="module")  # what the pages consist of is loaded once
def reader(browser: Any, reading: Server) -> Iterator[Tab]:
    opened = Tab(browser, reading, viewport={"width": 1280, "height": 1400})
    yield opened
    opened.context.close()


@pytest.fixture(scope="module")
def tab(browser: Any, deciding: Server) -> Iterator[Tab]:
    opened = Tab(browser, deciding)
    yield opened
    opened.context.close()


def by_people(server: Server) -> list[Decision]:
    """What people decided, as the store has it."""
    store = open_store(server.store)
    try:
        return [d for d in read(store).decisions.values() if d.manual]
    finally:
        del store


def still_open(server: Server) -> set[str]:
    store = open_store(server.store)
    try:
        return {question.name for question in questions(read(store))}
    finally:
        del store


def ask_about(tab: Tab, name: str) -> Any:
    """The page about what bears the name, ready to take a decision."""
    page = tab.open("/review?target=own")
    page.locator("table a", has_text=name).first.click()
    page.locator("h2#asked", has_text=name).wait_for()
    page.wait_for_function("window.socket && window.socket.connected")
    return page


def test_anybody_may_read(reader: Tab) -> None:
    page = reader.open("/review?" + urlencode({"thing": DEFAULT_BASE + "entity/广州市海珠区/琶洲地区"}))
    assert page.title().startswith("关联审核")
    assert page.locator("h2#asked").inner_text() == "琶洲地区"
    assert page.locator("#content button").count() == page.locator("#content input").count() == 0
    assert "kg link review" in page.locator(".note").inner_text()
    assert "kg serve --review" in page.locator(".note").inner_text()
    assert page.locator(".asked blockquote mark", has_text="琶洲").count() > 0
    first, second = page.locator(".candidate").all()
    # names, descriptions and identifiers of another graph are text
    assert SCRIPT in first.inner_text() + second.inner_text() and IMAGE in first.inner_text() + second.inner_text()
    assert page.locator("img[src=x]").count() == 0
    link = page.locator(".candidate a")
    assert (link.count(), link.get_attribute("href")) == (1, "https://example.org/pazhou")
    assert "noopener" in (link.get_attribute("rel") or "")
    assert page.get_by_text("urn:kg:table:own:p2").count() == 1
    reasons = page.locator(".candidate", has_text="会展之地").locator(".reasons li")
    assert reasons.nth(0).inner_text().strip() == "待定原因：类型不明"
    # the sign, its colour, and its word for those who hear the page
    assert reasons.nth(1).inner_text().split() == ["+", "支持", "名称", "琶洲地区", "即", "琶洲地区"]
    assert {"for", "unknown"} <= {r.get_attribute("class") for r in reasons.all()}
    page.get_by_role("link", name="English").click()
    page.get_by_role("heading", name="Review of links").wait_for()
    assert "Open because: its type is not known" in page.locator(".candidate").first.inner_text()
    page = reader.open("/review?target=nothing&lang=zh")
    page.get_by_role("link", name="查看全部").click()
    page.locator(".candidate").first.wait_for()
    before = page.locator("#position").inner_text()
    page.get_by_role("link", name="下一项").click()
    page.wait_for_function(f"document.getElementById('position')?.innerText !== {before!r}")
    page.locator("h2#asked a").click()
    page.get_by_text("个候选关联待审核").wait_for()
    page.get_by_role("link", name="去审核").click()
    page.locator(".candidate").first.wait_for()
    reader.fine()


def test_links_on_a_thing(reader: Tab) -> None:
    page = reader.open("/thing/area/" + quote("广州市海珠区"))
    shown = page.locator("dl.facts").first.inner_text()
    assert "GB/T 2260 440105 （等同）" in shown and "区划代码\n440105" in shown
    page = reader.open("/thing/entity/" + quote("广州市海珠区/从化"))
    shown = page.locator("dl.facts").first.inner_text()
    assert "GeoNames 1805880 （相近）" in shown and "°N" in shown
    assert "1995–2014 年有效 后为 440117 从化区" in shown
    # what GeoNames calls it is no name of it
    assert httpx.get(f"{reader.url}/api/search", params={"text": "Jiekou"}).json() == []
    reader.fine()


def test_map(reader: Tab) -> None:
    page = reader.open("/places")
    page.locator(".map canvas").wait_for()
    page.wait_for_timeout(300)
    points = """() => { const chart = getElement(document.querySelector('.map').id.slice(1)).chart;
        return chart.getOption().series.flatMap((series, i) => series.data.map(point =>
            [point.name, point.value[0], point.value[1], ...chart.convertToPixel({seriesIndex: i}, point.value)])); }"""
    dots = page.evaluate(points)
    assert len({(x, y) for _, x, y, _, _ in dots}) == len(dots) == 5
    # a degree of longitude is as much shorter than one of latitude as it is on earth
    (_, x, y, left, top), (_, x2, y2, left2, top2) = min(dots), max(dots)
    middle = """() => { const chart = getElement(document.querySelector('.map').id.slice(1)).chart;
        const axis = chart.getOption().yAxis[0]; return (axis.min + axis.max) / 2; }"""
    scale = math.cos(math.radians(page.evaluate(middle)))
    assert (left2 - left) / (x2 - x) == pytest.approx((top - top2) / (y2 - y) * scale, rel=0.01)
    box = page.locator(".map").bounding_box()
    name, _, _, left, top = next(dot for dot in dots if dot[0] == "从化")
    page.mouse.move(box["x"] + left, box["y"] + top)
    page.mouse.click(box["x"] + left, box["y"] + top)
    page.wait_for_url("**/thing/**")
    page.get_by_role("heading", level=1, name=name).wait_for()
    reader.fine()


def test_narrow(reader: Tab, tab: Tab) -> None:
    for each, paths in ((reader, ("/review?target=own", "/places", "/thing/area/广州市海珠区")), (tab, ("/review",))):
        usual = each.page.viewport_size
        each.page.set_viewport_size({"width": 390, "height": 800})
        for path in paths:
            page = each.open(path)
            page.wait_for_timeout(200)
            assert page.evaluate("document.documentElement.scrollWidth") <= 390, path
        each.page.set_viewport_size(usual)
        each.fine()


def test_accept_and_undo(tab: Tab, deciding: Server) -> None:
    page = ask_about(tab, "海珠湖")
    page.get_by_role("button", name="接受第 1 个候选：海珠湖").click()
    page.get_by_role("status").get_by_text("已接受：海珠湖 = 海珠湖").wait_for()
    page.wait_for_function("document.activeElement.id === 'asked'")  # what comes next
    assert page.locator("h2#asked").inner_text() != "海珠湖"
    assert page.locator("table a", has_text="海珠湖").count() == 0
    (decision,) = by_people(deciding)
    assert (decision.subject_label, decision.judgement, decision.reviewer) == ("海珠湖", "accepted", REVIEWER)
    page.reload()  # before the next snapshot, or after it
    page.wait_for_selector("h2#asked")
    assert page.locator("table a", has_text="海珠湖").count() == 0
    page.locator(".bar", has_text="已接受：海珠湖").wait_for()
    page.wait_for_function("window.socket && window.socket.connected")
    page.get_by_role("button", name="撤销：海珠湖").click()
    page.get_by_role("status").get_by_text("已撤销：海珠湖").wait_for()
    assert page.locator("h2#asked").inner_text() == "海珠湖"
    assert by_people(deciding) == [] and "海珠湖" in still_open(deciding)
    tab.fine()


def test_near_and_not_this(tab: Tab, deciding: Server) -> None:
    page = ask_about(tab, "琶洲地区")
    page.get_by_role("button", name=f"不是第 1 个候选：{SCRIPT}").or_(
        page.get_by_role("button", name=f"不是第 2 个候选：{SCRIPT}")
    ).click()
    page.get_by_role("status").get_by_text("已否定").wait_for()
    assert page.locator("h2#asked").inner_text() == "琶洲地区" and page.locator(".candidate").count() == 1
    page.get_by_role("button", name="接受第 1 个候选为相近：琶洲地区").click()
    page.get_by_role("status").get_by_text("已接受为相近：琶洲地区 ≈ 琶洲地区").wait_for()
    assert {(d.judgement.value, d.match.value) for d in by_people(deciding)} == {
        ("rejected", "exactMatch"),
        ("accepted", "closeMatch"),
    }
    assert "琶洲地区" not in still_open(deciding)
    # the next snapshot holds it, and so does the thing's page
    until = time.monotonic() + 10
    address = f"{deciding.url}/thing/entity/" + quote("广州市海珠区/琶洲地区")
    while "example.org/pazhou" not in httpx.get(address).text and time.monotonic() < until:
        time.sleep(0.1)
    page = tab.open(urlsplit(address).path)
    assert "own.csv https://example.org/pazhou （相近）" in page.locator("dl.facts").first.inner_text()
    page = ask_about(tab, "海珠湖")
    for _ in range(2):
        page.get_by_role("button", name="撤销上一个").click()
        page.get_by_role("status").get_by_text("已撤销").wait_for()
        page.locator("h2#asked", has_text="琶洲地区").wait_for()
        page.get_by_role("status").evaluate("e => e.replaceChildren()")
    assert by_people(deciding) == []
    tab.fine()


def test_keys(tab: Tab, deciding: Server) -> None:
    page = ask_about(tab, "海珠湖")
    page.keyboard.press("n")
    page.get_by_role("status").get_by_text("已记录：").wait_for()
    (decision,) = by_people(deciding)
    assert decision.object == NO_TERM and "海珠湖" not in still_open(deciding)
    page.keyboard.press("u")
    page.get_by_role("status").get_by_text("已撤销：海珠湖").wait_for()
    page.locator("h2#asked", has_text="海珠湖").wait_for()
    page.keyboard.press("l")
    page.locator("h2#asked:not(:has-text('海珠湖'))").wait_for()
    skipped = page.locator("h2#asked").inner_text()
    page.keyboard.press("Control+1")  # is the browser's
    page.keyboard.press("1")
    page.get_by_role("status").get_by_text(f"已接受：{skipped}").wait_for()
    (decision,) = by_people(deciding)
    assert decision.subject_label == skipped
    page.keyboard.press("u")
    page.get_by_role("status").get_by_text(f"已撤销：{skipped}").wait_for()
    page.get_by_role("checkbox").click()  # single letters can be switched off
    page.get_by_role("checkbox").evaluate("e => e.blur()")
    page.keyboard.press("n")
    page.get_by_role("button", name="以后再说").focus()
    page.keyboard.press("Enter")  # every button can be reached and pressed
    page.locator(f"h2#asked:not(:has-text('{skipped}'))").wait_for()
    assert by_people(deciding) == []
    assert page.evaluate(
        "[...document.querySelectorAll('#content button')].every(e => e.getAttribute('aria-label') && e.tabIndex === 0)"
    )
    tab.fine()


def test_a_locked_store_loses_nothing(tab: Tab, deciding: Server) -> None:
    page = ask_about(tab, "海珠湖")
    held = [open_store(deciding.store, wait=5)]  # as by a build; in a list, for Playwright keeps local variables
    page.get_by_role("button", name="都不是").click()
    page.get_by_role("status").get_by_text("正在写入").wait_for()
    page.get_by_role("alert").get_by_text("没有写入").wait_for()
    assert page.locator("h2#asked").inner_text() == "海珠湖"
    held.clear()
    assert by_people(deciding) == []
    page.get_by_role("button", name="都不是").click()
    page.get_by_role("status").get_by_text("已记录").wait_for()
    assert page.get_by_role("alert").count() == 0
    page.get_by_role("button", name="撤销上一个").click()
    page.get_by_role("status").get_by_text("已撤销：海珠湖").wait_for()
    assert by_people(deciding) == []
    tab.fine()


def upgrade(server: Server, host: str, origin: str | None) -> int:
    """The status with which a websocket to the events of the pages is answered."""
    address = urlsplit(server.url)
    lines = [
        "GET /_nicegui_ws/socket.io/?EIO=4&transport=websocket HTTP/1.1",
        f"Host: {host}",
        "Connection: Upgrade",
        "Upgrade: websocket",
        "Sec-WebSocket-Version: 13",
        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
        *([f"Origin: {origin}"] if origin else []),
    ]
    with socket.create_connection((address.hostname or "", address.port or 0), timeout=5) as made:
        made.sendall(("\r\n".join(lines) + "\r\n\r\n").encode())
        return int(made.recv(100).split()[1])


def test_other_pages_cannot_decide(deciding: Server, reading: Server) -> None:
    for server in (deciding, reading):
        own = urlsplit(server.url).netloc
        port = own.rpartition(":")[2]
        assert upgrade(server, own, f"http://{own}") == upgrade(server, own, None) == 101
        assert upgrade(server, f"localhost:{port}", f"http://localhost:{port}") == 101
        for host, origin in (
            (own, "http://evil.example"),  # another page in the same browser
            (own, "http://127.0.0.1:1"),  # one of another server on this machine
            (own, "null"),  # a sandboxed frame
            (f"evil.example:{port}", f"http://evil.example:{port}"),  # whose name leads here
        ):
            assert upgrade(server, host, origin) == 403
        polling = f"{server.url}/_nicegui_ws/socket.io/?EIO=4&transport=polling"
        assert httpx.get(polling).status_code == 200
        for headers in ({"Origin": "http://evil.example"}, {"Sec-Fetch-Site": "cross-site"}):
            assert httpx.get(polling, headers=headers).status_code == 403
        evil = {"Host": f"evil.example:{port}"}
        assert httpx.get(f"{server.url}/review", headers=evil).status_code == 421
        # what only reads may be asked from anywhere
        asked = httpx.get(f"{server.url}/api/search?text=a", headers={"Origin": "http://evil.example"})
        assert asked.status_code == 200
    page = httpx.get(f"{deciding.url}/review")
    assert page.headers["x-frame-options"] == "DENY"
    assert "access-control-allow-origin" not in page.headers
    assert "x-frame-options" not in httpx.get(f"{reading.url}/review").headers


def test_only_on_this_machine(linked_folder: Path) -> None:
    for options, said in (
        (("--host", "0.0.0.0", "--review", "x"), "--host 0.0.0.0"),
        (("--review", " "), "the name of who decides"),
    ):
        result = CliRunner().invoke(cli, ["serve", "--store", str(linked_folder), "--port", "0", *options])
        assert result.exit_code == 2 and said in result.output


def test_a_store_without_links_says_so(browser: Any, server: Server) -> None:
    tab = Tab(browser, server)
    page = tab.open("/review")
    assert "kg link" in page.locator(".note").inner_text() and page.locator("#content button").count() == 0
    tab.fine()
    tab.context.close()
