"""The ledger of decisions, and how it stands in the store."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pyoxigraph as ox
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import kg
from kg.errors import KgError, StoreError
from kg.graph.iri import links_graph_iri
from kg.graph.store import change_graph, named_quads, open_store
from kg.graph.vocab import DEFAULT_BASE, term
from kg.link.decisions import (
    CHAINED,
    COMPOSITE,
    MANUAL,
    NO_TERM,
    Decision,
    Facts,
    Ledger,
    read_ledger,
    write_ledger,
)
from kg.link.model import Candidate, Evidence, Found, Judgement, Match, Outcome, Target, Thing, Verdict
from kg.link.providers.tables import DivisionTable, GeoNamesTable
from kg.link.run import link
from kg.model import EntityClass
from kg.pipeline import build
from tests.union import in_graphs

CODES = Target("codes", "codes of places", "https://example.org/codes", "https://example.org/codes/", "CC0", "1")
PLACES = Target("gbt2260", "divisions", "https://example.org/places", "https://example.org/places/")
GRAPH = ox.NamedNode(links_graph_iri(DEFAULT_BASE))
NOON = "2026-01-02T12:00:00.000000Z"
LATER = "2026-01-02T13:00:00.000000Z"
ME = f"{DEFAULT_BASE}area/广州市"
YOU = f"{DEFAULT_BASE}area/长春市"
A, B, C = (f"{CODES.namespace}{name}" for name in "ABC")

accepted, rejected, open_ = Judgement.ACCEPTED, Judgement.REJECTED, Judgement.OPEN


def found(*verdicts: tuple[str, Judgement], subject: str = ME, why: str = "so", **more: object) -> Found:
    """What a run found for a thing in CODES: the objects, and what became of each."""
    listed = []
    for object, judgement in verdicts:
        told = {"code": object[-1], "latitude": 23.1, "longitude": 113.25, "source": CODES.iri, **more}
        candidate = Candidate(CODES.key, object[-1], object, f"名{object[-1]}", **told)  # type: ignore[arg-type]
        evidence = (Evidence("name", Outcome.FOR, "is so"),)
        listed.append(Verdict(candidate, judgement, Match.EXACT, 0.9, evidence, why))
    thing = Thing(subject, subject.rsplit("/", 1)[1], classes=frozenset({EntityClass.ADMINISTRATIVE_AREA}))
    return Found(thing, CODES.key, tuple(listed))


def ledger(*founds: Found, tool: str = "divisions") -> Ledger:
    out = Ledger(DEFAULT_BASE)
    out.add_target(CODES)
    out.add_target(PLACES)
    for each in founds:
        out.record(each, tool, "2026-01-01")
    return out


def holds(of: Ledger, subject: str = ME) -> dict[str, str]:
    return {
        d.object[-1] if d.object != NO_TERM else "none": d.judgement.value
        for d in of.effective()
        if d.subject == subject
    }


def links(of: Ledger | ox.Store) -> set[tuple[str, str, str]]:
    """The plain links."""
    quads = of.quads() if isinstance(of, Ledger) else of.quads_for_pattern(None, None, None, GRAPH)
    return {
        (q.subject.value, q.predicate.value.rsplit("#", 1)[1], q.object.value)
        for q in quads
        if q.predicate in (term("skos:exactMatch"), term("skos:closeMatch"), term("owl:sameAs"))
    }


# a run's decisions ----------------------------------------------------------------------------------------------------


def test_a_decision_holds_what_a_run_found() -> None:
    (decision,) = ledger(found((A, accepted))).effective()
    assert decision == Decision(
        ME, A, "codes", accepted, Match.EXACT, "广州市", "AdministrativeArea", "名A", COMPOSITE, 0.9, "divisions",
        kg.__version__, "2026-01-01", comment="so; +name: is so",
    )  # fmt: skip
    assert not decision.manual


def test_what_is_found_again_keeps_its_date() -> None:
    it = ledger(found((A, accepted), (B, rejected)))
    it.record(found((A, accepted), (B, open_)), "divisions", "2026-02-02")
    assert {d.object: d.date for d in it.effective()} == {A: "2026-01-01", B: "2026-02-02"}


def test_it_keeps_its_date_though_its_label_cannot_be_kept_as_it_is() -> None:
    store = ox.Store()
    it = ledger(found((A, accepted), why="a\r\x00b\ud800"))
    write_ledger(store, it)
    again = read_ledger(store, DEFAULT_BASE)
    again.record(found((A, accepted), why="a\r\x00b\ud800"), "divisions", "2026-02-02")
    assert [d.date for d in again.effective()] == ["2026-01-01"]
    assert write_ledger(store, again) == (0, 0)


def test_what_is_not_found_again_goes() -> None:
    it = ledger(found((A, accepted), (B, rejected)))
    it.record(found((B, rejected)), "divisions", "2026-02-02")
    assert holds(it) == {"B": "rejected"}
    it.record(found(), "divisions", "2026-02-02")
    assert holds(it) == {}


def test_other_tools_and_things_stay() -> None:
    it = ledger(found((A, accepted)), found((B, accepted), subject=YOU))
    it.record(found((C, open_)), "wikidata", "2026-02-02")
    it.record(found(), "divisions", "2026-02-02")
    assert holds(it) == {"C": "open"} and holds(it, YOU) == {"B": "accepted"}


def test_a_code_justifies_in_another_way() -> None:
    verdict = found((A, accepted)).verdicts[0]
    by_code = replace(verdict, evidence=(*verdict.evidence, Evidence("code", Outcome.FOR, "both")))
    it = ledger(replace(found((A, accepted)), verdicts=(by_code,)))
    assert [d.justification for d in it.effective()] == [CHAINED]


def test_two_tools_that_agree() -> None:
    it = ledger(found((A, accepted)))
    it.record(found((A, accepted)), "wikidata", "2026-01-01")
    assert holds(it) == {"A": "accepted"} and len(it.decisions) == 2
    it.record(found((A, open_)), "wikidata", "2026-01-01")  # one does not know: the other does
    assert holds(it) == {"A": "accepted"}


@pytest.mark.parametrize("other", [[(A, rejected)], [(B, accepted)], [(A, rejected), (B, accepted)]])
def test_two_tools_that_disagree_leave_it_open(other: list[tuple[str, Judgement]]) -> None:
    it = ledger(found((A, accepted)))
    it.record(found(*other), "wikidata", "2026-01-01")
    assert holds(it)["A"] == "open" and it.accepted() == []
    assert next(d for d in it.effective() if d.object == A).comment.startswith(
        "accepted by divisions, not by wikidata; "
    )
    assert links(it) == set()
    it.decide(ME, A, accepted, target="codes", recorded=NOON)
    assert holds(it)["A"] == "accepted" and len(it.accepted()) == 1


def test_two_codes_of_one_division() -> None:
    it = ledger(found((A, accepted), (B, accepted)))
    assert {object for _, _, object in links(it)} == {A, B}


def test_a_target_has_one_name() -> None:
    it = ledger()
    with pytest.raises(KgError, match="is called codes in this store, not mine"):
        it.add_target(replace(CODES, key="mine"))
    it.add_target(replace(CODES, version="2"))
    assert it.targets["codes"].version == "2"


# people's decisions ---------------------------------------------------------------------------------------------------


def test_a_person_goes_before_a_run_whatever_the_run_finds_later() -> None:
    it = ledger(found((A, accepted)))
    made = it.decide(ME, A, rejected, target="codes", reviewer="ann", recorded=NOON, comment="no")
    assert (
        made.manual and made.justification == MANUAL and made.subject_label == "广州市" and made.object_label == "名A"
    )
    assert (made.date, made.reviewer, made.recorded) == ("2026-01-02", "ann", NOON)
    assert holds(it) == {"A": "rejected"}
    it.record(found((A, accepted)), "divisions", "2026-02-02")
    assert holds(it) == {"A": "rejected"} and links(it) == set()


def test_a_decision_replaces_an_earlier_one_on_the_pair() -> None:
    it = ledger(found((A, open_)))
    it.decide(ME, A, rejected, target="codes", recorded=NOON)
    it.decide(ME, A, accepted, match=Match.CLOSE, target="codes", recorded=LATER)
    assert links(it) == {(ME, "closeMatch", A)} and len(it.decisions) == 2


def test_one_is_chosen_and_the_others_are_not_open_any_more() -> None:
    it = ledger(found((A, open_), (B, open_)))
    it.decide(ME, B, accepted, target="codes", recorded=NOON)
    assert holds(it) == {"A": "rejected", "B": "accepted"}


def test_another_than_the_run_chose() -> None:
    it = ledger(found((A, accepted), (B, rejected)))
    it.decide(ME, B, accepted, target="codes", recorded=NOON)
    assert holds(it) == {"A": "rejected", "B": "accepted"} and links(it) == {(ME, "exactMatch", B)}
    it.undo()
    assert holds(it) == {"A": "accepted", "B": "rejected"}


def test_to_confirm_what_a_run_chose_rejects_nothing() -> None:
    it = ledger(found((A, accepted), (B, accepted)))
    it.decide(ME, A, accepted, target="codes", recorded=NOON)
    assert holds(it) == {"A": "accepted", "B": "accepted"}


def test_none_of_these() -> None:
    it = ledger(found((A, open_), (B, accepted)), found((A, accepted), subject=YOU))
    it.none_of_these(ME, "codes", reviewer="ann", recorded=NOON)
    assert holds(it) == {"A": "rejected", "B": "rejected", "none": "accepted"}
    assert links(it) == {(YOU, "exactMatch", A)} and [d.subject for d in it.accepted()] == [YOU]
    it.record(found((C, accepted)), "divisions", "2026-02-02")
    assert holds(it) == {"C": "rejected", "none": "accepted"}
    it.undo(ME)
    assert holds(it) == {"C": "accepted"}


def test_none_in_one_graph_says_nothing_of_another() -> None:
    it = ledger(found((A, open_)))
    it.put(Decision(ME, f"{PLACES.namespace}1", "gbt2260", accepted, tool="divisions"))
    it.none_of_these(ME, "codes", recorded=NOON)
    it.none_of_these(ME, "gbt2260", recorded=NOON)
    assert len([d for d in it.decisions.values() if d.object == NO_TERM]) == 2
    it.undo()
    assert sorted(holds(it).values()) == ["accepted", "accepted", "rejected"]


def test_undo_takes_the_newest_and_the_runs_holds_again() -> None:
    it = ledger(found((A, accepted)), found((B, open_), subject=YOU))
    it.decide(YOU, B, accepted, target="codes", recorded=NOON)
    it.decide(ME, A, rejected, target="codes", recorded=LATER)
    assert (undone := it.undo()) is not None and undone.subject == ME
    assert holds(it) == {"A": "accepted"} and holds(it, YOU) == {"B": "accepted"}
    assert it.undo(ME) is None and it.undo(YOU, A) is None
    assert (undone := it.undo(YOU, B)) is not None and undone.object == B
    assert it.undo() is None


def test_two_graphs_with_one_namespace_are_decided_on_apart() -> None:
    it = ledger(found((A, open_)))
    it.add_target(replace(CODES, key="others", iri="https://example.org/others"))
    it.put(replace(it.of(ME)[0], target="others"))
    it.decide(ME, A, accepted, target="codes", recorded=NOON)
    it.decide(ME, A, rejected, target="others", recorded=LATER)
    told = {d.target: d.judgement for d in it.effective()}
    assert told == {"codes": accepted, "others": rejected}
    assert [d.target for d in it.by_people(ME, "others")] == ["others"]
    it.undo(ME, A, "codes")
    assert {d.target: d.judgement for d in it.effective()} == {"codes": open_, "others": rejected}


def test_an_import_is_taken_back_as_a_whole() -> None:
    it = ledger(found((A, open_), (B, open_)), found((A, open_), subject=YOU))
    it.put(replace(it.decide(YOU, A, rejected, target="codes", recorded=NOON), imported=NOON))
    for object in (A, B):
        it.put(replace(it.decide(ME, object, rejected, target="codes", recorded=NOON), imported=LATER))
    store = ox.Store()
    write_ledger(store, it)
    it = read_ledger(store, DEFAULT_BASE)
    assert [d.object for d in it.undo_import()] == [A, B]
    assert [d.subject for d in it.undo_import()] == [YOU]
    assert it.undo_import() == []


def test_nodes_with_other_names_are_written_anew() -> None:
    """As an older version of kg named them."""
    it, store = ledger(found((A, open_))), ox.Store()
    write_ledger(store, it)
    new = set(store)
    (node,) = {q.subject for q in store if "/mapping/" in str(q.subject)}
    for quad in list(store.quads_for_pattern(node, None, None, None)):
        store.remove(quad)
        store.add(ox.Quad(ox.NamedNode(f"{node.value}0"), quad.predicate, quad.object, quad.graph_name))
    again = read_ledger(store, DEFAULT_BASE)
    write_ledger(store, again, before=again.states())
    assert set(store) == new


def test_the_newest_is_told_by_time_not_by_text() -> None:
    store = ox.Store()
    it = ledger(found((A, open_), (B, open_), (C, open_)))
    for object, instant in ((B, "12:00:00.123456Z"), (A, "12:00:00.120000Z"), (C, "12:00:00.000000Z")):
        it.decide(ME, object, rejected, target="codes", recorded=f"2026-01-02T{instant}")
    write_ledger(store, it)
    again = read_ledger(store, DEFAULT_BASE)
    assert [d.object for d in (again.undo(), again.undo(), again.undo()) if d] == [B, A, C]


def test_to_undo_brings_back_the_facts_too() -> None:
    store = ox.Store()
    it = ledger(found((A, accepted)))
    write_ledger(store, it)
    before = in_graphs(store)
    again = read_ledger(store, DEFAULT_BASE)
    again.decide(ME, A, rejected, target="codes", recorded=NOON)
    write_ledger(store, again)
    assert not links(store)
    again = read_ledger(store, DEFAULT_BASE)
    again.undo()
    write_ledger(store, again)
    assert in_graphs(store) == before


def test_what_cannot_be_decided() -> None:
    it = ledger(found((A, open_)))
    with pytest.raises(KgError, match="to leave it open, undo it"):
        it.decide(ME, A, open_, target="codes", recorded=NOON)
    with pytest.raises(KgError, match="nothing is linked to a graph 'nowhere'"):
        it.decide(ME, A, accepted, target="nowhere", recorded=NOON)
    assert holds(it) == {"A": "open"}


def test_what_has_gone_is_forgotten_but_not_what_people_said() -> None:
    it = ledger(found((A, accepted)), found((B, accepted), subject=YOU))
    it.decide(YOU, B, rejected, target="codes", recorded=NOON)
    assert it.forget({ME}, {"divisions"}) == 1
    assert holds(it, YOU) == {"B": "rejected"} and holds(it) == {"A": "accepted"}
    assert it.forget({ME}, {"divisions"}) == 0


# the graph ------------------------------------------------------------------------------------------------------------


def test_only_what_is_accepted_is_a_link_and_an_axiom() -> None:
    it = ledger(found((A, accepted), (B, rejected)), found((C, open_), subject=YOU))
    it.put(Decision(YOU, A, "codes", accepted, Match.CLOSE, tool="table"))
    quads = it.quads()
    axioms = {q.subject for q in quads if q.predicate == term("rdf:type") and q.object == term("owl:Axiom")}
    told = {(q.subject, q.predicate): q.object for q in quads}
    assert {told[node, term("owl:annotatedTarget")].value for node in axioms} == {A}
    assert {told[node, term("gwr:judgement")] for node in axioms} == {term("gwr:accepted")}
    assert links(it) == {(ME, "exactMatch", A), (YOU, "closeMatch", A)}
    assert not [q for q in quads if q.predicate == term("owl:sameAs")]
    of_open = next(q.subject for q in quads if q.object == term("gwr:open"))
    assert told[of_open, term("owl:annotatedProperty")] == term("gwr:candidateMatch")
    assert told[of_open, term("gwr:proposes")] == term("skos:exactMatch")


def test_codes_and_coordinates_are_facts() -> None:
    it = ledger(found((A, accepted)), found((B, accepted), subject=YOU))
    place = f"{PLACES.namespace}1"
    it.put(Decision(ME, place, "gbt2260", accepted, tool="divisions"))
    it.facts[place] = Facts("广州市", "440100", 1988, 2000, (f"{PLACES.namespace}2",), 1.0, 2.0, "d", PLACES.iri)
    told = {(q.subject.value, q.predicate): q.object for q in it.quads()}
    assert told[ME, term("gwr:divisionCode")].value == "440100"
    assert told[ME, term("wgs84:lat")].value == "23.1"  # one pair for a thing, by the order of the targets
    assert (YOU, term("gwr:divisionCode")) not in told  # the codes of that target are no division's
    assert told[place, term("gwr:inForceSince")] == ox.Literal("1988", datatype=term("xsd:gYear"))
    assert told[place, term("dcterms:isReplacedBy")].value == f"{PLACES.namespace}2"


def test_the_link_sets_are_counted() -> None:
    it = ledger(found((A, accepted), (B, open_)), found((A, accepted), subject=YOU))
    it.decide(ME, B, accepted, match=Match.CLOSE, target="codes", recorded=NOON)
    it.decide(ME, A, accepted, target="codes", recorded=NOON)
    told = {(q.subject.value, q.predicate, q.object.value) for q in it.quads()}
    linkset = f"{DEFAULT_BASE}linkset/codes"
    assert (linkset, term("void:triples"), "3") in told
    assert (f"{linkset}/exactMatch", term("void:triples"), "2") in told
    assert (f"{linkset}/closeMatch", term("void:triples"), "1") in told
    assert len([1 for s, p, _ in told if (s, p) == (linkset, term("void:propertyPartition"))]) == 2
    assert not [1 for s, *_ in told if s.startswith(f"{DEFAULT_BASE}linkset/gbt2260")]  # nothing was asked there


def test_an_empty_ledger_is_an_empty_graph() -> None:
    assert ledger().quads() == []
    assert read_ledger(ox.Store(), DEFAULT_BASE).decisions == {}


_TEXT = st.text(st.characters(codec=None) | st.sampled_from("\"'\\\n\r\t\x00\u2028😀<>{}|^`é広"), max_size=12)
_LINE = st.text(st.sampled_from("ab 广“\"'\\😀"), max_size=8)
_IRIS = st.sampled_from([ME, YOU, f"{DEFAULT_BASE}entity/%E3%80%8A广州%22"])


@st.composite
def ledgers(draw: st.DrawFn) -> Ledger:
    out = Ledger(DEFAULT_BASE)
    out.add_target(replace(CODES, licence=draw(_LINE)))
    out.add_target(PLACES)
    for _ in range(draw(st.integers(0, 8))):
        target = draw(st.sampled_from([CODES, PLACES]))
        tool = draw(st.sampled_from(["", "divisions", "wikidata"]))
        judgement = draw(st.sampled_from([accepted, rejected] if not tool else list(Judgement)))
        object = target.namespace + draw(st.sampled_from(["1", "2", "a%20b"]))
        if not tool and draw(st.booleans()):
            object, judgement = NO_TERM, accepted
        out.put(
            Decision(
                draw(_IRIS),
                object,
                target.key,
                judgement,
                draw(st.sampled_from(list(Match))),
                draw(_TEXT),
                draw(_LINE).strip(),
                draw(_TEXT),
                MANUAL if not tool else COMPOSITE,
                draw(st.none() | st.floats(0, 1)),
                tool,
                "1" if tool else "",
                draw(st.sampled_from(["", "2026-01-01"])),
                "" if tool else draw(_TEXT),
                "" if tool else draw(st.sampled_from([NOON, LATER])),
                draw(_TEXT),
            )
        )
        if object != NO_TERM and draw(st.booleans()):
            out.facts[object] = Facts(
                draw(_TEXT), draw(st.none() | st.just("440100")), draw(st.none() | st.integers(1, 2030)), None,
                (f"{target.namespace}9",), draw(st.none() | st.floats(-90, 90)), draw(st.none() | st.floats(-180, 180)),
                draw(_TEXT), target.iri,
            )  # fmt: skip
    return out


@settings(max_examples=60, deadline=None)
@given(ledgers())
def test_a_ledger_is_read_as_it_was_written(it: Ledger) -> None:
    store = ox.Store()
    write_ledger(store, it)
    assert in_graphs(store) == set(it.quads())
    again = read_ledger(store, DEFAULT_BASE)
    assert again.decisions == it.decisions and again.effective() == it.effective()
    assert again.quads() == it.quads()
    assert write_ledger(store, again) == (0, 0)
    assert not [q for q in named_quads(store) if q.predicate == term("owl:sameAs")]


@settings(max_examples=40, deadline=None)
@given(ledgers(), ledgers())
def test_the_difference_is_as_good_as_the_whole(one: Ledger, other: Ledger) -> None:
    store = ox.Store()
    apart = ox.Quad(ox.NamedNode(ME), term("skos:exactMatch"), ox.NamedNode(A), ox.NamedNode("urn:x:another"))
    store.extend([apart, ox.Quad(apart.subject, apart.predicate, apart.object)])
    write_ledger(store, one)
    write_ledger(store, other, before=one.states())
    assert in_graphs(store) == {*other.quads(), apart}
    assert write_ledger(store, other, before=other.states()) == (0, 0)


@settings(max_examples=30, deadline=None)
@given(ledgers(), st.randoms(use_true_random=False))
def test_the_order_of_decisions_does_not_matter(it: Ledger, shuffled: random.Random) -> None:
    other = Ledger(DEFAULT_BASE, facts=dict(it.facts), targets=dict(reversed(it.targets.items())))
    decisions = list(it.decisions.values())
    shuffled.shuffle(decisions)
    for decision in decisions:
        other.put(decision)
    assert list(map(str, other.quads())) == list(map(str, it.quads()))


def test_what_is_written_is_one_step(monkeypatch: pytest.MonkeyPatch) -> None:
    calls: list[str] = []

    class Watched:
        def __init__(self, store: ox.Store) -> None:
            self._store = store

        def __getattr__(self, name: str) -> object:
            if name in ("update", "bulk_extend", "extend", "add", "remove", "load"):
                calls.append(name)
            return getattr(self._store, name)

    store = ox.Store()
    watched: ox.Store = Watched(store)  # type: ignore[assignment]
    it = ledger(found((A, accepted)))
    write_ledger(watched, it)
    before = it.states()
    it.decide(ME, B, accepted, target="codes", recorded=NOON)
    write_ledger(watched, it, before=before)
    it.undo()
    write_ledger(watched, it)
    assert calls == ["bulk_extend", "update", "update"]
    assert in_graphs(store) == set(it.quads())


def test_a_store_that_cannot_be_written_is_as_before(linked_store: Path) -> None:
    store = open_store(linked_store, read_only=True)
    it = read_ledger(store, DEFAULT_BASE)
    before = it.states()
    it.decide(ME, A, rejected, target="geonames", recorded=NOON)
    for states in (None, before):
        with pytest.raises(StoreError, match="cannot be written"):
            write_ledger(store, it, before=states)


def test_change_graph_keeps_the_union() -> None:
    store = ox.Store()
    s, p, o, g, h = (ox.NamedNode(f"urn:x:{name}") for name in "spogh")
    store.extend([ox.Quad(s, p, o, g), ox.Quad(s, p, o, h), ox.Quad(s, p, o)])
    change = change_graph(store, g, added=[ox.Quad(o, p, s, g)], removed=[ox.Quad(s, p, o, g)])
    assert (change.added, change.removed) == (1, 1)
    assert in_graphs(store) == {ox.Quad(o, p, s, g), ox.Quad(s, p, o, h)}
    change_graph(store, h, added=[], removed=[ox.Quad(s, p, o, h)])
    assert in_graphs(store) == {ox.Quad(o, p, s, g)}


# damage ---------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "piece",
    [
        "owl:annotatedSource",
        "owl:annotatedTarget",
        "owl:annotatedProperty",
        "gwr:judgement",
        "sssom:object_source",
        "sssom:mapping_justification",
    ],
)
def test_a_missing_piece_is_told(piece: str) -> None:
    store = ox.Store()
    write_ledger(store, ledger(found((A, accepted))))
    for quad in list(store.quads_for_pattern(None, term(piece), None, GRAPH)):
        store.remove(quad)
    with pytest.raises(
        StoreError, match=r"the decision <.*> in the graph of the links is damaged: .*build a new store"
    ):
        read_ledger(store, DEFAULT_BASE)


def test_a_missing_target_and_odd_values_are_told() -> None:
    for predicate, value in [
        ("gwr:judgement", ox.NamedNode("urn:x:perhaps")),
        ("sssom:confidence", ox.Literal("much")),
        ("sssom:object_source", ox.NamedNode("urn:x:nowhere")),
    ]:
        store = ox.Store()
        write_ledger(store, ledger(found((A, accepted))))
        (quad,) = store.quads_for_pattern(None, term(predicate), None, GRAPH)
        store.remove(quad)
        store.add(ox.Quad(quad.subject, quad.predicate, value, GRAPH))
        with pytest.raises(StoreError, match="is damaged"):
            read_ledger(store, DEFAULT_BASE)


# in a store with reports ----------------------------------------------------------------------------------------------


def run(store: Path, day: str = "2026-01-01") -> None:
    link(store, [DivisionTable(), GeoNamesTable()], today=day)


def decided(store: Path) -> Ledger:
    return read_ledger(open_store(store, read_only=True), DEFAULT_BASE)


def take(store: Path, decisions: Sequence[tuple[str, str, str, Judgement]]) -> None:
    into = open_store(store)
    it = read_ledger(into, DEFAULT_BASE)
    for subject, object, target, judgement in decisions:
        it.decide(subject, object, judgement, target=target, recorded=NOON)
    write_ledger(into, it)


def test_decisions_survive_a_rebuild_of_the_report(linked_store: Path, reports_folder: Path, tmp_path: Path) -> None:
    gone, stays = (f"{DEFAULT_BASE}entity/广州市海珠区/{name}" for name in ("疏附县", "长沙"))
    of = {d.subject: d for d in decided(linked_store).accepted() if d.target == "gbt2260"}
    take(
        linked_store,
        [
            (gone, of[gone].object, "gbt2260", accepted),
            (stays, of[stays].object, "gbt2260", rejected),
        ],
    )
    edited = tmp_path / "海珠区-2011.txt"
    text = (reports_folder / edited.name).read_text(encoding="utf-8")
    edited.write_text(text.replace("新疆疏附县和", "").replace("琶洲街道、", ""), encoding="utf-8")
    before = decided(linked_store)
    assert not build([edited], store_dir=linked_store).failures
    assert decided(linked_store).quads() == before.quads()  # a build touches no links
    run(linked_store, "2026-02-02")
    after = decided(linked_store)
    subjects = {d.subject for d in after.decisions.values() if d.tool}
    assert f"{DEFAULT_BASE}entity/广州市海珠区/琶洲街道" not in subjects  # vanished
    assert gone not in subjects
    assert {d.subject: d.judgement for d in after.decisions.values() if d.manual} == {gone: accepted, stays: rejected}
    assert next(d for d in after.effective() if d.object == of[stays].object).judgement is rejected
    assert {d.date for d in after.decisions.values() if d.tool} == {"2026-01-01"}  # the same as before
    in_graphs(open_store(linked_store, read_only=True))


def test_the_union_holds_after_every_change(linked_store: Path) -> None:
    store = open_store(linked_store)
    in_graphs(store)
    it = read_ledger(store, DEFAULT_BASE)
    (first, *_) = it.accepted()
    for change in (
        lambda: it.decide(first.subject, first.object, rejected, target=first.target, recorded=NOON),
        lambda: it.none_of_these(first.subject, first.target, recorded=LATER),
        it.undo,
        it.undo,
    ):
        before = it.states()
        change()
        write_ledger(store, it, before=before)
        assert set(it.quads()) <= in_graphs(store)
    assert it.quads() == read_ledger(store, DEFAULT_BASE).quads()
