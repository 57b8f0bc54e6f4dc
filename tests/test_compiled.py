"""The wheel with the extraction compiled: what is compiled, from what source, and that it says the same."""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
import sys
import sysconfig
import zipfile
from pathlib import Path

import pytest

from tools.compiled import compile_copy, modules, translate, with_constants

ROOT = Path(__file__).resolve().parents[1]
HEAD = "from __future__ import annotations\n"
HEADED = "from __future__ import annotations; from typing import Final\n"


def test_all_of_the_extraction_is_compiled_and_the_model() -> None:
    found = modules(ROOT)
    assert {"kg/extract/chunks.py", "kg/extract/names/finder.py", "kg/model.py"} <= set(found)
    assert all(name.startswith("kg/extract/") or name == "kg/model.py" for name in found)
    assert not [name for name in found if name.endswith("__init__.py")]


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("_ONE = 1\n", "_ONE: Final = 1\n"),
        ("WORDS = (\n    'a',\n)\n", "WORDS: Final = (\n    'a',\n)\n"),
        ("_ONE = 1\n_ONE = 2\n", None),  # no constant
        ("_ONE = 1\n\ndef f():\n    global _ONE\n    _ONE = 2\n", None),
        ("_ONE, _TWO = 1, 2\n", None),  # would take more than a word
        ("one = 1\n", None),
        ("_ONE: int = 1\n", None),
        ("def f():\n    _ONE = 1\n", None),
    ],
)
def test_constants_are_declared_to_be_some(source: str, expected: str | None) -> None:
    assert with_constants(HEAD + source) == (HEAD + source if expected is None else HEADED + expected)


def test_no_line_of_what_is_compiled_moves() -> None:
    for name in modules(ROOT):
        source = (ROOT / name).read_text(encoding="utf-8")
        changed = with_constants(source)
        compile(changed, name, "exec")
        assert [line.replace(": Final = ", " = ") for line in changed.splitlines()[20:]] == [
            line.replace(": Final = ", " = ") for line in source.splitlines()[20:]
        ]


def test_without_a_compiler_it_is_said_and_nothing_is_left(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "root" / "kg" / "extract").mkdir(parents=True)
    for name in ("kg/__init__.py", "kg/extract/__init__.py", "kg/model.py", "kg/extract/one.py", "pyproject.toml"):
        (tmp_path / "root" / name).write_text("")
    (tmp_path / "copy").mkdir()
    # an empty PATH has no compiler, and CC names none
    monkeypatch.setenv("PATH", str(tmp_path / "copy"))
    monkeypatch.setenv("CC", str(tmp_path / "cc"))
    with pytest.raises(SystemExit, match="C compiler"):
        compile_copy(tmp_path / "root", tmp_path / "copy")
    assert not (tmp_path / "copy").exists()


@pytest.mark.slow
def test_mypyc_knows_all_that_the_extraction_uses(tmp_path: Path) -> None:
    translate(ROOT, tmp_path)
    assert list((tmp_path / "build").rglob("*.c"))


def test_what_mypyc_does_not_know_is_told_with_its_line(tmp_path: Path) -> None:
    root, copy = tmp_path / "root", tmp_path / "copy"
    (root / "kg" / "extract").mkdir(parents=True)
    for name in ("kg/__init__.py", "kg/extract/__init__.py", "kg/model.py", "pyproject.toml"):
        (root / name).write_text("")
    (root / "kg" / "extract" / "one.py").write_text("def f(a: str) -> bool:\n    return a in (*(1, 2), 'b')\n")
    copy.mkdir()
    with pytest.raises(SystemExit, match=r"(?s)one\.py:2: .*mypyc does not know"):
        translate(root, copy)
    assert not copy.exists()


def _lacking() -> str:
    """What is missing to compile; empty where nothing is."""
    compiler = shlex.split(os.environ.get("CC") or sysconfig.get_config_var("CC") or "cc")[0]
    if shutil.which(compiler) is None:
        return f"a C compiler ({compiler})"
    if not (Path(sysconfig.get_path("include")) / "Python.h").is_file():
        return "the headers of Python (Python.h)"
    return ""


#: the graphs of all seeds, and of a text with all that is put back to its place, and where the extraction is
_GRAPHS = """
import sys
from pathlib import Path
from kg.extract import extractor
from kg.extract.extractor import extract
from kg.graph.mapping import to_quads
from kg.pipeline import extraction_of
from kg.text.reader import make_report
print(extractor.__file__)
broken = (
    "甲区2011年政府工作報告\\n區長 張三\\n各位代表:\\n一、2010年工作回顧\\n"
    "地區生產總值100\\n億元,增長10%,建成甲乙產\\n業園。\\n"
)
found = [extraction_of(file) for file in sorted(Path(sys.argv[1]).glob("*.txt"))]
found.append(extract(make_report(broken, source="broken.txt", sha256="0" * 64)))
for each in found:
    print(*sorted(map(str, to_quads(each))), sep="\\n")
try:
    extract(found[0].report, segmenter="other")
except Exception as error:
    print(type(error).__name__, error)
"""


def _graphs(package: Path) -> tuple[str, list[str]]:
    """Where the extraction is in that folder, and what it says of the seeds."""
    command = [sys.executable, "-c", _GRAPHS, str(ROOT / "seeds")]  # -c looks for modules where it is run
    done = subprocess.run(command, check=True, capture_output=True, encoding="utf-8", cwd=package)
    place, *lines = done.stdout.splitlines()
    return place, lines


@pytest.mark.slow
def test_compiled_it_says_the_same(tmp_path: Path) -> None:
    if not os.environ.get("KG_COMPILED"):
        pytest.skip("the extraction was not compiled, which takes more than a minute: make compiled does, and tests it")
    if lacking := _lacking():
        pytest.skip(f"the extraction was not compiled: this takes {lacking}")
    environment = {**os.environ, "HATCH_BUILD_HOOK_ENABLE_CUSTOM": "true", "MYPYC_OPT_LEVEL": "0"}
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, encoding="utf-8", env=environment)
    assert done.returncode == 0, done.stderr
    (wheel,) = tmp_path.glob("*.whl")
    assert not wheel.name.endswith("-none-any.whl")  # it fits this Python and this machine alone
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(tmp_path / "compiled")
    place, lines = _graphs(tmp_path / "compiled")
    assert Path(place).suffix in (".so", ".pyd") and Path(place).is_relative_to(tmp_path)
    interpreted, expected = _graphs(ROOT)
    assert interpreted.endswith(".py") and len(expected) > 5000
    assert lines == expected
