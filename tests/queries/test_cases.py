"""Each question in stock answers on the seed report what was found right by reading (see the package)."""

from __future__ import annotations

from pathlib import Path

import pyoxigraph as ox
import pytest

from kg.graph.queries import load_templates
from kg.graph.store import open_store
from tests.queries import CASES, answer, parameters
from tests.queries.linked import linked_seed
from tests.queries.update import main as update

TEMPLATES = load_templates()
ABOUT_LINKS = ("codes", "links", "linkset", "open-links")


@pytest.fixture(scope="module")
def linked_store(tmp_path_factory: pytest.TempPathFactory) -> ox.Store:
    """The seed report with its links: what the questions about the reports answer is the same with and without."""
    folder = tmp_path_factory.mktemp("linked") / "store"
    linked_seed(folder)
    return open_store(folder, read_only=True)


def test_every_question_has_a_case() -> None:
    cases = {path.parent.name for path in CASES.glob("*/params.json")}
    assert cases == TEMPLATES.keys()


@pytest.mark.parametrize("name", [name for name in TEMPLATES if name not in ABOUT_LINKS])
def test_links_change_no_other_answer(name: str, seed_store: ox.Store) -> None:
    expected = (CASES / name / "expected.tsv").read_text(encoding="utf-8")
    assert answer(seed_store, TEMPLATES[name], parameters(name)).splitlines() == expected.splitlines()


@pytest.mark.parametrize("name", TEMPLATES)
def test_the_answer_on_the_seed_report(name: str, linked_store: ox.Store) -> None:
    expected = (CASES / name / "expected.tsv").read_text(encoding="utf-8")
    assert len(expected.splitlines()) > 1, "a question without an answer tests nothing"
    assert answer(linked_store, TEMPLATES[name], parameters(name)).splitlines() == expected.splitlines(), (
        f"if the new answer is right: python -m tests.queries.update {name}"
    )


def test_update_writes_what_changed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for module in ("tests.queries", "tests.queries.update"):
        monkeypatch.setattr(f"{module}.CASES", tmp_path)
    (tmp_path / "reports").mkdir()
    (tmp_path / "reports" / "params.json").write_text("{}", encoding="utf-8")
    assert update([]) == 0
    written = (tmp_path / "reports" / "expected.tsv").read_text(encoding="utf-8")
    assert written.startswith("report\tarea\tyear\t") and "haizhu-2011.txt" in written
    assert "haizhu-2011.txt" in capsys.readouterr().out
    assert update(["reports"]) == 0 and capsys.readouterr().out == ""
    with pytest.raises(SystemExit):
        update(["no-such-question"])
