"""A process that reads one snapshot, or asks one endpoint, and answers requests about it, one after the other.

``python -m kg.serve.worker PLACE`` is started by :mod:`kg.serve.pool`, which kills it when a request takes too
long: Oxigraph cannot stop an evaluation.  Requests come on standard input, answers go to standard output, both
framed by their lengths:

* a request is ``length`` (4 bytes, big-endian) and JSON;
* an answer is the lengths of its head and of its body (4 and 8 bytes), the head (JSON), the body.

The head of an answer is ``{"media_type": …}``, or ``{"error": kind, "message": …, "line": …, "hint": …}`` with a
kind of :mod:`kg.errors`.
"""

from __future__ import annotations

import contextlib
import io
import json
import os
import signal
import struct
import sys
import threading
from typing import IO, TYPE_CHECKING, Any, Final

from kg.errors import KgError, QueryError
from kg.serve.media import MEDIA_TYPES

if TYPE_CHECKING:
    from kg.graph.reading import Readable

REQUEST: Final = struct.Struct(">I")
ANSWER: Final = struct.Struct(">IQ")

#: How many seconds after its time limit a worker ends by itself, should nobody be left to kill it.
_GRACE: Final = 5
#: The stack on which queries are evaluated, in bytes; only what is used of it takes memory.
_STACK: Final = 512 << 20


def opened(place: str, time_limit: float) -> Readable:
    """The store in a folder, or what answers at a URL: only these have ``://`` in them, which no path keeps.

    Raises :class:`~kg.errors.StoreError` for a folder that cannot be opened.
    """
    if "://" in place:
        from kg.graph.remote import Endpoint, import_httpx

        import_httpx()  # now, not with the first request
        return Endpoint(place, seconds=time_limit + _GRACE)  # before, this process is ended
    from kg.graph.store import open_store

    return open_store(place, read_only=True)


def answer(store: Readable, request: dict[str, Any]) -> tuple[str, bytes]:
    """Media type and body of the answer to ``{"query": …}`` or ``{"view": …}``.

    A query has ``format`` (a format, or formats by the form of the query), ``max_rows`` and perhaps
    ``default_graphs`` and ``named_graphs``; a view has ``arguments``.
    """
    if "view" in request:
        from kg.serve.views import VIEWS

        told = VIEWS[request["view"]](store, **request["arguments"])
        return "application/json", json.dumps(told, ensure_ascii=False).encode("utf-8", "replace")
    from kg.graph import queries
    from kg.graph.results import count_rows

    result = queries.run(
        store,
        request["query"],
        default_graphs=request.get("default_graphs"),
        named_graphs=request.get("named_graphs"),
        max_rows=request["max_rows"],
    )
    format = request["format"]
    if isinstance(format, dict):
        kind = "graph" if result.form == "CONSTRUCT" else "table"
        if (format := format[kind]) is None:
            raise QueryError(f"not acceptable: the answer to this query is a {kind}")
    body = io.BytesIO()
    if result.write(body, format) < 0:
        document = body.getvalue()
        # no row takes less than two bytes: nearly all answers need not be counted
        if result.form == "SELECT" and len(document) > 2 * request["max_rows"]:
            result.check_size(count_rows(document, format))
        return MEDIA_TYPES[format], document
    return MEDIA_TYPES[format], body.getvalue()


def reply(store: Readable, request: dict[str, Any]) -> tuple[dict[str, Any], bytes]:
    """Head and body of the answer; whatever goes wrong in it is told in the head."""
    from kg.graph import reading

    reading.anew(store)
    try:
        media_type, body = answer(store, request)
    except KgError as error:
        head = {"error": type(error).__name__, "message": error.message, "line": error.line, "hint": error.hint}
        return head, b""
    except MemoryError:
        return {"error": "WorkerDied", "message": "the answer needs more memory than there is for one"}, b""
    except Exception as error:  # a fault of ours must not look like an answer, nor end the worker
        return {"error": "KgError", "message": f"{type(error).__name__}: {error}"}, b""
    return {"media_type": media_type}, body


def serve(place: str, time_limit: float, requests: IO[bytes], answers: IO[bytes]) -> None:
    """Answer requests until there are no more."""
    store = opened(place, time_limit)
    _send(answers, {"ready": True}, b"")
    while len(size := requests.read(REQUEST.size)) == REQUEST.size:
        request = json.loads(requests.read(REQUEST.unpack(size)[0]))
        signal.setitimer(signal.ITIMER_REAL, time_limit + _GRACE)
        head, body = reply(store, request)
        signal.setitimer(signal.ITIMER_REAL, 0)
        _send(answers, head, body)


def _send(answers: IO[bytes], head: dict[str, Any], body: bytes) -> None:
    packed = json.dumps(head).encode()
    answers.write(ANSWER.pack(len(packed), len(body)))
    answers.write(packed)
    answers.write(body)
    answers.flush()


def _limit_memory(size: int) -> None:
    try:
        import resource
    except ImportError:  # not on Windows
        return
    resource.setrlimit(resource.RLIMIT_AS, (size, size))


def _end_with_parent() -> None:
    """Have Linux kill this process when the server dies, whatever it does then."""
    if sys.platform == "linux":
        import ctypes

        with contextlib.suppress(OSError, AttributeError):
            ctypes.CDLL(None).prctl(1, signal.SIGKILL)  # PR_SET_PDEATHSIG


def main() -> None:
    """Arguments: the folder or URL, the time limit in seconds, the limit of memory in bytes."""
    place, time_limit, memory = sys.argv[1:]
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the server's, who ends us
    if hasattr(signal, "SIGALRM"):
        signal.signal(signal.SIGALRM, signal.SIG_DFL)  # ends the process, within Oxigraph, too
    _end_with_parent()
    _limit_memory(int(memory))
    # nothing else may write between the answers
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    # Oxigraph's parser and planner recurse: a thread may have more of a stack than the process
    threading.stack_size(_STACK)
    thread = threading.Thread(target=serve, args=(place, float(time_limit), sys.stdin.buffer, answers))
    thread.start()
    thread.join()


if __name__ == "__main__":
    main()
