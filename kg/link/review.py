"""What is open, for people to decide, and their decisions; one step at a time, each written as it is made.

The terminal and the explorer both use this.
"""

from __future__ import annotations

import datetime
import re
import shlex
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from pyoxigraph import Store

from kg.errors import Decided, KgError, UnknownName
from kg.graph.show import Quotation, look_up
from kg.graph.store import mark_written, open_store
from kg.link.decisions import NO_TERM, Decision, Facts, Ledger, read_ledger, write_ledger
from kg.link.model import Judgement, Match
from kg.link.things import links_base

#: How many sentences are shown for a thing.
QUOTED: Final = 3


@dataclass(frozen=True, slots=True)
class Option:
    """One candidate that is open: the decision of the run, and what its graph says of it."""

    decision: Decision
    facts: Facts

    @property
    def reasons(self) -> list[str]:
        """What is against accepting it by itself, then what each feature found: ``+name: …``."""
        return self.decision.comment.split("; ")


@dataclass(frozen=True, slots=True)
class Question:
    """A thing, and the candidates in one target among which nobody has decided; the best first."""

    subject: str
    name: str
    classes: tuple[str, ...]
    target: str
    target_name: str
    options: tuple[Option, ...]

    def as_json(self) -> dict[str, Any]:
        """As ``kg link review --json`` prints it."""
        return {
            "subject": self.subject,
            "name": self.name,
            "classes": list(self.classes),
            "target": self.target,
            "candidates": [
                {
                    "iri": option.decision.object,
                    "name": option.facts.label or option.decision.object_label,
                    "match": option.decision.match.value,
                    "score": option.decision.confidence,
                    "reasons": option.reasons,
                    "code": option.facts.code,
                    "description": option.facts.description,
                }
                for option in self.options
            ],
        }


def questions(ledger: Ledger, *, target: str | None = None) -> list[Question]:
    """What is open, the likeliest first."""
    open_: dict[tuple[str, str], list[Decision]] = defaultdict(list)
    for decision in ledger.effective():
        if decision.judgement is Judgement.OPEN and target in (None, decision.target):
            open_[decision.subject, decision.target].append(decision)
    out = [
        Question(
            subject,
            mine[0].subject_label,
            tuple(mine[0].subject_category.split()),
            key,
            ledger.targets[key].name,
            tuple(Option(d, ledger.facts.get(d.object, Facts(d.object_label))) for d in mine),
        )
        for (subject, key), mine in open_.items()
    ]
    return sorted(out, key=lambda q: (-(q.options[0].decision.confidence or 0), q.name, q.subject, q.target))


def read(store: Store) -> Ledger:
    """The decisions of a store.  Raises :class:`KgError` if nothing was linked yet."""
    base = links_base(store)
    ledger = read_ledger(store, base) if base is not None else None
    if ledger is None or not ledger.decisions:
        raise KgError("nothing has been linked in this store", hint="run: kg link")
    return ledger


def quotations(store: Store, subject: str) -> list[Quotation]:
    """The first sentences that name the thing; none if it is in no report any more."""
    try:
        return list(look_up(store, subject)[0].quotations[:QUOTED])
    except UnknownName:
        return []


class Reviewer:
    """Writes the decisions of one person; the store is open only while one is written."""

    def __init__(self, store_dir: str | Path, reviewer: str = "") -> None:
        self.store_dir = Path(store_dir)
        self.reviewer = reviewer

    def accept(self, option: Decision, match: Match | None = None) -> None:
        """The candidate is the thing, or near to it.

        Raises, as all that decide, :class:`~kg.errors.Decided` if somebody has decided on the pair, or for another
        candidate or none, meanwhile: a decision of people is taken back, not written over.
        """
        self._decide(option.subject, option.object, option.target, Judgement.ACCEPTED, match or option.match)

    def reject(self, option: Decision) -> None:
        """The candidate is not the thing."""
        self._decide(option.subject, option.object, option.target, Judgement.REJECTED, option.match)

    def none_of_these(self, subject: str, target: str) -> None:
        """Nothing in the target is the thing."""
        self._decide(subject, NO_TERM, target, Judgement.ACCEPTED, Match.EXACT)

    def undo(self, subject: str | None = None, object: str | None = None, target: str | None = None) -> Decision | None:
        """Take back the newest decision of people, or the newest on that thing, pair or target; None without one."""
        taken = self._undo(lambda ledger: [each] if (each := ledger.undo(subject, object, target)) else [])
        return taken[0] if taken else None

    def undo_import(self) -> list[Decision]:
        """Take back all that the newest import brought of people's decisions."""
        return self._undo(Ledger.undo_import)

    def _undo(self, undo: Callable[[Ledger], list[Decision]]) -> list[Decision]:
        store = open_store(self.store_dir)
        try:
            ledger = read(store)
            before = ledger.states()
            if taken := undo(ledger):
                write_ledger(store, ledger, before=before)
                mark_written(self.store_dir)
            return taken
        finally:
            del store

    def _decide(self, subject: str, object: str, target: str, judgement: Judgement, match: Match) -> None:
        store = open_store(self.store_dir)
        try:
            ledger = read(store)
            before = ledger.states()
            for other in ledger.by_people(subject, target):
                if other.object == object or other.judgement is Judgement.ACCEPTED:
                    what, how = told(other)
                    raise Decided(what, hint=f"take it back first: {how}")
            ledger.decide(
                subject, object, judgement, target=target, match=match, reviewer=self.reviewer, recorded=now()
            )
            write_ledger(store, ledger, before=before)
            mark_written(self.store_dir)
        finally:
            del store


def told(decision: Decision) -> tuple[str, str]:
    """What a person decided, and how it is taken back, in words."""
    name = decision.subject_label or decision.subject
    what = "none" if decision.object == NO_TERM else decision.object_label or decision.object
    near = " as near" if decision.match is Match.CLOSE and decision.judgement is Judgement.ACCEPTED else ""
    who = f" by {decision.reviewer}" if decision.reviewer else ""
    text = f"{name} in {decision.target}: {what} was {decision.judgement.value}{near}{who}"
    return " ".join(text.split()), f"kg link undo {_quoted(name)} --target {decision.target}"


def _quoted(name: str) -> str:
    """For a shell; Chinese needs no quotes."""
    return name if re.fullmatch(r"[\w.-]+", name) else shlex.quote(name)


def now() -> str:
    """The instant, as a decision is recorded: with microseconds, for undo takes the newest."""
    return datetime.datetime.now(tz=datetime.UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")
