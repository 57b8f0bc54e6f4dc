"""By how much single words speak for plan or for review.

    python tools/leanings.py CORPUS > leanings.tsv && mv leanings.tsv kg/data/text_leanings.tsv

CORPUS is a folder of folders, one per area, with reports as text files; every fourth of them is read, so that the
others can tell how well the weights do, which is printed to standard error.  Counted are the words of the present
table in sections whose headings tell their part outright, as :func:`kg.text.parts.leaning` finds them.  The weight is
the rounded natural logarithm of the ratio of a word's frequencies, from -4 to 4; words of weight 0 are left out.
"""

from __future__ import annotations

import math
import re
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path

from kg.model import Part
from kg.patterns import alternatives
from kg.resources import table
from kg.text import parts
from kg.text.reader import make_report

_STEP = 4
_DECISIVE = 3
_MOST = 4
#: characters of a section whose leaning is taken, and the middle between plans and reviews
_SAMPLE, _MIDDLE = 1500, 2


def sections(files: Iterable[Path]) -> Iterator[tuple[Part, str]]:
    """The text of each outermost section whose heading tells its part outright."""
    for path in files:
        report = make_report(path.read_text(encoding="utf-8"), source=path.name, sha256="")
        for section in report.sections:
            if section.level != 1 or section.heading is None:
                continue
            verdict = parts.judge(section.heading.quote(report.norm), report.year)
            if verdict.part in (Part.PLAN, Part.REVIEW) and verdict.weight >= _DECISIVE:
                yield verdict.part, report.norm[section.heading.end : section.span.end]


def right(files: Iterable[Path], weights: dict[str, int]) -> tuple[int, int]:
    """Of how many sections the first characters lean to the side that the heading tells, and how many there are."""
    pattern = re.compile(alternatives(frozenset(weights)))
    told = [
        (part is Part.PLAN) == (sum(weights[w] for w in pattern.findall(text[:_SAMPLE])) > _MIDDLE)
        for part, text in sections(files)
        if len(text) >= _SAMPLE
    ]
    return sum(told), len(told)


def main(corpus: Path) -> None:
    words = [word for (word,) in table("text_leanings.tsv", "word")]
    pattern = re.compile(alternatives(frozenset(words)))
    files = sorted(corpus.glob("*/*.txt"))
    counts: dict[Part, Counter[str]] = {Part.PLAN: Counter(), Part.REVIEW: Counter()}
    sizes: Counter[Part] = Counter()
    for part, text in sections(files[::_STEP]):
        counts[part].update(pattern.findall(text))
        sizes[part] += len(text)
    weights: dict[str, int] = {}
    for word in words:
        plan = (counts[Part.PLAN][word] + 0.5) / sizes[Part.PLAN]
        review = (counts[Part.REVIEW][word] + 0.5) / sizes[Part.REVIEW]
        if weight := max(-_MOST, min(_MOST, round(math.log(plan / review)))):
            weights[word] = weight
    print("# by how much a word speaks for plan (above 0) or review (below 0): rounded logarithm of the ratio of its")
    print("# frequencies in sections whose headings tell their part outright, over every fourth of 770 government work")
    print(f"# reports of 121 places ({sizes[Part.PLAN]:,} and {sizes[Part.REVIEW]:,} characters); by tools/leanings.py")
    print("word\tweight\tsource")
    for word, weight in weights.items():
        print(f"{word}\t{weight}\tfrequency in reports")
    rest = [path for number, path in enumerate(files) if number % _STEP]
    present = {word: int(weight) for word, weight in table("text_leanings.tsv", "word", "weight")}
    for name, of in (("the present table", present), ("the new table", weights)):
        print("{}: {} of {} sections of the other reports".format(name, *right(rest, of)), file=sys.stderr)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
