"""Whether a text is a government work report at all."""

from __future__ import annotations

from itertools import islice

from kg.patterns import compiled
from kg.text.vocabulary import words

_SAMPLE = 200_000
#: different words of text_report_marks.tsv; the reports that these were counted in have at least 19
_LEAST_MARKS = 3
#: share of Chinese characters among letters and digits; reports have at least 0.8
_LEAST_HAN = 0.5
_HAN = compiled("[一-鿿]+")
_OTHER = compiled("[0-9A-Za-z\u00c0-\u1fff\u3040-\u30ff\uac00-\ud7a3]+")


def looks_like_report(norm: str) -> bool:
    """Whether a normalised text is in Chinese and has words that such reports have.

    >>> looks_like_report("各位代表:现在,我代表区人民政府向大会作工作报告。")
    True
    >>> looks_like_report("鸡蛋打散,加盐,锅里放油烧热。"), looks_like_report("import re  # 我市 增长")
    (False, False)
    """
    sample = norm[:_SAMPLE]
    han = sum(map(len, _HAN.findall(sample)))
    other = sum(map(len, _OTHER.findall(sample)))
    if han < _LEAST_HAN * (han + other):
        return False
    marks = (word for word in words("report_marks", "word") if word in sample)
    return len(list(islice(marks, _LEAST_MARKS))) == _LEAST_MARKS
