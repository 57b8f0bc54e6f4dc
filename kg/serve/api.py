"""The templates of ``queries/`` over HTTP: ``/api/queries/NAME?param=…``, with an OpenAPI description.

What a template takes and how it is checked is :mod:`kg.graph.queries`'; this module only tells it in HTTP.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from fastapi import FastAPI
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from kg.errors import TemplateError
from kg.graph.results import GRAPH_FORMATS, TABLE_FORMATS
from kg.serve.media import GRAPHS, TABLES, choose
from kg.serve.protocol import CORS, Refused, decode_form, respond

if TYPE_CHECKING:
    from kg.graph.queries import Parameter, Template, Value
    from kg.serve.pool import Backend

#: The type that OpenAPI gives the kinds of parameters; names and other text are strings.
_SCHEMAS: Final[dict[str, dict[str, Any]]] = {
    "integer": {"type": "integer"},
    "decimal": {"type": "number"},
    "date": {"type": "string", "format": "date"},
    "iri": {"type": "string", "format": "iri"},
}


def add_routes(app: FastAPI, backend: Backend) -> None:
    """Add the API of the templates to the app."""

    async def listing() -> Response:
        return JSONResponse([told(template) for template in backend.templates.values()], headers=CORS)

    app.add_api_route(
        "/api/queries", listing, methods=["GET"], summary="The questions that can be asked", tags=["queries"]
    )
    for template in backend.templates.values():
        path, handler = f"/api/queries/{template.name}", _handler(template, backend)
        app.add_api_route(path, handler, methods=["HEAD"], include_in_schema=False)
        app.add_api_route(
            path,
            handler,
            methods=["GET"],
            operation_id=template.name,
            summary=template.summary,
            description=f"{template.summary_zh}\n\n{template.description}",
            tags=[template.topic],
            openapi_extra={"parameters": parameters(template)},
            responses=_responses(template),
            response_class=Response,
        )


def told(template: Template) -> dict[str, Any]:
    """A template for programs: what it answers and what it takes."""
    return {
        "name": template.name,
        "summary": template.summary,
        "summary_zh": template.summary_zh,
        "description": template.description,
        "tags": list(template.tags),
        "form": template.form,
        "parameters": [
            {
                "name": p.name,
                "type": p.kind,
                "required": p.required,
                "takes": p.takes,
                "doc": p.doc,
                "defaults": list(p.defaults),
                "choices": list(p.choices),
            }
            for p in template.parameters.values()
        ],
        "columns": [{"name": c.name, "doc": c.doc} for c in template.columns],
        "formats": list(_formats(template)),
        "limit": template.limit,
    }


def parameters(template: Template) -> list[dict[str, Any]]:
    """The parameters as OpenAPI has them."""
    out = [_parameter(p) for p in template.parameters.values()]
    limit: dict[str, Any] = {"type": "integer", "minimum": 0}
    if template.limit is not None:
        limit["default"] = template.limit
    out.append({"name": "limit", "in": "query", "description": "At most so many rows.", "schema": limit})
    formats = {"type": "string", "enum": list(_formats(template))}
    out.append({"name": "format", "in": "query", "description": "Instead of the Accept header.", "schema": formats})
    return out


def _parameter(parameter: Parameter) -> dict[str, Any]:
    schema: dict[str, Any] = dict(_SCHEMAS.get(parameter.kind, {"type": "string"}))
    if parameter.choices:
        schema["enum"] = list(parameter.choices)
    several: dict[str, Any] = {"type": "array", "items": schema}
    if parameter.defaults:
        several["default"] = list(parameter.defaults)
    return {
        "name": parameter.name,
        "in": "query",
        "required": parameter.required,
        "description": f"{parameter.doc} Takes {parameter.takes}; several mean any of them.".strip(),
        "schema": several,
        "explode": True,
    }


def _formats(template: Template) -> tuple[str, ...]:
    return GRAPH_FORMATS if template.form in ("CONSTRUCT", "DESCRIBE") else TABLE_FORMATS


def _responses(template: Template) -> dict[int | str, dict[str, Any]]:
    offered = GRAPHS if template.form in ("CONSTRUCT", "DESCRIBE") else TABLES
    content: dict[str, Any] = {media_type: {} for media_type, _ in offered}
    return {
        200: {"description": "The answer", "content": content},
        400: {"description": "A parameter is unknown, missing, or not what it takes", "content": {"text/plain": {}}},
        504: {"description": "It took longer than a query may", "content": {"text/plain": {}}},
    }


def _handler(template: Template, backend: Backend) -> Any:
    async def handler(request: Request) -> Response:
        values: dict[str, Value | None] = {}
        given: dict[str, list[str]] = {}
        for name, value in decode_form(request.scope["query_string"], "the URL's query"):
            given.setdefault(name, []).append(value)
        formats = given.pop("format", [])
        for name, several in given.items():
            # an empty field of a form is one that was not filled in
            filled = [value for value in several if value != ""]
            if name == "limit" and len(filled) > 1:
                raise TemplateError(f"the parameter 'limit' of {template.name} takes one whole number")
            values[name] = (filled[0] if name == "limit" else filled) if filled else None
        format = _chosen(template, formats, request.headers.get("accept"))
        answer = await backend.template(template.name, values, format)
        ending = {"turtle": "ttl", "ntriples": "nt", "rdfxml": "rdf", "nquads": "nq", "table": "txt"}.get(
            format, format
        )
        disposition = {"Content-Disposition": f'inline; filename="{template.name}.{ending}"'}
        return respond(request, answer, backend, disposition)

    return handler


def _chosen(template: Template, formats: list[str], accept: str | None) -> str:
    fitting = _formats(template)
    if formats:
        if len(formats) > 1 or formats[0] not in fitting:
            raise TemplateError(f"{template.name} can be had as {', '.join(fitting)}, not {', '.join(formats)}")
        return formats[0]
    chosen = choose(accept, GRAPHS if fitting is GRAPH_FORMATS else TABLES)
    if chosen is None:
        raise Refused(406, "none of the media types asked for can be given", {"Vary": "Accept"})
    return chosen
