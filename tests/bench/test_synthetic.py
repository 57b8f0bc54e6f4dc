"""Synthetic reports: the same every time, all different, and such that kg can tell what each is."""

from pathlib import Path

import pytest

from bench.synthetic import DONORS, Source, moved, sources, synthetic, write
from kg.text.reader import read_report


def real(number: int) -> Source:
    """A report of two headings, whose paragraphs tell which report they are of."""
    body = [
        f"{2000 + number}年，第{number}份报告的第{place}段说了很多话，" + "讲了一年的工作。" * 8 for place in range(6)
    ]
    year = 2001 + number
    lines = (f"一、{year - 1}年工作回顾", *body[:3], f"二、{year}年工作安排", *body[3:])
    return Source(f"{'甲乙丙'[number % 3]}州市", year, lines)


REAL = [real(number) for number in range(12)]


def test_same_seed_same_reports() -> None:
    assert list(synthetic(REAL, 20)) == list(synthetic(REAL, 20))
    assert list(synthetic(REAL, 20)) != list(synthetic(REAL, 20, seed=8))
    # more of them begin with the same
    assert list(synthetic(REAL, 30))[:20] == list(synthetic(REAL, 20))


def test_all_differ_in_place_or_year_and_in_text() -> None:
    made = list(synthetic(REAL, 60))
    assert len({(report.area, report.year) for report in made}) == 60
    assert len({report.text.split("\n", 1)[1] for report in made}) == 60
    assert {report.area for report in made} == {source.area for source in REAL}


def test_paragraphs_are_of_several_reports_and_stay_in_their_place() -> None:
    for report in synthetic(REAL, 10):
        lines = report.text.splitlines()
        assert lines[0] == f"{report.area}{report.year}年政府工作报告"
        # headings are the frame's, with its years moved to those of the report
        assert [line for line in lines if line[1] == "、"] == [
            f"一、{report.year - 1}年工作回顾",
            f"二、{report.year}年工作安排",
        ]
        told = [line for line in lines if "份报告的第" in line]
        assert [line.split("份报告的第")[1][0] for line in told] == list("012345")
        assert len({line.split("第")[1] for line in told}) > 1
        assert all(line.startswith(f"{report.year - 1}年，") for line in told)


def test_what_kg_reads_of_them(tmp_path: Path) -> None:
    number, characters = write(synthetic(REAL, 5), tmp_path / "out")
    files = sorted((tmp_path / "out").rglob("*.txt"))
    assert (number, len(files)) == (5, 5)
    assert characters == sum(len(file.read_text(encoding="utf-8")) for file in files)
    for file in files:
        report = read_report(file)
        assert (report.area, str(report.year)) == (file.parent.name, file.stem)
        assert not report.given


def test_folder_is_read_with_its_index(tmp_path: Path) -> None:
    rows = ["path\tarea\tyear"]
    for source in REAL[: DONORS + 1]:
        text = "\n".join(("——2011年1月11日在市人民代表大会上", "各位代表：", *source.lines))
        (tmp_path / f"{source.year}.txt").write_text(text, encoding="utf-8")
        rows.append(f"{source.year}.txt\t{source.area}\t{source.year}")
    (tmp_path / "nobody-knows.txt").write_text("各位代表：\n" + "今年工作很多。\n" * 30, encoding="utf-8")
    (tmp_path / "INDEX.tsv").write_text("\n".join(rows) + "\n", encoding="utf-8")
    assert sources(tmp_path) == REAL[: DONORS + 1]


def test_too_few() -> None:
    with pytest.raises(ValueError, match="more than 6"):
        next(synthetic(REAL[:DONORS], 1))


@pytest.mark.parametrize(
    ("line", "years", "expected"),
    [
        ("2010年增长10%", 3, "2013年增长10%"),
        ("“2006-2010年”规划", 1, "“2007-2011年”规划"),
        ("投资2010万元，编号12010年", 1, "投资2010万元，编号12010年"),
    ],
)
def test_years_move(line: str, years: int, expected: str) -> None:
    assert moved(line, years) == expected
