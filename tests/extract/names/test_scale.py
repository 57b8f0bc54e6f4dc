"""That what is added up quickly is what the traits of a stretch come to."""

from __future__ import annotations

import zlib

from kg.extract.lexicon import tokenize
from kg.extract.names.features import families
from kg.extract.names.finder import Finder
from kg.extract.names.scale import FLOOR, Scale
from kg.extract.names.spans import Sight
from kg.resources import folder
from kg.text.reader import read_report


def test_what_is_added_up_is_what_the_traits_come_to() -> None:
    """With a weight of its own for every trait, so that one left out, or counted twice, would show."""

    report = read_report(folder("seeds") / "haizhu-2011.txt")
    finder = Finder(report, report.norm, tokenize(report.norm))
    looked_at = [Sight(finder.ctx, scene) for scene in finder.sentences()]
    traits = {t for sight in looked_at for first, last in sight.stretches() for t in sight.traits(first, last)}
    weights = {trait: zlib.crc32(trait.encode()) % 201 - 70 for trait in traits}
    scale = Scale(families(weights))
    several = 0
    for sight in looked_at:
        found = {(first, last): total for total, first, last in scale.stretches(sight)}
        expected = {
            (first, last): total
            for first, last in sight.stretches()
            if (total := sum(map(weights.__getitem__, sight.traits(first, last)))) > 0
        }
        assert found.keys() <= expected.keys()
        for stretch, total in found.items():
            assert total == expected[stretch]
        for first, last in expected.keys() - found.keys():  # not looked at, for its edges speak against it
            edges = [*sight.at_first(first), *sight.at_last(last)]
            for word in sight.words[first : last + 1]:
                edges += word.told("holds")
            assert sum(map(weights.__getitem__, edges)) <= FLOOR
        for first, last in list(expected)[:40]:
            assert scale.of(sight, first, last) == expected[first, last]
        several += len(found)
    assert several > 1000
