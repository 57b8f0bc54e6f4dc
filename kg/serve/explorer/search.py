"""Search as you type: an index of all names in the server process, built anew for each snapshot.

A name is found by characters of it (spaces, quotation marks and width do not count), or by pinyin: full
(``haizhuqu``) or initials (``hzq``).  Exact comes before prefix, prefix before part, characters before pinyin, and
what reports mention often before what they seldom do.
"""

from __future__ import annotations

import asyncio
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

from kg.graph.show import fold
from kg.serve.explorer.links import href

if TYPE_CHECKING:
    from kg.serve.pool import Backend

#: How many names are turned into pinyin before others get their turn: some milliseconds.
_STEP: Final = 50
_SHOWN: Final = ("AdministrativeArea", "Zone", "Park", "Enterprise", "Project", "Policy", "Event", "Indicator")
#: At most so many names that hold the characters are put in order.
_CANDIDATES: Final = 1000
#: Of so many texts the answer is remembered: people type the same beginnings.
_KEPT: Final = 5000


@dataclass(frozen=True, slots=True)
class Name:
    """One name of one thing."""

    name: str
    iri: str
    kind: str  # class: "Park"
    preferred: str
    weight: int  # how often reports mention the thing


@dataclass(slots=True)
class _Column:
    """Keys of the names in one string, so that looking through all of them is one search of the interpreter's."""

    keys: list[str] = field(default_factory=list)
    text: str = ""
    starts: list[int] = field(default_factory=list)

    def close(self) -> None:
        at = 0
        for key in self.keys:
            self.starts.append(at)
            at += len(key) + 2
        self.text = "\n" + "\n\n".join(self.keys) + "\n"

    def find(self, wanted: str, *, prefix: bool) -> Iterator[int]:
        """The numbers of the keys that hold it, or begin with it."""
        pattern = f"\n{wanted}" if prefix else wanted
        at = self.text.find(pattern)
        for _ in range(_CANDIDATES):
            if at < 0:
                return
            number = bisect_right(self.starts, at) - 1
            yield number
            if number + 1 == len(self.starts):
                return
            at = self.text.find(pattern, self.starts[number + 1])


class Index:
    """All names of one snapshot: ``rows`` as :func:`kg.serve.views.names` gives them."""

    def __init__(self, rows: list[list[Any]]) -> None:
        self.names = [Name(*row) for row in rows]
        self._by_name: dict[str, list[int]] = {}
        self._characters = _Column([fold(entry.name) for entry in self.names])
        self._characters.close()
        self._sounds, self._initials = _Column(), _Column()
        self._found: dict[tuple[str, int], list[Name]] = {}
        for number, entry in enumerate(self.names):
            self._by_name.setdefault(entry.name, []).append(number)

    def pinyin(self) -> Iterator[None]:
        """Add the pinyin; pauses so that a server can answer in between."""
        from pypinyin import lazy_pinyin

        sounds, initials = [], []
        for number, key in enumerate(self._characters.keys):
            syllables = lazy_pinyin(key[:60], v_to_u=False)
            sounds.append("".join(syllables))
            initials.append("".join(s[0] if s.isalpha() else s for s in syllables))
            if number % _STEP == 0:
                yield
        self._sounds, self._initials = _Column(sounds), _Column(initials)
        self._sounds.close()
        self._initials.close()
        self._found.clear()

    def named(self, name: str) -> Name | None:
        """The one thing of exactly this name; None if there is none, or several."""
        found = {self.names[number].iri: self.names[number] for number in self._by_name.get(name, ())}
        return next(iter(found.values())) if len(found) == 1 else None

    def search(self, text: str, limit: int) -> list[Name]:
        """The best names for what was typed, one of each thing."""
        wanted = fold(text)
        if (kept := self._found.get((wanted, limit))) is not None:
            return kept
        out: dict[str, Name] = {}
        columns = (self._characters, self._initials, self._sounds) if wanted.isascii() else (self._characters,)
        for column in columns if wanted else ():
            for prefix in (True, False):  # what fits less is looked for only if there is room
                if len(out) < limit:
                    for number in self._ranked(column, wanted, prefix):
                        out.setdefault(self.names[number].iri, self.names[number])
        if len(self._found) >= _KEPT:
            self._found.clear()
        self._found[wanted, limit] = list(out.values())[:limit]
        return self._found[wanted, limit]

    def _ranked(self, column: _Column, wanted: str, prefix: bool) -> list[int]:
        keys, names = column.keys, self.names
        return sorted(
            column.find(wanted, prefix=prefix),
            key=lambda number: (keys[number] != wanted, -names[number].weight, len(keys[number]), number),
        )

    @cached_property
    def frequent(self) -> list[Name]:
        """The two things that are mentioned most, of each class that is shown."""
        best: dict[str, dict[str, Name]] = {name: {} for name in _SHOWN}
        for entry in sorted(self.names, key=lambda e: (-e.weight, e.iri)):
            found = best.get(entry.kind)
            if found is not None and len(found) < 2 and len(entry.preferred) > 2:
                found.setdefault(entry.iri, entry)
        return [entry for found in best.values() for entry in found.values()]


class _Kept:
    """The index of the newest snapshot; while one is made, who asks waits for it together."""

    def __init__(self) -> None:
        self.key: tuple[int, int] | None = None
        self.index: asyncio.Task[Index] | None = None
        self.pinyin: asyncio.Task[None] | None = None

    def get(self, backend: Backend) -> asyncio.Task[Index]:
        key = (id(backend), backend.generation)
        failed = self.index is not None and self.index.done() and (self.index.cancelled() or self.index.exception())
        if self.index is None or self.key != key or failed:
            self.key = key
            self.index = asyncio.create_task(_build(backend))
            self.pinyin = asyncio.create_task(_add_pinyin(self.index))
        return self.index


_kept: Final = _Kept()


async def _build(backend: Backend) -> Index:
    rows = await backend.view("names")
    return await asyncio.to_thread(Index, rows)


async def _add_pinyin(index: asyncio.Task[Index]) -> None:
    for _ in (await asyncio.shield(index)).pinyin():
        await asyncio.sleep(0.001)


async def index_of(backend: Backend) -> Index:
    """The index of what is served now."""
    return await asyncio.shield(_kept.get(backend))


def ready(backend: Backend) -> Index | None:
    """The index, if it is there already."""
    task = _kept.get(backend)
    return task.result() if task.done() and not task.cancelled() and task.exception() is None else None


async def found(backend: Backend, text: str, limit: int) -> list[Name]:
    """See :meth:`Index.search`; what could be pinyin waits for the pinyin."""
    index = await index_of(backend)
    if text.isascii() and _kept.pinyin is not None:
        await asyncio.shield(_kept.pinyin)
    return index.search(text, limit)


async def search(backend: Backend, text: str, limit: int = 20) -> list[dict[str, Any]]:
    """The best names as JSON: ``name`` (the one that fits), ``preferred``, ``iri``, ``class``, ``mentions``, ``page``
    (its path on this server).
    """
    return [
        {
            "name": entry.name,
            "preferred": entry.preferred,
            "iri": entry.iri,
            "class": entry.kind,
            "mentions": entry.weight,
            "page": href(entry.iri, backend.base),
        }
        for entry in await found(backend, text, limit)
    ]
