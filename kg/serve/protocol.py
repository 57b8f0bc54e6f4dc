"""The SPARQL 1.1 Protocol, its query side (https://www.w3.org/TR/sparql11-protocol/), at ``/sparql``.

Each answer is sent when it is whole: a query that fails, or takes too long, or has too many rows, gives an
error and no part of a document.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Final
from urllib.parse import parse_qsl

from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response

from kg.errors import (
    AnswerTooLarge,
    KgError,
    QueryError,
    QueryTimeout,
    ServerBusy,
    ServiceError,
    UnknownName,
    WorkerDied,
)
from kg.serve.media import GRAPHS, TABLES, choose, prefers_html

if TYPE_CHECKING:
    from kg.serve.pool import Answer, Backend

PATH: Final = "/sparql"

#: The longest request that is read, in bytes: percent-encoding triples a query in Chinese.
MAX_BODY: Final = 4 << 20
#: For how many seconds the body of a request may trickle in.
BODY_SECONDS: Final = 30

#: Methods that a route may be asked by, whether it has an answer or not.
EVERY_METHOD: Final = ("GET", "HEAD", "POST", "OPTIONS", "PUT", "PATCH", "DELETE", "TRACE")
#: Those of what is only read, and those of the endpoint.
READING: Final = ("GET", "HEAD")
METHODS: Final = ("GET", "HEAD", "POST")

CORS: Final = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Allow-Methods": "GET, HEAD, POST, OPTIONS",
    "Access-Control-Allow-Headers": "Accept, Content-Type",
    "Access-Control-Expose-Headers": "KG-Max-Rows, KG-Time-Limit, Retry-After",
    "Access-Control-Max-Age": "86400",
    # a name with HTML in it must not become a page
    "X-Content-Type-Options": "nosniff",
}

#: The status of an error; the first class that fits.
_STATUS: Final[tuple[tuple[type[KgError], int], ...]] = (
    (QueryTimeout, 504),
    (AnswerTooLarge, 422),
    (WorkerDied, 500),
    (QueryError, 400),
    (UnknownName, 404),
    (ServerBusy, 503),
    (ServiceError, 502),
)


class Refused(Exception):
    """A request that cannot be answered, with the status that says why."""

    def __init__(self, status: int, message: str, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(message)
        self.status = status
        self.message = message
        self.headers = dict(headers or {})


def refusal(error: Refused | KgError) -> Response:
    """The response for an error: one line of text, with line and column of a query where they are known."""
    if isinstance(error, Refused):
        status, headers = error.status, error.headers
        message = error.message
    else:
        status = next((status for kind, status in _STATUS if isinstance(error, kind)), 500)
        headers = {"Retry-After": "5"} if status == 503 else {}
        message = str(error)
    return PlainTextResponse(message + "\n", status, {**CORS, **headers})


def options(request: Request, allowed: Sequence[str]) -> Response:
    """The response to OPTIONS, and to a method that is not allowed."""
    headers = {"Allow": ", ".join((*allowed, "OPTIONS"))}
    if "POST" in allowed:
        headers["Accept-Post"] = POST
    if request.method == "OPTIONS":
        return Response(None, 204, {**CORS, **headers})
    return refusal(Refused(405, f"{request.method} is not allowed here", headers))


async def read_body(request: Request) -> bytes:
    """The body, unless it is too long or too slow."""
    parts: list[bytes] = []
    size = 0
    try:
        async with asyncio.timeout(BODY_SECONDS):
            async for part in request.stream():
                size += len(part)
                if size > MAX_BODY:
                    raise Refused(413, f"a request may have up to {MAX_BODY:,} bytes")
                parts.append(part)
    except TimeoutError:
        raise Refused(408, f"the request did not come in within {BODY_SECONDS} seconds") from None
    return b"".join(parts)


def decode_form(data: bytes, what: str) -> list[tuple[str, str]]:
    """The pairs of a form or of a URL's query.  Raises :class:`Refused` for what is not UTF-8."""
    try:
        return parse_qsl(data.decode("ascii"), keep_blank_values=True, errors="strict", max_num_fields=1_000)
    except UnicodeDecodeError:
        raise Refused(400, f"{what} is not UTF-8, percent-encoded") from None
    except ValueError as error:
        raise Refused(400, f"{what} cannot be read: {error}") from None


async def _pairs(request: Request) -> list[tuple[str, str]]:
    """The parameters of the operation, from wherever the protocol lets them stand."""
    pairs = decode_form(request.scope["query_string"], "the URL's query")
    if request.method in ("GET", "HEAD"):
        return pairs
    content_type = request.headers.get("content-type", "")
    media_type, *parameters = [part.strip().lower() for part in content_type.split(";")]
    charset = next((p.partition("=")[2].strip('"') for p in parameters if p.startswith("charset=")), "utf-8")
    if media_type == "application/x-www-form-urlencoded":
        return pairs + decode_form(await read_body(request), "the form")
    if media_type == "application/sparql-update":
        raise Refused(403, "this endpoint only answers queries: updates are not allowed")
    if media_type != "application/sparql-query":
        raise Refused(
            415, "a POST has to be application/sparql-query or application/x-www-form-urlencoded", {"Accept-Post": POST}
        )
    if any(name == "query" for name, _ in pairs):
        raise Refused(400, "the query is given twice: in the URL and as the body")
    body = await read_body(request)
    if charset not in ("utf-8", "utf8", "us-ascii"):
        raise Refused(415, f"a query has to be UTF-8, not {charset}")
    try:
        return [*pairs, ("query", body.decode("utf-8"))]
    except UnicodeDecodeError as error:
        raise Refused(400, f"the query is not UTF-8: byte {error.start}") from None


POST: Final = "application/sparql-query, application/x-www-form-urlencoded"


def limits(backend: Backend) -> dict[str, str]:
    """The headers that say what an answer may take."""
    return {"KG-Max-Rows": str(backend.limits.rows), "KG-Time-Limit": f"{backend.limits.seconds:g}"}


def respond(request: Request, answer: Answer, backend: Backend, headers: Mapping[str, str] | None = None) -> Response:
    """The answer as it goes out."""
    sent = {**CORS, **limits(backend), "Vary": "Accept", "Cache-Control": "no-cache", **(headers or {})}
    response = Response(answer.content, 200, sent, media_type=answer.media_type)
    # Starlette would add a charset of its own to media types of text; ours say theirs
    response.headers["content-type"] = answer.media_type
    return response


async def sparql(request: Request, backend: Backend) -> Response:
    """Answer one request to the endpoint."""
    pairs = await _pairs(request)
    if any(name == "update" for name, _ in pairs):
        raise Refused(403, "this endpoint only answers queries: updates are not allowed")
    queries = [value for name, value in pairs if name == "query"]
    if len(queries) > 1:
        raise Refused(400, f"one query is answered at a time, not {len(queries)}")
    accept = request.headers.get("accept")
    if not queries:
        return await _description(request, backend, accept)
    default_graphs = [value for name, value in pairs if name == "default-graph-uri"]
    named_graphs = [value for name, value in pairs if name == "named-graph-uri"]
    table, graph = choose(accept, TABLES), choose(accept, GRAPHS)
    if table is None and graph is None:
        raise Refused(406, "none of the media types asked for can be given", {"Vary": "Accept"})
    given = bool(default_graphs or named_graphs)
    try:
        answer = await backend.query(
            queries[0],
            {"table": table, "graph": graph},
            default_graphs=default_graphs if given else None,
            named_graphs=named_graphs if given else None,
        )
    except QueryError as error:
        if error.message.startswith("not acceptable"):
            raise Refused(406, error.message, {"Vary": "Accept"}) from None
        raise
    return respond(request, answer, backend)


async def _description(request: Request, backend: Backend, accept: str | None) -> Response:
    """Without a query: what the service is (SPARQL 1.1 Service Description); a browser gets the editor."""
    if request.method == "POST":
        raise Refused(400, "no query is given")
    if prefers_html(accept):
        return RedirectResponse("/editor", 303, {**CORS, "Vary": "Accept"})
    from kg.serve.linked import describe_service

    format = choose(accept, GRAPHS)
    if format is None:
        raise Refused(406, "none of the media types asked for can be given", {"Vary": "Accept"})
    return respond(request, await describe_service(backend, str(request.url.replace(query="")), format), backend)
