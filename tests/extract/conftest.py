"""Tables of cases (``cases/*.tsv``): a test module names its table and the columns that make one case.

    CASES = "quantities.tsv", ("text",)

gives every test with an argument ``case`` one call per text, with all rows of that text.
"""

from __future__ import annotations

from pathlib import Path

import pytest

_FOLDER = Path(__file__).with_name("cases")


def _rows(name: str) -> list[dict[str, str]]:
    lines = (_FOLDER / name).read_text(encoding="utf-8").splitlines()
    header, *body = [line.split("\t") for line in lines if line and not line.startswith("#")]
    for row in body:
        assert len(row) == len(header), f"{name}: {row}"
    return [dict(zip(header, row, strict=True)) for row in body]


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    table = getattr(metafunc.module, "CASES", None)
    if table is None or "case" not in metafunc.fixturenames:
        return
    name, keys = table
    grouped: dict[tuple[str, ...], list[dict[str, str]]] = {}
    for row in _rows(name):
        grouped.setdefault(tuple(row[k] for k in keys), []).append(row)
    metafunc.parametrize("case", list(grouped.values()), ids=[" ".join(k) for k in grouped])
