"""The store of the seed report as it is asked: linked to the tables that come with kg, and to one with open ends."""

from __future__ import annotations

from pathlib import Path

from kg.link import run
from kg.link.providers.table import OwnTable
from kg.link.providers.tables import DivisionTable, GeoNamesTable
from kg.pipeline import build

#: a table that says of no row what it is, so that nothing of it is certain
TABLE = Path(__file__).resolve().parent / "landmarks.csv"


def linked_seed(folder: Path) -> None:
    """Build the seed report into the folder, and link it as of a fixed day."""
    build(store_dir=folder)
    table = OwnTable(TABLE, key="landmarks", namespace="https://example.org/landmark/")
    run.link(folder, [DivisionTable(), GeoNamesTable(), table], today="2026-11-25")
