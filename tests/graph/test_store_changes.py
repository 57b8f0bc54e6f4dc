"""Which graphs give way to which, what a fault leaves behind, and what a store in trouble says."""

from __future__ import annotations

import dataclasses
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyoxigraph as ox
import pytest

from kg import resources
from kg.errors import DataError, StoreError, StoreLocked
from kg.graph import mapping, store
from kg.graph.vocab import ONTOLOGY_GRAPH
from kg.model import Extraction
from tests.conftest import small_extraction
from tests.union import in_graphs


def told(**report: Any) -> Extraction:
    """The small report with other metadata; without its own area as an entity where the area is taken away."""
    whole = small_extraction()
    changed = dataclasses.replace(whole, report=dataclasses.replace(whole.report, **report))
    if "area" not in report:
        return changed
    own = dataclasses.replace(whole.entities[0], qualified=report["area"], own_area=report["area"] is not None)
    return dataclasses.replace(changed, entities=(own, *whole.entities[1:]))


def item(extraction: Extraction) -> tuple[ox.NamedNode, list[ox.Quad]]:
    return mapping.graph_of(extraction.report), mapping.to_quads(extraction)


FIRST: dict[str, Any] = {"sha256": "a" * 64, "source": "report.txt", "year": 2011}
OTHERS: dict[str, tuple[dict[str, Any], bool]] = {
    "edited": ({"sha256": "b" * 64}, True),
    "of another year": ({"sha256": "b" * 64, "year": 2012}, False),
    "of another area": ({"sha256": "b" * 64, "area": "江州市河西区"}, False),
    "another file of that area and year": ({"sha256": "b" * 64, "source": "second.txt"}, False),
    "the same content told to be of another year": ({"year": 2012}, True),
    "the same content under another name": ({"source": "second.txt"}, True),
}


@pytest.mark.parametrize("at_once", [False, True], ids=["one by one", "in one batch"])
@pytest.mark.parametrize("name", OTHERS)
def test_which_report_takes_the_place_of_the_first(name: str, at_once: bool) -> None:
    changes, replaces = OTHERS[name]
    first, second = item(told(**FIRST)), item(told(**{**FIRST, **changes}))
    into = ox.Store()
    if at_once:
        store.write_reports(into, [first, second])
    else:
        store.write_reports(into, [first])
        store.write_reports(into, [second])
    assert in_graphs(into) == set(second[1]) | (set() if replaces else set(first[1]))


def test_files_of_unknown_area_and_year_do_not_replace_each_other() -> None:
    nothing: dict[str, Any] = {"source": "report.txt", "area": None, "year": None}
    one, other = (told(sha256=c * 64, **nothing) for c in "ab")
    into = ox.Store()
    store.write_reports(into, [item(one)])
    store.write_reports(into, [item(other)])
    assert len(store.reports(into)) == 2


def test_a_replaced_graph_is_told() -> None:
    first, second = item(told(**FIRST)), item(told(**{**FIRST, "sha256": "b" * 64}))
    into = ox.Store()
    store.write_reports(into, [first])
    [change] = store.write_reports(into, [second])
    assert change == store.Change(second[0], len(second[1]), len(first[1]), (first[0],))


def test_a_quad_of_another_graph_is_refused_before_anything_is_written() -> None:
    graph, quads = item(told())
    stray = ox.Quad(quads[0].subject, quads[0].predicate, quads[0].object, ONTOLOGY_GRAPH)
    into = ox.Store()
    with pytest.raises(ValueError, match="is not of the graph"):
        store.replace_report(into, [*quads, stray], graph)
    assert len(into) == 0


@pytest.mark.parametrize("call", ["bulk_extend", "update"])
def test_a_fault_while_writing_leaves_the_store_as_it_was(monkeypatch: pytest.MonkeyPatch, call: str) -> None:
    """Oxigraph's error is told as ours; that each call is all or nothing is Oxigraph's promise."""

    class Failing:
        """A store that fails in one call."""

        def __init__(self, inner: ox.Store) -> None:
            self.inner = inner

        def __getattr__(self, name: str) -> Any:
            if name == call:
                return self.fail
            return getattr(self.inner, name)

        def __contains__(self, quad: ox.Quad) -> bool:
            return quad in self.inner

        def fail(self, *_: object) -> None:
            raise OSError("No space left on device")

    into = ox.Store()
    if call == "update":
        store.write_reports(into, [item(told(**FIRST))])
    before = set(into)
    failing: Any = Failing(into)
    with pytest.raises(StoreError, match="No space left"):
        store.write_reports(failing, [item(told(**{**FIRST, "sha256": "b" * 64}))])
    assert set(into) == before


def test_another_versions_ontology_is_replaced(monkeypatch: pytest.MonkeyPatch) -> None:
    into = ox.Store()
    with monkeypatch.context() as patch:
        patch.setattr(store, "ONTOLOGY_FILES", ("gwr.ttl",))
        assert store.ensure_ontology(into)
    reports_before = item(told())
    store.write_reports(into, [reports_before])
    assert store.ensure_ontology(into)
    assert in_graphs(into) == {*store.ontology_quads(), *reports_before[1]}


def test_a_fault_in_the_ontology_is_told_with_its_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in store.ONTOLOGY_FILES:
        (tmp_path / name).write_text("<http://a> <http://b> <http://c> .\n")
    (tmp_path / "units.ttl").write_text("<http://a> <http://b> <http://c> .\nwhat is this\n")
    monkeypatch.setattr(resources, "folder", lambda _: tmp_path)
    for act in (store.ontology_quads, lambda: store.ensure_ontology(ox.Store())):
        with pytest.raises(DataError, match=r"ontology/units\.ttl:2:"):
            act()


def test_the_ontology_is_loaded_as_text_with_its_union() -> None:
    into = ox.Store()
    assert store.ensure_ontology(into)
    named = store.ontology_quads()
    assert set(into) == {*named, *(ox.Quad(*quad.triple) for quad in named)}


def test_a_prefix_that_two_files_use_for_different_things_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in store.ONTOLOGY_FILES:
        (tmp_path / name).write_text("@prefix a: <http://a/> .\na:a a:b a:c .\n")
    (tmp_path / "units.ttl").write_text("@prefix a: <http://b/> .\na:a a:b a:c .\n")
    monkeypatch.setattr(resources, "folder", lambda _: tmp_path)
    into = ox.Store()
    with pytest.raises(DataError, match="a:"):
        store.ensure_ontology(into)
    assert not len(into)


def test_the_store_on_disk_is_what_was_written(tmp_path: Path) -> None:
    for sha in "ab":
        into = store.open_store(tmp_path / "s")
        store.ensure_ontology(into)
        store.write_reports(into, [item(told(**{**FIRST, "sha256": sha * 64}))])
        del into
    again = store.open_store(tmp_path / "s", read_only=True)
    assert in_graphs(again) == {*store.ontology_quads(), *item(told(**{**FIRST, "sha256": "b" * 64}))[1]}


# a store in trouble ---------------------------------------------------------------------------------------------------


@pytest.fixture
def writer(tmp_path: Path) -> Iterator[Path]:
    """A store that another process has open for writing."""
    folder = tmp_path / "s"
    code = f"import pyoxigraph, sys; s = pyoxigraph.Store({str(folder)!r}); print('open', flush=True); sys.stdin.read()"
    process = subprocess.Popen([sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    assert process.stdout is not None and process.stdout.readline() == b"open\n"
    yield folder
    process.communicate()


@pytest.mark.skipif(not Path("/proc/locks").exists(), reason="the system does not tell who holds a lock")
def test_a_store_is_not_read_while_another_process_writes(writer: Path) -> None:
    with pytest.raises(StoreLocked, match="another process is writing"):
        store.open_store(writer, read_only=True)


def test_a_store_whose_making_was_cut_off_is_made_again(tmp_path: Path) -> None:
    for name in ("LOCK", "LOG", "IDENTITY", "MANIFEST-000001", "000002.dbtmp"):
        (tmp_path / name).touch()
    into = store.open_store(tmp_path)
    store.write_reports(into, [item(told())])
    assert len(store.reports(into)) == 1


def test_a_folder_with_other_files_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("mine")
    with pytest.raises(StoreError, match="holds files that are no store"):
        store.open_store(tmp_path)
    assert [f.name for f in tmp_path.iterdir()] == ["thesis.txt"]


def test_a_corrupted_store_is_told_as_one(tmp_path: Path) -> None:
    folder = tmp_path / "s"
    into = store.open_store(folder)
    store.write_reports(into, [item(told())])
    del into
    for manifest in folder.glob("MANIFEST-*"):
        manifest.write_bytes(b"no longer a manifest")
    with pytest.raises(StoreError, match="cannot be opened"):
        store.open_store(folder)


def test_a_killed_build_leaves_the_whole_old_or_the_whole_new_graph(tmp_path: Path) -> None:
    """A process is killed somewhere in replacing one graph by another, over and over."""
    folder = tmp_path / "s"
    old, new = (item(told(**{**FIRST, "sha256": c * 64})) for c in "ab")
    code = (
        "import sys; from tests.graph.test_store_changes import *\n"
        "into = store.open_store(sys.argv[1])\n"
        "print('ready', flush=True)\n"
        "while True:\n"
        "    for c in 'ba':\n"
        "        store.write_reports(into, [item(told(**{**FIRST, 'sha256': c * 64}))])\n"
    )
    root = Path(__file__).resolve().parents[2]
    into = store.open_store(folder)
    store.write_reports(into, [old])
    del into
    for milliseconds in (3, 20, 45, 80, 130):
        process = subprocess.Popen([sys.executable, "-c", code, str(folder)], cwd=root, stdout=subprocess.PIPE)
        assert process.stdout is not None and process.stdout.readline() == b"ready\n"
        try:
            process.wait(milliseconds / 1000)
        except subprocess.TimeoutExpired:
            process.kill()
            process.communicate()
        after = store.open_store(folder)
        found = in_graphs(after)
        del after
        assert found in (set(old[1]), set(new[1]))
