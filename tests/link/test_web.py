"""The client of services, against a real server that answers as scripted."""

from __future__ import annotations

import gzip
import json
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from email.utils import formatdate
from pathlib import Path
from typing import Any

import httpx
import pytest

from kg import __version__
from kg.errors import CacheError, ContactMissing, NotCached, ServiceError, TryLater
from kg.link.web import Client, cleaned, user_agent
from tests.link.scripted import Answer, Request, Server

CONTACT = "li@example.org"


class Clock:
    """A clock that goes on only when somebody sleeps."""

    def __init__(self) -> None:
        self.now = 1_800_000_000.0
        self.slept: list[float] = []

    def __call__(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds


@pytest.fixture
def server() -> Iterator[Server]:
    with Server() as started:
        yield started


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def notices() -> list[str]:
    return []


@pytest.fixture
def client(tmp_path: Path, clock: Clock, notices: list[str]) -> Iterator[Callable[..., Client]]:
    """Makes clients that share a cache file and a clock, and closes them."""
    made: list[Client] = []

    def make(contact: str | None = CONTACT, **options: Any) -> Client:
        given: dict[str, Any] = {
            "cache": tmp_path / "cache.sqlite",
            "tell": notices.append,
            "sleep": clock.sleep,
            "clock": clock,
        }
        given["transport"] = httpx.HTTPTransport(verify=False)  # it need not read the certificates for each test
        made.append(Client(contact, **(given | options)))
        return made[-1]

    yield make
    for each in made:
        each.close()


Make = Callable[..., Client]


def stored(path: Path) -> int:
    """How many answers the cache has."""
    db = sqlite3.connect(path)
    try:
        (count,) = db.execute("SELECT count(*) FROM answers").fetchone()
        return int(count)
    finally:
        db.close()


# --- the cache ---------------------------------------------------------------------------------------------------


def test_answers_are_kept(server: Server, client: Make, tmp_path: Path) -> None:
    server.script("/api", lambda request: {"said": dict(request.params)})
    with client() as web:
        first = web.get_json(server.url("/api"), {"q": "海珠区", "b": "1"})
        assert first == {"said": {"q": "海珠区", "b": "1"}}
        assert web.get_json(server.url("/api"), {"b": "1", "q": "海珠区"}) == first  # the order says nothing
        assert (web.sent, web.cached, len(server.log)) == (1, 1, 1)
        web.get_json(server.url("/api"), {"q": "从化区", "b": "1"})
        web.get_json(server.url("/api"), {"q": "海珠区", "b": "1"}, method="POST")
        assert (web.sent, web.cached, len(server.log)) == (3, 1, 3)
    assert [request.method for request in server.log] == ["GET", "GET", "POST"]
    assert server.log[2].params == {"q": "海珠区", "b": "1"}
    assert b"q=" in server.log[2].body
    assert stored(tmp_path / "cache.sqlite") == 3


def test_a_row_says_what_it_is(server: Server, client: Make, tmp_path: Path, clock: Clock) -> None:
    server.script("/api", Answer({}))
    client().get_json(server.url("/api").replace("http://", "http://me:secret@"), {})
    db = sqlite3.connect(tmp_path / "cache.sqlite")
    assert db.execute("SELECT method, url, status, stored FROM answers").fetchall() == [
        ("GET", server.url("/api"), 200, clock.now)
    ]
    db.close()


def test_the_url_may_have_a_query(server: Server, client: Make) -> None:
    server.script("/api", Answer({}))
    web = client(cache=None)
    web.get_json(server.url("/api?db=a%20b"), {"q": "x&y=z"})
    web.get_json(server.url("/api?db=a%20b"), {"q": "x"}, method="POST")
    web.get_json(server.url("/api?db=c"), {})
    assert [request.params for request in server.log] == [
        {"db": "a b", "q": "x&y=z"},
        {"db": "a b", "q": "x"},
        {"db": "c"},
    ]


def test_old_answers_are_asked_for_again(server: Server, client: Make, clock: Clock) -> None:
    server.script("/api", Answer({"n": 1}), Answer({"n": 2}), Answer({"n": 3}))
    web = client(max_age=100.0)
    assert web.get_json(server.url("/api"), {}) == {"n": 1}
    clock.now += 99
    assert web.get_json(server.url("/api"), {}) == {"n": 1}
    clock.now += 1
    assert web.get_json(server.url("/api"), {}) == {"n": 2}
    clock.now -= 1000  # what a wrong clock stored
    assert web.get_json(server.url("/api"), {}) == {"n": 3}


def test_without_a_cache(server: Server, client: Make) -> None:
    server.script("/api", Answer({"n": 1}), Answer({"n": 2}))
    web = client(cache=None)
    assert [web.get_json(server.url("/api"), {}) for _ in range(2)] == [{"n": 1}, {"n": 2}]


def test_a_stopped_run_goes_on(server: Server, client: Make) -> None:
    server.script("/api", lambda request: [request.params["n"]])

    def run(stop_after: int | None = None) -> list[Any]:
        web, out = client(), []
        for n in range(6):
            if n == stop_after:
                raise KeyboardInterrupt
            out.append(web.get_json(server.url("/api"), {"n": str(n)}))
        return out

    with pytest.raises(KeyboardInterrupt):
        run(stop_after=3)  # without closing anything
    assert run() == [[str(n)] for n in range(6)]
    assert [request.params["n"] for request in server.log] == list("012345")


def test_two_clients_with_one_cache(server: Server, client: Make) -> None:
    server.script("/api", Answer({}))
    one, other = client(), client()
    one.get_json(server.url("/api"), {"q": "1"})
    other.get_json(server.url("/api"), {"q": "2"})
    one.get_json(server.url("/api"), {"q": "2"})
    other.get_json(server.url("/api"), {"q": "1"})
    assert len(server.log) == 2


def test_many_begin_and_write_a_cache_at_once(server: Server, client: Make, tmp_path: Path) -> None:
    server.script("/api", Answer({}))
    failures: list[BaseException] = []
    barrier = threading.Barrier(8)

    def run(name: int) -> None:
        try:
            barrier.wait()
            with Client(CONTACT, cache=tmp_path / "shared" / "cache.sqlite") as web:
                for n in range(5):
                    web.get_json(server.url("/api"), {"q": f"{name}-{n}"})
        except BaseException as error:
            failures.append(error)

    threads = [threading.Thread(target=run, args=(n,)) for n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failures
    assert stored(tmp_path / "shared" / "cache.sqlite") == 40


@pytest.mark.parametrize("damage", ["no database", "cut off", "garbled"])
def test_a_damaged_cache_is_set_aside(
    server: Server, client: Make, tmp_path: Path, notices: list[str], damage: str
) -> None:
    server.script("/api", lambda request: {"q": request.params["q"], "fill": "x" * 100})
    path = tmp_path / "cache.sqlite"
    with client() as web:
        for n in range(60):
            web.get_json(server.url("/api"), {"q": str(n)})
    data = path.read_bytes()
    broken = {
        "no database": b"nothing like it" * 100,
        "cut off": data[: len(data) // 2],
        "garbled": data[:100] + b"\xff" * (len(data) - 100),
    }[damage]
    path.write_bytes(broken)
    with client() as web:
        assert web.get_json(server.url("/api"), {"q": "5"})["q"] == "5"
        web.get_json(server.url("/api"), {"q": "5"})
        assert (web.sent, web.cached) == (1, 1)
    assert len(notices) == 1
    assert "damaged" in notices[0]
    assert str(path) in notices[0]
    assert (tmp_path / "cache.sqlite.damaged-1").read_bytes() == broken
    path.write_bytes(b"again" * 1000)
    with client() as web:
        web.get_json(server.url("/api"), {"q": "5"})
    assert (tmp_path / "cache.sqlite.damaged-2").exists()


def test_a_cache_that_is_damaged_while_in_use(server: Server, client: Make, tmp_path: Path, notices: list[str]) -> None:
    server.script("/api", lambda request: {"q": request.params["q"]})
    path = tmp_path / "cache.sqlite"
    with client() as web:
        for n in range(150):
            web.get_json(server.url("/api"), {"q": str(n)})
    data = bytearray(path.read_bytes())
    for page in range(4096, len(data), 4096):  # the schema is whole, what it speaks of is not
        data[page : page + 50] = b"\xff" * 50
    path.write_bytes(data)
    with client() as web:
        assert not notices
        assert web.get_json(server.url("/api"), {"q": "5"}) == {"q": "5"}
        assert web.get_json(server.url("/api"), {"q": "5"}) == {"q": "5"}
        assert (web.sent, web.cached) == (1, 1)
    assert len(notices) == 1


def test_a_damaged_answer_is_asked_for_again(server: Server, client: Make, tmp_path: Path) -> None:
    server.script("/api", Answer({"n": 1}))
    for damage in ("x'00ff'", "'text'", "NULL || ''"):
        web = client()
        web.get_json(server.url("/api"), {})
        db = sqlite3.connect(tmp_path / "cache.sqlite", isolation_level=None)
        db.execute(f"UPDATE OR IGNORE answers SET body = {damage}")
        db.close()
        assert web.get_json(server.url("/api"), {}) == {"n": 1}


def test_a_cache_that_is_none(client: Make, tmp_path: Path) -> None:
    db = sqlite3.connect(tmp_path / "other.sqlite")
    db.execute("CREATE TABLE mine (x)")
    db.commit()
    db.close()
    for options in ({}, {"replay": True}):
        with pytest.raises(CacheError, match="of something else"):
            client(cache=tmp_path / "other.sqlite", **options)
    with pytest.raises(CacheError):
        client(cache=tmp_path)
    (tmp_path / "file").touch()
    with pytest.raises(CacheError, match="folder"):
        client(cache=tmp_path / "file" / "cache.sqlite")


# --- what is not an answer ---------------------------------------------------------------------------------------


def test_refused_answers_are_not_kept(server: Server, client: Make, tmp_path: Path) -> None:
    server.script(
        "/api", Answer({"error": {"code": "no-such-entity", "info": "No\x1b[31m \u202esuch"}}), Answer({"ok": 1})
    )

    def refused(value: Any) -> str | None:
        return f"it says {value['error']['info']}" if "error" in value else None

    web = client()
    with pytest.raises(ServiceError, match="it says No") as caught:
        web.get_json(server.url("/api"), {}, refused=refused)
    assert "\x1b" not in str(caught.value)
    assert "\u202e" not in str(caught.value)
    assert stored(tmp_path / "cache.sqlite") == 0
    assert web.get_json(server.url("/api"), {}, refused=refused) == {"ok": 1}
    assert stored(tmp_path / "cache.sqlite") == 1
    # what an older version took
    assert web.get_json(server.url("/api"), {}, refused=lambda value: "no" if web.sent == 2 else None) == {"ok": 1}
    assert web.sent == 3


@pytest.mark.parametrize(
    "error",
    [
        {"error": {"code": "maxlag", "info": "Waiting for a host: 6 seconds lagged"}},
        {"errors": [{"code": "maxlag", "text": "lagged"}]},
    ],
)
def test_lag(server: Server, client: Make, clock: Clock, tmp_path: Path, error: Any) -> None:
    server.script("/api", Answer(error, headers={"Retry-After": "7"}), Answer(error), Answer({"ok": 1}))
    web = client()
    assert web.get_json(server.url("/api"), {}) == {"ok": 1}
    assert clock.slept == [7, 5]
    assert (web.sent, web.waited) == (3, 12)
    assert stored(tmp_path / "cache.sqlite") == 1


def test_lag_without_end(server: Server, client: Make, clock: Clock, tmp_path: Path) -> None:
    server.script("/api", Answer({"error": {"code": "maxlag"}}, headers={"Retry-After": "5"}))
    with pytest.raises(ServiceError, match=r"127.0.0.1:\d+: maxlag: ?; given up after 5 attempts"):
        client().get_json(server.url("/api"), {})
    assert clock.slept == [5, 5, 5, 8]
    assert stored(tmp_path / "cache.sqlite") == 0


@pytest.mark.parametrize("status", [429, 502, 503, 504])
def test_what_passes_is_tried_again(
    server: Server, client: Make, clock: Clock, notices: list[str], status: int
) -> None:
    server.script("/api", *[Answer(b"busy \x07now", status)] * 3, Answer({"ok": 1}))
    web = client()
    assert web.get_json(server.url("/api"), {}) == {"ok": 1}
    assert clock.slept == [1, 2, 4]
    assert (web.sent, web.waited) == (4, 7)
    assert len(notices) == 3
    assert f": {status} " in notices[0]
    assert notices[0].endswith(": busy now; trying again in 1 s")


@pytest.mark.parametrize(
    ("header", "date", "seconds"),
    [
        ("7", None, 7),
        (" 7 ", None, 7),
        ("2.5", None, 2.5),
        ("0", None, 1),
        ("-5", None, 1),
        ("soon", None, 1),
        (formatdate(1_800_000_009, usegmt=True), None, 9),
        (formatdate(1_700_000_000, usegmt=True), None, 1),
        # the server's clock is an hour ahead of ours: it tells so
        (formatdate(1_800_003_609, usegmt=True), formatdate(1_800_003_600, usegmt=True), 9),
        ("Fri, 15 Jan 2027 08:00:09", None, 9),
        ("Friday, 99-Nov-94 08:49:37 GMT", None, 1),
    ],
)
def test_retry_after(server: Server, client: Make, clock: Clock, header: str, date: str | None, seconds: float) -> None:
    headers = {"Retry-After": header} | ({"Date": date} if date else {})
    server.script("/api", Answer(b"", 429, headers), Answer({"ok": 1}))
    assert client().get_json(server.url("/api"), {}) == {"ok": 1}
    assert clock.slept == [seconds]


@pytest.mark.parametrize("header", ["3600", formatdate(1_800_003_600, usegmt=True)])
def test_a_server_that_wants_to_be_left_alone(server: Server, client: Make, clock: Clock, header: str) -> None:
    server.script("/api", Answer(b"", 429, {"Retry-After": header}), Answer({"ok": 1}))
    server.script("/other", Answer({"ok": 2}))
    web = client()
    with pytest.raises(TryLater, match=r"429 Too Many Requests; .* until 2027-01-15 09:00:00 UTC") as caught:
        web.get_json(server.url("/api"), {})
    assert caught.value.status == 429
    with pytest.raises(TryLater, match=r"nothing was sent; .* until 2027-01-15 09:00:00 UTC"):
        web.get_json(server.url("/other"), {})  # another question to the same server would be as bad
    assert (len(server.log), clock.slept) == (1, [])
    clock.now += 3500
    assert web.get_json(server.url("/other"), {}) == {"ok": 2}
    assert clock.slept == [100]


def test_a_time_out_of_reach(server: Server, client: Make) -> None:
    server.script("/api", Answer(b"", 503, {"Retry-After": "9" * 400}))
    with pytest.raises(TryLater, match="until 20"):
        client().get_json(server.url("/api"), {})


def test_given_up_the_next_one_waits(server: Server, client: Make, clock: Clock) -> None:
    server.script("/api", Answer(b"", 429, {"Retry-After": "30"}), Answer({}))
    web = client(attempts=1)
    with pytest.raises(ServiceError, match="given up after one attempt"):
        web.get_json(server.url("/api"), {})
    clock.now += 10
    web.get_json(server.url("/api"), {})
    assert clock.slept == [20]


def test_numbers_that_json_does_not_have_are_none(server: Server, client: Make) -> None:
    server.script("/api", Answer(b'{"score": NaN, "more": [Infinity, -Infinity, 1]}'))
    for _ in range(2):  # from the cache, too
        assert client().get_json(server.url("/api"), {}) == {"score": None, "more": [None, None, 1]}


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (Answer(b'{"a": 1, "b', length=100), "the answer breaks off"),
        (Answer(b"", length=100), "the answer breaks off"),
        (Answer(b"<html>\x1b[2Jlog in</html>"), r"not JSON: <html> \[2Jlog in</html>;"),
        (Answer(b""), "not JSON"),
        (Answer(b'{"a": nan}'), "not JSON"),
        (Answer(b"[" * 100_000), "not JSON"),
        (Answer(b'{"a": ' + b"9" * 5000 + b"}"), "not JSON"),
        (Answer('{"a": "海珠"}'.encode()[:-3] + b'"}'), "not UTF-8"),
        (Answer("{}".encode("utf-16")), "not UTF-8"),
        (Answer(b"not packed", headers={"Content-Encoding": "gzip"}), "the answer breaks off"),
    ],
)
def test_garbled_answers_are_tried_again(
    server: Server, client: Make, tmp_path: Path, answer: Answer, said: str
) -> None:
    server.script("/api", answer, answer, Answer({"ok": 1}))
    web = client()
    assert web.get_json(server.url("/api"), {"q": "1"}) == {"ok": 1}
    assert web.sent == 3
    assert stored(tmp_path / "cache.sqlite") == 1
    server.script("/api", answer)
    with pytest.raises(ServiceError, match=said) as caught:
        web.get_json(server.url("/api"), {"q": "2"})
    assert "\x1b" not in str(caught.value)
    assert len(str(caught.value)) < 400
    assert web.sent == 8
    assert stored(tmp_path / "cache.sqlite") == 1


def test_nobody_there(client: Make, clock: Clock) -> None:
    with Server() as server:
        url = server.url("/api")
    web = client()
    with pytest.raises(ServiceError, match="no connection"):
        web.get_json(url, {})
    assert clock.slept == [1, 2, 4, 8]


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (Answer({}, wait=5), "silent for 0.1 s"),
        (Answer(b"[" + b" " * 1000 + b"]", drip=0.05), "no whole answer within 0.2 s"),
        (Answer({}, drip=0.05, drip_head=True), "no whole answer within 0.2 s"),
        # told by its end: what is cut off looks whole
        (
            Answer(b"1" * 1000, drip=0.05, headers={"Content-Length": "", "Connection": "close"}),
            "within 0.2 s|breaks off",
        ),
    ],
)
def test_slowness(server: Server, client: Make, answer: Answer, said: str) -> None:
    server.script("/api", answer)
    web = client(timeout=0.1, attempts=2)
    begun = time.monotonic()
    with pytest.raises(ServiceError, match=f"({said}).*; given up after 2 attempts"):
        web.get_json(server.url("/api"), {})
    assert time.monotonic() - begun < 5
    server.script("/api", Answer({"ok": 1}))
    assert web.get_json(server.url("/api"), {}) == {"ok": 1}


def test_slow_then_quick(server: Server, client: Make) -> None:
    server.script("/api", Answer({}, wait=5), Answer({"ok": 1}))
    assert client(timeout=0.1).get_json(server.url("/api"), {}) == {"ok": 1}


@pytest.mark.parametrize("status", [400, 401, 403, 404, 410, 500, 501, 204, 206, 304])
def test_other_statuses_are_final(server: Server, client: Make, clock: Clock, tmp_path: Path, status: int) -> None:
    body = b"" if status in (204, 304) else ("No\x1b]0;x\x07 \r\nsuch\u009b thing \u202e!" + "长" * 5000).encode()
    server.script("/api", Answer(body, status))
    web = client()
    with pytest.raises(ServiceError, match=f"127.0.0.1:.*: {status}") as caught:
        web.get_json(server.url("/api"), {})
    assert caught.value.status == status
    text = str(caught.value)
    assert text.isprintable()
    if body:
        assert ": No ]0;x such thing !长" in text
        assert text.endswith("长…")
        assert len(text.partition(": No")[2]) < 200
    assert (web.sent, clock.slept) == (1, [])
    assert stored(tmp_path / "cache.sqlite") == 0


def test_size(server: Server, client: Make, tmp_path: Path) -> None:
    bomb = gzip.compress(b" " * 5_000_000 + b"{}")
    server.script("/long", Answer(b" " * 2000 + b"{}"))
    server.script("/packed", Answer(bomb, headers={"Content-Encoding": "gzip"}))
    web = client()
    for path, size in (("/long", 1000), ("/packed", 1_000_000)):
        with pytest.raises(ServiceError, match=f"more than {size:,} bytes"):
            web.get_json(server.url(path), {}, max_bytes=size)
    assert stored(tmp_path / "cache.sqlite") == 0
    assert web.sent == 2
    assert web.get_json(server.url("/packed"), {}) == {}
    assert web.get_json(server.url("/long"), {}, max_bytes=2002) == {}


def test_odd_json(server: Server, client: Make) -> None:
    server.script("/mark", Answer(b'\xef\xbb\xbf{"a": 1}'))
    server.script("/lone", Answer(rb'["\ud83d", "\ud83d\ude00", {"\uDC00x": 1}]'))
    server.script("/null", Answer(b"null"))
    web = client()
    assert web.get_json(server.url("/mark"), {}) == {"a": 1}
    for _ in range(2):
        assert web.get_json(server.url("/lone"), {}) == ["\ufffd", "😀", {"\ufffdx": 1}]
        assert web.get_json(server.url("/null"), {}) is None
    assert web.cached == 2


# --- redirects ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("status", [301, 302, 307, 308])
def test_redirects_on_the_same_server(server: Server, client: Make, tmp_path: Path, status: int) -> None:
    server.script("/old", Answer(b"gone", status, {"Location": "/new?db=x"}))
    server.script("/new", lambda request: [request.method, dict(request.params)])
    web = client()
    assert web.get_json(server.url("/old"), {"q": "1"}) == ["GET", {"db": "x"}]
    # a question that is posted is not one without the form
    assert web.get_json(server.url("/old"), {"q": "1"}, method="POST") == ["POST", {"db": "x", "q": "1"}]
    assert web.sent == 4
    web.get_json(server.url("/old"), {"q": "1"})
    assert (web.sent, web.cached) == (4, 1)


def test_see_other(server: Server, client: Make) -> None:
    server.script("/old", Answer(b"", 303, {"Location": "/new"}))
    server.script("/new", lambda request: [request.method, dict(request.params)])
    assert client().get_json(server.url("/old"), {"q": "1"}, method="POST") == ["GET", {}]


def test_redirects_elsewhere(server: Server, client: Make) -> None:
    web = client()
    with Server() as other:
        other.script("/api", Answer({}))
        for location in (
            other.url("/api"),
            server.url("/api", host="localhost"),
            "//u:p@elsewhere.example/x",
            "file://127.0.0.1/etc/passwd",
            "gopher://127.0.0.1/",
        ):
            server.script("/api", Answer(b"", 302, {"Location": location}))
            with pytest.raises(ServiceError, match="another server") as caught:
                web.get_json(server.url("/api"), {})
            assert location.replace("//u:p@", "") in str(caught.value)
        assert other.log == []


def test_redirects_without_end(server: Server, client: Make) -> None:
    server.script("/api", Answer(b"", 302, {"Location": "/api"}))
    web = client()
    with pytest.raises(ServiceError, match="more than 5 redirects"):
        web.get_json(server.url("/api"), {})
    assert web.sent == 6


def test_five_redirects(server: Server, client: Make) -> None:
    for n in range(5):
        server.script(f"/{n}", Answer(b"", 302, {"Location": f"/{n + 1}"}))
    server.script("/5", Answer({"ok": 1}))
    assert client().get_json(server.url("/0"), {}) == {"ok": 1}


def test_upgrade_to_https() -> None:
    def answer(request: httpx.Request) -> httpx.Response:
        if request.url.scheme == "http":
            return httpx.Response(301, headers={"Location": str(request.url.copy_with(scheme="https"))})
        if request.url.path == "/down":
            return httpx.Response(301, headers={"Location": str(request.url.copy_with(scheme="http"))})
        return httpx.Response(200, json=str(request.url))

    with Client(CONTACT, cache=None, transport=httpx.MockTransport(answer)) as web:
        assert web.get_json("http://example.org/api", {"q": "1"}) == "https://example.org/api?q=1"
        with pytest.raises(ServiceError, match="another server"):
            web.get_json("https://example.org/down", {})


@pytest.mark.parametrize(
    "url", ["file:///etc/passwd", "ftp://example.org/", "example.org/api", "", "http://", "http://[", "https://a\x1b/"]
)
def test_urls_that_are_not_asked(client: Make, url: str) -> None:
    web = client()
    with pytest.raises(ServiceError) as caught:
        web.get_json(url, {})
    assert str(caught.value).isprintable()
    assert web.sent == 0


# --- manners -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "contact",
    [
        *(None, "", "  ", "me", "@", "@x", "x@ ", "ftp://example.org", "http://", "https:///x", "https://?a@"),
        *("李@example.org", "a@b\r\nX-Evil: 1", "a@b)"),
    ],
)
def test_contacts_that_are_none(client: Make, contact: str | None, tmp_path: Path) -> None:
    with pytest.raises(ContactMissing) as caught:
        client(contact)
    assert str(caught.value).isprintable()
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "contact", ["a@b", "Li Ming <li@example.org>", "https://example.org/about", "HTTP://a.b", " a@b "]
)
def test_the_server_learns_whom_to_write_to(server: Server, client: Make, contact: str) -> None:
    server.script("/api", Answer({}))
    client(contact).get_json(server.url("/api"), {})
    agent = server.log[0].headers["user-agent"]
    assert agent == f"kg/{__version__} (https://w3id.org/gwr; {contact.strip()}) httpx/{httpx.__version__}"
    assert agent == user_agent(contact)
    assert "gzip" in server.log[0].headers["accept-encoding"]
    assert server.log[0].headers["accept"].startswith("application/json")


def test_pauses(server: Server, client: Make, clock: Clock) -> None:
    def slow(request: Request) -> Any:
        clock.now += 10
        return {}

    server.script("/slow", slow)
    server.script("/api", Answer(b"", 503), Answer({}))
    web = client()
    web.get_json(server.url("/slow"), {"q": "1"}, pause=3)
    assert clock.slept == []  # nothing was before
    web.get_json(server.url("/slow"), {"q": "1"}, pause=3)
    assert clock.slept == []  # from the cache
    web.get_json(server.url("/slow"), {"q": "2"}, pause=3)
    assert clock.slept == [3]  # from the end of the one before, not from its start
    clock.now += 2
    web.get_json(server.url("/api"), {"q": "1"}, pause=3)
    assert clock.slept == [3, 1, 3]  # a retry is a request as well
    web.get_json(server.url("/api"), {"q": "2"})
    assert clock.slept == [3, 1, 3]
    clock.now -= 5000  # somebody set the clock
    web.get_json(server.url("/api"), {"q": "3"}, pause=3)
    assert clock.slept == [3, 1, 3, 3]
    with Server() as other:
        other.script("/api", Answer({}))
        web.get_json(other.url("/api"), {}, pause=3)
    assert clock.slept == [3, 1, 3, 3]


def test_one_request_at_a_time(server: Server, client: Make) -> None:
    busy = threading.Lock()
    overlaps = []

    def answer(request: Request) -> Any:
        if not busy.acquire(blocking=False):
            overlaps.append(request)
            return {}
        time.sleep(0.01)
        busy.release()
        return {}

    server.script("/api", answer)
    web = client()
    threads = [threading.Thread(target=web.get_json, args=(server.url("/api"), {"q": str(n)})) for n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (len(server.log), overlaps) == (8, [])


def test_notices_go_to_the_standard_error_stream(
    server: Server, client: Make, capsys: pytest.CaptureFixture[str]
) -> None:
    server.script("/api", Answer(b"", 503), Answer({}))
    client(tell=None).get_json(server.url("/api"), {})
    out, err = capsys.readouterr()
    assert out == ""
    assert "503 Service Unavailable; trying again in 1 s" in err


# --- without a service -------------------------------------------------------------------------------------------


def test_replay(server: Server, client: Make, clock: Clock) -> None:
    server.script("/api", Answer({"n": 1}))
    with client() as web:
        web.get_json(server.url("/api"), {"q": "海珠区"})
    clock.now += 1e9
    with client(None, replay=True) as web:
        assert web.get_json(server.url("/api"), {"q": "海珠区"}) == {"n": 1}
        with pytest.raises(NotCached) as caught:
            web.get_json(server.url("/api"), {"q": "从\x1b化区"})
        assert str(caught.value) == f"the cache has no answer to GET {server.url('/api')} q=从 化区"
        assert (web.sent, web.cached) == (0, 1)
    assert len(server.log) == 1


def test_a_replay_changes_nothing(server: Server, client: Make, tmp_path: Path, notices: list[str]) -> None:
    server.script("/api", Answer({}))
    with pytest.raises(NotCached):
        client(None, replay=True).get_json(server.url("/api"), {})
    with pytest.raises(NotCached):
        client(None, replay=True, cache=None).get_json(server.url("/api"), {})
    assert list(tmp_path.iterdir()) == []
    path = tmp_path / "cache.sqlite"
    path.touch()
    with pytest.raises(NotCached):
        client(None, replay=True).get_json(server.url("/api"), {})
    path.write_bytes(b"nothing like it" * 100)
    with pytest.raises(CacheError, match="cannot be read"):
        client(None, replay=True)
    assert (list(tmp_path.iterdir()), notices) == ([path], [])
    assert server.log == []


def test_a_replay_from_a_folder_that_cannot_be_written(server: Server, client: Make, tmp_path: Path) -> None:
    folder = tmp_path / "a ? # %20 b"
    server.script("/api", Answer({"n": 1}))
    with client(cache=folder / "cache.sqlite") as web:
        web.get_json(server.url("/api"), {})
    (folder / "cache.sqlite").chmod(0o444)
    folder.chmod(0o555)
    try:
        with client(None, replay=True, cache=folder / "cache.sqlite") as web:
            assert web.get_json(server.url("/api"), {}) == {"n": 1}
    finally:
        folder.chmod(0o755)


def test_dry_run(server: Server, client: Make, tmp_path: Path) -> None:
    told: list[str] = []
    server.script("/api", Answer({"n": 1}))
    web = client(None, dry_run=told.append)
    query = "SELECT ?x\nWHERE {\x1b}"
    url = server.url("/api?db=x")
    assert (
        web.get_json(url.replace("http://", "http://me:secret@"), {"q": "海珠区", "query": query}, method="POST")
        is None
    )
    assert told == [f"POST {url}\n  q = 海珠区\n  query = SELECT ?x\n    WHERE {{ }}"]
    assert list(tmp_path.iterdir()) == []
    with client() as real:
        real.get_json(server.url("/api"), {})
    with client(None, dry_run=told.append) as web:
        assert web.get_json(server.url("/api"), {}) == {"n": 1}  # nothing would be sent
    assert len(told) == 1
    assert len(server.log) == 1


def test_nothing_is_loaded_for_what_is_not_sent(tmp_path: Path) -> None:
    """The certificates are read when the first request is sent."""
    code = (
        "import sys\nfrom pathlib import Path\nfrom kg.link.web import Client\n"
        "import ssl; ssl.SSLContext = None\n"
        "Client(None, cache=Path(sys.argv[1]), dry_run=print).get_json('https://example.org/', {'q': '1'})"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, str(tmp_path / "cache")], capture_output=True, text=True, check=True
    )
    assert done.stdout == "GET https://example.org/\n  q = 1\n"


def test_cleaned() -> None:
    assert cleaned("a\x00b\u2028c\u00a0 d") == "a b c d"
    assert cleaned("x" * 300) == "x" * 200 + "…"
    assert json.dumps(cleaned("\ud800x")) == '"x"'
