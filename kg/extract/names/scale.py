"""The weights of names, ready to be added up: what :mod:`~kg.extract.names.spans` tells of a stretch, in sums.

A report of ten thousand characters has some eight thousand stretches, and each has a hundred traits.  So none is spelt
out here: what a word brings in each place is added up once per word; what stretches have at their beginning and their
end is added up once for each of these; and what is told of the whole only for those whose edges speak for a name.
That the sums are those of the traits is held by ``tests/extract/names/test_scale.py``.

Sums are whole hundredths, as weights are in the tables, so that they do not depend on the order of adding.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from itertools import accumulate

from kg.extract.names import features
from kg.extract.names.spans import ALWAYS, JOINING, LEVELS, MOST, NEXT, PLACES, Joint, Sight, Word
from kg.kept import kept_on_disk
from kg.resources import table

#: what the edges and the words of a stretch come to where the rest of its traits is not asked for, in hundredths:
#: hardly one of those that come to a name with all of them lies below it
FLOOR = -100
_NOTHING: dict[str, int] = {}


class Brought:
    """What a word brings to a stretch, by its place in it or beside it."""

    __slots__ = PLACES

    after: int
    before: int
    earlier: int
    first: int
    former: int
    holds: int
    last: int
    later: int
    second: int


class _Brought(dict[Word, Brought]):
    """What words bring, reckoned when first asked for."""

    def __init__(self, families: Mapping[str, Mapping[str, int]]) -> None:
        self._families = {place: families.get(place, _NOTHING) for place in PLACES}
        self._final = families.get("final", _NOTHING)

    def __missing__(self, word: Word) -> Brought:
        if len(self) > MOST:
            self.clear()
        found = self[word] = Brought()
        said, group, kind, tag, used = word.near()
        for place, family in self._families.items():
            get = family.get
            total = get(said, 0) + get(group, 0)
            if place in NEXT:
                total += get(kind, 0) + get(tag, 0) + get(used, 0)
            setattr(found, place, total)
        if word.kind == "word":
            found.last += self._final.get(word.final, 0)
        return found


class Scale:
    """The weights of names, given in hundredths, by what traits tell and by what they say of it."""

    def __init__(self, families: Mapping[str, dict[str, int]]) -> None:
        def of(family: str) -> dict[str, int]:
            return families.get(family, _NOTHING)

        self._brought = _Brought(families)
        self._always, self._part, self._names = of(ALWAYS).get("", 0), of("part"), of("names")
        self._begins, self._ends, self._groups, self._summed = of("begins"), of("ends"), of("groups"), of("summed")
        self._placed, self._own, self._general = of("placed").get("", 0), of("own").get("", 0), of("general").get("", 0)
        self._at_begin, self._at_end = of("before").get("kind begin", 0), of("after").get("kind end", 0)
        self._governed = {value.removeprefix("by "): weight for value, weight in of("governed").items()}
        self._lengths = [of("length").get(str(size), 0) for size in range(13)]
        self._words = [of("words").get(str(count), 0) for count in range(9)]
        self._rare = [of("rare").get(str(count), 0) for count in range(4)]
        self._single = [of("single").get(str(count), 0) for count in range(5)]
        self._shared = [of("shared").get(features.shared(areas), 0) for areas in range(features.SHARED + 1)]
        self._least = {level: of("least").get(level, 0) for level in LEVELS}
        self._around, self._kinds, self._edges = of("around"), of("kinds"), of("edges")
        self._tags, self._closing = of("tags"), of("closing")
        self._grade, self._head, self._honour = of("grade"), of("head"), of("honour")
        self._joint, self._joined = of("joint"), of("joined")
        self._found, self._beside = of("found"), of("beside")
        #: what the grade of a head comes to among what it was met among
        self._graded: dict[tuple[str, ...], int] = {}

    def stretches(self, sight: Sight, above: int = 0) -> list[tuple[int, int, int]]:
        """The stretches of a sentence whose traits come to more than that, with the sum in hundredths.

        Those whose edges and words come to :data:`FLOOR` or less are left out without a look at the rest.
        """
        firsts, lasts = sight.edges()
        if not firsts or not lasts:
            return []
        known = self._brought
        brought = [known[word] for word in sight.words]
        held = [0, *accumulate([b.holds for b in brought])]
        ends = [(last, self._last(sight, brought, last) + held[last + 1]) for last in lasts]
        best = max([end for _, end in ends])
        scene = sight.scene
        always = self._always + self._part.get(scene.part.value, 0) + self._names.get(features.names(scene), 0)
        result = []
        at, size = 0, len(ends)
        for first in firsts:
            while at < size and ends[at][0] < first:
                at += 1
            begin = self._first(sight, brought, first) - held[first]
            least = FLOOR - begin
            if best <= least:
                continue
            reach = sight.reach(first)
            for k in range(at, size):
                last, end = ends[k]
                if last > reach:
                    break
                if end <= least or not sight.may_be(first, last):
                    continue
                total = begin + end + always + self._whole(sight, first, last)
                if last > first:
                    total += brought[first + 1].second + brought[last - 1].former
                if total > above:
                    result.append((total, first, last))
        return result

    def of(self, sight: Sight, first: int, last: int) -> int:
        """What the traits of one stretch come to, in hundredths."""
        known = self._brought
        brought = {k: known[sight.words[k]] for k in range(max(first - 2, 0), min(last + 3, len(sight.words)))}
        total = self._first(sight, brought, first) + self._last(sight, brought, last) + self._whole(sight, first, last)
        total += self._always + self._part.get(sight.scene.part.value, 0)
        total += self._names.get(features.names(sight.scene), 0)
        total += sum([brought[k].holds for k in range(first, last + 1)])
        return total + brought[first + 1].second + brought[last - 1].former if last > first else total

    def _first(self, sight: Sight, brought: Mapping[int, Brought] | list[Brought], k: int) -> int:
        """What the traits of :meth:`Sight.at_first` come to."""
        text = sight.row[k].text
        total = brought[k].first + self._begins.get(sight.begins[k], 0)
        if k:
            words = sight.words
            total += brought[k - 1].before + self._groups.get(f"before {words[k - 1].group} {words[k].group}", 0)
            if k > 1:
                total += brought[k - 2].earlier
        else:
            total += self._at_begin
        if governed := sight.governed[k]:
            total += self._governed.get(governed, 0)
        if sight.ctx.is_place(text):
            total += self._placed
        return total + self._own if text in sight.ctx.own_names else total

    def _last(self, sight: Sight, brought: Mapping[int, Brought] | list[Brought], k: int) -> int:
        """What those of :meth:`Sight.at_last` come to."""
        total = brought[k].last + self._ends.get(sight.ends[k], 0)
        if k + 1 < len(sight.words):
            words = sight.words
            total += brought[k + 1].after + self._groups.get(f"after {words[k].group} {words[k + 1].group}", 0)
            if k + 2 < len(sight.words):
                total += brought[k + 2].later
        else:
            total += self._at_end
        summed = sight.summed[k]
        return total if summed is None else total + self._summed.get(f"up {summed}", 0)

    def _whole(self, sight: Sight, first: int, last: int) -> int:
        """What those of :meth:`Sight.of_whole` come to."""
        told, row, w = sight.words, sight.row, sight.ctx.words
        begin, end = row[first].begin, row[last].end
        text = sight.ctx.norm[begin:end]
        before = told[first - 1].kind if first else "begin"
        after = told[last + 1].kind if last + 1 < len(row) else "end"
        size, count = end - begin, last - first + 1
        tags = sight.tags
        if count > 1:
            inside = told[first : last + 1]
            kinds = sight.kinds(first, last)
            least = LEVELS[min([word.level for word in inside])]
            total = (
                self._rare[min(sum([word.rare for word in inside]), 3)]
                + self._single[min(sum([unit.end - unit.begin == 1 for unit in row[first : last + 1]]), 4)]
                + self._words[count if count < 8 else 8]
                + self._tags.get(tags[first : first + 4 if count > 4 else last + 1], 0)
                + self._closing.get(f"tags {tags[max(first, last - 2) : last + 1]}", 0)
                + self._groups.get(f"first {inside[0].group} {inside[1].group}", 0)
                + self._groups.get(f"last {inside[-2].group} {inside[-1].group}", 0)
                + self._closing.get(f"{inside[-2].said} {inside[-1].said}", 0)
            )
            if kinds:
                for k in range(first + 1, last):
                    if told[k].kind in JOINING:
                        total += self._of_joint(sight.joint(first, k))
        else:
            word, tag = told[first], tags[first]
            kinds = "" if word.kind == "word" else word.kind
            least = LEVELS[word.level]
            total = (
                self._rare[word.rare]
                + self._single[0]
                + self._words[1]
                + self._tags.get(tag, 0)
                + self._closing.get(f"tags {tag}", 0)
            )
        if text in w.general:
            total += self._general
        grade = "no"
        head = w.heads.closing(text)
        if head is not None:
            grade = head.grade + (" sign" if len(head.word) == 1 else "")
            get = self._head.get
            total += get(head.word, 0) + get(f"{head.word} {before}", 0) + get(f"{head.word} {least}", 0)
        honour = w.honours.closing(text)
        if honour is not None:
            total += self._honour.get(honour.word, 0)
        summed = sight.summed[last]
        if summed is not None:
            total += self._grade.get(f"{grade} in {summed}", 0)
        placed = "True" if sight.ctx.is_place(row[first].text) else "False"
        found = (grade, kinds, before, after, least, placed)
        graded = self._graded.get(found)
        if graded is None:
            graded = self._graded[found] = self._of_grade(*found)
        return (
            total
            + graded
            + self._lengths[size if size < 12 else 12]
            + self._shared[min(w.generic.get(text, 0), features.SHARED)]
            + self._edges.get(f"{sight.begins[first]} {sight.ends[last]} {kinds}", 0)
            + self._of_others(sight, first, last, before, after)
        )

    def _of_grade(self, grade: str, kinds: str, before: str, after: str, least: str, placed: str) -> int:
        get = self._grade.get
        return (
            get(grade, 0)
            + get(f"{grade} of {kinds}", 0)
            + get(f"{grade} behind {before}", 0)
            + get(f"{grade} ahead of {after}", 0)
            + get(f"{grade} used {least}", 0)
            + get(f"{grade} placed {placed}", 0)
            + self._around.get(f"{before} {after}", 0)
            + self._kinds.get(kinds, 0)
            + self._least[least]
        )

    def _of_joint(self, joint: Joint) -> int:
        get = self._joint.get
        total = self._joined.get(f"by {joint.said}", 0)
        total += get(f"{joint.kind} {joint.tags}", 0) + get(f"{joint.kind} at {joint.at}", 0)
        if joint.behind != "no":
            total += get(f"{joint.kind} behind {joint.behind}", 0)
        return total + get(f"{joint.kind} placed", 0) if joint.placed else total

    def _of_others(self, sight: Sight, first: int, last: int, before: str, after: str) -> int:
        relations = sight.relations(first, last)
        total = self._found.get(str(len(relations)), 0)
        for relation in relations:
            total += self._found.get(relation, 0)
        return total + self._beside.get(sight.beside(first, last, before, after), 0)


def hundredths(told: str) -> int:
    """A weight as it stands in a table.

    >>> hundredths("-0.57")
    -57
    """
    return round(100 * float(told))


def weights() -> dict[str, int]:
    """By trait: what it says for a name, in hundredths; read from the table each time."""
    return {trait: hundredths(weight) for trait, weight in table("name_weights.tsv", "trait", "weight")}


@kept_on_disk
def _families() -> dict[str, dict[str, int]]:
    return features.families(weights())


@lru_cache(maxsize=1)
def scale() -> Scale:
    """The weights of names, made ready once per process."""
    return Scale(_families())
