"""Wikidata, played by a real server on this machine: what is found, what is accepted, and what goes wrong."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from pyoxigraph import NamedNode

from kg.cli import cli
from kg.errors import NotCached, ServiceError, TryLater
from kg.graph.store import named_quads, open_store
from kg.link.model import Judgement, Match
from kg.link.providers import wikidata
from kg.link.providers.wikidata import Wikidata
from kg.link.web import Client
from kg.model import EntityClass
from tests.link.asking import CONTACT, Clock, asking, decided, recorded, short, stopped_and_continued, thing, verdicts
from tests.link.scripted import Answer, Request, Server
from tests.link.wiki import ENTITY, Wiki, bindings, item, time

OPEN, ACCEPTED, REJECTED = Judgement.OPEN, Judgement.ACCEPTED, Judgement.REJECTED
DISTRICT, CITY, COUNTY_CITY, PROVINCE, COMPANY = "Q1065118", "Q748149", "Q1070990", "Q1615742", "Q4830453"

GUANGDONG = item("Q15175", "广东省", "广东", types=[PROVINCE], codes=["44"])
GUANGZHOU = item("Q16572", "广州市", "广州", types=[CITY], within=["Q15175"], codes=["44 01"], geonames=["1809858"])
HAIZHU = item("Q1023454", "海珠区", types=[DISTRICT], within=["Q16572"], codes=["44 01 05"])
#: the seat of 海珠区, say, and a district of that name somewhere else
NAMESAKE = item("Q900001", "海珠区", types=[DISTRICT], within=["Q900002"])
ELSEWHERE = item("Q900002", "沈阳市", types=[CITY], within=["Q43934"], codes=["21 01"])
LIAONING = item("Q43934", "辽宁省", types=[PROVINCE], codes=["21"])
METRO = item("Q660751", "广州地铁", types=["Q5503"], within=["Q16572"])
SHOP = item("Q900003", "梦芭莎", types=["Q431289"])
STUDIO = item("Q900004", "珠江电影制片有限公司", "珠影", types=[COMPANY], within=["Q16572"])
WORLD = (GUANGDONG, GUANGZHOU, HAIZHU, NAMESAKE, ELSEWHERE, LIAONING, METRO, SHOP, STUDIO)


@pytest.fixture
def server() -> Iterator[Server]:
    with Server() as started:
        yield started


@pytest.fixture
def wiki(server: Server) -> Wiki:
    return Wiki(server, WORLD)


def of(wiki: Wiki, client: Client) -> Wikidata:
    return Wikidata(client, api=wiki.api, query_service=wiki.query_service)


def judged(wiki: Wiki, *things: Any, **options: Any) -> list[dict[str, Judgement]]:
    with asking(**options) as client:
        return decided(of(wiki, client), *things)


def queries(server: Server) -> list[str]:
    return [request.params["query"] for request in server.asked("/sparql")]


# what is found --------------------------------------------------------------------------------------------------------


def test_a_code_comes_before_labels(server: Server, wiki: Wiki) -> None:
    things = (thing("海珠区", codes=("440105",)), thing("广州市", codes=("440100",)), thing("广东", codes=("440000",)))
    assert judged(wiki, *things) == [{"Q1023454": ACCEPTED}, {"Q16572": ACCEPTED}, {"Q15175": ACCEPTED}]
    (query,) = queries(server)  # nothing was looked for by its label
    assert "wdt:P442" in query and '"44 01 05"' in query and '"44 01"' in query and '"44"' in query


def test_a_geonames_id_comes_before_labels(server: Server, wiki: Wiki) -> None:
    assert judged(wiki, thing("广州市", known=(("geonames", "1809858"),))) == [{"Q16572": ACCEPTED}]
    (query,) = queries(server)
    assert "wdt:P1566" in query and '"1809858"' in query


def test_the_geonames_id_of_a_division_is_not_that_of_its_seat(server: Server) -> None:
    wiki = Wiki(server, [item("Q5", "从化市", types=[COUNTY_CITY], within=["Q16572"], geonames=["7"]), GUANGZHOU])
    assert judged(wiki, thing("从化市", within=("广州市",), known=(("geonames", "8"),))) == [{"Q5": ACCEPTED}]


def test_another_identifier_is_none_of_geonames(server: Server, wiki: Wiki) -> None:
    judged(wiki, thing("广州市", known=(("table", "1809858"),)))
    assert not any("P1566" in query for query in queries(server))


def test_labels_and_aliases_by_type_and_place(wiki: Wiki) -> None:
    (found,) = judged(wiki, thing("海珠区", within=("广州市",)))
    assert found == {"Q1023454": ACCEPTED, "Q900001": REJECTED}  # of two of the name, the one in 广州市
    assert judged(wiki, thing("广州")) == [{"Q16572": ACCEPTED}]
    assert judged(wiki, thing("海珠区", within=("广州市",), codes=("999999",)))[0]["Q900001"] is REJECTED


def test_what_is_near_is_a_close_match(wiki: Wiki) -> None:
    with asking() as client:
        ((verdict,),) = verdicts(of(wiki, client), thing("广州地铁", EntityClass.ENTERPRISE))
    assert (verdict.judgement, verdict.match) == (ACCEPTED, Match.CLOSE)


@pytest.mark.parametrize("language", ["zh", "zh-hans", "zh-cn"])
def test_labels_in_each_kind_of_chinese(server: Server, language: str) -> None:
    wiki = Wiki(server, [item("Q5", "海珠区", language=language, types=[DISTRICT], within=["Q16572"]), GUANGZHOU])
    assert judged(wiki, thing("海珠区", within=("广州市",))) == [{"Q5": ACCEPTED}]


def test_an_item_with_several_codes(server: Server) -> None:
    codes = ["44 01 84", "44 01 17"]
    moved = item("Q1020", "从化区", "从化市", types=[COUNTY_CITY, DISTRICT], within=["Q16572"], codes=codes)
    wiki = Wiki(server, [moved, GUANGZHOU])
    then, today = thing("从化市", codes=("440184", "440117")), thing("从化区", codes=("440117",))
    assert judged(wiki, then, today) == [{"Q1020": ACCEPTED}, {"Q1020": ACCEPTED}]
    with asking() as client:
        for (verdict,), code in zip(verdicts(of(wiki, client), then, today), ("440184", "440117"), strict=True):
            assert verdict.candidate.code == code


def test_another_code_vetoes(server: Server) -> None:
    wiki = Wiki(server, [item("Q7", "海珠区", types=[DISTRICT], within=["Q16572"], codes=["44 01 99"]), GUANGZHOU])
    assert judged(wiki, thing("海珠区", within=("广州市",), codes=("440105",))) == [{"Q7": REJECTED}]


def test_deprecated_statements_are_none(server: Server) -> None:
    ranks = {"44 01 05": "deprecated", "44 01 99": "preferred"}
    wiki = Wiki(server, [item("Q7", "他区", types=[DISTRICT], codes=["44 01 05", "44 01 99"], ranks=ranks)])
    assert judged(wiki, thing("海珠区", codes=("440105",))) == [{}]
    # nor where the query service has not heard of it
    server.script("/sparql", bindings(("44 01 05", ENTITY + "Q7")))
    assert judged(wiki, thing("海珠区", codes=("440105",))) == [{"Q7": REJECTED}]


def test_a_code_with_another_name_is_not_accepted(server: Server) -> None:
    wiki = Wiki(server, [item("Q8", "荔湾区", types=[DISTRICT], codes=["44 01 05"])])
    assert judged(wiki, thing("海珠区", codes=("440105",))) == [{"Q8": OPEN}]


def test_a_code_that_is_none(server: Server) -> None:
    odd = item("Q9", "海珠区", types=[DISTRICT], within=["Q16572"], codes=["<b>", "44 01 05 x", "４４"])
    assert judged(Wiki(server, [odd, GUANGZHOU]), thing("海珠区", within=("广州市",))) == [{"Q9": ACCEPTED}]


def test_what_was_merged_is_what_it_became(server: Server, wiki: Wiki) -> None:
    wiki.merged["Q77"] = "Q1023454"
    wiki.index(HAIZHU, "Q77")  # the query service is late
    with asking() as client:
        ((verdict,),) = verdicts(of(wiki, client), thing("海珠区", codes=("440105",)))
    assert (verdict.candidate.iri, verdict.judgement) == (ENTITY + "Q1023454", ACCEPTED)


def test_items_that_are_gone(wiki: Wiki) -> None:
    wiki.index(HAIZHU, "Q404")
    assert judged(wiki, thing("海珠区", codes=("440105",))) == [{"Q1023454": ACCEPTED}]
    del wiki.items["Q1023454"]
    assert judged(wiki, thing("海珠区", codes=("440105",))) == [{}]


def test_a_type_that_is_not_known_stays_open(server: Server) -> None:
    unknown, none = item("Q11", "海珠湖", types=["Q99999"]), item("Q12", "太古仓")
    wiki = Wiki(server, [unknown, none])
    found = judged(wiki, thing("海珠湖", EntityClass.FACILITY), thing("太古仓", EntityClass.FACILITY))
    assert found == [{"Q11": OPEN}, {"Q12": OPEN}]


def test_the_wrong_place_vetoes(server: Server) -> None:
    wiki = Wiki(server, [NAMESAKE, ELSEWHERE, LIAONING])
    assert judged(wiki, thing("海珠区", within=("广州市",))) == [{"Q900001": REJECTED}]


def test_a_container_without_a_chinese_name_tells_nothing(server: Server) -> None:
    foreign = item("Q51", "Guangzhou", language="en", types=[CITY])
    wiki = Wiki(server, [item("Q50", "海珠湖公园", types=["Q22698"], within=["Q51"]), foreign])
    with asking() as client:
        ((verdict,),) = verdicts(of(wiki, client), thing("海珠湖公园", EntityClass.PARK, within=("海珠区",)))
    assert verdict.candidate.within == () and verdict.judgement is OPEN


def test_the_wrong_type_vetoes(server: Server) -> None:
    wiki = Wiki(server, [item("Q13", "海珠区", types=[COMPANY], within=["Q16572"]), GUANGZHOU])
    assert judged(wiki, thing("海珠区", within=("广州市",))) == [{"Q13": REJECTED}]


def test_homonyms_stay_open(server: Server) -> None:
    two = [item(f"Q{n}", "新华公司", types=[COMPANY]) for n in (21, 22)]
    assert judged(Wiki(server, two), thing("新华公司", EntityClass.ENTERPRISE)) == [{"Q21": OPEN, "Q22": OPEN}]


def test_people_never(server: Server) -> None:
    wiki = Wiki(server, [item("Q31", "李明", types=["Q5"])])
    with asking() as client:
        provider = of(wiki, client)
        person = thing("李明", EntityClass.PERSON)
        assert not provider.wants(person)
        assert not recorded(provider, [person]).decisions
    assert not server.log
    # an organisation of that name is asked about, and is no human
    assert judged(wiki, thing("李明", EntityClass.ENTERPRISE)) == [{"Q31": REJECTED}]
    assert judged(wiki, thing("李明", EntityClass.PERSON, EntityClass.ENTERPRISE)) == [{"Q31": OPEN}]


def test_years(server: Server) -> None:
    def candidate(**claims: Any) -> tuple[int | None, int | None]:
        wiki = Wiki(server, [item("Q40", "海珠区", types=[DISTRICT], **claims)])
        with asking() as client:
            ((verdict,),) = verdicts(of(wiki, client), thing("海珠区"))
        return verdict.candidate.since, verdict.candidate.until

    assert candidate(P571=[time(1960)]) == (1960, None)
    assert candidate(P571=[time(1960)], P576=[time(2005)]) == (1960, 2005)
    assert candidate(P571=[time(1901, 7)], P576=[time(2001, 6)]) == (None, None)  # a century, a millennium
    assert candidate(P571=[time(1949), time(1961)], P576=[time(1958)]) == (1949, None)  # founded anew
    assert candidate(P571=[{"time": "-0221-00-00T00:00:00Z", "precision": 9}]) == (None, None)
    assert candidate(P571=[{"time": 5}, "1960", None], P576=[{}]) == (None, None)


# manners --------------------------------------------------------------------------------------------------------------


def many(count: int) -> list[Any]:
    return [thing(f"企业{n}号公司", EntityClass.ENTERPRISE, number=n + 1) for n in range(count)]


def test_batches_pauses_and_who_asks(server: Server) -> None:
    wiki = Wiki(server, [item(f"Q{n + 1}", f"企业{n}号公司", types=[COMPANY]) for n in range(120)])
    clock = Clock()
    found = judged(wiki, *many(120), clock=clock)
    assert found == [{f"Q{n + 1}": ACCEPTED} for n in range(120)]
    assert [len(request.params["ids"].split("|")) for request in server.asked("/api")] == [50, 50, 20]
    assert all(request.params["maxlag"] == "5" for request in server.asked("/api"))
    asked = queries(server)
    assert len(asked) == 4 and max(query.count("@zh-hans") for query in asked) == 30
    assert clock.slept == [1.0] * 3  # between the queries
    assert all(CONTACT in request.headers["user-agent"] for request in server.log)
    assert {request.method for request in server.asked("/sparql")} == {"POST"}


def test_one_request_at_a_time(server: Server) -> None:
    running, most = [0], [0]
    wiki = Wiki(server, [item(f"Q{n + 1}", f"企业{n}号公司", types=[COMPANY]) for n in range(70)])

    def watched(answer: Any) -> Any:
        def handler(request: Request) -> Any:
            running[0] += 1
            most[0] = max(most[0], running[0])
            try:
                return answer(request)
            finally:
                running[0] -= 1

        return handler

    server.script("/sparql", watched(wiki.answer_query))
    server.script("/api", watched(wiki.answer_entities))
    judged(wiki, *many(70))
    assert len(server.log) == 5 and most == [1]


def test_names_are_safe_in_a_query(wiki: Wiki) -> None:
    names = ('a" } DROP ALL #', "a\\", "a\nb", "'''", 'x"@zh . ?s ?p ?o')
    assert judged(wiki, *(thing(name, EntityClass.ENTERPRISE) for name in names)) == [{}] * len(names)


# faults ---------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", ["/sparql", "/api"])
@pytest.mark.parametrize(
    "fault",
    [
        Answer(b"slow down", 429, {"Retry-After": "7"}),
        Answer(b"<html>busy", 503),
        Answer(b'{"results": {"bindings": [', length=500),
        Answer(b"", 502),
        Answer({"error": {"code": "maxlag", "info": "Waiting", "lag": 9}}, headers={"Retry-After": "5"}),
    ],
    ids=["429", "503", "half", "502", "maxlag"],
)
def test_what_passes_is_tried_again(server: Server, wiki: Wiki, path: str, fault: Answer) -> None:
    answers = [fault]
    handler = wiki.answer_query if path == "/sparql" else wiki.answer_entities
    server.script(path, lambda request: answers.pop() if answers else handler(request))
    clock = Clock()
    assert judged(wiki, thing("海珠区", codes=("440105",)), clock=clock) == [{"Q1023454": ACCEPTED}]
    rest = fault.headers.get("Retry-After")
    assert sum(clock.slept) >= float(rest or 1)


@pytest.mark.parametrize("status", [429, 503, 504])
def test_what_wants_to_be_left_alone_for_long_is(server: Server, wiki: Wiki, status: int) -> None:
    server.script("/sparql", Answer(b"", status, {"Retry-After": "3600"}))
    with pytest.raises(TryLater, match=rf"{status} .*left alone until"):
        judged(wiki, *many(40))
    assert len(server.log) == 1  # nor is half a query asked


def test_slowness(server: Server, wiki: Wiki) -> None:
    server.script("/api", Answer({}, wait=2.0))
    with pytest.raises(ServiceError, match="silent"):
        judged(wiki, thing("海珠区", codes=("440105",)), timeout=0.1, attempts=2)


def test_a_redirect_to_another_host(server: Server, wiki: Wiki) -> None:
    with Server() as other:
        server.script("/api", Answer(status=302, headers={"Location": other.url("/api")}))
        with pytest.raises(ServiceError, match="another server"):
            judged(wiki, thing("海珠区", codes=("440105",)))
        assert not other.log


ERRORS = [
    {"error": {"code": "internal_api_error_DBQueryError", "info": "Caught"}},
    {"errors": [{"code": "readonly", "text": "later"}]},
    {"error": "no"},
    {"entities": []},
    {"entities": {"Q1023454": "no"}},
    {"entities": {"Q1023454": {}}},
    {"entities": {"Q5": HAIZHU}},
    {"entities": {"Q1023454": GUANGZHOU}},
    {"entities": {"Q1023454": GUANGZHOU | {"redirects": {"from": "Q3", "to": "Q16572"}}}},
    {"entities": {}, "warnings": {"result": "truncated"}},
    ["Q1023454"],
    None,
]


@pytest.mark.parametrize("answer", ERRORS, ids=short)
def test_errors_in_a_200_stop_the_run_and_are_not_cached(
    server: Server, wiki: Wiki, tmp_path: Path, answer: Any
) -> None:
    server.script("/api", Answer(answer))
    haizhu = thing("海珠区", codes=("440105",))
    with pytest.raises(ServiceError):
        judged(wiki, haizhu, cache=tmp_path / "cache")
    server.script("/api", wiki.answer_entities)
    before = len(server.asked("/sparql"))
    assert judged(wiki, haizhu, cache=tmp_path / "cache") == [{"Q1023454": ACCEPTED}]
    assert len(server.asked("/sparql")) == before  # what was good is kept


@pytest.mark.parametrize(
    "answer", [{"error": "timeout"}, {"results": {}}, {"results": {"bindings": {}}}, [], "no", None], ids=short
)
def test_errors_of_the_query_service_in_a_200(server: Server, wiki: Wiki, tmp_path: Path, answer: Any) -> None:
    server.script("/sparql", Answer(answer))
    haizhu = thing("海珠区", codes=("440105",))
    with pytest.raises(ServiceError, match="no results of a query"):
        judged(wiki, haizhu, cache=tmp_path / "cache")
    server.script("/sparql", wiki.answer_query)
    assert judged(wiki, haizhu, cache=tmp_path / "cache") == [{"Q1023454": ACCEPTED}]


def test_wrong_ids(server: Server, wiki: Wiki) -> None:
    wrong = (
        ENTITY + "Q0",
        ENTITY + "Q01",
        ENTITY + "Q1; DROP",
        ENTITY + "Q1|Q2",
        ENTITY + "Q 1",
        ENTITY + "P31",
        ENTITY + "Q99999999999",
        "http://evil.example/entity/Q16572",
        "javascript:alert(1)/Q16572",
        "Q16572",
        "",
    )
    rows = [("44 01 05", iri) for iri in wrong] + [("44 01 05", ENTITY + "Q1023454"), ("44 01", ENTITY + "Q15175")]
    server.script("/sparql", bindings(*rows))
    # nor is it found by a code that nobody asked for
    assert judged(wiki, thing("海珠区", codes=("440105",))) == [{"Q1023454": ACCEPTED}]
    assert [request.params["ids"] for request in server.asked("/api")] == ["Q1023454", "Q16572"]


def test_rows_of_other_shapes(server: Server, wiki: Wiki) -> None:
    good = {"value": {"value": "44 01 05"}, "item": {"value": ENTITY + "Q1023454"}}
    odd = [None, [], {}, {"value": 5, "item": 6}, {"value": {"value": 5}, "item": {"value": ENTITY + "Q5"}}]
    odd += [{"value": {"value": "44 01 05"}, "item": {"value": None}}, good]
    server.script("/sparql", Answer({"results": {"bindings": odd}}))
    assert judged(wiki, thing("海珠区", codes=("440105",))) == [{"Q1023454": ACCEPTED}]


def test_an_id_that_there_cannot_be_spoils_no_other(server: Server, wiki: Wiki) -> None:
    # the API refuses the whole request for it
    def some_cannot_be(request: Request) -> Any:
        if "Q404" in request.params["ids"].split("|"):
            return {"error": {"code": "no-such-entity", "info": "Could not find an entity with the ID Q404"}}
        return wiki.answer_entities(request)

    wiki.index(HAIZHU, "Q404")
    server.script("/api", some_cannot_be)
    assert judged(wiki, thing("海珠区", codes=("440105",))) == [{"Q1023454": ACCEPTED}]


@pytest.mark.parametrize(
    "change",
    [
        {"claims": []},
        {"claims": {"P31": 5, "P131": "Q1", "P442": None}},
        {"claims": {"P31": [None, 5, {}, {"rank": "normal"}, {"mainsnak": {"snaktype": "somevalue"}}]}},
        {"claims": {"P131": [{"mainsnak": {"snaktype": "value", "datavalue": {"value": {"id": "Q0"}}}}]}},
        {"claims": {"P625": [{"mainsnak": {"snaktype": "value", "datavalue": {"value": {"latitude": 1e999}}}}]}},
        {"labels": []},
        {"labels": {"zh": "海珠区"}, "aliases": {"zh": [5, {"value": 5}]}, "descriptions": {"zh": 5}},
    ],
    ids=short,
)
def test_items_of_other_shapes_are_not_accepted(server: Server, wiki: Wiki, change: dict[str, Any]) -> None:
    wiki.items["Q1023454"] = HAIZHU | change
    server.script("/sparql", bindings(("海珠区", ENTITY + "Q1023454")))
    ((found),) = judged(wiki, thing("海珠区", within=("广州市",)))
    assert found["Q1023454"] is not ACCEPTED or change.keys() <= {"labels", "aliases", "descriptions"}


MALICIOUS = [
    "海珠区\x1b[2J",
    "\u202e区珠海",  # which looks like 海珠区
    "海珠区" * 350_000,
    "<script>alert('海珠区')</script>",
    "海珠区\ud800",
    "海珠区\r\nSet-Cookie: a",
    "\x00",
]


@pytest.mark.parametrize("label", MALICIOUS, ids=lambda label: repr(label[:12]))
def test_malicious_labels(server: Server, label: str) -> None:
    bad = item("Q50", label, label, types=[DISTRICT], within=["Q51"])
    bad["descriptions"] = {"zh": {"value": label}}
    bad |= {"aliases": {"zh": [{"value": label + str(n)} for n in range(300 if len(label) < 99 else 1)]}}
    wiki = Wiki(server, [])
    wiki.items |= {"Q50": bad, "Q51": item("Q51", label)}
    server.script("/sparql", bindings(("海珠区", ENTITY + "Q50")))
    # as JSON does, with a lone surrogate escaped
    server.script("/api", lambda request: Answer(_escaped(wiki.answer_entities(request))))
    with asking() as client:
        ledger = recorded(of(wiki, client), [thing("海珠区", within=("广州市",))])
        ((verdict,),) = verdicts(of(wiki, client), thing("海珠区", within=("广州市",)))
    assert verdict.judgement is not ACCEPTED
    told = verdict.candidate
    assert len(told.aliases) <= 100
    for text in (told.name, *told.aliases, told.description, *told.within, verdict.why):
        assert len(text) < 2000 and text.isprintable()
    assert ledger.quads()  # and it can be written


def test_marks_that_nobody_sees_do_not_matter(server: Server) -> None:
    wiki = Wiki(server, [item("Q50", "海珠区\u200e", types=[DISTRICT], within=["Q16572"]), GUANGZHOU])
    server.script("/sparql", bindings(("海珠区", ENTITY + "Q50")))
    assert judged(wiki, thing("海珠区", within=("广州市",))) == [{"Q50": ACCEPTED}]


def _escaped(answer: Any) -> bytes:
    return json.dumps(answer).encode("ascii")


def test_a_query_that_takes_too_long_is_halved(server: Server, tmp_path: Path) -> None:
    wiki = Wiki(server, [item(f"Q{n + 1}", f"企业{n}号公司", types=[COMPANY]) for n in range(30)])

    def slow(request: Request) -> Any:
        if request.params["query"].count("@zh-hans") > 8:
            return Answer(b"java.util.concurrent.TimeoutException", 500)
        return wiki.answer_query(request)

    server.script("/sparql", slow)
    found = judged(wiki, *many(30), cache=tmp_path / "cache")
    assert found == [{f"Q{n + 1}": ACCEPTED} for n in range(30)]
    assert len(queries(server)) == 7  # 30, 15, 7, 8, 15, 7, 8
    # and a replay finds the halves
    before = len(server.log)
    assert judged(wiki, *many(30), cache=tmp_path / "cache", replay=True, contact=None) == found
    assert len(server.log) == before


def test_a_single_value_that_takes_too_long_ends_the_run(server: Server, wiki: Wiki) -> None:
    server.script("/sparql", Answer(b"TimeoutException", 500))
    with pytest.raises(ServiceError, match="500"):
        judged(wiki, *many(8))
    assert len(server.log) == 4  # 8, 4, 2, 1


def test_an_answer_that_is_cut_off_is_halved(server: Server) -> None:
    wiki = Wiki(server, [item(f"Q{n + 1}", f"企业{n}号公司", types=[COMPANY]) for n in range(30)])

    def cut(request: Request) -> Any:
        answer = wiki.answer_entities(request)
        answer["entities"] = dict(list(answer["entities"].items())[:20])
        return answer

    server.script("/api", cut)
    assert judged(wiki, *many(30)) == [{f"Q{n + 1}": ACCEPTED} for n in range(30)]


# stopped, replayed, dry -----------------------------------------------------------------------------------------------


def test_a_stopped_run_goes_on(server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wikidata, "_THINGS", 4)  # several rounds
    monkeypatch.setattr(wikidata, "_NAMES", 3)
    wiki = Wiki(server, [*WORLD, *(item(f"Q{n + 1}", f"企业{n}号公司", types=[COMPANY]) for n in range(7))])
    things = [thing("海珠区", codes=("440105",)), thing("广州市", known=(("geonames", "1809858"),)), *many(7)]
    (total, whole), *stopped = stopped_and_continued(tmp_path / "cache", lambda client: of(wiki, client), things)
    assert total == len(stopped) == 9
    assert len(whole.accepted()) == len(things)
    for sent, ledger in stopped:
        assert sent == total
        assert ledger.quads() == whole.quads()


def test_a_replay_needs_no_server(tmp_path: Path) -> None:
    things = [thing("海珠区", codes=("440105",)), thing("广州地铁", EntityClass.ENTERPRISE), thing("无此处")]
    with Server() as server:
        wiki = Wiki(server, WORLD)
        with asking(tmp_path / "cache") as client:
            first = recorded(of(wiki, client), things)
    with asking(tmp_path / "cache", replay=True, contact=None) as client:
        assert recorded(of(wiki, client), things).quads() == first.quads()
        assert client.sent == 0
        with pytest.raises(NotCached, match="SELECT"):
            recorded(of(wiki, client), [thing("他处")])


def test_a_dry_run_sends_nothing(server: Server, wiki: Wiki) -> None:
    told: list[str] = []
    assert judged(wiki, thing("海珠区", codes=("440105",)), dry_run=told.append, contact=None) == [{}]
    assert not server.log
    assert "wdt:P442" in told[0]


# from the command line ------------------------------------------------------------------------------------------------


@pytest.fixture
def folder(seed_folder: Path, tmp_path: Path) -> Path:
    """A store of the seed report that may be written to."""
    return Path(shutil.copytree(seed_folder, tmp_path / "store"))


def kg(*arguments: str | Path) -> Result:
    return CliRunner().invoke(cli, [str(each) for each in arguments], prog_name="kg", env={"KG_CONTACT": ""})


def quads(folder: Path) -> set[str]:
    return set(map(str, named_quads(open_store(folder, read_only=True))))


def linked(folder: Path) -> set[tuple[str, str]]:
    store = open_store(folder, read_only=True)
    out = set()
    for match in ("exactMatch", "closeMatch"):
        predicate = NamedNode(f"http://www.w3.org/2004/02/skos/core#{match}")
        for quad in store.quads_for_pattern(None, predicate, None, None):
            if quad.object.value.startswith(ENTITY):
                out.add((match, quad.object.value.removeprefix(ENTITY)))
    return out


def test_the_command(folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wikidata, "_PAUSE", 0.0)
    copies = [Path(shutil.copytree(folder, tmp_path / name)) for name in ("dry", "replayed")]
    common = ("--provider", "divisions", "--provider", "wikidata", "--cache", tmp_path / "cache.sqlite")
    with Server() as server:
        wiki = Wiki(server, WORLD)
        where = ("--wikidata-query", wiki.query_service, "--wikidata-api", wiki.api)

        refused = kg("link", "--store", folder, *common, *where)
        assert refused.exit_code == 2 and "--online" in refused.stderr

        refused = kg("link", "--store", folder, *common, *where, "--online")
        assert refused.exit_code == 1 and "who can be reached" in refused.stderr

        before = quads(copies[0])
        dry = kg("link", "--store", copies[0], *common, *where, "--dry-run")
        assert dry.exit_code == 0, dry.output
        assert f"POST {wiki.query_service}" in dry.stdout and "海珠区" in dry.stdout
        assert quads(copies[0]) == before
        assert not server.log

        done = kg("link", "--store", folder, *common, *where, "--online", "--contact", CONTACT)
        assert done.exit_code == 0, done.output
        sent = len(server.log)
        assert sent and f"{sent} requests sent" in done.stdout
    assert linked(folder) == {
        ("exactMatch", "Q1023454"),
        ("exactMatch", "Q16572"),
        ("exactMatch", "Q15175"),
        ("closeMatch", "Q660751"),
        ("closeMatch", "Q900003"),
        ("exactMatch", "Q900004"),
    }
    replayed = kg("link", "--store", copies[1], *common, *where, "--replay")
    assert replayed.exit_code == 0, replayed.output
    assert quads(copies[1]) == quads(folder)


def test_the_command_when_the_service_fails(folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wikidata, "_PAUSE", 0.0)
    common = ("link", "--store", folder, "--provider", "divisions", "--provider", "wikidata")
    common += ("--cache", tmp_path / "c", "--online", "--contact", CONTACT)
    with Server() as server:
        wiki = Wiki(server, WORLD)
        where = ("--wikidata-query", wiki.query_service, "--wikidata-api", wiki.api)
        server.script("/api", Answer({"error": {"code": "readonly", "info": "\x1b[31mlater"}}))
        failed = kg(*common, *where)
        assert failed.exit_code == 1 and "readonly" in failed.stderr and "\x1b" not in failed.stderr
        assert "divisionCode" in "".join(quads(folder))  # what was found before stands
        asked = len(server.asked("/sparql"))
        server.script("/api", wiki.answer_entities)
        assert kg(*common, *where).exit_code == 0
        assert len(server.asked("/sparql")) == asked
    assert ("exactMatch", "Q1023454") in linked(folder)
    assert ("exactMatch", "Q900001") not in linked(folder)
