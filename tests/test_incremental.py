"""What a second build skips, and what it must not."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from kg.cli import cli
from kg.graph import provenance
from kg.graph.store import open_store
from kg.pipeline import build
from kg.text.metadata import parse
from tests.test_pipeline import GOOD, nquads


@pytest.fixture
def reports(tmp_path: Path) -> Path:
    folder = tmp_path / "报告"
    folder.mkdir()
    for number, area in enumerate("甲乙丙"):
        (folder / f"{number}.txt").write_text(GOOD.replace("甲区", f"{area}区").format(100 + number), encoding="utf-8")
    return folder


def names(paths: list[Path]) -> list[str]:
    return [path.name for path in paths]


@pytest.mark.parametrize("workers", [1, 2])
def test_only_what_changed_is_built(reports: Path, tmp_path: Path, workers: int) -> None:
    first = build([reports], store_dir=tmp_path / "store", workers=workers)
    assert (len(first.reports), first.unchanged) == (3, [])
    (reports / "1.txt").write_text(GOOD.replace("甲区", "乙区").format(999), encoding="utf-8")
    (reports / "3.txt").write_text(GOOD.replace("甲区", "丁区").format(7), encoding="utf-8")
    second = build([reports], store_dir=tmp_path / "store", workers=workers)
    assert names([b.file for b in second.reports]) == ["1.txt", "3.txt"]
    assert names(second.unchanged) == ["0.txt", "2.txt"] and second.triples == sum(b.triples for b in second.reports)
    build([reports], store_dir=tmp_path / "new")
    assert nquads(tmp_path / "store") == nquads(tmp_path / "new")


def test_rebuild_builds_all(reports: Path, tmp_path: Path) -> None:
    build([reports], store_dir=tmp_path / "store")
    before = nquads(tmp_path / "store")
    summary = build([reports], store_dir=tmp_path / "store", rebuild=True)
    assert len(summary.reports) == 3 and not summary.unchanged
    assert nquads(tmp_path / "store") == before


def test_other_options_are_a_change(reports: Path, tmp_path: Path) -> None:
    where = {"store_dir": tmp_path / "store"}
    build([reports / "0.txt"], **where)
    assert build([reports / "0.txt"], **where, segmenter="jieba").reports
    assert build([reports / "0.txt"], **where).reports
    assert build([reports / "0.txt"], **where, given=parse({"year": 2012})).reports
    assert build([reports / "0.txt"], **where, given=parse({"year": 2012})).unchanged
    assert build([reports / "0.txt"], **where, base_iri="https://example.org/").reports
    (reports / "0.meta.json").write_text('{"speaker": "李四"}', encoding="utf-8")
    assert build([reports / "0.txt"], **where).reports
    assert build([reports / "0.txt"], **where).unchanged


@pytest.mark.parametrize("what", ["vocabulary_hash", "_code_hash"])
def test_another_version_is_a_change(reports: Path, tmp_path: Path, what: str, monkeypatch: pytest.MonkeyPatch) -> None:
    build([reports], store_dir=tmp_path / "store")
    monkeypatch.setattr(provenance, what, lambda: "0" * 64)
    assert len(build([reports], store_dir=tmp_path / "store").reports) == 3


def test_a_file_that_cannot_be_read_any_more_is_a_failure(reports: Path, tmp_path: Path) -> None:
    build([reports], store_dir=tmp_path / "store")
    (reports / "1.txt").write_bytes(b"\x00\x01\x02\xff" * 100)
    summary = build([reports], store_dir=tmp_path / "store")
    assert names(summary.unchanged) == ["0.txt", "2.txt"] and len(summary.failures) == 1


@pytest.mark.parametrize("edited", ["0", "z"])
def test_of_two_that_claim_one_place_the_later_has_it_also_if_it_did_not_change(
    edited: str, reports: Path, tmp_path: Path
) -> None:
    """The same place is the same file name, area and year."""
    for folder in ("0", "z"):
        (reports / folder).mkdir()
        (reports / folder / "same.txt").write_text(GOOD.format(ord(folder)), encoding="utf-8")
    build([reports], store_dir=tmp_path / "store")
    (reports / edited / "same.txt").write_text(GOOD.format(12345), encoding="utf-8")
    build([reports], store_dir=tmp_path / "store")
    build([reports], store_dir=tmp_path / "new")
    assert nquads(tmp_path / "store") == nquads(tmp_path / "new")


def test_a_removed_report_is_built_again(reports: Path, tmp_path: Path) -> None:
    from kg.graph.remove import choose
    from kg.graph.store import remove_report

    build([reports], store_dir=tmp_path / "store")
    before = nquads(tmp_path / "store")
    store = open_store(tmp_path / "store")
    remove_report(store, choose(store, ["1.txt"])[0])
    del store
    assert names([b.file for b in build([reports], store_dir=tmp_path / "store").reports]) == ["1.txt"]
    assert nquads(tmp_path / "store") == before


def test_the_command_says_how_many_did_not_change(reports: Path, tmp_path: Path) -> None:
    run = ["build", str(reports), "--store", str(tmp_path / "store")]
    assert CliRunner().invoke(cli, run).exit_code == 0
    again = CliRunner().invoke(cli, run)
    assert again.exit_code == 0
    assert again.output.startswith("3 reports are in ") and "unchanged (--rebuild builds them again)" in again.output
    (reports / "1.txt").write_text(GOOD.format(5), encoding="utf-8")
    some = CliRunner().invoke(cli, [*run, "--json"])
    assert names([Path(file) for file in json.loads(some.output)["unchanged"]]) == ["0.txt", "2.txt"]
    assert "Built 3 reports" in CliRunner().invoke(cli, [*run, "--rebuild"]).output


def test_what_was_forced_is_not_taken_for_unchanged(tmp_path: Path) -> None:
    """Without --force it is refused, as if it had never been built."""
    file = tmp_path / "cake.txt"
    file.write_text("鸡蛋打散，加盐，锅里放油烧热。\n", encoding="utf-8")
    assert len(build([file], store_dir=tmp_path / "store", force=True).reports) == 1
    assert build([file], store_dir=tmp_path / "store", force=True).unchanged == [file]
    (failure,) = build([file], store_dir=tmp_path / "store").failures
    assert "does not look like" in failure.message


def test_a_file_too_large_is_not_read_to_see_whether_it_changed(reports: Path, tmp_path: Path) -> None:
    with (reports / "huge.txt").open("wb") as file:
        file.truncate(8 << 30)  # takes no room on the disk
    summary = build([reports], store_dir=tmp_path / "store")
    assert len(summary.reports) == 3 and "larger than 32 MB" in summary.failures[0].message


def test_no_name_of_a_file_steers_the_terminal(tmp_path: Path) -> None:
    name = "x\nkg: error: fake\x1b]0;title\x07\x1b[31m.txt"
    (tmp_path / name).write_text(GOOD.format(100), encoding="utf-8")
    (tmp_path / "bad\x1b[31m.txt").write_text("x", encoding="utf-8")
    result = CliRunner().invoke(cli, ["build", str(tmp_path), "--store", str(tmp_path / "store")], prog_name="kg")
    assert "\x1b" not in result.stdout + result.stderr and "\x07" not in result.stdout
    assert not any(line.startswith("kg: error: fake") for line in result.output.splitlines())
    assert "\x1b" not in CliRunner().invoke(cli, ["stats", "--store", str(tmp_path / "store")]).output


def test_another_version_of_what_reads_a_file_is_a_change(
    reports: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = (reports / "2.txt").read_text(encoding="utf-8")
    page = "".join(f"<p>{line}</p>\n" for line in text.splitlines())
    (reports / "2.txt").unlink()
    (reports / "2.html").write_text(f"<!DOCTYPE html><html><body>\n{page}</body></html>", encoding="utf-8")
    assert len(build([reports], store_dir=tmp_path / "store").reports) == 3
    assert len(build([reports], store_dir=tmp_path / "store").unchanged) == 3
    installed = provenance.version_of
    monkeypatch.setattr(provenance, "version_of", lambda name: "99" if name == "lxml" else installed(name))
    assert names([b.file for b in build([reports], store_dir=tmp_path / "store").reports]) == ["2.html"]
    monkeypatch.setattr(provenance, "version_of", lambda name: "99" if name == "rjieba" else installed(name))
    assert len(build([reports], store_dir=tmp_path / "store").reports) == 3
