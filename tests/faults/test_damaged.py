"""Stores of an older version, and stores whose files were spoilt."""

from __future__ import annotations

import random
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from bench.faults import BUILD, look, older_store, run
from kg.errors import StoreError
from kg.graph.store import check, open_store
from tests.faults.command import files, is_clear, kg
from tests.faults.conftest import Ready

EXPORT = ("export", "--format", "nquads")


@pytest.mark.parametrize("union", [False, True])
def test_a_store_of_an_older_version_is_read_and_brought_up_to_date(tmp_path: Path, union: bool) -> None:
    folder = tmp_path / "old"
    older_store(folder, union=union)
    before, had_union = look(folder / "store")
    assert had_union is union
    status, out, told = kg(folder, *EXPORT)
    assert (status, told) == (0, "")
    told_before = {line for quads in before.values() for line in quads if "/graph/builds>" not in line}
    assert told_before <= {line[:-2] for line in out.decode().splitlines()}
    assert kg(folder, "query", "enterprises-settled")[0] == 0
    assert look(folder / "store") == (before, union)
    run(folder, *BUILD)
    run(folder, *BUILD, "--store", "new")
    assert look(folder / "store") == look(folder / "new")
    assert look(folder / "store")[1]


Spoil = Callable[[Path], None]


def delete(file: Path) -> None:
    file.unlink()


def cut(file: Path) -> None:
    data = file.read_bytes()
    file.write_bytes(data[: len(data) // 2])


def overwrite(file: Path) -> None:
    file.write_bytes(random.Random(file.name).randbytes(file.stat().st_size))


def overwrite_in_the_middle(file: Path) -> None:
    data = bytearray(file.read_bytes())
    data[len(data) // 3 : len(data) // 2] = bytes(len(data) // 2 - len(data) // 3)
    file.write_bytes(data)


def overwrite_few(file: Path) -> None:
    """So few bytes that the store can still be opened."""
    data = bytearray(file.read_bytes())
    data[len(data) // 2 : len(data) // 2 + 200] = bytes(200)
    file.write_bytes(data)


CASES = [
    *((pattern, spoil) for pattern in ("CURRENT", "MANIFEST-*", "*.sst") for spoil in (delete, cut, overwrite)),
    ("MANIFEST-*", overwrite_in_the_middle),
    ("*.sst", overwrite_in_the_middle),
    ("*.log", overwrite),
    ("*.log", delete),
    ("OPTIONS-*", overwrite),
    ("IDENTITY", overwrite),
]


@pytest.mark.parametrize(("pattern", "spoil"), CASES, ids=[f"{spoil.__name__} {pattern}" for pattern, spoil in CASES])
def test_a_spoilt_store_works_or_is_told_as_one(ready: Ready, pattern: str, spoil: Spoil) -> None:
    store = ready.folder / "store"
    whole = kg(ready.folder, *EXPORT)[1]
    for file in store.glob(pattern):
        spoil(file)
    spoilt = files(store)
    for command in (EXPORT, ("stats",)):
        status, out, told = kg(ready.folder, *command)
        assert (status, told) == (0, "") or is_clear(status, told), (command, told)
        if command == EXPORT and status == 0:
            assert out == whole
        assert files(store) == spoilt, "a command that reads has written"
    status, _, told = kg(ready.folder, *BUILD)
    assert status == 0 or is_clear(status, told), told


@pytest.mark.parametrize(
    "query",
    [
        "SELECT ?p (COUNT(*) AS ?n) { ?s ?p ?o } GROUP BY ?p",
        "ASK { ?s ?p ?o FILTER(?o = 'no') }",  # which takes no memory
    ],
)
def test_a_query_over_what_cannot_be_read_ends(ready: Ready, query: str) -> None:
    """Oxigraph would go on for ever, and mostly take all memory: see kg.cli_watch."""
    store = ready.folder / "store"
    # all but the small ones: which of them a query reads depends on in how many steps the reports were written
    for file in store.glob("*.sst"):
        if file.stat().st_size > 5_000:
            overwrite_few(file)
    status, _, told = kg(ready.folder, "sparql", query)
    assert is_clear(status, told)
    assert re.match("kg: error: the store (is damaged|in store cannot be opened)", told)


def test_the_check_finds_each_file_of_data(ready: Ready) -> None:
    """Of every file some bytes are changed; unless it is of an empty table, or nothing that is read again."""
    store = ready.folder / "store"
    check(open_store(store, read_only=True))
    found = 0
    for file in sorted(store.glob("*.sst")):
        data = file.read_bytes()
        overwrite_in_the_middle(file)
        try:
            check(open_store(store, read_only=True))
        except StoreError:
            found += 1
        file.write_bytes(data)
    assert found >= 11  # the dictionary, the nine indices, the names of graphs
