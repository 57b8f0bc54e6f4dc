"""What linking speaks of: things of our graph, candidates of another one, evidence, judgements.

Nothing in here knows RDF, a service or a file.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from kg.model import EntityClass


class Judgement(StrEnum):
    """What became of a candidate."""

    ACCEPTED = "accepted"
    REJECTED = "rejected"
    OPEN = "open"  # for people to decide


class Match(StrEnum):
    """How near a candidate is to the thing; the value is the local name in SKOS."""

    EXACT = "exactMatch"
    CLOSE = "closeMatch"  # a company and its network, a county and its seat


class Level(StrEnum):
    """The levels of administrative divisions, the highest first."""

    PROVINCE = "province"
    PREFECTURE = "prefecture"
    COUNTY = "county"
    TOWNSHIP = "township"
    VILLAGE = "village"


@dataclass(frozen=True, slots=True)
class Target:
    """A graph that is linked to."""

    key: str  # "geonames"; also the prefix of its CURIEs
    name: str
    iri: str  # of the data set, for VoID and SSSOM's object_source
    namespace: str  # what its IRIs begin with
    licence: str = ""
    version: str = ""


@dataclass(frozen=True, slots=True, order=True)
class Context:
    """A report that names a thing: the year in which it was given, and its area's names, outermost first.

    ``area`` is as full as it is known: ``("广东省", "广州市", "海珠区")``.
    """

    year: int | None
    area: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Thing:
    """An entity of the graph, as linking sees it."""

    iri: str
    name: str
    aliases: tuple[str, ...] = ()
    classes: frozenset[EntityClass] = frozenset()
    #: the names of what the reports say that it lies in, is part of, or is settled in
    within: tuple[str, ...] = ()
    contexts: tuple[Context, ...] = ()
    #: the codes of the divisions that it is known to be: GB/T 2260 or statistical, newest successors included
    codes: tuple[str, ...] = ()
    #: identifiers in other targets that it is known by: ``("geonames", "1809858")``
    known: tuple[tuple[str, str], ...] = ()
    #: the level, where something else than the name tells it
    level: Level | None = None
    #: the provinces of other divisions that the same reports name
    company: frozenset[str] = frozenset()

    @property
    def names(self) -> tuple[str, ...]:
        """The name and the aliases."""
        return (self.name, *self.aliases)

    @property
    def years(self) -> tuple[int, ...]:
        """The years of the reports that name it, sorted."""
        return tuple(sorted({context.year for context in self.contexts if context.year is not None}))


@dataclass(frozen=True, slots=True)
class Candidate:
    """A thing of another graph that may be ours."""

    target: str  # key of the target
    id: str  # within the target: "440105", "Q660751"
    iri: str
    name: str
    aliases: tuple[str, ...] = ()
    #: the target's own names for what it is: ("county",), ("Q5084",); none where it does not say
    types: tuple[str, ...] = ()
    #: the names of what contains it, outermost first; none where it is not known
    within: tuple[str, ...] = ()
    #: first and last year in which it was in force; None: since before the table, or still
    since: int | None = None
    until: int | None = None
    #: a division's code, where the target has it
    code: str | None = None
    #: other identifiers that the target gives: ``("geonames", "1809858")``
    known: tuple[tuple[str, str], ...] = ()
    successors: tuple[str, ...] = ()  # IRIs
    latitude: float | None = None
    longitude: float | None = None
    description: str = ""
    #: what a service made of it, 0 to 100; never enough by itself
    score: float | None = None
    #: a page that says so, or the data set, for the facts taken from it
    source: str = ""


class Outcome(StrEnum):
    """What one feature says of a candidate."""

    FOR = "+"
    AGAINST = "-"
    UNKNOWN = "?"


@dataclass(frozen=True, slots=True)
class Evidence:
    """What one feature says of a candidate, in words for people: ``Evidence("containment", FOR, "in 广州市")``."""

    feature: str
    outcome: Outcome
    text: str

    def __str__(self) -> str:
        return f"{self.outcome.value}{self.feature}: {self.text}"


@dataclass(frozen=True, slots=True)
class Verdict:
    """What matching makes of one candidate for one thing: ``score`` is 0 to 1."""

    candidate: Candidate
    judgement: Judgement
    match: Match
    score: float
    evidence: tuple[Evidence, ...]
    reason: str  # what decided, in a few words

    @property
    def why(self) -> str:
        """All in one line: ``the year: +name: …; +type: …``."""
        return "; ".join([self.reason, *map(str, self.evidence)])


@dataclass(frozen=True, slots=True)
class Found:
    """A thing and all verdicts on its candidates in one target, the best first."""

    thing: Thing
    target: str
    verdicts: tuple[Verdict, ...] = field(default=())
