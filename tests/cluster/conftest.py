"""Reports to be extracted, and servers to be loaded into."""

from __future__ import annotations

import contextlib
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.test_pipeline import GOOD


@pytest.fixture
def reports(tmp_path: Path) -> Path:
    """Ten reports of as many areas, and one file that is none."""
    folder = tmp_path / "报告"
    folder.mkdir()
    for number, area in enumerate("甲乙丙丁戊己庚辛壬癸"):
        (folder / f"{number}.txt").write_text(GOOD.replace("甲区", f"{area}区").format(100 + number), encoding="utf-8")
    return folder


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


@pytest.fixture
def oxigraph(tmp_path: Path) -> Iterator[str]:
    """The address of an empty Oxigraph server."""
    with an_oxigraph(tmp_path / "server") as url:
        yield url


@contextlib.contextmanager
def an_oxigraph(folder: Path, port: int | None = None) -> Iterator[str]:
    """Start Oxigraph's server over a folder, and end it afterwards; its address."""
    program = shutil.which("oxigraph", path=str(Path(sys.executable).parent)) or shutil.which("oxigraph")
    assert program is not None, "the oxigraph server is among the pinned tools of the tests"
    port = port or free_port()
    command = [program, "serve", "--location", str(folder), "--bind", f"127.0.0.1:{port}"]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        try:
            wait_for(port)
            yield f"http://127.0.0.1:{port}"
        finally:
            process.terminate()


def wait_for(port: int, seconds: float = 30) -> None:
    until = time.monotonic() + seconds
    while True:
        with contextlib.suppress(OSError):
            socket.create_connection(("127.0.0.1", port)).close()
            return
        assert time.monotonic() < until, "the server does not listen"
        time.sleep(0.1)
