"""Headings, sections and sentences."""

import pytest

from kg.model import Part, Report
from kg.text.normalize import normalize
from kg.text.reader import make_report
from kg.text.segment import split_sentences


def sentences(text: str) -> list[str]:
    return [s.quote(text) for s in split_sentences(normalize(text), 0, len(text))]


@pytest.mark.parametrize(
    "expected",
    [
        ["第一句。", "第二句！", "第三句？", "第四句；", "第五句"],
        ["他说“好。很好。”", "接着做。"],
        ["坚持“干字当头！”的精神，加快发展。", "下一句。"],
        ["实施《规划；纲要。第二版》。", "下一句。"],
        ["完成投资（其中工业3亿元；农业1亿元）。", "下一句。"],
        ["开口的“引号没有关。", "下一句。"],
        ["真的吗？！", "真的。"],
        ["增长5.5%;", "达到3亿元."],
    ],
)
def test_sentences(expected: list[str]) -> None:
    assert sentences("".join(expected)) == expected


def test_sentences_are_trimmed_and_never_empty() -> None:
    assert sentences("　第一句。 　第二句。\n\n—— 。") == ["第一句。", "第二句。"]


FILLER = "我们坚持稳中求进，深入推进产业转型升级，各项事业取得新的进步，人民生活水平持续提高，社会大局保持稳定。"


def report(*lines: str) -> Report:
    return make_report("\n".join(lines), source="x.txt", sha256="")


def outline(r: Report) -> list[tuple[int, str, str]]:
    return [(s.level, s.part.value, s.heading.quote(r.text)) for s in r.sections if s.heading]


OPENING = ("各位代表：", "我代表海珠区人民政府向大会作工作报告，请予审议。")


def test_numbered_headings_nest() -> None:
    r = report(
        *OPENING,
        "一、2013年工作回顾",
        "（一）经济发展",
        FILLER,
        "1．工业",
        FILLER,
        "（1）重点企业",
        FILLER,
        "（二）城市建设",
        FILLER,
        "二、2014年工作安排",
        "（一）经济发展",
        FILLER,
    )
    assert outline(r) == [
        (1, "review", "一、2013年工作回顾"),
        (2, "review", "（一）经济发展"),
        (3, "review", "1．工业"),
        (4, "review", "（1）重点企业"),
        (2, "review", "（二）城市建设"),
        (1, "plan", "二、2014年工作安排"),
        (2, "plan", "（一）经济发展"),
    ]
    assert [s.period.iso for s in r.sections if s.period and s.level == 2] == ["2013", "2013", "2014"]


def test_bare_part_headings_stand_above_numbers() -> None:
    r = report(*OPENING, "2013年工作回顾", "一、经济发展", FILLER, "二、民生事业", FILLER, "2014年工作安排", FILLER)
    assert outline(r) == [
        (1, "review", "2013年工作回顾"),
        (2, "review", "一、经济发展"),
        (2, "review", "二、民生事业"),
        (1, "plan", "2014年工作安排"),
    ]


def test_markdown() -> None:
    r = report(*OPENING, "# 2013年工作回顾", "## 经济", FILLER, "# 2014年工作安排", FILLER)
    assert [(level, text) for level, _, text in outline(r)] == [
        (1, "# 2013年工作回顾"),
        (2, "## 经济"),
        (1, "# 2014年工作安排"),
    ]


def test_a_heading_may_run_on_into_its_paragraph() -> None:
    r = report(*OPENING, "一、2013年工作回顾", "（一）经济实力迈上新台阶。2013年，生产总值增长8%。" + FILLER)
    (section,) = [s for s in r.sections if s.level == 2]
    assert section.heading is not None
    assert section.heading.quote(r.text) == "（一）经济实力迈上新台阶"
    first = next(s for s in r.sentences if r.sections[s.section] is section)
    assert first.span.quote(r.text) == "（一）经济实力迈上新台阶。"


def test_a_heading_may_be_set_off_by_a_space_only() -> None:
    r = report(*OPENING, "一、2011年工作回顾 2011年是关键之年。" + FILLER)
    assert outline(r) == [(1, "review", "一、2011年工作回顾")]
    assert "2011年是关键之年。" in [s.span.quote(r.text) for s in r.sentences]


def test_a_heading_may_be_glued_to_its_paragraph() -> None:
    r = report(*OPENING, "二、2014年工作安排今年，是全面深化改革的第一年。" + FILLER)
    assert outline(r) == [(1, "plan", "二、2014年工作安排")]
    assert "今年，是全面深化改革的第一年。" in [s.span.quote(r.text) for s in r.sentences]


def test_items_with_figures_are_statements() -> None:
    r = report(*OPENING, "二、2014年工作安排", "——地区生产总值增长7%。" + FILLER, "——城市面貌明显改善。" + FILLER)
    assert [text for _, _, text in outline(r)] == ["二、2014年工作安排", "——城市面貌明显改善"]


def test_first_second_third_are_no_headings() -> None:
    r = report(*OPENING, "一、2013年工作回顾", "一是加强管理。" + FILLER, "二是改善民生。" + FILLER)
    assert len(outline(r)) == 1


def test_problems_thanks_and_closing_are_other() -> None:
    closing = "各位代表，让我们团结一心，为建设现代化城区而努力奋斗！"
    problems = "同时，我们也清醒地认识到，工作中还存在一些问题和不足，主要是产业层次不高。"
    thanks = "在此，我代表区人民政府，向全区人民表示衷心的感谢！"
    r = report(*OPENING, "一、2013年工作回顾", FILLER, thanks, problems, "二、2014年工作安排", FILLER, closing)
    part = {s.span.quote(r.text): r.sections[s.section].part for s in r.sentences}
    assert part[problems] is part[thanks] is part[closing] is Part.OTHER
    assert {r.sections[s.section].part for s in r.sentences if s.span.quote(r.text) == FILLER} == {
        Part.REVIEW,
        Part.PLAN,
    }


def test_glossary_after_the_closing_words_is_other() -> None:
    r = report(
        *OPENING,
        "一、2014年工作安排",
        FILLER,
        "各位代表，让我们为建设现代化城区而努力奋斗！",
        "名词解释",
        "1．“双城联动”：指两个城市共同发展的战略安排。",
    )
    last = r.sentences[-1]
    assert r.sections[last.section].part is Part.OTHER


@pytest.mark.parametrize(
    "title",
    ["《政府工作报告》释义", "有关注释：", "附部分用语说明", "2014年《政府工作报告》有关术语说明", "注 释"],
)
def test_a_glossary_by_any_title_is_no_list_of_tasks(title: str) -> None:
    entries = [
        "1．“双城联动”：两个城市共同发展。",
        "2．2014年重点项目：当年开工的项目。",
        "3．“一网通办”：政务服务一个入口。",
    ]
    r = report(*OPENING, "一、2014年工作安排", FILLER, FILLER, FILLER, title, *entries)
    told = {s.span.quote(r.text): r.sections[s.section].part for s in r.sentences}
    assert [told[entry] for entry in entries if entry in told] == [Part.OTHER] * 3


CLOSING = "各位代表，让我们为建设现代化城区而努力奋斗！"
ENTRIES = (
    "1．“双城联动”：指两个城市共同发展。",
    "2．“一网通办”：指政务服务一个入口。",
    "3．“三个一批”：是指三种项目。",
)


@pytest.mark.parametrize(
    ("title", "entries"),
    [("名词解释", ENTRIES), ("附：", ENTRIES * 2)],
)
def test_tasks_named_in_a_glossary_are_words_that_it_explains(title: str, entries: tuple[str, ...]) -> None:
    task = ("（四）2014年十件民生实事", "市政府每年办好的十件事。", "新建学校20所。")
    r = report(*OPENING, "一、2014年工作安排", *[FILLER] * 12, CLOSING, title, *entries, *task)
    told = {s.span.quote(r.text): r.sections[s.section].part for s in r.sentences}
    assert told["新建学校20所。"] is Part.OTHER


def test_entries_with_which_a_text_ends_are_the_rest_of_a_glossary() -> None:
    entries = [f"{n}.{term}：{FILLER}" for n, term in enumerate(("双随机", "“五横九纵”", "金融科技", "健身圈"), 14)]
    r = report("一、2010年工作回顾", FILLER, FILLER, *entries)
    assert {s.part for s in r.sections if r.text[s.span.begin :].startswith(("14.", "16."))} == {Part.OTHER}


@pytest.mark.parametrize(
    "tasks",
    [
        [f"{n}.{term}：{FILLER}" for n, term in enumerate(("就业工程", "安居工程", "助学工程", "健康工程"), 1)],
        [f"{n}.{term}：{FILLER}" for n, term in enumerate(("就业工程", "安居工程", "助学工程"), 14)],
        ["1.新建学校3所，改造幼儿园5所。", *(f"{n}.就业工程：{FILLER}" for n in range(2, 6))],
        [f"1.稳增长：{FILLER}", FILLER, *(f"{n}.抓项目：{FILLER}" for n in range(2, 6))],
    ],
)
def test_a_list_of_tasks_and_a_few_numbered_lines_are_none(tasks: list[str]) -> None:
    r = report("一、2010年工作回顾", FILLER, "二、2011年工作安排", FILLER, *tasks)
    assert Part.OTHER not in {s.part for s in r.sections if r.text[s.span.begin :].startswith((*"12345",))}


def test_tasks_listed_behind_a_glossary_are_of_the_plan() -> None:
    tasks = ("（一）2014年民生实事", "1．新建学校20所。", "2．新建医院2所。")
    r = report(*OPENING, "一、2014年工作安排", FILLER, FILLER, CLOSING, "附件：", "名词解释", *ENTRIES, *tasks)
    section = r.sections[r.sentences[-1].section]
    assert section.part is Part.PLAN


def test_the_year_of_the_report_that_a_glossary_explains_is_not_that_of_its_figures() -> None:
    title = "2014年《政府工作报告》有关术语说明"
    r = report(*OPENING, "一、2014年工作安排", FILLER, FILLER, CLOSING, title, *ENTRIES)
    section = next(s for s in r.sections if s.heading is not None and s.heading.quote(r.text) == title)
    assert (section.part, section.period) == (Part.OTHER, None)


def test_without_headings_the_words_tell_review_from_plan() -> None:
    done = "过去一年，全年完成投资3亿元，建成了一批项目，荣获先进称号，成功举办展会，比上年增长5%。"
    to_do = "要加快推进产业升级，着力改善民生，努力扩大就业，确保社会稳定，力争投资增长5%。"
    r = report(*OPENING, *[done * 4] * 8, "今年是关键之年，我们要抓好以下工作。", *[to_do * 4] * 8)
    part = {s.span.quote(r.text): r.sections[s.section].part for s in r.sentences}
    assert part[done] is Part.REVIEW
    assert part[to_do] is Part.PLAN
    assert part["今年是关键之年，我们要抓好以下工作。"] is Part.PLAN


def test_a_section_without_words_for_plan_is_told_by_its_text() -> None:
    to_do = "要加快推进产业升级，着力改善民生，努力扩大就业，确保社会稳定，力争投资增长5%。"
    r = report(*OPENING, "一、2013年工作回顾", FILLER * 5, "二、坚定信心，再创辉煌", to_do * 20)
    assert [part for _, part, _ in outline(r)] == ["review", "plan"]


def test_the_plan_of_the_year_goes_on_under_the_next_heading() -> None:
    r = report(*OPENING, "一、2014年工作安排", FILLER, "二、加强政府自身建设", FILLER)
    assert [s.period.iso if s.period else None for s in r.sections if s.heading] == ["2014", "2014"]


def test_a_plan_that_no_heading_announces() -> None:
    done = (
        "坚持稳中求进，经济运行保持平稳，城镇新增就业{}万人，获评国家卫生城市，财政收入增长显著，成功举办了十项活动。"
    )
    to_do = "加快推进产业园区建设，着力培育新兴产业，鼓励企业加大研发，力争新增高新技术企业{}家，确保年内完成改造任务。"
    lines = [
        "政府工作报告",
        "一、2019年工作回顾",
        *(done.format(n) for n in range(3, 8)),
        *(to_do.format(n) for n in range(5, 9)),
    ]
    r = make_report("\n".join(["2020年1月8日在江州市人民代表大会上", *lines]), source="x.txt", sha256="")
    parts = [(s.part.value, s.period.iso if s.period else None) for s in r.sections if s.part.value != "front"]
    assert parts == [("review", "2019"), ("plan", "2020")]


def test_parts_that_no_heading_tells() -> None:
    done = "去年经济运行平稳，城镇新增就业{}万人，获评国家卫生城市，财政收入增长显著，成功举办了十项活动。"
    to_do = "加快推进产业园区建设，着力培育新兴产业，力争新增高新技术企业{}家，确保年内完成改造任务。"
    lines = ["2020年1月8日在江州市人民代表大会上", "政府工作报告"]
    lines += [
        f"{number}{done.format(3)}" for number in ("一、", "二、", "三、", "四、", "五、", "六、", "七、", "八、")
    ]
    lines += [f"{number}{to_do.format(3)}" for number in ("一、", "二、", "三、", "四、", "五、", "六、")]
    r = make_report("\n".join(lines), source="x.txt", sha256="")
    parts = {s.part.value for s in r.sections if s.part.value != "front"}
    assert parts == {"review", "plan"}
    told = [next(p.part.value for p in reversed(r.sections) if p.span.begin <= s.span.begin) for s in r.sentences]
    assert told[-6:] == ["plan"] * 6 and told[-14:-6] == ["review"] * 8


def test_headings_that_count_anew_speak_for_another_part() -> None:
    done = "去年经济运行平稳，城镇新增就业3万人，获评国家卫生城市，财政收入增长显著，成功举办了十项活动。"
    to_do = "围绕特色抓基地，加快园区建设，大力推广新技术，发展专业合作社，提高规模经营的水平。"
    lines = ["2020年1月8日在江州市人民代表大会上", "政府工作报告", "一、2019年工作回顾", f"（一）工业稳步发展。{done}"]
    lines += [f"（二）农业再获丰收。{done}", f"（二）现代农业。{to_do}", f"（三）现代服务业。{to_do}"]
    r = make_report("\n".join(lines), source="x.txt", sha256="")
    assert [s.part.value for s in r.sections if s.level == 2] == ["review", "review", "plan", "plan"]


def test_new_results_in_a_heading_are_of_either_part() -> None:
    done = "去年经济运行平稳，城镇新增就业3万人，获评国家卫生城市，财政收入增长显著，成功举办了十项活动。"
    to_do = "加快推进产业园区建设，着力培育新兴产业，力争新增高新技术企业40家，确保年内完成改造任务。"
    lines = ["2020年1月8日在江州市人民代表大会上", "政府工作报告", *[done] * 4]
    lines += [
        "今年，我们要抓好以下工作。",
        f"（一）推动产业升级取得新成效。{to_do * 3}",
        f"（二）巩固脱贫攻坚成效。{to_do * 3}",
    ]
    r = make_report("\n".join(lines), source="x.txt", sha256="")
    assert [s.part.value for s in r.sections if s.heading] == ["plan", "plan"]


def test_a_review_before_the_first_heading() -> None:
    done = "刚刚过去的一年，经济运行平稳，城镇新增就业3万人，获评国家卫生城市，财政收入增长显著，成功举办了十项活动。"
    lines = ["2020年1月8日在江州市人民代表大会上", "政府工作报告", done * 5, "二、2020年工作安排", FILLER]
    r = make_report("\n".join(lines), source="x.txt", sha256="")
    assert [(s.part.value, s.period.iso) for s in r.sections if s.period] == [("review", "2019"), ("plan", "2020")]


def test_the_past_year_within_the_plan() -> None:
    done = "过去一年，我们办结了代表建议86件，获评法治政府建设先进市，取消了行政审批事项12项，增长显著。"
    to_do = "今年要加快推进政务公开，着力提高服务水平，力争取消审批事项20项。"
    r = report(*OPENING, "一、2014年工作安排", FILLER, "（一）加强政府自身建设", done, to_do)
    told = {s.span.quote(r.text): r.sections[s.section] for s in r.sentences}
    assert (told[done].part, told[done].period and told[done].period.iso) == (Part.REVIEW, "2013")
    assert told[to_do].part is Part.PLAN


def test_tasks_behind_the_closing_words_are_of_the_plan() -> None:
    closing = "各位代表，让我们为建设现代化城区而努力奋斗！"
    tasks = ["2014年十件民生实事", "一、改善出行条件", "新建公交站台20个。", "二、增加学位", "新增学位800个。"]
    r = report(
        *OPENING, "一、2014年工作安排", FILLER, closing, *tasks, "名词解释", "1．“双城联动”：指两个城市共同发展。"
    )
    told = {s.span.quote(r.text): r.sections[s.section] for s in r.sentences}
    for task in ("新建公交站台20个。", "新增学位800个。"):
        assert (told[task].part, told[task].period and told[task].period.iso) == (Part.PLAN, "2014")
    assert r.sections[r.sentences[-1].section].part is Part.OTHER


def test_the_title_of_an_appendix_says_that_it_lists_tasks() -> None:
    closing = "各位代表，让我们为建设现代化城区而努力奋斗！"
    tasks = ["附件：云溪区2014年十件民生实事", "（一）改善出行条件。", "新建公交站台20个。", "（二）增加学位。"]
    done = ["2013年十件民生实事完成情况", "新增学位800个。"]
    r = report(*OPENING, "一、2014年工作安排", *[FILLER] * 7, closing, *tasks, *done)
    told = {s.span.quote(r.text): r.sections[s.section] for s in r.sentences}
    task = told["新建公交站台20个。"]
    assert (task.part, task.period and task.period.iso) == (Part.PLAN, "2014")
    assert told["新增学位800个。"].part is not Part.PLAN


def test_a_line_of_a_plan_of_several_years_announces_what_is_of_the_first() -> None:
    five = ["二、今后五年的目标任务", "（一）建设活力城市", FILLER, "（二）建设品质城市", FILLER]
    year = ["2014年，我们要重点抓好以下八个方面工作：", "（一）推进转型升级", FILLER, "（二）建设美丽乡村", FILLER]
    r = report(*OPENING, "一、过去五年工作回顾", FILLER, *five, *year)
    plans = [s for s in r.sections if s.part is Part.PLAN and s.level > 1]
    assert [s.period.iso if s.period else None for s in plans] == [None, None, "2014", "2014"]


def test_the_year_of_a_review_goes_on_under_its_headings() -> None:
    r = report(*OPENING, "2013年工作回顾", FILLER, "一、产业稳步发展", FILLER, "二、基础设施完善", FILLER)
    assert [s.period.iso if s.period else None for s in r.sections if s.heading] == ["2013", "2013", "2013"]


def test_what_follows_the_words_of_a_review_is_no_plan() -> None:
    done = "去年经济运行平稳，城镇新增就业3万人，获评国家卫生城市，财政收入增长显著，成功举办了十项活动。"
    neither = (
        "工业经济强势回升。每周通报点评，每月协调督办，企业家信心倍增，规模以上企业产值同比增长8%，新增百亿企业3户。"
    )
    to_do = "加快推进产业园区建设，着力培育新兴产业，力争新增高新技术企业40家，确保年内完成改造任务。"
    lines = ["2020年1月8日在江州市人民代表大会上", "政府工作报告", "一、2019年工作回顾", done * 3]
    lines += [
        "回顾过去一年，我们主要抓了以下工作：",
        "（一）突出抓好工业，保持经济持续向好",
        neither,
        to_do * 3,
        to_do * 3,
    ]
    r = make_report("\n".join(lines), source="x.txt", sha256="")
    told = {s.span.quote(r.text): r.sections[s.section].part for s in r.sentences}
    assert told["工业经济强势回升。"] is Part.REVIEW
    assert told[to_do] is Part.PLAN


@pytest.mark.parametrize(
    ("lines", "task"),
    [
        (["2014年十件民生实事", "一、改善出行条件", "新建公交站台20个。"], True),
        (["2014年十件民生实事完成情况", "一、改善出行条件", "新建公交站台20个。"], False),
        # an item that names another year is one of the list still
        (["附件：2014年十件民生实事", "（一）完成2013年续建项目", "（二）改善出行", "新建公交站台20个。"], True),
        # but no list of words, whatever year it is of
        (["2014年十件民生实事", "一、改善出行", "2014年政府工作报告名词解释", "新建公交站台20个。"], False),
        (["附件1：2014年重点项目计划表", "建设道路3条。", "附件2：名词解释", "新建公交站台20个。"], False),
    ],
)  # fmt: skip
def test_where_a_list_of_tasks_ends(lines: list[str], task: bool) -> None:
    closing = "各位代表，让我们为建设现代化城区而努力奋斗！"
    r = report(*OPENING, "一、2014年工作安排", *[FILLER] * 7, closing, *lines)
    told = {s.span.quote(r.text): r.sections[s.section].part for s in r.sentences}
    assert (told["新建公交站台20个。"] is Part.PLAN) is task


def test_the_points_of_a_paragraph_on_problems_are_of_it() -> None:
    r = report(
        *OPENING,
        "一、2013年工作回顾",
        FILLER,
        "我们也清醒地看到，发展中还存在不少困难和问题。",
        "一是财政收入增长乏力。",
        "二是民生短板较多。",
        "二、2014年工作安排",
        FILLER,
    )
    told = {s.span.quote(r.text): r.sections[s.section].part for s in r.sentences}
    assert told["一是财政收入增长乏力。"] is told["二是民生短板较多。"] is Part.OTHER
