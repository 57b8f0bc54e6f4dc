"""What is kept of regular expressions is what Python makes of them, and whatever is wrong with it harms nobody."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from kg import patterns, resources
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
    monkeypatch.setattr(patterns, "_place", lambda: tmp_path / "kept" / "some.patterns")
    monkeypatch.setattr(patterns.atexit, "register", lambda do: None)
    monkeypatch.setattr(sys, "dont_write_bytecode", False)

    def begin() -> None:
        monkeypatch.setattr(patterns, "_asked", {})
        monkeypatch.setattr(patterns, "_missed", [])
        patterns._kept.cache_clear()

    begin()
    return begin


@pytest.fixture(autouse=True)
def forget() -> object:
    yield
    patterns._kept.cache_clear()


def kept(tmp_path: Path) -> list[Path]:
    return sorted(file for file in tmp_path.rglob("*") if file.is_file())


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
    made = [compiled(*key) for key in asked]
    patterns._keep()
    anew()
    monkeypatch.setattr(patterns.re, "compile", no_compiling)
    again = [compiled(*key) for key in asked]
    # equal patterns have the same instructions
    assert again == made
    assert [(p.flags, p.groups, dict(p.groupindex)) for p in again] == [
        (p.flags, p.groups, dict(p.groupindex)) for p in made
    ]
    assert compiled(*ODD[0]).fullmatch("2011年").groupdict() == {"year": "2011", "rest": None}  # type: ignore[union-attr]


def test_what_others_kept_stays(anew: Anew, monkeypatch: pytest.MonkeyPatch) -> None:
    for pattern in ("一", "二"):
        compiled(pattern)
        patterns._keep()
        anew()
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


@pytest.mark.parametrize(
    "damage",
    [
        lambda data: b"",
        lambda data: data[:40],
        lambda data: data[:-1],
        lambda data: data[:100] + bytes([data[100] ^ 1]) + data[101:],
        lambda data: b"something else",
        # whole, but none of ours
        lambda data: patterns._digest(b"i\x01\x00\x00\x00") + b"i\x01\x00\x00\x00",
        lambda data: patterns._digest(b"\xff") + b"\xff",
    ],
)
def test_damage_is_noticed(damage: Callable[[bytes], bytes], anew: Anew, tmp_path: Path) -> None:
    compiled("[零一二三]+")
    patterns._keep()
    (file,) = kept(tmp_path)
    data = file.read_bytes()
    file.write_bytes(damage(data))
    anew()
    assert compiled("[零一二三]+").fullmatch("三二一零")
    patterns._keep()
    assert file.read_bytes() == data


def test_instructions_that_are_none_are_not_followed(anew: Anew, monkeypatch: pytest.MonkeyPatch) -> None:
    compiled("[零一二三]+")
    monkeypatch.setattr(patterns, "_instructions", lambda *key: (32, b"\xff" * 40, 0, {}, (None,)))
    patterns._keep()
    anew()
    assert compiled("[零一二三]+").fullmatch("三二一零")


def test_another_version_of_python_does_not_read_it(
    anew: Anew, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    compiled("一")
    monkeypatch.setattr(patterns.sys, "version", "3.99")
    patterns._keep()
    assert kept(tmp_path)
    monkeypatch.undo()
    monkeypatch.setattr(patterns, "_place", lambda: kept(tmp_path)[0])
    patterns._kept.cache_clear()
    assert patterns._kept() == {}


def test_nothing_is_kept_where_python_keeps_nothing(
    anew: Anew, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    assert compiled("一").match("一")
    patterns._keep()
    monkeypatch.setattr(sys, "dont_write_bytecode", False)
    monkeypatch.setattr(patterns, "_place", lambda: None)
    patterns._keep()
    (tmp_path / "file").write_text("")
    monkeypatch.setattr(patterns, "_place", lambda: tmp_path / "file" / "some.patterns")  # no folder can be there
    patterns._keep()
    assert kept(tmp_path) == [tmp_path / "file"]


def test_without_the_insides_of_re(anew: Anew, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    compiled("一")
    monkeypatch.setattr(patterns, "_parser", None)
    patterns._keep()
    assert kept(tmp_path) == []


def test_a_wrong_pattern_is_told_as_ever(anew: Anew) -> None:
    with pytest.raises(re.error):
        compiled("(一")
    assert patterns._missed == []


def test_it_lies_beside_the_byte_code() -> None:
    place = patterns._place()
    assert place is not None
    assert place.parent == Path(patterns.__spec__.cached).parent  # type: ignore[name-defined]
    assert sys.implementation.cache_tag in place.name
