"""The area that a report without a header is about, told by what the text names."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from functools import lru_cache
from operator import concat

from kg.patterns import compiled
from kg.resources import table
from kg.text.vocabulary import words

_HAN = "一-鿿"
_OWN = compiled(r"我([省市区县州盟旗])")
#: no 健全|市场, no 全县级|医院
_WHOLE = compiled(r"(?<![健安齐完保周万])全([省市区县州盟旗])(?![场级域政辖])")
#: the characters that end a name, by level
_COUNTIES, _CITIES, _PROVINCES = "区县旗", "市州盟", "省"
#: how often a report speaks of "我市", "全市", so that this is its level
_SPOKEN = 3

#: what is read of a long report
_READ = 60_000
#: what a division within counts beside a naming, and how many of them count at most
_WITHIN, _AT_MOST = 2, 10
#: the least that the area has to count, how often it is named at least, and how much less the next one counts
_LEAST, _NAMED, _MARGIN = 6, 2, 2 / 3
#: what stands for a full name where the level is known: to count so many times as much as any other of the level, and
#: as what is hardly named; a longer report names its area more often, once in so many characters
_ALONE, _HARDLY, _OFTEN_IN = 3, 4 / 3, 4000
#: how many divisions within stand for a full name, where the level is known and where it is not
_KNOWN_BY, _TOLD_BY = 2, 3


@dataclass(frozen=True, slots=True)
class _Divisions:
    """All names of divisions: what they are called for short, and the names around and the short ones within."""

    stems: dict[str, str]
    around: dict[str, frozenset[str]]
    within: dict[str, frozenset[str]]


@lru_cache(maxsize=1)
def _divisions() -> _Divisions:
    around: dict[str, set[str]] = {}
    within: dict[str, set[str]] = {}
    for name, parents in table("divisions.tsv", "name", "within"):
        around.setdefault(name, set()).update(parents.split())
        for parent in parents.split():
            within.setdefault(parent, set()).add(stem_of(name))
    return _Divisions(
        {name: stem_of(name) for name in around},
        {name: frozenset(names) for name, names in around.items()},
        {name: frozenset(stems - {stem_of(name)}) for name, stems in within.items()},
    )


def stem_of(name: str) -> str:
    """A division's name without what it is, where two characters are left.

    >>> stem_of("海珠区"), stem_of("广西壮族自治区"), stem_of("威县")
    ('海珠', '广西壮族', '威县')
    """
    stem = compiled(r"(?:新区|自治区|特别行政区|[省市区县州盟旗])$").sub("", name)
    return stem if len(stem) >= 2 else name


def area_named_most(text: str, level: str | None) -> str | None:
    """The division that a report is about, by how often it and how many divisions within it are named.

    ``level`` is that of "我代表市人民政府", one character, if the report says so; else it is one of those in "我市",
    "全区".  Of the divisions of this level it is the one that counts by far the most, if the text also writes it in
    full (a province is written in others' reports, too) or names divisions within it; where the level is known also if
    it names one around it, or hardly another of the level.  None where two are close, or nothing counts much: a wrong
    area is worse than none.
    """
    stretch = text[:_READ]
    own = Counter(_OWN.findall(stretch))
    if level in (None, "区") and (new_area := _new_area(stretch, own)):
        return new_area
    if level is None and stretch.count("新区") >= 30:
        return None
    levels = level or _levels(own, Counter(_WHOLE.findall(stretch)))
    divisions = _divisions()
    ordinary = words("common_stems", "stem") | words("generic_areas", "word")
    pairs = set(map(concat, stretch, stretch[1:]))  # most names are ruled out by their first two characters
    named = {
        stem: stretch.count(stem)
        for stem in set(divisions.stems.values())
        if stem[:2] in pairs and stem not in ordinary and stem in stretch
    }
    within: dict[str, int] = {}
    counts: dict[str, int] = {}
    for name, stem in divisions.stems.items():
        if stem in named and name[-1] in levels and not name.endswith(("地区", "特别行政区")):
            within[name] = sum(each in named for each in divisions.within.get(name, ()))
            counts[name] = named[stem] + _WITHIN * min(_AT_MOST, within[name])
    if not counts:
        return None
    name = min(counts, key=lambda each: (-counts[each], each))
    others = (count for other, count in counts.items() if divisions.stems[other] != divisions.stems[name])
    alone = level is not None and max(*others, len(stretch) // _OFTEN_IN, _HARDLY) * _ALONE <= counts[name]
    if (counts[name] < _LEAST and not alone) or named[divisions.stems[name]] < _NAMED:
        return None
    for other, count in counts.items():
        rival = name not in divisions.around[other] and divisions.stems[other] != divisions.stems[name]
        if rival and count > counts[name] * _MARGIN:
            return None
    if level is None:
        near = (stem_of(each) for each in divisions.around[name])
        if any(named.get(each, 0) >= named[divisions.stems[name]] for each in (*near, *divisions.within.get(name, ()))):
            return None  # the level may be another: 全区 is said of an autonomous region, too
        written = name in stretch and levels != _PROVINCES
        return name if written or within[name] >= _TOLD_BY else None
    around = (stem_of(parent) for parent in divisions.around[name])
    known = alone or name in stretch or within[name] >= _KNOWN_BY or any(parent in stretch for parent in around)
    return name if known else None


def _levels(own: Counter[str], whole: Counter[str]) -> str:
    """The characters that may end the area's name, by the areas that a report speaks of.

    A district speaks of the whole city, a city of the whole province too: it is the lowest.  A province speaks of no
    city as its own.
    """
    counties, cities, provinces = (
        sum(own[each] + whole[each] for each in level) for level in (_COUNTIES, _CITIES, _PROVINCES)
    )
    if counties >= _SPOKEN:
        return _COUNTIES
    if cities >= _SPOKEN or (cities and not counties):
        return _CITIES
    return _PROVINCES if provinces >= _SPOKEN and not counties else ""


#: how often a report of a new area says 新区, and names it; a short one once in so many characters
_SAID, _SAID_IN, _OFTEN, _NAMED_IN = 30, 400, 8, 1500
_NEW_AREA = compiled(rf"(?=([{_HAN}]{{2}}新区))")
_PARTICLES = frozenset("我全本在为对是将使让由和与把向从到")


def _new_area(stretch: str, own: Counter[str]) -> str | None:
    """A functional area with a government of its own ("光明新区"), which the codes do not list.

    It calls itself 新区 far more often than anything else "我区" or "我市".
    """
    if stretch.count("新区") < max(min(_SAID, len(stretch) // _SAID_IN), _OFTEN, 2 * sum(own.values())):
        return None
    named: list[str] = _NEW_AREA.findall(stretch)
    ranked = sorted(((n, name) for name, n in Counter(named).items() if name[0] not in _PARTICLES), reverse=True)
    often = max(min(_OFTEN, len(stretch) // _NAMED_IN), _NAMED)
    if not ranked or ranked[0][0] < often or (len(ranked) > 1 and ranked[1][0] > ranked[0][0] * _MARGIN):
        return None
    return ranked[0][1]
