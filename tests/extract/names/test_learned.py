"""Learnt weights: they are read, they hold general vocabulary only, and every trait is one that a chunk can have."""

from __future__ import annotations

import re
from collections import defaultdict
from pathlib import Path

import pytest

from kg.extract.extractor import extract
from kg.extract.lexicon import tokenize
from kg.extract.names import doubted
from kg.extract.names.finder import Finder
from kg.extract.names.learned import classes_of
from kg.extract.names.scale import weights
from kg.extract.names.spans import ALWAYS, Sight
from kg.extract.words import words
from kg.model import EntityClass as C
from kg.resources import folder, table
from kg.text.reader import read_report

HEAD = "东河区2011年政府工作报告\n区长 李明\n各位代表：\n一、2010年工作回顾\n"
TABLES = {name: dict(table(name, "trait", column)) for name, column in (
    ("name_weights.tsv", "weight"), ("doubt_weights.tsv", "weight"), ("class_weights.tsv", "weights"),
)}  # fmt: skip
TRAITS = sorted({trait for rows in TABLES.values() for trait in rows})

#: what traits are told of, before the words that they hold
FAMILIES = re.compile(
    r"always|first|last|holds|before|earlier|after|later|second|former|final|begins|ends|edges|governed by|groups|"
    r"placed|own|summed up|part|names|length|words|around|kinds|tags|closing tags|closing|rare|single|least|shared|"
    r"general|head|grade|honour|joined by|joint|found|beside|no head|listed|class|way|rule|several ways"
)


def held(trait: str) -> list[str]:
    """The words of the text that a trait holds; shapes of numbers ("#0万") are none."""
    told = [part for part in trait.split(" ") if not part.startswith("#")]
    return re.findall(r"[\u4e00-\u9fff]+", " ".join(told))


def test_every_trait_is_of_a_family_that_is_told() -> None:
    for trait in TRAITS:
        family = FAMILIES.match(trait)
        assert family is not None and trait[family.end() : family.end() + 1] in ("", " "), trait


def test_no_trait_holds_a_word_that_is_not_general() -> None:
    """What a report is about has no place in the weights, only how reports are worded."""
    w = words()
    known = (w.general, w.heads, w.list_heads, w.honours, w.governing, w.tail, w.joined)
    for trait in TRAITS:
        for word in held(trait):
            assert len(word) == 1 or any(word in words for words in known), trait


def test_every_weight_is_one_of_a_name_or_of_a_class() -> None:
    for name, rows in TABLES.items():
        assert len(rows) == len(table(name, "trait")), "a trait stands once in a table"
        least = 0.05 if name == "name_weights.tsv" else 0.1
        for told in rows.values():
            cells = told.split()
            assert all(abs(float(weight)) >= least for weight in (cells[1::2] if len(cells) > 1 else cells))
            assert {C(c) for c in cells[:-1:2]} <= set(C)
    # how often such a stretch is a name at all
    assert ALWAYS in weights() and ALWAYS in doubted.weights()


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        ({}, {C.PROJECT}),  # nothing is known: what is built
        ({"a": {C.PARK: 1.0, C.ZONE: -2.0}}, {C.PARK}),
        ({"a": {C.PARK: 1.0, C.ZONE: 0.5}}, {C.PARK, C.ZONE}),  # what is likely is given, too
        ({"a": {C.PARK: 1.0, C.ZONE: -0.5}}, {C.PARK}),  # what it rather is not is left out
        ({"a": {C.PARK: 1.0, C.PROJECT: -0.5}}, {C.PARK, C.PROJECT}),  # but for a project, as most that is built is
        ({"a": {C.PARK: -3.0, C.ZONE: -2.0}}, {C.ZONE}),  # the likeliest of the unlikely
        ({"a": {C.PARK: 1.0}, "b": {C.PARK: -4.0, C.EVENT: 0.5}, "c": {C.EVENT: 9.0}}, {C.EVENT}),
    ],
)
def test_the_likeliest_class_is_given(told: dict[str, dict[C, float]], expected: set[C]) -> None:
    assert classes_of(["a", "b"], defaultdict(dict, told)) == expected


def test_the_traits_of_a_report_are_of_the_same_kinds_and_words() -> None:
    """What the table is held against is what the extractor really asks for."""
    report = read_report(folder("seeds") / "haizhu-2011.txt")
    finder = Finder(report, report.norm, tokenize(report.norm))
    sights = [Sight(finder.ctx, scene) for scene in finder.sentences()]
    found = {t for sight in sights for first, last in sight.stretches() for t in sight.traits(first, last)}
    assert len(found & set(TRAITS)) > 1000
    for trait in found:
        family = FAMILIES.match(trait)
        assert family is not None and trait[family.end() : family.end() + 1] in ("", " "), trait


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
