"""By how much pairs of characters speak for plan or for review in a single paragraph.

    python tools/paragraph_leanings.py CORPUS > pairs.tsv && mv pairs.tsv kg/data/text_paragraph_leanings.tsv

CORPUS is a folder of folders, one per area, with reports as text files; every second of them is read, so that the
others can tell how well the weights do, which is printed to standard error.  A paragraph counts as plan or review by
the heading of its part (:func:`tools.leanings.sections`).  Candidates are the words of two characters of
``general_words.tsv``, characters beside a mark and some single ones that occur in many paragraphs; the 2,500 whose
frequencies differ most between plan and review (logarithm of the ratio, times the root of the count) get the weights
of a logistic regression (stochastic gradient descent, twenty passes, averaged over the last ten), in tenths.
"""

from __future__ import annotations

import math
import sys
from collections import Counter
from collections.abc import Iterator
from operator import add
from pathlib import Path

from kg.resources import table
from tools.leanings import sections

_SHORTEST = 40  # characters of a paragraph
_LEAST = 60  # paragraphs in which a pair has to occur
_KEPT = 2500
_PASSES = 20
_RATE = 0.02
_CONSTANT, _LENGTH = "(constant)", "(100 characters)"

Example = tuple[Counter[str], int, bool]


def examples(files: list[Path], candidates: frozenset[str]) -> Iterator[Example]:
    for part, text in sections(files):
        for paragraph in text.split("\n"):
            if len(paragraph) >= _SHORTEST:
                found = Counter(p for p in map(add, paragraph, paragraph[1:]) if p in candidates)
                found.update(c for c in paragraph if c in candidates)
                yield found, len(paragraph), part.value == "plan"


def choose(data: list[Example]) -> list[str]:
    counts: dict[bool, Counter[str]] = {True: Counter(), False: Counter()}
    seen: Counter[str] = Counter()
    sizes: Counter[bool] = Counter()
    for found, size, plan in data:
        counts[plan].update(found)
        seen.update(found.keys())
        sizes[plan] += size

    def worth(pair: str) -> float:
        ratio = math.log((counts[True][pair] + 0.5) / (counts[False][pair] + 0.5) * sizes[False] / sizes[True])
        return abs(ratio) * math.sqrt(counts[True][pair] + counts[False][pair])

    return sorted((p for p, n in seen.items() if n >= _LEAST), key=lambda p: (-worth(p), p))[:_KEPT]


def train(data: list[Example], kept: list[str]) -> dict[str, float]:
    weights = dict.fromkeys((*kept, _CONSTANT, _LENGTH), 0.0)
    total = dict.fromkeys(weights, 0.0)
    rows = [
        ([*((p, n) for p, n in found.items() if p in weights), (_CONSTANT, 1), (_LENGTH, size / 100)], plan)
        for found, size, plan in data
    ]
    step = 7919  # a prime: the order of the corpus, plan after review, would lead the descent astray
    for number in range(_PASSES):
        for i in range(len(rows)):
            features, plan = rows[i * step % len(rows)]
            z = sum(weights[p] * n for p, n in features)
            error = plan - 1 / (1 + math.exp(-max(-30.0, min(30.0, z))))
            for p, n in features:
                weights[p] += _RATE / (1 + number) * error * n
        if number >= _PASSES // 2:
            for p in total:
                total[p] += weights[p]
    return {p: v / (_PASSES - _PASSES // 2) for p, v in total.items()}


def main(corpus: Path) -> None:
    singles = "了第获个家项被更还仍均达元万要让将使"
    beside = "增达比占为年元家个万亿,、%。;以左新建位同实力使进"
    pairs = (w for (w,) in table("general_words.tsv", "word") if len(w) == 2)
    marked = (pair for mark in ",、%" for other in beside for pair in (mark + other, other + mark))
    initials = sorted({w[0] for (w,) in table("general_words.tsv", "word")})
    opened = (mark + initial for mark in "。,;、" for initial in initials)  # what a clause begins with
    candidates = frozenset((*pairs, *singles, *marked, *opened))
    files = sorted(corpus.glob("*/*.txt"))
    data = list(examples(files[::2], candidates))
    weights = train(data, choose(data))
    plans = sum(plan for _, _, plan in data)
    weights[_CONSTANT] -= math.log(plans / (len(data) - plans))  # where nothing is known, both are as likely
    rounded = {p: round(10 * w) for p, w in weights.items()}
    print("# by how much a word of one or two characters speaks for plan (above 0) or review (below 0) in a paragraph,")
    print("# in tenths of its log odds: logistic regression over the paragraphs of parts whose headings tell them")
    print(f"# outright, in every second of 770 government work reports of 121 places ({len(data):,} paragraphs);")
    print("# the last two rows are added once and per 100 characters; by tools/paragraph_leanings.py")
    print("word\tweight\tsource")
    for pair, weight in rounded.items():
        if weight:
            print(f"{pair}\t{weight}\tfrequency in reports")
    for name, least in (("all", 0), ("over 200 characters", 200)):
        rest = [e for e in examples(files[1::4], candidates) if e[1] >= least]
        told = 0
        for found, size, plan in rest:
            odds = sum(rounded.get(p, 0) * n for p, n in found.items()) + rounded[_CONSTANT]
            told += (odds + rounded[_LENGTH] * size / 100 > 0) == plan
        print(f"{name}: {told} of {len(rest)} paragraphs of other reports ({told / len(rest):.3f})", file=sys.stderr)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
