"""The graph of the verdicts: a function of what the store holds, however it came there."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from itertools import permutations
from pathlib import Path

import pyoxigraph as ox
import pytest
from click.testing import CliRunner

from kg.audit import verdicts
from kg.cli import cli
from kg.graph import writing
from kg.graph.export import export
from kg.graph.queries import load_templates, run
from kg.graph.store import add_quads, is_verdicts_graph, named_quads, open_store, remove_report
from kg.graph.validate import validate
from kg.graph.vocab import term
from kg.pipeline import build

REPORT = (
    "甲市{year}年政府工作报告\n——{year}年1月10日在甲市第十届人民代表大会第{n}次会议上\n市长 张明\n各位代表:\n"
    "一、{last}年工作回顾\n全市出口总额{got}亿元,城镇登记失业率{rate}%。\n"
    "二、{year}年主要任务\n今年的主要预期目标是:出口总额达到{aim}亿元,城镇登记失业率控制在3%以内。\n"
)


@pytest.fixture
def reports(tmp_path: Path) -> list[Path]:
    told = [(2010, 150, "2.5", 180), (2011, 200, "2.9", 220), (2012, 210, "3.4", 230)]
    out = []
    for n, (year, got, rate, aim) in enumerate(told, 1):
        path = tmp_path / f"{year}.txt"
        path.write_text(REPORT.format(year=year, last=year - 1, n="一二三"[n - 1], got=got, rate=rate, aim=aim))
        out.append(path)
    return out


def of(store: ox.Store) -> set[ox.Quad]:
    return {quad for quad in store if is_verdicts_graph(quad.graph_name)}


def told(folder: Path) -> list[tuple[str, ...]]:
    result = run(open_store(folder, read_only=True), load_templates()["promises"].bind(area="甲市"))
    rows = [dict(zip(result.variables, row, strict=True)) for row in result]
    keys = ("promised", "indicator", "target", "reached", "verdict", "why")
    return [tuple(str(getattr(row[key], "value", row[key] or "")) for key in keys) for row in rows]


def test_what_was_promised_meets_what_was_reached(reports: Sequence[Path], tmp_path: Path) -> None:
    build(reports, store_dir=tmp_path / "s")
    assert told(tmp_path / "s") == [
        ("2010", "出口总额", "180亿元", "200亿元", "kept", ""),
        ("2010", "城镇登记失业率", "3%", "2.9%", "kept", ""),
        ("2011", "出口总额", "220亿元", "210亿元", "missed", ""),
        ("2011", "城镇登记失业率", "3%", "3.4%", "missed", ""),
        ("2012", "出口总额", "230亿元", "", "unknown", "no report of a time after it"),
        ("2012", "城镇登记失业率", "3%", "", "unknown", "no report of a time after it"),
    ]
    assert validate(open_store(tmp_path / "s", read_only=True)) == []


def test_one_report_has_no_verdicts(reports: Sequence[Path], tmp_path: Path) -> None:
    build(reports[:1], store_dir=tmp_path / "s")
    assert of(open_store(tmp_path / "s", read_only=True)) == set()
    assert [row[4:] for row in told(tmp_path / "s")] == [("unknown", "no report of a time after it")] * 2


def test_the_order_of_building_does_not_matter(reports: Sequence[Path], tmp_path: Path) -> None:
    out = set()
    for number, order in enumerate(permutations(reports)):
        folder = tmp_path / str(number)
        for path in order:
            build([path], store_dir=folder)
        export(open_store(folder, read_only=True), tmp_path / "g.nq", format="nquads")
        out.add((tmp_path / "g.nq").read_bytes())
    build(reports, store_dir=tmp_path / "together")
    export(open_store(tmp_path / "together", read_only=True), tmp_path / "g.nq", format="nquads", graph="all")
    assert out == {(tmp_path / "g.nq").read_bytes()}


def test_a_report_that_is_removed_takes_its_verdicts_along(reports: Sequence[Path], tmp_path: Path) -> None:
    build(reports[:2], store_dir=tmp_path / "two")
    build(reports, store_dir=tmp_path / "s")
    done = CliRunner().invoke(cli, ["remove", "2012.txt", "--store", str(tmp_path / "s")], catch_exceptions=False)
    assert done.exit_code == 0
    assert of(open_store(tmp_path / "s", read_only=True)) == of(open_store(tmp_path / "two", read_only=True)) != set()
    CliRunner().invoke(cli, ["remove", "2011.txt", "--store", str(tmp_path / "s")], catch_exceptions=False)
    left = open_store(tmp_path / "s", read_only=True)
    assert of(left) == set()
    assert not any(is_verdicts_graph(graph) for graph in left.named_graphs())
    assert not any(left.quads_for_pattern(None, term("gwr:seriesKey"), None, None)), "nor in the union"


def test_nothing_is_computed_that_did_not_change(
    reports: Sequence[Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    build(reports, store_dir=tmp_path / "s")
    store = open_store(tmp_path / "s")
    assert verdicts.refresh(store) == 0
    monkeypatch.setattr(verdicts, "_version", lambda: "another")
    assert verdicts.refresh(store) == 1


def test_what_a_killed_process_left_is_made_up_for(reports: Sequence[Path], tmp_path: Path) -> None:
    build(reports, store_dir=tmp_path / "s")
    expected = of(open_store(tmp_path / "s", read_only=True))
    store = open_store(tmp_path / "s")
    graph = next(
        q.subject for q in store.quads_for_pattern(None, term("gwr:year"), None, None) if "2012" in str(q.subject)
    )
    named = next(
        q.graph_name
        for q in store.quads_for_pattern(graph, term("gwr:year"), None, None)
        if q.graph_name != ox.DefaultGraph()
    )
    remove_report(store, named)  # and then it was killed
    del store
    build(reports, store_dir=tmp_path / "s")
    assert of(open_store(tmp_path / "s", read_only=True)) == expected


def test_the_verdicts_can_be_exported_alone(reports: Sequence[Path], tmp_path: Path) -> None:
    build(reports, store_dir=tmp_path / "s")
    store = open_store(tmp_path / "s", read_only=True)
    export(store, tmp_path / "v.nq", format="nquads", graph="verdicts")
    quads = set(ox.parse(path=tmp_path / "v.nq"))
    assert quads == of(store)
    export(store, tmp_path / "r.nq", format="nquads", graph="report")
    assert not quads & set(ox.parse(path=tmp_path / "r.nq"))


def test_what_is_computed_while_reports_come_is_what_is_computed_in_the_end(
    reports: Sequence[Path], tmp_path: Path
) -> None:
    other = tmp_path / "其他"
    other.mkdir()
    for path in reports:
        (other / path.name).write_text(path.read_text().replace("甲市", "乙市"))
    build([*reports, other], store_dir=tmp_path / "at once")
    whole = of(open_store(tmp_path / "at once", read_only=True))
    first, second = (f"https://w3id.org/gwr/id/area/{name}" for name in ("甲市", "乙市"))

    build([*reports[:2], other], store_dir=tmp_path / "s")
    store = open_store(tmp_path / "s")
    for graph in [q.graph_name for q in of(store) if q.predicate == term("gwr:seriesKey")]:
        store.remove_graph(graph)
    store.update("DELETE { ?s ?p ?o } WHERE { ?s ?p ?o FILTER NOT EXISTS { GRAPH ?g { ?s ?p ?o } } }")
    refresh = verdicts.Refresh(store)
    refresh.ahead([first])
    assert of(store) == set(), "it waits"
    before = {place: waiting.key for place, waiting in refresh._waiting.items()}
    assert [area for _, area in before] == [first]
    # one more report on it comes after all: what waited is outdated
    late = [q for q in named_quads(open_store(tmp_path / "at once", read_only=True)) if "甲市-2012" in str(q)]
    add_quads(store, [q for q in late if not is_verdicts_graph(q.graph_name)])
    refresh.ahead([second])
    assert {area for _, area in refresh._waiting} == {first, second}
    assert {p: w.key for p, w in refresh._waiting.items() if p in before} == before, "others were not asked for"
    assert refresh.finish() == 2
    assert {q for q in of(store) if q.predicate != term("gwr:seriesKey")} == {
        q for q in whole if q.predicate != term("gwr:seriesKey")
    }
    assert verdicts.refresh(store) == 0


def test_areas_are_computed_once_their_reports_are_through_and_never_where_they_come_mixed() -> None:
    from kg.graph.store import Identity
    from kg.graph.writing import Packed
    from kg.pipeline import _Ahead

    def of(*areas: str) -> list[Packed]:
        named = [ox.NamedNode(f"urn:{area}") for area in areas]
        return [Packed("urn:g", b"", 1, Identity(area=area)) for area in named]

    told: list[list[str]] = []
    ahead = _Ahead(lambda areas: told.append(sorted(areas)))
    ahead.written(of("a", "a"))
    assert told == [], "another of a may come"
    ahead.written(of("a", "b", "c"))
    assert told == [["urn:a", "urn:b"]]
    ahead.written([])
    ahead.written(of("d"))
    assert told[1:] == [["urn:c"]]
    ahead.written(of("a", "e"))
    ahead.written(of("f"))
    assert len(told) == 2, "a came again, so any may"


def test_what_cannot_be_computed_ahead_is_told_at_the_end() -> None:
    from kg.errors import StoreError
    from kg.graph.store import Identity
    from kg.graph.writing import Packed
    from kg.pipeline import _Ahead

    reports = [Packed("urn:g", b"", 1, Identity(area=ox.NamedNode(f"urn:{area}"))) for area in "abcd"]
    tried = []

    def fails(areas: Collection[str]) -> None:
        tried.append(areas)
        raise ZeroDivisionError

    ahead = _Ahead(fails)
    ahead.written(reports[:2])
    ahead.written(reports[2:])
    assert len(tried) == 1, "the reports go on into the store, and the end of the build meets it again"

    def full(areas: Collection[str]) -> None:
        raise StoreError("the store cannot be written")

    with pytest.raises(StoreError):
        _Ahead(full).written(reports)


def test_an_area_that_falls_to_one_report_while_its_verdicts_wait_has_none(
    reports: Sequence[Path], tmp_path: Path
) -> None:
    build(reports[:2], store_dir=tmp_path / "s")
    store = open_store(tmp_path / "s")
    for graph in {q.graph_name for q in of(store)}:
        store.remove_graph(graph)
    refresh = verdicts.Refresh(store)
    refresh.ahead(None)
    assert refresh._waiting
    remove_report(store, next(g for g in store.named_graphs() if "甲市-2011" in g.value))
    refresh.finish()
    assert of(store) == set() and not refresh._waiting


@pytest.mark.parametrize("mixed", [False, True])
def test_with_several_processes_the_verdicts_are_those_of_one(
    mixed: bool, reports: Sequence[Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = []
    for path in reports:
        other.append(path.with_name(f"other-{path.name}"))
        other[-1].write_text(path.read_text().replace("甲市", "乙市"))
    order = [*reports[:2], *other, reports[2]] if mixed else [*reports, *other]
    build(order, store_dir=tmp_path / "one")

    ahead: list[Collection[str] | None] = []
    computed = verdicts.Refresh.ahead

    def noted(self: verdicts.Refresh, areas: Collection[str] | None) -> None:
        ahead.append(areas)
        computed(self, areas)

    monkeypatch.setattr(verdicts.Refresh, "ahead", noted)
    monkeypatch.setattr(writing.Batches.__init__, "__defaults__", (1,))
    build(order, store_dir=tmp_path / "two", workers=2)
    one, two = (of(open_store(tmp_path / name, read_only=True)) for name in ("one", "two"))
    assert {q for q in one if q.predicate != term("gwr:seriesKey")}
    assert one == two
    assert len(ahead) >= 2 and ahead[-1] is None, "some were computed while others were built"
