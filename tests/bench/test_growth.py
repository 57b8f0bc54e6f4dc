"""What is noted of a build, and what is made of the notes."""

import time
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest

from bench import growth
from bench.drawing import Line, plot

ROOT = Path(__file__).parents[2]


def test_a_build_is_noted_phase_by_phase(tmp_path: Path) -> None:
    seed = ROOT / "seeds"
    rows = growth.build([seed], tmp_path / "store", tmp_path / "notes")
    first, last = rows[0], rows[-1]
    assert first["reports"] == 0
    assert last["end"]
    assert last["reports"] == len(list(seed.glob("*.txt")))
    assert last["failures"] == 0
    spent = growth.by_phase(last)
    assert tuple(spent) == growth.ALL
    assert all(spent[phase] > 0 for phase in ("reading", "extraction", "mapping", "storing"))
    # what no phase has is told, and all together is what the process used
    assert sum(spent.values()) == pytest.approx(last["cpu"])
    assert spent["rest"] < 0.5 * last["cpu"]
    assert last["peak"] >= last["rss"] >= last["own"] > 0
    assert last["store"] > first["store"]


def test_every_phase_names_what_there_is() -> None:
    """``install`` in this process would change it for other tests: it is only looked up."""
    for names in growth.PHASES.values():
        for name in names:
            owner, attribute = growth.located(name)
            assert callable(getattr(owner, attribute)), name


def test_a_phase_within_another_counts_once() -> None:
    clock = growth.Clock()

    def busy() -> None:
        end = time.thread_time() + 0.02
        while time.thread_time() < end:
            pass

    inner = clock.timed("reading", busy)
    outer = clock.timed("storing", lambda: (inner(), busy()))
    outer()
    assert clock.cpu["reading"] == 0
    assert clock.cpu["storing"] == pytest.approx(0.04, abs=0.02)
    inner()
    assert clock.cpu["reading"] == pytest.approx(0.02, abs=0.01)


def test_a_phase_that_fails_ends_all_the_same() -> None:
    clock = growth.Clock()

    def fails() -> None:
        raise ValueError

    with pytest.raises(ValueError):
        clock.timed("reading", fails)()
    before = clock.wall["mapping"]
    clock.timed("mapping", lambda: time.sleep(0.01))()
    assert clock.wall["mapping"] > before


def test_a_dozen_rows_are_shown() -> None:
    rows = [{"reports": n} for n in (0, 10, 15, 20, 39, 40, 77)]
    assert [row["reports"] for row in growth.shown(rows)] == [10, 20, 40, 77]


def test_picture() -> None:
    lines = [
        Line("a < b", [(10, 1), (100, 10), (1000, 100)]),
        Line("limit", [(10, 0.5), (1000, 99)], dashed=True),
        Line("nothing", []),
        Line("", [(10, 2), (1000, 3)]),
    ]
    root = ET.fromstring(plot(lines, "reports", "s"))
    drawn = [element for element in root if element.tag.endswith("polyline")]
    assert [("stroke-dasharray" in element.attrib) for element in drawn] == [False, False, True]
    # what has no name lies behind the others
    assert [element.attrib["stroke"] == "#ccc" for element in drawn] == [True, False, False]
    told = [element for element in root if element.tag.endswith("text")]
    texts = [element.text for element in told]
    assert {"a < b", "limit", "reports", "s", "10", "1,000"} <= set(texts)
    assert "nothing" not in texts
    # ten times as many, ten times as long: a straight line on both logarithmic axes
    (x1, y1), (x2, y2), (x3, y3) = (map(float, pair.split(",")) for pair in drawn[1].attrib["points"].split())
    assert x2 - x1 == pytest.approx(x3 - x2, abs=0.2)
    assert y2 - y1 == pytest.approx(y3 - y2, abs=0.2)
    assert y1 > y2
    # names that would lie on one another do not
    ends = [float(element.attrib["y"]) for element in told if element.text in ("a < b", "limit")]
    assert abs(ends[0] - ends[1]) >= 13
