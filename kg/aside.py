"""One process aside: it imports what would hold up all threads of this one, and then answers.

An extension module that reads its data while it is imported lets no other thread run meanwhile.  So a fresh interpreter
imports it, while this one does something else.  That process ends with its parent, whatever the parent died of: its
input ends.  What it runs is in :mod:`kg.answering`.  Processes that share work are in :mod:`kg.processes`, which takes
longer to load.
"""

from __future__ import annotations

import marshal
import subprocess
import sys
import threading
from contextlib import suppress
from typing import Any

from kg.answering import SIZE


class Gone(Exception):
    """The process has ended, or cannot do what it is asked for."""


class Aside:
    """A process that calls functions (``module:function``) with what it is asked.

    It gets ready for the ``first`` one before it is asked, and when it is ready, calls what is to come ``then``, with
    nothing, beside what it answers.  Questions and answers are what :mod:`marshal` writes: containers of texts and
    numbers.

    Raises ``OSError`` if no process can be started.
    """

    def __init__(self, first: str, then: str | None = None) -> None:
        # the path is handed on, so that neither the working directory nor the main script is imported from, and what
        # else there is to find it need not be looked for (-S); and so is whether and where byte code is kept
        if not sys.executable:
            raise OSError("nobody knows where the interpreter is")
        kept = f"sys.dont_write_bytecode = {sys.dont_write_bytecode!r}; sys.pycache_prefix = {sys.pycache_prefix!r}"
        paths = f"import sys; sys.path[:] = {sys.path!r}"
        code = f"{paths}; {kept}; from kg.answering import answer; answer({first!r}, {then!r})"
        self._process = subprocess.Popen(
            [sys.executable, "-S", "-c", code],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,  # who asks finds out, and does it without
            start_new_session=True,  # a terminal sends an interrupt to all of a session; this process ends that one
        )
        assert self._process.stdin is not None and self._process.stdout is not None
        self._to, self._from = self._process.stdin, self._process.stdout
        self._one_at_a_time = threading.Lock()
        self._lost = False

    def ask(self, function: str, *question: Any) -> Any:
        """What the function gives for these arguments.  Raises :class:`Gone` if there is no answer."""
        try:
            data = marshal.dumps((function, *question))
        except (ValueError, MemoryError) as error:
            raise Gone(str(error)) from None
        with self._one_at_a_time:
            if self._lost:
                raise Gone("a question was not answered")
            self._lost = True  # until there is an answer: the next one would be taken for it
            try:
                self._to.write(len(data).to_bytes(SIZE, "big") + data)
                self._to.flush()
                size = int.from_bytes(self._from.read(SIZE), "big")
                answer = marshal.loads(self._from.read(size))
            except (OSError, EOFError, ValueError, TypeError, OverflowError, MemoryError) as error:
                raise Gone(str(error)) from None
            self._lost = False
            return answer

    def close(self) -> None:
        """End the process, at once."""
        self._process.kill()
        for stream in (self._to, self._from):
            with suppress(OSError):  # there may be something that it did not read any more
                stream.close()
        self._process.wait()
