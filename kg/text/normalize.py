"""The one place where characters are made uniform.

Every character is mapped to exactly one character, so a text and its normalised
form have the same length and the same offsets: a span found in ``normalize(text)``
quotes ``text`` itself.  (NFKC would change lengths: ``…`` becomes three characters,
``㎡`` two.)  Nothing is stored normalised; the quotation is always the raw text.

What becomes uniform: full-width ASCII (``２０１１年``, ``Ａ``, ``％``, ``（``, ``：``) becomes
half-width; spaces of all kinds become U+0020; dashes, middle dots, ratio signs,
corner quotes and the circle used as zero get one form each; compatibility
ideographs (a trait of text taken out of PDF) become the ordinary ones; a lone
surrogate, which is no character and which no segmenter takes, becomes U+FFFD.  Line ends
are left alone.  A full-width comma between digits is left too, because ``12，300``
is the end of one clause and the begin of another where ``12,300`` is a number.
"""

from __future__ import annotations

import unicodedata
from functools import lru_cache

from kg.patterns import compiled

_SPACES = "\t\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000"
_INVISIBLE = "\u00ad\u200b\u200c\u200d\u200e\u200f\u2060\ufeff"
_FORMS = {
    "-": "‐‑‒–−﹣",  # hyphens, en dash, minus
    "—": "―─━﹘",  # em dash and the lines that stand in for it
    ":": "∶︰ː꞉﹕",
    "·": "•‧∙⋅・･",
    "%": "﹪",
    ".": "﹒",
    ";": "﹔",
    "!": "﹗",
    "?": "﹖",
    "(": "﹙",
    ")": "﹚",
    "、": "､﹑",
    "。": "｡",
    "“": "「〝",
    "”": "」〞〟",
    "‘": "『",
    "’": "』",
    "〔": "﹝",
    "〕": "﹞",
    "〇": "○◯Οо",  # 二○一一, and the Greek and Cyrillic letters typed for it
    "~": "〜∼",
}
_SURROGATE = compiled("[\ud800-\udfff]")
_DIGIT_COMMA = compiled(r"(?<=[0-9０-９])，(?=[0-9０-９])")


@lru_cache(maxsize=1)
def _table() -> dict[str, str]:
    table = {chr(code): chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F)}
    for char in _SPACES + _INVISIBLE:
        table[char] = " "
    for uniform, variants in _FORMS.items():
        for char in variants:
            table[char] = uniform
    # compatibility ideographs, Kangxi and supplementary radicals
    for block in (range(0xF900, 0xFB00), range(0x2E80, 0x2FE0)):
        for code in block:
            ordinary = unicodedata.normalize("NFKC", chr(code))
            if len(ordinary) == 1 and ordinary != chr(code):
                table[chr(code)] = ordinary
    return table


def normalize(text: str) -> str:
    """The text with uniform characters; same length, same offsets.

    >>> normalize("２０１１年（Ａ股），增长１３．９％；比重为0.7∶27.1")
    '2011年(A股),增长13.9%;比重为0.7:27.1'
    >>> normalize("目标为12，300户")
    '目标为12，300户'
    """
    try:
        text.encode()
    except UnicodeEncodeError:
        text = _SURROGATE.sub("\ufffd", text)
    if "，" not in text:
        return _uniform(text)
    return "，".join(map(_uniform, _DIGIT_COMMA.split(text)))


def _uniform(text: str) -> str:
    table = _table()
    # of the characters that have a uniform form a text has a dozen; to replace these is faster than to look all up
    for char in table.keys() & set(text):
        text = text.replace(char, table[char])
    return text
