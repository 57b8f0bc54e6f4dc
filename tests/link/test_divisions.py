"""The tables as they are asked: by name, code and year."""

from __future__ import annotations

import pytest
from pyoxigraph import NamedNode

from kg.link.divisions import GBT_BASE, NBS_PAGES, NBS_YEARS, Divisions, code_iri, divisions
from kg.link.model import Level
from kg.link.names import levels_of, same_division


@pytest.fixture(scope="module")
def table() -> Divisions:
    return divisions()


def test_every_code_makes_an_iri_that_no_other_name_has(table: Divisions) -> None:
    seen: dict[str, str] = {}
    for row in (*table.counties, *table.townships):
        iri = NamedNode(row.iri).value
        assert iri.startswith((NBS_PAGES, GBT_BASE))
        assert row.code in iri or row.code.removesuffix("00").removesuffix("00") in iri
        assert seen.setdefault(iri, row.code) == row.code
        if iri.startswith(NBS_PAGES):
            year = int(iri.removeprefix(NBS_PAGES)[:4])
            assert NBS_YEARS[0] <= year <= NBS_YEARS[1]
            assert row.since is None or row.since <= year
            assert row.until is None or year <= row.until


@pytest.mark.parametrize(
    ("code", "since", "until", "tail"),
    [
        ("440105", None, None, "2023/44/01/440105.html"),
        ("440117", 2014, None, "2023/44/01/440117.html"),
        ("440184", 1995, 2014, "2014/44/01/440184.html"),
        ("440105008", None, 2019, "2019/44/01/05/440105008.html"),
        ("110000", None, None, "2023/11.html"),
        ("441900", 1988, None, "2023/44/4419.html"),
        ("130306", 2025, None, None),  # of after the last pages
        ("440102", None, 2005, None),  # of before the first
        ("710000", None, None, None),
    ],
)
def test_code_iri(code: str, since: int | None, until: int | None, tail: str | None) -> None:
    assert code_iri(code, since, until) == (NBS_PAGES + tail if tail else GBT_BASE + code)


def test_no_name_of_the_county_table_is_lost(table: Divisions) -> None:
    """Municipalities have names that are endings of others, and 矿区 is a name."""
    assert {row.name for row in table.counties if row.code in ("110000", "310000", "120000", "500000")} == {
        "北京市", "上海市", "天津市", "重庆市",
    }  # fmt: skip
    assert [row.name for row in table.of_code("140303")] == ["矿区"]
    assert not [row for row in table.townships if row.name in ("街道", "社区")]


def test_every_county_lies_in_a_province_of_its_time(table: Divisions) -> None:
    for row in table.counties:
        year = row.since or row.until or 2011
        if row.level is Level.PROVINCE:
            assert table.chain(row.code, year) == ()
        else:
            assert table.above(row.code)[0] == row.code[:2] + "0000", row


def test_by_year(table: Divisions) -> None:
    names = {year: row.name for year in (1985, 2009, 2012) if (row := table.current("420600", year))}
    assert names == {1985: "襄樊市", 2009: "襄樊市", 2012: "襄阳市"}
    assert table.current("440184", 2020) == table.of_code("440184")[-1]  # the nearest year in which it was something
    assert table.current("440184", None) == table.of_code("440184")[-1]
    assert table.current("999999", 2011) is None and table.of_code("999999") == []


@pytest.mark.parametrize(
    ("code", "year", "chain"),
    [
        ("440105", 2011, ("广东省", "广州市")),
        ("440105008", 2011, ("广东省", "广州市", "海珠区")),
        ("500101", 2011, ("重庆市",)),
        ("110105", 2011, ("北京市",)),
        ("340181", 2012, ("安徽省", "合肥市")),
        ("511200", 1995, ("四川省",)),
        ("440000", 2011, ()),
        ("000000", 2011, ()),
    ],
)
def test_chain(table: Divisions, code: str, year: int, chain: tuple[str, ...]) -> None:
    assert table.chain(code, year) == chain


def test_what_it_was_called_before_counts_for_townships(table: Divisions) -> None:
    assert table.also("440117") == ("从化区", "从化县", "从化市")
    assert table.also("440105") == ("海珠区",)
    assert table.also("999999") == ()


def test_successors(table: Divisions) -> None:
    assert table.successors("440184") == ("440117",)
    assert table.successors("440105") == ()
    assert "440117" in table.successors("440122")  # 从化县, two steps before
    for row in table.counties:
        assert row.code not in table.successors(row.code)
        assert all(table.of_code(code) for code in table.successors(row.code))


@pytest.mark.parametrize(
    ("names", "year", "code"),
    [
        (("广州市", "海珠区"), 2011, "440105"),
        (("海珠区",), 2011, "440105"),
        (("广东省",), 2011, "440000"),
        (("广东",), 2011, "440000"),
        (("北京市",), 2011, "110000"),
        (("北京市", "朝阳区"), 2011, "110105"),
        (("吉林市",), 2011, "220200"),
        (("朝阳区",), 2011, None),  # two
        (("从化市",), 2011, "440184"),
        (("广州市", "从化区"), 2011, None),  # not yet
        (("广州市", "从化区"), 2016, "440117"),
        (("襄樊市",), 2011, "420600"),  # a report tells of the year before
        (("襄樊市",), 2013, None),
        (("重庆市",), 1990, "510200"),
        (("重庆市",), 2010, "500000"),
        (("海珠",), 2011, None),  # without its level it may be anything
        (("深圳市", "海珠区"), 2011, None),
        (("不存在市",), 2011, None),
        ((), 2011, None),
        (("广州市", "海珠区"), None, "440105"),
    ],
)
def test_resolve(table: Divisions, names: tuple[str, ...], year: int | None, code: str | None) -> None:
    found = table.resolve(names, year)
    assert (found.code if found else None) == code


def test_full_names(table: Divisions) -> None:
    assert table.full_names(("从化市",), 2011) == ("广东省", "广州市", "从化市")
    assert table.full_names(("无此市", "某区"), 2011) == ("无此市", "某区")
    assert table.full_names((), 2011) == ()


def test_every_full_name_of_today_resolves(table: Divisions) -> None:
    for row in table.counties:
        if row.until is None and levels_of(row.name):
            names = (*table.chain(row.code, 2020), row.name)
            found = table.resolve(names, 2030)
            assert found is not None and found.code == row.code, (names, found)


def test_the_forms_before_other_names_are_not_bare_endings(table: Divisions) -> None:
    assert {"从化", "广东", "北京市", "沙县"} <= table.forms
    assert not {"新区", "矿区", "街道"} & table.forms


def test_a_division_is_in_its_chain_only_once(table: Divisions) -> None:
    for row in table.counties:
        chain = table.chain(row.code, row.since or 2011)
        assert not any(same_division(row.name, up) and levels_of(row.name) == levels_of(up) for up in chain[:1]), row
