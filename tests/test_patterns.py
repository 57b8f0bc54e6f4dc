"""What is kept of regular expressions is what Python makes of them, and whatever is wrong with it harms nobody."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from kg import kept, patterns, resources
from kg.patterns import compiled

ODD = [
    ("(?P<year>20[0-9]{2})年|(?P<rest>[一-鿿]+)(?<!年)", 0),
    ("报告|政府工作报告|[省市区县]政府", 0),
    (r"<!--(?:(?!-->).){0,20}-->|\bkg\b", re.IGNORECASE | re.DOTALL),
    ("", 0),
    ("[^\U00020000-\U0002a6df〇ſK]", re.IGNORECASE),
    ("(?i:k)(.)\\1", re.ASCII),
]

Anew = Callable[[], None]


@pytest.fixture
def anew(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Anew:
    """Makes it as if a new process began, with nothing kept but what is in the folder of the test."""
    monkeypatch.setattr(kept, "_place", lambda name: tmp_path / name)
    monkeypatch.setattr(patterns.atexit, "register", lambda do: None)
    monkeypatch.setattr(sys, "dont_write_bytecode", False)

    def begin() -> None:
        monkeypatch.setattr(patterns, "_asked", {})
        monkeypatch.setattr(patterns, "_new", {})
        patterns._kept.cache_clear()

    begin()
    return begin


@pytest.fixture(autouse=True)
def forget() -> Any:
    yield
    patterns._kept.cache_clear()


def no_compiling(pattern: str, flags: int = 0) -> re.Pattern[str]:
    raise AssertionError(f"compiled anew: {pattern}")


def test_what_is_kept_is_what_python_makes_of_it(anew: Anew, monkeypatch: pytest.MonkeyPatch) -> None:
    from kg.extract.extractor import extract
    from kg.text.reader import read_report

    extract(read_report(next(resources.folder("seeds").glob("*.txt"))))
    asked = [*ODD]
    for name, module in list(sys.modules.items()):
        if name.startswith(("kg.text.", "kg.extract.")):
            values = [value for value in vars(module).values() if isinstance(value, re.Pattern)]
            asked += [(value.pattern, value.flags) for value in values if isinstance(value.pattern, str)]
    assert len(asked) > 200
    made = [re.compile(*key) for key in asked]
    assert [compiled(*key) for key in asked] == made
    assert patterns._new.keys() >= set(asked)
    patterns._keep()
    anew()
    monkeypatch.setattr(patterns, "_instructions", no_compiling)
    monkeypatch.setattr(patterns.re, "compile", no_compiling)
    again = [compiled(*key) for key in asked]
    # equal patterns have the same instructions
    assert again == made
    assert [(p.flags, p.groups, dict(p.groupindex)) for p in again] == [
        (p.flags, p.groups, dict(p.groupindex)) for p in made
    ]
    year = compiled(*ODD[0]).fullmatch("2011年")
    assert year is not None and year.groupdict() == {"year": "2011", "rest": None}


def test_what_others_kept_stays(anew: Anew, monkeypatch: pytest.MonkeyPatch) -> None:
    for pattern in ("一", "二"):
        compiled(pattern)
        patterns._keep()
        anew()
    monkeypatch.setattr(patterns, "_instructions", no_compiling)
    monkeypatch.setattr(patterns.re, "compile", no_compiling)
    assert compiled("一").match("一") and compiled("二").match("二")


def test_what_nobody_asks_for_is_forgotten_where_it_is_too_much(anew: Anew, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(patterns, "_MOST", 2)
    for batch in (["一", "二"], ["二", "三"]):
        for pattern in batch:
            compiled(pattern)
        patterns._keep()
        anew()
    assert {pattern for pattern, _ in patterns._kept()} == {"二", "三"}


@pytest.mark.parametrize("instead", [b"i\x01\x00\x00\x00", b"\xff", b"[\x00\x00\x00\x00"])
def test_what_is_whole_and_no_patterns(instead: bytes, anew: Anew, tmp_path: Path) -> None:
    (tmp_path / "patterns").write_bytes(kept._digest(instead, patterns._version()) + instead)
    assert compiled("[零一二三]+").fullmatch("三二一零")
    patterns._keep()
    anew()
    assert patterns._kept()


@pytest.mark.parametrize("instead", [(), (32, b"\xff" * 40, 0, {}, (None,)), (32, b"\xff", 0, {}, (None,))])
def test_instructions_that_are_none_are_not_followed(instead: Any, anew: Anew) -> None:
    kept.write("patterns", {("[零一二三]+", 0): instead}, of=patterns._version())
    assert patterns._kept() == {("[零一二三]+", 0): instead}
    assert compiled("[零一二三]+").fullmatch("三二一零")
    patterns._keep()
    anew()
    assert patterns._kept() != {("[零一二三]+", 0): instead}


@pytest.mark.parametrize(("name", "value"), [("_parser", None), ("_compiler", None), ("_sre", None)])
def test_without_the_insides_of_re(name: str, value: None, anew: Anew, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(patterns, name, value)
    assert compiled("一").match("一")
    assert patterns._new == {}


def test_where_nothing_is_kept_it_is_left_to_python(anew: Anew, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    assert compiled("一") is re.compile("一")
    assert patterns._new == {}


def test_a_wrong_pattern_is_told_as_ever(anew: Anew) -> None:
    with pytest.raises(re.error):
        compiled("(一")
    assert patterns._new == {}
