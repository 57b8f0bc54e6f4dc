"""How much goes into the store in one step."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from kg.graph.store import Identity, open_store
from kg.graph.writing import Batches, Packed


def packed(number: int, triples: int) -> Packed:
    body = f"<urn:report:{number}> <urn:p> <urn:o> .\n".encode()
    return Packed(f"urn:graph:{number}", body, triples, Identity())


@pytest.mark.parametrize(
    ("coming", "reports", "triples", "expected"),
    [
        (None, 40, 10_000, [30, 10]),  # nobody makes more meanwhile: as many as a batch has
        (60, 60, 10_000, [10] * 6),  # a sixth of all
        (6, 6, 10_000, [5, 1]),  # none is smaller than 50,000
        (3_000, 70, 10_000, [30, 30, 10]),  # nor larger than a batch
    ],
)
def test_batches_are_a_part_of_all_that_comes(
    coming: int | None, reports: int, triples: int, expected: list[int], tmp_path: Path
) -> None:
    written: list[int] = []

    def note(reports: Sequence[Packed]) -> None:
        written.append(len(reports))

    store = open_store(tmp_path / "s")
    batches = Batches(store, coming=coming, written=note)
    for number in range(reports):
        batches.add(packed(number, triples))
    batches.flush()
    assert written == expected and batches.steps == len(expected)
    assert len(list(store.named_graphs())) == reports


def test_who_is_told_of_a_batch_finds_it_in_the_store(tmp_path: Path) -> None:
    store = open_store(tmp_path / "s")
    seen: list[list[str]] = []

    def look(reports: Sequence[Packed]) -> None:
        graphs = {graph.value for graph in store.named_graphs()}
        seen.append([report.graph for report in reports if report.graph in graphs])

    batches = Batches(store, 2, written=look)
    for number in range(4):
        batches.add(packed(number, 1))
    assert seen == [["urn:graph:0", "urn:graph:1"], ["urn:graph:2", "urn:graph:3"]]
