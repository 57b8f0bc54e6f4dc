"""Texts in traditional characters: read as if they were in simplified ones, quoted as they stand.

The word lists are in simplified characters.  Each traditional character is mapped to exactly one simplified one,
so all offsets stay; where a character has several (乾 is 干, but not in 乾隆), words of the same length decide.
Simplified texts are left alone, also where they hold a traditional character that the table knows: it is a name.
"""

from __future__ import annotations

import re
from functools import lru_cache

from kg.patterns import alternatives, compiled
from kg.text.vocabulary import rows

_SAMPLE = 20_000
#: share of the Chinese characters that GB 2312 lacks; traditional texts have 0.25 to 0.4, simplified ones below 0.01
_TRADITIONAL = 0.1
_HAN = compiled("[一-鿿]+")


def is_traditional(norm: str) -> bool:
    """Whether a text is written in traditional characters.

    GB 2312 has the simplified characters in general use and none of the traditional ones that they replace.

    >>> is_traditional("經濟社會發展取得新的成績"), is_traditional("经济社会发展取得新的成绩，朱镕基说")
    (True, False)
    """
    sample = "".join(_HAN.findall(norm[:_SAMPLE]))
    known = len(sample.encode("gb2312", "ignore")) // 2
    return len(sample) - known > _TRADITIONAL * len(sample)


def simplify(norm: str) -> str:
    """The text in simplified characters; same length, same offsets.

    >>> simplify("據瞭解，乾隆年間計畫於沿著海岸裡面發展顯著")
    '据了解，乾隆年间计划于沿着海岸里面发展显著'
    """
    table, exceptions, pattern = _tables()
    simplified = norm.translate(table)
    places = [(match.start(), match.group()) for match in pattern.finditer(norm)]
    if not places:
        return simplified
    pieces: list[str] = []
    last = 0
    for at, word in places:
        pieces += (simplified[last:at], exceptions[word])
        last = at + len(word)
    return "".join([*pieces, simplified[last:]])


@lru_cache(maxsize=1)
def _tables() -> tuple[dict[int, str], dict[str, str], re.Pattern[str]]:
    table = {ord(row[0]): row[1] for row in rows("traditional", "traditional", "simplified")}
    exceptions = {row[0]: row[1] for row in rows("traditional_words", "traditional", "simplified")}
    return table, exceptions, compiled(alternatives(frozenset(exceptions)))
