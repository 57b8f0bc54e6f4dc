"""A wheel with its extraction compiled by mypyc: the same output in little more than half the time.

    make compiled                                    # the wheel into dist/, and its contents into build/compiled
    PYTHONPATH=build/compiled .venv/bin/kg build reports/

For those who read many reports.  It is a step of the build that has to be asked for, by
``HATCH_BUILD_HOOK_ENABLE_CUSTOM=true`` (hatchling calls :class:`Compiled`); every other wheel is pure Python, and so is
the checkout, where an edited module would not be run if a compiled one lay beside it.  It takes a C compiler, the
headers of Python and two minutes, and the wheel fits the version of Python and the kind of machine that it was made on.
``MYPYC_OPT_LEVEL=0`` takes half a minute, for a trial.
"""

from __future__ import annotations

import ast
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

#: What is compiled; the rest spends its time in pyoxigraph and in regular expressions, or none to speak of.
PACKAGE, MODULES = "kg/extract", ("kg/model.py",)
#: What mypyc looks for beside it: the types of what is imported, and how strict to be about those of others.
NEEDED = ("kg", "pyproject.toml")

_TRANSLATE = """
import sys
from mypyc.build import mypycify
from setuptools import setup
level, *names = sys.argv[1:]
modules = mypycify(names, group_name="kg", opt_level=level, debug_level="0")
"""
_COMPILE = """
setup(name="kg", packages=[], py_modules=[], ext_modules=modules,
      script_args=["--quiet", "build_ext", "--build-lib", "built"])
"""

_CONSTANT = re.compile(r"_?[A-Z][A-Z0-9_]*")
_FUTURE = "from __future__ import annotations\n"


class Compiled(BuildHookInterface):  # type: ignore[type-arg]
    """The step of the build: compiles a copy, and puts what comes of it into the wheel beside the modules."""

    PLUGIN_NAME = "custom"

    def dependencies(self) -> list[str]:
        """What the step needs where it is enabled."""
        return ["mypy>=1.11", "setuptools>=77", "numpy>=1.26"]

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Compile, unless this is an installation that only points to the checkout."""
        if version == "editable":
            return
        self._folder = Path(tempfile.mkdtemp(prefix="kg-compiled-"))
        for file in compile_copy(Path(self.root), self._folder):
            build_data["force_include"][str(self._folder / "built" / file)] = file.as_posix()
        build_data["pure_python"] = False
        build_data["infer_tag"] = True

    def finalize(self, version: str, build_data: dict[str, Any], artifact_path: str) -> None:
        """Remove the copy."""
        if version != "editable":
            shutil.rmtree(self._folder, ignore_errors=True)


def modules(root: Path) -> list[str]:
    """The files to compile, as paths below ``root``; files that only make a package stay as they are.

    >>> found = modules(Path(__file__).resolve().parents[1])
    >>> "kg/extract/chunks.py" in found, "kg/model.py" in found, [name for name in found if "__init__" in name]
    (True, True, [])
    """
    files = sorted((root / PACKAGE).rglob("*.py"))
    return [*(file.relative_to(root).as_posix() for file in files if file.name != "__init__.py"), *MODULES]


def compile_copy(root: Path, folder: Path) -> list[Path]:
    """Compile a copy of the package in ``root`` in an empty ``folder``; what was made, below its ``built``.

    Exits with a message where there is no compiler, or either step fails; the folder is gone then.
    """
    translate(root, folder, _TRANSLATE + _COMPILE)
    built = folder / "built"
    return sorted(file.relative_to(built) for file in built.rglob("*") if file.suffix in (".so", ".pyd"))


def translate(root: Path, folder: Path, script: str = _TRANSLATE) -> None:
    """Have mypyc write a copy of the package in ``root`` as C, in an empty ``folder``: ten seconds, without a compiler.

    Exits with a message where mypyc does not know what a module uses; the folder is gone then.
    """
    ignored = shutil.ignore_patterns("__pycache__", "*.pyc", "*.so", "*.pyd", "data")
    for name in NEEDED:
        if (root / name).is_dir():
            shutil.copytree(root / name, folder / name, ignore=ignored)
        else:
            shutil.copy(root / name, folder / name)
    names = modules(folder)
    for name in names:
        file = folder / name
        file.write_text(with_constants(file.read_text(encoding="utf-8")), encoding="utf-8")
    level = os.environ.get("MYPYC_OPT_LEVEL", "3")
    done = subprocess.run([sys.executable, "-c", script, level, *names], cwd=folder, capture_output=True, text=True)
    if done.returncode:
        told = [line for line in (done.stderr + done.stdout).strip().splitlines() if ": warning: " not in line]
        if any((folder / "build").rglob("*.c")):
            why = "not compiled; it takes a C compiler and Python's headers (gcc, python3-dev)"
        else:
            why = "not compiled: mypyc does not know what is used there"
        shutil.rmtree(folder)
        sys.exit("\n".join([*told[-20:], why]))


def with_constants(source: str) -> str:
    """A module whose constants are declared to be some: what nobody can assign anew, mypyc need not look up by name.

    Constants are names in capitals that the module assigns once.  No line moves.

    >>> print(with_constants("from __future__ import annotations\\n\\n_SIZE = 3\\n"), end="")
    from __future__ import annotations; from typing import Final
    <BLANKLINE>
    _SIZE: Final = 3
    """
    tree = ast.parse(source)
    assigned = Counter(
        node.id for node in ast.walk(tree) if isinstance(node, ast.Name) and not isinstance(node.ctx, ast.Load)
    )
    lines = source.splitlines(keepends=True)
    places = [target for target in _targets(tree) if assigned[target.id] == 1]
    if not places or _FUTURE not in lines:
        return source
    for target in places:
        line = lines[target.lineno - 1]
        assert line.startswith(f"{target.id} = "), line
        lines[target.lineno - 1] = f"{target.id}: Final{line[len(target.id) :]}"
    at = lines.index(_FUTURE)
    lines[at] = _FUTURE.rstrip() + "; from typing import Final\n"
    return "".join(lines)


def _targets(tree: ast.Module) -> Iterator[ast.Name]:
    """The names in capitals that an assignment of the module is for, with nothing else."""
    for node in tree.body:
        if isinstance(node, ast.Assign) and len(node.targets) == 1:
            target = node.targets[0]
            if isinstance(target, ast.Name) and _CONSTANT.fullmatch(target.id):
                yield target
