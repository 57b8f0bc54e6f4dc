"""A table of one's own as a target: how it is read, what is wrong with it, and what is accepted by it."""

from __future__ import annotations

import json
import shutil
import time
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from kg.cli import cli
from kg.errors import DataError
from kg.graph.store import open_store
from kg.link.decisions import read_ledger
from kg.link.matching import judge, kinds
from kg.link.model import Candidate, Judgement
from kg.link.providers.table import OwnTable
from kg.link.things import links_base
from kg.model import EntityClass
from tests.link.asking import decided, recorded, thing, verdicts

OPEN, ACCEPTED, REJECTED = Judgement.OPEN, Judgement.ACCEPTED, Judgement.REJECTED
ENTERPRISE, FACILITY = EntityClass.ENTERPRISE, EntityClass.FACILITY


@pytest.fixture
def write(tmp_path: Path) -> Any:
    def to_file(text: str | bytes, name: str = "table.csv") -> Path:
        path = tmp_path / name
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return path

    return to_file


def rows(path: Path, **options: Any) -> list[Candidate]:
    return OwnTable(path, **options)._rows


# reading --------------------------------------------------------------------------------------------------------------


def test_every_column(write: Any) -> None:
    header = "id,name,aliases,type,parent,from,until,code,latitude,longitude,description"
    path = write(f"{header}\n7,甲区,甲|甲县,county|x,广东省 | 广州市,1960,2014,440105,23.1,-113.3,一个区\n")
    (row,) = rows(path, key="own", namespace="https://example.org/")
    assert row == Candidate(
        target="own",
        id="7",
        iri="https://example.org/7",
        name="甲区",
        aliases=("甲", "甲县"),
        types=("county", "x"),
        within=("广东省", "广州市"),
        since=1960,
        until=2014,
        code="440105",
        latitude=23.1,
        longitude=-113.3,
        description="一个区",
        source="urn:kg:table:own",
    )


def test_only_what_is_needed_in_any_order_beside_other_columns(write: Any) -> None:
    (row,) = rows(write("备注,name,id\n?,甲公司,7\n"))
    assert (row.id, row.name, row.iri, row.types) == ("7", "甲公司", "urn:kg:table:table:7", ())


@pytest.mark.parametrize(
    "data",
    [
        "id\tname\n1\t甲,乙公司\n2\t丙公司\n".encode(),
        'id,name\n1,"甲,乙公司"\n2,丙公司\n'.encode(),
        b"\xef\xbb\xbf" + 'id,name\r\n1,"甲,乙公司"\r\n2,丙公司'.encode(),
        '# source: me, "and others\n\nid,name\n#0,无\n1,"甲,乙公司"\n\n , \n2,丙公司\n'.encode(),
        'id , name\n 1 , "甲,乙公司"\n'.replace(' "', '"').encode() + "2, 丙公司 \n".encode(),
    ],
    ids=["tsv", "quoted", "BOM and CRLF", "comments", "spaces"],
)
def test_ways_to_write_it(write: Any, data: bytes) -> None:
    assert [(row.id, row.name) for row in rows(write(data))] == [("1", "甲,乙公司"), ("2", "丙公司")]


def test_a_field_of_several_lines(write: Any) -> None:
    first, second = rows(write('id,name,description\n1,甲公司,"一\n# 二 \u2028\n\n三"\n2,乙公司,""\n'))
    assert first.description == "一\n# 二 \u2028\n\n三"
    assert second.name == "乙公司"


def test_quotation_marks_within_a_field(write: Any) -> None:
    assert [row.name for row in rows(write('id,name\n1,"甲""乙""公司"\n2,“丙”公司\n'))] == ['甲"乙"公司', "“丙”公司"]


def test_short_rows(write: Any) -> None:
    assert rows(write("id,name,code\n1,甲\n"))[0].code is None


def test_identifiers(write: Any) -> None:
    text = "id,name\nhttps://other.example/x,甲\nurn:uuid:6e8bc430,乙\ncn:440105,丙\na b,丁\n海珠,戊\n"
    assert [row.iri for row in rows(write(text), namespace="https://example.org/#")] == [
        "https://other.example/x",
        "urn:uuid:6e8bc430",
        "https://example.org/#cn:440105",
        "https://example.org/#a%20b",
        "https://example.org/#海珠",
    ]


def test_tables_that_share_a_namespace_are_two(write: Any) -> None:
    one = OwnTable(write("id,name\n1,甲\n", "a.csv"), key="a", namespace="https://example.org/")
    two = OwnTable(write("id,name\n2,乙\n", "b.csv"), key="b", namespace="https://example.org/")
    assert one.targets[0].iri != two.targets[0].iri


# what is wrong --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        ("", None, "the table is empty"),
        ("# nothing\n\n", None, "the table is empty"),
        ("id,name\n", None, "no rows"),
        ("name\n甲\n", 1, "no column 'id'"),
        ("# a\nid,Name\n1,甲\n", 2, "no column 'name'"),
        ("id;name\n1;甲\n", 1, "no column 'id'"),
        ("id,name,id\n1,甲,2\n", 1, "two columns 'id'"),
        ("id,name\n1,甲\n,乙\n", 3, "without id or name"),
        ("id,name\n1,甲\n2\n", 3, "without id or name"),
        ("# a\nid,name\n\n1,甲,乙\n", 4, "3 fields below 2 columns"),
        ("id,name\n1,甲\n\n# b\n1,乙\n", 5, "stands in line 2, too"),
        ("id,name\nhttp://a b/,甲\n", 2, "makes no IRI"),
        ("id,name\n" + "x" * 600 + ",甲\n", 2, "makes no IRI"),
        ("id,name,from\n1,甲,\n2,乙,1960年\n", 3, "'1960年' in column 'from' is no year"),
        ("id,name,until\n1,甲,nan\n", 2, "is no year"),
        ("id,name,until\n1,甲,20201\n", 2, "is no year"),
        ("id,name,latitude\n1,甲,北\n", 2, "'北' in column 'latitude' is no number"),
        ("id,name,latitude\n1,甲,nan\n", 2, "is no number from -90 to 90"),
        ("id,name,longitude\n1,甲,1e400\n", 2, "is no number from -180 to 180"),
        ('id,name,description\n1,甲,"一\n二"\n2,乙,"三\n四', 4, "unexpected end of data"),
        ('id,name,latitude\n1,"甲\n甲",\n2,乙,x\n', 4, "is no number"),
        ('id,name\n1,"甲"乙\n', 2, "expected after"),
        ("id,name\n1," + "甲" * 140_000 + "\n", 2, "field larger than"),
    ],
    ids=lambda value: value[:30] if isinstance(value, str) else None,
)
def test_what_is_wrong_is_told_with_its_line(write: Any, text: str, line: int | None, said: str) -> None:
    path = write(text)
    with pytest.raises(DataError, match=said) as caught:
        OwnTable(path)
    assert (caught.value.file, caught.value.line) == (str(path), line)


def test_files_that_are_none(write: Any, tmp_path: Path) -> None:
    with pytest.raises(DataError, match="cannot be read"):
        OwnTable(tmp_path / "none.csv")
    with pytest.raises(DataError, match="cannot be read"):
        OwnTable(tmp_path)
    with pytest.raises(DataError, match=r"not in UTF-8.*CSV UTF-8"):
        OwnTable(write("id,name\n1,甲公司\n".encode("gb18030")))


@pytest.mark.parametrize("namespace", ["example", "https://a b/", "<>"])
def test_a_namespace_that_makes_no_iris(write: Any, namespace: str) -> None:
    with pytest.raises(DataError, match="makes no IRIs"):
        OwnTable(write("id,name\n1,甲\n"), namespace=namespace)


# judging --------------------------------------------------------------------------------------------------------------


def test_names_aliases_types_and_places(write: Any) -> None:
    table = OwnTable(
        write(
            "id,name,aliases,type,parent\n"
            "1,广州地铁集团有限公司,广州地铁|广州地铁公司,org:operator,广州市\n"
            "2,海珠区,,county,广州市\n"
            "3,海珠区,,county,沈阳市\n"
            "4,新华公司,,org:operator,\n"
            "5,新华公司,,org:operator,\n"
            "6,广州塔,,county,广州市\n"
            "7,海珠湖,,lake,广州市\n"
        )
    )
    found = decided(
        table,
        thing("广州地铁", ENTERPRISE),
        thing("海珠区", within=("广州市",)),
        thing("新华公司", ENTERPRISE),
        thing("广州塔", FACILITY),
        thing("海珠湖", FACILITY),
        thing("无此处", FACILITY),
    )
    assert found == [
        {"1": ACCEPTED},
        {"2": ACCEPTED, "3": REJECTED},
        {"4": OPEN, "5": OPEN},
        {"6": REJECTED},
        {"7": OPEN},  # nobody has said what a lake is
        {},
    ]


def test_a_generic_name_is_not_accepted(write: Any) -> None:
    types = write("type\tlabel\tclasses\tlevel\tmatch\tsource\nsite\tsite\tFacility\t\texact\tmine\n", "types.tsv")
    table = OwnTable(write("id,name,type,parent\n1,第一人民医院,site,海珠区\n2,海珠区第一人民医院,site,海珠区\n"))
    generic, own = thing("第一人民医院", FACILITY), thing("海珠区第一人民医院", FACILITY)
    judged = [judge(each, found, types=kinds(types)) for each, found in table.candidates([generic, own])]
    assert [v.judgement for v in judged[0]] == [OPEN]
    assert "many places" in judged[0][0].reason
    assert {v.candidate.id: v.judgement for v in judged[1]}["2"] is ACCEPTED


@pytest.mark.parametrize(("type", "judgement"), [("Enterprise", ACCEPTED), ("Facility", REJECTED), ("firm", OPEN)])
def test_our_classes_are_types(write: Any, type: str, judgement: Judgement) -> None:
    table = OwnTable(write(f"id,name,type\n1,广州天一食品有限公司,{type}\n"))
    assert decided(table, thing("广州天一食品有限公司", ENTERPRISE)) == [{"1": judgement}]


def test_years_and_codes(write: Any) -> None:
    table = OwnTable(
        write(
            "id,name,type,parent,from,until,code\n"
            "1,从化市,county,广州市,1994,2014,440184\n"
            "2,从化区,county,广州市,2014,,440117\n"
            "3,荔湾区,county,广州市,,,440105\n"
        )
    )
    assert decided(table, thing("从化"), thing("从化", codes=("440184",)), thing("海珠区", codes=("440105",))) == [
        {"1": ACCEPTED, "2": REJECTED},
        {"1": ACCEPTED, "2": REJECTED},
        {},
    ]


def test_names_that_are_like_it_are_for_people(write: Any) -> None:
    table = OwnTable(write("id,name,type\n1,广州广播电视总台,org:operator\n2,广昊商务港,org:operator\n"))
    ((verdict,),) = verdicts(table, thing("广州广播电视台", ENTERPRISE))
    assert (verdict.candidate.id, verdict.judgement, verdict.reason) == ("1", OPEN, "the name is only like it")
    # but not for divisions, where a letter makes another one, nor for short names
    assert decided(table, thing("广州广播电视台"), thing("广昊", ENTERPRISE)) == [{}, {}]


def test_a_large_table_is_fast(write: Any) -> None:
    names = [f"广州{chr(0x4E00 + n // 150)}{chr(0x5E00 + n % 150)}实业发展有限公司" for n in range(20_000)]
    path = write("id,name,type,parent\n" + "".join(f"{n},{name},org:operator,广州市\n" for n, name in enumerate(names)))
    begun = time.process_time()
    table = OwnTable(path)
    there = [thing(name, ENTERPRISE, number=n + 1) for n, name in enumerate(names[::200])]
    alike = [thing(name[:-4] + "公司", ENTERPRISE, number=n + 501) for n, name in enumerate(names[::200])]
    found = decided(table, *there, *alike)
    seconds = time.process_time() - begun
    assert found[:100] == [{str(n): ACCEPTED} for n in range(0, 20_000, 200)]
    assert all(str(n) in each for n, each in zip(range(0, 20_000, 200), found[100:], strict=True))
    assert all(set(each.values()) == {OPEN} for each in found[100:])
    assert seconds < 8, f"{seconds:.1f} s"


def test_the_graph_can_be_written_whatever_stands_in_the_table(write: Any) -> None:
    rows = ["id,name,type,description", '1,"梦芭莎",org:operator,"<b>\x07\x1b[31m"', "2,梦芭莎,org:operator,\u202e"]
    ledger = recorded(OwnTable(write("\n".join(rows))), [thing("梦芭莎", ENTERPRISE)])
    assert len(ledger.decisions) == 2 and ledger.quads()


# from the command line ------------------------------------------------------------------------------------------------


def test_the_command(write: Any, seed_folder: Path, tmp_path: Path) -> None:
    folder = Path(shutil.copytree(seed_folder, tmp_path / "store"))
    path = write("id,name,type\n7,梦芭莎,org:operator\n8,广州塔,county\n", "企业 名录.csv")

    def kg(*arguments: str) -> Any:
        command = ["link", "--store", str(folder), "--provider", "table", *arguments]
        return CliRunner().invoke(cli, command, prog_name="kg")

    assert kg().exit_code == 2
    done = kg("--table", str(path), "--namespace", "https://example.org/company/", "--target", "firms", "--json")
    assert done.exit_code == 0, done.output
    assert json.loads(done.stdout)["targets"]["firms"] == {"exact": 1, "close": 0, "open": 0, "rejected": 1}
    store = open_store(folder, read_only=True)
    ledger = read_ledger(store, links_base(store) or "")
    assert [d.object for d in ledger.accepted()] == ["https://example.org/company/7"]
    del store
    path.write_text("id,name,from\n7,梦芭莎,x\n", encoding="utf-8")
    failed = kg("--table", str(path))
    assert failed.exit_code == 1 and f"{path}:2: 'x' in column 'from' is no year" in failed.stderr
