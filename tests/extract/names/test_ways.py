"""Each way to names finds what it is for, and leaves alone what is only a kind: a table of sentences (names.tsv)."""

from __future__ import annotations

from kg.extract.extractor import extract, rules
from kg.model import Entity, Extraction, Report, Span
from kg.text.reader import make_report

CASES = "names.tsv", ("way", "sentence")


def reported(sentence: str) -> tuple[Report, Span]:
    """A small report with that sentence in its review, and where it stands."""
    text = (
        "东河区2011年政府工作报告\n——2011年1月8日在滨州市东河区第六届人民代表大会第一次会议上\n区长 李明\n各位代表：\n"
        f"一、2010年工作回顾\n过去的一年，全区人民团结奋斗。\n{sentence}\n二、2011年工作安排\n今年要做好各项工作。\n"
    )
    begin = text.index(sentence)
    return make_report(text, source="case.txt", sha256="0" * 64), Span(begin, begin + len(sentence))


def inside(extraction: Extraction, span: Span) -> dict[str, Entity]:
    """What a stretch of the text names, the report's own area left out."""
    return {
        e.name: e
        for e in extraction.entities
        if not e.own_area and any(span.begin <= m.begin < span.end for m in e.mentions)
    }


def test_names(case: list[dict[str, str]]) -> None:
    report, span = reported(case[0]["sentence"])
    rule = f"names.{case[0]['way']}"
    assert rule in rules()
    found = inside(extract(report), span)
    wanted = [row for row in case if row["name"] != "-"]
    names = {row["name"] for row in wanted}
    assert names <= set(found)
    # what one of the rules finds, the network mostly finds, too, and more
    others = set() if rule == "names.learned" else {"names.learned"}
    assert set(inside(extract(report, without=others), span)) <= names
    for row in wanted:
        assert row["class"] in {c.value for c in found[row["name"]].classes}, row["name"]
    left = inside(extract(report, without={rule, *others}), span)
    for row in wanted:
        assert (row["name"] not in left) == (row["needs"] == "yes"), row["name"]
