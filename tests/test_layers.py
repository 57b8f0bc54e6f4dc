"""Imports go downward only, and the contracts in pyproject.toml that say so do notice when they do not."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
CONTRACTS = (
    "imports go downward only",
    "only graph knows RDF",
    "only the command line knows click",
    "the server is an extra: nothing else needs what it stands on",
    "the cluster is an extra: nothing else needs what it stands on",
)

#: one line that breaks the rule, and the rule
BREACHES = [
    ("kg/model.py", "import kg.text", "imports go downward only"),
    ("kg/text/__init__.py", "import kg.extract", "imports go downward only"),
    ("kg/unplaced.py", "", "imports go downward only"),
    ("kg/extract/__init__.py", "import pyoxigraph", "only graph knows RDF"),
    ("kg/graph/__init__.py", "import click", "only the command line knows click"),
    ("kg/graph/__init__.py", "import starlette", "the server is an extra: nothing else needs what it stands on"),
    ("kg/graph/__init__.py", "import distributed", "the cluster is an extra: nothing else needs what it stands on"),
]


def verdicts(checkout: Path) -> dict[str, str]:
    """What import-linter says of each contract: KEPT or BROKEN."""
    command = shutil.which("lint-imports", path=str(Path(sys.executable).parent))
    assert command is not None, "import-linter is not installed"
    environment = {**os.environ, "PYTHONPATH": str(checkout), "COLUMNS": "200"}
    run = subprocess.run(
        [command, "--no-cache"], cwd=checkout, env=environment, capture_output=True, encoding="utf-8", check=False
    )
    found = dict(re.findall(r"^(.+?) (KEPT|BROKEN)", run.stdout, re.MULTILINE))
    assert found, run.stdout + run.stderr
    return found


def test_the_layers_hold() -> None:
    assert verdicts(ROOT) == dict.fromkeys(CONTRACTS, "KEPT")


@pytest.mark.slow
@pytest.mark.parametrize(("module", "line", "contract"), BREACHES)
def test_a_breach_is_noticed(module: str, line: str, contract: str, tmp_path: Path) -> None:
    shutil.copytree(ROOT / "kg", tmp_path / "kg", ignore=shutil.ignore_patterns("__pycache__", "data"))
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    with (tmp_path / module).open("a", encoding="utf-8") as file:
        file.write(f"\n{line}\n")
    assert verdicts(tmp_path)[contract] == "BROKEN"
