"""Asking services on the web for JSON: politely, one request at a time, and never twice for the same.

What was answered is kept in an SQLite file, each answer as soon as it is there: a run that was stopped goes on where
it was because it finds what it had.  The manners are those that Wikimedia asks for: a User-Agent that says whom to
write to, no two requests at once, and no retry before the time that ``Retry-After`` gives.

This module needs httpx; it is imported only where a service is to be asked.
"""

from __future__ import annotations

import hashlib
import json
import math
import os
import re
import socket
import sqlite3
import sys
import threading
import time
import unicodedata
import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from functools import cached_property
from pathlib import Path
from types import TracebackType
from typing import Any, Final, Literal, Self, TypeVar
from urllib.parse import urlsplit
from weakref import WeakSet

from kg import __version__
from kg.errors import CacheError, ContactMissing, KgError, NotCached, ServiceError, TryLater

try:
    import httpx
except ImportError:
    raise KgError("asking services on the web needs httpx", hint="pip install 'gwr-kg[link]'") from None

#: For how many seconds an answer is good, unless told otherwise.
MAX_AGE: Final = 30 * 86400.0

_HOME: Final = "https://w3id.org/gwr"
_ACCEPT: Final = "application/json, application/sparql-results+json, */*;q=0.1"
#: How long one attempt may take in all, as a multiple of the time for which the server may be silent.
_PATIENCE: Final = 2
_REDIRECTS: Final = 5
_LONGEST_BACK_OFF: Final = 60.0
#: What Wikimedia wants for a lag, should it give no time.
_LAG: Final = 5.0
#: How much of an error's body is told, in characters, and for that read, in bytes.
_TOLD: Final = 200
_READ: Final = 4096
#: No longer time than this is reckoned with, in seconds.
_FOREVER: Final = 10 * 366 * 86400.0

#: What services answer to more than they can do at once: too large, too long, took too long, or an error in a 200.
_TOO_MUCH: Final = frozenset({200, 413, 414, 500, 504})

Method = Literal["GET", "POST"]
_T = TypeVar("_T")


class Client:
    """All that is asked of services goes through one of these; to be used in a ``with`` statement.

    ``contact`` is the mail address or web page of who asks, and goes into the User-Agent.  ``cache`` is a file, made
    with its folder where there is none; several processes may use it at once.  Its answers are good for ``max_age``
    seconds.

    With ``replay`` the cache alone is asked, however old it is; it is neither made nor changed.  With ``dry_run`` that
    function is given a description of each request that the cache has no answer to, and nothing is sent (nor written);
    if both are given, ``replay`` counts.  Neither needs a contact.

    ``timeout`` is for how many seconds a server may be silent; a whole answer may take twice that.  It is more than the
    60 seconds after which query services stop by themselves: to ask again before that would be a second query at once.
    What fails in a way that may pass is tried ``attempts`` times in all, after 1, 2, 4, … seconds, or later if the
    server says so; if that is more than ``longest_wait`` seconds, it is given up.  ``tell`` is given notices for
    people, one line each: what is waited for, and that a damaged cache was set aside; without it they go to the
    standard error stream.  ``transport``, ``sleep`` and ``clock`` (seconds since 1970) are for tests.

    ``sent`` counts the requests that were sent (retries and redirects are some, too), ``cached`` those that the cache
    answered; ``waited`` is for how many seconds a server was left alone.

    Raises :class:`~kg.errors.ContactMissing` without a usable contact, :class:`~kg.errors.CacheError` if the cache
    cannot be opened or is a file of something else.
    """

    def __init__(
        self,
        contact: str | None,
        *,
        cache: Path | None,
        max_age: float = MAX_AGE,
        replay: bool = False,
        dry_run: Callable[[str], None] | None = None,
        timeout: float = 75.0,
        attempts: int = 5,
        longest_wait: float = 300.0,
        tell: Callable[[str], None] | None = None,
        transport: httpx.BaseTransport | None = None,
        sleep: Callable[[float], None] = time.sleep,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self.sent = 0
        self.cached = 0
        self.waited = 0.0
        self._replay = replay
        self._dry_run = dry_run
        silent = replay or dry_run is not None
        self._agent = "" if silent else user_agent(contact)
        self._max_age = math.inf if replay else max_age
        self._timeout = timeout
        self._attempts = max(1, attempts)
        self._longest_wait = longest_wait
        self._tell = tell or _to_stderr
        self._transport = transport
        self._sleep = sleep
        self._clock = clock
        self._lock = threading.RLock()  # one request at a time, whoever asks
        self._ended: dict[str, float] = {}  # when the last request to a host ended
        self._closed: dict[str, float] = {}  # until when a host wants to be left alone
        self._sockets: WeakSet[socket.socket] = WeakSet()
        self._cache = _Cache(cache, only_read=silent, tell=self._tell) if cache is not None else None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the connections and the cache."""
        with self._lock:
            if (http := self.__dict__.pop("_http", None)) is not None:
                http.close()
            if self._cache is not None:
                self._cache.close()

    def tell(self, notice: str) -> None:
        """Give people a notice, as the client does: what a provider could not ask, and goes on without."""
        self._tell(cleaned(notice))

    @cached_property
    def _http(self) -> httpx.Client:
        # made only when something is sent: reading the certificates takes longer than a replay
        return httpx.Client(
            headers={"User-Agent": self._agent, "Accept": _ACCEPT, "Accept-Encoding": "gzip, deflate"},
            timeout=self._timeout,
            follow_redirects=False,
            transport=self._transport,
        )

    def get_json(
        self,
        url: str,
        params: Mapping[str, str],
        *,
        method: Method = "GET",
        refused: Callable[[Any], str | None] | None = None,
        pause: float = 0.0,
        max_bytes: int = 32 << 20,
    ) -> Any:
        """The parsed answer to a request: from the cache, if it is there, otherwise from the service.

        ``params`` go into the query of the URL, beside what that has already, or with ``POST`` into a form.
        ``refused`` is given the parsed answer and says what is wrong with one that only looks like success, None if
        nothing is; lags that the MediaWiki API reports are known without it.  Between the end of one request to the
        host and the start of this one there are at least ``pause`` seconds.  An answer may have ``max_bytes`` bytes,
        unpacked.

        None if this is a dry run and the cache has no answer.  Half of a surrogate pair in the JSON becomes U+FFFD.

        Only an answer that is whole, parsed and not refused, and of status 200, gets into the cache.

        Raises :class:`~kg.errors.ServiceError` if the service does not answer, or not so; its kind
        :class:`~kg.errors.TryLater` if it wants to be left alone for long; :class:`~kg.errors.NotCached` in a replay;
        :class:`~kg.errors.CacheError` if the cache fails.
        """
        request = _Request.of(method, url, params)
        with self._lock:
            answer = self._kept(request, refused)
            if answer is not None:
                self.cached += 1
                return answer.value
            if self._replay:
                raise NotCached(f"the cache has no answer to {request.line()}")
            if self._dry_run is not None:
                self._dry_run(request.describe())
                return None
            answer = self._ask(request, refused, pause, max_bytes)
            if self._cache is not None:
                self._cache.put(request, answer.body, self._clock())
            return answer.value

    def _kept(self, request: _Request, refused: Callable[[Any], str | None] | None) -> _Answer | None:
        """The answer in the cache, if it is young enough, and still one."""
        if self._cache is None or (row := self._cache.get(request)) is None:
            return None
        body, stored = row
        # a clock that was wrong once must not make an answer good for ever
        if not abs(self._clock() - stored) < self._max_age:
            return None
        try:
            answer = _Answer(body, _parsed(body))
        except ValueError:
            return None
        # what is refused today may have been taken by an older version
        return None if refused is not None and refused(answer.value) else answer

    def _ask(
        self, request: _Request, refused: Callable[[Any], str | None] | None, pause: float, max_bytes: int
    ) -> _Answer:
        host = request.host
        self._await_turn(host, pause)
        for attempt in range(1, self._attempts + 1):
            try:
                answer = self._attempt(request, max_bytes)
                self._closed.pop(host, None)
                break
            except _Failed as failure:
                self._closed[host] = self._clock() + (failure.rest or 0.0)
                if failure.rest is not None and failure.rest > self._longest_wait:
                    raise _try_later(host, failure.why, self._closed[host], failure.status) from None
                if attempt == self._attempts:
                    times = f"{attempt} attempts" if attempt > 1 else "one attempt"
                    raise ServiceError(
                        f"{host}: {failure.why}; given up after {times}", status=failure.status
                    ) from failure.__cause__
                delay = max(min(2.0 ** (attempt - 1), _LONGEST_BACK_OFF), failure.rest or 0.0, pause)
                self._tell(f"{host}: {failure.why}; trying again in {_rounded(delay)} s")
                self._wait(delay)
                self._closed.pop(host, None)
        if refused is not None and (complaint := refused(answer.value)):
            raise ServiceError(f"{host}: {cleaned(complaint)}", status=200)
        return answer

    def _await_turn(self, host: str, pause: float) -> None:
        """Wait until the host may be asked; raises :class:`~kg.errors.TryLater` if that is long from now."""
        now = self._clock()
        left = max(self._closed.pop(host, now) - now, 0.0)
        if left > self._longest_wait:
            self._closed[host] = now + left
            raise _try_later(host, "nothing was sent", now + left, None)
        if host in self._ended:  # not longer than the pause, whatever became of the clock
            left = max(left, min(self._ended[host] + pause - now, pause))
        if left > 0:
            self._wait(left)

    def _wait(self, seconds: float) -> None:
        self.waited += seconds
        self._sleep(seconds)

    def _attempt(self, request: _Request, max_bytes: int) -> _Answer:
        """One attempt, redirects included.  Raises :class:`_Failed` if another one may go well."""
        try:
            headers, body = self._exchange(request, max_bytes)
        finally:
            self._ended[request.host] = self._clock()
        rest = _retry_after(headers, self._clock())
        try:
            value = _parsed(body)
        except UnicodeDecodeError:
            raise _Failed("the answer is not UTF-8", rest, 200) from None
        except ValueError:
            raise _Failed(f"the answer is not JSON: {_start(body)}", rest, 200) from None
        if (lag := _lag(value)) is not None:
            raise _Failed(lag, _LAG if rest is None else rest, 200)
        return _Answer(body, value)

    def _exchange(self, request: _Request, max_bytes: int) -> tuple[httpx.Headers, bytes]:
        """Headers and body of the answer of status 200, which may be found at the end of some redirects."""
        method, url, form = request.method, request.target, request.form
        with _Deadline(_PATIENCE * self._timeout, self._sockets) as deadline:
            for _ in range(_REDIRECTS + 1):
                try:
                    reply = self._hop(method, url, form, max_bytes, deadline)
                except (httpx.TransportError, httpx.DecodingError) as error:
                    raise _Failed(deadline.complaint or _why(error, self._timeout)) from error
                if isinstance(reply, tuple):
                    if deadline.complaint:  # where no length was told, what is cut off looks whole
                        raise _Failed(deadline.complaint)
                    return reply
                if reply.status == 303:  # the answer to what was posted is somewhere else
                    method, form = "GET", None
                url = _followed(url, reply.location, request.host)
        raise ServiceError(f"{request.host}: more than {_REDIRECTS} redirects")

    def _hop(
        self, method: str, url: httpx.URL, form: dict[str, str] | None, max_bytes: int, deadline: _Deadline
    ) -> tuple[httpx.Headers, bytes] | _Redirect:
        """What one request brings: an answer of status 200, or where to go; everything else is raised."""
        message = self._http.build_request(method, url, data=form, extensions={"trace": deadline.trace})
        self.sent += 1
        with closing(self._http.send(message, stream=True)) as response:
            status = response.status_code
            if status == 200:
                return response.headers, _limited(response, max_bytes, _host(url))
            if response.has_redirect_location:
                return _Redirect(status, response.headers["location"])
            why = f"{status} {httpx.codes.get_reason_phrase(status)}".strip()
            with suppress(httpx.TransportError, httpx.DecodingError):  # the status says enough
                if told := _start(_beginning(response)):
                    why += f": {told}"
            if status in (429, 502, 503, 504):
                raise _Failed(why, _retry_after(response.headers, self._clock()), status)
            raise ServiceError(f"{_host(url)}: {why}", status=status)


def in_halves(ask: Callable[[Sequence[str]], _T], values: Sequence[str]) -> Iterator[_T]:
    """What ``ask`` makes of the values, all at once if the service can do that, otherwise in ever smaller parts.

    A replay finds the parts, too, although the cache has no answer to the whole.

    Raises what ``ask`` raises for a single value, or for any other reason.
    """
    try:
        answer = ask(values)
    except (ServiceError, NotCached) as error:
        too_much = isinstance(error, NotCached) or (not isinstance(error, TryLater) and error.status in _TOO_MUCH)
        if len(values) < 2 or not too_much:
            raise
        whole = error
    else:
        yield answer
        return
    half = len(values) // 2
    try:
        yield from in_halves(ask, values[:half])
        yield from in_halves(ask, values[half:])
    except NotCached:
        raise whole from None


def user_agent(contact: str | None) -> str:
    """The User-Agent of who is to be reached there.

    >>> user_agent("li@example.org").split()[1:3]
    ['(https://w3id.org/gwr;', 'li@example.org)']

    Raises :class:`~kg.errors.ContactMissing` unless it is a mail address or the URL of a web page.
    """
    text = (contact or "").strip()
    if not text:
        raise ContactMissing("services are only asked by who can be reached", hint="give a mail address or a web page")
    # a header is ASCII, and parentheses would end the comment in which it stands
    usable = all(" " <= char <= "~" and char not in "()\\" for char in text)
    if not usable or not re.fullmatch(r"https?://[^\s/?#@]+\S*|.*[^\s@<>]@[^\s@<>].*", text, re.IGNORECASE):
        raise ContactMissing(
            f"nobody can be reached at {cleaned(text)!r}", hint="it has to be a mail address or the URL of a web page"
        )
    return f"kg/{__version__} ({_HOME}; {text}) httpx/{httpx.__version__}"


def cleaned(text: str, limit: int | None = _TOLD) -> str:
    """Text of others on one line, fit for a terminal: nothing that controls it, nor the direction of writing.

    Longer text is cut to ``limit`` characters, with an ellipsis after them.

    >>> cleaned("Bad\\x1b[31m request\\r\\n\\u202e!")
    'Bad [31m request !'
    """
    line = " ".join("".join(" " if unicodedata.category(char)[0] in "CZ" else char for char in text).split())
    return line if limit is None or len(line) <= limit else line[:limit] + "…"


@dataclass(frozen=True, slots=True)
class _Request:
    """A request: ``given`` is the URL as it was given, ``target`` where it goes, ``form`` what is posted."""

    method: Method
    given: str
    params: Mapping[str, str]
    target: httpx.URL

    @classmethod
    def of(cls, method: Method, url: str, params: Mapping[str, str]) -> _Request:
        try:
            urlsplit(url)  # which knows that http://[ is none
            target = httpx.URL(url)
            if method == "GET":
                target = target.copy_merge_params(dict(params))
        except (ValueError, httpx.InvalidURL) as error:  # also what cannot be encoded
            raise ServiceError(f"not a URL that can be asked: {cleaned(url)} ({cleaned(str(error))})") from None
        if target.scheme not in ("http", "https") or not target.host:
            raise ServiceError(f"not the URL of a service: {cleaned(url)}", hint="it begins with https:// or http://")
        return cls(method, url, params, target)

    @property
    def form(self) -> dict[str, str] | None:
        return dict(self.params) if self.method == "POST" else None

    @property
    def host(self) -> str:
        return _host(self.target)

    @property
    def key(self) -> str:
        """What it is found by in the cache."""
        told = json.dumps([self.method, self.given, sorted(self.params.items())])
        return hashlib.sha256(told.encode()).hexdigest()

    @property
    def shown(self) -> str:
        """The URL without ``params``, and without a password."""
        url = httpx.URL(self.given)
        return cleaned(str(url.copy_with(userinfo=b"") if url.userinfo else self.given), None)

    def line(self) -> str:
        """The request on one line, cut where it is long."""
        return cleaned(" ".join([self.method, self.shown, *(f"{name}={text}" for name, text in self.params.items())]))

    def describe(self) -> str:
        """The request for people: a line for the method and the URL, and some for each parameter."""
        lines = [f"{self.method} {self.shown}"]
        for name, text in self.params.items():
            first, *more = text.splitlines() or [""]
            lines.append(f"  {cleaned(name)} = {cleaned(first, None)}")
            lines += [f"    {cleaned(each, None)}" for each in more]
        return "\n".join(lines)


@dataclass(frozen=True, slots=True)
class _Answer:
    """A whole answer, as it was sent and parsed."""

    body: bytes
    value: Any


@dataclass(frozen=True, slots=True)
class _Redirect:
    status: int
    location: str


class _Failed(Exception):
    """An attempt that failed in a way that may pass; ``rest``: the seconds for which not to ask, if it was told."""

    def __init__(self, why: str, rest: float | None = None, status: int | None = None) -> None:
        super().__init__(why)
        self.why = why
        self.rest = rest
        self.status = status


class _Deadline:
    """Breaks an attempt off when its time is over.

    The timeouts of httpx begin anew with every byte, also within the headers, where no code of ours runs in between:
    so a second thread shuts the sockets, whereupon whoever reads from them finds their end.
    """

    def __init__(self, seconds: float, sockets: WeakSet[socket.socket]) -> None:
        self._seconds = seconds
        self._sockets = sockets  # of the connections that are kept from earlier requests, too
        self._lock = threading.Lock()
        self._over = False
        self._expired = False
        self._timer = threading.Timer(seconds, self._expire)
        self._timer.daemon = True

    def __enter__(self) -> Self:
        self._timer.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        with self._lock:  # after this the timer does nothing, even if it just went off
            self._over = True
        self._timer.cancel()

    @property
    def complaint(self) -> str | None:
        """What to say if the time is over."""
        return f"no whole answer within {_rounded(self._seconds)} s" if self._expired else None

    def _expire(self) -> None:
        with self._lock:
            if not self._over:
                self._expired = True
                for each in list(self._sockets):
                    _shut(each)

    def trace(self, event: str, info: Mapping[str, Any]) -> None:
        """Learn of new connections: httpx calls this (its request extension ``trace``)."""
        if event.endswith(("connect_tcp.complete", "start_tls.complete")):
            opened = info["return_value"].get_extra_info("socket")
            if isinstance(opened, socket.socket):
                with self._lock:
                    self._sockets.add(opened)
                    if self._expired:
                        _shut(opened)


def _shut(opened: socket.socket) -> None:
    with suppress(OSError):  # it may be closed already
        # not the method of an SSL socket: that would have it read on without decryption
        socket.socket.shutdown(opened, socket.SHUT_RDWR)


#: What sqlite3 raises; the second one if what it says of a damaged file cannot be decoded.
_TROUBLE: Final = (sqlite3.Error, UnicodeError)


class _Cache:
    """Whole answers by request, in an SQLite file.

    ``only_read``: the file is neither made nor written; where there is none, it has no answers.
    """

    _APPLICATION: Final = 0x67777263  # "gwrc", in the header of the file: which tells it from other databases
    _TABLE: Final = (
        "CREATE TABLE IF NOT EXISTS answers (key TEXT PRIMARY KEY, method TEXT NOT NULL, url TEXT NOT NULL, "
        "status INTEGER NOT NULL, stored REAL NOT NULL, body BLOB NOT NULL)"
    )

    def __init__(self, path: Path, *, only_read: bool, tell: Callable[[str], None]) -> None:
        self._path = path
        self._only_read = only_read
        self._tell = tell
        self._file: tuple[int, int] | None = None
        self._db: sqlite3.Connection | None = None
        try:
            self._open()
        except _TROUBLE as error:
            self._recover(error)

    def get(self, request: _Request) -> tuple[bytes, float] | None:
        """Body, and the time at which it was stored."""
        row = self._run("SELECT body, stored FROM answers WHERE key = ?", (request.key,))
        if row is None or not isinstance(row[0], bytes) or not isinstance(row[1], float):
            return None
        with suppress(zlib.error):  # a damaged answer is none
            return zlib.decompress(row[0]), row[1]
        return None

    def put(self, request: _Request, body: bytes, now: float) -> None:
        """Store it for good, at once."""
        self._run(
            "INSERT OR REPLACE INTO answers (key, method, url, status, stored, body) VALUES (?, ?, ?, 200, ?, ?)",
            (request.key, request.method, request.shown, float(now), zlib.compress(body)),
        )

    def close(self) -> None:
        if self._db is not None:
            with suppress(*_TROUBLE):
                self._db.close()

    def _run(self, statement: str, values: tuple[object, ...]) -> tuple[object, ...] | None:
        for final in (False, True):
            if self._db is None:
                break
            try:
                row: tuple[object, ...] | None = self._db.execute(statement, values).fetchone()
                return row
            except _TROUBLE as error:
                if final:
                    raise self._error(error) from None
                self._recover(error)
        return None

    def _open(self) -> None:
        if self._only_read:
            self._db = self._open_to_read()
            return
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise CacheError(f"cannot make the folder of the cache: {error.strerror}", file=self._path) from None
        self._file = self._identity()
        self._db = db = self._connect(str(self._path))
        self._file = self._file or self._identity()
        if not self._is_ours(db):
            # persistent; without it a process that reads would keep another from writing.  The other one may just
            # be doing it, too, which is no reason to wait
            with suppress(sqlite3.OperationalError):
                db.execute("PRAGMA journal_mode = WAL")
            db.execute("BEGIN IMMEDIATE")
            db.execute(self._TABLE)
            db.execute(f"PRAGMA application_id = {self._APPLICATION}")
            db.execute("COMMIT")
        db.execute("PRAGMA synchronous = NORMAL")

    def _open_to_read(self) -> sqlite3.Connection | None:
        if not self._path.exists():
            return None
        uri = self._path.absolute().as_uri()
        try:
            db = self._connect(f"{uri}?mode=ro", uri=True)
            ours = self._is_ours(db)
        except sqlite3.OperationalError:  # SQLite writes beside the file even to read it: not in a folder that is kept
            db = self._connect(f"{uri}?mode=ro&immutable=1", uri=True)
            ours = self._is_ours(db)
        if not ours:  # an empty one
            db.close()
        return db if ours else None

    def _connect(self, name: str, *, uri: bool = False) -> sqlite3.Connection:
        # without isolation level every statement is a transaction of its own; the client has the lock for threads
        return sqlite3.connect(name, timeout=30.0, isolation_level=None, check_same_thread=False, uri=uri)

    def _is_ours(self, db: sqlite3.Connection) -> bool:
        """Whether it is a cache; False if nothing is in it yet."""
        # in this order: another process may just be making it, both in one transaction
        (tables,) = db.execute("SELECT count(*) FROM sqlite_master").fetchone()
        (application,) = db.execute("PRAGMA application_id").fetchone()
        if tables and application != self._APPLICATION:
            db.close()
            raise CacheError(
                "this is a database of something else, not a cache of answers",
                file=self._path,
                hint="name another file",
            )
        return bool(tables)

    def _identity(self) -> tuple[int, int] | None:
        with suppress(OSError):
            found = self._path.stat()
            return found.st_dev, found.st_ino
        return None

    def _recover(self, error: Exception) -> None:
        """Begin a new file in place of a damaged one; raises :class:`~kg.errors.CacheError` for any other trouble."""
        code = getattr(error, "sqlite_errorcode", 0) & 0xFF
        # SQLITE_ERROR, as no statement of ours is wrong: the header is
        damaged = code in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_ERROR)
        if self._only_read or not (damaged or isinstance(error, UnicodeError)):
            raise self._error(error) from None
        self.close()
        try:
            if self._identity() == self._file:  # otherwise another process was quicker
                aside = self._free_name()
                self._path.rename(aside)
                for suffix in ("-wal", "-shm"):  # they belong to it: a new file must not be read with them
                    with suppress(FileNotFoundError):
                        os.rename(f"{self._path}{suffix}", f"{aside}{suffix}")  # noqa: PTH104
                why = cleaned(str(error))
                self._tell(f"the cache {self._path} is damaged ({why}): set aside as {aside.name}, a new one is begun")
            self._open()
        except OSError as trouble:
            raise CacheError(
                f"the cache is damaged, and cannot be set aside: {trouble.strerror}", file=self._path
            ) from None
        except _TROUBLE as trouble:
            raise self._error(trouble) from None

    def _free_name(self) -> Path:
        number = 1
        while (aside := self._path.with_name(f"{self._path.name}.damaged-{number}")).exists():
            number += 1
        return aside

    def _error(self, error: Exception) -> CacheError:
        done = "read" if self._only_read else "used"
        return CacheError(f"the cache cannot be {done}: {cleaned(str(error))}", file=self._path)


def _to_stderr(notice: str) -> None:
    print(f"kg: {notice}", file=sys.stderr)  # noqa: T201


def _host(url: httpx.URL) -> str:
    """Host and port, without what may be a password."""
    return url.netloc.decode("ascii")


def _rounded(seconds: float) -> str:
    """Never less than it is."""
    return str(math.ceil(seconds)) if seconds >= 1 else f"{seconds:g}"


def _limited(response: httpx.Response, max_bytes: int, host: str) -> bytes:
    body = bytearray()
    for chunk in response.iter_bytes():
        body += chunk
        if len(body) > max_bytes:
            raise ServiceError(f"{host}: the answer has more than {max_bytes:,} bytes", status=200)
    return bytes(body)


def _beginning(response: httpx.Response) -> bytes:
    body = bytearray()
    for chunk in response.iter_bytes():
        body += chunk
        if len(body) >= _READ:
            break
    return bytes(body[:_READ])


def _start(body: bytes) -> str:
    """How a body begins, for people."""
    return cleaned(body[:_READ].decode("utf-8", "replace"))


def _parsed(body: bytes) -> Any:
    """The value of the JSON.  Raises ``ValueError`` if it is none, of which ``UnicodeDecodeError`` is a kind."""
    text = body.decode("utf-8-sig")  # some services send a byte order mark
    try:
        value = json.loads(text, parse_constant=_nothing)
    except RecursionError:
        raise ValueError("nested too deeply") from None
    if re.search(r"\\u[dD][89a-fA-F]", text):  # lone surrogates can be escaped, but neither stored nor printed
        whole = json.dumps(value, ensure_ascii=False)
        value = json.loads(whole.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace"))
    return value


def _nothing(name: str) -> None:
    """In the place of NaN and the infinities: they are not JSON, and Python's servers send them for "no number"."""


def _lag(value: Any) -> str | None:
    """What the MediaWiki API says of being behind, in an answer of status 200; None if it does not."""
    if not isinstance(value, dict):
        return None
    errors = value.get("errors")  # so in its newer formats
    for error in [value.get("error"), *(errors if isinstance(errors, list) else ())]:
        if isinstance(error, dict) and error.get("code") in ("maxlag", "ratelimited"):
            return cleaned(f"{error['code']}: {error.get('info', '')}")
    return None


def _retry_after(headers: httpx.Headers, now: float) -> float | None:
    """For how many seconds the server wants to be left alone; None if it does not say so in a way that is known.

    RFC 9110, section 10.2.3: seconds, or a date.
    """
    found = [_seconds(text.strip(), headers.get("date"), now) for text in headers.get_list("retry-after")]
    return max((seconds for seconds in found if seconds is not None), default=None)


def _seconds(text: str, sent: str | None, now: float) -> float | None:
    if re.fullmatch(r"[0-9]+(\.[0-9]+)?", text):
        return min(float(text), _FOREVER)
    if (until := _time(text)) is None:
        return None
    # by the server's own clock, where it tells it: ours may be wrong
    said = _time(sent) if sent is not None else None
    return min(max(until - (now if said is None else said), 0.0), _FOREVER)


def _time(text: str) -> float | None:
    """Seconds since 1970 of a date of HTTP; None if it is none."""
    try:
        date = parsedate_to_datetime(text)
        return (date if date.tzinfo is not None else date.replace(tzinfo=UTC)).timestamp()
    except (ValueError, OverflowError):
        return None


def _try_later(host: str, why: str, until: float, status: int | None) -> TryLater:
    when = datetime.fromtimestamp(math.ceil(until), UTC)
    return TryLater(
        f"{host}: {why}; it wants to be left alone until {when:%Y-%m-%d %H:%M:%S} UTC",
        status=status,
        hint="run it again after that: what was answered is kept, if there is a cache",
    )


def _why(error: httpx.TransportError | httpx.DecodingError, timeout: float) -> str:
    """What went wrong, in words."""
    if isinstance(error, httpx.TimeoutException):
        return f"silent for {_rounded(timeout)} s"
    said = cleaned(str(error)) or type(error).__name__
    return f"no connection ({said})" if isinstance(error, httpx.ConnectError) else f"the answer breaks off ({said})"


def _followed(url: httpx.URL, location: str, host: str) -> httpx.URL:
    """Where a redirect leads: to the same server, or from http to https on the same host; nowhere else."""
    try:
        target = url.join(location)
    except httpx.InvalidURL:
        raise ServiceError(f"{host}: redirects to {cleaned(location)!r}, which is no URL") from None
    same = target.host == url.host and (
        (target.scheme, target.port) == (url.scheme, url.port) or (url.scheme, target.scheme) == ("http", "https")
    )
    if same:
        return target
    there = target.copy_with(userinfo=b"") if target.userinfo else target
    raise ServiceError(
        f"{host}: redirects to {cleaned(str(there))}, which is another server", hint="ask that one, if it is right"
    )
