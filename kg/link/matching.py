"""Judging candidates: what speaks for them, what against, and which may be accepted without a human.

The features are small functions, each saying in words what it found; the words are what ``kg link review`` shows.
Three of them veto, type, containment and the years in which a division was in force, and a fourth, uniqueness,
leaves homonyms open.  A service's own score or ``match`` flag is shown, and decides nothing: on the names of one
report such a flag was right four times of fourteen.

The score orders candidates for people; a judgement never depends on a threshold of it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import IntEnum
from functools import lru_cache
from itertools import pairwise
from pathlib import Path
from typing import Final

from kg import resources
from kg.errors import DataError
from kg.extract.words import words
from kg.link.divisions import divisions
from kg.link.model import (
    Candidate,
    Context,
    Evidence,
    Judgement,
    Level,
    Match,
    Outcome,
    Thing,
    Verdict,
)
from kg.link.names import FULL, SHORT, STEM, forms, levels_of, normal, same_division, splits, stem
from kg.model import EntityClass, split_area

#: Classes whose things are somewhere: one of the same name in another city is another.
LOCAL: Final = frozenset(
    {EntityClass.FACILITY, EntityClass.PARK, EntityClass.ZONE, EntityClass.PROJECT, EntityClass.ADMINISTRATIVE_AREA}
)
#: Names of people are too often shared for a name to tell who it is.
_NEVER_BY_NAME: Final = frozenset({EntityClass.PERSON})
#: How like a name must be for people to be asked about it.
SIMILAR: Final = 0.7
#: Shorter names are like too many others.
_LONG: Final = 4
#: How many rejected candidates of a thing are kept for the record.
KEPT: Final = 5
#: How many open ones: 城关镇 is the name of a hundred and fifty towns, of which nobody reads more.
KEPT_OPEN: Final = 20

_NOT_IN_FORCE: Final = "not in force in the reports' years"
_WEIGHTS: Final = {FULL: 1.0, "alias": 0.95, SHORT: 0.95, STEM: 0.9}


@dataclass(frozen=True, slots=True)
class Kind:
    """What a type of another graph is in ours."""

    label: str
    classes: frozenset[EntityClass]
    level: Level | None
    match: Match


@lru_cache(maxsize=8)
def kinds(extra: Path | None = None) -> Mapping[str, Kind]:
    """The types of ``kg/data/link_types.tsv`` and, before them, those of a file of the same columns.

    The names of our own classes are types, too, for tables that are made to be linked.

    Raises :class:`DataError` for a class, level or nearness that there is not, or a file that cannot be read.
    """
    columns = ("type", "label", "classes", "level", "match")
    listed = resources.table("link_types.tsv", *columns)
    if extra is not None:
        listed = [*listed, *resources.table(str(extra.resolve()), *columns)]
    out = {each.value: Kind(each.value, frozenset({each}), None, Match.EXACT) for each in EntityClass}
    for name, label, classes, level, match in listed:
        try:
            out[name] = Kind(
                label,
                frozenset(EntityClass(each) for each in classes.split()),
                Level(level) if level else None,
                {"exact": Match.EXACT, "close": Match.CLOSE}[match],
            )
        except (ValueError, KeyError) as error:
            raise DataError(f"type {name!r}: {error}", file=extra or "link_types.tsv") from None
    return out


class Near(IntEnum):
    """How near a candidate lies to what a report is about."""

    UNKNOWN = 0
    ELSEWHERE = 1
    PROVINCE = 2  # in the same province
    BESIDE = 3  # in the same prefecture
    AROUND = 4  # the area itself, or what it lies in
    INSIDE = 5


_NEAR_WORDS: Final = {
    Near.UNKNOWN: "where it lies is not known",
    Near.ELSEWHERE: "in another province",
    Near.PROVINCE: "in the same province",
    Near.BESIDE: "in the same prefecture",
    Near.AROUND: "the report's area or one around it",
    Near.INSIDE: "in the report's area",
}


@dataclass(frozen=True, slots=True)
class _Name:
    """How a thing's name agrees with a candidate's: the form, and the containers that the thing's name begins with."""

    how: str  # FULL, "alias", SHORT, STEM, or "similar"
    text: str
    containers: tuple[str, ...]
    weight: float


def judge(
    thing: Thing, candidates: Sequence[Candidate], *, types: Mapping[str, Kind] | None = None
) -> tuple[Verdict, ...]:
    """The verdicts on the candidates of one target for a thing, the best first; at most one is accepted.

    More than one only where they are one division in different years: 枞阳县 was 340823, and is 340722.
    """
    types = kinds() if types is None else types
    unique = {candidate.iri: candidate for candidate in candidates}.values()
    verdicts = _settle(thing, [_judge_alone(thing, candidate, types) for candidate in unique], types)
    order = {Judgement.ACCEPTED: 0, Judgement.OPEN: 1, Judgement.REJECTED: 2}
    verdicts.sort(key=lambda v: (order[v.judgement], -v.score, v.candidate.iri))
    limits = {Judgement.ACCEPTED: len(verdicts), Judgement.OPEN: KEPT_OPEN, Judgement.REJECTED: KEPT}
    return tuple(v for j, most in limits.items() for v in [v for v in verdicts if v.judgement is j][:most])


# the features ---------------------------------------------------------------------------------------------------------


def name_evidence(thing: Thing, candidate: Candidate) -> _Name | None:
    """Whether a name of the thing is a name of the candidate, in full or in a customary short form.

    Divisions may have what they lie in before their name (广东化州), and lack their level; a township may not:
    without it, its name is that of any place there.
    """
    area = EntityClass.ADMINISTRATIVE_AREA in thing.classes
    theirs = [(candidate.name, "")] + [(alias, "alias") for alias in candidate.aliases]
    best: _Name | None = None
    for mine in map(normal, thing.names):
        ways = splits(mine, divisions().forms) if area else iter([((), mine)])
        for containers, rest in ways:
            for name, alias in theirs:
                folded = normal(name)
                if rest == folded:
                    how = alias or FULL
                elif area and (found := dict(forms(folded)).get(rest)) is not None:
                    how = found
                else:
                    continue
                text = f"{mine} is {name}" if how is FULL else f"{mine} is {name} ({how})"
                weight = _WEIGHTS[how] - 0.01 * len(containers)
                # of two ways that are as good the one that says more: 汶川县威州镇, though 威州镇 is an alias
                if best is None or (_WEIGHTS[how], len(containers)) > (_WEIGHTS[best.how], len(best.containers)):
                    best = _Name(how, text, containers, weight)
    if best is None and not area:  # 广州塔 is like 广州市, and nothing of the kind
        pairs = ((normal(mine), normal(name)) for mine in thing.names for name, _ in theirs)
        long = [pair for pair in pairs if min(map(len, pair)) >= _LONG]
        likeness = max((SequenceMatcher(None, *pair).ratio() for pair in long), default=0.0)
        if likeness >= SIMILAR:
            return _Name("similar", f"{thing.name} is like {candidate.name} ({likeness:.0%})", (), likeness / 2)
    return best


def type_evidence(thing: Thing, candidate: Candidate, types: Mapping[str, Kind]) -> tuple[Evidence, Match]:
    """Whether the thing can be what the candidate is: class against type, and level against level."""
    known = [types[t] for t in candidate.types if t in types]
    told = ", ".join(candidate.types) or "no type"
    if not known:
        return Evidence("type", Outcome.UNKNOWN, f"{told}, of which nothing is known"), Match.EXACT
    fitting = [kind for kind in known if kind.classes & thing.classes]
    mine = ", ".join(sorted(c.value for c in thing.classes))
    if not fitting:
        return Evidence("type", Outcome.AGAINST, f"{told} is no {mine}"), Match.EXACT
    levels = [kind for kind in fitting if kind.level is None or _may_be(thing, kind.level)]
    if not levels:
        level = fitting[0].level
        return Evidence("type", Outcome.AGAINST, f"{thing.name} names no {level.value if level else '?'}"), Match.EXACT
    match = Match.EXACT if any(kind.match is Match.EXACT for kind in levels) else Match.CLOSE
    return Evidence("type", Outcome.FOR, f"{told} is {mine}"), match


def _may_be(thing: Thing, level: Level) -> bool:
    """Whether the thing's names allow the level; without an ending a name may be anything but a township or village."""
    if thing.level is not None:
        return thing.level is level
    told = {each for name in thing.names for own in _own_names(normal(name)) for each in levels_of(own)}
    return level in told if told else level not in (Level.TOWNSHIP, Level.VILLAGE)


def _own_names(name: str) -> list[str]:
    """The name without the divisions before it, where a division's is left: the level of 广东化州 is that of 化州."""
    left = [rest for before, rest in splits(name, divisions().forms) if before and rest in divisions().forms]
    return left or [name]


def containment_evidence(
    thing: Thing, candidate: Candidate, containers: Sequence[str], types: Mapping[str, Kind]
) -> Evidence:
    """Whether the candidate lies where the texts say that the thing does, by its name or in so many words."""
    told = list(dict.fromkeys([*containers, *_places(thing)]))
    if not told:
        return Evidence("containment", Outcome.UNKNOWN, "the reports do not say where it lies")
    chain = chain_of(candidate, thing.years[-1] if thing.years else None)
    if not chain and Level.PROVINCE not in _levels(candidate, types):  # what lies in no division is a province
        return Evidence("containment", Outcome.UNKNOWN, "where the candidate lies is not known")
    around = (*chain, candidate.name, *candidate.aliases)
    for place in told:
        parts = [rest for _, rest in splits(normal(place), divisions().forms)]
        if not any(same_division(part, normal(up)) for part in parts for up in around):
            year = thing.years[-1] if thing.years else None
            if chain and any(same_division(chain[-1], up) for up in divisions().full_names(split_area(place), year)):
                return Evidence("containment", Outcome.UNKNOWN, f"lies in {chain[-1]}, of which {place} is a part")
            where = "、".join(chain) or "no other division"
            return Evidence("containment", Outcome.AGAINST, f"lies in {where}, not in {place}")
    return Evidence("containment", Outcome.FOR, f"in {'、'.join(told)}, as the reports say")


def _levels(candidate: Candidate, types: Mapping[str, Kind]) -> set[Level]:
    """The levels that the candidate's types stand for."""
    return {level for each in candidate.types if each in types and (level := types[each].level) is not None}


def _places(thing: Thing) -> list[str]:
    """The divisions among what the thing is said to lie in: 琶洲 is a place, but in no table.

    What bears its own name (龙城 of 龙城街道) is left out: it says nothing of where it is.
    """
    own = {stem(normal(name)) for name in thing.names}
    return [
        name
        for name in thing.within
        if stem(normal(name)) not in own and any(rest in divisions().forms for _, rest in splits(normal(name), _FORMS))
    ]


class _Forms:
    """All forms of divisions' names; looked up late, for the tables are read only when they are needed."""

    def __contains__(self, name: object) -> bool:
        return name in divisions().forms


_FORMS: Final = _Forms()


def year_evidence(thing: Thing, candidate: Candidate) -> Evidence:
    """Whether the candidate was in force in the years of the reports that name the thing.

    A report speaks of the year before it, too: a name that ended in that year counts.
    """
    if candidate.since is None and candidate.until is None:
        return Evidence("year", Outcome.UNKNOWN, "no years are told")
    span = f"{candidate.since or '…'}–{candidate.until or '…'}"
    if not thing.years:
        return Evidence("year", Outcome.UNKNOWN, f"in force {span}; the reports' years are not known")
    fitting = [year for year in thing.years if valid_in(candidate, year)]
    told = ", ".join(map(str, fitting or thing.years))
    if fitting:
        return Evidence("year", Outcome.FOR, f"in force {span}, reports of {told}")
    return Evidence("year", Outcome.AGAINST, f"in force {span}, not in {told}")


def valid_in(candidate: Candidate, year: int) -> bool:
    """Whether the candidate was in force in that year, or in the one before, of which a report of that year tells."""
    return (candidate.since is None or candidate.since <= year) and (
        candidate.until is None or year - 1 <= candidate.until
    )


def code_evidence(thing: Thing, candidate: Candidate) -> Evidence | None:
    """Whether the candidate has a code, or another identifier, that the thing is known by; None where neither tells."""
    mine = {(target, id) for target, id in thing.known}
    for target, id in candidate.known:
        if (target, id) in mine:
            return Evidence("code", Outcome.FOR, f"both are {target} {id}")
    if candidate.code and thing.codes:
        if candidate.code in thing.codes:
            return Evidence("code", Outcome.FOR, f"both have code {candidate.code}")
        return Evidence("code", Outcome.AGAINST, f"code {candidate.code}, not {thing.codes[0]}")
    if any(target == other for target, _ in mine for other, _ in candidate.known):
        return Evidence("code", Outcome.AGAINST, "another identifier in a graph that both are known in")
    return None


def chain_of(candidate: Candidate, year: int | None) -> tuple[str, ...]:
    """What the candidate lies in, as full as the tables of divisions can make it, the province first.

    >>> chain_of(Candidate("t", "1", "urn:1", "化州市", within=("茂名市",)), 2011)
    ('广东省', '茂名市')
    """
    if candidate.code and candidate.code[:6].isdigit() and (chain := divisions().chain(candidate.code, year)):
        return tuple(dict.fromkeys((*chain, *candidate.within)))
    if not candidate.within:
        return ()
    full = divisions().full_names(candidate.within[-1:], year)
    if len(full) == 1:  # not in that year: the table may be of another
        full = divisions().full_names(candidate.within[-1:], None)
    return tuple(dict.fromkeys((*full[:-1], *candidate.within)))


def nearness(candidate: Candidate, contexts: Iterable[Context]) -> Near:
    """How near the candidate lies to the areas of the reports, at the nearest."""
    return max((_near(candidate, context) for context in contexts), default=Near.UNKNOWN)


def _near(candidate: Candidate, context: Context) -> Near:
    area = divisions().full_names(context.area, context.year)
    # by code as of the year, and in order; what else is known of the containers may be of other years
    chain = divisions().chain(candidate.code, context.year) if candidate.code else chain_of(candidate, context.year)
    if not area or not (chain or candidate.code):
        return Near.UNKNOWN
    own = (*chain, candidate.name)
    if len(own) > len(area) and _agree(own[: len(area)], area):
        return Near.INSIDE
    if len(own) <= len(area) and _agree(own, area[: len(own)]):
        return Near.AROUND
    if len(own) > 1 and same_division(own[0], area[0]):
        if own[0].endswith("市"):  # the districts of a municipality are as near to each other as those of a prefecture
            return Near.BESIDE
        if len(own) > 2 and len(area) > 1 and same_division(own[1], area[1]):
            return Near.BESIDE
        return Near.PROVINCE
    # 广州 without its level is in no table by itself: that it is elsewhere would be a guess
    return Near.ELSEWHERE if Level.PROVINCE in levels_of(own[0]) or candidate.code else Near.UNKNOWN


def _agree(one: Sequence[str], other: Sequence[str]) -> bool:
    return all(same_division(a, b) for a, b in zip(one, other, strict=True))


# the judgement --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Alone:
    """A candidate judged by itself, before its rivals are looked at."""

    candidate: Candidate
    name: _Name | None
    evidence: tuple[Evidence, ...]
    match: Match
    score: float
    veto: str | None  # why it cannot be
    doubt: str | None  # why it may not be accepted
    near: Near
    told: bool  # whether the reports say that it lies where the candidate does
    joined: bool  # whether a code that both have says that it is


def _judge_alone(thing: Thing, candidate: Candidate, types: Mapping[str, Kind]) -> _Alone:
    name = name_evidence(thing, candidate)
    code = code_evidence(thing, candidate)
    kind, match = type_evidence(thing, candidate, types)
    place = containment_evidence(thing, candidate, name.containers if name else (), types)
    year = year_evidence(thing, candidate)
    near = nearness(candidate, thing.contexts)
    joined = code is not None and code.outcome is Outcome.FOR
    told = place.outcome is Outcome.FOR
    if name is None:
        naming = Evidence("name", Outcome.AGAINST, f"{candidate.name} is no name of {thing.name}")
    else:
        naming = Evidence("name", Outcome.UNKNOWN if name.how == "similar" else Outcome.FOR, name.text)
    where = Evidence("near", Outcome.FOR if near >= Near.BESIDE else Outcome.UNKNOWN, _NEAR_WORDS[near])
    evidence = [naming, *([code] if code else []), kind, place, year]
    if near is not Near.UNKNOWN:
        evidence.append(where)
    if candidate.score is not None:
        evidence.append(Evidence("service", Outcome.UNKNOWN, f"scored {candidate.score:.0f} by the service"))

    # 城区 is a district of 汕尾, and everywhere else the built-up area
    word = name is not None and near is not Near.AROUND and not (joined or told) and _is_word(thing)
    veto = next((e.feature for e in (kind, place) if e.outcome is Outcome.AGAINST), None)
    if word and near < Near.BESIDE:
        veto = veto or "the name, which is a common word"
    if code is not None and code.outcome is Outcome.AGAINST:
        veto = "code"
    if name is None and not joined:
        veto = "name"
    doubt = None
    if name is None:
        doubt = "the name is another"
    elif name.how == "similar":
        doubt = "the name is only like it"
    elif year.outcome is Outcome.AGAINST:
        doubt = _NOT_IN_FORCE
    elif word:
        doubt = "the name is a common word, too"
    elif kind.outcome is Outcome.UNKNOWN and not (joined and candidate.code in thing.codes):
        # an identifier may be shared with something near: GeoNames has one for a city and its seat
        doubt = "its type is not known"
    elif thing.classes & _NEVER_BY_NAME and not joined:
        doubt = "people share names"
    elif not joined and not told:
        doubt = _doubtful_place(thing, name, near, candidate, types)
    weight = (name.weight if name else 0.3) * (1.0 if told or joined else 0.9)
    if near >= Near.PROVINCE and not told:
        weight += 0.05 if near >= Near.BESIDE else 0.02
    if doubt:
        weight *= 0.8
    if veto:
        weight *= 0.3
    return _Alone(candidate, name, tuple(evidence), match, round(min(weight, 1.0), 3), veto, doubt, near, told, joined)


def _doubtful_place(
    thing: Thing, name: _Name, near: Near, candidate: Candidate, types: Mapping[str, Kind]
) -> str | None:
    """Why a candidate that the reports do not place may not be accepted by its name; None if it may."""
    levels = _levels(candidate, types)
    if any(normal(each) in _generic_names() for each in thing.names):
        return "a name that many places have one of"
    if EntityClass.ADMINISTRATIVE_AREA in thing.classes:
        if Level.TOWNSHIP in levels:
            if near is not Near.INSIDE:
                return "townships of one name are many, and this one is not in the area"
            if name.how == SHORT and thing.level is None and not _directly_in(thing, candidate):
                return "of a city's streets few are townships"  # 长庆街 is a road, and a township
            return None
        if name.how == STEM and (other := _other_level(thing, candidate)):
            return f"the reports say {other}"
        if (
            name.how == STEM
            and Level.PROVINCE not in levels
            and (doubt := _doubtful_stem(thing, candidate, levels, near))
        ):
            return doubt
        if levels == {Level.COUNTY} and near < Near.BESIDE and name.how != STEM and candidate.name.endswith("区"):
            # 平房区 is in 哈尔滨, and where low houses stand
            return "a district of another city, which the reports do not name"
        return None
    if thing.classes <= LOCAL and near < Near.INSIDE:
        return "nothing says that it is in the report's area"
    return None


def _other_level(thing: Thing, candidate: Candidate) -> str | None:
    """A full name of the thing with which the candidate's does not agree: 宜宾市 is not 宜宾县; None without one."""
    own = [rest for name in thing.names for rest in _own_names(normal(name)) if levels_of(rest)]
    return own[0] if own and all(each[-1] != candidate.name[-1] for each in own) else None


def _doubtful_stem(thing: Thing, candidate: Candidate, levels: set[Level], near: Near) -> str | None:
    """Why a name without its level may be another's, or no name; None if it may not."""
    bare = stem(candidate.name)
    if levels == {Level.COUNTY}:
        if near < Near.BESIDE:  # 和平 is a county, and peace
            return "a county's name without its level, in another prefecture"
        # a municipality is no wider than a prefecture
        wide = any(len(context.area) == 1 and not context.area[0].endswith("市") for context in thing.contexts)
        if wide and not candidate.name.endswith("市"):
            return "a county's name without its level, in the report of a province"
        return None
    if near <= Near.PROVINCE and any(bare in _townships_around(context) for context in thing.contexts):
        return "a township near the area has that name"  # 乐山 is a city, and a town of 长春
    # a capital, a long name, or a city that reports from all over the country name
    known = candidate.name.endswith("市") and (
        bare in words().general or len(bare) > 2 or (candidate.code or "")[2:] == "0100"
    )
    chain = chain_of(candidate, None)
    if near < Near.PROVINCE and not known and not (chain and chain[0] in thing.company):
        # 武汉 is named everywhere, and 毕节 beside 安顺; 海东 in a report from 湛江 is a quarter there, 阿里 a company
        return "a prefecture's name without its level, not in the report's province, and few reports name it"
    return None


def _directly_in(thing: Thing, candidate: Candidate) -> bool:
    """Whether a report is of the county that the township lies in."""
    code = candidate.code
    chains = [divisions().chain(code, c.year) if code else chain_of(candidate, c.year) for c in thing.contexts]
    return any(
        len(chain) == len(divisions().full_names(context.area, context.year))
        for chain, context in zip(chains, thing.contexts, strict=True)
    )


@lru_cache(maxsize=512)
def _townships_around(context: Context) -> frozenset[str]:
    """The names, without their level, of the townships in the prefecture of a report's area."""
    area = divisions().resolve(context.area, context.year)
    if area is None or area.level is Level.PROVINCE:
        return frozenset()
    return divisions().township_stems(area.code[:4])


def _is_word(thing: Thing) -> bool:
    """Whether all that the thing is called are words for areas of a kind: 城区."""
    return all(normal(name) in _generic_areas() for name in thing.names)


@lru_cache(maxsize=1)
def _generic_areas() -> frozenset[str]:
    return frozenset(word for (word,) in resources.table("text_generic_areas.tsv", "word"))


@lru_cache(maxsize=1)
def _generic_names() -> frozenset[str]:
    """Names that name nothing by themselves: 体育中心, 第一人民医院."""
    return frozenset(name for (name,) in resources.table("generic_names.tsv", "name"))


def _settle(thing: Thing, alone: Sequence[_Alone], types: Mapping[str, Kind]) -> list[Verdict]:
    """The verdicts, now that all candidates are known: one is accepted if nothing else can be meant."""
    possible = [a for a in alone if a.veto is None]
    sure = [a for a in possible if a.doubt is None]
    chosen, reason = _choose(thing, sure, types)
    if chosen and (contest := _contest(thing, chosen, possible, types)):
        chosen, reason = [], contest
    timely = any(a.doubt != _NOT_IN_FORCE for a in possible)
    out = []
    for a in alone:
        if a in chosen:
            judgement, why = Judgement.ACCEPTED, reason
        elif a.veto is not None:
            judgement, why = Judgement.REJECTED, f"vetoed by {a.veto}"
        elif chosen:
            judgement, why = Judgement.REJECTED, f"{chosen[0].candidate.name} is it"
        elif a.doubt == _NOT_IN_FORCE and _of_another_time(a, timely, types):
            judgement, why = Judgement.REJECTED, a.doubt
        else:
            judgement, why = Judgement.OPEN, a.doubt or reason
        out.append(Verdict(a.candidate, judgement, a.match, a.score, a.evidence, why))
    return out


def _of_another_time(a: _Alone, timely: bool, types: Mapping[str, Kind]) -> bool:
    """Whether a name of another time is a homonym rather than a name that a text still, or already, uses.

    襄樊市 in a report of 2012 is nothing else than what 襄阳市 was called: that is for people to say.
    """
    low = _levels(a.candidate, types) <= {Level.COUNTY, Level.TOWNSHIP}
    if low and a.name is not None and a.name.how == STEM:
        return True
    return a.near < Near.BESIDE and not a.told and (timely or (low and a.candidate.name.endswith("区")))


def _contest(
    thing: Thing, chosen: Sequence[_Alone], possible: Sequence[_Alone], types: Mapping[str, Kind]
) -> str | None:
    """Why the name may mean another one as well, though by itself that one might not be accepted; None if it may not.

    Only the name and where the candidate lies have spoken for the chosen: nothing that the reports say of it.
    """
    if any(a.told or a.joined or a.name is None for a in chosen):
        return None
    rivals = [b for b in possible if b not in chosen and b.name is not None and _strictly(thing, b.candidate)]
    for a in chosen:
        for b in rivals:
            if b.doubt is None and _took_turns(a.candidate, b.candidate):
                return "ambiguous: the name passed to another division in the years of the reports"
            bare = a.name is not None and a.name.how == STEM and b.name is not None and b.name.how == STEM
            if bare and _as_well(a, b, types):
                return f"ambiguous without its level: {a.candidate.name} or {b.candidate.name}"
    return None


def _took_turns(one: Candidate, other: Candidate) -> bool:
    """Whether two divisions of one province bore the same name, one after the other: 巢湖市, 341400 and 340181."""
    if one.name != other.name or not one.code or not other.code or one.code[:2] != other.code[:2]:
        return False
    first, second = sorted((one, other), key=lambda c: (c.since or 0, c.until or 9999))
    if first.until is None or (second.since or 0) < first.until:
        return False
    return second.code != first.code and second.code not in divisions().successors(first.code or "")


def _as_well(a: _Alone, b: _Alone, types: Mapping[str, Kind]) -> bool:
    """Whether a name without its level may mean b, where a was chosen."""
    mine, theirs = _levels(a.candidate, types), _levels(b.candidate, types)
    if Level.PROVINCE in mine:  # 吉林 in a report from 长春, 海南 in one from 西宁
        return Level.PROVINCE not in theirs and b.near >= Near.PROVINCE
    if Level.PROVINCE in theirs:
        return True
    for outer, inner in ((a, b), (b, a)):
        if _lies_in(inner, outer):  # 长沙 is the city and not the county; 喀什 may be the city or the prefecture
            seat = inner.candidate.name.endswith("市") and not outer.candidate.name.endswith("市")
            return seat or (outer is b) or inner.near is Near.AROUND
    if mine == {Level.PREFECTURE} and a.near < Near.PROVINCE:
        # the districts of a municipality are known elsewhere, as prefectures are: 朝阳
        return theirs == {Level.COUNTY} and [up.endswith("市") for up in chain_of(b.candidate, None)] == [True]
    return False


def _lies_in(inner: _Alone, outer: _Alone) -> bool:
    return any(same_division(outer.candidate.name, up) for up in chain_of(inner.candidate, None))


def _choose(thing: Thing, sure: Sequence[_Alone], types: Mapping[str, Kind]) -> tuple[list[_Alone], str]:
    """Which of the candidates that nothing speaks against is meant; none if that cannot be told."""
    if not sure:
        return [], "nothing fits"
    # in force in a report's year goes before in force in the year before it
    sure = [a for a in sure if _strictly(thing, a.candidate)] or sure
    if any(levels_of(own) for own in _own_names(normal(thing.name))):  # 宜宾市, though the report says 宜宾, too
        sure = [a for a in sure if a.name is not None and a.name.how != STEM] or sure
    if any(a.joined for a in sure):
        return _only([a for a in sure if a.joined], "the only one with that code", sure)
    if any(a.told for a in sure):
        return _only([a for a in sure if a.told], "the only one where the reports say that it lies", sure)
    provinces = [a for a in sure if Level.PROVINCE in _levels(a.candidate, types)]
    if len(sure) > 1 and _one_division(sure):
        return list(sure), "the only one of that name, under codes of different years"
    if not provinces and (outer := _outermost(sure)) is not None:
        return [outer], "without its level the name means the city, not the county in it"
    for near in (Near.INSIDE, Near.AROUND, Near.BESIDE):
        some = [a for a in sure if a.near is near]
        if some:
            chosen, reason = _only(some, f"the only one that is {_NEAR_WORDS[near]}", sure)
            if chosen:
                return chosen, reason
    if len(provinces) == 1 and max(a.near for a in sure) <= Near.PROVINCE:
        return provinces, "a province's name means the province"
    return _only(sure, "the only one of that name", sure)


def _only(some: Sequence[_Alone], words: str, sure: Sequence[_Alone]) -> tuple[list[_Alone], str]:
    if len(some) == 1:
        return list(some), words
    if _one_division(some):
        return list(some), f"{words}, under codes of different years"
    if (outer := _outermost(some)) is not None:
        return [outer], "without its level the name means the city, not the county in it"
    return [], f"ambiguous: {len(sure)} of that name"


def _outermost(some: Sequence[_Alone]) -> _Alone | None:
    """The one in which all the others lie, if the name has no level and no report is of one of the others."""
    if len(some) < 2 or any(a.name is None or a.name.how != STEM for a in some):
        return None
    for a in some:
        others = [b for b in some if b is not a]
        if all(b.near is not Near.AROUND and _lies_in(b, a) for b in others):
            return a
    return None


def _strictly(thing: Thing, candidate: Candidate) -> bool:
    since, until = candidate.since or 0, candidate.until or 9999
    return not thing.years or any(since <= year <= until for year in thing.years)


def _one_division(some: Sequence[_Alone]) -> bool:
    """Whether the candidates are one division, whose code or name changed: no two in force in one year."""
    rows = sorted((a.candidate for a in some), key=lambda c: (c.since or 0, c.until or 9999))
    for before, after in pairwise(rows):
        if before.code is None or after.code is None or len(before.code) != len(after.code):
            return False
        if before.until is None or (after.since or 0) < before.until:
            return False
        if len(before.code) == 9:  # townships have no successors on record; in one county one name is one town
            if before.code[:6] != after.code[:6] or before.name != after.name:
                return False
        elif before.code != after.code and after.code not in divisions().successors(before.code):
            return False
    return True
