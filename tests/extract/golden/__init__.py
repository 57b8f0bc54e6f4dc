"""Whole reports of our own making with all that is to be taken out of them, item by item.

Each folder holds ``report.txt`` and ``expected.json``.  What is expected was read against the annotation's guidelines:
a sentence that the extractor does not get right has no place here.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from kg.extract.extractor import extract
from kg.model import Extraction
from kg.text.reader import read_report

FOLDER = Path(__file__).parent
#: the reports by the names of their folders
REPORTS = tuple(sorted(path.parent.name for path in FOLDER.glob("*/report.txt")))

Items = dict[str, list[dict[str, Any]]]


def extraction(name: str, *, segmenter: str = "rjieba") -> Extraction:
    """What is taken out of the report in that folder."""
    return extract(read_report(FOLDER / name / "report.txt"), segmenter=segmenter)


def items(found: Extraction) -> Items:
    """An extraction as lists of items, each with the places where it stands."""
    entities = [
        {
            "name": e.name,
            "classes": [c.value for c in e.classes],
            "status": e.status.value if e.status else None,
            "aliases": list(e.aliases),
            "qualified": e.qualified,
            "at": [m.begin for m in e.mentions],
        }
        for e in found.entities
    ]
    observations = [
        {
            "text": o.value_text,
            "indicator": o.indicator,
            "wordings": list(o.wordings),
            "area": o.area,
            "period": o.period.iso if o.period else None,
            "measure": o.measure.value,
            "modality": o.modality.value,
            "value": str(o.value),
            "unit": o.unit,
            "bound": o.bound.value,
            "at": [m.begin for m in o.mentions],
        }
        for o in found.observations
    ]
    relations = [
        {
            "subject": r.subject,
            "predicate": r.predicate.value,
            "object": r.object,
            "at": [m.begin for m in r.mentions],
        }
        for r in found.relations
    ]
    return {"entities": entities, "observations": observations, "relations": relations}


def written(expected: Items) -> str:
    """Items as JSON with a line for each, so that a difference shows in a line."""
    lists = [
        f'"{kind}": [\n' + ",\n".join("  " + json.dumps(item, ensure_ascii=False) for item in listed) + "\n]"
        for kind, listed in expected.items()
    ]
    return "{\n" + ",\n".join(lists) + "\n}\n"


def expected(name: str) -> Items:
    """What is to be taken out of the report in that folder."""
    result: Items = json.loads((FOLDER / name / "expected.json").read_text(encoding="utf-8"))
    return result
