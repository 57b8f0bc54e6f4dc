"""What others call something is an honour, whatever its head tells it to be."""

from __future__ import annotations

import pytest

from kg.extract.extractor import extract
from kg.model import EntityClass as C
from kg.text.reader import make_report

HEAD = "东河区2011年政府工作报告\n区长 李明\n各位代表：\n一、2010年工作回顾\n"


def classes(sentence: str, *without: str) -> dict[str, set[C]]:
    report = make_report(HEAD + sentence, source="", sha256="")
    return {e.name: set(e.classes) for e in extract(report, without=without).entities}


@pytest.mark.parametrize(
    ("sentence", "title"),
    [
        ("龙腾科技园成为全市环境教育基地。", "全市环境教育基地"),
        ("鹭洲区获评2010中国领军智慧城区。", "2010中国领军智慧城区"),
        ("云溪县建成全国绿色食品原料标准化生产基地。", "全国绿色食品原料标准化生产基地"),
        ("龙栖集团成为我市首家国际科技合作基地。", "国际科技合作基地"),
        ("获得夏季秸秆禁烧和综合利用工作全省先进地区称号。", "夏季秸秆禁烧和综合利用工作全省先进地区"),
    ],
)
def test_what_is_received_is_an_honour(sentence: str, title: str) -> None:
    assert C.HONOUR not in classes(sentence, "names.entitled")[title]
    assert C.HONOUR in classes(sentence)[title]


@pytest.mark.parametrize(
    ("sentence", "thing"),
    [
        ("云溪县建成龙腾现代农业产业园。", "龙腾现代农业产业园"),
        ("广电大厦改造成为云溪大厦。", "云溪大厦"),
        ("建成全省第二大风电基地。", "全省第二大风电基地"),
        ("云溪县建成省级龙腾高新区。", "省级龙腾高新区"),
        ("建成国家级云溪产业园。", "国家级云溪产业园"),
        ("云溪县列入龙腾产业园。", "龙腾产业园"),
    ],
)
def test_what_is_only_built_is_none(sentence: str, thing: str) -> None:
    assert C.HONOUR not in classes(sentence).get(thing, set())
