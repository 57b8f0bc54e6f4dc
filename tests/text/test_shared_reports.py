"""How well headers and parts are told on real reports that are not part of the project."""

import csv
import os
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from kg.model import Part, split_area
from kg.resources import folder
from kg.text.reader import read_report

SHARED = Path(os.environ.get("KG_SHARED") or folder("seeds").parent.parent / "shared")

#: accuracy floors: area right, area wrong at most, year right, year wrong at most, review and plan found
FLOORS = {
    "reports": {"area": 1.0, "area wrong": 0.0, "year": 0.86, "year wrong": 0.0, "review": 1.0, "plan": 1.0},
    "corpus": {"area": 0.99, "area wrong": 0.002, "year": 0.98, "year wrong": 0.015, "review": 1.0, "plan": 1.0},
}


def reports(name: str) -> Iterator[tuple[Path, str, int]]:
    index = SHARED / name / "INDEX.tsv"
    with index.open(encoding="utf-8") as file:
        for row in csv.DictReader(file, delimiter="\t"):
            path = row.get("path") or f"{row['slug']}.txt"
            # "广东深圳市罗湖区", "内蒙古呼伦贝尔市海拉尔区": the province stands without its suffix
            area = split_area(row["area"])[-1]
            yield index.parent / path, area, int(row["year"])


@pytest.mark.parametrize("name", sorted(FLOORS))
def test_floors(name: str) -> None:
    if not (SHARED / name / "INDEX.tsv").is_file():
        pytest.skip(f"no shared reports at {SHARED / name} (set KG_SHARED)")
    found: Counter[str] = Counter()
    total = 0
    # of the large corpus every fifth report is enough to notice a loss
    for number, (path, area, year) in enumerate(reports(name)):
        if name == "corpus" and number % 5:
            continue
        total += 1
        report = read_report(path)
        told = report.area_name
        found["area"] += told is not None and told == area
        found["area wrong"] += told is not None and told != area
        found["year"] += report.year == year
        found["year wrong"] += report.year is not None and report.year != year
        parts = {section.part for section in report.sections}
        found["review"] += Part.REVIEW in parts
        found["plan"] += Part.PLAN in parts
    assert total > 40
    for measure, floor in FLOORS[name].items():
        rate = found[measure] / total
        assert rate <= floor if measure.endswith("wrong") else rate >= floor, f"{measure}: {rate:.3f}"
