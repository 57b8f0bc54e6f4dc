"""A run over a store: what is written, what a second one does, and what becomes of it when something fails."""

from __future__ import annotations

import contextlib
import shutil
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from kg.errors import KgError, StoreError, StoreLocked
from kg.graph import store as stores
from kg.graph.store import WRITTEN, open_store
from kg.graph.vocab import DEFAULT_BASE
from kg.link.decisions import Ledger, read_ledger, write_ledger
from kg.link.model import Candidate, Judgement, Target, Thing
from kg.link.providers.tables import DivisionTable, GeoNamesTable
from kg.link.run import abroad, link, named_in_full, with_identifiers
from kg.model import EntityClass
from kg.pipeline import build
from tests.link.conftest import DAY
from tests.union import facts_in, in_graphs

OFFLINE = (DivisionTable(), GeoNamesTable())


def triples(folder: Path) -> list[str]:
    return sorted(map(str, facts_in(open_store(folder, read_only=True))))


def ledger(folder: Path) -> Ledger:
    return read_ledger(open_store(folder, read_only=True), DEFAULT_BASE)


class Halting:
    """The divisions, as far as the third thing."""

    name = "divisions"
    targets = DivisionTable.targets

    def wants(self, thing: Thing) -> bool:
        return DivisionTable().wants(thing)

    def candidates(self, things: Sequence[Thing]) -> Iterator[tuple[Thing, list[Candidate]]]:
        for number, answer in enumerate(DivisionTable().candidates(things)):
            if number == 3:
                raise KgError("the line is dead")
            yield answer


# what is written ------------------------------------------------------------------------------------------------------


def test_the_summary(built_store: Path) -> None:
    summary = link(built_store, OFFLINE, today=DAY)
    told = summary.as_json()
    assert list(told) == [
        "store", "things", "targets", "areas", "vanished", "triplesAdded", "triplesRemoved", "requestsSent",
        "requestsFromCache", "seconds",
    ]  # fmt: skip
    effective = ledger(built_store).effective()
    for key, counts in told["targets"].items():
        mine = [d for d in effective if d.target == key]
        assert counts["exact"] + counts["close"] == sum(d.judgement is Judgement.ACCEPTED for d in mine)
        assert counts["open"] == sum(d.judgement is Judgement.OPEN for d in mine)
        assert counts["rejected"] == sum(d.judgement is Judgement.REJECTED for d in mine)
    assert set(told["targets"]) == {"gbt2260", "geonames", "nbs"}
    assert told["areas"] == {"abroad": 1, "code": 8} and told["things"] == 19
    assert told["triplesAdded"] == sum("graph/links" in line for line in triples(built_store))
    assert (built_store / WRITTEN).is_file()


def test_a_second_run_changes_nothing(linked_store: Path) -> None:
    before = triples(linked_store)
    (linked_store / WRITTEN).unlink(missing_ok=True)
    summary = link(linked_store, OFFLINE, today="2027-07-07")
    assert (summary.added, summary.removed) == (0, 0) and triples(linked_store) == before
    assert not (linked_store / WRITTEN).exists()  # whoever serves the store need not read it again


def test_what_is_known_when_it_is_asked_changes_nothing(linked_store: Path) -> None:
    """The codes that the first run found are not evidence for the second."""
    before = ledger(linked_store).quads()
    for providers in ((DivisionTable(),), (GeoNamesTable(),), (GeoNamesTable(), DivisionTable())):
        link(linked_store, providers, today="2027-07-07")
        assert ledger(linked_store).quads() == before


def test_the_order_of_the_reports_does_not_matter(built_store: Path, reports_folder: Path, tmp_path: Path) -> None:
    for file in sorted(reports_folder.iterdir(), reverse=True):
        build([file], store_dir=tmp_path / "other")
    for folder in (built_store, tmp_path / "other"):
        link(folder, OFFLINE, today=DAY)
    assert triples(built_store) == triples(tmp_path / "other")


def test_a_report_more_is_as_good_as_all_at_once(linked_store: Path, reports_folder: Path, tmp_path: Path) -> None:
    first, second = sorted(reports_folder.iterdir())
    for file in (first, second):
        build([file], store_dir=tmp_path / "other")
        link(tmp_path / "other", OFFLINE, today=DAY)
    assert triples(tmp_path / "other") == triples(linked_store)


def test_nothing_is_written_on_a_dry_run(built_store: Path) -> None:
    before = triples(built_store)
    summary = link(built_store, OFFLINE, today=DAY, write=False)
    assert triples(built_store) == before and summary.by_target["gbt2260"].exact == 9


def test_another_base(tmp_path: Path, reports_folder: Path) -> None:
    build([reports_folder], store_dir=tmp_path / "s", base_iri="https://example.org/kg/")
    link(tmp_path / "s", OFFLINE, today=DAY)
    found = read_ledger(open_store(tmp_path / "s", read_only=True), "https://example.org/kg/")
    assert found.accepted() and all(d.subject.startswith("https://example.org/kg/") for d in found.accepted())


def test_progress_is_told(built_store: Path) -> None:
    seen: list[tuple[int, int, str]] = []
    link(built_store, OFFLINE, today=DAY, on_progress=lambda *told: seen.append(told))
    for name in ("divisions", "geonames"):
        mine = [(done, total) for done, total, who in seen if who == name]
        assert mine == [(n, len(mine)) for n in range(1, len(mine) + 1)] and mine


def test_what_another_version_wrote_is_written_anew(linked_store: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    expected = triples(linked_store)
    store = open_store(linked_store)
    graph = next(g for g in store.named_graphs() if stores.is_links_graph(g))
    stale = next(q for q in store.quads_for_pattern(None, None, None, graph) if "comment" in q.predicate.value)
    stores.change_graph(store, graph, added=[], removed=[stale])
    del store
    monkeypatch.setattr("kg.__version__", "99")
    summary = link(linked_store, OFFLINE, today=DAY)
    assert summary.added
    assert len(triples(linked_store)) == len(expected)


# what people decided --------------------------------------------------------------------------------------------------


def test_a_run_never_touches_what_people_decided(linked_store: Path) -> None:
    store = open_store(linked_store)
    it = read_ledger(store, DEFAULT_BASE)
    first, second, *_ = [d for d in it.accepted() if d.target == "gbt2260"]
    it.decide(first.subject, first.object, Judgement.REJECTED, target="gbt2260", recorded="2026-01-02T12:00:00Z")
    it.none_of_these(second.subject, "gbt2260", recorded="2026-01-02T12:00:01Z")
    write_ledger(store, it)
    mine = [d for d in it.decisions.values() if d.manual]
    del store
    link(linked_store, OFFLINE, today="2027-07-07")
    after = ledger(linked_store)
    assert [d for d in after.decisions.values() if d.manual] == mine
    linked = {d.subject for d in after.accepted()}
    assert first.subject not in linked and second.subject not in linked  # nor to GeoNames, which goes by the code
    assert link(linked_store, OFFLINE, today="2027-07-07").added == 0


# what fails -----------------------------------------------------------------------------------------------------------


def test_a_provider_that_fails_midway_keeps_what_was_found(built_store: Path, linked_store: Path) -> None:
    with pytest.raises(KgError, match="the line is dead"):
        link(built_store, [Halting()], today=DAY)
    found = ledger(built_store)
    everything = ledger(linked_store)
    assert found.decisions and found.decisions.items() < everything.decisions.items()
    in_graphs(open_store(built_store, read_only=True))
    link(built_store, OFFLINE, today=DAY)
    assert triples(built_store) == triples(linked_store)


def test_a_provider_that_fails_leaves_what_was_there(linked_store: Path) -> None:
    before = triples(linked_store)
    with pytest.raises(KgError, match="the line is dead"):
        link(linked_store, [Halting()], today="2027-07-07")
    assert triples(linked_store) == before


def test_a_store_in_use(built_store: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stores.open_store, "__kwdefaults__", {"read_only": False, "wait": 0.0})
    holder = open_store(built_store)
    with pytest.raises(StoreLocked, match="another process is writing"):
        link(built_store, OFFLINE)
    del holder
    assert link(built_store, OFFLINE, today=DAY).added


def test_no_store_and_no_report(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match=r"there is no store in .*kg build"):
        link(tmp_path / "nowhere", OFFLINE)
    assert not (tmp_path / "nowhere").exists()
    del_me = open_store(tmp_path / "empty")
    del del_me
    with pytest.raises(KgError, match=r"there is no report in the store in .*kg build"):
        link(tmp_path / "empty", OFFLINE)


def test_the_store_is_free_after_an_error(built_store: Path) -> None:
    with contextlib.suppress(KgError):
        link(built_store, [Halting()], today=DAY)
    open_store(built_store, wait=0)


# what is counted ------------------------------------------------------------------------------------------------------


def area(name: str, **more: object) -> Thing:
    return Thing("urn:x:1", name, classes=frozenset({EntityClass.ADMINISTRATIVE_AREA}), **more)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("name", "whole"),
    [("海珠区", True), ("南华西街", True), ("广州市海珠区", True), ("海珠", False), ("琶洲村", False), ("化州", False)],
)
def test_named_in_full(name: str, whole: bool) -> None:
    assert named_in_full(area(name)) is whole
    assert not named_in_full(Thing("urn:x:1", name, classes=frozenset({EntityClass.ZONE})))


@pytest.mark.parametrize(
    ("thing", "far"),
    [
        (area("俄罗斯赤塔市"), True),
        (area("日本大分市"), True),
        (area("赤塔市", within=("俄罗斯",)), True),
        (area("海珠区", within=("广州市",)), False),
        (area("台湾省"), False),
        (area("香港特别行政区"), False),
        (area("中国"), False),
    ],
)
def test_abroad(thing: Thing, far: bool) -> None:
    assert abroad(thing) is far


def test_identifiers_come_from_other_targets_alone(linked_store: Path) -> None:
    it = ledger(linked_store)
    things = [area("广州市"), area("长春市")]
    things = [Thing(f"{DEFAULT_BASE}area/{t.name}", t.name, classes=t.classes) for t in things]
    every = with_identifiers(things, it)
    assert every[0].codes == ("440100",) and every[0].known == (("geonames", "1809858"),)
    assert with_identifiers(things, it, but={"gbt2260"})[0].codes == ()
    assert with_identifiers(things, it, but={"geonames"})[0].known == ()


def test_a_code_that_was_given_up_brings_its_successors(linked_store: Path) -> None:
    thing = Thing(f"{DEFAULT_BASE}entity/广州市海珠区/从化", "从化", classes=area("x").classes)
    assert with_identifiers([thing], ledger(linked_store))[0].codes == ("440184", "440117")


def test_tools_that_are_not_run_forget_what_has_gone(linked_store: Path) -> None:
    store = open_store(linked_store)
    it = read_ledger(store, DEFAULT_BASE)
    it.add_target(Target("t", "t", "urn:x:t", "urn:x:t:"))
    gone = next(iter(it.decisions.values()))
    it.put(replace(gone, subject="urn:x:gone", target="t", object="urn:x:t:1", tool="wikidata"))
    it.put(replace(gone, target="t", object="urn:x:t:1", tool="wikidata"))
    write_ledger(store, it)
    del store
    link(linked_store, OFFLINE, today=DAY)
    assert [d.subject for d in ledger(linked_store).decisions.values() if d.tool == "wikidata"] == [gone.subject]


def test_a_copy_of_a_store_is_linked_alike(built_store: Path, tmp_path: Path) -> None:
    shutil.copytree(built_store, tmp_path / "copy")
    assert link(built_store, OFFLINE, today=DAY).added == link(tmp_path / "copy", OFFLINE, today=DAY).added
