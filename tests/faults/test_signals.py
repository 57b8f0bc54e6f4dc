"""Ctrl-C, SIGTERM, and who reads only the beginning."""

from __future__ import annotations

import signal
import subprocess
import time
from collections.abc import Sequence
from pathlib import Path

import pytest

from bench.faults import BUILD, DISTRICTS, changes, look, strays, write_reports
from tests.faults.command import kg, start, whole
from tests.faults.conftest import Ready

SAID = {signal.SIGINT: (130, "kg: error: interrupted\n"), signal.SIGTERM: (143, "kg: error: ended by SIGTERM\n")}
#: Far longer than any machine should take; what is meant is a second.
SOON = 20


def ended(process: subprocess.Popen[bytes], number: signal.Signals) -> bool:
    """Send the signal; whether it ended the process. If the process was done before, that is no fault."""
    process.send_signal(number)
    begun = time.monotonic()
    try:
        _, told = process.communicate(timeout=SOON)
    finally:
        process.kill()  # what did not end would keep the machine busy for years
    assert time.monotonic() - begun < SOON
    if process.returncode == 0:
        return False
    assert (process.returncode, told.decode()) == SAID[number]
    return True


@pytest.mark.parametrize(("number", "moment"), [(signal.SIGINT, 1), (signal.SIGINT, 8), (signal.SIGTERM, 4)])
def test_a_build_of_many_reports(ready: Ready, number: signal.Signals, moment: int) -> None:
    write_reports(ready.folder / "reports", DISTRICTS, edited=DISTRICTS[1:2])
    whole_one = ready.folder / "whole"
    assert kg(ready.folder, *BUILD, "--store", "whole")[0] == 0
    built = {**ready.before, **look(whole_one)[0]}
    for graph in ready.before.keys() - look(whole_one)[0].keys():
        if "links" not in graph:  # the report that was edited
            del built[graph]
    build = start(ready.folder, *BUILD)
    for _, _ in zip(range(moment), changes(build, ready.folder / "store"), strict=False):
        pass
    ended(build, number)
    assert whole(ready.folder, ready.before, built)
    assert kg(ready.folder, *BUILD)[0] == 0
    assert look(ready.folder / "store") == (built, True)
    assert strays(ready.folder / "store") == []


@pytest.mark.parametrize(("number", "after"), [(signal.SIGINT, 0.5), (signal.SIGTERM, 0.2)])
def test_a_link(ready: Ready, number: signal.Signals, after: float) -> None:
    assert kg(ready.folder, *BUILD)[0] == 0
    before, _ = look(ready.folder / "store")
    linking = start(ready.folder, "link")
    time.sleep(after)
    ended(linking, number)
    found, union = look(ready.folder / "store")
    assert union
    assert {g: q for g, q in found.items() if "links" not in g} == {g: q for g, q in before.items() if "links" not in g}
    assert kg(ready.folder, "link")[0] == 0
    assert strays(ready.folder / "store") == []


@pytest.mark.parametrize(("number", "name"), [(signal.SIGINT, "out.nt"), (signal.SIGTERM, "out.nq.gz")])
def test_an_export_leaves_what_was_there_and_nothing_else(ready: Ready, number: signal.Signals, name: str) -> None:
    target = ready.folder / name
    target.write_text("before\n")
    names = {file.name for file in ready.folder.iterdir()}
    export = start(ready.folder, "export", "-o", name)
    while export.poll() is None and not list(ready.folder.glob(".*.part")):
        time.sleep(0.001)
    if ended(export, number):
        assert target.read_text() == "before\n"
    assert {file.name for file in ready.folder.iterdir()} == names


@pytest.mark.parametrize("number", SAID)
def test_a_call_that_cannot_be_interrupted(ready: Ready, number: signal.Signals) -> None:
    """A query that would take years."""
    query = start(ready.folder, "sparql", "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }")
    time.sleep(1.5)
    assert ended(query, number)


def test_a_signal_that_is_to_be_ignored_is(ready: Ready) -> None:
    """As under nohup."""
    build = start(ready.folder, *BUILD, preexec_fn=lambda: signal.signal(signal.SIGHUP, signal.SIG_IGN))
    time.sleep(0.3)
    build.send_signal(signal.SIGHUP)
    _, told = build.communicate(timeout=60)
    assert (build.returncode, told) == (0, b"")


@pytest.mark.parametrize(
    "command",
    [
        ("export", "--format", "nquads"),
        ("export", "--format", "jsonld"),
        ("sparql", "SELECT * { ?s ?p ?o }"),
        ("stats",),
    ],
    ids=" ".join,
)
def test_a_reader_that_goes_away(ready: Ready, command: Sequence[str]) -> None:
    process = start(ready.folder, *command)
    assert process.stdout is not None and process.stderr is not None
    process.stdout.read(100)
    process.stdout.close()
    assert process.stderr.read() == b""
    assert process.wait(60) in (0, 1)


def test_no_store_is_made_by_who_only_reads(tmp_path: Path) -> None:
    assert kg(tmp_path, "stats")[0] == 1
    assert list(tmp_path.iterdir()) == []
