"""A process beside this one cuts texts and reckons, and nothing is different but who does it."""

from __future__ import annotations

import subprocess
import sys
import textwrap

import pytest

from kg.extract import beside
from kg.extract.lexicon import tokenize
from kg.extract.names import reckoning
from kg.extract.names.network import judged
from kg.extract.names.told import Question
from tests.extract.names.test_network import HEAD, seen

TEXT = "推进琶洲、沥滘等城中村改造,引进好未来集团。\r\n地区生产总值363.15亿元"
SENTENCES = "推进云溪客运站建设，打通鹭洲水乡大道。引进龙栖集团。"


def run(code: str) -> list[str]:
    """What a fresh interpreter prints, which has neither dictionary nor network yet."""
    begin = f"import sys\nfrom kg.extract import beside, lexicon\ntext = {TEXT!r}\n"
    told = subprocess.run([sys.executable, "-c", begin + textwrap.dedent(code)], capture_output=True, text=True)
    assert told.returncode == 0, told.stderr
    return told.stdout.splitlines()


def test_another_process_cuts_as_this_one_does_and_this_one_reads_no_dictionary() -> None:
    told = run("""
        with beside.running("rjieba"):
            print(lexicon.tokenize(text).pairs)
            print(beside._beside.aside._process.poll(), "rjieba" in sys.modules, beside.runs())
            aside = beside._beside.aside
        print(aside._process.poll() is None, beside._beside, beside.runs())
        print(lexicon.tokenize(text[1:]).pairs)
    """)
    assert told == [
        str(tokenize(TEXT).pairs),
        "None False True",
        "False None False",
        str(tokenize(TEXT[1:]).pairs),
    ]


def test_another_process_reckons_as_this_one_does_and_this_one_does_not() -> None:
    told = run(f"""
        from kg.extract.names.finder import Finder
        from kg.extract.names.network import judged
        from kg.extract.names.spans import Sight
        from kg.text.reader import make_report
        report = make_report({HEAD + SENTENCES!r}, source="", sha256="")
        with beside.running("rjieba"):
            finder = Finder(report, report.norm, lexicon.tokenize(report.norm))
            print([of for _, of in judged(Sight(finder.ctx, scene) for scene in finder.sentences())])
            print("numpy" in sys.modules)
    """)
    assert told == [str([of for _, of in judged(seen(SENTENCES))]), "False"]


def test_what_the_other_process_fails_to_do_this_one_does() -> None:
    told = run("""
        with beside.running("rjieba"):
            lexicon.tokenize("")
            beside._beside.aside._process.kill()
            print(lexicon.tokenize(text).pairs, "rjieba" in sys.modules)
            print(beside.ask("operator:add", 1, 2)())
    """)
    assert told == [f"{tokenize(TEXT).pairs} True", "3"]


def test_it_ends_while_this_one_goes_on() -> None:
    told = run("""
        with beside.running("rjieba"):
            print(lexicon.tokenize(text).pairs)
            aside = beside._beside.aside
            beside.rest()
            print(beside.runs(), beside.ask("operator:add", 1, 2)())
            aside._process.wait(20)
            beside.rest()
        print(beside._beside)
    """)
    assert told == [str(tokenize(TEXT).pairs), "False 3", "None"]


def test_nor_is_it_asked_what_cannot_be_told() -> None:
    told = run("""
        with beside.running("rjieba"):
            print(beside.ask("builtins:isinstance", 1, int)())
            print(lexicon.tokenize(text).pairs, "rjieba" in sys.modules)
    """)
    assert told == ["True", f"{tokenize(TEXT).pairs} False"]


def test_a_segmenter_that_is_none_is_told_all_the_same() -> None:
    told = run("""
        from kg.errors import KgError
        from kg.extract.extractor import load
        with beside.running("rjieba"):
            try:
                load("hanlp")
            except KgError as error:
                print(error.message)
    """)
    assert told == ["unknown segmenter 'hanlp'"]


def test_no_process_is_started_where_none_can_be() -> None:
    told = run("""
        sys.executable = "/no/such/interpreter"
        with beside.running("rjieba"):
            print(beside._beside, lexicon.tokenize(text).pairs)
    """)
    assert told == [f"None {tokenize(TEXT).pairs}"]


@pytest.mark.parametrize("segmenter", ["rjieba", "jieba", "other"])
def test_nor_where_it_brings_nothing(segmenter: str) -> None:
    tokenize("", segmenter="rjieba")  # this process has the dictionary from here on
    with beside.running(segmenter):
        assert beside._beside is None
    with beside.running(segmenter), beside.running(segmenter):
        assert beside._beside is None


def test_questions_and_answers_go_from_process_to_process() -> None:
    import marshal

    nothing: list[int] = []
    question = Question([1], [("0",) * 10], [0], [("0", "", "plan")], [0], ["both"], ["chunk"], [0], [0], ["no"], [0])
    assert Question(*marshal.loads(marshal.dumps(tuple(question)))) == question
    kept, sums, classes = reckoning.reckon(*question)
    assert kept == [0] and len(sums) == len(classes) == 1
    assert marshal.loads(marshal.dumps((kept, sums, classes))) == (kept, sums, classes)
    assert reckoning.reckon(*Question([0], [], [], [], [], [], [], nothing, nothing, [], [])) == ([], [], [])
