"""Folders with a store and reports to be built into it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest

from bench.faults import BUILD, DISTRICTS, Content, look, run, write_reports
from tests.faults.command import REPORTS, copy


@dataclass(frozen=True)
class Ready:
    """A folder whose store has two reports, with their links; one of them was edited since, and one is new.

    ``before`` is what the store has, ``built`` what it has when ``kg build reports`` is done.
    """

    folder: Path
    before: Content
    built: Content


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory) -> Ready:
    folder = tmp_path_factory.mktemp("faults") / "template"
    write_reports(folder / REPORTS, DISTRICTS[:2])
    run(folder, *BUILD)
    run(folder, "link")
    run(folder, "link", "export", "decisions.tsv")
    write_reports(folder / REPORTS, DISTRICTS[:3], edited=DISTRICTS[1:2])
    done = copy(folder, folder.with_name("built"))
    run(done, *BUILD)
    return Ready(folder, look(folder / "store")[0], look(done / "store")[0])


@pytest.fixture
def ready(template: Ready, tmp_path: Path) -> Ready:
    return Ready(copy(template.folder, tmp_path / "work"), template.before, template.built)
