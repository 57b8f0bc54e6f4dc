"""Reports to be extracted, and servers to be loaded into."""

from __future__ import annotations

import contextlib
import os
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


@pytest.fixture
def virtuoso(tmp_path: Path) -> Iterator[str]:
    """The address of an empty Virtuoso."""
    with a_virtuoso(tmp_path / "virtuoso") as url:
        yield url


@contextlib.contextmanager
def a_virtuoso(folder: Path) -> Iterator[str]:
    """Start Virtuoso over an empty folder: virtuoso-t on the path, or what KG_VIRTUOSO names; its address."""
    program = os.environ.get("KG_VIRTUOSO") or shutil.which("virtuoso-t")
    if program is None:
        pytest.skip(
            "there is no Virtuoso: apt-get install virtuoso-opensource-7-bin, or name virtuoso-t in KG_VIRTUOSO"
        )
    sql, http = free_port(), free_port()
    folder.mkdir()
    (folder / "virtuoso.ini").write_text(
        "[Database]\nDatabaseFile=v.db\nErrorLogFile=v.log\nLockFile=v.lck\nTransactionFile=v.trx\n"
        "xa_persistent_file=v.pxa\n[TempDatabase]\nDatabaseFile=t.db\nTransactionFile=t.trx\n"
        f"[Parameters]\nServerPort={sql}\nNumberOfBuffers=5000\nMaxDirtyBuffers=3000\n"
        f"[HTTPServer]\nServerPort={http}\nServerThreads=5\n",
        encoding="ascii",
    )
    command = [program, "+configfile", "virtuoso.ini", "+foreground"]
    with subprocess.Popen(command, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        try:
            wait_for(http, 90)
            yield f"http://127.0.0.1:{http}"
        finally:
            process.kill()


def wait_for(port: int, seconds: float = 30) -> None:
    until = time.monotonic() + seconds
    while True:
        with contextlib.suppress(OSError):
            socket.create_connection(("127.0.0.1", port)).close()
            return
        assert time.monotonic() < until, "the server does not listen"
        time.sleep(0.1)
