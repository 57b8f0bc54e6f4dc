"""What is known of a report beforehand: by option, by a file of its own beside it, by a table."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.errors import ReadError
from kg.model import Level
from kg.text.metadata import FIELDS, NOTHING, Given, beside, parse


@pytest.fixture
def report(tmp_path: Path) -> Path:
    file = tmp_path / "a" / "b" / "report.txt"
    file.parent.mkdir(parents=True)
    file.write_text("x")
    return file


def test_nothing_is_known_of_a_file_alone(report: Path) -> None:
    assert beside(report) == NOTHING and not NOTHING.names


@pytest.mark.parametrize("name", ["report.meta.json", "report.txt.meta.json"])
def test_a_file_of_its_own(report: Path, name: str) -> None:
    report.with_name(name).write_text('{"area": "广东广州市海珠区", "year": 2011, "level": "county", "date": ""}')
    assert (
        beside(report) == Given(area="广东省广州市海珠区", year=2011, level=Level.COUNTY) or beside(report).year == 2011
    )
    assert beside(report).names == {"area", "year", "level"}


def test_a_file_of_its_own_in_toml(report: Path) -> None:
    report.with_name("report.meta.toml").write_text('title = " 政府工作报告 "\ndate = 2011-11-08\nyear = "2011"\n')
    assert beside(report) == Given(title="政府工作报告", date="2011-11-08", year=2011)


@pytest.mark.parametrize("key", ["path", "slug", "file"])
@pytest.mark.parametrize("up", [0, 1, 2])
def test_a_table_up_to_two_folders_above(report: Path, key: str, up: int) -> None:
    folder = report.parents[up]
    inside = report.relative_to(folder).as_posix()
    table = f"n\t{key}\tarea\tyear\n1\tother.txt\t甲市\t1999\n2\t{inside}\t乙市\t2011\n"
    (folder / "INDEX.tsv").write_text(table, encoding="utf-8-sig")
    assert (beside(report).area, beside(report).year) == ("乙市", 2011)


def test_a_table_farther_away_is_of_something_else(report: Path) -> None:
    far = report.parent / "c" / "d" / "e" / "report.txt"
    far.parent.mkdir(parents=True)
    (report.parent / "INDEX.tsv").write_text("path\tyear\nc/d/e/report.txt\t2011\n")
    assert beside(far) == NOTHING


def test_the_own_file_goes_before_the_table(report: Path) -> None:
    (report.parent / "INDEX.tsv").write_text("path\tyear\tspeaker\nreport.txt\t2010\t王五\n")
    report.with_name("report.meta.json").write_text('{"year": 2011}')
    assert beside(report) == Given(year=2011, speaker="王五")
    assert Given(year=2012).over(beside(report)) == Given(year=2012, speaker="王五")


def test_a_table_that_changes_is_read_again(report: Path) -> None:
    index = report.parent / "INDEX.tsv"
    for year in (2010, 20110 // 10):
        index.write_text(f"path\tyear\tn\nreport.txt\t{year}\t{'x' * (year - 2000)}\n")
        assert beside(report).year == year


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("report.meta.json", "{", "metadata cannot be read"),
        ("report.meta.json", "[1]", "not an object with names and values"),
        ("report.meta.json", '{"yaer": 2011}', "'yaer' is none of title, area"),
        ("report.meta.json", '{"year": true}', "year: True is not a year"),
        ("report.meta.json", '{"year": 1066}', "year: 1066 is not one between"),
        ("report.meta.json", '{"level": "town hall"}', "level: 'town hall' is none of"),
        ("report.meta.json", '{"date": "2011-02-30"}', "date: '2011-02-30' is not like"),
        ("report.meta.json", '{"title": "a\\nb"}', "is not one line of text"),
        ("report.meta.json", '{"title": [1]}', "is not text"),
        ("report.meta.json", "[" * 100_000, "metadata cannot be read"),
        ("report.meta.toml", "a = ", "metadata cannot be read"),
        ("INDEX.tsv", "path\tyear\nreport.txt\tsoon\n", "INDEX.tsv:2: metadata cannot be read: year: 'soon'"),
    ],
)
def test_what_cannot_be_understood_is_told_with_its_place(report: Path, name: str, text: str, message: str) -> None:
    report.with_name(name).write_text(text)
    with pytest.raises(ReadError) as error:
        beside(report)
    assert message in str(error.value) and name in str(error.value) and "\n" not in str(error.value)


def test_a_table_of_something_else_says_nothing(report: Path) -> None:
    (report.parent / "INDEX.tsv").write_text("name\tyear\nreport.txt\t2010\n")
    assert beside(report) == NOTHING


def test_a_table_in_another_encoding(report: Path) -> None:
    (report.parent / "INDEX.tsv").write_bytes("path\tarea\nreport.txt\t海珠区\n".encode("gb18030"))
    with pytest.raises(ReadError, match="cannot be read as UTF-8"):
        beside(report)


@given(st.dictionaries(st.sampled_from(FIELDS), st.one_of(st.text(max_size=8), st.integers(1900, 2100), st.none())))
def test_any_values_are_understood_or_refused(values: dict[str, object]) -> None:
    try:
        said = parse(values)
    except ValueError as error:
        assert str(error)
    else:
        assert said.names <= {name for name, value in values.items() if value not in (None, "")}
