"""How graphs came to be: what is told of a build, and that it goes with the report's graph and is in no other."""

from __future__ import annotations

import io
import os
import time
from importlib import metadata
from pathlib import Path

import pyoxigraph as ox
import pytest
import rdflib

import kg
from kg.graph import mapping, provenance
from kg.graph.export import export
from kg.graph.provenance import Made, build_key, built_already, describe, is_builds_graph
from kg.graph.store import change_graph, open_store, replace_report, write_reports
from kg.graph.vocab import PREFIXES, term
from kg.pipeline import build
from kg.text.metadata import Given
from tests.conftest import small_extraction
from tests.union import in_graphs

MADE = Made("rjieba", {"year": 2011, "area": "甲区"}, "2026-01-01T12:00:00.000Z", "2026-01-01T12:00:01.500Z")
LATER = Made("rjieba", {}, "2026-01-02T12:00:00.000Z", "2026-01-02T12:00:01.000Z")
REPORT = "甲区2011年政府工作报告\n区长 王五\n各位代表:\n一、2010年工作回顾\n地区生产总值{}亿元,增长11%。\n"


def builds(store: ox.Store) -> set[ox.Quad]:
    return {quad for quad in in_graphs(store) if is_builds_graph(quad.graph_name)}


def test_what_is_told() -> None:
    report = small_extraction().report
    graph = rdflib.Graph()
    for quad in describe(report, MADE):
        assert is_builds_graph(quad.graph_name)
        graph.parse(data=f"{quad.triple} .", format="ntriples")
    prov, gwr = rdflib.Namespace(PREFIXES["prov"]), rdflib.Namespace(PREFIXES["gwr"])
    (made,) = graph.subjects(rdflib.RDF.type, prov.Activity)
    assert str(next(graph.subjects(prov.wasGeneratedBy, made))) == mapping.graph_of(report).value
    assert {str(o) for o in graph.objects(made, gwr.given)} == {"area: 甲区", "year: 2011"}
    assert str(graph.value(made, prov.startedAtTime)) < str(graph.value(made, prov.endedAtTime))
    (agent,) = graph.objects(made, prov.wasAssociatedWith)
    assert (agent, rdflib.RDF.type, prov.SoftwareAgent) in graph
    assert str(graph.value(agent, rdflib.OWL.versionInfo)) == kg.__version__
    hashes = {str(graph.value(used, gwr.sha256)) for used in graph.objects(made, prov.used)}
    assert hashes == {"None", provenance.vocabulary_hash()}  # the report's stands in its own graph


def test_the_key_depends_on_all_that_a_graph_is_made_of(monkeypatch: pytest.MonkeyPatch) -> None:
    usual = build_key("ab", "a.txt", {"year": 2011}, "rjieba")
    assert usual == build_key("ab", "a.txt", {"year": "2011"}, "rjieba")
    others = {
        build_key("cd", "a.txt", {"year": 2011}, "rjieba"),
        build_key("ab", "b.txt", {"year": 2011}, "rjieba"),
        build_key("ab", "a.txt", {}, "rjieba"),
        build_key("ab", "a.txt", {"year": 2011}, "jieba"),
        build_key("ab", "a.txt", {"year": 2011}, "rjieba", base_iri="https://example.org/"),
    }
    for name, value in (("vocabulary_hash", lambda: "x"), ("_code_hash", lambda: "x")):
        with monkeypatch.context() as patched:
            patched.setattr(provenance, name, value)
            others.add(build_key("ab", "a.txt", {"year": 2011}, "rjieba"))
    with monkeypatch.context() as patched:
        patched.setattr(kg, "__version__", "99")
        others.add(build_key("ab", "a.txt", {"year": 2011}, "rjieba"))
    assert len(others) == 8 and usual not in others


@pytest.mark.parametrize(
    ("segmenter", "kind", "depends"),
    [
        ("rjieba", "text", {"rjieba"}),
        ("jieba", "docx", {"jieba"}),
        ("rjieba", "html", {"rjieba", "trafilatura", "lxml"}),
        ("rjieba", "pdf", {"rjieba", "pypdfium2"}),
    ],
)
def test_the_key_depends_on_the_versions_of_what_reads_and_cuts(
    segmenter: str, kind: str, depends: set[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    usual = build_key("ab", "a", {}, segmenter, kind=kind)
    installed = provenance.version_of
    changed = set()
    for library in ("rjieba", "jieba", "trafilatura", "lxml", "pypdfium2"):
        assert installed(library) == metadata.version(library)
        monkeypatch.setattr(
            provenance, "version_of", lambda name, new=library: "99" if name == new else installed(name)
        )
        if build_key("ab", "a", {}, segmenter, kind=kind) != usual:
            changed.add(library)
    assert changed == depends


def test_a_word_list_changes_the_hash(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for folder in ("data", "ontology"):
        (tmp_path / folder).mkdir()
    monkeypatch.setattr(provenance.resources, "folder", lambda name: tmp_path / name)

    def digest() -> str:
        return provenance.vocabulary_hash.__wrapped__()

    seen = {digest()}
    for file, content in (("data/units.tsv", "a"), ("data/units.tsv", "b"), ("ontology/a.ttl", "a")):
        (tmp_path / file).write_text(content)
        seen.add(digest())
    assert len(seen) == 4
    (tmp_path / "data" / "link_streets.tsv").write_text("of no report's graph")
    (tmp_path / "data" / "audit_real.tsv").write_text("of no report's graph")
    assert digest() in seen


def test_it_goes_with_the_graph_of_the_report() -> None:
    x = small_extraction()
    quads, graph = mapping.to_quads(x), mapping.graph_of(x.report)
    store = ox.Store()
    replace_report(store, quads, graph, build=describe(x.report, MADE))
    assert builds(store) == set(describe(x.report, MADE))
    replace_report(store, quads, graph, build=describe(x.report, LATER))
    assert builds(store) == set(describe(x.report, LATER))
    replace_report(store, quads, graph)
    assert not any("build/" in str(quad) for quad in in_graphs(store))


def test_two_reports_share_software_and_word_lists(reports: Path, tmp_path: Path) -> None:
    build([reports], store_dir=tmp_path / "store")
    store = open_store(tmp_path / "store")
    kinds = sorted(q.object.value.rsplit("#")[-1] for q in builds(store) if q.predicate == term("rdf:type"))  # type: ignore[union-attr]
    assert kinds == ["Activity", "Activity", "Entity", "SoftwareAgent"]
    one = next(g for g in store.named_graphs() if "甲区" in str(g))
    change_graph(store, one, added=[], removed=set(store.quads_for_pattern(None, None, None, one)))  # type: ignore[arg-type]
    in_graphs(store)


def test_an_edited_report_leaves_no_build_behind(reports: Path, tmp_path: Path) -> None:
    build([reports], store_dir=tmp_path / "store")
    (reports / "a.txt").write_text(REPORT.format(300), encoding="utf-8")
    build([reports / "a.txt"], store_dir=tmp_path / "store")
    store = open_store(tmp_path / "store", read_only=True)
    made = {q.subject for q in builds(store) if q.object == term("prov:Activity")}
    generated = {q.subject for q in builds(store) if q.predicate == term("prov:wasGeneratedBy")}
    assert len(made) == len(generated) == 2
    assert all(store.contains_named_graph(graph) for graph in generated)


def test_a_graph_of_that_key_is_found(reports: Path, tmp_path: Path) -> None:
    summary = build([reports / "a.txt"], store_dir=tmp_path / "store", given=Given(year=2012))
    store = open_store(tmp_path / "store")
    (key,) = {q.object.value for q in builds(store) if q.predicate == term("gwr:buildKey")}  # type: ignore[union-attr]
    found = built_already(store, key)
    assert found is not None and found.value == summary.reports[0].graph
    assert built_already(store, "0" * 64) is None
    store.remove_graph(found)
    assert built_already(store, key) is None


def test_the_time_is_in_no_other_graph(reports: Path, tmp_path: Path) -> None:
    """What is exported unless asked for otherwise is the same bytes whenever it was built."""
    exported = []
    for name in ("one", "two"):
        build([reports], store_dir=tmp_path / name)
        time.sleep(0.002)
        out = io.BytesIO()
        export(open_store(tmp_path / name, read_only=True), out, format="nquads")
        exported.append(out.getvalue())
    assert exported[0] == exported[1] and b"prov#endedAtTime" not in exported[0]
    out = io.BytesIO()
    export(open_store(tmp_path / "one", read_only=True), out, format="nquads", graph="builds")
    assert out.getvalue().count(b"prov#endedAtTime") == 2


@pytest.mark.skipif(not hasattr(time, "tzset"), reason="the zone cannot be changed here")
def test_the_instants_are_of_the_build_whatever_the_zone(
    reports: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(os.environ, "TZ", "Asia/Shanghai")
    time.tzset()
    try:
        before = time.time()
        build([reports / "a.txt"], store_dir=tmp_path / "store")
        after = time.time()
    finally:
        monkeypatch.undo()
        time.tzset()
    store = open_store(tmp_path / "store", read_only=True)
    for predicate in ("prov:startedAtTime", "prov:endedAtTime"):
        (quad,) = (q for q in builds(store) if q.predicate == term(predicate))
        told = rdflib.Literal(quad.object.value, datatype=rdflib.XSD.dateTime).toPython()  # type: ignore[union-attr]
        assert before - 0.002 <= told.timestamp() <= after


def test_many_at_once() -> None:
    x = small_extraction()
    quads, graph = mapping.to_quads(x), mapping.graph_of(x.report)
    store = ox.Store()
    write_reports(store, [(graph, quads)], builds={graph: describe(x.report, MADE)})
    assert builds(store) == set(describe(x.report, MADE))


@pytest.fixture
def reports(tmp_path: Path) -> Path:
    folder = tmp_path / "reports"
    folder.mkdir()
    (folder / "a.txt").write_text(REPORT.format(100), encoding="utf-8")
    (folder / "b.txt").write_text(REPORT.format(200).replace("甲", "乙"), encoding="utf-8")
    return folder
