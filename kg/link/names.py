"""Names of divisions and organisations, taken apart for comparison: their level, their short forms, their parts."""

from __future__ import annotations

import unicodedata
from collections.abc import Container, Iterator
from functools import lru_cache

from kg import resources
from kg.extract.words import stem_of
from kg.link.model import Level

#: how a form stands to the full name, the nearest first
FULL = "full name"
SHORT = "customary short form"
STEM = "name without its level"

#: what a township's name ends with in a text, and in the tables
_STREETS = ("街道办事处", "街道办", "街道", "街")


@lru_cache(maxsize=1)
def _suffixes() -> dict[str, frozenset[Level]]:
    return {
        suffix: frozenset(map(Level, levels.split()))
        for suffix, levels in resources.table("link_levels.tsv", "suffix", "levels")
    }


@lru_cache(maxsize=1)
def _longest_suffix() -> int:
    return max(map(len, _suffixes()))


def normal(name: str) -> str:
    """The name as it is compared: compatible characters made one (NFKC), without spaces and quotation marks.

    >>> normal("广州Ｔ.I.T 创意园"), normal("“北京路”商圈")
    ('广州T.I.T创意园', '北京路商圈')
    """
    folded = unicodedata.normalize("NFKC", name)
    kept = "".join(char for char in folded if not char.isspace() and char not in "“”\"'‘’《》·•")
    return unicodedata.normalize("NFKC", kept)  # what stood apart may join: an accent after a space


@lru_cache(maxsize=1 << 16)
def levels_of(name: str) -> frozenset[Level]:
    """The levels that a division of that name can have by its ending; none where the ending tells nothing.

    It tells nothing of a name of two characters: 化州 is a city, and 沙县 may be the name without a level.

    >>> sorted(levels_of("海珠区")), sorted(levels_of("化州")), sorted(levels_of("琶洲村"))
    ([<Level.COUNTY: 'county'>], [], [<Level.VILLAGE: 'village'>])
    """
    table = _suffixes()
    if len(name) < 3:
        return frozenset()
    for size in range(min(_longest_suffix(), len(name)), 0, -1):
        if found := table.get(name[-size:]):
            return found
    return frozenset()


def is_ending(name: str) -> bool:
    """Whether the text can be the ending of other divisions' names; some of these are names, too: 矿区.

    >>> is_ending("街道"), is_ending("矿区"), is_ending("沙县")
    (True, True, False)
    """
    return name in _suffixes()


@lru_cache(maxsize=1 << 16)
def stem(name: str) -> str:
    """The name of a division without its level; unchanged where fewer than two characters would be left.

    >>> stem("广西壮族自治区"), stem("南华西街道"), stem("温泉镇"), stem("沙县")
    ('广西', '南华西', '温泉', '沙县')
    """
    if Level.TOWNSHIP in levels_of(name):
        for suffix in (*_STREETS, "镇", "民族乡", "乡", "苏木"):
            if name.endswith(suffix) and len(name) - len(suffix) >= 2:
                return name[: -len(suffix)]
        return name
    return stem_of(name)


@lru_cache(maxsize=1 << 16)
def forms(name: str) -> tuple[tuple[str, str], ...]:
    """The forms in which texts give the name of a division, each with how it stands to the full name.

    >>> forms("海珠区")
    (('海珠区', 'full name'), ('海珠', 'name without its level'))
    >>> [form for form, _ in forms("张家川回族自治县")]
    ['张家川回族自治县', '张家川回族县', '张家川县', '张家川自治县', '张家川']
    >>> [form for form, _ in forms("南华西街道")]
    ['南华西街道', '南华西街', '南华西街道办', '南华西街道办事处']
    """
    out = {name: FULL}
    short = stem(name)
    if name.endswith("街道"):
        for suffix in ("街", "街道办", "街道办事处"):
            out.setdefault(name[:-2] + suffix, SHORT)
        return tuple(out.items())  # without its level a street is any place: 琶洲 is not 琶洲街道
    if Level.TOWNSHIP in levels_of(name):
        return tuple(out.items())
    for long in ("自治州", "自治县", "自治旗", "自治区"):
        if name.endswith(long) and short != name:
            plain = without_peoples(short)
            for each in dict.fromkeys((short, plain)):
                if long != "自治区" and len(each) >= 2:
                    out.setdefault(each + long[-1], SHORT)
                out.setdefault(each + long, SHORT)
            short = plain
    if short != name and len(short) >= 2:
        out.setdefault(short, STEM)
    return tuple(out.items())


@lru_cache(maxsize=1)
def _peoples() -> tuple[str, ...]:
    return tuple(sorted((name for (name,) in resources.table("link_peoples.tsv", "name")), key=lambda n: (-len(n), n)))


def without_peoples(name: str) -> str:
    """The name without the peoples that a self-governing division is named after, as long as something is left.

    >>> without_peoples("湘西土家族苗族"), without_peoples("张家川回族"), without_peoples("鄂伦春")
    ('湘西', '张家川', '鄂伦春')
    """
    changed = True
    while changed:
        changed = False
        for people in _peoples():
            if name.endswith(people) and len(name) - len(people) >= 2:
                name, changed = name[: -len(people)], True
    return name


def splits(name: str, known: Container[str]) -> Iterator[tuple[tuple[str, ...], str]]:
    """The ways to take leading divisions off a name: ``(containers, outermost first; what is left)``.

    >>> list(splits("广州市海珠区", {"广州市"}))
    [((), '广州市海珠区'), (('广州市',), '海珠区')]
    >>> list(splits("从化温泉镇", {"从化"}))[-1]
    (('从化',), '温泉镇')

    浦东新区 is no 新区 in 浦东; 阳泉市矿区 is a 矿区 in 阳泉市:

    >>> known = {"浦东", "阳泉市"}
    >>> len(list(splits("浦东新区", known))), len(list(splits("阳泉市矿区", known)))
    (1, 2)
    """
    yield (), name
    for size in range(2, len(name) - 1):
        if name[:size] in known and (levels_of(name[:size]) or not is_ending(name[size:])):
            for inner, rest in splits(name[size:], known):
                if len(rest) >= 2:
                    yield (name[:size], *inner), rest


def same_division(one: str, other: str) -> bool:
    """Whether two names of divisions can be those of one: equal, or equal but for a level that does not contradict.

    >>> same_division("广西", "广西壮族自治区"), same_division("从化市", "从化区"), same_division("吉林省", "吉林市")
    (True, True, False)
    """
    if one == other:
        return True
    mine, theirs = levels_of(one), levels_of(other)
    if mine and theirs and not mine & theirs:
        return False
    return _bare(one) == _bare(other) and len(_bare(one)) >= 2


@lru_cache(maxsize=1 << 16)
def _bare(name: str) -> str:
    short = stem(name)
    return without_peoples(short) if "自治" in name else short
