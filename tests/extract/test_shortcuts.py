"""What spares the extraction work changes nothing in what it finds."""

from __future__ import annotations

import gc
from pathlib import Path

import pytest

from kg.extract import lexicon
from kg.extract.extractor import extract
from kg.extract.names.candidates import Scene
from kg.extract.names.finder import WAYS, Finder
from kg.extract.names.needs import Open
from kg.model import Report
from kg.text.reader import read_report

SEEDS = sorted((Path(__file__).resolve().parents[2] / "seeds").glob("*.txt"))[:3]


@pytest.fixture(scope="module", params=SEEDS, ids=lambda path: path.stem)
def report(request: pytest.FixtureRequest) -> Report:
    return read_report(request.param)


def _finder(report: Report) -> Finder:
    return Finder(report, report.norm, lexicon.tokenize(report.norm))


def test_a_way_that_a_sentence_does_not_open_finds_nothing_there(
    report: Report, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened = Open.ways

    def checked(self: Open, scene: Scene) -> object:
        ways = opened(self, scene)
        for way in WAYS:
            assert way in ways or way(finder.ctx, scene) == [], way.__name__
        return ways

    monkeypatch.setattr(Open, "ways", checked)
    finder = _finder(report)
    assert finder.scenes()


def test_the_collector_is_as_it_was(report: Report) -> None:
    assert gc.isenabled()
    extract(report)
    assert gc.isenabled()
    gc.disable()
    try:
        extract(report)
        assert not gc.isenabled()
    finally:
        gc.enable()
