"""Scoring: by hand on small cases, and against the scorer that judges exported graphs, where that is there."""

from __future__ import annotations

import dataclasses
import hashlib
import importlib.util
import json
import random
from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from kg.errors import DataError, ReadError
from kg.evaluate import (
    Miss,
    Result,
    Scores,
    Share,
    Source,
    Tally,
    evaluate,
    load_gold,
    main_table,
    report_of,
    score,
    text_of,
)
from kg.model import (
    Bound,
    Entity,
    EntityClass,
    Extraction,
    Measure,
    Modality,
    Observation,
    Part,
    Period,
    Predicate,
    Relation,
    Report,
    Section,
    Span,
    Status,
)
from tests.evaluation import GOLDS, SHARED

ANNOTATION: dict[str, Any] = {
    "report": "made-up",
    "area": "甲区",
    "year": 2011,
    "scope": [0, 10],
    "entities": [
        {"id": "e1", "name": "甲区", "types": ["AdministrativeArea"], "aliases": ["我区"], "status": None},
        {"id": "e2", "name": "乙湖公园", "types": ["Park", "Project"], "aliases": ["乙湖"], "status": "underway"},
        {"id": "e3", "name": "丙大桥", "types": ["Project"], "aliases": [], "status": ["planned", None]},
        {"id": "e4", "name": "丁集团", "types": ["Enterprise"], "aliases": [], "status": None, "optional": True},
    ],
    "observations": [
        {
            "id": "o1",
            "indicator": "地区生产总值",
            "aliases": ["GDP"],
            "area": "甲区",
            "period": "2010",
            "measure": "level",
            "modality": "actual",
            "value": 36315000000,
            "unit": "元",
            "bound": "eq",
            "text": "363.15亿元",
        },
        {
            "id": "o2",
            "indicator": "人口出生率",
            "area": "甲区",
            "period": None,
            "measure": "level",
            "modality": "actual",
            "value": 8.5,
            "unit": "‰",
            "bound": "eq",
            "text": "8.5‰",
        },
        {
            "id": "o3",
            "indicator": "停车位数",
            "area": "乙湖公园",
            "period": "2010",
            "measure": "level",
            "modality": "actual",
            "value": 300,
            "unit": "个",
            "bound": "eq",
            "text": "300个",
            "optional": True,
        },
    ],
    "relations": [
        {"id": "r1", "subject": "乙湖", "predicate": "locatedIn", "object": "我区"},
        {"id": "r2", "subject": "丁集团", "predicate": "settledIn", "object": "甲区", "optional": True},
    ],
}

SPAN = (Span(0, 1),)
AREA = Entity("甲区", (EntityClass.ADMINISTRATIVE_AREA,), ("乙市甲区",), SPAN, own_area=True)
PARK = Entity("乙湖公园", (EntityClass.PARK,), (), SPAN, Status.UNDERWAY)
BRIDGE = Entity("丙大桥", (EntityClass.PROJECT,), (), SPAN, Status.PLANNED)
GROUP = Entity("丁集团", (EntityClass.ENTERPRISE,), (), SPAN)
GDP = Observation(
    "生产总值",
    ("地区生产总值",),
    "甲区",
    Period("2010"),
    Measure.LEVEL,
    Modality.ACTUAL,
    Bound.EQ,
    Decimal("36315000000"),
    "元",
    "363.15亿元",
    SPAN,
)
BIRTHS = dataclasses.replace(
    GDP, indicator="出生率", wordings=("人口出生率",), value=Decimal("8.5"), unit="‰", value_text="8.5‰", period=None
)
PARKING = dataclasses.replace(
    GDP, indicator="停车位数", wordings=(), area="乙湖公园", value=Decimal(300), unit="个", value_text="300个"
)
LIES_IN = Relation("乙湖公园", Predicate.LOCATED_IN, "甲区", SPAN)


def a_report(text: str) -> Report:
    section = Section(Span(0, len(text)), 1, None, Part.REVIEW)
    return Report(text, "made-up.txt", "0" * 64, None, None, None, None, None, None, Span(0, len(text)), (section,), ())


def extraction(
    entities: Sequence[Entity] = (AREA, PARK, BRIDGE),
    observations: Sequence[Observation] = (GDP, BIRTHS),
    relations: Sequence[Relation] = (LIES_IN,),
) -> Extraction:
    return Extraction(a_report("甲区"), tuple(entities), tuple(observations), tuple(relations), "rjieba")


@pytest.fixture
def annotation(tmp_path: Path) -> Path:
    path = tmp_path / "made-up.gold.json"
    path.write_text(json.dumps(ANNOTATION, ensure_ascii=False), encoding="utf-8")
    return path


@pytest.fixture
def marked(annotation: Path) -> Any:
    gold = load_gold(annotation)

    def mark(*args: Any, **kwargs: Any) -> Scores:
        return score(gold, extraction(*args, **kwargs))

    return mark


def test_all_right(marked: Any) -> None:
    scores = marked()
    assert scores.entities == scores.names == Tally(3, 3, 3)
    assert scores.observations == scores.figures == Tally(2, 2, 2)
    assert scores.relations == Tally(1, 1, 1)
    assert scores.status == Share(2, 2)
    assert not any(scores.misses.values())


def shown(misses: Sequence[Miss]) -> tuple[str, ...]:
    return tuple(map(str, misses))


def test_nothing_at_all(marked: Any) -> None:
    scores = marked((), (), ())
    assert scores.entities == Tally(0, 0, 3)
    assert scores.observations == Tally(0, 0, 2)
    assert scores.status == Share(0, 0)
    assert scores.values() == dict.fromkeys(("entities", "names", "observations", "figures", "relations"), 0.0)
    assert len(scores.misses["entities missed"]) == 3
    assert scores.misses["observations missed or not wholly right"][0].detail == "no such figure"


def test_what_is_optional_neither_helps_nor_harms(marked: Any) -> None:
    settled = Relation("丁集团", Predicate.SETTLED_IN, "甲区", SPAN)
    wrong = dataclasses.replace(GROUP, classes=(EntityClass.PERSON,))
    plain = marked()
    for group in (GROUP, wrong):
        for parking in (PARKING, dataclasses.replace(PARKING, measure=Measure.GROWTH)):
            scores = marked((AREA, PARK, BRIDGE, group), (GDP, BIRTHS, parking), (LIES_IN, settled))
            assert scores.values() == plain.values()


def test_a_wrong_class_costs_the_entity_but_not_the_name(marked: Any) -> None:
    scores = marked((AREA, dataclasses.replace(PARK, classes=(EntityClass.FACILITY,)), BRIDGE))
    assert (scores.entities, scores.names) == (Tally(2, 3, 3), Tally(3, 3, 3))
    assert shown(scores.misses["entities of the wrong class"]) == ("乙湖公园 Park/Project, given as Facility",)


def test_a_second_node_and_an_invention_cost_precision(marked: Any) -> None:
    twin = Entity("乙湖", (EntityClass.PARK,), (), SPAN, Status.UNDERWAY)
    scores = marked((AREA, PARK, BRIDGE, twin, dataclasses.replace(PARK, name="戊河")))
    assert scores.names == Tally(3, 5, 3)
    assert shown(scores.misses["entities not annotated"]) == ("乙湖: a second node for 乙湖公园", "戊河 Park")


@pytest.mark.parametrize("given", [None, Status.COMPLETED])
def test_status(given: Status | None, marked: Any) -> None:
    assert marked((AREA, PARK, dataclasses.replace(BRIDGE, status=given))).status == Share(1, 2)


@pytest.mark.parametrize(
    "change",
    [
        {"period": Period("2011")},
        {"period": None},
        {"measure": Measure.GROWTH},
        {"modality": Modality.TARGET},
        {"area": "丙大桥"},
        {"indicator": "出口额", "wordings": ("出口额",)},
    ],
)
def test_each_part_of_an_observation_counts(change: dict[str, Any], marked: Any) -> None:
    scores = marked(observations=(dataclasses.replace(GDP, **change), BIRTHS))
    assert (scores.observations, scores.figures) == (Tally(1, 2, 2), Tally(2, 2, 2))
    assert len(scores.misses["observations missed or not wholly right"]) == 1
    assert "given as 363.15亿元" in scores.misses["observations missed or not wholly right"][0].detail


@pytest.mark.parametrize("change", [{"value": Decimal("36315")}, {"unit": "美元"}])
def test_a_wrong_figure_is_no_figure(change: dict[str, Any], marked: Any) -> None:
    scores = marked(observations=(dataclasses.replace(GDP, **change), BIRTHS))
    assert (scores.observations, scores.figures) == (Tally(1, 2, 2), Tally(1, 2, 2))


@pytest.mark.parametrize("change", [{"area": None}, {"area": "甲区"}, {"bound": Bound.GE}, {"unit": " 元"}])
def test_what_does_not_matter(change: dict[str, Any], marked: Any) -> None:
    assert marked(observations=(dataclasses.replace(GDP, **change), BIRTHS)).observations == Tally(2, 2, 2)


def test_a_period_that_is_not_annotated_may_be_given(marked: Any) -> None:
    assert marked(observations=(GDP, dataclasses.replace(BIRTHS, period=Period("2009")))).observations.right == 2


def test_a_figure_counts_once(marked: Any) -> None:
    scores = marked(observations=(GDP, GDP, BIRTHS))
    assert scores.observations == scores.figures == Tally(2, 3, 2)


def test_relations(marked: Any) -> None:
    turned = Relation("甲区", Predicate.LOCATED_IN, "乙湖公园", SPAN)
    unknown = Relation("甲区", Predicate.LOCATED_IN, "己市", SPAN)
    scores = marked(relations=(turned, unknown))
    assert scores.relations == Tally(0, 2, 1)
    assert shown(scores.misses["relations missed"]) == ("乙湖公园 locatedIn 甲区",)
    assert shown(scores.misses["relations not annotated"]) == ("甲区 locatedIn 乙湖公园", "甲区 locatedIn 己市")


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("{", "not JSON"),
        (b"\xff\xfe", "not JSON in UTF-8"),
        ("[]", "not an annotation"),
        ('{"report": "a"}', "the key 'area' is missing"),
        (json.dumps({**ANNOTATION, "entities": []}), "which is not among the entities"),
        (json.dumps({**ANNOTATION, "entities": [3]}), "not an annotation"),
    ],
)
def test_a_malformed_annotation_is_an_error_with_its_file(content: str | bytes, message: str, tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    with pytest.raises(DataError, match=message) as caught:
        load_gold(path)
    assert str(caught.value).startswith(str(path))


def test_a_missing_annotation_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="cannot read the annotation"):
        load_gold(tmp_path / "nowhere.json")


# --- annotations whose text lies elsewhere ----------------------------------------------------------------

WHOLE = """甲区2011年政府工作报告
区长 李明
一、2010年工作回顾
2010年，地区生产总值达363.15亿元，增长12.5%。建成乙湖公园。
丙大桥动工。
"""
TITLE, HEADING, BRIDGE_LINE = WHOLE.index("\n"), WHOLE.index("一、"), WHOLE.index("丙")
PIECES = (WHOLE[:TITLE], WHOLE[HEADING:BRIDGE_LINE], WHOLE[BRIDGE_LINE:-1])


def sourced(**changed: Any) -> dict[str, Any]:
    source = {
        "file": "corpus/甲区/2011.txt",
        "sha256": hashlib.sha256(WHOLE.encode()).hexdigest(),
        "stretches": [[0, TITLE], [HEADING, BRIDGE_LINE], [BRIDGE_LINE, len(WHOLE) - 1]],
    }
    return {**ANNOTATION, "source": {**source, **changed}}


@pytest.fixture
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An annotation with a source, and the shared folder that has the text."""
    text = tmp_path / "shared" / "corpus" / "甲区" / "2011.txt"
    text.parent.mkdir(parents=True)
    text.write_bytes(WHOLE.encode())
    monkeypatch.setenv("KG_SHARED", str(tmp_path / "shared"))
    path = tmp_path / "made-up.json"
    path.write_text(json.dumps(sourced(), ensure_ascii=False), encoding="utf-8")
    return path


def test_the_text_is_put_together_from_its_source(elsewhere: Path) -> None:
    gold = load_gold(elsewhere)
    assert isinstance(gold.source, Source) and gold.source.file == "corpus/甲区/2011.txt"
    report = report_of(gold, elsewhere)
    # a line end between the first two, which have none there, and none more between the others
    assert report.text == "\n".join(PIECES[:2]) + PIECES[2]
    assert report.sha256 == hashlib.sha256(report.text.encode()).hexdigest()
    result = evaluate(elsewhere)
    assert result.sourced and result.text_sha256 == report.sha256
    beside = elsewhere.with_name("given.txt")
    beside.write_text(report.text, encoding="utf-8")
    assert evaluate(elsewhere, beside).scores == result.scores


def test_a_source_that_is_not_there_is_an_error_with_its_file(elsewhere: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KG_SHARED", str(elsewhere.parent / "nowhere"))
    with pytest.raises(ReadError, match=r"nowhere/corpus/甲区/2011\.txt: no such file.*KG_SHARED names the folder"):
        evaluate(elsewhere)
    monkeypatch.setattr("kg.evaluate.reports.shared_folder", lambda: None)
    with pytest.raises(ReadError, match=r"made-up\.json: its text is not part of the project.*KG_SHARED"):
        evaluate(elsewhere)


def test_another_source_than_was_annotated_is_an_error(elsewhere: Path) -> None:
    text = elsewhere.parent / "shared" / "corpus" / "甲区" / "2011.txt"
    text.write_bytes(WHOLE.replace("363", "364").encode())
    with pytest.raises(DataError, match=r"2011\.txt: not the file that was annotated"):
        evaluate(elsewhere)
    text.write_bytes(WHOLE.encode())
    data = sourced(stretches=[[0, len(WHOLE) + 1]])
    elsewhere.write_text(json.dumps(data, ensure_ascii=False), encoding="utf-8")
    with pytest.raises(DataError, match=rf"2011\.txt: annotated up to {len(WHOLE) + 1}, but {len(WHOLE)} characters"):
        evaluate(elsewhere)


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"file": "../2011.txt"}, "not below the shared folder"),
        ({"file": "/corpus/2011.txt"}, "not below the shared folder"),
        ({"stretches": []}, "not in order"),
        ({"stretches": [[5, 9], [0, 3]]}, "not in order"),
        ({"stretches": [[5, 5]]}, "not in order"),
        ({"stretches": [[-1, 5]]}, "not in order"),
        ({"stretches": [5]}, "not an annotation"),
        ({"file": None}, "not an annotation"),
    ],
)
def test_a_malformed_source_is_an_error_of_the_annotation(
    changed: dict[str, Any], message: str, elsewhere: Path
) -> None:
    elsewhere.write_text(json.dumps(sourced(**changed), ensure_ascii=False), encoding="utf-8")
    with pytest.raises(DataError, match=message) as caught:
        load_gold(elsewhere)
    assert str(caught.value).startswith(str(elsewhere))


def test_table() -> None:
    tally = Tally(1, 2, 2)
    scores = Scores(tally, tally, tally, tally, tally, Share(0, 0))
    better = dataclasses.replace(scores, status=Share(3, 4), names=Tally(2, 2, 2))
    assert main_table([Result("a", scores, "", ""), Result("b", better, "", "")]) == (
        ("report", "entities", "names", "observations", "figures", "relations", "status"),
        ("a", "0.500", "0.500", "0.500", "0.500", "0.500", "-"),
        ("b", "0.500", "1.000", "0.500", "0.500", "0.500", "0.750"),
        ("mean", "0.500", "0.750", "0.500", "0.500", "0.500", "0.750"),
    )
    assert len(main_table([Result("a", scores, "", "")])) == 2


def test_the_same_twice() -> None:
    gold = GOLDS["haizhu-2011"]
    assert evaluate(gold) == evaluate(gold)


# --- against the scorer of exported graphs ----------------------------------------------------------------

PEER = SHARED / "evaluation" / "score.py"


@pytest.fixture(scope="module")
def peer() -> ModuleType:
    if not PEER.exists():
        pytest.skip(f"score.py is not in {PEER.parent}; KG_SHARED names another folder")
    spec = importlib.util.spec_from_file_location("peer_score", PEER)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def as_read(path: Path) -> Extraction:
    """The annotation as if it had been extracted."""
    gold = load_gold(path)
    main_name = {name: e.names[0] for e in gold.entities for name in e.names}
    entities = [
        Entity(
            e.names[0],
            tuple(sorted(map(EntityClass, e.classes))),
            e.names[1:],
            SPAN,
            Status(min(e.statuses)) if e.statuses else None,
        )
        for e in gold.entities
    ]
    observations = [
        Observation(
            q.wordings[0],
            q.wordings,
            main_name.get(q.area, q.area),
            Period(q.period) if q.period else None,
            Measure(q.measure),
            Modality(q.modality),
            Bound.EQ,
            Decimal(repr(q.value)),
            q.unit,
            q.text,
            SPAN,
        )
        for q in gold.observations
    ]
    relations = [
        Relation(main_name[r.subject], Predicate(r.predicate), main_name[r.object], SPAN) for r in gold.relations
    ]
    return extraction(entities, observations, relations)


def spoiled(perfect: Extraction, seed: int) -> Extraction:
    """The same with things left out, doubled, renamed and changed, a fifth of them."""
    chance = random.Random(seed)
    entities: list[Entity] = []
    for e in perfect.entities:
        match chance.randrange(25):
            case 0:
                continue
            case 1:
                e = dataclasses.replace(e, name=e.name + "某")
            case 2:
                e = dataclasses.replace(e, classes=(chance.choice(list(EntityClass)),))
            case 3:
                e = dataclasses.replace(e, status=chance.choice([None, *Status]))
            case 4:
                entities.append(dataclasses.replace(e, name="又" + e.name, aliases=(e.name,)))
            case _:
                pass
        entities.append(e)
    observations: list[Observation] = []
    for o in perfect.observations:
        match chance.randrange(30):
            case 0:
                continue
            case 1:
                o = dataclasses.replace(o, period=chance.choice([None, Period("2010"), Period("2006/2010")]))
            case 2:
                o = dataclasses.replace(o, measure=chance.choice(list(Measure)), modality=chance.choice(list(Modality)))
            case 3:
                o = dataclasses.replace(o, area=chance.choice([None, "某地", *(e.name for e in entities)]))
            case 4:
                o = dataclasses.replace(o, value=o.value + 1)
            case 5:
                o = dataclasses.replace(o, indicator=o.indicator[: len(o.indicator) // 2] or "值", wordings=())
            case 6:
                observations.append(dataclasses.replace(o, value_text="又", area=chance.choice([o.area, "某地"])))
            case _:
                pass
        observations.append(o)
    relations = [r for r in perfect.relations if chance.random() > 0.2]
    names = [e.name for e in entities]
    relations += [
        Relation(chance.choice(names), chance.choice(list(Predicate)), chance.choice(names), SPAN) for _ in range(9)
    ]
    return dataclasses.replace(
        perfect, entities=tuple(entities), observations=tuple(observations), relations=tuple(relations)
    )


def as_turtle(x: Extraction) -> str:
    """As little of a graph as the peer asks for, nodes in the order of the extraction."""

    def text(value: str) -> str:
        return json.dumps(value, ensure_ascii=False)

    lines = [
        "@prefix gwr: <https://w3id.org/gwr/ontology#> .",
        "@prefix skos: <http://www.w3.org/2004/02/skos/core#> .",
        "@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .",
        "@prefix dim: <http://purl.org/linked-data/sdmx/2009/dimension#> .",
        "@prefix val: <http://purl.org/linked-data/sdmx/2009/measure#> .",
        "@prefix att: <http://purl.org/linked-data/sdmx/2009/attribute#> .",
    ]
    node: dict[str, str] = {}

    def named(name: str) -> str:
        if name not in node:
            node[name] = f"<urn:z:{len(node):05d}>"
            lines.append(f"{node[name]} skos:prefLabel {text(name)} .")
        return node[name]

    for i, e in enumerate(x.entities):
        node[e.name] = f"<urn:e:{i:05d}>"
        lines.append(f"{node[e.name]} a {', '.join('gwr:' + c for c in e.classes)} ; skos:prefLabel {text(e.name)} .")
        lines += [f"{node[e.name]} skos:altLabel {text(alias)} ." for alias in (*e.aliases, e.qualified) if alias]
        lines += [f"{node[e.name]} gwr:status gwr:{e.status} ."] if e.status else []
    indicators: dict[str, str] = {}
    for i, o in enumerate(x.observations):
        indicator = indicators.setdefault(o.indicator, f"<urn:i:{len(indicators):05d}>")
        lines.append(f"{indicator} skos:prefLabel {text(o.indicator)} .")
        lines += [f"{indicator} skos:altLabel {text(wording)} ." for wording in o.wordings]
        it = f"<urn:o:{i:05d}>"
        lines.append(
            f"{it} gwr:indicator {indicator} ; val:obsValue {o.value} ; gwr:measure gwr:{o.measure} ;"
            f" gwr:modality gwr:{o.modality} ."
        )
        lines += [f"{it} dim:refArea {named(o.area)} ."] if o.area else []
        lines += [f"{it} dim:refPeriod [ rdfs:label {text(o.period.iso)} ] ."] if o.period else []
        lines += [f"{it} att:unitMeasure [ skos:prefLabel {text(o.unit)} ] ."] if o.unit else []
    lines += [f"{named(r.subject)} gwr:{r.predicate} {named(r.object)} ." for r in x.relations]
    return "\n".join(lines) + "\n"


def by_peer(peer: ModuleType, gold: Path, x: Extraction, folder: Path) -> dict[str, tuple[int, ...]]:
    graph = folder / "graph.ttl"
    graph.write_text(as_turtle(x), encoding="utf-8")
    figures = peer.score(json.loads(gold.read_bytes()), peer.Graph(str(graph)), {})
    return {
        name: (f["right"], f["of"]) if "of" in f else (f["found"], f["given"], f["annotated"])
        for name, f in figures.items()
    }


def by_us(gold: Path, x: Extraction) -> dict[str, tuple[int, ...]]:
    scores = score(load_gold(gold), x)
    peer_names = {"names": "entity names", "status": "project status"}
    return {
        peer_names.get(measure, measure): dataclasses.astuple(getattr(scores, measure))
        for measure in ("entities", "names", "observations", "figures", "relations", "status")
    }


@pytest.mark.parametrize("name", GOLDS)
def test_the_same_figures_as_the_scorer_of_graphs(name: str, peer: ModuleType, tmp_path: Path) -> None:
    gold = GOLDS[name]
    perfect = as_read(gold)
    assert by_us(gold, perfect) == by_peer(peer, gold, perfect, tmp_path)
    for seed in range(12):
        worse = spoiled(perfect, seed)
        assert by_us(gold, worse) == by_peer(peer, gold, worse, tmp_path), f"seed {seed}"


@pytest.mark.parametrize("name", GOLDS)
def test_the_same_figures_on_what_is_extracted(name: str, peer: ModuleType, tmp_path: Path) -> None:
    from kg.extract.extractor import extract
    from kg.text.reader import read_report

    gold = GOLDS[name]
    x = extract(read_report(text_of(gold)), segmenter="rjieba")
    assert by_us(gold, x) == by_peer(peer, gold, x, tmp_path)
