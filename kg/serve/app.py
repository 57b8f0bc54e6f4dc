"""The server: one app with the endpoint, the API, linked data and the explorer; and how it is run."""

from __future__ import annotations

import asyncio
import contextlib
import socket
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from pathlib import Path
from typing import Any, Final

from fastapi import FastAPI
from fastapi.routing import APIRoute
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

import kg
from kg.errors import KgError, StoreError
from kg.serve import api, linked, protocol
from kg.serve.guard import SameHost, Unframed, is_loopback
from kg.serve.pool import Backend, Limits
from kg.serve.protocol import CORS, Refused, refusal
from kg.serve.snapshot import Snapshots
from kg.serve.source import Remote, Source

Handler = Callable[[Request, Backend], Awaitable[Response]]


def create_app(
    source: Source,
    *,
    limits: Limits | None = None,
    workers: int | None = None,
    poll: float = 1.0,
    explorer: bool = True,
    reviewer: str | None = None,
) -> FastAPI:
    """The app over a store or an endpoint; its workers run between startup and shutdown.

    What keeps them from starting is in ``app.state.fault`` then, and requests get a 503.

    Nothing in it writes to the store, but for a ``reviewer``'s decisions on links, which the explorer's page takes
    from pages of its own on loopback.
    """
    backend = Backend(source, limits=limits, workers=workers, poll=poll)

    @contextlib.asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        try:
            try:
                await backend.start()
            except KgError as error:
                app.state.fault = error  # uvicorn would log its traceback and end the process
            yield
        finally:
            await backend.close()

    app = FastAPI(
        title="kg",
        version=kg.__version__,
        description="Chinese government work reports (政府工作报告) as a knowledge graph.",
        openapi_url="/api/openapi.json",
        docs_url=None,  # they would load scripts from elsewhere
        redoc_url=None,
        lifespan=lifespan,
    )
    app.state.backend = backend
    app.state.fault = None
    for kind in (KgError, Refused):
        app.add_exception_handler(kind, _told)
    _route(app, backend, protocol.PATH, protocol.sparql, allowed=protocol.METHODS)
    for path, handler in (
        ("/id/{path:path}", linked.resolve),
        ("/ontology", linked.ontology),
        ("/.well-known/void", linked.void),
    ):
        _route(app, backend, path, handler)
    api.add_routes(app, backend)

    async def health() -> Response:
        told = {"ready": backend.ready, "generation": backend.generation}
        return JSONResponse(told, 200 if backend.ready else 503, headers=CORS)

    app.add_api_route("/health", health, methods=["GET"], summary="Whether the server answers", tags=["server"])
    if explorer:
        _add_search(app, backend)
    _answer_other_methods(app)
    if explorer:  # last: it answers every path that no route before it takes, and does so with a page
        _mount_explorer(app, backend, reviewer)
    if reviewer is not None:
        app.add_middleware(Unframed)
    return app


def _answer_other_methods(app: FastAPI) -> None:
    """Have HEAD, OPTIONS and wrong methods answered on the routes of the API, too, and unknown paths told in a line."""
    for path in [route.path for route in app.routes if isinstance(route, APIRoute)]:
        app.add_route(path, _other_method, methods=[*protocol.EVERY_METHOD], include_in_schema=False)
    app.add_route("/api/{path:path}", _unknown, methods=[*protocol.EVERY_METHOD], include_in_schema=False)


async def _other_method(request: Request) -> Response:
    if request.method == "HEAD":
        return Response(None, 200, CORS)
    return protocol.options(request, protocol.READING)


async def _unknown(_: Request) -> Response:
    return refusal(Refused(404, "there is nothing of that name; /api/queries lists the questions"))


def _add_search(app: FastAPI, backend: Backend) -> None:
    from kg.serve.explorer.search import search

    async def found(text: str = "", limit: str = "20") -> Response:
        if not limit.isdecimal():
            raise Refused(400, "limit takes a whole number")
        return JSONResponse(await search(backend, text[:200], max(1, min(int(limit[:9]), 200))), headers=CORS)

    app.add_api_route("/api/search", found, methods=["GET"], summary="Names that hold these characters", tags=["names"])


def _mount_explorer(app: FastAPI, backend: Backend, reviewer: str | None) -> None:
    from kg.serve import explorer

    explorer.mount(app, backend, reviewer)
    backend.warm.append(explorer.warm)


def _route(
    app: FastAPI, backend: Backend, path: str, handler: Handler, allowed: Sequence[str] = protocol.READING
) -> None:
    async def handle(request: Request) -> Response:
        if request.method not in allowed:
            return protocol.options(request, allowed)
        return await handler(request, backend)

    app.add_route(path, handle, methods=[*protocol.EVERY_METHOD], include_in_schema=False)


async def _told(_: Request, error: Exception) -> Response:
    assert isinstance(error, KgError | Refused)
    return refusal(error)


def listen(host: str, port: int) -> socket.socket:
    """A socket on which the server can answer; port 0 takes a free one.  Raises :class:`~kg.errors.KgError`."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    bound = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        bound.bind((host, port))
    except OSError as error:
        bound.close()
        raise KgError(
            f"the server cannot listen on {host}, port {port}: {error.strerror or error}", hint="choose another --port"
        ) from None
    return bound


_REVIEW_STORE: Final = "review with --store, and load what comes of it into the server"


def serve(
    store_dir: str | Path,
    host: str,
    port: int,
    *,
    endpoint: str | None = None,
    limits: Limits | None = None,
    workers: int | None = None,
    reviewer: str | None = None,
    announce: Callable[[str], None],
) -> None:
    """Serve the store until interrupted; ``announce`` is called with the URL when requests are answered.

    ``endpoint`` is the address of a SPARQL endpoint to be served in the store's place: its graph is read there.
    A ``reviewer`` may decide on links in the browser, on loopback only, of a store only.
    Raises :class:`~kg.errors.KgError` if there is no store, or the endpoint does not answer, or the address is in use,
    or is one that others reach where somebody is to decide.
    """
    import uvicorn

    if (
        endpoint is None and not (Path(store_dir) / "CURRENT").is_file()
    ):  # told at once, not out of a server that is starting
        raise StoreError(f"there is no store in {store_dir}", hint="build one with: kg build")
    if reviewer is not None and endpoint is not None:
        raise KgError("decisions are written into a store, nothing is written to an endpoint", hint=_REVIEW_STORE)
    if reviewer is not None and not is_loopback(host):
        raise KgError(f"whoever reaches {host} could decide for {reviewer}", hint="review on 127.0.0.1")
    bound = listen(host, port)
    source = Remote(endpoint) if endpoint is not None else Snapshots(store_dir)
    app = create_app(source, limits=limits, workers=workers, reviewer=reviewer)
    config = uvicorn.Config(
        SameHost(app) if is_loopback(host) else app,
        log_level="warning",
        access_log=False,
        server_header=False,
        backlog=2048,
        timeout_keep_alive=30,
        timeout_graceful_shutdown=2,
    )
    shown = f"[{host}]" if ":" in host else host
    url = f"http://{shown}:{bound.getsockname()[1]}/"
    with contextlib.suppress(KeyboardInterrupt):  # uvicorn raises it again after it has ended in good order
        asyncio.run(_serve(uvicorn.Server(config), app, bound, lambda: announce(url)))


async def _serve(server: Any, app: FastAPI, bound: socket.socket, ready: Callable[[], None]) -> None:
    """Run the server; what keeps it from starting is raised here, not logged."""
    running = asyncio.create_task(server.serve(sockets=[bound]))
    while not server.started and not running.done():
        await asyncio.sleep(0.02)
    if app.state.fault is not None:
        server.should_exit = True
    elif server.started:
        ready()
    while not server.should_exit and not running.done():
        await asyncio.sleep(0.05)
    # else uvicorn would cancel the requests under way, and their clients learn nothing
    await app.state.backend.stop()
    await running
    if isinstance(fault := app.state.fault, BaseException):
        raise fault
