"""The picture of the questions."""

import math
import xml.etree.ElementTree as ET

from bench.queries import NAMED, bound, draw
from kg.graph.queries import load_templates


def test_slowest_are_named() -> None:
    def table(factor: float) -> list[dict[str, object]]:
        return [{"name": f"question {n:02}", "warm": factor * n} for n in range(NAMED + 3)]

    root = ET.fromstring(draw([50, 500], [table(0.001), table(0.01)]))
    texts = [element.text or "" for element in root if element.tag.endswith("text")]
    assert sorted(text for text in texts if text.startswith("question")) == [
        f"question {n:02}" for n in range(3, NAMED + 3)
    ]
    assert sum(element.tag.endswith("polyline") for element in root) == NAMED + 3


def test_what_was_ended_has_no_point() -> None:
    small, large = [{"name": "slow", "warm": 1.0}], [{"name": "slow", "warm": math.inf}]
    root = ET.fromstring(draw([50, 500], [small, large]))
    (line,) = (element for element in root if element.tag.endswith("polyline"))
    assert len(line.attrib["points"].split()) == 1


def test_every_question_can_be_asked() -> None:
    for name, template in load_templates().items():
        query = bound(template)
        assert "SELECT" in query or "CONSTRUCT" in query, name
