"""The area that a report without a header is about."""

from __future__ import annotations

import pytest

from kg.text.area_named_most import area_named_most

COUNTIES = "凌海增长快，义县、北镇、黑山次之，太和转型。"


@pytest.mark.parametrize(
    ("text", "level", "area"),
    [
        # how often it is named, and what lies in it
        ("锦州港扩建，锦州大学迁建。" + COUNTIES, "市", "锦州市"),
        ("锦州港扩建，锦州大学迁建。" + COUNTIES, "县", None),
        # a city of the county level lies in the other
        ("四平市发展。四平" * 3 + "双辽、公主岭、梨树、伊通提速，双辽市" * 2, "市", "四平市"),
        # hardly named, or beside another that is named as often
        ("锦州港扩建。", "市", None),
        ("沈阳、大连并进，沈阳港、大连港。" * 6, "市", None),
        # "全市" says which level; a city speaks of the province, too
        ("我市锦州港扩建，锦州大学迁建，全省领先，全省第一，全省前列。" + COUNTIES, None, "锦州市"),
        ("全省领先，全省第一，全省前列。锦州港扩建，锦州大学迁建。" + COUNTIES, None, None),
        ("全省辽宁，全省振兴，全省领先，辽宁舰，沈阳、大连、鞍山、抚顺。", None, "辽宁省"),
        ("全省辽宁，全省振兴，全省领先，辽宁舰，沈阳、大连、鞍山、抚顺。" + "沈阳" * 5, None, None),
        # 健全市场 says nothing of a city
        ("全省辽宁，全省振兴，全省领先，辽宁舰，沈阳、大连、鞍山、抚顺。健全市场体系。", None, "辽宁省"),
        ("我市锦州港扩建，锦州大学迁建，健全县级医院。" + COUNTIES, None, "锦州市"),
        # an autonomous region says 全区: none of its districts is meant
        ("全区、全区、全区，柳江河，柳江路，柳江桥，柳江区，柳江站，柳江村" + "柳州" * 8, None, None),
        # a name of what is no division: as written and as often as said
        ("光明新区成立。" * 40, None, "光明新区"),
        # nothing else of its level is named, though it has no divisions; but a long report names its area more often
        ("东莞成为试点，东莞特色打响。来源于东莞的收入增长，建设幸福东莞。", "市", "东莞市"),
        ("东莞成为试点，东莞特色打响。来源于东莞的收入增长，建设幸福东莞。" + "工业增长。" * 4000, "市", None),
        ("东莞成为试点，东莞特色打响。来源于东莞的收入增长，与佛山、佛山、佛山合作。", "市", None),
        ("香港、香港、香港、香港合作。", "区", None),
        ("", "市", None),
        ("", None, None),
    ],
)
def test_the_area_is_told(text: str, level: str | None, area: str | None) -> None:
    assert area_named_most(text, level) == area
