"""What the network takes for names, and of which classes, beside what rules have found."""

from __future__ import annotations

from pathlib import Path

import pytest

from kg.extract.extractor import extract
from kg.extract.names.learned import classes_of
from kg.extract.names.network import CLASSES
from kg.model import EntityClass as C
from kg.text.reader import read_report

HEAD = "东河区2011年政府工作报告\n区长 李明\n各位代表：\n一、2010年工作回顾\n"


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        ({C.PARK: 100, C.ZONE: -200}, {C.PARK}),
        ({C.PARK: 100, C.ZONE: 50}, {C.PARK, C.ZONE}),  # what is likely is given, too
        ({C.PARK: 100, C.ZONE: -50}, {C.PARK}),  # what it rather is not is left out
        ({C.PARK: 100, C.PROJECT: -50}, {C.PARK, C.PROJECT}),  # but for a project, as most that is built is
        ({C.PARK: -300, C.ZONE: -200}, {C.ZONE}),  # the likeliest of the unlikely
        ({C.PERSON: 100, C.EVENT: 50}, {C.PERSON}),  # a person is nothing else
        ({C.EVENT: 100, C.PERSON: 50}, {C.EVENT}),
    ],
)
def test_the_likeliest_class_is_given(told: dict[C, int], expected: set[C]) -> None:
    assert classes_of([told.get(c, -900) for c in CLASSES]) == expected


def classes(tmp_path: Path, sentence: str, name: str, *without: str) -> set[C]:
    (tmp_path / "report.txt").write_text(HEAD + sentence, encoding="utf-8")
    extraction = extract(read_report(tmp_path / "report.txt"), without=without)
    return next(set(e.classes) for e in extraction.entities if e.name == name)


def test_what_a_head_calls_a_facility_is_a_project_where_its_sentence_says_so(tmp_path: Path) -> None:
    sentence = "加快推进轨道交通、云溪客运站、鹭洲水厂等重大项目。"
    assert C.PROJECT in classes(tmp_path, sentence, "云溪客运站")
    assert C.PROJECT in classes(tmp_path, "加快建设云溪公园。", "云溪公园")
    assert C.PROJECT not in classes(tmp_path, "提升云溪公园品质。", "云溪公园", "names.built")
    told = "游客在云溪客运站集散。"
    assert classes(tmp_path, told, "云溪客运站") == classes(tmp_path, told, "云溪客运站", "names.built")


def test_who_is_among_so_many_is_no_name(tmp_path: Path) -> None:
    (tmp_path / "report.txt").write_text(HEAD + "积极引进中国500强及行业100强等龙头企业。", encoding="utf-8")
    assert not [e for e in extract(read_report(tmp_path / "report.txt")).entities if e.name.endswith("强")]
