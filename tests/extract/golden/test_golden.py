"""A whole report gives what is expected of it, item by item, whichever segmenter and hash seed."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from kg.extract.lexicon import SEGMENTERS
from kg.model import EntityClass, Measure, Modality, Part, Predicate, Status
from tests.extract.golden import FOLDER, REPORTS, expected, extraction, items, written

ROOT = Path(__file__).resolve().parents[3]
KINDS = ("entities", "observations", "relations")


@pytest.mark.parametrize("segmenter", SEGMENTERS)
@pytest.mark.parametrize("name", REPORTS)
def test_a_whole_report(name: str, segmenter: str) -> None:
    found, wanted = items(extraction(name, segmenter=segmenter)), expected(name)
    assert tuple(found) == tuple(wanted) == KINDS
    for kind in KINDS:
        missed = [item for item in wanted[kind] if item not in found[kind]]
        other = [item for item in found[kind] if item not in wanted[kind]]
        assert (missed, other) == ([], []), f"if that is right: python -m tests.extract.golden.update {name}"
    assert found == wanted, "the same items in another order"


def test_the_hash_seed_changes_nothing() -> None:
    code = (
        "import sys; from tests.extract.golden import REPORTS, extraction, items, written\n"
        "sys.stdout.write(''.join(written(items(extraction(name))) for name in REPORTS))"
    )
    wanted = "".join((FOLDER / name / "expected.json").read_text(encoding="utf-8") for name in REPORTS)
    for seed in ("0", "1", "2"):
        environment = os.environ | {"PYTHONHASHSEED": seed, "PYTHONPATH": str(ROOT), "PYTHONUTF8": "1"}
        done = subprocess.run(
            [sys.executable, "-c", code], cwd=ROOT, env=environment, capture_output=True, encoding="utf-8", check=True
        )
        assert done.stdout == wanted, f"PYTHONHASHSEED={seed}"


@pytest.mark.parametrize("name", REPORTS)
def test_every_quotation_stands_where_it_says(name: str) -> None:
    found = extraction(name)
    text = found.report.text
    assert all(text[span.begin : span.end] == quotation for span, quotation in found.quotations())
    for o in expected(name)["observations"]:
        assert all(text.startswith(o["text"], at) for at in o["at"])
    for e in expected(name)["entities"]:
        # one that shares its beginning or end with another has no name of its own in the text ("4号线")
        assert e["name"] in text or any(alias in text for alias in e["aliases"])


def test_what_reports_are_made_of_is_in_them() -> None:
    """Every class but none, every status, both modalities, most measures and relations."""
    everything = [expected(name) for name in REPORTS]
    entities = [e for one in everything for e in one["entities"]]
    observations = [o for one in everything for o in one["observations"]]
    relations = [r for one in everything for r in one["relations"]]
    assert {c for e in entities for c in e["classes"]} == {c.value for c in EntityClass}
    assert {e["status"] for e in entities} == {None, *(s.value for s in Status)}
    assert {o["modality"] for o in observations} == {m.value for m in Modality}
    # no rule gives a rank yet
    assert {o["measure"] for o in observations} == {m.value for m in Measure} - {"rank"}
    assert {r["predicate"] for r in relations} >= {p.value for p in Predicate} - {"operates", "locatedIn"}
    parts = {s.part for name in REPORTS for s in extraction(name).report.sections}
    assert {Part.REVIEW, Part.PLAN} <= parts


def test_what_is_written_is_read_back() -> None:
    for name in REPORTS:
        assert (FOLDER / name / "expected.json").read_text(encoding="utf-8") == written(expected(name))
