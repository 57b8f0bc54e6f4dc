"""Learn the network that tells names from other stretches (:mod:`kg.extract.names.network`), from annotated reports.

    pip install torch gensim                            # which nothing else needs
    python -m tools.name_network --out kg/data          # twenty minutes on one processor
    python -m tools.name_network --check 0              # what a quarter of the places gives, learnt from the others

An example is a stretch of words (:mod:`kg.extract.names.spans`) or what a rule has found; the outcome is whether a
reader names it, and as what (:mod:`tools.readings`).  What may be left out is no example.  The reports of
``KG_SHARED/corpus`` and ``reports`` tell how words are used: those of places that are put aside are left out, and of
the words those that the reports of fewer than five places have (``word_groups.tsv``).  For the method see
:mod:`tools.network_training`.
"""

from __future__ import annotations

import argparse
import sys
from base64 import b64encode
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from kg.evaluate import Baseline, default_baseline, default_golds, golds_in, load_gold, shared_folder
from kg.evaluate.gold import folded
from kg.extract.lexicon import tokenize
from kg.extract.names import features
from kg.extract.names.finder import Finder
from kg.extract.names.network import CLASSES_KEY, of_place, whole
from kg.extract.names.reckoning import FILE, kind_of
from kg.extract.names.spans import BEGINS, ENDS, GENERAL, LEVELS, Sight, groups
from kg.extract.names.told import OF_STRETCH, SIGNS, TOLD, WORDS
from kg.model import EntityClass, Part, Report
from kg.text.reader import read_report
from tools import sets
from tools.readings import Reading, readings

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_FOLDS = 4
#: of so many signs, the most frequent of the reports, is told which they are
_SIGNS = 3500


class Example(NamedTuple):
    """A sentence: what is told of its words, and its stretches with what a reader says of them."""

    place: str
    #: whether it was read by those who underline more, and how much what they say counts
    others: bool
    weight: float
    #: for each word what :data:`~kg.extract.names.told.TOLD` has
    words: list[tuple[str, ...]]
    #: first and last word of each stretch, and what ``OF_STRETCH`` has of it
    stretches: list[tuple[int, int, tuple[str, ...]]]
    #: whether a reader names it (1), may name it (0.5) or not (0), and as what
    named: list[tuple[float, frozenset[EntityClass]]]


def examples(reading: Reading) -> Iterator[Example]:
    """The sentences of what a reader has read."""
    report = reading.report
    for sight in sights_of(report):
        scene = sight.scene
        if not scene.row or not reading.has(scene.sentence.span.begin, scene.sentence.span.end):
            continue
        stretches = []
        named = []
        for c, first, last in whole(scene):
            stretches.append((first, last))
            named.append(_named(reading, c.name, *sorted(c.aliases)))
        given = set(stretches)
        for first, last in sight.stretches():
            if (first, last) not in given:
                stretches.append((first, last))
                named.append(_named(reading, report.text[scene.row[first].begin : scene.row[last].end]))
        told = of_stretches(sight, stretches)
        if told:
            yield Example(reading.area, reading.others, reading.weight, words_of(sight), told, named)


def _named(reading: Reading, *texts: str) -> tuple[float, frozenset[EntityClass]]:
    known = (reading.names.get(folded(text)) for text in texts)
    optional, classes = next((each for each in known if each is not None), (None, frozenset[EntityClass]()))
    return 0.0 if optional is None else 0.5 if optional else 1.0, classes


def words_of(sight: Sight) -> list[tuple[str, ...]]:
    """What is told of each word of a sentence, as the tables have it."""
    places = of_place(sight, whole(sight.scene))
    return [(*word.told, *place) for word, place in zip(sight.words, places, strict=True)]


def of_stretches(sight: Sight, stretches: Sequence[tuple[int, int]]) -> list[tuple[int, int, tuple[str, ...]]]:
    """Each stretch of a sentence, with what the tables of ``OF_STRETCH`` have of it."""
    shared = sight.shared(stretches)
    return [
        (first, last, (str(min(last - first, WORDS)), sight.begins[first], sight.ends[last], often))
        for (first, last), often in zip(stretches, shared, strict=True)
    ]


def sights_of(report: Report) -> Iterator[Sight]:
    """The sentences of a report, with what the rules find in them."""
    finder = Finder(report, report.norm, tokenize(report.norm))
    for scene in finder.sentences():
        yield Sight(finder.ctx, scene)


def put_aside() -> tuple[frozenset[str], frozenset[str]]:
    """The files, below the folder of KG_SHARED, and the cities and provinces that nothing may be learnt from."""
    file = default_baseline()
    measured = Baseline.load(file).measured_only if file is not None else frozenset()
    aside = [gold for gold in map(load_gold, default_golds()) if gold.report in measured]
    areas = frozenset(gold.area for gold in aside)
    for name in sets.SETS:
        groups_aside = [group for group in sets.groups(name) if group.startswith("aside")]
        aside += [load_gold(path) for group in groups_aside for path in golds_in(sets.FOLDER / name / group)]
    return frozenset(gold.source.file for gold in aside if gold.source is not None), areas


def unread() -> Iterator[Report]:
    """The reports that tell how words are used: all but those that are put aside, and others of their cities."""
    shared = shared_folder()
    if shared is None:
        sys.exit("KG_SHARED names no folder with reports")
    files, areas = put_aside()
    for path in sorted([*(shared / "corpus").rglob("*.txt"), *(shared / "reports").rglob("*.txt")]):
        below = path.relative_to(shared)
        if below.as_posix() not in files and areas.isdisjoint(below.parts):
            report = read_report(path)
            if areas.isdisjoint(report.area_parts):
                yield report


def keys(told: Iterable[Example]) -> dict[str, list[str]]:
    """What each table has rows for; the first of those for words, of no text, is for what it does not know."""
    found: dict[str, Counter[str]] = {name: Counter() for name in (*TOLD, *OF_STRETCH)}
    for example in told:
        for word in example.words:
            for name, key in zip(TOLD, word, strict=True):
                found[name][key] += 1
        for _, _, of in example.stretches:
            for name, key in zip(OF_STRETCH, of, strict=True):
                found[name][key] += 1
    known = groups()
    signs = Counter[str]()
    for name in ("first sign", "last sign", "second sign", "former sign"):
        signs.update(found[name])
    common = {sign for sign, _ in signs.most_common(_SIGNS)}
    fixed: Mapping[str, Sequence[str]] = {
        "word": sorted(word for word in found["word"] if word in known or word == "0"),
        "signs": [str(size) for size in range(1, SIGNS + 1)],
        "used": [str(level) for level in range(len(LEVELS))],
        "place": [str(kind) for kind in range(4)],
        "part": [part.value for part in Part],
        "words": [str(size) for size in range(WORDS + 1)],
        "begins": BEGINS,
        "ends": ENDS,
        "shared": [often + also for often in features.SHARES for also in ("", GENERAL)],
    }
    result = {}
    for name, counted in found.items():
        rows = fixed.get(name, sorted(counted))
        if name.endswith(" sign"):
            rows = [key for key in rows if key in common and not key.isspace()]
        result[name] = ["", *(key for key in rows if key)] if name in TOLD else list(rows)
    return result


def text_of(
    tables: Mapping[str, tuple[Sequence[str], NDArray[np.int_]]], layers: Mapping[str, NDArray[np.int_]], count: int
) -> str:
    """The file of a network: the rows of its tables, by their keys, and its layers, as whole numbers."""
    import numpy as np

    lines = [
        "# a network that tells names from other stretches of words, and their classes (kg/extract/names/network.py),",
        f"# derived by tools/name_network.py from {count} sentences of",
        "# annotated reports; the numbers are whole, of 8 or 16 bits, in base64",
        "part\tkey\tsize\tvalues\tsource",
    ]

    def line(part: str, key: str, numbers: NDArray[np.int_]) -> str:
        kind = np.dtype(kind_of(part))
        least, most = np.iinfo(kind).min, np.iinfo(kind).max
        kept = np.clip(numbers, least, most).astype(kind)
        size = "x".join(map(str, kept.shape))
        return "\t".join((part, key, size, b64encode(kept.tobytes()).decode(), "annotated reports"))

    for part, (rows, numbers) in tables.items():
        lines += [line(part, key, row) for key, row in zip(rows, numbers, strict=True)]
    lines += [line(part, CLASSES_KEY if part == "out" else "", numbers) for part, numbers in layers.items()]
    return "\n".join(lines) + "\n"


def fold_of(place: str, places: Sequence[str]) -> int:
    """In which quarter of the places one is."""
    return places.index(place) % _FOLDS


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("annotation", nargs="*", help="an annotation, and =TEXT.txt where its text lies elsewhere")
    parser.add_argument("--out", type=Path, help="write the network into this folder")
    parser.add_argument("--check", type=int, metavar="QUARTER", help="learn without a quarter of the places; judge it")
    options = parser.parse_args()
    from tools import network_training as training

    found = [example for reading in readings(options.annotation) for example in examples(reading)]
    known = keys(found)
    corpus = [words_of(sight) for report in unread() for sight in sights_of(report) if sight.row]
    if options.check is not None:
        places = sorted({example.place for example in found})
        parts: tuple[list[Example], list[Example]] = [], []
        for example in found:
            parts[fold_of(example.place, places) == options.check].append(example)
        learnt = training.learn(parts[0], known, corpus)
        print(training.judged(learnt, [example for example in parts[1] if not example.others]))
    if options.out is not None:
        tables, layers = training.numbers(training.learn(found, known, corpus))
        (options.out / FILE).write_text(text_of(tables, layers, len(found)), encoding="utf-8")


if __name__ == "__main__":
    main()
