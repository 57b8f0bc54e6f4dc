"""The second look: the numbers are those of the report, and only what is unsure is asked about."""

from __future__ import annotations

from pathlib import Path

import pytest

from kg.extract.lexicon import tokenize
from kg.extract.names import second_look
from kg.extract.names.doubted import doubts
from kg.extract.names.finder import Finder
from kg.extract.names.forest import Forest
from kg.extract.names.scale import scale
from kg.extract.names.second_look import FOUND, MOST, STRETCH, Look, Whole
from kg.extract.names.spans import Sight
from kg.resources import folder
from kg.text.reader import make_report

TEXT = """东河区2011年政府工作报告
区长 李明
各位代表：
一、2010年工作回顾
推进云溪古渡、云山公园建设,云溪古渡和鹭洲水乡建成开放。培育大项目,引进酒店、精品民宿等项目。
云山公园开放,云溪古渡景区开工,鹭洲水乡接待游客10万人次。建设鹭洲水乡云山段。
"""


@pytest.fixture(scope="module")
def finder() -> Finder:
    report = make_report(TEXT, source="", sha256="")
    return Finder(report, report.norm, tokenize(report.norm))


@pytest.fixture
def looks(finder: Finder) -> list[Look]:
    return [finder.look(scene) for scene in finder.sentences()]


def test_a_look_has_all_that_may_still_become_a_name(finder: Finder, looks: list[Look]) -> None:
    for look in looks:
        assert {s for s in look.stretches if s[0] > 0} == set(scale().stretches(look.sight))
        left = [(c, total) for c, total in doubts(finder.ctx, look.sight.scene, MOST) if total < MOST]
        assert look.doubts == left and all(total >= 0 for _, total in left)


def test_what_the_first_look_doubts_leaves_the_scene(finder: Finder) -> None:
    gone = 0
    for scene in finder.sentences():
        judged = doubts(finder.ctx, scene, MOST)
        before = list(scene.candidates)
        look = finder.look(scene)
        against = [c for c, total in judged if total < 0]
        assert look.against == against
        assert scene.candidates == [c for c in before if c not in against]
        gone += len(against)
    assert gone, "nothing here is doubted"


def test_the_numbers_of_a_stretch(looks: list[Look]) -> None:
    whole = Whole(looks)
    norm = looks[0].sight.ctx.norm
    seen = 0
    for look in looks:
        row = look.sight.row
        spans = [(total, row[first].begin, row[last].end) for total, first, last in look.stretches]
        for (total, begin, end), numbers in zip(spans, whole.of_stretches(look), strict=True):
            told = dict(zip(STRETCH, numbers, strict=True))
            others = [t for t, b, e in spans if (b, e) != (begin, end) and b < end and begin < e]
            assert told["sum"] == total
            assert told["rival"] == max(others, default=-400)
            assert told["rivals"] == min(len(others), 9)
            assert told["length"] == min(end - begin, 12)
            assert told["found"] in (0, 1, 2, 3) and bool(told["found"]) == any(
                c.span.begin < end and begin < c.span.end for c in look.sight.scene.candidates
            )
            same = [
                t
                for other in looks
                for t, first, last in other.stretches
                if norm[other.sight.row[first].begin : other.sight.row[last].end] == norm[begin:end]
            ]
            same.remove(total)
            assert told["elsewhere"] == max(same, default=-400)
            ruled = [c for other in looks for c in other.sight.scene.candidates if c.name == norm[begin:end]]
            assert told["ruled"] == min(len(ruled), 9)
            assert told["others"] == 0
            seen += 1
    assert seen > 10


def test_the_numbers_of_what_a_rule_has_found(looks: list[Look]) -> None:
    whole = Whole(looks, others=True)
    sums: dict[str, list[int]] = {}
    for look in looks:
        for c, total in look.doubts:
            sums.setdefault(c.name, []).append(total)
    assert any(len(each) > 1 for each in sums.values())
    for look in looks:
        for (c, total), numbers in zip(look.doubts, whole.of_found(look), strict=True):
            told = dict(zip(FOUND, numbers, strict=True))
            rest = list(sums[c.name])
            rest.remove(total)
            assert (told["sum"], told["others"], told["length"]) == (total, 1, min(len(c.name), 12))
            assert told["lowest"] == min(rest, default=-400)
            assert told["highest"] == max(rest, default=-400)
            assert told["names"] == min(len(look.sight.scene.candidates), 9)


def test_trees_are_asked_where_the_first_look_is_unsure_and_nowhere_else(
    looks: list[Look], monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = Whole(looks)
    for added in (-10_000, 10_000):
        trees = Forest([(((0, -10_000),), (0, added))])
        monkeypatch.setattr(second_look, "stretch_trees", lambda trees=trees: trees)
        monkeypatch.setattr(second_look, "found_trees", lambda trees=trees: trees)
        for look in looks:
            expected = set()
            for total, first, last in look.stretches:
                numeral = any(unit.kind == "number" for unit in look.sight.row[first : last + 1])
                ruled = bool(look.sight.relations(first, last))
                if total > 0 or (added > 0 and not numeral and not ruled):
                    expected.add((first, last))
            assert {(first, last) for _, first, last in whole.stretches(look)} == expected
            honours = [c for c, _ in look.doubts if c.rule.startswith("honour")]
            against = whole.against(look)
            assert against == ([c for c, _ in look.doubts if c not in honours] if added < 0 else [])


def test_the_tables_ask_what_is_told() -> None:
    for file, names in (("second_look_stretches.tsv", STRETCH), ("second_look_found.tsv", FOUND)):
        text = (Path(folder("data")) / file).read_text(encoding="utf-8")
        rows = [line.split("\t") for line in text.splitlines() if not line.startswith("#")][1:]
        assert rows
        for questions, sums, source in rows:
            asked = questions.split(" ")
            assert {question.partition(">")[0] for question in asked} <= set(names)
            assert len(sums.split(" ")) == 2 ** len(asked)
            assert source


def test_what_rules_have_found_begins_and_ends_where_it_does(finder: Finder) -> None:
    seen = 0
    for scene in finder.sentences():
        sight = Sight(finder.ctx, scene)
        row = sight.row
        free = [c for c in scene.candidates if not c.nested]
        begins, ends = {c.span.begin for c in free}, {c.span.end for c in free}
        whole = [c for c in free if c.span.begin in {u.begin for u in row} and c.span.end in {u.end for u in row}]
        seen += len(whole)
        for k, unit in enumerate(row):
            assert not sight.begins_name(k) or unit.begin in begins
            assert not sight.ends_name(k) or unit.end in ends
        for c in whole:
            assert any(sight.begins_name(k) for k, unit in enumerate(row) if unit.begin == c.span.begin)
            assert any(sight.ends_name(k) for k, unit in enumerate(row) if unit.end == c.span.end)
    assert seen > 3


def test_members_of_a_list_tell_of_each_other(looks: list[Look]) -> None:
    whole = Whole(looks)
    told = []
    for look in looks:
        row, sums = look.sight.row, look.stretches
        for (_, first, _last), numbers in zip(sums, whole.of_stretches(look), strict=True):
            n = dict(zip(STRETCH, numbers, strict=True))
            if first and row[first - 1].kind == "enum":
                if look.sight.ends_name(first - 2):
                    assert n["former"] == 500
                else:
                    assert n["former"] == max([t for t, _, end in sums if end == first - 2], default=-400)
            else:
                assert n["former"] == -400 or row[first - 1].kind == "conj"
            told.append(n["former"])
    assert max(told) > -400 and -400 in told


def test_longer_and_shorter_stretches_speak_of_what_a_rule_has_found(finder: Finder, looks: list[Look]) -> None:
    look = next(look for look in looks if look.doubts)
    c, total = look.doubts[0]
    row = look.sight.row
    first = next(k for k, unit in enumerate(row) if unit.begin == c.span.begin)
    last = next(k for k, unit in enumerate(row) if unit.end == c.span.end)
    made = Look(look.sight, [(70, first, last + 1), (40, first, last), (30, first, last - 1)], [(c, total)], [])
    told = dict(zip(FOUND, Whole([made]).of_found(made)[0], strict=True))
    assert (told["wider"], told["narrower"], told["across"]) == (70, 30, -400)
