from __future__ import annotations

import gc
import json
import threading
from pathlib import Path

import pytest
from pyoxigraph import DefaultGraph, Store

from kg import pipeline, resources
from kg.errors import KgError, StoreError, StoreLocked
from kg.graph import store
from kg.graph.iri import INDICATOR_BASE
from kg.graph.provenance import builds_graph_iri
from kg.graph.store import named_quads, open_store
from kg.graph.vocab import ONTOLOGY_GRAPH, curie, term
from kg.pipeline import build, collect
from kg.text.metadata import parse
from tests.union import facts_in

GOOD = "甲区2011年政府工作报告\n区长 张三\n各位代表:\n一、2010年工作回顾\n地区生产总值{0}亿元,增长10%。\n"


@pytest.fixture
def reports(tmp_path: Path) -> Path:
    """Two good reports and, between them by name, a file that is no text."""
    folder = tmp_path / "报告"
    (folder / "下").mkdir(parents=True)
    (folder / "a.txt").write_text(GOOD.format(100), encoding="utf-8")
    (folder / "b.txt").write_bytes(b"\x00\x01\x02\xff" * 100)
    (folder / "下" / "c.md").write_text(GOOD.replace("甲", "乙").format(200), encoding="gb18030")
    return folder


def nquads(folder: Path) -> list[str]:
    """The store's quads as sorted lines, but for the times of builds."""
    return sorted(str(quad) for quad in facts_in(open_store(folder, read_only=True)))


# collecting -----------------------------------------------------------------------------------------------------------


def test_no_path_is_the_seeds() -> None:
    files, errors = collect()
    assert [f.name for f in files] == ["haizhu-2011.txt"] and not errors
    assert files[0].parent == resources.folder("seeds")


def test_files_folders_and_globs_each_once(reports: Path) -> None:
    (reports / ".hidden").mkdir()
    (reports / ".hidden" / "x.txt").touch()
    (reports / "notes.odt").touch()
    files, errors = collect([reports / "b.txt", reports, f"{reports}/**/*.md", f"{reports}/[a-z].txt"])
    assert [str(f.relative_to(reports)) for f in files] == ["b.txt", "a.txt", "下/c.md"]
    assert not errors


def test_a_named_file_is_taken_whatever_its_ending(reports: Path) -> None:
    (reports / "report").touch()
    assert collect([reports / "report"])[0] == [reports / "report"]


def test_a_pattern_in_an_existing_name_is_a_name(reports: Path) -> None:
    (reports / "a[1].txt").touch()
    assert collect([f"{reports}/a[1].txt"])[0] == [reports / "a[1].txt"]


@pytest.mark.parametrize(
    ("path", "message"),
    [
        ("none.txt", "no such file or folder"),
        ("*.none", "no file fits this pattern"),
        ("empty", "no .txt, .md, .html, .htm, .pdf or .docx file in this folder"),
    ],
)
def test_paths_that_stand_for_nothing(path: str, message: str, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    files, (error,) = collect([tmp_path / path])
    assert files == [] and error.message == message and error.file == str(tmp_path / path)


# building -------------------------------------------------------------------------------------------------------------


def test_a_bad_report_costs_none_of_the_others(reports: Path, tmp_path: Path) -> None:
    summary = build([reports, tmp_path / "none"], store_dir=tmp_path / "store")
    assert [b.file.name for b in summary.reports] == ["a.txt", "c.md"]
    assert [Path(error.file or "").name for error in summary.failures] == ["none", "b.txt"]
    assert [(b.area, b.year) for b in summary.reports] == [("甲区", 2011), ("乙区", 2011)]
    store = open_store(tmp_path / "store", read_only=True)
    graphs = {graph.value for graph in store.named_graphs()}  # type: ignore[union-attr]
    assert graphs == {ONTOLOGY_GRAPH.value, builds_graph_iri(), *(b.graph for b in summary.reports)}


def test_a_fault_of_ours_in_one_report_costs_none_of_the_others(
    reports: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from kg.extract import extractor

    original = extractor.extract

    def faulty(report, **options):
        if report.source == "a.txt":
            raise ZeroDivisionError("oops")
        return original(report, **options)

    monkeypatch.setattr(extractor, "extract", faulty)
    summary = build([reports / "a.txt", reports / "下"], store_dir=tmp_path / "store")
    assert [b.file.name for b in summary.reports] == ["c.md"]
    (failure,) = summary.failures
    assert str(failure).startswith(f"{reports / 'a.txt'}: internal error in test_pipeline.py:")
    assert str(failure).endswith(": ZeroDivisionError: oops (please report this)")


def test_the_summary_counts_what_is_in_the_store(tmp_path: Path) -> None:
    summary = build(store_dir=tmp_path / "store")
    data = json.loads(json.dumps(summary.as_json()))
    stored = facts_in(open_store(tmp_path / "store", read_only=True))
    quads = [quad for quad in stored if quad.graph_name != ONTOLOGY_GRAPH]
    kinds = [curie(q.object.value) for q in quads if q.predicate.value.endswith("#type")]  # type: ignore[union-attr]
    assert data["triples"] == len(quads) == len(set(quads))
    assert data["observations"] == kinds.count("gwr:Observation") > 50
    assert data["relations"] == kinds.count("rdf:Statement") > 20
    assert sum(summary.entities_by_class.values()) >= summary.entities > 100
    for name, number in summary.entities_by_class.items():
        assert number == kinds.count(f"gwr:{name}")
    (report,) = data["reports"]
    assert (report["area"], report["year"], report["warnings"]) == ("广州市海珠区", 2011, [])


def test_building_again_changes_nothing(reports: Path, tmp_path: Path) -> None:
    build([reports], store_dir=tmp_path / "store")
    before = nquads(tmp_path / "store")
    build([reports / "a.txt"], store_dir=tmp_path / "store")
    assert nquads(tmp_path / "store") == before


def test_an_edited_report_replaces_only_itself(reports: Path, tmp_path: Path) -> None:
    build([reports], store_dir=tmp_path / "store")
    before = set(nquads(tmp_path / "store"))
    (reports / "a.txt").write_text(GOOD.format(300), encoding="utf-8")
    summary = build([reports / "a.txt"], store_dir=tmp_path / "store")
    after = set(nquads(tmp_path / "store"))
    gone, new = before - after, after - before
    assert any("100亿元" in quad for quad in gone) and any("300亿元" in quad for quad in new)
    assert not any("乙区" in quad for quad in gone | new)
    assert all(summary.reports[0].graph in quad for quad in new)


@pytest.mark.parametrize("order", [[0, 1], [1, 0]])
def test_the_order_of_reports_does_not_matter(order: list[int], reports: Path, tmp_path: Path) -> None:
    files = [reports / "a.txt", reports / "下" / "c.md"]
    build(files, store_dir=tmp_path / "one")
    build([files[i] for i in order], store_dir=tmp_path / "two")
    assert nquads(tmp_path / "one") == nquads(tmp_path / "two")


def test_progress_is_told(reports: Path, tmp_path: Path) -> None:
    told: list[tuple[int, int, str | None]] = []
    build(
        [reports],
        store_dir=tmp_path / "store",
        on_progress=lambda done, total, file: told.append((done, total, file.name if file else None)),
    )
    assert told == [(0, 3, "a.txt"), (1, 3, "b.txt"), (2, 3, "c.md"), (3, 3, None)]


def test_the_base_is_where_individuals_live(reports: Path, tmp_path: Path) -> None:
    summary = build([reports / "a.txt"], store_dir=tmp_path / "store", base_iri="https://example.org/x")
    assert summary.reports[0].graph.startswith("https://example.org/x/graph/")
    subjects = {
        quad.subject.value  # type: ignore[union-attr]
        for quad in named_quads(open_store(tmp_path / "store", read_only=True))
        if quad.graph_name != ONTOLOGY_GRAPH
    }
    # the common indicators are a code list, which stays where it is like the ontology
    individuals = {subject for subject in subjects if not subject.startswith(INDICATOR_BASE)}
    assert individuals != subjects
    assert all(subject.startswith("https://example.org/x/") for subject in individuals)
    with pytest.raises(KgError, match="base IRI"):
        build([reports / "a.txt"], store_dir=tmp_path / "other", base_iri="no iri")
    assert not (tmp_path / "other").exists()


def test_a_store_in_use_is_an_error_and_no_report_is_lost(reports: Path, tmp_path: Path) -> None:
    held = open_store(tmp_path / "store")
    with pytest.raises(StoreLocked):
        build([reports / "a.txt"], store_dir=tmp_path / "store")
    del held


def test_a_folder_with_other_files_is_no_store(reports: Path) -> None:
    before = sorted(reports.iterdir())
    with pytest.raises(StoreError, match="no store"):
        build([reports / "a.txt"], store_dir=reports)
    assert sorted(reports.iterdir()) == before


def test_nothing_to_build_makes_no_store(tmp_path: Path) -> None:
    summary = build([tmp_path / "none"], store_dir=tmp_path / "store")
    assert summary.failures and not (tmp_path / "store").exists()


# an area that the text never names ------------------------------------------------------------------------------------

SILENT = "各位代表:\n现在,我向大会报告工作,请予审议。\n一、工作回顾\n地区生产总值100亿元。\n二、工作安排\n改善民生。\n"


def test_word_lists_are_loaded_ahead_of_the_first_report_of_a_new_store(
    reports: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    loaded: list[str] = []

    def load(segmenter: str) -> None:
        loaded.append(segmenter)
        raise KgError("no such word list")

    monkeypatch.setattr(pipeline, "load", load)
    # what is wrong with the loading is told by who needs what could not be loaded, and here it is there
    assert not build([reports / "a.txt"], store_dir=tmp_path / "s").failures
    assert loaded == ["rjieba"]
    build([reports / "下"], store_dir=tmp_path / "s")  # nothing may be left to build in a store that is there
    assert loaded == ["rjieba"]


def test_an_unknown_segmenter_is_told_of_the_report(reports: Path, tmp_path: Path) -> None:
    summary = build([reports / "a.txt"], store_dir=tmp_path / "s", segmenter="other")
    assert [(f.message, f.hint) for f in summary.failures] == [("unknown segmenter 'other'", "one of rjieba, jieba")]
    with pytest.raises(KgError, match="unknown segmenter"):
        pipeline.load("other")


def test_a_new_store_is_made_while_the_first_report_is(
    reports: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made, opened = threading.Event(), threading.Event()
    attempt, open_store = pipeline.attempt, store.open_store

    def attempting(job: pipeline.Job) -> pipeline.Made | KgError:
        assert opened.wait(10), "nobody makes the store meanwhile"
        made.set()
        return attempt(job)

    def opening(folder: Path) -> Store:
        opened.set()
        assert made.wait(10), "nobody makes the report meanwhile"
        return open_store(folder)

    monkeypatch.setattr(pipeline, "attempt", attempting)
    monkeypatch.setattr(store, "open_store", opening)
    told: list[tuple[int, int, Path | None]] = []
    summary = build([reports], store_dir=tmp_path / "s", on_progress=lambda *now: told.append(now))
    assert len(summary.reports) == 2 and len(summary.failures) == 1
    assert [done for done, _, _ in told] == [0, 1, 2, 3]


def test_a_store_that_fails_while_it_is_made_is_not_held_open(
    reports: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def failing(into: Store) -> bool:
        raise StoreError("no ontology")

    gc.disable()  # what is held by a cycle would be let go by chance
    try:
        with monkeypatch.context() as patched:
            patched.setattr(store, "ensure_ontology", failing)
            with pytest.raises(StoreError, match="no ontology"):
                build([reports / "a.txt"], store_dir=tmp_path / "s")
        open_store(tmp_path / "s", wait=0)
    finally:
        gc.enable()


def test_a_store_that_cannot_be_made_is_told_once_all_threads_are_done(tmp_path: Path, reports: Path) -> None:
    (tmp_path / "s").write_text("no folder")
    with pytest.raises(StoreError):
        build([reports / "a.txt"], store_dir=tmp_path / "s")
    assert "kg-loading" not in [thread.name for thread in threading.enumerate()]


def test_a_given_area_need_not_stand_in_the_text(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(SILENT, encoding="utf-8")
    summary = build([tmp_path / "a.txt"], store_dir=tmp_path / "store", given=parse({"area": "甲市乙区", "year": 2011}))
    assert not summary.failures and not summary.warnings
    store = open_store(tmp_path / "store", read_only=True)
    about = [q.object for q in store.quads_for_pattern(None, term("gwr:about"), None, DefaultGraph())]
    assert [node.value.rsplit("/", 1)[-1] for node in about] == ["甲市乙区"]
    assert {q.object for q in store.quads_for_pattern(None, term("sdmx-dimension:refArea"), None)} == set(about)


def test_what_is_not_told_is_not_guessed(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(SILENT, encoding="utf-8")
    summary = build([tmp_path / "a.txt"], store_dir=tmp_path / "store")
    assert (summary.reports[0].area, summary.reports[0].year) == (None, None)
    assert [w.split(": ")[1] for w in summary.warnings] == [
        "the area cannot be told from the text",
        "the year cannot be told from the text",
    ]


def test_a_failure_inside_a_report_is_told_with_its_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object, **__: object) -> None:
        raise KgError("something is wrong", file="a.txt", offset=7)

    (tmp_path / "a.txt").write_text(SILENT, encoding="utf-8")
    monkeypatch.setattr("kg.graph.mapping.to_quads", fail)
    (failure,) = build([tmp_path / "a.txt"], store_dir=tmp_path / "store").failures
    assert str(failure) == f"{tmp_path / 'a.txt'}: offset 7: something is wrong"
