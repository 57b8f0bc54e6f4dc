"""What all other members of a list are, a member is, too."""

from __future__ import annotations

import pytest

from kg.extract.lexicon import tokenize
from kg.extract.names.alike import alike
from kg.extract.names.candidates import Candidate, Scene
from kg.extract.names.finder import Finder
from kg.extract.names.learned import LEARNED
from kg.model import EntityClass as C
from kg.model import Span
from kg.text.reader import make_report

HEAD = "东河区2011年政府工作报告\n区长 李明\n各位代表：\n一、2010年工作回顾\n"


def scene(names: list[str], classes: list[set[C]], rules: list[str]) -> Scene:
    """The sentence that lists the names, each of them a candidate of the classes and the rule."""
    text = HEAD + "、".join(names) + "加快推进。\n"
    report = make_report(text, source="", sha256="")
    made = list(Finder(report, report.norm, tokenize(report.norm)).sentences())[-1]
    made.candidates = []
    for name, kinds, rule in zip(names, classes, rules, strict=True):
        begin = text.index(name)
        made.candidates.append(Candidate(Span(begin, begin + len(name)), name, frozenset(kinds), rule))
    return made


def told(classes: list[set[C]], rules: list[str] | None = None) -> list[set[C]]:
    names = ["云溪大道", "鹭洲水厂", "龙栖公园", "鑫瑞中心", "永和广场"][: len(classes)]
    made = scene(names, classes, rules or ["head:x"] * len(classes))
    alike(made)
    return [set(c.classes) for c in made.candidates]


def test_a_member_of_a_list_of_projects_is_one() -> None:
    project = {C.PROJECT, C.FACILITY}
    assert told([project, {C.FACILITY}, project]) == [project, project, project]


def test_one_other_says_nothing() -> None:
    assert told([{C.PROJECT}, {C.FACILITY}]) == [{C.PROJECT}, {C.FACILITY}]


@pytest.mark.parametrize("kind", [C.ADMINISTRATIVE_AREA, C.POLICY, C.HONOUR, C.PERSON])
def test_what_is_no_work_stays_what_it_is(kind: C) -> None:
    assert told([{C.PROJECT}, {kind}, {C.PROJECT}])[1] == {kind}


def test_what_the_network_alone_has_found_is_what_three_others_are() -> None:
    company = {C.ENTERPRISE}
    rules = ["list:企业", LEARNED, "list:企业", "list:企业"]
    assert told([company, {C.POLICY}, company, company], rules)[1] == company
    assert told([company, {C.POLICY, C.PROJECT}, company, company], rules)[1] == company | {C.PROJECT}
    assert told([company, {C.POLICY}, company], rules[:3])[1] == {C.POLICY}
    assert told([company, {C.POLICY}, company, company])[1] == {C.POLICY}, "a rule has told what it is"


def test_what_does_not_stand_in_the_list_is_left_alone() -> None:
    made = scene(["云溪大道", "鹭洲水厂", "龙栖公园"], [{C.PROJECT}, {C.PROJECT}, {C.FACILITY}], ["head:x"] * 3)
    last = made.candidates[-1]
    last.nested = True
    alike(made)
    assert last.classes == {C.FACILITY}
