"""The seed report, whole."""

from kg.model import Part, Report
from kg.resources import folder
from kg.text.reader import read_report


def seed() -> Report:
    return read_report(folder("seeds") / "haizhu-2011.txt")


def test_header() -> None:
    report = seed()
    assert report.title == "海珠区2011年换届政府工作报告"
    assert report.area == "广州市海珠区"
    assert report.area_parts == ("广州市", "海珠区")
    assert report.year == 2011
    assert report.date == "2011-11-08"
    assert report.meeting == "广州市海珠区第十五届人民代表大会第一次会议"
    assert report.speaker == "徐咏虹"
    assert report.warnings == ()
    assert {name: span.quote(report.text) for name, span in report.header.items()} == {
        "title": "海珠区2011年换届政府工作报告",
        "area": "广州市海珠区",
        "date": "2011年11月8日",
        "meeting": "广州市海珠区第十五届人民代表大会第一次会议",
        "speaker": "徐咏虹",
    }


def test_section_tree() -> None:
    report = seed()
    assert [(s.level, s.part.value, s.heading.quote(report.text)) for s in report.sections if s.heading] == [
        (1, "review", "一、过去五年工作回顾"),
        (2, "review", "(一)经济实力跃上新台阶"),
        (2, "review", "(二)产业发展形成新格局"),
        (2, "review", "(三)城区环境展现新面貌"),
        (2, "review", "(四)管理水平得到新提升"),
        (2, "review", "(五)和谐稳定呈现新局面"),
        (2, "review", "(六)民生保障迈出新步伐"),
        (2, "review", "(七)社会事业实现新发展"),
        (2, "review", "(八)自身建设取得新进步"),
        (1, "plan", "二、今后五年的主要任务"),
        (2, "plan", "(一)着力加快产业升级,提升经济发展质量"),
        (2, "plan", "(二)着力促进城区发展,提升生态宜居环境"),
        (2, "plan", "(三)着力发挥人文优势,提升海珠文化实力"),
        (2, "plan", "(四)着力改善民生福祉,提升群众幸福指数"),
        (2, "plan", "(五)着力推进社区建设,提升社会管理水平"),
        (2, "plan", "(六)着力优化政府服务,提升依法行政能力"),
    ]
    assert all(section.period is None for section in report.sections)  # five years back, five years on


def test_sentences_leave_the_web_site_out() -> None:
    report = seed()
    quotes = [s.span.quote(report.text) for s in report.sentences]
    assert quotes[:4] == [
        "海珠区2011年换届政府工作报告",
        "——2011年11月8日在广州市海珠区第十五届人民代表大会第一次会议上",
        "代理区长 徐咏虹",
        "各位代表:",
    ]
    assert quotes[-1].endswith("为全面建设现代化中心城区而努力奋斗!")
    for word in ("听全文", "分享到", "2011-12-07", "相关附件", "扫一扫", "广州政府网"):
        assert not any(word in quote for quote in quotes)
        if word not in ("听全文", "分享到", "2011-12-07"):  # these stand between the lines of the header
            assert word not in report.body.quote(report.text)
    assert all(report.sections[s.section].part is Part.FRONT for s in report.sentences[:4])


def test_problems_and_thanks_are_told_from_the_review() -> None:
    report = seed()
    problem = next(s for s in report.sentences if "清醒地认识到" in s.span.quote(report.text))
    assert report.sections[problem.section].part is Part.OTHER
    assert report.sections[problem.section].heading is None
