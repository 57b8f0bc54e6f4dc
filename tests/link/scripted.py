"""A server on this machine that answers as a test has written, and writes down what it was asked.

>>> with Server() as server:
...     server.script("/api", Answer({"n": 1}), Answer(status=503, headers={"Retry-After": "2"}))
...     server.script("/echo", lambda request: {"you said": request.params})
...     url = server.url("/api")
"""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self
from urllib.parse import parse_qsl, urlsplit


@dataclass(frozen=True)
class Request:
    """What the server was asked: ``params`` are those of the query and of the form; ``begun`` is by ``monotonic``."""

    method: str
    path: str
    params: Mapping[str, str]
    headers: Mapping[str, str]  # names in small letters
    begun: float
    body: bytes = b""


@dataclass(frozen=True)
class Answer:
    """What the server is to send.

    ``body``: bytes as they are, anything else as JSON.  A header that is None is left out.  ``length`` is said to be
    that of the body, where it is not; after the body the connection is closed, as it is where no length is said.
    ``wait`` seconds go by before anything is sent; ``drip`` seconds before each byte of the body, or of the whole
    answer with ``drip_head``.
    """

    body: Any = b""
    status: int = 200
    headers: Mapping[str, str | None] = field(default_factory=dict)
    length: int | None = None
    wait: float = 0.0
    drip: float = 0.0
    drip_head: bool = False

    def content(self) -> bytes:
        """The body as it is sent."""
        return self.body if isinstance(self.body, bytes) else json.dumps(self.body, ensure_ascii=False).encode()

    def head(self) -> bytes:
        """Status line and headers; no ``Date`` but the one that the test gives."""
        length = len(self.content()) if self.length is None else self.length
        headers = {"Content-Type": "application/json", "Content-Length": str(length), **self.headers}
        lines = [
            f"HTTP/1.1 {self.status} Said so",
            *(f"{name}: {text}" for name, text in headers.items() if text is not None),
        ]
        return "\r\n".join([*lines, "", ""]).encode()


#: An :class:`Answer`, or a value to be sent as JSON.
Handler = Callable[[Request], Any]


class Server:
    """The server, in threads of its own on a free port of 127.0.0.1; to be used in a ``with`` statement.

    ``log`` are the requests in the order in which they came.
    """

    def __init__(self) -> None:
        self.log: list[Request] = []
        self._scripts: dict[str, list[Answer] | Handler] = {}
        self._lock = threading.Lock()
        self._ended = threading.Event()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._server.daemon_threads = True
        self._server.block_on_close = False
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *error: object) -> None:
        self._ended.set()
        self._server.shutdown()
        self._server.server_close()

    def url(self, path: str, host: str = "127.0.0.1") -> str:
        """The URL of a path."""
        return f"http://{host}:{self._server.server_port}{path}"

    def script(self, path: str, *answers: Answer | Handler) -> None:
        """What to answer there: one answer after the other, the last one ever after; or what a function gives.

        A path without a script is answered with 404.
        """
        listed = [each for each in answers if isinstance(each, Answer)]
        handlers = [each for each in answers if not isinstance(each, Answer)]
        assert bool(listed) + len(handlers) == 1, "answers, or one function"
        self._scripts[path] = handlers[0] if handlers else listed

    def asked(self, path: str) -> list[Request]:
        """The requests for that path."""
        return [request for request in self.log if request.path == path]

    def _answer(self, request: Request) -> Answer:
        with self._lock:
            self.log.append(request)
            script = self._scripts.get(request.path)
            if isinstance(script, list):
                return script.pop(0) if len(script) > 1 else script[0]
        if script is None:
            return Answer(b"nothing is scripted here", 404)
        given = script(request)
        return given if isinstance(given, Answer) else Answer(given)

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        server = self

        class Scripted(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def respond(self) -> None:
                begun = time.monotonic()
                parts = urlsplit(self.path)
                body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
                form = body.decode() if "form-urlencoded" in self.headers.get("Content-Type", "") else ""
                pairs = parse_qsl(parts.query, keep_blank_values=True) + parse_qsl(form, keep_blank_values=True)
                headers = {name.lower(): text for name, text in self.headers.items()}
                request = Request(self.command, parts.path, dict(pairs), headers, begun, body)
                self.send(server._answer(request))

            do_GET = do_POST = respond  # noqa: N815

            def send(self, answer: Answer) -> None:
                server._ended.wait(answer.wait)
                head, body = answer.head(), answer.content()
                at_once, slowly = (head + body, b"") if not answer.drip else (head, body)
                if answer.drip_head:
                    at_once, slowly = b"", head + body
                with suppress(OSError):  # the client may have gone
                    self.wfile.write(at_once)  # in one piece: two small ones wait for one another
                    for byte in slowly:
                        if server._ended.wait(answer.drip):
                            break
                        self.wfile.write(bytes([byte]))
                if answer.length is not None or answer.headers.get("Content-Length", "") is None:
                    self.close_connection = True

            def log_message(self, format: str, *args: Any) -> None:
                """Nothing on the standard error stream."""

        return Scripted
