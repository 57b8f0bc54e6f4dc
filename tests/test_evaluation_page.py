"""docs/evaluation.md shows what is measured, and names every rule."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from bench.ablation import open_golds
from kg.evaluate import Baseline, Pinned, Result, Scores, Share, Tally, load_gold, main_table, results_of
from kg.extract.extractor import rules
from tests.evaluation import GOLDS, OWN
from tools import evaluation

TEXT = evaluation.PAGE.read_text(encoding="utf-8")
SHOWN = re.findall(r"<!-- figures: (\w+) -->\n.*?<!-- end -->", TEXT, re.DOTALL)


def test_every_table_is_on_the_page_once() -> None:
    assert sorted(SHOWN) == sorted(evaluation.BLOCKS)


#: they take minutes; `make docs` writes them
SLOW = ("rules", "numerals")


@pytest.mark.parametrize("block", [name for name in evaluation.BLOCKS if name not in SLOW])
def test_the_figures_shown_are_measured(block: str) -> None:
    if not evaluation.complete():
        pytest.skip("not all annotated reports are there; KG_SHARED names their folder")
    fresh = evaluation.filled(TEXT, [block]) == TEXT
    assert fresh, f"docs/evaluation.md shows other figures in {block} than are measured: make docs"


def test_every_rule_and_report_is_told_of() -> None:
    for name in rules():
        assert f"| `{name}` |" in TEXT
    for name in (*GOLDS, *OWN):
        assert f"| {name} " in TEXT


def test_only_the_block_asked_for_is_filled(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(evaluation, "BLOCKS", {"a": lambda: "1\n", "b": lambda: "2\n"})
    text = "x\n<!-- figures: a -->\nold\n<!-- end -->\ny\n<!-- figures: b -->\nold\n<!-- end -->\n"
    half = evaluation.filled(text, ["a"])
    assert half == text.replace("old", "\n1\n", 1)
    assert evaluation.filled(half) == half.replace("old", "\n2\n", 1)


def test_without_all_reports_the_page_is_left_as_it_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("KG_SHARED", str(tmp_path))
    page = tmp_path / "page.md"
    page.write_text("<!-- figures: scores -->\nold\n<!-- end -->\n", encoding="utf-8")
    monkeypatch.setattr(evaluation, "PAGE", page)
    assert evaluation.main([]) == evaluation.main(["--check"]) == 0
    assert "left as it is" in capsys.readouterr().err
    assert "old" in page.read_text(encoding="utf-8")


def test_a_stale_page_is_noticed_and_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    page = tmp_path / "page.md"
    page.write_text("<!-- figures: scores -->\nold\n<!-- end -->\n", encoding="utf-8")
    monkeypatch.setattr(evaluation, "PAGE", page)
    monkeypatch.setattr(evaluation, "complete", lambda: True)
    monkeypatch.setattr(evaluation, "results", lambda: results_of([GOLDS["haizhu-2011"]]))
    assert evaluation.main(["--check"]) == 1
    assert "make docs" in capsys.readouterr().err
    assert evaluation.main([]) == 0
    cells = main_table(evaluation.results())[1]
    assert f"| {' | '.join(cells)} |" in page.read_text(encoding="utf-8")
    assert evaluation.main(["--check"]) == 0


def test_reports_put_aside_have_a_star() -> None:
    assert evaluation.starred([("report",), ("haizhu-2011",), ("guangdong-2008",)]) == [
        ("report",),
        ("haizhu-2011",),
        ("guangdong-2008 *",),
    ]


def test_own_cuttings_are_summed_up_and_listed_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    def made_up(report: str, right: int, *, sourced: bool = True) -> Result:
        tally = Tally(right, 10, 10)
        return Result(report, Scores(tally, tally, tally, tally, tally, Share(0, 0)), "t", "g", sourced=sourced)

    found = (made_up("haizhu-2011", 9, sourced=False), made_up("x", 6), made_up("y", 8), made_up("guangdong-2008", 1))
    pinned = Baseline({"x": Pinned("", ""), "y": Pinned("", ""), "guangdong-2008": Pinned("", "", measured_only=True)})
    monkeypatch.setattr(evaluation, "results", lambda: found)
    monkeypatch.setattr(evaluation, "baseline", lambda: pinned)
    assert evaluation.open_results() == found[:3]
    assert evaluation.BLOCKS["scores"]().split("\n")[2:-1] == [
        "| haizhu-2011 | 0.900 | 0.900 | 0.900 | 0.900 | 0.900 | - |",
        "| mean of the cuttings developed with, 2 reports | 0.700 | 0.700 | 0.700 | 0.700 | 0.700 | - |",
        "| mean of all, 4 reports | 0.600 | 0.600 | 0.600 | 0.600 | 0.600 | - |",
    ]
    listed = [line.split(" | ")[0] for line in evaluation.BLOCKS["cuttings"]().split("\n")]
    assert listed[2:-1] == ["| x", "| y", "| guangdong-2008 *"]


def test_rules_are_not_tried_on_reports_put_aside() -> None:
    aside = evaluation.aside()
    assert aside and not aside & {load_gold(path).report for path in open_golds()}


def test_tables_in_markdown() -> None:
    rows = [("a", "b"), ("x|y", "1")]
    assert evaluation.markdown(rows) == "| a | b |\n| --- | ---: |\n| x\\|y | 1 |\n"
