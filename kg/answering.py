"""What a process aside runs (:mod:`kg.aside`).  It imports next to nothing: its parent may be waiting for it."""

import marshal
import sys
from collections.abc import Callable
from importlib import import_module
from typing import Any

#: Bytes of the number that tells how many come.
SIZE = 8


def answer(first: str, then: str | None = None) -> None:
    """Call functions (``module:function``) with what comes in, and tell what they give, until nothing comes.

    ``first`` is got ready at once; ``then``, if any, is called when it is, with nothing, while what is first is asked.
    """
    known = {first: _find(first)}
    ready = _begun(then) if then is not None else None
    source, to = sys.stdin.buffer, sys.stdout.buffer
    while size := int.from_bytes(source.read(SIZE), "big"):
        name, *question = marshal.loads(source.read(size))
        if name not in known:
            if ready is not None:
                ready.join()
            known[name] = _find(name)
        data = marshal.dumps(known[name](*question))
        to.write(len(data).to_bytes(SIZE, "big") + data)
        to.flush()


def _begun(function: str) -> Any:
    """A thread in which the function is called."""
    from threading import Thread

    thread = Thread(target=lambda: _find(function)(), daemon=True)
    thread.start()
    return thread


def _find(function: str) -> Callable[..., Any]:
    module, _, name = function.partition(":")
    found: Callable[..., Any] = getattr(import_module(module), name)
    return found
