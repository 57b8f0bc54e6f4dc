"""A reconciliation service that fails, lies or sends what is dangerous: nothing is lost, nothing accepted wrongly."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kg.errors import KgError, ServiceError, TryLater
from kg.link.model import Judgement
from kg.link.providers.reconcile import ReconciliationService
from kg.link.providers.wikidata import Wikidata
from kg.link.web import cleaned
from kg.model import EntityClass
from tests.link.asking import Clock, decided, recorded, short, thing, verdicts
from tests.link.scripted import Answer, Request, Server
from tests.link.service import MANIFEST, Service
from tests.link.wiki import ENTITY, item
from tests.link.wiki import time as year

OPEN, ACCEPTED, REJECTED = Judgement.OPEN, Judgement.ACCEPTED, Judgement.REJECTED
DISTRICT = thing("海珠区", within=("广州市",))
FINE = {"1": ACCEPTED, "3": REJECTED}


@pytest.fixture
def server() -> Iterator[Server]:
    with Server() as started:
        yield started


@pytest.fixture
def service(server: Server) -> Service:
    return Service(server)


def ask(service: Service, *things: Any, **options: Any) -> list[dict[str, Judgement]]:
    with service.provider(**options) as provider:
        return decided(provider, *(things or (DISTRICT,)))


# the manifest ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("manifest", "said"),
    [
        (MANIFEST | {"versions": ["1.0-draft"]}, "speaks none of the versions 0.1 and 0.2"),
        (MANIFEST | {"versions": []}, "speaks none of the versions"),
        (MANIFEST | {"versions": "0.2"}, "speaks none of the versions"),
        (MANIFEST | {"versions": [0.2, None, {}]}, "speaks none of the versions"),
        ({"versions": ["0.2"]}, "no manifest"),
        (MANIFEST | {"identifierSpace": None}, "no manifest"),
        (MANIFEST | {"identifierSpace": "places"}, "make no IRIs"),
        (MANIFEST | {"identifierSpace": "https://example.org/a b/"}, "make no IRIs"),
        (MANIFEST | {"identifierSpace": "javascript:alert(1)//"}, "make no IRIs"),
        (MANIFEST | {"identifierSpace": "https://example.org/" + "x" * 9000}, "no manifest"),
        ([], "no manifest"),
        ("\x1b[31mno", "no manifest"),
        (None, "no manifest"),
        ({"status": "error", "message": "log in"}, "no manifest"),
    ],
    ids=short,
)
def test_no_manifest(service: Service, tmp_path: Path, manifest: Any, said: str) -> None:
    service.manifest = manifest
    with pytest.raises(ServiceError, match=said) as caught:
        ask(service, cache=tmp_path / "cache")
    assert str(caught.value).isprintable()
    assert not service.batches
    service.manifest = MANIFEST
    assert ask(service, cache=tmp_path / "cache") == [FINE]  # it was not kept


@pytest.mark.parametrize(
    "endpoint", ["", "places", "file:///etc/passwd", "http://", "https://example.org/a b", "http://["]
)
def test_no_endpoint(service: Service, endpoint: str) -> None:
    with pytest.raises(KgError, match="not the URL of a service"):
        ask(service, endpoint=endpoint)


def test_of_the_manifest_only_what_is_used_has_to_be_right(service: Service) -> None:
    service.manifest |= {"name": ["\x00"], "view": 5, "extend": {"propose_properties": []}, "versions": ["0.2", 7]}
    assert ask(service) == [FINE]
    with service.provider() as provider:
        assert provider.targets[0].name == service.endpoint


# answers to queries ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        ({"status": "error", "message": "too busy"}, "an error instead of results: too busy"),
        ({"error": "no \x1b[31mkey"}, "an error instead of results: no"),
        ({"q0-0": {"error": "bad query"}}, "an error instead of results: bad query"),
        ({}, "without results"),
        ({"q9-9": {"result": []}}, "without results"),
        ({"q0-0": {}}, "without results"),
        ({"q0-0": {"result": None}}, "without results"),
        ({"q0-0": {"result": {"1": {}}}}, "without results"),
        ({"q0-0": []}, "without results"),
        ([], "no answer to a batch"),
        (None, "no answer to a batch"),
    ],
    ids=short,
)
def test_no_answer_stops_the_run(service: Service, tmp_path: Path, answer: Any, said: str) -> None:
    service.answer_queries = lambda queries: answer  # type: ignore[method-assign]
    with pytest.raises(ServiceError, match=said) as caught:
        ask(service, cache=tmp_path / "cache")
    assert str(caught.value).isprintable()
    del service.answer_queries
    assert ask(service, cache=tmp_path / "cache") == [FINE]  # it was not kept


def test_what_was_found_before_stands_when_there_is_no_answer(service: Service) -> None:
    with service.provider() as provider:
        ledger = recorded(provider, [DISTRICT])
        before = ledger.quads()
        service.answer_queries = lambda queries: {}  # type: ignore[method-assign]
        with pytest.raises(ServiceError):
            recorded(provider, [DISTRICT], ledger)
    assert before and ledger.quads() == before


def test_a_service_that_answers_only_some_of_a_batch_is_asked_for_less(service: Service) -> None:
    def some(queries: dict[str, Any]) -> Any:
        return Service.answer_queries(service, dict(list(queries.items())[:3]))

    service.answer_queries = some  # type: ignore[method-assign]
    things = [DISTRICT, *(thing(f"第{n}处") for n in range(9)), thing("广州")]
    assert ask(service, *things) == [FINE, *[{}] * 9, {"2": ACCEPTED}]


@pytest.mark.parametrize("status", [413, 500])
def test_a_batch_that_is_too_large_is_halved(service: Service, tmp_path: Path, status: int) -> None:
    def small(request: Request) -> Any:
        if request.params.get("queries", "").count('"query"') > 4:
            return Answer(b"too much", status)
        return service.answer(request)

    service.server.script("/reconcile", small)
    things = [DISTRICT, *(thing(f"第{n}处") for n in range(9))]
    assert ask(service, *things, cache=tmp_path / "cache") == [FINE, *[{}] * 9]
    replayed = ask(service, *things, cache=tmp_path / "cache", replay=True, contact=None)
    assert replayed == [FINE, *[{}] * 9]


ODD: list[Any] = [
    None,
    5,
    "1",
    [],
    {},
    {"id": "7"},
    {"name": "海珠区"},
    {"id": 7, "name": "海珠区", "score": 100, "match": True},
    {"id": "", "name": "海珠区", "score": 100, "match": True},
    {"id": "7", "name": "", "score": 100},
    {"id": "7", "name": ["海珠区"], "score": 100},
    {"id": "7" * 600, "name": "海珠区", "score": 100, "type": ["county"]},
    {"id": "7", "name": "海珠区" * 400_000, "score": 100, "type": ["county"]},
    {"id": "\x00\u202e", "name": "海珠区", "score": 100, "type": ["county"]},
]


@pytest.mark.parametrize("odd", ODD, ids=short)
def test_results_of_other_shapes_are_left_out(service: Service, odd: Any) -> None:
    service.results = lambda name: [odd, *Service.results(service, name)]  # type: ignore[method-assign]
    assert ask(service) == [FINE]


@pytest.mark.parametrize(
    "score", ["NaN", "Infinity", "-Infinity", "1e999", "1" + "0" * 400, '"90"', "true", "null", "{}"]
)
def test_scores_that_are_none(service: Service, score: str) -> None:
    body = '{"q0-0": {"result": [{"id": "1", "name": "海珠区", "score": %s, "match": true}]}}'

    def answer(request: Request) -> Any:
        return Answer((body % score).encode()) if "queries" in request.params else service.answer(request)

    service.server.script("/reconcile", answer)
    with service.provider() as provider:
        ((verdict,),) = verdicts(provider, DISTRICT)
        assert recorded(provider, [DISTRICT]).quads()
    assert verdict.judgement is ACCEPTED and verdict.candidate.score is None


@pytest.mark.parametrize(
    "id",
    [
        "a b",
        "<>",
        '"',
        "{x}",
        "../../etc",
        "7\n8",
        "?q=1",
        "#x",
        "%zz",
        "海珠",
        "http://evil.example/",
        "javascript:alert(1)",
    ],
)
def test_identifiers_that_are_none(service: Service, id: str) -> None:
    service.results = lambda name: [{"id": id, "name": "海珠区", "score": 1, "type": ["county"]}]  # type: ignore[method-assign]
    with service.provider() as provider:
        ((verdict,),) = verdicts(provider, DISTRICT)
        ledger = recorded(provider, [DISTRICT])
    assert verdict.candidate.iri.startswith("https://example.org/place/")
    assert ledger.quads()
    # what is told of another identifier is nothing to this one
    assert verdict.candidate.within == ()


MALICIOUS = [
    "海珠区\x1b[2J",
    "\u202e区珠海",
    "<script>海珠区</script>",
    "海珠区\ud800",
    "海珠区\r\nX: y",
    "\x00海珠\x00桥",
]


@pytest.mark.parametrize("text", MALICIOUS, ids=repr)
def test_malicious_texts(service: Service, text: str) -> None:
    result = {"id": "1", "name": text, "description": text, "score": 1, "type": [text, {"id": text, "name": text}]}
    cells = {"type": [{"str": text}], "parent": [{"str": text}], "alias": [{"str": text}], "code": [{"str": text}]}
    service.results = lambda name: [result]  # type: ignore[method-assign]
    service.answer_extend = lambda query: {"rows": {"1": cells}, "meta": []}  # type: ignore[method-assign]
    service.server.script("/reconcile", lambda request: Answer(json.dumps(service.answer(request)).encode("ascii")))
    with service.provider(properties={role: role for role in cells}) as provider:
        ((verdict,),) = verdicts(provider, DISTRICT)
        assert recorded(provider, [DISTRICT]).quads()
    told = verdict.candidate
    assert verdict.judgement is not ACCEPTED
    for each in (told.name, told.description, *told.types, *told.within, *told.aliases, told.code or "", verdict.why):
        assert each.isprintable()


def test_types_that_are_not_known_stay_open(service: Service) -> None:
    service.rows = (("1", "海珠区", "Q99999999", "广州市"),)
    assert ask(service) == [{"1": OPEN}]
    service.rows = (("1", "海珠区", "", "广州市"),)
    assert ask(service) == [{"1": OPEN}]


def test_homonyms_stay_open_whatever_the_scores(service: Service) -> None:
    service.rows = (("1", "新华公司", "org:operator", ""), ("2", "新华公司", "org:operator", ""))
    assert ask(service, thing("新华公司", EntityClass.ENTERPRISE)) == [{"1": OPEN, "2": OPEN}]


def test_a_code_that_the_service_claims_is_no_name(service: Service) -> None:
    cells = {"type": [{"str": "county"}], "code": [{"str": "440105"}], "parent": [{"str": "广州市"}]}
    service.answer_extend = lambda query: {"rows": {"2": cells}, "meta": []}  # type: ignore[method-assign]
    service.results = lambda name: [{"id": "2", "name": "荔湾区", "score": 100, "match": True}]  # type: ignore[method-assign]
    assert ask(service, thing("海珠区", codes=("440105",)), properties={r: r for r in cells}) == [{"2": OPEN}]


# data extension -------------------------------------------------------------------------------------------------------


def test_without_extension_candidates_stay_open(service: Service) -> None:
    del service.manifest["extend"]
    notices: list[str] = []
    assert ask(service, notices=notices) == [{"1": OPEN, "3": OPEN}]
    assert not service.extensions
    assert len(notices) == 1 and "extends no data" in notices[0]


@pytest.mark.parametrize(
    "answer",
    [
        Answer(b"no", 400),
        Answer(b"no", 404),
        Answer(b"Traceback", 500),
        Answer(b"<html>"),
        Answer({"status": "error", "message": "no"}),
        Answer({"rows": []}),
        Answer([]),
    ],
    ids=short,
)
def test_where_extension_fails_candidates_stay_open(service: Service, tmp_path: Path, answer: Answer) -> None:
    service.answer_extend = lambda query: answer  # type: ignore[method-assign]
    notices: list[str] = []
    things = (DISTRICT, thing("梦芭莎", EntityClass.ENTERPRISE))
    expected = [{"1": OPEN, "3": OPEN}, {"4": OPEN}]
    assert ask(service, *things, cache=tmp_path / "cache", notices=notices) == expected
    assert "3 candidates, which stay open" in notices[-1]
    assert ask(service, *things, cache=tmp_path / "cache", replay=True, contact=None) == expected
    del service.answer_extend
    assert ask(service, *things, cache=tmp_path / "cache") == [FINE, {"4": ACCEPTED}]


def test_a_type_without_a_place_is_not_enough_when_the_place_could_not_be_had(service: Service) -> None:
    result = {"id": "7", "name": "新华公司", "score": 100, "match": True, "type": ["org:operator"]}
    service.results = lambda name: [result]  # type: ignore[method-assign]
    here = thing("新华公司", EntityClass.ENTERPRISE, within=("广州市",))
    cells = {"type": [], "parent": [{"str": "沈阳市"}]}
    service.answer_extend = lambda query: {"rows": {"7": cells}, "meta": []}  # type: ignore[method-assign]
    assert ask(service, here) == [{"7": REJECTED}]
    service.answer_extend = lambda query: Answer(b"Traceback", 500)  # type: ignore[method-assign]
    assert ask(service, here) == [{"7": OPEN}]


@pytest.mark.parametrize("status", [429, 502, 503, 504])
def test_an_extension_that_fails_for_now_stops_the_run(service: Service, status: int) -> None:
    with service.provider() as provider:
        ledger = recorded(provider, [DISTRICT])
        before = ledger.quads()
        service.answer_extend = lambda query: Answer(b"", status)  # type: ignore[method-assign]
        with pytest.raises(ServiceError):
            recorded(provider, [DISTRICT], ledger)
    assert ledger.quads() == before  # what was accepted is not open now


@pytest.mark.parametrize(
    "rows",
    [
        {},
        {"9": {"type": [{"str": "county"}], "parent": [{"str": "广州市"}]}},
        {"1": []},
        {"1": {}},
        {"1": {"type": "county", "parent": "广州市"}},
        {"1": {"type": ["county", None, 5, {}, {"str": 5}, {"str": ""}, {"id": None}], "parent": [[]]}},
    ],
    ids=short,
)
def test_rows_of_other_shapes_tell_nothing(service: Service, rows: Any) -> None:
    service.answer_extend = lambda query: {"rows": rows, "meta": 5}  # type: ignore[method-assign]
    assert ask(service) == [{"1": OPEN, "3": OPEN}]


@pytest.mark.parametrize(
    "cell",
    [
        {"str": "nan"},
        {"str": "inf"},
        {"float": 1e308},
        {"str": "1e400"},
        {"int": 10**30},
        {"str": "-5"},
        {"date": "x"},
        {},
    ],
    ids=short,
)
def test_numbers_that_are_none(service: Service, cell: dict[str, Any]) -> None:
    roles = ("since", "until", "latitude", "longitude")
    cells = {"type": [{"str": "county"}], "parent": [{"str": "广州市"}], **{role: [cell] for role in roles}}
    service.answer_extend = lambda query: {"rows": {"1": cells}, "meta": []}  # type: ignore[method-assign]
    with service.provider(properties={role: role for role in cells}) as provider:
        ((first, _),) = verdicts(provider, DISTRICT)
        assert recorded(provider, [DISTRICT]).quads()
    told = first.candidate
    assert (told.since, told.until) == (None, None)
    assert first.judgement is ACCEPTED
    if cell != {"str": "-5"}:
        assert (told.latitude, told.longitude) == (None, None)


# the network ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "fault",
    [
        Answer(b"slow down", 429, {"Retry-After": "7"}),
        Answer(b"busy", 503),
        Answer(b'{"q0-0": {"result": [', length=500),
        Answer(b"<html>proxy</html>"),
    ],
    ids=["429", "503", "half", "page"],
)
def test_what_passes_is_tried_again(service: Service, fault: Answer) -> None:
    faults = [fault]

    def answer(request: Request) -> Any:
        return faults.pop() if faults and "queries" in request.params else service.answer(request)

    service.server.script("/reconcile", answer)
    clock = Clock()
    assert ask(service, clock=clock) == [FINE]
    assert sum(clock.slept) >= float(fault.headers.get("Retry-After") or 1)


def test_what_wants_to_be_left_alone_for_long_is(service: Service) -> None:
    service.answer_queries = lambda queries: Answer(b"", 429, {"Retry-After": "86400"})  # type: ignore[method-assign]
    with pytest.raises(TryLater, match="left alone until"):
        ask(service, *(thing(f"第{n}处") for n in range(20)))
    assert len(service.batches) == 1


def test_a_redirect_to_another_host(service: Service) -> None:
    with Server() as other:
        Service(other)
        service.answer_queries = lambda queries: Answer(  # type: ignore[method-assign]
            status=307, headers={"Location": other.url("/reconcile")}
        )
        with pytest.raises(ServiceError, match="another server"):
            ask(service)
        assert not other.log


def test_a_service_that_is_not_there(service: Service) -> None:
    with Server() as gone:
        endpoint = gone.url("/reconcile")
    with pytest.raises(ServiceError, match="no connection"):
        ask(service, endpoint=endpoint)


# anything at all ------------------------------------------------------------------------------------------------------

_JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=6)
    | st.sampled_from(["1", "county", "Q3"]),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["id", "name", "value", "q0-0"]), inner)
    ),
    max_leaves=6,
)


def _places(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The ways to all parts of a value."""
    yield path
    keys = value if isinstance(value, dict) else range(len(value)) if isinstance(value, list) else ()
    for key in keys:
        yield from _places(value[key], (*path, key))


def _changed(value: Any, path: tuple[Any, ...], new: Any) -> Any:
    """The value with something else in that place."""
    if not path:
        return new
    copy = dict(value) if isinstance(value, dict) else list(value)
    copy[path[0]] = _changed(copy[path[0]], path[1:], new)
    return copy


class Canned:
    """In the place of a client: gives answers in turn, as far as they are not refused."""

    def __init__(self, *answers: Any) -> None:
        self.answers = list(answers)

    def tell(self, notice: str) -> None:
        """Nobody listens."""

    def get_json(self, url: str, params: Any, *, refused: Any = None, **options: Any) -> Any:
        """The next answer."""
        answer = self.answers.pop(0) if self.answers else None
        if refused is not None and (complaint := refused(answer)):
            raise ServiceError(cleaned(complaint), status=418)
        return answer


RECONCILED: list[Any] = [
    MANIFEST,
    {"q0-0": {"result": [{"id": "3", "name": "海珠区", "score": 1, "type": [{"id": "county"}], "match": True}]}},
    {"rows": {"3": {"type": [{"str": "county"}], "parent": [{"id": "x", "name": "沈阳市"}]}}, "meta": []},
]
OF_WIKIDATA: list[Any] = [
    {"results": {"bindings": [{"value": {"value": "海珠区"}, "item": {"value": ENTITY + "Q3"}}]}},
    {
        "entities": {
            "Q3": item("Q3", "海珠区", types=["Q1065118"], within=["Q4"], codes=["21 01 99"], P571=[year(1990)])
        }
    },
    {"entities": {"Q4": item("Q4", "沈阳市")}},
]


@settings(max_examples=300, deadline=None)
@given(st.data())
@pytest.mark.parametrize("answers", [RECONCILED, OF_WIKIDATA], ids=["reconcile", "wikidata"])
def test_any_answer_is_refused_or_understood(answers: list[Any], data: st.DataObject) -> None:
    number = data.draw(st.integers(0, len(answers) - 1))
    place = data.draw(st.sampled_from(list(_places(answers[number]))))
    told = [*answers]
    told[number] = _changed(answers[number], place, data.draw(_JSON))
    client: Any = Canned(*told)
    provider: Any = (
        Wikidata(client)
        if answers is OF_WIKIDATA
        else ReconciliationService(client, "https://example.org/", properties={"type": "type", "parent": "parent"})
    )
    try:
        ledger = recorded(provider, [DISTRICT])
    except ServiceError as error:
        assert str(error).isprintable()
        return
    assert ledger.accepted() == []  # it is a district of another city
    ledger.quads()
