"""What an area adopts, receives and hosts by learnt weights: what they are told, and what they overrule."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from kg.extract import own_relations
from kg.extract.extractor import extract
from kg.extract.own_relations import CLASSES, weights
from kg.extract.words import words
from kg.model import Predicate
from kg.resources import table
from kg.text.reader import read_report

HEAD = "东河区2011年政府工作报告\n区长 李明\n各位代表：\n一、2010年工作回顾\n"
ROWS = dict(table("relation_weights.tsv", "trait", "weight"))
FAMILIES = re.compile(
    r"(?:always|ruled|part|way|class|only|guessed|length|quoted|opens|named|holds|last|first|before|after|verb|ahead|behind"
    r"|cue|opened|among|number)(?= |$)"
)


def found(tmp_path: Path, sentence: str, *without: str) -> set[tuple[str, str, str]]:
    (tmp_path / "report.txt").write_text(HEAD + sentence, encoding="utf-8")
    extraction = extract(read_report(tmp_path / "report.txt"), without=without)
    return {(r.subject, r.predicate.value, r.object) for r in extraction.relations}


def test_every_trait_is_of_a_predicate_and_a_family_that_is_told() -> None:
    for trait in ROWS:
        predicate, _, told = trait.partition(" ")
        assert Predicate(predicate) in CLASSES, trait
        assert FAMILIES.match(told), trait


def test_no_trait_holds_a_word_that_is_not_general() -> None:
    w = words()
    known = (w.general, w.heads, w.list_heads, w.honours, w.governing, w.tail, w.joined)
    for trait in ROWS:
        shown = " ".join(part for part in trait.split(" ") if not part.startswith("#"))
        for word in re.findall(r"[\u4e00-\u9fff]+", shown):
            assert len(word) == 1 or any(word in listed for listed in known), trait


def test_every_weight_is_worth_its_row() -> None:
    assert len(ROWS) == len(table("relation_weights.tsv", "trait"))
    assert all(abs(float(weight)) >= 0.1 for weight in ROWS.values())


@pytest.mark.parametrize(("weight", "stated"), [(9.0, True), (own_relations.MARGIN / 2, False), (-9.0, False)])
def test_what_no_rule_states_is_stated_where_the_weights_are_sure(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, weight: float, stated: bool
) -> None:
    sentence = "以“鹭洲模式”为重点，深化医疗服务改革。"
    bare = found(tmp_path, sentence, "relations.learned", "relations.named_policies")
    assert not {r for r in bare if r[1] == "adopts"}
    monkeypatch.setattr("kg.extract.relations.weights", lambda: {"adopts always": weight})
    told = found(tmp_path, sentence, "relations.named_policies")
    assert (("东河区", "adopts", "鹭洲模式") in told) is stated


@pytest.mark.parametrize(("weight", "kept"), [(9.0, True), (-own_relations.MARGIN / 2, True), (-9.0, False)])
def test_what_a_rule_states_is_taken_back_where_they_are_sure(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, weight: float, kept: bool
) -> None:
    sentence = "实施“鹭洲英才计划”，引进人才三百名。"
    triple = ("东河区", "adopts", "鹭洲英才计划")
    assert triple in found(tmp_path, sentence, "relations.learned")
    monkeypatch.setattr("kg.extract.relations.weights", lambda: {"adopts always": weight})
    assert (triple in found(tmp_path, sentence)) is kept


def test_what_another_has_received_is_left_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    sentence = "鹭洲中学获得“全国文明校园”称号。"
    triple = ("鹭洲中学", "received", "全国文明校园")
    assert triple in found(tmp_path, sentence, "relations.learned")
    for weight in (9.0, -9.0):
        monkeypatch.setattr("kg.extract.relations.weights", lambda weight=weight: {"received always": weight})
        received = {r for r in found(tmp_path, sentence) if r[1] == "received"}
        assert received == {triple}


def test_the_traits_of_a_place_are_those_that_the_table_can_have(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[str] = []

    class Asked(dict[str, float]):
        def get(self, trait: str, default: object = None) -> object:  # type: ignore[override]
            told.append(trait)
            return default

    monkeypatch.setattr("kg.extract.relations.weights", Asked)
    found(tmp_path, "实施“鹭洲英才计划”，举办鹭洲灯光节，获得全国文明城市称号。")
    assert {trait.partition(" ")[0] for trait in told} == {"adopts", "hosts", "received"}
    assert len(set(told) & set(weights())) > 50
    assert all(FAMILIES.match(trait.partition(" ")[2]) for trait in told)
