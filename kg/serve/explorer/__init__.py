"""The explorer: the graph in the browser, for people who do not write SPARQL and for those who do.

Pages are made with NiceGUI, all of whose parts come out of its wheel; nothing is fetched from elsewhere.  What the
pages tell is read by :mod:`kg.serve.views`, in the worker processes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from fastapi import FastAPI

    from kg.serve.pool import Backend

__all__ = ["mount", "warm"]


def mount(app: FastAPI, backend: Backend, reviewer: str | None = None) -> None:
    """Add the pages to the app: ``/``, ``/thing/…``, ``/indicator/…``, ``/report/…``, ``/questions``, ``/editor``,
    ``/places``, ``/review``; on the last, ``reviewer`` may decide, if there is one.

    NiceGUI has one set of pages in a process: of several apps, the last one's backend answers.
    """
    from kg.serve.explorer.pages import mount as add

    add(app, backend, reviewer)


async def warm(backend: Backend) -> None:
    """Make ready what the first visitor would else wait for: the index of names, the home page, the pickers."""
    from kg.serve.explorer.search import found

    await backend.view("home")
    for kind in ("indicator", "area", "place"):
        await backend.view("options", kind=kind)
    await found(backend, "a", 1)
