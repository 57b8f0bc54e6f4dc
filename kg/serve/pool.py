"""Workers that answer: a few processes over one snapshot, stopped and replaced when a request takes too long.

Oxigraph has no time limit and no way to stop an evaluation; a process can be killed.  The workers stand ready,
so that a request costs no start of a process, and an answer is sent on only when it is whole.
"""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sys
import time
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from kg import errors
from kg.errors import KgError, QueryTimeout, ServerBusy, StoreLocked, WorkerDied
from kg.serve.source import Source, State
from kg.serve.worker import ANSWER, REQUEST

if TYPE_CHECKING:
    from kg.graph.queries import Template, Value

#: For how many seconds a request waits for a worker, as a multiple of the time that one may take.
_PATIENCE: Final = 2
#: For how many seconds at most one waits before trying again what failed.
_LONGEST_PAUSE: Final = 30.0


@dataclass(frozen=True, slots=True)
class Limits:
    """What one request may take."""

    seconds: float = 30.0
    rows: int = 100_000
    memory: int = 4 << 30  # bytes of address space of a worker
    waiting: int = 1_000  # requests that wait for a worker


@dataclass(frozen=True, slots=True)
class Answer:
    """A whole answer: the document, what it is, and the snapshot that it is from."""

    content: bytes
    media_type: str
    generation: int = 0


class Worker:
    """One process; see :mod:`kg.serve.worker` for what is said."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process

    @classmethod
    async def start(cls, place: str, limits: Limits) -> Worker:
        """A worker that has opened what is to be served.  Raises :class:`~kg.errors.WorkerDied` if it could not."""
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "kg.serve.worker", place, str(limits.seconds), str(limits.memory)),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            limit=1 << 20,  # large answers come in fewer pieces
        )
        worker = cls(process)
        try:
            await worker._receive()
        except BaseException:
            await worker.stop()
            raise
        return worker

    async def ask(self, request: bytes) -> tuple[dict[str, Any], bytes]:
        """Head and body of the answer.  Raises :class:`~kg.errors.WorkerDied` if the process ended."""
        assert self._process.stdin is not None
        self._process.stdin.write(REQUEST.pack(len(request)) + request)
        with suppress(ConnectionError):  # what it died of is told by what it does not answer
            await self._process.stdin.drain()
        return await self._receive()

    async def _receive(self) -> tuple[dict[str, Any], bytes]:
        assert self._process.stdout is not None
        try:
            head, body = ANSWER.unpack(await self._process.stdout.readexactly(ANSWER.size))
            told: dict[str, Any] = json.loads(await self._process.stdout.readexactly(head))
            return told, await self._process.stdout.readexactly(body)
        except (asyncio.IncompleteReadError, ConnectionError):
            raise WorkerDied("the evaluation ended without an answer", hint=await self._cause()) from None

    async def _cause(self) -> str:
        """What the process may have ended of."""
        with suppress(TimeoutError):
            async with asyncio.timeout(1):
                if await self._process.wait() == -signal.SIGKILL:
                    return "it was killed: the machine may be short of memory"
        return "it needs more memory, or is nested deeper, than one query may"

    async def stop(self) -> None:
        """End the process, whatever it does."""
        with suppress(ProcessLookupError):
            self._process.kill()
        await self._process.wait()


class Crew:
    """The workers over one state of what is served."""

    def __init__(self, place: str, generation: int, size: int, limits: Limits) -> None:
        self.place = place
        self.generation = generation
        self._size = size
        self._limits = limits
        self._workers: set[Worker] = set()
        self._idle: asyncio.LifoQueue[Worker] = asyncio.LifoQueue()
        self._pending = 0
        self._starting: set[asyncio.Task[None]] = set()
        self._done = asyncio.Event()
        self._done.set()
        self._ended = False

    @property
    def alive(self) -> int:
        """How many workers there are, busy ones too."""
        return len(self._workers)

    async def start(self) -> None:
        """Start all workers; raises, and leaves none, if one cannot open it."""
        started = await asyncio.gather(*(self._hire() for _ in range(self._size)), return_exceptions=True)
        if (fault := next((one for one in started if one is not None), None)) is not None:
            await self.kill()
            raise fault

    async def _hire(self) -> None:
        worker = await Worker.start(self.place, self._limits)
        self._workers.add(worker)
        self._idle.put_nowait(worker)

    async def ask(self, request: dict[str, Any]) -> tuple[dict[str, Any], bytes]:
        """Have one worker answer, in time.

        Raises :class:`~kg.errors.QueryTimeout` if it takes too long, :class:`~kg.errors.WorkerDied` if it ends,
        :class:`~kg.errors.ServerBusy` if no worker becomes free.
        """
        if self._pending >= self._limits.waiting + self._size:
            raise ServerBusy("too many requests at once")
        packed = json.dumps(request).encode()
        self._pending += 1
        self._done.clear()
        try:
            try:
                async with asyncio.timeout(_PATIENCE * self._limits.seconds):
                    worker = await self._idle.get()
            except TimeoutError:
                raise ServerBusy("no request was finished in time for this one") from None
            whole = False
            try:
                async with asyncio.timeout(self._limits.seconds):
                    answer = await worker.ask(packed)
                whole = True
                return answer
            except WorkerDied:
                if self._ended:
                    raise ServerBusy("the server is ending") from None
                raise
            except TimeoutError:
                message = f"the query takes longer than {self._limits.seconds:g} seconds, and was stopped"
                raise QueryTimeout(message) from None
            finally:  # a client that went away leaves half an answer in the pipe
                if whole:
                    self._idle.put_nowait(worker)
                else:
                    self._replace(worker)
        finally:
            self._pending -= 1
            if not self._pending:
                self._done.set()

    def _replace(self, worker: Worker) -> None:
        self._workers.discard(worker)

        async def replace() -> None:
            await worker.stop()
            pause = 0.0
            while not self._ended:  # a machine short of memory may have some again
                await asyncio.sleep(pause)
                with suppress(WorkerDied, OSError):
                    await self._hire()
                    return
                pause = min(2 * pause + 1, _LONGEST_PAUSE)

        task = asyncio.get_running_loop().create_task(replace())
        self._starting.add(task)
        task.add_done_callback(self._starting.discard)

    async def stop(self) -> None:
        """End all workers once they have answered what they were asked."""
        with suppress(TimeoutError):
            async with asyncio.timeout((_PATIENCE + 1) * self._limits.seconds):
                await self._done.wait()
        await self.kill()

    async def kill(self) -> None:
        """End all workers at once; what they were asked ends with :class:`~kg.errors.ServerBusy`."""
        self._ended = True
        for task in self._starting:
            task.cancel()
        await asyncio.gather(*self._starting, return_exceptions=True)
        await asyncio.gather(*(worker.stop() for worker in self._workers))
        self._workers.clear()


class Backend:
    """What the server knows and how it asks: the only way from a request to the graph.

    ``generation`` counts the states of the source that were served (snapshots), ``base`` is where the individuals of
    the graph live, ``templates`` are those of the project, ``store_dir`` is the folder of the store, None where nothing
    can be written.  Answers are kept, up to ``cache`` bytes, as long as their state is the newest and the source lets
    them.
    """

    def __init__(
        self,
        source: Source,
        *,
        limits: Limits | None = None,
        workers: int | None = None,
        cache: int = 64 << 20,
        poll: float = 1.0,
    ) -> None:
        from kg.graph.queries import load_templates
        from kg.graph.vocab import DEFAULT_BASE

        self.store_dir: Path | None = source.store_dir
        self.limits = limits or Limits()
        self.templates: Mapping[str, Template] = load_templates()
        self.base = DEFAULT_BASE
        self._size = workers or max(4, 2 * (os.cpu_count() or 1))
        self._source = source
        self._crew: Crew | None = None
        self._state: State | None = None
        self._retiring: dict[asyncio.Task[None], Crew] = {}
        self._watcher: asyncio.Task[None] | None = None
        self._poll = max(poll, source.poll)
        self._cache = _Cache(cache, source.fresh)
        #: what is run in the background for each new snapshot, so that the first who asks need not wait
        self.warm: list[Callable[[Backend], Awaitable[None]]] = []
        self._warming: asyncio.Task[None] | None = None

    @property
    def ready(self) -> bool:
        """Whether there is somebody to answer."""
        return self._crew is not None and self._crew.alive > 0

    @property
    def generation(self) -> int:
        """Which snapshot is served: 1 is the first."""
        return self._crew.generation if self._crew is not None else 0

    async def start(self) -> None:
        """Take the first snapshot and start the workers.

        Raises :class:`~kg.errors.StoreError` if there is no store, :class:`~kg.errors.StoreLocked` if a build
        holds it for longer than a moment, :class:`~kg.errors.ServiceError` if an endpoint does not answer.
        """
        for attempt in range(50):
            try:
                await self._renew()
                break
            except StoreLocked as error:
                if attempt == 49:
                    raise StoreLocked(error.message, hint="start the server when the build is done") from None
                await asyncio.sleep(0.1)
        self._watcher = asyncio.create_task(self._watch())

    async def _renew(self) -> None:
        """Serve the graph as it is now, unless that is what is served."""
        state: State = await asyncio.to_thread(self._source.take)
        crew = Crew(state.place, self.generation + 1, self._size, self.limits)
        serving = False
        try:
            if await asyncio.to_thread(self._source.is_news, state):
                await asyncio.to_thread(self._source.optimize, state)
                await crew.start()
                head, body = await crew.ask({"query": _BASES, "format": "json", "max_rows": 1_000_000})
                base = _base(_checked(head, body), self.base)
                serving = True
            # not before: what could not be served is to be tried again
            await asyncio.to_thread(self._source.accept, state)
        except BaseException:
            serving = False
            raise
        finally:
            if not serving:
                await crew.kill()
                await asyncio.to_thread(self._source.drop, state)
        if serving:
            self._take_over(crew, state, base)

    def _take_over(self, crew: Crew, state: State, base: str) -> None:
        self.base = base
        former, self._crew = (self._crew, self._state), crew
        self._state = state
        self._cache.clear()
        if former[0] is not None and former[1] is not None:
            task = asyncio.create_task(self._retire(former[0], former[1]))
            self._retiring[task] = former[0]
            task.add_done_callback(self._retiring.pop)
        if self._warming is not None:
            self._warming.cancel()
        self._warming = asyncio.create_task(self._warm())

    async def _warm(self) -> None:
        for prepare in self.warm:
            with suppress(KgError):  # who asks for it will be told
                await prepare(self)

    async def _retire(self, crew: Crew, state: State) -> None:
        await crew.stop()
        await asyncio.to_thread(self._source.drop, state)

    async def _watch(self) -> None:
        """Serve what is new after each build or load; while one goes on, the old snapshot."""
        pause = self._poll
        while True:
            await asyncio.sleep(pause)
            try:
                if await asyncio.to_thread(self._source.changed):
                    await self._renew()
                pause = self._poll
            except StoreLocked:  # the next look may find it free
                continue
            except Exception as error:  # whatever it was, the next try may go well: the old snapshot is served on
                print(f"kg: what is served cannot be read anew: {error}", file=sys.stderr)  # noqa: T201
                pause = min(2 * pause, _LONGEST_PAUSE)

    async def stop(self) -> None:
        """Answer nothing more: what is being asked ends with :class:`~kg.errors.ServerBusy`."""
        for task in (self._watcher, self._warming):
            if task is not None:
                task.cancel()
                await asyncio.gather(task, return_exceptions=True)
        crews = [*self._retiring.values(), *([self._crew] if self._crew else [])]
        self._crew = None
        await asyncio.gather(*(crew.kill() for crew in crews))

    async def close(self) -> None:
        """End all workers and remove the snapshots."""
        try:
            await self.stop()
            await asyncio.gather(*self._retiring, return_exceptions=True)
        finally:
            self._source.close()

    async def ask(self, request: dict[str, Any]) -> Answer:
        """The answer to a request of :mod:`kg.serve.worker`, whole.

        Raises the :class:`~kg.errors.KgError` that the worker tells, or those of :meth:`Crew.ask`.
        """
        crew = self._crew
        if crew is None:
            raise ServerBusy("the server is starting or ending")
        key = json.dumps(request, sort_keys=True)
        if (kept := self._cache.get(key)) is not None:
            return kept
        head, body = await crew.ask(request)
        answer = Answer(_checked(head, body), head["media_type"], crew.generation)
        if crew is self._crew:
            self._cache.put(key, answer)
        return answer

    async def query(
        self,
        text: str,
        format: str | dict[str, str | None] = "json",
        *,
        default_graphs: Iterable[str] | None = None,
        named_graphs: Iterable[str] | None = None,
    ) -> Answer:
        """The answer to a query, in a format or in the one that fits: ``{"table": …, "graph": …}``."""
        request: dict[str, Any] = {"query": text, "format": format, "max_rows": self.limits.rows}
        if default_graphs is not None or named_graphs is not None:
            request |= {"default_graphs": list(default_graphs or ()), "named_graphs": list(named_graphs or ())}
        return await self.ask(request)

    async def template(self, name: str, values: Mapping[str, Value | None], format: str = "json") -> Answer:
        """The answer to a template.  Raises :class:`~kg.errors.TemplateError` for a value that is none."""
        return await self.query(self.templates[name].bind(**values), format)

    async def view(self, name: str, /, **arguments: Any) -> Any:
        """What a function of :mod:`kg.serve.views` gives."""
        return json.loads((await self.ask({"view": name, "arguments": arguments})).content)


class _Cache:
    """Answers by request, the longest unused ones dropped when they are more than so many bytes.

    A snapshot does not change, so its answers do not; a page of the explorer asks the same of each visitor.  Those of
    what may change are dropped after ``fresh`` seconds.
    """

    def __init__(self, size: int, fresh: float | None = None) -> None:
        self._size = size
        self._fresh = fresh
        self._used = 0
        self._kept: OrderedDict[str, Answer] = OrderedDict()
        self._since: dict[str, float] = {}

    def get(self, key: str) -> Answer | None:
        if (answer := self._kept.get(key)) is None:
            return None
        if self._fresh is not None and time.monotonic() - self._since[key] > self._fresh:
            self._drop(key)
            return None
        self._kept.move_to_end(key)
        return answer

    def _drop(self, key: str) -> None:
        self._used -= len(self._kept.pop(key).content) + len(key)
        self._since.pop(key)

    def put(self, key: str, answer: Answer) -> None:
        weight = len(answer.content) + len(key)
        if weight > self._size // 8 or key in self._kept:
            return
        self._kept[key] = answer
        self._since[key] = time.monotonic()
        self._used += weight
        while self._used > self._size:
            self._drop(next(iter(self._kept)))

    def clear(self) -> None:
        self._kept.clear()
        self._since.clear()
        self._used = 0


def _checked(head: dict[str, Any], body: bytes) -> bytes:
    if (name := head.get("error")) is None:
        return body
    kind = getattr(errors, name, KgError)
    raise kind(head["message"], line=head.get("line"), hint=head.get("hint"))


#: The named graphs of reports, by the IRI of which the base is known.
_BASES: Final = "SELECT DISTINCT ?report { ?report a gwr:Report }"


def _base(answer: bytes, default: str) -> str:
    """The base that most reports have: ``…/report/…`` follows it."""
    found: dict[str, int] = {}
    for row in json.loads(answer)["results"]["bindings"]:
        base, mark, _ = row["report"]["value"].rpartition("report/")
        if mark:
            found[base] = found.get(base, 0) + 1
    return max(sorted(found), key=lambda base: found[base]) if found else default
