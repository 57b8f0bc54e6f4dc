"""docs/evaluation.md shows what is measured, and names every rule."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from kg.evaluate import main_table, results_of
from kg.extract.extractor import rules
from tests.evaluation import GOLDS
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
    for name in GOLDS:
        assert name in TEXT


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


def test_tables_in_markdown() -> None:
    rows = [("a", "b"), ("x|y", "1")]
    assert evaluation.markdown(rows) == "| a | b |\n| --- | ---: |\n| x\\|y | 1 |\n"
