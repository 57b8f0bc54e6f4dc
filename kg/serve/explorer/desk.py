"""Where a person's decisions on links are taken: one after the other, in the store that is served.

The pages show a snapshot, which follows a second behind the store.  So what was decided here is remembered until it is
in the snapshot for certain, and views are asked with it.
"""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from kg.errors import KgError
from kg.link.decisions import NO_TERM, Decision
from kg.link.model import Judgement, Match
from kg.link.review import Reviewer, now

if TYPE_CHECKING:
    from kg.serve.pool import Backend

#: For how many seconds what was decided is remembered once a newer snapshot is served: it may have been taken before.
_REMEMBERED: Final = 60.0


@dataclass(frozen=True, slots=True)
class _Done:
    """What :func:`kg.serve.views.review` takes as pending, and what was served when it was written."""

    pending: dict[str, str]
    generation: int
    at: float


class Desk:
    """Takes the decisions of one person; all of a server's pages share it."""

    def __init__(self, backend: Backend, reviewer: str) -> None:
        self.reviewer = reviewer
        self._backend = backend
        if backend.store_dir is None:
            raise KgError("decisions are written into a store, and none is served")
        self._writer = Reviewer(backend.store_dir, reviewer)
        self._one_by_one = asyncio.Lock()  # the store can be opened for writing once
        self._done: dict[tuple[str, str, str], _Done] = {}

    @property
    def pending(self) -> list[dict[str, str]]:
        """What the snapshot that is served may not hold yet.

        The next snapshot may have been taken before a decision was written, the one after it cannot.
        """
        served, instant = self._backend.generation, time.monotonic()
        for key, done in list(self._done.items()):
            if served > done.generation + 1 or (served > done.generation and instant - done.at > _REMEMBERED):
                del self._done[key]
        return [done.pending for done in self._done.values()]

    async def accept(self, question: dict[str, Any], candidate: dict[str, Any], match: Match) -> None:
        """The candidate is the thing, or near to it; both are as the view gives them.

        Raises, as all of these, :class:`~kg.errors.StoreLocked` and other :class:`~kg.errors.KgError`; nothing is
        written then.
        """
        option = _option(question, candidate["iri"], match)
        async with self._one_by_one:
            await asyncio.to_thread(self._writer.accept, option, match)
            self._note(option, Judgement.ACCEPTED, candidate["name"])

    async def reject(self, question: dict[str, Any], candidate: dict[str, Any]) -> None:
        """The candidate is not the thing."""
        option = _option(question, candidate["iri"], Match(candidate["match"]))
        async with self._one_by_one:
            await asyncio.to_thread(self._writer.reject, option)
            self._note(option, Judgement.REJECTED, candidate["name"])

    async def none_of_these(self, question: dict[str, Any]) -> None:
        """Nothing in the target is the thing."""
        option = _option(question, NO_TERM, Match.EXACT)
        async with self._one_by_one:
            await asyncio.to_thread(self._writer.none_of_these, option.subject, option.target)
            self._note(option, Judgement.ACCEPTED, "")

    async def undo(self, subject: str, object: str, target: str) -> Decision | None:
        """Take back the decision of people on the pair in the target; None if it was taken back already."""
        async with self._one_by_one:
            taken = await asyncio.to_thread(self._writer.undo, subject, object, target)
            if taken is not None:
                self._note(taken, None, "")
            return taken

    def _note(self, option: Decision, judgement: Judgement | None, label: str) -> None:
        pending = {
            "subject": option.subject,
            "object": option.object,
            "target": option.target,
            "judgement": judgement.value if judgement is not None else "",
            "match": option.match.value,
            "label": label,
            "reviewer": self.reviewer,
            "recorded": now(),
        }
        key = (option.subject, option.object, option.target)
        self._done.pop(key, None)
        self._done[key] = _Done(pending, self._backend.generation, time.monotonic())


def _option(question: dict[str, Any], object: str, match: Match) -> Decision:
    return Decision(question["thing"]["iri"], object, question["target"], Judgement.OPEN, match)
