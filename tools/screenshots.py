"""Pictures of the explorer's pages for the documentation: ``python -m tools.screenshots [--store DIR]``.

Starts ``kg serve`` on the store (without one, on one that is built of the seed report and linked) and writes
``docs/images/NAME.png``, 1280 pixels wide, and ``docs/images/narrow.png``, 390 wide.  Of a store in which nothing is
open there is no picture of the review, of one without coordinates none of the map.  It needs Chromium, and a font
with Chinese characters: ``apt-get install chromium fonts-wqy-microhei``.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote

IMAGES = Path(__file__).resolve().parent.parent / "docs" / "images"
OPTIONS = (
    "--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking "
    "--disable-component-update --disable-sync"
)
AREA = "广州市海珠区"
REVIEWER = "陈"
#: Text with many colours makes large files; a candidate and what is said of it is to be seen whole.
HEIGHTS = {"report": 540, "review": 1080}
QUERY = """SELECT ?park ?indicator ?text
WHERE {
  ?thePark a gwr:Park ; skos:prefLabel ?park .
  ?observation sdmx-dimension:refArea ?thePark ;
    gwr:indicator/skos:prefLabel ?indicator ;
    gwr:valueText ?text .
}
ORDER BY ?park
"""


@contextmanager
def server(store: str) -> Iterator[str]:
    """The address of a server of that store, while it runs."""
    command = [sys.executable, "-c", "from kg.cli import main; main()", "serve", "--store", store]
    command += ["--port", "0", "--review", REVIEWER]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env={**os.environ, "PYTHONUNBUFFERED": "1"})
    try:
        assert process.stdout is not None
        yield process.stdout.readline().strip().rstrip("/")
    finally:
        process.terminate()
        process.wait(15)


def report_of(page: Any, url: str) -> str:
    """The address of the area's first report, as the home page links it."""
    page.goto(f"{url}/")
    row = page.locator("tr", has=page.get_by_role("link", name=AREA, exact=True))
    return str(row.locator("td").nth(1).locator("a").first.get_attribute("href"))


def take(page: Any, url: str) -> None:
    """All pictures at the width of a desk."""
    report = report_of(page, url)
    thing = f"/thing/area/{quote(AREA)}"
    shots: dict[str, tuple[str, str, Callable[[], object]]] = {
        "home": ("/", ".chips a", lambda: _search(page)),
        "thing": (thing, ".graph canvas", lambda: None),
        "figures": (f"/indicator/{quote('地区生产总值')}", ".graph canvas", lambda: _to(page, ".charts")),
        "neighbours": (thing, ".graph canvas", lambda: _to(page, ".graph")),
        "quotations": (thing, "blockquote mark", lambda: _to(page, "blockquote")),
        "report": (report, ".text .figure", lambda: _to(page, ".text .figure")),
        "questions": (f"/questions/indicator-over-time?area={quote(AREA)}", ".ag-row", lambda: None),
        "editor": (f"/editor?query={quote(QUERY)}", ".ag-row", lambda: None),
    }
    if _has(page, f"{url}/places", ".map"):
        shots["places"] = ("/places", ".map canvas", lambda: None)
    if _has(page, f"{url}/review", ".candidate"):
        shots["review"] = ("/review", ".candidate", lambda: None)
    for name, (path, wanted, then) in shots.items():
        page.goto(url + path)
        page.locator(wanted).first.wait_for()
        then()
        page.wait_for_timeout(700)  # for what is drawn after it is there
        page.set_viewport_size({"width": 1280, "height": HEIGHTS.get(name, 860)})
        page.screenshot(path=IMAGES / f"{name}.png")


def _has(page: Any, address: str, selector: str) -> bool:
    page.goto(address)
    page.locator("h1").wait_for()
    return bool(page.locator(selector).count())


def _search(page: Any) -> None:
    page.get_by_role("search").get_by_role("searchbox").fill("hz")
    page.locator("#results a").nth(3).wait_for()


def _to(page: Any, selector: str) -> None:
    page.locator(selector).first.evaluate("e => window.scrollTo(0, e.getBoundingClientRect().top + scrollY - 160)")


def main() -> None:
    from playwright.sync_api import sync_playwright

    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--store", help="a store that holds a report of " + AREA)
    arguments = parser.parse_args()
    IMAGES.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        store = arguments.store
        if store is None:
            from kg.link.providers.tables import DivisionTable, GeoNamesTable
            from kg.link.run import link
            from kg.pipeline import build

            store = str(Path(folder) / "store")
            build(store_dir=store)
            link(store, [DivisionTable(), GeoNamesTable()])
        program = os.environ.get("CHROMIUM") or shutil.which("chromium") or sys.exit("apt-get install chromium")
        browser = playwright.chromium.launch(executable_path=program, args=OPTIONS.split())
        with server(store) as url:
            page = browser.new_page(viewport={"width": 1280, "height": 860}, locale="zh-CN")
            take(page, url)
            page = browser.new_page(viewport={"width": 390, "height": 760}, locale="zh-CN")
            page.goto(url + report_of(page, url))
            page.locator(".text .figure").first.wait_for()
            _to(page, ".text .figure")
            page.screenshot(path=IMAGES / "narrow.png")
        browser.close()
    for image in sorted(IMAGES.glob("*.png")):
        print(f"{image.name}: {image.stat().st_size // 1024} kB")


if __name__ == "__main__":
    main()
