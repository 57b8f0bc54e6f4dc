"""README.md shows what the commands really print, and says what CI relies on."""

from __future__ import annotations

import re
from pathlib import Path

from tools.readme import README, filled, timeless

ROOT = Path(__file__).resolve().parents[1]


def test_the_output_shown_is_the_output() -> None:
    text = README.read_text(encoding="utf-8")
    fresh = timeless(text) == timeless(filled(text))
    assert fresh, "README.md shows other output than the commands give; make docs writes it anew"


def test_ci_runs_the_test_command_of_the_readme_and_nothing_else() -> None:
    readme = README.read_text(encoding="utf-8")
    lines = (ROOT / ".ci" / "run").read_text(encoding="utf-8").splitlines()
    commands = [line for line in lines if line and not line.startswith(("#", "set ", "cd "))]
    assert commands[-1] == "make test" and "$ make test " in readme
    # before it, only the packages that the README names
    *before, install = commands[:-1]
    assert before == ["export CI=1"]
    packages = re.findall(r"apt-get install -y -qq --no-install-recommends ([\w -]+);", install)
    assert packages and f"apt-get install {packages[0]}`" in readme


def test_links_lead_somewhere() -> None:
    for page in (README, ROOT / "CONTRIBUTING.md", ROOT / "CHANGELOG.md"):
        for target in re.findall(r"\]\(([^)#:]+)\)", page.read_text(encoding="utf-8")):
            assert (page.parent / target).exists(), f"{page.name}: {target}"
