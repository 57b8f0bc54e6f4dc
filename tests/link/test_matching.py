"""What becomes of a name: the graded table ``cases.tsv``, and what holds of every judgement."""

from __future__ import annotations

import csv
import random
from pathlib import Path

import pytest

from kg.link.divisions import divisions
from kg.link.matching import KEPT, KEPT_OPEN, judge, kinds
from kg.link.model import Candidate, Context, Judgement, Match, Thing, Verdict
from kg.link.names import normal
from kg.link.providers.tables import DivisionTable
from kg.model import EntityClass, split_area

STRENGTHS = {"strong", "medium", "weak", "never"}


def _cases() -> list[dict[str, str]]:
    lines = Path(__file__).with_name("cases.tsv").read_text(encoding="utf-8").split("\n")
    return list(csv.DictReader((line for line in lines if not line.startswith("#")), delimiter="\t"))


CASES = _cases()


def thing(case: dict[str, str]) -> Thing:
    contexts = []
    for area, year in zip(case["area"].split("|"), case["year"].split("|"), strict=True):
        names = tuple(map(normal, split_area(area))) if area else ()
        contexts.append(Context(int(year), divisions().full_names(names, int(year))))
    classes = frozenset(map(EntityClass, case["classes"].split()))
    aliases = {alias for alias in case["aliases"].split("|") if alias}
    if EntityClass.ADMINISTRATIVE_AREA in classes:  # as kg.link.things has it
        aliases.add(split_area(case["name"])[-1])
    within = tuple(name for name in case["within"].split("|") if name)
    return Thing("urn:x:thing", case["name"], tuple(sorted(aliases - {case["name"]})), classes, within, tuple(contexts))


def candidates(case: dict[str, str], about: Thing) -> list[Candidate]:
    if case["source"] == "tables":
        return next(iter(DivisionTable().candidates([about])))[1] if DivisionTable().wants(about) else []
    out = []
    for row in case["source"].split(";"):
        id, _, told = row.partition("=")
        name, types, within, aliases, *_ = [*told.split("~"), "", "", ""]

        def listed(text: str) -> tuple[str, ...]:
            return tuple(part for part in text.split("|") if part)

        out.append(Candidate("t", id, f"urn:x:{id}", name, listed(aliases), listed(types), listed(within), score=100.0))
    return out


def verdicts(case: dict[str, str]) -> tuple[Verdict, ...]:
    about = thing(case)
    return judge(about, candidates(case, about))


def outcome(found: tuple[Verdict, ...]) -> str:
    """As the column ``expected`` has it."""
    accepted = [v for v in found if v.judgement is Judgement.ACCEPTED]
    if accepted:
        close = " close" if all(v.match is Match.CLOSE for v in accepted) else ""
        return " ".join(v.candidate.id for v in accepted) + close
    if any(v.judgement is Judgement.OPEN for v in found):
        return "open"
    return "rejected" if any("similar" not in v.reason and v.reason != "vetoed by name" for v in found) else "nothing"


@pytest.mark.parametrize("case", CASES, ids=[f"{c['name']}-{c['area']}-{c['year']}-{n}" for n, c in enumerate(CASES)])
def test_case(case: dict[str, str]) -> None:
    found = verdicts(case)
    expected, _, name = case["expected"].partition("@")
    assert sorted(outcome(found).split()) == sorted(expected.split()), (
        case["why"],
        [(v.candidate.name, v.candidate.code, v.why) for v in found],
    )
    if name:
        assert [v.candidate.name for v in found if v.judgement is Judgement.ACCEPTED] == [name]


def test_the_cases_are_graded_as_they_say() -> None:
    assert len(CASES) >= 80
    for case in CASES:
        assert case["strength"] in STRENGTHS and case["why"]
        accepted = case["expected"] not in ("open", "rejected", "nothing")
        assert accepted == (case["strength"] in ("strong", "medium")), case
        assert (case["expected"] == "open") == (case["strength"] == "weak"), case
    assert len({tuple(case.values())[1:8] for case in CASES}) == len(CASES)


def test_the_order_of_candidates_does_not_matter() -> None:
    shuffle = random.Random(5).shuffle
    for case in CASES:
        about = thing(case)
        some = candidates(case, about)
        expected = judge(about, some)
        shuffle(some)
        assert judge(about, [*some, *some]) == expected, case


def test_a_score_decides_nothing() -> None:
    about = thing(CASES[0])
    row = Candidate("t", "1", "urn:x:1", "从化区", types=("county",), within=("广东省", "广州市"), score=100.0)
    (verdict,) = judge(about, [row])
    assert verdict.judgement is Judgement.REJECTED and verdict.reason == "vetoed by name"


def test_what_is_kept_is_bounded() -> None:
    case = next(c for c in CASES if c["name"] == "城关镇" and c["expected"] == "open")
    found = verdicts(case)
    assert len([v for v in found if v.judgement is Judgement.OPEN]) == KEPT_OPEN
    assert len([v for v in found if v.judgement is Judgement.REJECTED]) <= KEPT
    order = [v.judgement for v in found]
    assert order == sorted(order, key=[Judgement.ACCEPTED, Judgement.OPEN, Judgement.REJECTED].index)


def test_what_is_near_is_shown_first() -> None:
    about = Thing(
        "urn:x:1", "和平", (), frozenset({EntityClass.ADMINISTRATIVE_AREA}), (), (Context(2011, ("广东省", "深圳市")),)
    )
    found = judge(about, next(iter(DivisionTable().candidates([about])))[1])
    assert next(v.candidate.name for v in found) == "和平县"


def test_a_code_that_both_have_goes_before_names() -> None:
    about = Thing("urn:x:1", "羊城", (), frozenset({EntityClass.ADMINISTRATIVE_AREA}), codes=("440100",))
    row = Candidate("t", "1", "urn:x:1", "广州市", types=("prefecture",), code="440100")
    (verdict,) = judge(about, [row])
    assert verdict.judgement is Judgement.OPEN and verdict.reason == "the name is another"
    named = Thing("urn:x:1", "广州", (), frozenset({EntityClass.ADMINISTRATIVE_AREA}), codes=("440100",))
    rows = [row, Candidate("t", "2", "urn:x:2", "广州市", types=("prefecture",), code="450100")]
    assert [(v.candidate.id, v.judgement.value) for v in judge(named, rows)] == [("1", "accepted"), ("2", "rejected")]


def test_every_verdict_says_why() -> None:
    for case in CASES:
        for verdict in verdicts(case):
            assert 0 <= verdict.score <= 1 and verdict.reason
            assert {"name", "type", "containment", "year"} <= {e.feature for e in verdict.evidence}
            assert verdict.why.startswith(verdict.reason) and "\n" not in verdict.why


def test_the_types_are_of_our_classes() -> None:
    assert all(kind.classes <= set(EntityClass) for kind in kinds().values())
