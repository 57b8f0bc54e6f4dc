"""The generated pages are what their sources give, and they cover every command, option, question and parameter."""

from __future__ import annotations

from pathlib import Path

import click
import pytest

from kg.cli import cli
from kg.graph.queries import load_templates
from tools import docs

ROOT = Path(__file__).resolve().parents[1]


@pytest.mark.parametrize("name", docs.PAGES)
def test_the_page_is_what_its_source_gives(name: str) -> None:
    assert (ROOT / name).read_text(encoding="utf-8") == docs.PAGES[name](), f"{name} is out of date: make docs"


def test_every_command_and_option_is_documented() -> None:
    page = (ROOT / "docs" / "cli.md").read_text(encoding="utf-8")
    for name, command in cli.commands.items():
        _, found, section = page.partition(f"\n## kg {name}\n")
        section = section.partition("\n## ")[0]
        assert found, name
        assert command.help and command.help.split("\n")[0] in " ".join(section.split())
        if name != "query":
            for parameter in command.params:
                for option in parameter.opts if isinstance(parameter, click.Option) else ():
                    assert option in section, f"kg {name} {option}"
                    assert parameter.help, f"kg {name} {option} has no help"


def test_every_question_and_parameter_is_documented() -> None:
    page = (ROOT / "docs" / "queries.md").read_text(encoding="utf-8")
    for name, template in load_templates().items():
        _, found, section = page.partition(f"\n### {name}\n")
        section = section.partition("\n### ")[0]
        assert found, name
        assert f"](#{name})" in page and template.text.strip() in section and f"kg query {name}" in section
        for parameter in template.parameters.values():
            assert f"`--{parameter.name}`" in section


def test_a_stale_page_is_noticed_and_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(docs, "ROOT", tmp_path)
    monkeypatch.setattr(docs, "PAGES", {"page.md": lambda: "new\n"})
    (tmp_path / "page.md").write_text("old\n", encoding="utf-8")
    assert docs.main(["--check"]) == 1
    assert "page.md is out of date: make docs" in capsys.readouterr().err
    assert docs.main([]) == 0
    assert (tmp_path / "page.md").read_text(encoding="utf-8") == "new\n"
    assert docs.main(["--check"]) == 0
