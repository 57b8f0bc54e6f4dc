"""What is served: snapshots of an embedded store, or a server that answers SPARQL, whose content has states, too."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Protocol

from kg.graph import reading
from kg.graph.remote import Endpoint


class State(Protocol):
    """What a source had at some time; ``place`` is what a worker opens (:func:`kg.serve.worker.opened`)."""

    @property
    def place(self) -> str: ...


class Source(Protocol):
    """Where the graph comes from, and when it is another one.

    ``store_dir`` is the folder of the store, where decisions can be written; ``poll`` for how many seconds at least
    nobody looks whether something changed; ``fresh`` for how many an answer holds, None for as long as its state does.
    """

    store_dir: Path | None
    poll: float
    fresh: float | None

    def changed(self) -> bool:
        """Whether there may be something new since the state that was last accepted."""

    def take(self) -> Any:
        """The state as it is now.  Raises :class:`~kg.errors.KgError` if it cannot be had."""

    def is_news(self, state: Any) -> bool:
        """Whether the state differs from the one that was last accepted."""

    def accept(self, state: Any) -> None:
        """The state is served, or is no news."""

    def optimize(self, state: Any) -> None:
        """Make the state ready to be asked much."""

    def drop(self, state: Any) -> None:
        """Nobody reads the state any more."""

    def close(self) -> None:
        """Remove what is left."""


#: For how many seconds a server may think about that; who ends this one waits for it.
_PATIENCE: Final = 10.0
#: What tells that something was loaded: reports, builds and the end of the last, decisions on links.
_TOLD: Final = """
SELECT ?reports ?builds ?last ?links {
  { SELECT (COUNT(*) AS ?reports) { ?report a gwr:Report } }
  { SELECT (COUNT(*) AS ?builds) (MAX(?end) AS ?last) { ?build prov:endedAtTime ?end } }
  { SELECT (COUNT(*) AS ?links) { ?decision owl:annotatedSource ?thing } }
}
"""


@dataclass(frozen=True, slots=True)
class Told:
    """What the server at the address told of its content."""

    place: str
    told: tuple[str, ...]


class Remote:
    """A server somewhere; it cannot be frozen, so a state is only what it tells of itself."""

    store_dir: Path | None = None
    poll = 10.0
    fresh: float | None = 60.0

    def __init__(self, url: str) -> None:
        self.url = url
        self._seen: Told | None = None

    def changed(self) -> bool:
        return self.take() != self._seen

    def take(self) -> Told:
        """Raises :class:`~kg.errors.ServiceError` if the server does not answer."""
        rows = list(reading.rows(Endpoint(self.url, seconds=_PATIENCE), _TOLD))
        return Told(self.url, tuple(str(cell) for row in rows for cell in row))

    def is_news(self, state: Told) -> bool:
        return state != self._seen

    def accept(self, state: Told) -> None:
        self._seen = state

    def optimize(self, state: Told) -> None:
        pass

    def drop(self, state: Told) -> None:
        pass

    def close(self) -> None:
        pass
