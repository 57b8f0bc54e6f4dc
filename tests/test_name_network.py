"""tools/name_network.py on three small made-up reports: what there is to learn from, and what is written of it."""

from __future__ import annotations

import importlib.util
import json
from base64 import b64decode
from pathlib import Path

import numpy as np
import pytest

from kg.evaluate import default_golds, golds_in
from kg.evaluate.gold import load_gold
from kg.extract.names import reckoning
from kg.extract.names.network import judged
from kg.extract.names.reckoning import Network, kind_of
from kg.extract.names.spans import groups
from kg.extract.names.told import OF_STRETCH, TOLD
from kg.model import EntityClass
from kg.text.reader import read_report
from tools.name_network import (
    Example,
    examples,
    fold_of,
    keys,
    of_stretches,
    put_aside,
    sights_of,
    text_of,
    words_of,
)
from tools.names import NamedThing, Names
from tools.readings import Reading, readings
from tools.sets import FOLDER, SETS
from tools.sets import groups as groups_of

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
    folder = tmp_path_factory.mktemp("network")
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


@pytest.fixture(scope="module")
def found(annotations: list[str]) -> list[Example]:
    return [example for reading in readings(annotations) for example in examples(reading)]


def outcomes(found: list[Example]) -> dict[str, tuple[float, frozenset[EntityClass]]]:
    """By the words of each stretch what is said of it; for a word of no table its signs tell which it is."""
    return {
        "".join(signs(word) for word in example.words[first : last + 1]): named
        for example in found
        for (first, last, _), named in zip(example.stretches, example.named, strict=True)
    }


def signs(word: tuple[str, ...]) -> str:
    return dict(zip(TOLD, word, strict=True))["word"]


def test_what_a_reader_names_is_told_from_what_he_may_name_and_what_not(found: list[Example]) -> None:
    told = outcomes(found)
    assert {name: of for name, of in told.items() if of[0]} == {
        "鹭洲水乡": (1.0, {EntityClass.FACILITY}),
        "龙栖水乡": (1.0, {EntityClass.FACILITY}),
        "晟联水乡": (1.0, {EntityClass.FACILITY}),
        "云山古渡": (0.5, {EntityClass.PARK}),
        "瑞翔古渡": (1.0, {EntityClass.PARK}),
        "鲲能古渡": (1.0, {EntityClass.PARK}),
    }
    assert told["云溪大道"] == (0.0, frozenset()), "what rules find and no reader names"
    assert told["群众生活"][0] == told["日常工作"][0] == 0.0, "sentences without a name tell what is none, too"


def test_each_word_and_stretch_is_told_as_the_tables_have_it(found: list[Example]) -> None:
    for example in found:
        assert all(len(word) == len(TOLD) for word in example.words)
        assert len(example.stretches) == len(example.named) > 0
        for first, last, of in example.stretches:
            assert 0 <= first <= last < len(example.words) and len(of) == len(OF_STRETCH)


def test_the_tables_have_words_of_many_reports_only(found: list[Example]) -> None:
    known = keys(found)
    assert known.keys() == {*TOLD, *OF_STRETCH}
    assert all(len(set(rows)) == len(rows) for rows in known.values())
    assert all(known[name][0] == "" for name in TOLD)
    for example in found:
        for _, _, of in example.stretches:
            assert all(key in known[name] for name, key in zip(OF_STRETCH, of, strict=True))
    assert set(known["word"]) <= {"", "0"} | groups().keys()
    assert "鹭" in known["first sign"] and "建设" in known["word"]
    assert "begins head" in known["found"]


def test_who_says_it_counts(annotations: list[str], found: list[Example]) -> None:
    assert {example.weight for example in found} == {5.0}, "annotations from elsewhere"
    gold, text = annotations[1].split("=")
    report = read_report(Path(text))
    begin, end = report.text.index("加快推进龙栖水乡"), report.text.index("推进产业转型")
    things = (NamedThing(("龙栖水乡",), ("Facility",), False), NamedThing(("云溪大道",), ("Facility",), True))
    names = Names("西河区", 2011, "r1.txt", "", ((begin, end),), things)
    of = list(examples(Reading.of_names(names, report)))
    assert all(example.others and example.weight == 0.5 for example in of)
    careful = examples(Reading.of_names(names._replace(careful=True), report))
    assert {(example.others, example.weight) for example in careful} == {(False, 1.0)}, "read like the annotations"
    told = outcomes(of)
    assert told["云溪大道"][0] == 0.5 and told["龙栖水乡"][0] == 1.0
    assert "日常工作" not in told, "another stretch than was read"
    assert load_gold(gold).area == "西河区"


def test_the_quarters_part_the_places() -> None:
    places = sorted(PLACES)
    assert sorted(fold_of(place, places) for place in places) == [0, 1, 2]


def test_nothing_is_learnt_from_what_is_put_aside() -> None:
    files, areas = put_aside()
    for name in SETS:
        for group in groups_of(name):
            for gold in map(load_gold, golds_in(FOLDER / name / group)):
                if gold.source is not None:
                    assert (gold.source.file in files) is group.startswith("aside")
    if len(default_golds()) > 1:
        assert {"广东省", "沈阳市"} <= areas and "广州市" not in areas


def test_what_is_written_is_what_was_learnt() -> None:
    rows = np.array([[1, -2, 127], [300, -300, 0]])
    text = text_of({"word": (["", "建设"], rows), "words": (["", "1"], rows)}, {"bias": np.array([5, -5])}, 7)
    lines = [line.split("\t") for line in text.splitlines() if not line.startswith("#")]
    assert lines[0] == ["part", "key", "size", "values", "source"]
    small = np.frombuffer(b64decode(lines[2][3]), "<i1").tolist()
    assert (lines[2][:3], small) == (["word", "建设", "3"], [127, -128, 0]), "kept within eight bits"
    assert np.frombuffer(b64decode(lines[4][3]), "<i2").tolist() == [300, -300, 0]
    assert np.frombuffer(b64decode(lines[5][3]), "<i2").tolist() == [5, -5]


@pytest.mark.skipif(
    importlib.util.find_spec("torch") is None or importlib.util.find_spec("gensim") is None,
    reason="torch and gensim are not installed",
)
def test_what_is_learnt_is_what_the_extraction_adds_up(
    annotations: list[str], found: list[Example], monkeypatch: pytest.MonkeyPatch
) -> None:
    import torch

    from tools import network_training as training

    monkeypatch.setattr(training, "_ROUNDS", 2)
    known = keys(found)
    net = training.learn(found, known, [example.words for example in found])
    tables, layers = training.numbers(net)
    read = Network(
        {
            name: ({key: n for n, key in enumerate(rows)}, numbers.shape[1], written(name, numbers))
            for name, (rows, numbers) in tables.items()
        },
        {name: (numbers.shape, written(name, numbers)) for name, numbers in layers.items()},
    )
    monkeypatch.setattr(reckoning, "network", lambda: read)
    at = {name: {key: row for row, key in enumerate(rows)} for name, rows in known.items()}
    several = 0
    for sight in [sight for reading in readings(annotations) for sight in sights_of(reading.report)]:
        ((_, told_of),) = judged([sight])
        if not told_of.sums:
            continue
        stretches = of_stretches(sight, list(told_of.sums))
        nothing = (0.0, frozenset[EntityClass]())
        example = Example("", False, 1.0, words_of(sight), stretches, [nothing] * len(stretches))
        row = training.Row(at, example.words).add(at, example)
        told, stands, others = training._words([row])
        with torch.no_grad():
            of = torch.zeros(len(row.stretches), dtype=torch.int64)
            name, _ = net(told, stands, others, torch.from_numpy(row.stretches), of)
        for logit, total in zip(name.tolist(), told_of.sums.values(), strict=True):
            assert abs(100 * logit - total) < 15, "but for rounding"
            several += 1
    assert several > 3


def written(name: str, numbers: np.ndarray) -> bytes:
    kind = np.dtype(kind_of(name))
    return np.clip(numbers, np.iinfo(kind).min, np.iinfo(kind).max).astype(kind).tobytes()
