from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner
from pyoxigraph import NamedNode

from kg import resources
from kg.cli import cli
from kg.errors import UnknownName
from kg.graph import provenance
from kg.graph.export import export
from kg.graph.remove import choose, listed
from kg.graph.store import open_store, remove_report
from kg.graph.vocab import ONTOLOGY_GRAPH
from kg.pipeline import build
from tests.test_pipeline import GOOD
from tests.union import facts_in, in_graphs


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Reports of two areas that say the same in part, two of them under one file name."""
    folder = tmp_path / "报告"
    for name, area, year in (("甲/2011", "甲区", 2011), ("甲/2012", "甲区", 2012), ("乙/2011", "乙区", 2011)):
        file = folder / f"{name}.txt"
        file.parent.mkdir(parents=True, exist_ok=True)
        text = GOOD.replace("甲区", area).replace("2011", str(year)).replace("2010", str(year - 1)).format(100 + year)
        file.write_text(text, encoding="utf-8")
    build([folder], store_dir=tmp_path / "store")
    return folder


def exported(store: Path, file: Path) -> bytes:
    """All of a store, sorted, as bytes; the default graph is the union of the others."""
    opened = open_store(store, read_only=True)
    in_graphs(opened)
    export(opened, file, format="nquads")
    return file.read_bytes()


@pytest.mark.parametrize("which", ["甲/2011.txt", "甲/2012.txt", "乙/2011.txt"])
def test_built_and_removed_is_as_never_built(which: str, folder: Path, tmp_path: Path) -> None:
    build([file for file in sorted(folder.rglob("*.txt")) if file != folder / which], store_dir=tmp_path / "never")
    ran = CliRunner().invoke(cli, ["remove", str(folder / which), "--store", str(tmp_path / "store")])
    assert ran.exit_code == 0 and ran.output.startswith("removed https://w3id.org/gwr/id/graph/")
    assert exported(tmp_path / "store", tmp_path / "a.nq") == exported(tmp_path / "never", tmp_path / "b.nq")
    graphs = [set(open_store(tmp_path / name, read_only=True).named_graphs()) for name in ("store", "never")]
    assert graphs[0] == graphs[1]


def test_of_real_reports_that_share_things(tmp_path: Path) -> None:
    """The seed, and a second report made of parts of it."""
    seed = next(resources.folder("seeds").glob("*.txt"))
    lines = seed.read_text(encoding="utf-8").splitlines()
    (tmp_path / "second.txt").write_text("\n".join([*lines[:30], *lines[30::2]]), encoding="utf-8")
    build([seed], store_dir=tmp_path / "one")
    build([seed, tmp_path / "second.txt"], store_dir=tmp_path / "two")
    assert len(listed(open_store(tmp_path / "two", read_only=True))) == 2
    ran = CliRunner().invoke(cli, ["remove", str(tmp_path / "second.txt"), "--store", str(tmp_path / "two")])
    assert ran.exit_code == 0
    assert exported(tmp_path / "two", tmp_path / "a.nq") == exported(tmp_path / "one", tmp_path / "b.nq")


def test_the_last_report_leaves_the_ontology_alone(folder: Path, tmp_path: Path) -> None:
    ran = CliRunner().invoke(cli, ["remove", "--area", "甲区", "--store", str(tmp_path / "store")])
    assert ran.exit_code == 0 and len(ran.output.splitlines()) == 2
    ran = CliRunner().invoke(cli, ["remove", "--year", "2011", "--store", str(tmp_path / "store")])
    assert ran.exit_code == 0 and len(ran.output.splitlines()) == 1
    store = open_store(tmp_path / "store", read_only=True)
    assert list(store.named_graphs()) == [ONTOLOGY_GRAPH]
    assert {quad.graph_name for quad in in_graphs(store)} == {ONTOLOGY_GRAPH}


def test_what_is_said_of_other_builds_stays(folder: Path, tmp_path: Path) -> None:
    store = open_store(tmp_path / "store")
    one, *others = [report.graph for report in listed(store)]
    before = {str(quad) for quad in provenance.of_graphs(store, others)}
    remove_report(store, one)
    assert {str(quad) for quad in provenance.of_graphs(store, others)} == before
    assert provenance.of_graphs(store, [one]) == []
    assert not any(quad.subject == one for quad in in_graphs(store)) and facts_in(store)


def graph_of(store_dir: Path, source: str, area: str) -> NamedNode:
    store = open_store(store_dir, read_only=True)
    (found,) = (report.graph for report in listed(store) if report.source == source and area in report.areas)
    return found


def test_ways_to_name_a_report(folder: Path, tmp_path: Path) -> None:
    wanted = graph_of(tmp_path / "store", "2012.txt", "甲区")
    store = open_store(tmp_path / "store", read_only=True)
    report = wanted.value.replace("/graph/", "/report/")
    for name in (wanted.value, report, "2012.txt", "elsewhere/2012.txt", str(folder / "甲/2012.txt")):
        assert choose(store, [name]) == [wanted], name
    assert choose(store, ["甲区2012年政府工作报告"]) == [wanted]
    assert choose(store, area="甲区", year=2012) == [wanted]
    # one name, two reports: the file itself tells, or the area
    other = graph_of(tmp_path / "store", "2011.txt", "乙区")
    assert choose(store, [str(folder / "乙/2011.txt")]) == [other]
    assert choose(store, ["2011.txt"], area="乙区") == [other]
    assert choose(store, ["2012.txt", wanted.value]) == [wanted]
    with pytest.raises(UnknownName, match="may be 2 reports"):
        choose(store, ["2011.txt"])
    with pytest.raises(UnknownName, match=r"no report in the store is called '2013\.txt'"):
        choose(store, ["2012.txt", "2013.txt"])
    with pytest.raises(UnknownName, match="no report of 丙区"):
        choose(store, area="丙区")


def test_nothing_goes_if_one_name_is_wrong_or_it_is_a_dry_run(folder: Path, tmp_path: Path) -> None:
    before = exported(tmp_path / "store", tmp_path / "a.nq")
    where = ["--store", str(tmp_path / "store")]
    ran = CliRunner().invoke(cli, ["remove", "2012.txt", "none.txt", *where])
    assert ran.exit_code == 1 and "no report in the store is called 'none.txt'" in ran.output
    ran = CliRunner().invoke(cli, ["remove", "2012.txt", "--dry-run", *where])
    assert ran.exit_code == 0 and ran.output.startswith("would remove ")
    assert exported(tmp_path / "store", tmp_path / "a.nq") == before
    assert CliRunner().invoke(cli, ["remove", *where]).exit_code == 2


def test_a_store_that_is_not_there_is_not_made(tmp_path: Path) -> None:
    ran = CliRunner().invoke(cli, ["remove", "a.txt", "--store", str(tmp_path / "none")])
    assert ran.exit_code == 1 and "there is no store" in ran.output and not (tmp_path / "none").exists()
