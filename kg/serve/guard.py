"""Who may ask a server on loopback: pages of its own, and programs; not pages of others in the same browser."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterable
from contextlib import suppress
from typing import Final
from urllib.parse import urlsplit

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from kg.serve.protocol import Refused, refusal

#: What NiceGUI's pages send their events to; it would take them from pages of any origin.
_EVENTS: Final = "/_nicegui_ws/"

Headers = Iterable[tuple[bytes, bytes]]


def is_loopback(host: str) -> bool:
    """Whether only this machine reaches the address.

    >>> [is_loopback(host) for host in ("127.0.0.1", "localhost", "::1", "127.1", "0.0.0.0", "127.example.org")]
    [True, True, True, True, False, False]
    """
    with suppress(ValueError):
        return ipaddress.ip_address(host).is_loopback
    return host.lower() == "localhost" or re.fullmatch(r"127(\.[0-9]+){1,2}", host) is not None


def _host_of(header: str) -> str:
    """The name or address in a ``Host`` header, without the port.

    >>> _host_of("localhost:8890"), _host_of("[::1]"), _host_of("[::1]:80"), _host_of(""), _host_of("a[b")
    ('localhost', '::1', '::1', '', 'a[b')
    """
    try:
        return urlsplit(f"//{header}").hostname or ""
    except ValueError:
        return header


def names_loopback(headers: Headers) -> bool:
    """Whether the request is for this machine by a name or address of loopback; HTTP/1.0 need not say.

    A page elsewhere whose own name leads here (DNS rebinding) asks for that name.
    """
    host = _host_of(dict(headers).get(b"host", b"").decode("latin-1"))
    return host == "" or is_loopback(host)


def is_own(headers: Headers) -> bool:
    """Whether the request is for loopback and, if a browser sent it, comes from a page of this very server.

    >>> is_own([(b"host", b"localhost:8890"), (b"origin", b"http://localhost:8890")])
    True
    >>> is_own([(b"host", b"localhost:8890"), (b"origin", b"http://localhost:3000")])
    False
    """
    told = dict(headers)
    origin, site = told.get(b"origin"), told.get(b"sec-fetch-site", b"same-origin")
    if not names_loopback(headers) or site not in (b"same-origin", b"none"):
        return False
    return origin is None or origin.lower().partition(b"://")[2] == told.get(b"host", b"").lower()


class SameHost:
    """Refuses what other pages in the same browser may try: another host's name, and the events of our pages.

    Only for a server on loopback, which has no name of its own.  The endpoint and the API answer pages from anywhere,
    since they only read.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            if not names_loopback(scope["headers"]):
                host = _host_of(dict(scope["headers"])[b"host"].decode("latin-1"))
                await refusal(Refused(421, f"this server is not {host}"))(scope, receive, send)
                return
            if scope["path"].startswith(_EVENTS) and not is_own(scope["headers"]):
                await refusal(Refused(403, "events are taken from pages of this server only"))(scope, receive, send)
                return
        elif scope["type"] == "websocket" and not is_own(scope["headers"]):
            await send({"type": "websocket.close", "code": 1008})  # before it is accepted: 403
            return
        await self._app(scope, receive, send)


class Unframed:
    """Has no page shown in a frame of another: a click on something else there could be one on a button here."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def sent(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [
                    *message.get("headers", ()),
                    (b"x-frame-options", b"DENY"),
                    (b"content-security-policy", b"frame-ancestors 'none'"),
                ]
            await send(message)

        await self._app(scope, receive, sent if scope["type"] == "http" else send)
