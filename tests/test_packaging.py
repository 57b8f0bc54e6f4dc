"""The locks fit pyproject.toml, and the wheel works from an empty environment and any folder."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tomllib
import venv
import zipfile
from pathlib import Path
from typing import Any

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parents[1]
LOCKS = ("requirements-build.lock", "requirements.lock", "requirements-dev.lock")
PINNED = re.compile(r"^(?P<name>[A-Za-z0-9._-]+)==(?P<version>\S+)(?: ; (?P<marker>[^\\]+?))? \\$")


def pins(lock: str) -> dict[str, str]:
    """Version by package; fails for a line that is no pin with hashes."""
    out: dict[str, str] = {}
    hashed: set[str] = set()
    name = ""
    for line in (ROOT / lock).read_text(encoding="utf-8").splitlines():
        if match := PINNED.match(line):
            name = canonicalize_name(match["name"])
            out[name] = match["version"]
        else:
            assert re.fullmatch(r"    --hash=sha256:[0-9a-f]{64}( \\)?", line), f"{lock}: {line}"
            hashed.add(name)
    assert out
    assert hashed == set(out)
    return out


def wanted() -> dict[str, list[Requirement]]:
    project: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    groups = project["dependency-groups"]
    run = [*project["project"]["dependencies"]]
    for extra in project["project"].get("optional-dependencies", {}).values():
        run += extra
    build = groups["build"]
    dev = [item for item in groups["dev"] if isinstance(item, str)]
    named = {"requirements-build.lock": build, "requirements.lock": run, "requirements-dev.lock": run + build + dev}
    return {lock: [Requirement(r) for r in requirements] for lock, requirements in named.items()}


@pytest.mark.parametrize("lock", LOCKS)
def test_the_lock_fits_the_project(lock: str) -> None:
    pinned = pins(lock)
    for requirement in wanted()[lock]:
        version = pinned.get(canonicalize_name(requirement.name))
        assert version is not None, f"{requirement.name} is not in {lock}: make lock"
        assert requirement.specifier.contains(version), f"{requirement} is pinned to {version} in {lock}: make lock"


def test_the_locks_agree() -> None:
    everything = pins("requirements-dev.lock")
    for lock in LOCKS:
        assert pins(lock).items() <= everything.items(), lock


def test_what_builds_the_project_is_pinned() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    for requirement in map(Requirement, project["build-system"]["requires"]):
        assert requirement.specifier.contains(pins("requirements-build.lock")[requirement.name])


# --- the wheel ------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("dist")
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    run = subprocess.run(command, cwd=ROOT, capture_output=True, encoding="utf-8", check=False)
    assert run.returncode == 0, run.stderr
    (built,) = folder.glob("*.whl")
    return built


def files(folder: str) -> set[str]:
    root = ROOT / folder
    return {
        path.relative_to(root).as_posix()
        for path in root.rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }


def test_the_wheel_carries_what_the_commands_need_and_no_more(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        inside = {name for name in archive.namelist() if not name.split("/")[0].endswith(".dist-info")}
        licences = [name for name in archive.namelist() if name.endswith("licenses/LICENSE")]
    expected = {f"kg/{name}" for name in files("kg")}
    for folder in ("ontology", "queries", "seeds"):
        expected |= {f"kg/_bundled/{folder}/{name}" for name in files(folder)}
    assert inside == expected
    assert "kg/_bundled/seeds/haizhu-2011.txt" in inside
    assert any(name.endswith(".rq") for name in inside)
    assert any(name.startswith("kg/_bundled/ontology/") and name.endswith(".ttl") for name in inside)
    assert any(name.startswith("kg/data/") and name.endswith(".tsv") for name in inside)
    assert len(licences) == 1


def environment() -> dict[str, str]:
    """Nothing that leads back into the checkout or into the environment that the tests run in."""
    left_out = ("PYTHONPATH", "PYTHONHOME", "VIRTUAL_ENV", "KG_SHARED")
    return {key: value for key, value in os.environ.items() if key not in left_out}


def run(*command: str | Path, cwd: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [str(part) for part in command],
        cwd=cwd,
        env=environment(),
        capture_output=True,
        encoding="utf-8",
        check=False,
        timeout=600,
    )


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """``kg`` in an environment into which nothing but the wheel, and what it asks for, was installed."""
    folder = tmp_path_factory.mktemp("empty")
    venv.create(folder / "venv", with_pip=True)
    binaries = folder / "venv" / ("Scripts" if os.name == "nt" else "bin")
    pip = (binaries / "python", "-m", "pip", "--disable-pip-version-check", "--quiet", "--no-input")
    probe = run(*pip, "download", "--no-deps", "--retries", "0", "--dest", folder / "probe", "click", cwd=folder)
    if probe.returncode:
        reason = probe.stderr.strip().splitlines()[-1:] or ["pip gave no reason"]
        message = f"the package registry cannot be reached, so the wheel was not installed: {reason[0]}"
        if os.environ.get("CI"):
            pytest.fail(message)
        pytest.skip(message)
    done = run(*pip, "install", wheel, cwd=folder)
    assert done.returncode == 0, done.stderr
    return binaries / "kg"


@pytest.mark.slow
def test_the_commands_work_from_another_folder(installed: Path, tmp_path: Path) -> None:
    built = run(installed, "build", cwd=tmp_path)
    assert built.returncode == 0, built.stderr
    assert (tmp_path / "kg-store").is_dir(), "the default store lies in the working folder"

    listed = run(installed, "query", cwd=tmp_path)
    assert listed.returncode == 0, listed.stderr
    for template in (ROOT / "queries").rglob("*.rq"):
        assert template.stem in listed.stdout

    count = "SELECT (COUNT(*) AS ?n) { ?o a <http://purl.org/linked-data/cube#Observation> }"
    counted = run(installed, "sparql", count, "--format", "csv", cwd=tmp_path)
    assert counted.returncode == 0, counted.stderr
    assert int(counted.stdout.split()[1]) > 50

    shown = run(installed, "show", "海珠区", cwd=tmp_path)
    assert shown.returncode == 0, shown.stderr
    assert "地区生产总值" in shown.stdout

    exported = run(installed, "export", "--format", "turtle", "-o", "graph.ttl", cwd=tmp_path)
    assert exported.returncode == 0, exported.stderr
    assert "海珠区" in (tmp_path / "graph.ttl").read_text(encoding="utf-8")

    for command in ("stats", "--version", "--help"):
        done = run(installed, command, cwd=tmp_path)
        assert done.returncode == 0, done.stderr
