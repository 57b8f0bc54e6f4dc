"""Which address is which page."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

from nicegui import ui
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from kg.graph.iri import INDICATOR_BASE
from kg.serve.explorer import editor, home, places, questions, report, review, thing
from kg.serve.explorer.frame import Visit, show, visit_of
from kg.serve.explorer.links import spellings
from kg.serve.explorer.search import found

if TYPE_CHECKING:
    from fastapi import FastAPI

    from kg.serve.explorer.desk import Desk
    from kg.serve.pool import Backend

#: Names for a picker while one types, put into its list; a few lines, since no element of NiceGUI's does it.
_SUGGEST = """<script>
document.addEventListener("input", async event => {
  const box = event.target, list = box.list;
  if (!list || !box.hasAttribute("data-suggest") || !box.value.trim()) return;
  const asked = box.value, answer = await fetch("/suggest?text=" + encodeURIComponent(asked));
  if (!answer.ok || box.value !== asked) return;
  list.replaceChildren(...(await answer.json()).map(name => new Option("", name)));
});
</script>"""


#: How many seconds a page may take to be made; what the backend refuses earlier is told on the page.
_PATIENCE = 60


class _Current:
    """The backend that the pages ask, and where decisions are taken, if they are."""

    backend: Backend
    desk: Desk | None = None


_current = _Current()


def mount(app: FastAPI, backend: Backend, reviewer: str | None) -> None:
    """See :func:`kg.serve.explorer.mount`."""
    _current.backend, _current.desk = backend, None
    if reviewer is not None:
        from kg.serve.explorer.desk import Desk

        _current.desk = Desk(backend, reviewer)

    async def suggest(text: str = "") -> JSONResponse:
        names = [name.name for name in await found(backend, text[:100], 20)]
        return JSONResponse(list(dict.fromkeys(names)))

    app.add_api_route("/suggest", suggest, methods=["GET"], include_in_schema=False)
    ui.run_with(app, title="kg", language="zh-CN", tailwind=False, show_welcome_message=False, reconnect_timeout=10)


async def _page(request: Request, build: Callable[[Visit], Awaitable[None]]) -> Response | None:
    ui.add_head_html(_SUGGEST)
    return await show(visit_of(request, _current.backend), build)


@ui.page("/", response_timeout=_PATIENCE)
async def home_page(request: Request) -> Response | None:
    return await _page(request, home.build)


@ui.page("/questions", response_timeout=_PATIENCE)
async def questions_page(request: Request) -> Response | None:
    return await _page(request, questions.build_list)


@ui.page("/questions/{name}", response_timeout=_PATIENCE)
async def question_page(request: Request, name: str) -> Response | None:
    return await _page(request, lambda visit: questions.build(visit, name))


@ui.page("/editor", response_timeout=_PATIENCE)
async def editor_page(request: Request) -> Response | None:
    return await _page(request, editor.build)


@ui.page("/places", response_timeout=_PATIENCE)
async def places_page(request: Request) -> Response | None:
    return await _page(request, places.build)


@ui.page("/review", response_timeout=_PATIENCE)
async def review_page(request: Request) -> Response | None:
    return await _page(request, lambda visit: review.build(visit, _current.desk))


@ui.page("/thing", response_timeout=_PATIENCE)
async def any_thing_page(request: Request) -> Response | None:
    return await _page(request, lambda visit: thing.build(visit, [request.query_params.get("iri", "")]))


@ui.page("/thing/{path:path}", response_timeout=_PATIENCE)
async def thing_page(request: Request) -> Response | None:
    return await _page(request, lambda visit: thing.build(visit, _iris(request, b"/thing/", _current.backend.base)))


@ui.page("/indicator/{path:path}", response_timeout=_PATIENCE)
async def indicator_page(request: Request) -> Response | None:
    return await _page(request, lambda visit: thing.build(visit, _iris(request, b"/indicator/", INDICATOR_BASE)))


@ui.page("/report/{path:path}", response_timeout=_PATIENCE)
async def report_page(request: Request) -> Response | None:
    return await _page(request, lambda visit: report.build(visit, _iris(request, b"/", _current.backend.base)))


def _iris(request: Request, start: bytes, base: str) -> list[str]:
    return spellings(request.scope["raw_path"], start, base)
