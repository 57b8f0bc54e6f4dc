"""What comes out of the sets with floors of their own does not get worse, and each belongs to its text."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from kg.evaluate import load_gold
from kg.evaluate.reports import report_of
from tests.evaluation.test_gate import malformed
from tools.sets import FOLDER, SETS, complete, floors, groups, measured, raised

GROUPS = [(name, group) for name in SETS for group in groups(name)]
GOLDS = sorted(path for name, group in GROUPS for path in (FOLDER / name / group).glob("*.json"))


@pytest.mark.parametrize(("name", "group"), GROUPS)
def test_the_means_reach_their_floors(name: str, group: str) -> None:
    if not complete(name):
        pytest.skip("the texts of some are not there; KG_SHARED names the folder that has them")
    found = measured(name, group)
    fallen = {m: (found.get(m), floor) for m, floor in floors(name)[group].items() if found.get(m, 0.0) < floor}
    assert not fallen, "python -m tools.sets --update raises floors; what lowers one needs a reason"


def test_floors_only_rise() -> None:
    assert raised({"entities": 0.9}, {"entities": 0.88888, "names": 0.91239}) == {"entities": 0.9, "names": 0.9123}


@pytest.mark.parametrize("gold", GOLDS, ids=lambda path: f"{path.parent.name}-{path.name.split('.')[0]}")
def test_an_annotation_belongs_to_its_text(gold: Path) -> None:
    if not complete(gold.parent.parent.name):
        pytest.skip("its text is not there; KG_SHARED names the folder that has it")
    text = report_of(load_gold(gold), gold).text
    data = json.loads(gold.read_bytes())
    assert data["scope"] == [0, len(text)]
    # what is wrong is named by its id, as those put aside are not for reading
    assert not [i for i in malformed(data) if i.startswith("r")]
    forms = [(e, (e["name"], *e["aliases"])) for e in data["entities"]]
    forms += [(o, (o["text"],)) for o in data["observations"]]
    assert not [item["id"] for item, names in forms if not text.startswith(names, item["start"])]
