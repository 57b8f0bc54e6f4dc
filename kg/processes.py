"""Work shared among processes: results in the order of the items, processes that die replaced.

How processes are started.  The parent may have threads (Oxigraph's, the writer's), and a fork of a process with
threads may inherit a lock that nobody will open.  So the parent never forks: it starts one fresh interpreter, the
*nursery*, which has no threads, loads what the work needs (word lists, the segmenter's dictionary) once, and then
forks the workers, at the start and whenever one has to be replaced.  A fork costs milliseconds and shares the memory
of what was loaded; multiprocessing's own ``forkserver`` would run the parent's main script in each worker again.

Who ends whom.  Workers and nursery ignore the interrupt that a terminal sends to all; the parent ends them.  The
nursery sees the parent go, whatever it died of, by the end of their socket, and kills the workers.

An item lies with one worker at a time, so that of a worker that dies it is known over which item.
"""

from __future__ import annotations

import gc
import importlib
import os
import pickle
import signal
import socket
import struct
import subprocess
import sys
import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing.connection import Connection, wait
from typing import Any, Final

from kg.errors import KgError

#: How many times an item is tried whose worker dies.
TRIES: Final = 2
#: So many items at most are done, or being done, ahead of the one whose turn it is, for each worker.
AHEAD: Final = 8

#: By so much workers are nicer than the process that takes what they make, which would else fall behind where it has
#: work for a whole core: what it has left when they are through is done while the other cores have nothing to do.
_NICER: Final = 3

_NUMBER: Final = struct.Struct("!q")
#: How a worker ends of itself that cannot get the memory it needs.
_NO_MEMORY: Final = 71
#: The status of a worker that another nursery had forked.
_UNKNOWN: Final = -1


def cores() -> int:
    """How many processes this one may run at once."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0)) or 1
    return os.cpu_count() or 1


def available() -> bool:
    """Whether the system can do it: it takes a fork and sockets that pass files on."""
    return hasattr(os, "fork") and hasattr(socket, "send_fds")


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one item: a value; or what the processes died of that had it, each time."""

    value: Any = None
    died: str | None = None


class _Nursery:
    """The process that forks workers."""

    def __init__(self, task: str, warm: str | None) -> None:
        ours, theirs = socket.socketpair()
        # the path is handed on, so that neither the working directory nor the main script is imported from
        code = f"import sys; sys.path[:] = {sys.path!r}; from kg.processes import _nurse; _nurse({theirs.fileno()})"
        self._process = subprocess.Popen(
            [sys.executable, "-c", code],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            pass_fds=(theirs.fileno(),),
        )
        theirs.close()
        self._socket = ours
        request = pickle.dumps((task, warm))
        self._socket.sendall(_NUMBER.pack(len(request)) + request)

    def fork(self) -> tuple[int, Connection]:
        """A new worker: its process id and the way to it.  Raises ``OSError`` if the nursery is gone."""
        ours, theirs = socket.socketpair()
        try:
            socket.send_fds(self._socket, [b"F"], [theirs.fileno()])
            pid = self._number()
        except BaseException:
            ours.close()
            raise
        finally:
            theirs.close()
        return pid, Connection(ours.detach())

    def cause(self, pid: int) -> str:
        """What a worker that is gone died of."""
        try:
            self._socket.sendall(b"W" + _NUMBER.pack(pid))
            status = self._number()
        except OSError:
            return "it ended"
        if status == _UNKNOWN:
            return "it ended"
        if os.WIFSIGNALED(status):
            number = os.WTERMSIG(status)
            if number == signal.SIGKILL:
                return "it was killed; the machine may be short of memory"
            return f"it was ended by {signal.Signals(number).name}"
        if os.WEXITSTATUS(status) == _NO_MEMORY:
            return "it ran out of memory"
        return f"it ended with status {os.WEXITSTATUS(status)}"

    def _number(self) -> int:
        data = b""
        while len(data) < _NUMBER.size:
            more = self._socket.recv(_NUMBER.size - len(data))
            if not more:
                raise ConnectionError("the nursery has ended")
            data += more
        return int(_NUMBER.unpack(data)[0])

    def close(self) -> None:
        self._socket.close()  # which tells it to end, and its workers with it
        try:
            self._process.wait(0.5)
        except BaseException:
            self._process.kill()
            self._process.wait()


class Crew:
    """So many worker processes, each calling ``task`` (``module:function``) with one item after the other.

    Items and values are pickled; a task tells a failure by its value, for what it raises ends its worker.  ``warm``
    (``module:function``) is called once, without arguments, before any worker is there.  A context manager: at its
    end all processes are ended, whatever they do.

    Raises :class:`~kg.errors.KgError` if processes cannot be started.
    """

    def __init__(self, task: str, size: int, *, warm: str | None = None) -> None:
        self._task, self._warm, self._size = task, warm, size
        self._workers: dict[Connection, int] = {}
        self._nursery = self._start()

    def _start(self) -> _Nursery:
        try:
            return _Nursery(self._task, self._warm)
        except OSError as error:
            raise KgError(f"no worker process can be started: {error.strerror or error}") from None

    def __enter__(self) -> Crew:
        return self

    def __exit__(self, *raised: object) -> None:
        for connection, pid in self._workers.items():
            with suppress(OSError):
                os.kill(pid, signal.SIGKILL)
            connection.close()
        self._workers.clear()
        self._nursery.close()

    @property
    def pids(self) -> list[int]:
        """The process ids of the workers there are."""
        return list(self._workers.values())

    def _hire(self) -> Connection:
        try:
            pid, connection = self._nursery.fork()
        except OSError:  # it died, or could not even begin: one more chance
            self._nursery.close()
            self._nursery = self._start()
            try:
                pid, connection = self._nursery.fork()
            except OSError as error:
                raise KgError(f"no worker process can be started: {error.strerror or error}") from None
        self._workers[connection] = pid
        return connection

    def map(self, items: Sequence[Any]) -> Iterator[Outcome]:
        """The outcome of each item, in their order, as they come; never far ahead of who takes them."""
        window = AHEAD * self._size
        todo = deque(range(len(items)))
        done: dict[int, Outcome] = {}
        tries: dict[int, int] = {}
        busy: dict[Connection, int] = {}
        turn = 0
        while turn < len(items):
            while turn in done:
                yield done.pop(turn)
                turn += 1
            while todo and todo[0] < turn + window and len(busy) < self._size:
                idle = next((one for one in self._workers if one not in busy), None) or self._hire()
                number = todo.popleft()
                busy[idle] = number
                with suppress(OSError):  # that it is gone is seen when it does not answer
                    idle.send(items[number])
            if turn in done or not busy:
                continue
            for connection in wait(list(busy)):
                assert isinstance(connection, Connection)
                number = busy.pop(connection)
                try:
                    done[number] = Outcome(connection.recv())
                except (EOFError, OSError):
                    cause = self._nursery.cause(self._workers.pop(connection))
                    connection.close()
                    tries[number] = tries.get(number, 0) + 1
                    if tries[number] < TRIES:
                        todo.appendleft(number)
                    else:
                        done[number] = Outcome(died=cause)


# in the nursery -------------------------------------------------------------------------------------------------------


def _nurse(fd: int) -> None:
    """What the nursery does until its parent goes."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    parent = socket.socket(fileno=fd)
    children: set[int] = set()
    try:
        size = _NUMBER.unpack(_exactly(parent, _NUMBER.size))[0]
        task, warm = (name and _named(name) for name in pickle.loads(_exactly(parent, size)))
        if warm:
            warm()
        gc.collect()
        gc.freeze()  # else the first collection of each worker would copy all that was loaded
        while True:
            message, files, _, _ = socket.recv_fds(parent, 1, 1)
            if message == b"F":
                pid = os.fork()
                if pid == 0:
                    parent.close()
                    _work(task, Connection(files[0]))
                os.close(files[0])
                children.add(pid)
                parent.sendall(_NUMBER.pack(pid))
            elif message == b"W":
                pid = _NUMBER.unpack(_exactly(parent, _NUMBER.size))[0]
                children.discard(pid)
                parent.sendall(_NUMBER.pack(_status(pid)))
            else:
                return
    except (EOFError, OSError):  # the parent is gone
        return
    finally:
        for pid in children:
            with suppress(OSError):
                os.kill(pid, signal.SIGKILL)
        for pid in children:  # so that their time is counted as ours
            with suppress(OSError):
                os.waitpid(pid, 0)


def _status(pid: int) -> int:
    """How a child ended; one that closed its end without ending is killed."""
    with suppress(OSError):
        for _ in range(50):
            ended, status = os.waitpid(pid, os.WNOHANG)
            if ended:
                return status
            time.sleep(0.01)
        os.kill(pid, signal.SIGKILL)
        return os.waitpid(pid, 0)[1]
    return _UNKNOWN


def _exactly(source: socket.socket, size: int) -> bytes:
    data = b""
    while len(data) < size:
        more = source.recv(size - len(data))
        if not more:
            raise EOFError
        data += more
    return data


def _named(name: str) -> Callable[..., Any]:
    module, _, function = name.partition(":")
    found: Callable[..., Any] = getattr(importlib.import_module(module), function)
    return found


def _work(task: Callable[[Any], Any], parent: Connection) -> None:
    """What a worker does; it never returns."""
    status = 1
    try:
        with suppress(OSError):
            os.nice(_NICER)
        while True:
            parent.send(task(parent.recv()))
    except (EOFError, OSError):  # nobody is left to work for
        status = 0
    except MemoryError:
        status = _NO_MEMORY
    except BaseException:
        import traceback

        traceback.print_exc()
    finally:
        with suppress(BaseException):
            sys.stderr.flush()
        os._exit(status)
