"""What the explorer's pages are made of: over the seed's graph, and over names that would like to be markup."""

from __future__ import annotations

import asyncio
import hashlib
import json
from decimal import Decimal
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from pyoxigraph import Literal, NamedNode, Quad, Store

from kg.errors import UnknownName
from kg.graph import mapping, store
from kg.graph.iri import INDICATOR_BASE
from kg.graph.vocab import DEFAULT_BASE, PREFIXES, term
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
    Sentence,
    Span,
)
from kg.serve.explorer import charts
from kg.serve.explorer.links import href, spellings
from kg.serve.explorer.marked import render, stretches
from kg.serve.explorer.markup import join, tag
from kg.serve.explorer.search import Index, search
from kg.serve.explorer.texts import Texts
from kg.serve.explorer.thing import sentences
from kg.serve.views import VIEWS
from tests.serve.conftest import IMAGE, SCRIPT

INDICATOR = '"><b onclick=alert(1)>数'
AREA = "江州市江城区"
HAIZHU = DEFAULT_BASE + "area/广州市海珠区"


def hostile_extraction() -> Extraction:
    """A report whose entities, indicator and title are HTML with scripts in it."""
    text = f"{IMAGE}\n一、{SCRIPT}\n{SCRIPT}落户{IMAGE},{INDICATOR}从10个增加到12个。"

    def span(words: str, number: int = 0) -> Span:
        at = -1
        for _ in range(number + 1):
            at = text.index(words, at + 1)
        return Span(at, at + len(words))

    def figure(words: str, value: str, period: str, modality: Modality) -> Observation:
        return Observation(
            indicator=INDICATOR,
            wordings=(INDICATOR,),
            area=IMAGE,
            period=Period(period),
            measure=Measure.LEVEL,
            modality=modality,
            bound=Bound.EQ,
            value=Decimal(value),
            unit="个",
            value_text=words,
            mentions=(span(words),),
        )

    heading, body = span(f"一、{SCRIPT}"), text.rindex("\n") + 1
    report = Report(
        text=text,
        source="x.txt",
        sha256=hashlib.sha256(text.encode()).hexdigest(),
        title=IMAGE,
        area=AREA,
        year=2011,
        date=None,
        meeting=None,
        speaker=SCRIPT,
        body=Span(0, len(text)),
        sections=(Section(Span(heading.begin, len(text)), 1, heading, Part.REVIEW),),
        sentences=(Sentence(Span(body, len(text)), 0),),
    )
    company = Entity(SCRIPT, (EntityClass.ENTERPRISE,), (IMAGE + "别名",), (span(SCRIPT, 1),))
    zone = Entity(IMAGE, (EntityClass.ZONE,), (), (span(IMAGE, 1),))
    relation = Relation(SCRIPT, Predicate.SETTLED_IN, IMAGE, (Span(body, text.index(",")),))
    figures = (figure("10个", "10", "2006", Modality.ACTUAL), figure("12个", "12", "2010", Modality.TARGET))
    return Extraction(
        report=report, entities=(company, zone), observations=figures, relations=(relation,), segmenter=""
    )


def hostile_store(into: Store) -> Store:
    extraction = hostile_extraction()
    store.ensure_ontology(into)
    store.replace_report(into, mapping.to_quads(extraction), mapping.graph_of(extraction.report))
    return into


@pytest.fixture(scope="module")
def hostile() -> Store:
    return hostile_store(Store())


def view(of: Store, name: str, /, **arguments: Any) -> Any:
    """As a page gets it: through JSON."""
    return json.loads(json.dumps(VIEWS[name](of, **arguments)))


def test_home(seed_store: Store) -> None:
    home = view(seed_store, "home")
    counts = {c["id"]: c["count"] for c in home["classes"]}
    assert counts["Report"] == 1
    observations = seed_store.quads_for_pattern(None, term("rdf:type"), term("gwr:Observation"))
    assert counts["Observation"] == len({quad.subject for quad in observations})
    assert home["triples"] == len({quad.triple for quad in seed_store})
    (report,) = home["reports"]
    assert (report["area"]["name"], report["year"]) == ("广州市海珠区", 2011)
    park = next(c for c in home["classes"] if c["id"] == "Park")
    assert (park["zh"], park["en"]) == ("园区", "park") and park["count"] > 5


def test_thing(seed_store: Store) -> None:
    thing = view(seed_store, "thing", iri=["https://example.org/none", HAIZHU])
    assert (thing["iri"], thing["name"], thing["classes"][0]["zh"]) == (HAIZHU, "广州市海珠区", "行政区域")
    assert "海珠区" in thing["aliases"] and thing["reports"][0]["year"] == 2011
    facts = {(f["subject"]["name"], f["predicate"]["id"], f["object"]["name"]) for f in thing["facts"]}
    assert ("广州市海珠区", "partOf", "广州市") in facts
    for fact in thing["facts"]:
        assert HAIZHU in (fact["subject"]["iri"], fact["object"]["iri"])
    figures = view(seed_store, "figures", iri=HAIZHU, limit=10)
    assert len(figures["figures"]) == 10 < figures["total"]
    gdp = view(seed_store, "figures", iri="https://w3id.org/gwr/indicator/地区生产总值")["figures"]
    assert ("2006", 36315000000, "363.15亿元") in {(f["period"], f["value"], f["text"]) for f in gdp}


def test_every_quotation_quotes(seed_store: Store) -> None:
    (report,) = view(seed_store, "home")["reports"]
    text = view(seed_store, "report", iri=report["iri"])["text"]
    for iri in sorted({row[1] for row in view(seed_store, "names")})[::3]:
        told = view(seed_store, "quotations", iri=iri, limit=10_000)
        assert len(told["quotations"]) == told["total"]
        for q in told["quotations"]:
            assert text[q["begin"] : q["end"]] == q["quotation"]
            assert q["sentence"][q["at"] : q["at"] + len(q["quotation"])] == q["quotation"]
        assert sum(map(len, sentences(told["quotations"]))) == told["total"]


def test_a_node_of_any_kind(seed_store: Store) -> None:
    observation = next(iter(seed_store.quads_for_pattern(None, term("rdf:type"), term("gwr:Observation")))).subject
    assert isinstance(observation, NamedNode)
    told = view(seed_store, "properties", iri=observation.value)
    assert {"iri": PREFIXES["gwr"] + "indicator", "name": "指标", "class": ""} in [p["predicate"] for p in told]
    assert len(told) == len({q.triple for q in seed_store.quads_for_pattern(observation, None, None)})
    assert view(seed_store, "thing", iri=observation.value)["class"] == ""


def test_report(seed_store: Store) -> None:
    (row,) = view(seed_store, "home")["reports"]
    report = view(seed_store, "report", iri=row["iri"])
    size = len(report["text"])
    assert {m["kind"] for m in report["marks"]} == {"entity", "figure", "relation"}
    assert all(0 <= m["begin"] < m["end"] <= size and m["iri"] and m["label"] for m in report["marks"])
    begins = {m["begin"] for m in report["marks"]}
    for kind in ("entities", "figures", "relations"):
        assert report[kind] and all(fact["begin"] in begins for fact in report[kind])
    assert "一、过去五年工作回顾" in [s["title"] for s in report["sections"]]
    page = render(report, lambda iri: href(iri, DEFAULT_BASE))
    for begin in begins:  # what a link to a place needs
        assert f'id="c{begin}"' in page
    with pytest.raises(UnknownName):
        view(seed_store, "report", iri=HAIZHU)


def test_unknown_things(seed_store: Store) -> None:
    for name in ("thing", "figures", "quotations", "neighbours", "report"):
        for iri in ("https://example.org/none", "no IRI", ""):
            with pytest.raises(UnknownName):
                view(seed_store, name, iri=iri)


def test_neighbours(seed_store: Store) -> None:
    told = view(seed_store, "neighbours", iri=HAIZHU, limit=5)
    assert len(told["edges"]) == 5 < told["total"] and told["nodes"][0]["iri"] == HAIZHU
    known = {n["iri"] for n in told["nodes"]}
    assert all({e["source"], e["target"]} <= known for e in told["edges"])
    assert view(seed_store, "neighbours", iri="https://w3id.org/gwr/indicator/地区生产总值")["edges"]


def test_options(seed_store: Store) -> None:
    assert view(seed_store, "options", kind="indicator")[0]
    assert "广州市海珠区" in view(seed_store, "options", kind="area")
    years = view(seed_store, "options", kind="year")
    assert years == sorted(years) and "2010" in years and all(len(year) == 4 for year in years)
    assert "2006/2010" in view(seed_store, "options", kind="period")
    assert view(seed_store, "options", kind="nothing") == []


def test_places_have_the_coordinates_that_are_known(seed_store: Store) -> None:
    (place,) = view(seed_store, "places")  # of the report; nothing is linked
    assert place["iri"] == HAIZHU and place["latitude"] is place["longitude"] is None
    linked, other, here = Store(), NamedNode("https://example.org/haizhu"), NamedNode(HAIZHU)
    for subject, curie, value in (
        (here, "rdf:type", term("gwr:AdministrativeArea")),
        (here, "skos:prefLabel", Literal("广州市海珠区", language="zh")),
        (here, "skos:exactMatch", other),
        (other, "geo:asWKT", Literal("POINT(113.3 23.1)", datatype=NamedNode(PREFIXES["geo"] + "wktLiteral"))),
        (other, "skos:notation", Literal("440105")),
    ):
        linked.add(Quad(subject, term(curie), value, NamedNode(DEFAULT_BASE + "graph/links")))
    (place,) = view(linked, "places")
    assert (place["latitude"], place["longitude"], place["codes"]) == (23.1, 113.3, ["440105"])


@pytest.fixture(scope="module")
def linked_store(linked_folder: Path) -> Store:
    return store.open_store(linked_folder, read_only=True)


ENTITY = DEFAULT_BASE + "entity/广州市海珠区/"


def test_links_have_names_years_and_successors(linked_store: Store) -> None:
    thing = view(linked_store, "thing", iri=ENTITY + "从化")
    assert thing["links"] and {link["predicate"] for link in thing["links"]} == {"skos:exactMatch", "skos:closeMatch"}
    code, near = (next(k for k in thing["links"] if k["target"] == target) for target in ("gbt2260", "geonames"))
    assert (code["predicate"], code["id"], code["label"]) == ("skos:exactMatch", "440184", "从化市")
    assert (code["since"], code["until"], code["located"]) == (1995, 2014, False)
    assert [(s["id"], s["label"]) for s in code["successors"]] == [("440117", "从化区")]
    assert (near["predicate"], near["id"], near["title"], near["located"]) == (
        "skos:closeMatch",
        "1805880",
        "GeoNames",
        True,
    )
    assert thing["codes"] == ["440184"] and round(thing["latitude"], 1) == 23.5 and thing["open"] == 0
    thing = view(linked_store, "thing", iri=ENTITY + "琶洲地区")
    assert thing["links"] == thing["codes"] == [] and thing["latitude"] is None and thing["open"] == 2


def test_things_of_other_graphs_are_no_things_of_this_one(seed_store: Store, linked_store: Store) -> None:
    for name in ("names", "vocabulary"):
        assert view(linked_store, name) == view(seed_store, name)
    for kind in ("area", "place", "indicator"):
        assert view(linked_store, "options", kind=kind) == view(seed_store, "options", kind=kind)
    assert view(linked_store, "home")["classes"] == view(seed_store, "home")["classes"]
    assert view(linked_store, "neighbours", iri=HAIZHU) == view(seed_store, "neighbours", iri=HAIZHU)


def test_review(seed_store: Store, linked_store: Store) -> None:
    review = view(linked_store, "review")
    names = [row["thing"]["name"] for row in review["rows"]]
    assert sorted(names) == ["十香园", "小洲村", "海珠湖", "琶洲地区"] and review["linked"]
    assert review["total"] == review["count"] == 4 and review["number"] == 0 and review["previous"] is None
    assert [(t["key"], t["count"]) for t in review["targets"]] == [("own", 4)]
    assert review["question"]["thing"]["name"] == names[0] and review["decided"] == []
    last = view(linked_store, "review", at=99, limit=3)
    assert (last["number"], last["next"], [row["number"] for row in last["rows"]]) == (3, None, [3])
    question = view(linked_store, "review", thing=ENTITY + "琶洲地区")["question"]
    assert question["mentions"] >= len(question["quotations"]) > 0
    for q in question["quotations"]:
        assert q["sentence"][q["at"] : q["at"] + len(q["quotation"])] == q["quotation"] and "琶洲" in q["quotation"]
    web, other = sorted(question["candidates"], key=lambda c: c["iri"])
    assert (web["iri"], web["code"], web["description"]) == ("https://example.org/pazhou", "A1", "会展之地")
    assert (web["latitude"], web["longitude"]) == (23.1, 113.37)
    assert (other["iri"], other["name"], other["description"]) == ("urn:kg:table:own:p2", SCRIPT, IMAGE)
    assert [r["sign"] for r in web["reasons"]][:2] == ["", "+"] and web["reasons"][1]["feature"] == "name"
    for nothing in ({"target": "none"}, {"thing": HAIZHU}, {"thing": ENTITY + "琶洲地区", "of": "geonames"}):
        assert view(linked_store, "review", **nothing)["question"] is None
    unlinked = view(seed_store, "review")
    assert not unlinked["linked"] and unlinked["rows"] == unlinked["decided"] == []


def test_review_knows_what_the_snapshot_does_not(linked_store: Store) -> None:
    def pending(name: str, object: str, judgement: str, recorded: str = "2026-01-02T00:00:00Z") -> dict[str, str]:
        told = {"subject": ENTITY + name, "object": object, "target": "own", "judgement": judgement}
        return told | {"match": "exactMatch", "label": object, "reviewer": "x", "recorded": recorded}

    none = "https://w3id.org/sssom/NoTermFound"
    lake = pending("海珠湖", "urn:kg:table:own:h1", "accepted")
    garden = pending("十香园", none, "accepted", "2026-01-03T00:00:00Z")
    zone = pending("琶洲地区", "urn:kg:table:own:p2", "rejected", "2026-01-01T00:00:00Z")
    review = view(linked_store, "review", thing=ENTITY + "琶洲地区", pending=[lake, garden, zone])
    assert {row["thing"]["name"] for row in review["rows"]} == {"小洲村", "琶洲地区"}
    assert [c["iri"] for c in review["question"]["candidates"]] == ["https://example.org/pazhou"]
    assert [(d["thing"]["name"], d["none"], d["judgement"]) for d in review["decided"]] == [
        ("十香园", True, "accepted"),
        ("海珠湖", False, "accepted"),
        ("琶洲地区", False, "rejected"),
    ]
    taken_back = view(linked_store, "review", pending=[pending("海珠湖", "urn:kg:table:own:h1", "")])
    assert taken_back["total"] == 4 == view(linked_store, "review")["total"]


def test_reasons_are_told_in_chinese(linked_store: Store) -> None:
    from kg.link.decisions import read_ledger

    chinese = Texts("zh")
    told = {
        reason[1:].partition(": ")[2] if reason[:1] in "+-?" else reason
        for decision in read_ledger(linked_store, DEFAULT_BASE).decisions.values()
        for reason in decision.comment.split("; ")[decision.judgement != "open" :]  # the others' first is not shown
    }
    assert len(told) > 10 and not {reason for reason in told if chinese.reason(reason) == reason}
    assert chinese.reason("county is AdministrativeArea, Zone") == "县级 即 行政区域、功能区域"
    assert chinese.reason("ambiguous: 2 of that name") == "有歧义：2 个同名"
    assert chinese.reason("<b> is " * 1000) == "<b> is " * 1000
    assert Texts("en").reason("no years are told") == "no years are told"


def test_places_have_one_dot_each(linked_store: Store) -> None:
    places = view(linked_store, "places")
    located = [place for place in places if place["latitude"] is not None]
    assert len(located) == 5 and places[:5] == located
    haizhu = next(place for place in places if place["iri"] == HAIZHU)
    assert haizhu["codes"] == ["440105"]
    again = [dict(place, iri=place["iri"] + "/2", name=place["name"] + "市", mentions=99) for place in located[:2]]
    spots = charts.spots([*places, *again])
    assert len(spots) == 5 and [len(spot["places"]) for spot in spots] == [2, 2, 1, 1, 1]
    assert spots[0]["name"].endswith("市") and spots[0]["places"][0]["iri"].endswith("/2")  # what is said most
    drawn, ratio = charts.place_map(spots, Texts("zh"))
    assert sum(len(series["data"]) for series in drawn["series"]) == 5 and 0.7 < ratio < 2.2
    (west, east), (south, north), _ = charts.extent(spots)
    assert all(west < s["longitude"] < east and south < s["latitude"] < north for s in spots)
    (alone,) = charts.spots(located[:1])
    assert charts.extent([alone])[2] == 1.0  # a single place, too, has something around it


def test_vocabulary(seed_store: Store) -> None:
    words = {w["curie"]: w["kind"] for w in view(seed_store, "vocabulary")}
    assert words["gwr:Park"] == "class" and words["gwr:locatedIn"] == "property"


def test_search(seed_store: Store) -> None:
    index = Index(view(seed_store, "names"))
    for _ in index.pinyin():
        pass

    def best(text: str) -> list[str]:
        return [name.preferred for name in index.search(text, 5)]

    assert best("海珠区")[0] == best("hzq")[0] == best("haizhuqu")[0] == best("HaiZhuQu")[0] == "广州市海珠区"
    assert best("地区生产总值")[0] == "地区生产总值"
    assert best("琶 洲")[0] == best("pazhou")[0] == "琶洲地区"
    assert best("") == best(" 《") == best("没有这样的名称") == []
    assert len({name.iri for name in index.search("区", 30)}) == 30
    found = index.named("琶洲地区")
    assert found is not None and found.kind == "Zone"
    assert index.named("琶洲") is None  # a project is called so, too


def test_search_is_built_anew_for_each_snapshot() -> None:
    class Backend(SimpleNamespace):
        async def view(self, name: str) -> Any:
            assert name == "names"
            return [[f"名{self.generation}", "https://example.org/x", "Park", f"名{self.generation}", 1]]

    async def ask() -> list[list[dict[str, Any]]]:
        backend: Any = Backend(base=DEFAULT_BASE, generation=1)
        first = await search(backend, "名1")
        backend.generation = 2
        return [first, await search(backend, "名1"), await search(backend, "ming2")]

    first, gone, second = asyncio.run(ask())
    assert first[0]["name"] == "名1" and gone == [] and second[0]["class"] == "Park"
    assert first[0]["page"] == "/thing?iri=https%3A%2F%2Fexample.org%2Fx"


def test_names_that_are_markup_stay_text(hostile: Store) -> None:
    (row,) = view(hostile, "home")["reports"]
    report = view(hostile, "report", iri=row["iri"])
    page = render(report, lambda iri: href(iri, DEFAULT_BASE))
    for evil in ("<script", "<img", "<b ", "onerror=alert(1)>"):
        assert evil not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert str(tag("a", SCRIPT, href=INDICATOR)).count("<") == 2
    assert "<" not in join([IMAGE, None, [SCRIPT]])


def test_hostile_names_have_pages(hostile: Store) -> None:
    for _, iri, kind, name, _ in view(hostile, "names"):
        if kind == "Report":
            continue
        path = href(iri, DEFAULT_BASE)
        assert path.isascii() and not set(path) & set('<>" ')
        start = path[: path.index("/", 1) + 1]
        thing = view(
            hostile,
            "thing",
            iri=spellings(path.encode(), start.encode(), DEFAULT_BASE if start == "/thing/" else INDICATOR_BASE),
        )
        assert (thing["iri"], thing["name"]) == (iri, name)


def test_marks_that_overlap() -> None:
    def mark(begin: int, end: int, kind: str = "entity") -> dict[str, Any]:
        return {"begin": begin, "end": end, "kind": kind, "iri": f"x:{begin}", "label": "", "class": "Park"}

    marks = [mark(0, 9), mark(2, 5), mark(4, 7), mark(4, 7, "figure"), mark(9, 9), mark(8, 99)]
    pieces = stretches(12, marks)
    assert "".join("x" * (p.end - p.begin) for p in pieces) == "x" * 12
    for piece in pieces:
        over = [m for m in marks if m["begin"] <= piece.begin and piece.end <= m["end"] <= 12]
        assert len(piece.marks) == len(over)
    assert [(m["begin"], m["kind"]) for m in next(p for p in pieces if p.begin == 4).marks] == [
        (2, "entity"),
        (4, "entity"),
        (4, "figure"),
        (0, "entity"),
    ]


def test_targets_stand_against_actuals(hostile: Store) -> None:
    figures = view(
        hostile, "figures", iri=DEFAULT_BASE + "entity/江州市江城区/" + "%3Cimg%20src%3Dx%20onerror%3Dalert%281%29%3E"
    )
    ((_, members),) = charts.rows(figures["figures"])
    drawn = charts.chart("x", members, Texts("zh"))
    actual, target = drawn["series"]
    assert (actual["name"], actual["lineStyle"]["type"], actual["data"]) == ("实际", "solid", [["2006", 10.0]])
    assert (target["name"], target["lineStyle"]["type"], target["data"]) == ("目标", "dashed", [["2010", 12.0]])
    assert drawn["xAxis"]["data"] == ["2006", "2010"] and drawn["tooltip"]["renderMode"] == "richText"


def test_texts_are_whole() -> None:
    from kg import resources

    rows = resources.table(str(Path(charts.__file__).with_name("texts.tsv")), "key", "zh", "en")
    assert len({key for key, _, _ in rows}) == len(rows) and all(zh and en for _, zh, en in rows)
