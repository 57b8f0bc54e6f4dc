"""Asking a provider in tests: things as the reports of a district give them, and what is decided of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx

from kg.link.decisions import Ledger
from kg.link.matching import judge
from kg.link.model import Context, Judgement, Thing, Verdict
from kg.link.providers.base import Provider
from kg.link.run import ask
from kg.link.web import Client
from kg.model import EntityClass

CONTACT = "li@example.org"
AREA = EntityClass.ADMINISTRATIVE_AREA
HAIZHU = (Context(2011, ("广东省", "广州市", "海珠区")),)


def thing(name: str, *classes: EntityClass, number: int = 0, **more: Any) -> Thing:
    """A thing that the report of 海珠区 names."""
    given: dict[str, Any] = {"classes": frozenset(classes or (AREA,)), "contexts": HAIZHU}
    return Thing(f"https://example.org/id/{number or name}", name, **(given | more))


def short(value: Any) -> str:
    """A parameter's name in the names of tests."""
    return ascii(value)[:50]


class Clock:
    """A clock that goes on only when somebody sleeps."""

    def __init__(self) -> None:
        self.now = 1_800_000_000.0
        self.slept: list[float] = []

    def __call__(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        """Note it, and go on."""
        self.slept.append(seconds)
        self.now += seconds


class Stopping(httpx.HTTPTransport):
    """Sends so many requests, and is then interrupted as by Ctrl-C."""

    def __init__(self, after: int) -> None:
        super().__init__(verify=False)
        self.left = after

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Send it, if there is one left."""
        if self.left == 0:
            raise KeyboardInterrupt
        self.left -= 1
        return super().handle_request(request)


@contextmanager
def asking(cache: Path | None = None, notices: list[str] | None = None, **options: Any) -> Iterator[Client]:
    """A client whose time is that of a :class:`Clock`, unless told otherwise."""
    clock = options.pop("clock", None) or Clock()
    given: dict[str, Any] = {"tell": (notices if notices is not None else []).append, "sleep": clock.sleep}
    given |= {"clock": clock, "transport": httpx.HTTPTransport(verify=False)}  # which reads no certificates
    with Client(options.pop("contact", CONTACT), cache=cache, **(given | options)) as client:
        yield client


def verdicts(provider: Provider, *things: Thing) -> list[tuple[Verdict, ...]]:
    """The verdicts on each thing."""
    answers = list(provider.candidates(things))
    assert [found for found, _ in answers] == list(things)
    return [judge(found, candidates) for found, candidates in answers]


def decided(provider: Provider, *things: Thing) -> list[dict[str, Judgement]]:
    """What is decided of each thing's candidates, by their ids."""
    return [{v.candidate.id: v.judgement for v in each} for each in verdicts(provider, *things)]


def recorded(provider: Provider, things: Sequence[Thing], ledger: Ledger | None = None) -> Ledger:
    """The ledger after a run."""
    ledger = Ledger("https://example.org/") if ledger is None else ledger
    ask(provider, things, ledger, "2026-01-01")
    return ledger


def stopped_and_continued(
    cache: Path, make: Callable[[Client], Provider], things: Sequence[Thing]
) -> Iterator[tuple[int, Ledger]]:
    """How many requests a run sends, and its ledger: of an unbroken one first, then of those that were stopped after
    each number of requests, and done again."""
    with asking() as client:
        whole = recorded(make(client), things)
        total = client.sent
        yield total, whole
    for after in range(total):
        path = cache.with_name(f"stopped-{after}.sqlite")
        ledger = Ledger("https://example.org/")
        with asking(path, transport=Stopping(after)) as client:
            try:
                recorded(make(client), things, ledger)
                raise AssertionError("it was not stopped")
            except KeyboardInterrupt:
                pass
        with asking(path) as client:
            recorded(make(client), things, ledger)
            yield after + client.sent, ledger
