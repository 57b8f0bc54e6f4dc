"""Services that speak the Reconciliation API: what they are asked, and what is made of what they say."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from click.testing import CliRunner

from kg.cli import cli
from kg.errors import KgError, NotCached
from kg.graph.store import named_quads, open_store
from kg.link.model import Judgement
from kg.link.providers.reconcile import ReconciliationService, queries_of
from kg.link.web import Client
from kg.model import EntityClass
from kg.resources import folder
from tests.link.asking import CONTACT, decided, recorded, short, stopped_and_continued, thing, verdicts
from tests.link.scripted import Answer, Server
from tests.link.service import MANIFEST, Service

SCHEMAS = Path(os.environ.get("KG_SHARED") or folder("seeds").parent.parent / "shared") / "linking" / "schemas"
OPEN, ACCEPTED, REJECTED = Judgement.OPEN, Judgement.ACCEPTED, Judgement.REJECTED
DISTRICT = thing("海珠区", within=("广州市",))


@pytest.fixture
def server() -> Iterator[Server]:
    with Server() as started:
        yield started


@pytest.fixture
def service(server: Server) -> Service:
    return Service(server)


def complaints(schema: str, value: Any) -> list[str]:
    """What a schema of the specification says against a value."""
    path = SCHEMAS / f"{schema}.json"
    if not path.is_file():
        pytest.skip(f"no {schema}.json in linking/schemas of the shared folder: set KG_SHARED")
    validator = jsonschema.Draft7Validator(json.loads(path.read_text(encoding="utf-8")))
    return [error.message for error in validator.iter_errors(value)]


# what it is asked -----------------------------------------------------------------------------------------------------


def test_type_and_place_decide_not_the_flag(service: Service) -> None:
    with service.provider() as provider:
        found = decided(provider, DISTRICT, thing("海珠桥", EntityClass.FACILITY), thing("广州"))
    # 海珠桥 is a match, says the service
    assert found == [{"1": ACCEPTED, "3": REJECTED}, {"1": REJECTED, "3": REJECTED}, {"2": ACCEPTED}]
    assert [request.method for request in service.server.log] == ["GET", "POST", "POST"]
    assert all(CONTACT in request.headers["user-agent"] for request in service.server.log)


@pytest.mark.parametrize("version", ["0.1", "0.2"])
def test_what_is_sent_is_valid(service: Service, version: str) -> None:
    with service.provider() as provider:
        names = ("海珠区", "广西", '甲"公司', "a\\b", "\u2028", "", "x" * 9000)
        decided(provider, *(thing(name, number=n + 1) for n, name in enumerate(names)))
    assert service.batches and service.extensions
    for batch in service.batches:
        assert complaints(f"{version}-reconciliation-query-batch", batch) == []
    for query in service.extensions:
        assert complaints(f"{version}-data-extension-query", query) == []


def test_batches(service: Service) -> None:
    service.rows = tuple((str(n), f"第{n:03}公司", "org:operator", "") for n in range(130))
    service.results = lambda name: [  # type: ignore[method-assign]
        {"id": row[0], "name": row[1], "score": 1} for row in service.rows if row[1] == name
    ]
    with service.provider() as provider:
        things = [thing(row[1], EntityClass.ENTERPRISE, number=n + 1) for n, row in enumerate(service.rows)]
        assert decided(provider, *things) == [{str(n): ACCEPTED} for n in range(130)]
    assert [len(batch) for batch in service.batches] == [25] * 5 + [5]
    assert all(query["limit"] <= 10 for batch in service.batches for query in batch.values())
    assert max(len(query["ids"]) for query in service.extensions) <= 50


def test_batches_of_candidates(service: Service) -> None:
    service.rows = tuple((str(n), f"第{n:03}公司", "org:operator", "") for n in range(130))
    service.results = (
        lambda name: [  # type: ignore[method-assign]
            {"id": row[0], "name": row[1], "score": 1} for row in service.rows if row[1][1:3] == name[1:3]
        ]
    )
    with service.provider() as provider:
        found = decided(provider, *(thing(f"第{n:02}x公司", EntityClass.ENTERPRISE) for n in range(13)))
    assert sum(map(len, found)) >= 13
    assert [len(query["ids"]) for query in service.extensions] == [50, 50, 30]


def test_names_of_a_thing_stay_in_one_batch(service: Service) -> None:
    many = thing("甲公司", EntityClass.ENTERPRISE, aliases=tuple(f"甲{n}" for n in range(60)))
    assert len(list(queries_of(many))) == 25
    with service.provider() as provider:
        decided(provider, thing("乙公司", EntityClass.ENTERPRISE), many, thing("丙公司", EntityClass.ENTERPRISE))
    assert [len(batch) for batch in service.batches] == [1, 25, 1]


def test_people_are_not_asked_about(service: Service) -> None:
    with service.provider() as provider:
        assert not provider.wants(thing("李明", EntityClass.PERSON))
        assert provider.wants(thing("李明", EntityClass.PERSON, EntityClass.ENTERPRISE))


# versions and shapes --------------------------------------------------------------------------------------------------

RESULTS: list[Any] = [
    {"id": "1", "name": "海珠区", "score": 100, "match": True, "type": ["county"]},
    {"id": "1", "name": "海珠区", "score": 0.5, "type": [{"id": "county", "name": "县级"}]},
    {"id": "1", "name": "海珠区", "score": -1, "type": [{"id": "county"}, "street"], "match": False},
    {
        "id": "1",
        "name": "海珠区",
        "description": "广州的一个区",
        "score": 1e3,
        "features": [{"id": "name_tokensort", "value": 100}, {"id": "all_labels", "value": False}],
        "type": [{"id": "county"}],
    },
    {"id": "1", "name": "海珠区", "score": 3, "type": []},
    {"id": "1", "name": "海珠区", "score": 3},
    {"id": "1", "name": "海珠区", "score": 3, "and": {"more": [1]}},
]


@pytest.mark.parametrize("version", ["0.1", "0.2"])
@pytest.mark.parametrize("result", RESULTS, ids=short)
def test_valid_results_are_understood(service: Service, version: str, result: dict[str, Any]) -> None:
    batch = {"q0-0": {"result": [result]}}
    assert complaints(f"{version}-reconciliation-result-batch", batch) == []
    service.manifest["versions"] = [version]
    service.results = lambda name: [result]  # type: ignore[method-assign]
    with service.provider() as provider:
        ((verdict,),) = verdicts(provider, DISTRICT)
    candidate = verdict.candidate
    assert verdict.judgement is ACCEPTED
    assert (candidate.id, candidate.name, candidate.score) == ("1", "海珠区", float(result["score"]))
    assert candidate.iri == "https://example.org/place/1"
    assert candidate.description == result.get("description", "")
    assert "county" in candidate.types


@pytest.mark.parametrize(
    "cell",
    [{"str": "广州市"}, {"id": "Q16572", "name": "广州市"}, {"id": "Q16572", "name": "广州市", "description": "城市"}],
    ids=short,
)
def test_valid_cells_are_understood(service: Service, cell: dict[str, Any]) -> None:
    rows = {"1": {"parent": [cell], "type": [{"id": "county", "name": "县级行政区"}], "date": [{}], "n": []}}
    answer = {"meta": [{"id": "parent", "name": "在"}, {"id": "type", "name": "是"}], "rows": rows}
    assert complaints("0.2-data-extension-response", answer) == []
    service.answer_extend = lambda query: answer  # type: ignore[method-assign]
    with service.provider() as provider:
        ((first, _),) = verdicts(provider, DISTRICT)
    assert first.judgement is ACCEPTED
    assert (first.candidate.types, first.candidate.within) == (("county",), ("广州市",))


def test_everything_that_a_property_can_tell(service: Service) -> None:
    cells = {
        "type": [{"id": "county", "name": "县级行政区"}],
        "parent": [{"str": "广东省"}, {"str": "广州市"}],
        "alias": [{"str": "海珠"}, {"str": "河南"}],
        "code": [{"int": 440105}],
        "since": [{"date": "1960-01-01T00:00:00Z"}],
        "until": [{"float": 2020.0}],
        "latitude": [{"float": 23.08}],
        "longitude": [{"str": "113.31"}],
    }
    answer = {"meta": [{"id": id, "name": id} for id in cells], "rows": {"1": cells}}
    assert complaints("0.2-data-extension-response", answer) == []
    service.answer_extend = lambda query: answer  # type: ignore[method-assign]
    with service.provider(properties={role: role for role in cells}) as provider:
        ((first, *_),) = verdicts(provider, DISTRICT)
    told = first.candidate
    assert (told.within, told.aliases, told.code) == (("广东省", "广州市"), ("海珠", "河南"), "440105")
    assert (told.since, told.until, told.latitude, told.longitude) == (1960, 2020, 23.08, 113.31)


def test_the_manifest_of_0_1_need_not_name_its_version(service: Service) -> None:
    del service.manifest["versions"]
    with service.provider() as provider:
        assert decided(provider, DISTRICT)[0]["1"] is ACCEPTED


@pytest.mark.parametrize(
    ("space", "iri"),
    [
        ("https://example.org/place/", "https://example.org/place/1"),
        ("https://example.org/place", "https://example.org/place/1"),
        ("https://example.org/#", "https://example.org/#1"),
        ("urn:x-test:ids", "urn:x-test:ids:1"),
    ],
)
def test_identifiers_become_iris(service: Service, space: str, iri: str) -> None:
    service.manifest["identifierSpace"] = space
    with service.provider() as provider:
        ((first, *_),) = verdicts(provider, DISTRICT)
    assert first.candidate.iri == iri


def test_a_password_is_not_told(service: Service) -> None:
    del service.manifest["name"]
    endpoint = service.endpoint.replace("http://", "http://me:secret@")
    with service.provider(endpoint=endpoint) as provider:
        ledger = recorded(provider, [DISTRICT])
    assert any(d.judgement is ACCEPTED for d in ledger.decisions.values())
    assert "secret" not in " ".join(map(str, ledger.quads()))


# properties -----------------------------------------------------------------------------------------------------------


def proposing(service: Service, url: str) -> None:
    service.manifest["extend"] = {"propose_properties": {"service_url": url, "service_path": "/properties"}}
    proposed = [{"id": "type", "name": "Type"}, {"id": "p7", "name": "parent"}, {"id": "x", "name": "alias of"}]
    service.server.script("/properties", Answer({"properties": proposed}))


def test_properties_that_the_service_proposes(service: Service) -> None:
    proposing(service, service.server.url(""))
    with service.provider(properties=None) as provider:
        decided(provider, DISTRICT)
    assert service.extensions[0]["properties"] == [{"id": "type"}, {"id": "p7"}]


def test_properties_at_another_server_are_not_asked_for(service: Service) -> None:
    with Server() as other:
        proposing(service, other.url(""))
        notices: list[str] = []
        with service.provider(properties=None, notices=notices) as provider:
            assert decided(provider, DISTRICT) == [{"1": OPEN, "3": OPEN}]
        assert not other.log
    assert len(notices) == 1 and "--property" in notices[0]


@pytest.mark.parametrize("answer", [Answer(status=404), Answer({"properties": 5}), Answer([]), Answer(b"x")], ids=short)
def test_properties_that_cannot_be_had(service: Service, answer: Answer) -> None:
    proposing(service, service.server.url(""))
    service.server.script("/properties", answer)
    with service.provider(properties=None) as provider:
        assert decided(provider, DISTRICT) == [{"1": OPEN, "3": OPEN}]


def test_a_role_that_there_is_not(service: Service) -> None:
    with (
        pytest.raises(KgError, match="'colour' is nothing that a property can tell"),
        service.provider(properties={"colour": "p"}),
    ):
        pass


# stopped, replayed, dry -----------------------------------------------------------------------------------------------


def test_a_stopped_run_goes_on(service: Service, tmp_path: Path) -> None:
    things = [DISTRICT, thing("广州"), *(thing(f"第{n}公司", EntityClass.ENTERPRISE) for n in range(60))]
    service.rows += (("9", "第1公司", "org:operator", ""),)

    def make(client: Client) -> ReconciliationService:
        return ReconciliationService(client, service.endpoint, properties={"type": "type", "parent": "parent"})

    (total, whole), *stopped = stopped_and_continued(tmp_path / "cache", make, things)
    assert total == len(stopped) == 5
    assert len(whole.accepted()) == 3
    for sent, ledger in stopped:
        assert sent == total
        assert ledger.quads() == whole.quads()


def test_a_replay_needs_no_server(service: Service, tmp_path: Path) -> None:
    with service.provider(cache=tmp_path / "cache") as provider:
        first = recorded(provider, [DISTRICT])
    before = len(service.server.log)
    with service.provider(cache=tmp_path / "cache", replay=True, contact=None) as provider:
        assert recorded(provider, [DISTRICT]).quads() == first.quads()
        with pytest.raises(NotCached, match=r"他处.*别处"):
            recorded(provider, [thing("他处"), thing("别处")])
    assert len(service.server.log) == before


def test_a_dry_run_sends_nothing(service: Service) -> None:
    told: list[str] = []
    with service.provider(dry_run=told.append, contact=None) as provider:
        assert decided(provider, DISTRICT) == [{}]
    assert not service.server.log
    assert len(told) == 2 and "海珠区" in told[1]


# from the command line ------------------------------------------------------------------------------------------------


def test_the_command(service: Service, seed_folder: Path, tmp_path: Path) -> None:
    folder = Path(shutil.copytree(seed_folder, tmp_path / "store"))

    def kg(*arguments: str) -> Any:
        common = ["link", "--store", str(folder), "--provider", "reconcile", "--cache", str(tmp_path / "cache.sqlite")]
        return CliRunner().invoke(cli, [*common, *arguments], prog_name="kg", env={"KG_CONTACT": ""})

    def quads() -> set[str]:
        return set(map(str, named_quads(open_store(folder, read_only=True))))

    where = ("--endpoint", service.endpoint, "--property", "type=type", "--property", "parent=parent")
    before = quads()
    assert kg("--online", "--contact", CONTACT).exit_code == 2  # no endpoint
    assert kg(*where).exit_code == 2  # not allowed to
    assert kg(*where, "--online", "--contact", CONTACT, "--property", "colour=red").exit_code == 2
    nobody = kg(*where, "--online")
    assert nobody.exit_code == 1 and "who can be reached" in nobody.stderr
    dry = kg(*where, "--dry-run")
    assert dry.exit_code == 0 and f"POST {service.endpoint}" in dry.stdout
    assert not service.server.log and quads() == before

    service.manifest = MANIFEST | {"versions": ["1.0-draft"]}
    refused = kg(*where, "--online", "--contact", CONTACT)
    assert refused.exit_code == 1 and "1.0-draft" in refused.stderr
    assert quads() == before

    service.manifest = MANIFEST
    done = kg(*where, "--online", "--contact", CONTACT, "--target", "places", "--json")
    assert done.exit_code == 0, done.output
    told = json.loads(done.stdout)
    assert told["targets"]["places"]["exact"] == 3  # 海珠区, 广州市 and 梦芭莎
    # the manifest was asked for once before
    assert told["requestsSent"] == len(service.server.log) - 1
    after = quads()
    assert not any("place/3>" in quad and "skos/core#exactMatch" in quad for quad in after)
    assert kg(*where, "--replay", "--target", "places").exit_code == 0
    assert quads() == after
