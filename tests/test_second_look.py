"""tools/second_look.py: trees divide where it helps, and the same reports give the same tables."""

from __future__ import annotations

import math
import random
from pathlib import Path

import pytest

from kg.extract.names.forest import Forest, read_trees
from kg.extract.names.second_look import FOUND, STRETCH
from tests.test_name_weights import annotations  # noqa: F401 - a fixture
from tools import second_look
from tools.second_look import collect, grow, tables


def loss(rows: list[tuple[list[int], bool, float]], sums: list[float]) -> float:
    """The logistic loss."""
    return sum(
        w * math.log1p(math.exp(-total if outcome else total))
        for (_, outcome, w), total in zip(rows, sums, strict=True)
    )


def test_trees_learn_what_no_sum_of_numbers_tells() -> None:
    draw = random.Random(7)
    rows = []
    for _ in range(800):
        a, b, noise = draw.randrange(2), draw.randrange(2), draw.randrange(9)
        rows.append(([draw.randrange(-50, 50), a, b, noise], a > b, 1.0))
    trees = grow(rows, 20)
    forest = Forest(trees)
    before = [numbers[0] / 100 for numbers, _, _ in rows]
    after = [(numbers[0] + forest.of(numbers)) / 100 for numbers, _, _ in rows]
    assert loss(rows, after) < loss(rows, before) / 4
    asked = {place for place, _ in trees[0][0][:2]}
    assert asked == {1, 2}, "what is asked first is what divides best"
    assert grow(rows, 20) == trees


def test_what_counts_for_nothing_changes_nothing() -> None:
    rows = [([0, k % 2], bool(k % 2), 1.0) for k in range(200)]
    more = [([0, k % 2], not k % 2, 0.0) for k in range(200)]
    assert grow([*rows, *more], 3) == grow(rows, 3)


def test_bounds_are_all_values_of_few_and_even_ones_of_many() -> None:
    assert second_look._bounds([3, 1, 1, 2]) == [1, 2]
    many = second_look._bounds(list(range(1000)))
    assert len(many) <= 24 and many == sorted(many) and many[-1] < 999
    assert second_look._places([1, 5, 3], [1, 3]) == [0, 2, 1]


def test_the_same_reports_give_the_same_tables(
    annotations: list[str],  # noqa: F811
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    outcome = []
    for _ in range(2):
        stretches, found = [], []
        for more, again in collect(annotations):
            stretches += more
            found += again
        assert {row.named for row in stretches} <= {0.0, 0.5, 1.0}
        assert all(len(row.numbers) == len(STRETCH) for row in stretches)
        assert all(len(row.numbers) == len(FOUND) for row in found)
        outcome.append(tables(stretches, found))
    assert outcome[0] == outcome[1]
    for name, names in (("second_look_stretches.tsv", STRETCH), ("second_look_found.tsv", FOUND)):
        lines = [line for line in outcome[0][name].splitlines() if not line.startswith("#")][1:]
        rows = [tuple(line.split("\t")[:2]) for line in lines]
        monkeypatch.setattr("kg.extract.names.forest.table", lambda *_, rows=rows: rows)
        for questions, sums in read_trees(name, names):
            assert len(sums) == 2 ** len(questions)
