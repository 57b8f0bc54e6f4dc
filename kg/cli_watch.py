"""Signals end a command at once, and a damaged store hangs none: what goes on beside the command that runs.

Oxigraph's calls cannot be interrupted, and Python looks for signals between calls only.  So a thread looks, too: if a
signal has not ended the command in :data:`GRACE` seconds, it removes what is being written beside its place, and ends
the process.  The store needs no care: it is whole whenever a process ends (kg.graph.store).

Oxigraph 0.5 goes on for ever, and mostly takes half a gigabyte of memory per second, if a query has to sort, group,
count or filter what cannot be read because the store's files are damaged.  So the thread reads the whole store, once,
if a command that reads a store is in one and the same call for :data:`STUCK` seconds and takes memory, or for
:data:`LONG`; if it cannot be read, the process ends.
"""

from __future__ import annotations

import contextlib
import os
import select
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator
from types import FrameType
from typing import Final, NoReturn

from kg.errors import KgError, StoreError, StoreLocked

#: How long a command may take to end by itself after a signal, in seconds.
GRACE: Final = 0.7
#: How long a call may take until the store is looked at, in seconds: one that takes :data:`MUCH` memory, and any.
STUCK: Final = 0.5
LONG: Final = 3.0
#: In kilobytes, as ``ru_maxrss`` is on Linux.
MUCH: Final = 200_000

_SIGNALS: Final = ("SIGINT", "SIGTERM", "SIGHUP")


class Ended(KeyboardInterrupt):
    """A signal asks the command to end."""

    def __init__(self, number: int) -> None:
        super().__init__()
        self.number = number


def message(error: KeyboardInterrupt) -> str:
    """What to say of a command that was ended."""
    number = status(error) - 128
    return "interrupted" if number == signal.SIGINT else f"ended by {signal.Signals(number).name}"


def status(error: KeyboardInterrupt) -> int:
    """The exit status, as of a process that a signal ended: 130 for Ctrl-C."""
    return 128 + (error.number if isinstance(error, Ended) else signal.SIGINT)


class Watch:
    """A thread beside a command; :attr:`store` is the folder of the store that it reads, if it reads one."""

    def __init__(self, tell: Callable[[str], None]) -> None:
        self.store: str | None = None
        self._tell = tell
        self._main = threading.get_ident()
        self._former: dict[signal.Signals, signal.Handlers | Callable[[int, FrameType | None], object]] = {}
        self._pipe: tuple[int, int] | None = None

    @contextlib.contextmanager
    def on(self) -> Iterator[None]:
        """Watch over what runs in the block."""
        if not hasattr(os, "set_blocking") or sys.platform == "win32":
            yield
            return
        self._pipe = os.pipe()
        for end in self._pipe:
            os.set_blocking(end, False)
        for name in _SIGNALS:
            number = signal.Signals[name]
            handler = signal.getsignal(number)
            # who is told to ignore one (nohup, a job in the background) keeps to it
            if handler in (signal.SIG_DFL, signal.default_int_handler):
                self._former[number] = handler  # type: ignore[assignment]
                signal.signal(number, _end)
        signal.set_wakeup_fd(self._pipe[1], warn_on_full_buffer=False)
        threading.Thread(target=self._run, args=(self._pipe[0],), daemon=True).start()
        try:
            yield
        finally:
            self.off()

    def off(self) -> None:
        """Leave the signals to somebody else."""
        if self._pipe is None:
            return
        signal.set_wakeup_fd(-1)
        for number, handler in self._former.items():
            signal.signal(number, handler)
        os.close(self._pipe[1])  # which ends the thread
        self._pipe = None

    def _run(self, pipe: int) -> None:
        since, place, taken = time.monotonic(), None, _memory()
        while True:
            ready, _, _ = select.select([pipe], [], [], STUCK / 2)
            if ready:
                got = os.read(pipe, 1)
                if not got:
                    os.close(pipe)
                    return
                if got[0] in self._former:
                    self._see_it_end(pipe, got[0])
                    return
            frame = sys._current_frames().get(self._main)
            now = (id(frame), frame.f_lasti) if frame is not None else None
            del frame
            if now != place:
                since, place, taken = time.monotonic(), now, _memory()
            elif self.store is not None and time.monotonic() - since > (STUCK if _memory() - taken > MUCH else LONG):
                self._look_at(self.store)
                self.store = None

    def _see_it_end(self, pipe: int, number: int) -> None:
        until = time.monotonic() + GRACE
        while (left := until - time.monotonic()) > 0:
            ready, _, _ = select.select([pipe], [], [], left)
            if ready and not os.read(pipe, 64):
                os.close(pipe)
                return  # it has ended by itself
        error = Ended(number)
        self._exit(message(error), status(error))

    def _look_at(self, folder: str) -> None:
        from kg.graph.store import check, open_store

        try:
            check(open_store(folder, read_only=True, wait=0))
        except StoreLocked:
            return
        except StoreError as error:
            self._exit(str(error), 1)
        except (KgError, Exception):  # the command itself has to tell what it meets
            return

    def _exit(self, text: str, code: int) -> NoReturn:
        if export := sys.modules.get("kg.graph.export"):
            for part in list(export.PARTS):
                with contextlib.suppress(OSError):
                    part.unlink()
        with contextlib.suppress(Exception):
            self._tell(text)
        os._exit(code)


def _memory() -> int:
    import resource

    used = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return used // 1024 if sys.platform == "darwin" else used


def _end(number: int, frame: FrameType | None) -> None:
    raise Ended(number)
