from __future__ import annotations

import json
from decimal import Decimal

import pyoxigraph as ox
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.errors import UnknownName
from kg.graph.show import Fact, Thing, fold, look_up, similar


def only(store: ox.Store, name: str) -> Thing:
    (thing,) = look_up(store, name)
    return thing


@pytest.mark.parametrize(
    "name",
    ["东湖片区", "东湖", " “东湖”片区 ", "https://w3id.org/gwr/id/entity/江州市江城区/东湖片区"],
)
def test_a_thing_is_found_by_any_name(name: str, small_store: ox.Store) -> None:
    thing = only(small_store, name)
    assert (thing.name, thing.aliases, thing.classes, thing.class_labels) == (
        "东湖片区",
        ("东湖",),
        ("Zone",),
        ("功能区域",),
    )


def test_facts_of_both_directions(small_store: ox.Store) -> None:
    thing = only(small_store, "科技园")
    assert thing.facts == (
        Fact("东湖科技园", "locatedIn", "位于", "东湖片区"),
        Fact("东湖科技园(一期)", "partOf", "属于", "东湖科技园"),
        Fact("东湖科技园二期", "partOf", "属于", "东湖科技园"),
        Fact("甲公司", "operates", "运营", "东湖科技园"),
    )
    assert Fact("东湖科技园二期", "status", "进展", "进行中") in only(small_store, "东湖科技园二期").facts


def test_figures_and_their_series(small_store: ox.Store) -> None:
    thing = only(small_store, "GDP")
    assert [(f.period, f.measure, f.modality, f.value) for f in thing.figures] == [
        ("2006", "level", "actual", Decimal(10_000_000_000)),
        ("2010", "level", "actual", Decimal(25_000_000_000)),
        ("2006/2010", "averageAnnualGrowth", "actual", Decimal("20.1")),
        ("2011/2015", "averageAnnualGrowth", "target", Decimal(12)),
        ("2010", "rank", "actual", Decimal(1)),
    ]
    ((title, row),) = thing.series()
    assert title == "江州市江城区"
    assert [f.text for f in row] == ["100亿元", "250亿元"]
    series = dict(only(small_store, "江城区").series())
    assert [f.text for f in series["第三产业比重"]] == ["40%", "51.5%", "55%以上"]


def test_every_quotation_stands_in_its_sentence(small_store: ox.Store) -> None:
    thing = only(small_store, "地区生产总值")
    assert [q.quotation for q in thing.quotations] == ["100亿元", "250亿元", "20.1%", "第一名", "12%"]
    for q in only(small_store, "江城区").quotations:
        assert q.sentence[q.at : q.at + len(q.quotation)] == q.quotation
        assert q.end - q.begin == len(q.quotation)


def test_as_json_is_json(small_store: ox.Store) -> None:
    data = json.loads(json.dumps(only(small_store, "东湖科技园").as_json()))
    assert data["figures"][0]["value"] == 215 and data["figures"][0]["unit"] == "家"


def test_unknown_names_get_suggestions(small_store: ox.Store) -> None:
    with pytest.raises(UnknownName) as caught:
        look_up(small_store, "东湖科技圆")
    assert caught.value.hint is not None and caught.value.hint.startswith("similar: 东湖科技园")
    with pytest.raises(UnknownName, match="kg query search"):
        look_up(small_store, "qqq")
    assert similar(small_store, "科技") == ["科技园", "东湖科技园", "东湖科技园二期", "东湖科技园(一期)"]


@pytest.mark.parametrize("name", ["", " ", "“”", "\ud800", "\x00", "http://a/b> <c", "gwr:", ":", "a" * 10_000])
def test_odd_names_are_unknown(name: str, small_store: ox.Store) -> None:
    with pytest.raises(UnknownName):
        look_up(small_store, name)


@given(st.text(st.characters(categories=["Lo", "Nd"])))
def test_marks_and_spaces_do_not_count(name: str) -> None:
    assert fold(f"《{name}》 “ ") == fold(name)
