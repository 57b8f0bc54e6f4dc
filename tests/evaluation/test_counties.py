"""What comes out of the reports of counties does not get worse, and these belong to their texts."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from kg.evaluate import text_of
from tests.evaluation.test_gate import malformed
from tools.counties import FOLDER, GROUPS, floors, measured, raised

GOLDS = sorted(FOLDER.glob("*/*.gold.json"))


@pytest.mark.parametrize("group", GROUPS)
def test_the_means_reach_their_floors(group: str) -> None:
    found = measured(group)
    fallen = {m: (found.get(m), floor) for m, floor in floors()[group].items() if found.get(m, 0.0) < floor}
    assert not fallen, "python -m tools.counties --update raises floors; what lowers one needs a reason"


def test_floors_only_rise() -> None:
    assert raised({"entities": 0.9}, {"entities": 0.88888, "names": 0.91239}) == {"entities": 0.9, "names": 0.9123}


@pytest.mark.parametrize("gold", GOLDS, ids=lambda path: path.name.removesuffix(".gold.json"))
def test_an_annotation_belongs_to_its_text(gold: Path) -> None:
    text = text_of(gold).read_bytes().decode("utf-8")
    data = json.loads(gold.read_bytes())
    assert data["scope"] == [0, len(text)]
    # what is wrong is named by its id, as those put aside are not for reading
    assert not [i for i in malformed(data) if i.startswith("r")]
    forms = [(e, (e["name"], *e["aliases"])) for e in data["entities"]]
    forms += [(o, (o["text"],)) for o in data["observations"]]
    assert not [item["id"] for item, names in forms if not text.startswith(names, item["start"])]
