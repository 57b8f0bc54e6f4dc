"""A small share of the kills of bench/faults.py."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from bench.faults import OPERATIONS, rounds

KILLS = {
    "build, no store yet": 2,
    "build again, reports edited": 2,
    "build, store of an older version": 2,
    "link": 1,
    "link import": 2,
}


@pytest.mark.parametrize("name", KILLS)
def test_nothing_is_lost_by_a_kill(name: str, tmp_path: Path) -> None:
    operation = next(operation for operation in OPERATIONS if operation.name == name)
    result = rounds(operation, KILLS[name], tmp_path, random.Random(name))
    assert result.losses == []
    assert result.mended == KILLS[name]
