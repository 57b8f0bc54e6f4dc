"""tools/name_weights.py on three small made-up reports: it learns what several places have, and always the same."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from kg.evaluate.gold import load_gold
from kg.extract.names.spans import ALWAYS
from kg.model import EntityClass
from kg.text.reader import read_report
from tools import name_weights
from tools.name_weights import OTHERS, Example, Reading, examples, kept_traits, naming, trusting
from tools.names import NamedThing, Names

ROOT = Path(name_weights.__file__).resolve().parents[1]

#: what the reports of all three places say, with the names of each
BODY = """{area}2011年政府工作报告
区长 李明
各位代表：
一、2010年工作回顾
加快推进{name}建设，打通云溪大道。{other}投入使用，云溪大道通车。拓宽云溪大道，改善群众生活，完善服务体系。
推进产业转型，做好日常工作。
"""
PLACES = {
    "东河区": ("鹭洲水乡", "云山古渡"),
    "西河区": ("龙栖水乡", "瑞翔古渡"),
    "南河区": ("晟联水乡", "鲲能古渡"),
}


@pytest.fixture(scope="module")
def annotations(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """The arguments that name the three annotations and their texts."""
    folder = tmp_path_factory.mktemp("weights")
    arguments = []
    for k, (area, (name, other)) in enumerate(PLACES.items()):
        text = BODY.format(area=area, name=name, other=other)
        entities = [
            {"id": "e1", "name": name, "types": ["Facility"], "aliases": [], "optional": False},
            {"id": "e2", "name": other, "types": ["Park"], "aliases": [], "optional": k == 0},
        ]
        gold = {"report": f"r{k}", "area": area, "year": 2011, "entities": entities}
        (folder / f"r{k}.txt").write_text(text, encoding="utf-8")
        (folder / f"r{k}.json").write_text(json.dumps(gold | {"observations": [], "relations": []}), encoding="utf-8")
        arguments.append(f"{folder / f'r{k}.json'}={folder / f'r{k}.txt'}")
    return arguments


def reading(gold: str, text: str) -> Reading:
    return Reading.of_gold(load_gold(gold), read_report(Path(text)))


@pytest.fixture(scope="module")
def rows(annotations: list[str]) -> list[Example]:
    pairs = [argument.split("=") for argument in annotations]
    return [row for gold, text in pairs for row in examples(reading(gold, text))[0]]


@pytest.fixture(scope="module")
def ruled(annotations: list[str]) -> list[Example]:
    pairs = [argument.split("=") for argument in annotations]
    return [row for gold, text in pairs for row in examples(reading(gold, text))[1]]


def test_what_the_rules_find_and_no_reader_names_speaks_against_its_traits(ruled: list[Example]) -> None:
    assert {(row.text, row.named) for row in ruled} >= {("云溪大道", 0.0)}
    weights = trusting(ruled)
    (road, *_) = [row for row in ruled if row.text == "云溪大道"]
    assert "rule head:大道" in road.traits and sum(weights.get(t, 0.0) for t in road.traits) < 0


def test_what_a_reader_names_is_told_from_what_he_may_name_and_what_not(rows: list[Example]) -> None:
    named = {(row.text, row.named): row.classes for row in rows if row.named}
    assert named == {
        ("鹭洲水乡", 1.0): {EntityClass.FACILITY},
        ("龙栖水乡", 1.0): {EntityClass.FACILITY},
        ("晟联水乡", 1.0): {EntityClass.FACILITY},
        ("云山古渡", 0.5): {EntityClass.PARK},
        ("瑞翔古渡", 1.0): {EntityClass.PARK},
        ("鲲能古渡", 1.0): {EntityClass.PARK},
    }
    others = {row.text for row in rows if not row.named}
    assert "群众生活" in others
    assert "日常工作" in others, "sentences without a name tell what is none, too"


def test_a_trait_of_fewer_than_three_places_has_no_weight(rows: list[Example]) -> None:
    areas: dict[str, set[str]] = {}
    for row in rows:
        for trait in row.traits:
            areas.setdefault(trait, set()).add(row.area)
    few = {trait for trait, found in areas.items() if len(found) < 3}
    assert few and few.isdisjoint(kept_traits((row.area, row.traits) for row in rows)) and few.isdisjoint(naming(rows))
    assert kept_traits((row.area, row.traits) for row in rows) == areas.keys() - few
    assert naming(rows[: len(rows) // 3]).keys() == {ALWAYS}, "one place gives no weights but the threshold"


def test_what_names_have_in_common_speaks_for_a_name(rows: list[Example]) -> None:
    weights = naming(rows)

    def total(text: str) -> float:
        return next(sum(weights.get(t, 0.0) for t in row.traits) for row in rows if row.text == text)

    assert total("鹭洲水乡") > 0 > total("群众生活")


def test_the_tables_are_the_same_whatever_the_hash_seed(annotations: list[str], tmp_path: Path) -> None:
    tables = []
    for seed in ("1", "2"):
        out = tmp_path / seed
        out.mkdir()
        subprocess.run(
            [sys.executable, "-m", "tools.name_weights", *annotations, "--out", str(out)],
            cwd=ROOT,
            env=os.environ | {"PYTHONHASHSEED": seed, "PYTHONPATH": str(ROOT), "PYTHONUTF8": "1"},
            check=True,
        )
        tables.append({path.name: path.read_text(encoding="utf-8") for path in sorted(out.iterdir())})
    assert tables[0] == tables[1]
    assert tables[0].keys() == {"name_weights.tsv", "doubt_weights.tsv", "class_weights.tsv"}
    for text in tables[0].values():
        lines = text.splitlines()
        assert all(line.startswith("#") for line in lines[:3]) and lines[3].split("\t")[0::2] == ["trait", "source"]
    assert {
        c for line in tables[0]["class_weights.tsv"].splitlines()[4:] for c in line.split("\t")[1].split()[::2]
    } >= {
        "Facility",
        "Park",
    }


def test_of_a_cutting_only_the_stretches_that_were_read_are_learnt_from(annotations: list[str]) -> None:
    gold, text = annotations[1].split("=")
    report = read_report(Path(text))
    begin = report.text.index("加快推进龙栖水乡")
    end = report.text.index("推进产业转型")
    things = (NamedThing(("龙栖水乡",), ("Facility",), False), NamedThing(("云溪大道",), ("Facility",), True))
    names = Names("西河区", 2011, "r1.txt", "", ((begin, end),), things)
    read = Reading.of_names(names, report)
    left_over, ruled, _ = examples(read)
    assert {row.text for row in left_over} >= {"龙栖水乡", "群众生活"}
    assert "日常工作" not in {row.text for row in left_over}, "another stretch"
    assert ("云溪大道", 0.5) in {(row.text, row.named) for row in ruled}
    assert all(OTHERS in row.traits for row in [*left_over, *ruled])
    assert load_gold(gold).area == "西河区"
