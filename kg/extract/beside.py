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
from queue import SimpleQueue
from typing import Any, Final

from kg.aside import Aside, Gone

#: Gives the answer, waiting for it if need be; to be called once.
Pending = Callable[[], Any]

#: What it can be asked (``module:function``): to cut and tag a text, to reckon what stretches come to …
CUTS: Final = "rjieba:tag"
RECKONS: Final = "kg.extract.names.reckoning:reckon"
#: … and to get ready for that
_LOADS: Final = "kg.extract.names.reckoning:load"


class _Question:
    """What is asked of the process, and its answer once there is one."""

    def __init__(self, function: str, arguments: tuple[Any, ...]) -> None:
        self.function, self.arguments = function, arguments
        self.answered = threading.Event()
        self._answers: list[Any] = []

    def put_to(self, aside: Aside) -> None:
        """Ask it; if it cannot answer, there is no answer."""
        try:
            with suppress(Gone):
                self._answers.append(aside.ask(self.function, *self.arguments))
        finally:
            self.answered.set()

    def answer(self) -> Any:
        """The answer, from this process where the other had none."""
        self.answered.wait()
        return self._answers[0] if self._answers else _here(self.function, self.arguments)


class _Beside:
    """The process, and the thread that asks it one question after the other.

    The thread is there because the process may not take a question before somebody takes its last answer.
    """

    def __init__(self, aside: Aside) -> None:
        self.aside = aside
        #: whether nothing will be asked any more
        self.ended = False
        self._questions: SimpleQueue[_Question | None] = SimpleQueue()
        self._thread = threading.Thread(target=self._run, name="kg-beside", daemon=True)
        self._thread.start()

    def _run(self) -> None:
        while (question := self._questions.get()) is not None:
            question.put_to(self.aside)
        self.aside.close()

    def ask(self, question: _Question) -> None:
        self._questions.put(question)

    def end(self) -> None:
        """Let the process end, when it has answered; this one does not wait for it."""
        if not self.ended:
            self.ended = True
            self._questions.put(None)

    def close(self) -> None:
        """End the process, at once; what is still asked has no answer from it."""
        if not self.ended:
            self.aside.close()
            self.end()
        self._thread.join()


#: The process, while there is one.
_beside: _Beside | None = None


@contextmanager
def running(segmenter: str) -> Iterator[None]:
    """Until the end of the block another process is there to be asked.

    It gets ready to cut by ``rjieba`` at once, and to reckon then; after one report it ends (:func:`rest`).  Where
    the segmenter is another, this process has the dictionary already, or no other can be started, nothing is different.
    """
    global _beside
    aside = None
    if segmenter == "rjieba" and "rjieba" not in sys.modules and _beside is None:
        with suppress(OSError):
            aside = Aside(CUTS, _LOADS)
    if aside is None:
        yield
        return
    _beside = _Beside(aside)
    try:
        yield
    finally:
        ended, _beside = _beside, None
        ended.close()


def runs() -> bool:
    """Whether there is another process to be asked, which cuts by ``rjieba`` and reckons."""
    return _beside is not None and not _beside.ended


def rest() -> None:
    """Let the process end while this one goes on: from here on this one does what is asked."""
    if _beside is not None:
        _beside.end()


def ask(function: str, *arguments: Any) -> Pending:
    """Ask ``module:function`` what it gives for these arguments.

    Arguments and answer are containers of texts and numbers, as :mod:`marshal` writes them.
    """
    if _beside is None or _beside.ended:
        found = _here(function, arguments)
        return lambda: found
    question = _Question(function, arguments)
    _beside.ask(question)
    return question.answer


def _here(function: str, arguments: tuple[Any, ...]) -> Any:
    module, _, name = function.partition(":")
    return getattr(import_module(module), name)(*arguments)
