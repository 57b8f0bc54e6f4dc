"""tools/relation_weights.py on three small made-up reports: what is an example, and of what outcome."""

from __future__ import annotations

from pathlib import Path

import pytest

from kg.errors import DataError
from kg.extract.own_relations import CLASSES
from kg.model import Predicate
from kg.text.reader import read_report
from tools.names import load_names, load_relations, names_folder, relations_folder
from tools.regression import OTHERS
from tools.relation_weights import Example, Reading, examples, text_of, weighing

BODY = """{area}2011年政府工作报告
区长 李明
各位代表：
一、2010年工作回顾
实施“{plan}计划”，推进“{slogan}”。
举办{fair}灯光节。
"""
PLACES = {
    "东河区": ("鹭洲英才", "云山通办", "鹭洲"),
    "西河区": ("龙栖英才", "瑞翔通办", "龙栖"),
    "南河区": ("晟联英才", "鲲能通办", "晟联"),
}


def reading(tmp_path: Path, area: str, *, others: bool = False, stretches: tuple[tuple[int, int], ...] = ()) -> Reading:
    plan, slogan, fair = PLACES[area]
    path = tmp_path / f"{area}.txt"
    path.write_text(BODY.format(area=area, plan=plan, slogan=slogan, fair=fair), encoding="utf-8")
    names = {f"“{plan}计划”": plan, f"{plan}计划": plan, slogan: slogan, f"“{slogan}”": slogan, f"{fair}灯光节": fair}
    stated = {("adopts", plan): False, ("hosts", fair): True}
    return Reading(read_report(path), area, names, stated, stretches, others)


def by_predicate(rows: list[Example], predicate: Predicate) -> list[bool | None]:
    return [row.stated for row in rows if row.predicate is predicate]


def test_what_is_annotated_is_the_outcome_and_what_may_be_left_out_is_none(tmp_path: Path) -> None:
    rows = list(examples(reading(tmp_path, "东河区")))
    assert True in by_predicate(rows, Predicate.ADOPTS)
    assert by_predicate(rows, Predicate.HOSTS) == [None]
    assert all(row.places and not row.others for row in rows)


def test_what_is_not_annotated_is_no_example(tmp_path: Path) -> None:
    whole = reading(tmp_path, "东河区")
    begin = whole.report.text.index("举办")
    rows = list(examples(reading(tmp_path, "东河区", stretches=((begin, len(whole.report.text)),))))
    assert {row.predicate for row in rows} == {Predicate.HOSTS}


def test_a_trait_of_three_places_has_a_weight_and_that_of_the_others_is_not_written(tmp_path: Path) -> None:
    rows = [row for area in PLACES for row in examples(reading(tmp_path, area, others=True))]
    weight = weighing(rows)
    assert any(OTHERS in trait for trait in weight)
    assert not any(plan in trait for plan, _, _ in PLACES.values() for trait in weight)
    text = text_of(rows)
    assert OTHERS not in text and text.splitlines()[3] == "trait\tweight\tsource"


@pytest.mark.parametrize("line", ["东河区\tadopts", "东河区\tadopts\t鹭洲计划\tperhaps"])
def test_a_line_that_is_no_relation_is_told(tmp_path: Path, line: str) -> None:
    path = tmp_path / "r.tsv"
    path.write_text(
        f"subject\tpredicate\tobject\treading\n东河区\thosts\t鹭洲灯光节\toptional\n{line}\n", encoding="utf-8"
    )
    with pytest.raises(DataError, match="no relation of a cutting") as error:
        load_relations(path)
    assert error.value.line == 3


def test_the_relations_of_a_cutting_are_between_what_it_names() -> None:
    files = sorted(relations_folder().glob("*.tsv"))
    assert len(files) > 500
    unknown = []
    for file in files:
        cutting = load_names(names_folder() / file.name)
        names = {name for thing in cutting.entities for name in thing.names}
        for relation in load_relations(file):
            assert Predicate(relation.predicate), relation
            if Predicate(relation.predicate) in CLASSES and relation.object not in names:
                unknown.append((file.name, relation))
    assert len(unknown) <= 5, unknown  # named by the text, and not underlined
