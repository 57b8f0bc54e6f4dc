from __future__ import annotations

import subprocess
import sys
import textwrap

import pytest

from kg.extract import lexicon
from kg.extract.lexicon import tokenize

TEXT = "推进琶洲、沥滘等城中村改造,引进好未来集团。\r\n地区生产总值363.15亿元"


def run(code: str) -> list[str]:
    """What a fresh interpreter prints, which has no dictionary yet."""
    begin = f"import sys\nfrom kg.extract import lexicon\ntext = {TEXT!r}\n"
    told = subprocess.run([sys.executable, "-c", begin + textwrap.dedent(code)], capture_output=True, text=True)
    assert told.returncode == 0, told.stderr
    return told.stdout.splitlines()


def test_another_process_cuts_as_this_one_does_and_this_one_reads_no_dictionary() -> None:
    told = run("""
        with lexicon.beside("rjieba"):
            print(lexicon.tokenize(text).pairs)
            print(lexicon._beside._process.poll(), "rjieba" in sys.modules)
            aside = lexicon._beside
        print(aside._process.poll() is None, lexicon._beside)
        print(lexicon.tokenize(text[1:]).pairs)
    """)
    assert told == [str(tokenize(TEXT).pairs), "None False", "False None", str(tokenize(TEXT[1:]).pairs)]


def test_what_the_other_process_fails_to_do_this_one_does() -> None:
    told = run("""
        with lexicon.beside("rjieba"):
            lexicon.tokenize("")
            lexicon._beside._process.kill()
            print(lexicon.tokenize(text).pairs, "rjieba" in sys.modules)
    """)
    assert told == [f"{tokenize(TEXT).pairs} True"]


def test_no_process_is_started_where_none_can_be() -> None:
    told = run("""
        sys.executable = "/no/such/interpreter"
        with lexicon.beside("rjieba"):
            print(lexicon._beside, lexicon.tokenize(text).pairs)
    """)
    assert told == [f"None {tokenize(TEXT).pairs}"]


@pytest.mark.parametrize("segmenter", ["rjieba", "jieba", "other"])
def test_nor_where_it_brings_nothing(segmenter: str) -> None:
    tokenize("", segmenter="rjieba")  # this process has the dictionary from here on
    with lexicon.beside(segmenter):
        assert lexicon._beside is None
    with lexicon.beside(segmenter), lexicon.beside(segmenter):
        assert lexicon._beside is None
