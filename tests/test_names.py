"""The names of cuttings: a file says where its text is, and every name stands there."""

from __future__ import annotations

import itertools
import json
from pathlib import Path

import pytest

from kg.errors import DataError, ReadError
from kg.evaluate import Baseline, default_baseline, load_gold, shared_folder
from kg.evaluate.gold import folded
from kg.evaluate.reports import own_golds
from kg.model import EntityClass
from tools.names import load_names, names_folder

FILES = sorted(names_folder().glob("*.tsv"))
GOOD = """# area: 东河区
# year: 2011
# file: corpus/东河区/2011.txt
# sha256: 00
# stretches: 0-10 20-30
names\tclasses\treading
鹭洲水乡|“鹭洲水乡”\tFacility/Park
云山精神\tPolicy\toptional
"""


def test_a_file_is_read(tmp_path: Path) -> None:
    (tmp_path / "n.tsv").write_text(GOOD, encoding="utf-8")
    names = load_names(tmp_path / "n.tsv")
    assert (names.area, names.year, names.stretches) == ("东河区", 2011, ((0, 10), (20, 30)))
    first, second = names.entities
    assert first.names == ("鹭洲水乡", "“鹭洲水乡”") and first.classes == ("Facility", "Park") and not first.optional
    assert second.optional


@pytest.mark.parametrize("line", ["鹭洲水乡", "鹭洲水乡\tFacility\tperhaps", "鹭洲水乡\tFacility\toptional\tmore"])
def test_a_line_that_names_nothing_is_told(tmp_path: Path, line: str) -> None:
    (tmp_path / "n.tsv").write_text(f"{GOOD}{line}\n", encoding="utf-8")
    with pytest.raises(DataError, match="no names of a cutting") as error:
        load_names(tmp_path / "n.tsv")
    assert error.value.line == 9


@pytest.mark.parametrize("line", ["# area: 东河区\n", "# year: 2011\n", "# stretches: 0-10 20-30\n"])
def test_one_that_lacks_something_is_none(tmp_path: Path, line: str) -> None:
    (tmp_path / "n.tsv").write_text(GOOD.replace(line, ""), encoding="utf-8")
    with pytest.raises(DataError, match="no names of a cutting"):
        load_names(tmp_path / "n.tsv")


def test_another_text_than_was_read_is_told(tmp_path: Path) -> None:
    (tmp_path / "n.tsv").write_text(GOOD, encoding="utf-8")
    names = load_names(tmp_path / "n.tsv")
    with pytest.raises(ReadError):
        names.report(tmp_path)
    path = tmp_path / names.file
    path.parent.mkdir(parents=True)
    path.write_text("another", encoding="utf-8")
    with pytest.raises(DataError, match="not the file that was annotated"):
        names.report(tmp_path)


def test_there_are_some() -> None:
    assert len(FILES) > 500


def test_no_cutting_is_of_a_place_that_was_put_aside() -> None:
    """Else the network would know the names of what they are measured with."""
    file = default_baseline()
    assert file is not None
    aside = Baseline.load(file).measured_only
    areas = {gold.area for gold in map(load_gold, own_golds()) if gold.report in aside}
    assert areas and areas.isdisjoint({load_names(path).area for path in FILES})
    assert ("广东省", 2008) not in {(names.area, names.year) for names in map(load_names, FILES)}


def test_no_text_was_annotated_twice() -> None:
    stretches: dict[str, list[tuple[int, int]]] = {}
    for names in map(load_names, FILES):
        stretches.setdefault(names.file, []).extend(names.stretches)
    for path in own_golds():  # of one report, another stretch may have been
        source = json.loads(path.read_bytes())["source"]
        stretches.setdefault(source["file"], []).extend((begin, end) for begin, end in source["stretches"])
    for file, found in stretches.items():
        ordered = sorted(found)
        assert all(end <= begin for (_, end), (begin, _) in itertools.pairwise(ordered)), file


@pytest.mark.skipif(shared_folder() is None, reason="the texts are in the folder that KG_SHARED names")
def test_every_thing_stands_in_the_text_under_each_of_its_names() -> None:
    shared = shared_folder()
    assert shared is not None
    for path in FILES:
        names = load_names(path)
        text = names.report(shared).read_text(encoding="utf-8")
        read = folded("\n".join(text[begin:end] for begin, end in names.stretches))
        for thing in names.entities:
            stands = {name for name in thing.names if folded(name) in read}
            assert stands and stands == {*thing.names} - thing.completed, (path.name, thing)
            assert set(thing.classes) <= {c.value for c in EntityClass}, (path.name, thing)
