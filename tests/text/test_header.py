"""What a report says of itself."""

import pytest

from kg.model import Report
from kg.text.header import is_area
from kg.text.reader import make_report

FILLER = "我们坚持稳中求进，深入推进产业转型升级，各项事业取得新的进步，人民生活水平持续提高，社会大局保持稳定。"


def report(*lines: str) -> Report:
    return make_report("\n".join([*lines, FILLER]), source="x.txt", sha256="")


@pytest.mark.parametrize(
    ("line", "speaker"),
    [
        ("代理区长 徐咏虹", "徐咏虹"),
        ("海拉尔区人民政府区长　　杜联合", "杜联合"),
        ("广州市代市长 张广宁", "张广宁"),
        ("市长　李  明", "李明"),
        ("市　长　李明", "李明"),
        ("广东省省长 黄华华", "黄华华"),
        ("（县长 王伟）", "王伟"),
        ("欧阳明德", "欧阳明德"),
        ("马志勇", "马志勇"),
        ("自治州州长 买买提·艾山", "买买提·艾山"),
    ],
)
def test_speaker(line: str, speaker: str) -> None:
    r = report("政府工作报告", "——2016年1月8日在海珠区第十届人民代表大会第六次会议上", line, "各位代表：")
    assert r.speaker == speaker
    assert r.header["speaker"].quote(r.text).replace(" ", "").replace("　", "") == speaker


@pytest.mark.parametrize(
    ("lines", "meeting", "date", "area"),
    [
        (
            ["——2011年11月8日在广州市海珠区第十五届人民代表大会第一次会议上"],
            "广州市海珠区第十五届人民代表大会第一次会议",
            "2011-11-08",
            "广州市海珠区",
        ),
        (
            ["——2026年1月26日在广东省第十四届", "人民代表大会第五次会议上"],
            "广东省第十四届人民代表大会第五次会议",
            "2026-01-26",
            "广东省",
        ),
        (
            ["（二○一一年三月二十一日在日照市第十六届人民代表大会第五次会议上）"],
            "日照市第十六届人民代表大会第五次会议",
            "2011-03-21",
            "日照市",
        ),
        (
            ["——佛山市第十一届人民代表大会第三次会议", "（2000年4月25日）"],
            "佛山市第十一届人民代表大会第三次会议",
            "2000-04-25",
            "佛山市",
        ),
        (["——2020年1月9日在南京市十六届人大三次会议上"], "南京市十六届人大三次会议", "2020-01-09", "南京市"),
    ],
)
def test_meeting(lines: list[str], meeting: str, date: str, area: str) -> None:
    r = report("政府工作报告", *lines, "市长 李明", "各位代表：")
    assert (r.meeting, r.date, r.area, r.year) == (meeting, date, area, int(date[:4]))
    assert r.header["area"].quote(r.text) == area


@pytest.mark.parametrize(
    ("line", "title"),
    [
        ("政 府 工 作 报 告", "政府工作报告"),
        ("海珠区2011年换届政府工作报告", "海珠区2011年换届政府工作报告"),
        ("大鹏新区2024年管理委员会工作报告", "大鹏新区2024年管理委员会工作报告"),
        ("*政府工作报告", "政府工作报告"),
    ],
)
def test_title(line: str, title: str) -> None:
    assert report(line, "各位代表：").title == title


@pytest.mark.parametrize(
    ("lines", "area"),
    [
        (["2024年南山区政府工作报告", "各位代表："], "南山区"),
        (["各位代表：", "现在，我代表福田区人民政府向大会报告工作。"], "福田区"),
        (["各位代表：", "我代表大鹏新区管理委员会向大会作工作报告。"], "大鹏新区"),
        (["各位代表：", "我代表区人民政府向大会报告工作。"], None),
        (["各位代表：", "我代表区人民政府向大会报告工作。", *["罗湖发展加快，罗湖区更美。"] * 8], "罗湖区"),
        (["各位代表：", "我代表市人民政府向大会报告工作。", *["广州发展加快。"] * 9, "广东省支持。"], "广州市"),
        # two that are close: neither
        (["各位代表：", "我代表市人民政府向大会报告工作。", *["广州和深圳发展加快，广东领先。"] * 9], None),
        # the fullest name that the text gives
        (["各位代表：", "我代表龙岗区人民政府向大会报告工作，请审议《深圳市龙岗区规划》。"], "深圳市龙岗区"),
    ],
)
def test_area(lines: list[str], area: str | None) -> None:
    r = report(*lines)
    assert r.area == area
    assert ("the area cannot be told from the text" in r.warnings) == (area is None)


def test_area_names() -> None:
    assert [name for name in ("海珠区", "广州市海珠区", "全区", "社区", "我市", "第一次会议") if is_area(name)] == [
        "海珠区",
        "广州市海珠区",
    ]


@pytest.mark.parametrize(
    ("lines", "year"),
    [
        (["2013年政府工作报告", "各位代表："], 2013),
        (["各位代表：", "一、2013年工作回顾", FILLER], 2014),
        (["各位代表：", "一、过去五年工作回顾", FILLER, "二、2014年工作安排", FILLER], 2014),
        (["各位代表：", "一、过去五年工作回顾", FILLER, "二、今后五年目标任务", FILLER], None),
        # given in December for the coming year
        (
            [
                "政府工作报告",
                "——2022年12月26日在海珠区第十届人民代表大会第六次会议上",
                "各位代表：",
                "一、2022年工作回顾",
                FILLER,
                "二、2023年工作安排",
                FILLER,
            ],
            2023,
        ),
    ],
)
def test_year(lines: list[str], year: int | None) -> None:
    r = report(*lines)
    assert r.year == year
    assert ("the year cannot be told from the text" in r.warnings) == (year is None)


def test_navigation_is_no_sentence() -> None:
    r = report(
        "首页 > 政务公开 > 政府工作报告",
        "字号：大 中 小",
        "海珠区2015年政府工作报告",
        "发布时间：2015-03-01  来源：本站",
        "——2015年2月5日在海珠区第十四届人民代表大会第四次会议上",
        "区长 李明",
        "各位代表：",
        "我代表区人民政府报告工作。",
        "一、2014年工作回顾",
    )
    text = "\n".join(s.span.quote(r.text) for s in r.sentences)
    assert r.title == "海珠区2015年政府工作报告"
    for word in ("首页", "字号", "发布时间", "来源"):
        assert word not in text
    assert "区长 李明" in text


def test_navigation_at_the_end_lies_outside_of_the_body() -> None:
    text = f"各位代表：\n一、2014年工作回顾\n{FILLER}\n【打印本页】 【关闭窗口】\n相关新闻\n某地召开会议\n"
    r = make_report(text, source="x.txt", sha256="")
    assert r.body.quote(text).endswith(FILLER)
    assert r.sentences[-1].span.quote(text) == FILLER
