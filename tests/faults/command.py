"""The command ``kg`` as a process of its own, and what every fault has to come to."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from bench.faults import KG, Content, environment, look

REPORTS = "reports"


def start(folder: Path, *command: str, under: Sequence[str] = (), **options: Any) -> subprocess.Popen[bytes]:
    """Begin a command in a folder, whose store is ``store``."""
    options = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, **options}
    return subprocess.Popen((*under, *KG, *command), cwd=folder, env=environment(), **options)


def kg(folder: Path, *command: str, limit: Callable[[], None] | None = None, **options: Any) -> tuple[int, bytes, str]:
    """Run a command to its end: its exit status, its output, its messages."""
    process = start(folder, *command, preexec_fn=limit, **options)
    out, told = process.communicate(timeout=120)
    return process.returncode, out or b"", told.decode()


def is_clear(status: int, told: str) -> bool:
    """Whether that is how a failure is told: one line, exit status 1."""
    return status == 1 and re.fullmatch(r"kg: error: [^\n]+\n", told) is not None


def of_each_whole(before: Content, now: Content, after: Content) -> bool:
    """Whether each graph is wholly as before or wholly as after."""
    graphs = before.keys() | now.keys() | after.keys()
    return all(now.get(graph) in (before.get(graph), after.get(graph)) for graph in graphs)


def whole(folder: Path, before: Content, after: Content) -> bool:
    """Whether the store in the folder is: each graph as before or as after, and the union that of the graphs."""
    now, union = look(folder / "store")
    return union and of_each_whole(before, now, after)


def files(folder: Path) -> dict[str, bytes]:
    """All files in a folder, with what is in them."""
    return {file.name: file.read_bytes() for file in folder.iterdir() if file.is_file()}


def copy(template: Path, folder: Path) -> Path:
    """A copy of a folder that was made ready."""
    shutil.copytree(template, folder)
    return folder
