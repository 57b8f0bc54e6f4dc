"""A process beside this one that does what takes long to get ready, while this one does something else.

It is for who has one report: its words are told by ``rjieba``, whose dictionary takes a tenth of a second to read, and
its names by a network whose numbers are added up by numpy, which takes nearly as long to import; neither lets another
thread run meanwhile.  Where there is no such process, this one does what is asked; and it does what the other fails to.
"""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from importlib import import_module
from typing import Any, Final

from kg.aside import Aside, Gone

#: Gives the answer, waiting for it if need be; to be called once.
Pending = Callable[[], Any]

#: What it can be asked (``module:function``): to cut and tag a text, to reckon what stretches come to …
CUTS: Final = "rjieba:tag"
RECKONS: Final = "kg.extract.names.reckoning:reckon"
#: … and to get ready for that
_LOADS: Final = "kg.extract.names.reckoning:load"

#: The process, while there is one.
_process: Aside | None = None


@contextmanager
def running(segmenter: str) -> Iterator[None]:
    """Until the end of the block another process is there to be asked.

    It gets ready to cut by ``rjieba`` at once, and to reckon when it has cut a text.  Where the segmenter is another,
    this process has the dictionary already, or no other can be started, nothing is different.
    """
    global _process
    aside = None
    if segmenter == "rjieba" and "rjieba" not in sys.modules and _process is None:
        with suppress(OSError):
            aside = Aside(CUTS, _LOADS)
    if aside is None:
        yield
        return
    _process = aside
    try:
        yield
    finally:
        _process = None
        aside.close()


def runs() -> bool:
    """Whether there is another process to be asked."""
    return _process is not None


def ask(function: str, *question: Any) -> Pending:
    """Ask ``module:function`` what it gives for these arguments.

    Question and answer are containers of texts and numbers, as :mod:`marshal` writes them.
    """
    aside = _process
    if aside is None:
        found = _here(function, question)
        return lambda: found
    told: list[Any] = []

    def wait() -> None:
        with suppress(Gone):
            told.append(aside.ask(function, *question))

    # in a thread, for the process may not take the question before somebody takes its last answer
    asking = threading.Thread(target=wait, name="kg-beside", daemon=True)
    asking.start()

    def answer() -> Any:
        asking.join()
        return told[0] if told else _here(function, question)

    return answer


def _here(function: str, question: tuple[Any, ...]) -> Any:
    module, _, name = function.partition(":")
    return getattr(import_module(module), name)(*question)
