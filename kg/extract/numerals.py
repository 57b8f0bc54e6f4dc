"""Numbers as Chinese reports write them: Arabic, Chinese and mixed.

The grammar is the positional one of the written language: digits and the units
十百千 build a section below ten thousand, 万 and 亿 close sections.  An Arabic number
may stand wherever a digit may ("3千", "1.2万亿", "1亿2000万").
"""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from functools import lru_cache

from kg.patterns import compiled

DIGITS = {"零": 0, "〇": 0, "一": 1, "二": 2, "两": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9}
SMALL_UNITS = {"十": Decimal(10), "百": Decimal(100), "千": Decimal(1000)}
LARGE_UNITS = {"万": Decimal(10_000), "亿": Decimal(100_000_000)}

#: an Arabic number, thousands grouped by commas or not
ARABIC = r"(?:\d{1,3}(?:,\d{3})+(?!\d)(?:\.\d+)?|\d+(?:\.\d+)?)"
#: a run of Chinese numerals; "三点五" has a decimal part
CHINESE = r"[零〇一二两三四五六七八九十百千万亿]+(?:点[零〇一二三四五六七八九]+)?"

#: longer runs of numerals are no number (a row of digits, an ornament), and arithmetic keeps no more digits
_LONGEST = 28

_PART = compiled(rf"({ARABIC})|([零〇一二两三四五六七八九]+)|([十百千])|([万亿])|点([零〇一二三四五六七八九]+)")


@lru_cache(maxsize=4096)
def parse_numeral(text: str) -> Decimal | None:
    """The value of a numeral, or None if the text is not wholly one.

    >>> parse_numeral("363.15"), parse_numeral("1,234")
    (Decimal('363.15'), Decimal('1234'))
    >>> parse_numeral("一百二十三"), parse_numeral("二〇一一"), parse_numeral("十五")
    (Decimal('123'), Decimal('2011'), Decimal('15'))
    >>> parse_numeral("1.2万亿"), parse_numeral("三千1百"), parse_numeral("三点五")
    (Decimal('1200000000000'), Decimal('3100'), Decimal('3.5'))
    >>> parse_numeral("千亿"), parse_numeral("若干") is None
    (Decimal('100000000000'), True)
    """
    if len(text) > _LONGEST:
        return None
    total = section = Decimal(0)
    number: Decimal | None = None
    position = 0
    for match in _PART.finditer(text):
        if match.start() != position:
            return None
        position = match.end()
        arabic, digits, small, large, fraction = match.groups()
        if arabic or digits:
            if number is not None:
                return None
            number = Decimal(arabic.replace(",", "")) if arabic else Decimal("".join(str(DIGITS[d]) for d in digits))
        elif small:
            section += (Decimal(1) if number is None else number) * SMALL_UNITS[small]
            number = None
        elif large:
            section += number or Decimal(0)
            if large == "万":
                total += (section or Decimal(1)) * LARGE_UNITS["万"]
            else:
                total = (total + section or Decimal(1)) * LARGE_UNITS["亿"]
            section, number = Decimal(0), None
        elif number is None and not section and not total:
            return None
        else:
            places = "".join(str(DIGITS[d]) for d in fraction)
            number = (number or Decimal(0)) + Decimal(f"0.{places}")
    if position != len(text) or not text:
        return None
    return _plain(total + section + (number or Decimal(0)))


def _plain(value: Decimal) -> Decimal:
    """The same value without an exponent: 1E+11 is written 100000000000."""
    if value != value.to_integral_value():
        return value.normalize()
    try:
        return value.quantize(Decimal(1))
    except InvalidOperation:  # 亿亿亿亿: too large to be written out by arithmetic
        return Decimal(f"{value:f}")


@lru_cache(maxsize=4096)
def scaled(number: Decimal, *scales: str) -> Decimal:
    """A number times a chain of units such as 万 or 百万.

    >>> scaled(Decimal("106.4"), "万"), scaled(Decimal(20), "", "万")
    (Decimal('1064000'), Decimal('200000'))
    """
    for scale in scales:
        for unit in scale:
            number *= SMALL_UNITS.get(unit) or LARGE_UNITS[unit]
    return _plain(number)
