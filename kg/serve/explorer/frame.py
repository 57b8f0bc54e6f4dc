"""What all pages share: title, header with search and languages, and how an error looks."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlencode

from nicegui import ui
from nicegui.client import ClientConnectionTimeout
from starlette.requests import Request
from starlette.responses import Response

from kg.errors import KgError, QueryTimeout, ServiceError, UnknownName
from kg.serve.explorer.links import href
from kg.serve.explorer.markup import Markup, join, tag
from kg.serve.explorer.style import CSS, LINK
from kg.serve.explorer.texts import COOKIE, LANGUAGES, Texts, language_of

if TYPE_CHECKING:
    from kg.serve.pool import Backend

#: How many seconds a browser may take to load what a page consists of.
_PATIENCE: Final = 30
_STATUS: Final = ((UnknownName, 404), (ServiceError, 502), (QueryTimeout, 504))
_PAGES: Final = (
    ("home", "/"),
    ("questions", "/questions"),
    ("editor", "/editor"),
    ("places", "/places"),
    ("review", "/review"),
)


@dataclass(frozen=True, slots=True)
class Visit:
    """One request for a page: what it is answered with."""

    request: Request
    backend: Backend
    t: Texts

    def href(self, iri: str) -> str:
        return href(iri, self.backend.base)

    def link(self, reference: dict[str, Any], *, kind: bool = False) -> Markup:
        """A link to the page of a reference, as views give it; with its class if ``kind``."""
        if not reference["iri"]:
            return join(reference["name"])
        link = tag("a", reference["name"], href=self.href(reference["iri"]))
        return join(link, " ", self.badge(reference["class"])) if kind and reference["class"] else link

    def badge(self, name: str) -> Markup:
        return tag("span", self.t.kind(name), class_=f"badge e-{name}")

    def here(self, **changes: str) -> str:
        """This page's address with other parameters."""
        pairs = [(k, v) for k, v in self.request.query_params.multi_items() if k not in changes]
        raw: bytes = self.request.scope["raw_path"]
        return raw.split(b"?")[0].decode("latin-1") + "?" + urlencode([*pairs, *changes.items()])


def html(content: Markup, classes: str = "") -> ui.html:
    """Put markup on the page; its text is escaped already."""
    return ui.html(content, sanitize=False).classes(classes)


def title(visit: Visit, text: str = "") -> None:
    name = visit.t("site")
    ui.page_title(f"{text} · {name}" if text else name)


async def show(visit: Visit, build: Callable[[Visit], Awaitable[None]]) -> Response | None:
    """A whole page: header, what ``build`` puts into it, and instead an explanation of what goes wrong.

    The response where that is not the usual one: of a page about what is not there, 404; where the server behind this
    one does not answer, 502; where the time is over, 504.
    """
    t = visit.t
    ui.add_head_html(f"<style>{CSS}</style>")
    ui.colors(primary=LINK)
    if visit.request.query_params.get("lang") in LANGUAGES:
        ui.add_head_html(
            f'<script>document.cookie="{COOKIE}={t.language};path=/;max-age=31536000;samesite=lax"</script>'
        )
    if t.language != "zh":  # what the pages say of themselves otherwise
        ui.run_javascript(f'document.documentElement.lang="{t.language}"')
    title(visit)
    html(_header(visit), "shell")
    with ui.element("div").props('id="content" tabindex="-1"').classes("page"):
        try:
            await build(visit)
        except KgError as error:
            complain(visit, error)
            client = ui.context.client
            status = next((status for kind, status in _STATUS if isinstance(error, kind)), None)
            if status is not None and not client.has_socket_connection:  # else the page is out already
                return client.build_response(visit.request, status)
        except ClientConnectionTimeout:  # nobody looks: a program fetched the page, or its reader left
            pass
    return None


@contextmanager
def telling() -> Iterator[None]:
    """Show the errors of a part of a page in its place; the rest of the page stays."""
    try:
        yield
    except KgError as error:
        html(tag("p", error.message, class_="error", role="alert"))


async def arrived() -> None:
    """Wait until the browser has the page; what is added later comes over its connection."""
    await ui.context.client.connected(timeout=_PATIENCE)


def complain(visit: Visit, error: KgError) -> None:
    """Say what went wrong, instead of a page."""
    missing = isinstance(error, UnknownName)
    heading = visit.t("unknown") if missing else visit.t("error")
    title(visit, heading)
    html(
        join(
            tag("h1", heading),
            tag("p", error.message, class_="error", role="alert"),
            tag("p", error.hint) if error.hint else None,
            tag("p", tag("a", visit.t("back_home"), href="/")),
        )
    )


def _header(visit: Visit) -> Markup:
    t = visit.t
    path = visit.request.url.path
    pages = [
        tag("a", t(key), href=to, aria_current="page" if path == to or (to != "/" and path.startswith(to)) else None)
        for key, to in _PAGES
    ]
    languages = [
        tag("a", name, href=visit.here(lang=code), lang=code, hreflang=code)
        for code, name in LANGUAGES.items()
        if code != t.language
    ]
    box = tag(
        "form",
        tag("label", t("search"), for_="q", class_="spoken"),
        tag(
            "input",
            id="q",
            name="q",
            type="search",
            placeholder=t("search_short"),
            autocomplete="off",
            list="suggested",
            data_suggest=True,
        ),
        tag("datalist", id="suggested"),
        tag("button", t("search"), type="submit"),
        action="/",
        role="search",
    )
    return join(
        tag("a", t("skip"), href="#content", class_="skip"),
        tag(
            "header",
            tag("a", t("site_short"), href="/", class_="brand", title=t("site")),
            tag("nav", pages, aria_label=t("pages")),
            box if path != "/" else tag("span", class_="grow"),
            tag("span", languages, class_="languages"),
        ),
    )


def visit_of(request: Request, backend: Backend) -> Visit:
    return Visit(request, backend, Texts(language_of(request)))
