"""Regular expressions that are compiled once, and not in every process (:mod:`kg.kept`).

Compiling three hundred of them took a sixth of a cold ``kg build``.  What is kept are the instructions for Python's
matcher, which checks them before it takes them.  There is no public way to them; wherever the insides of :mod:`re` are
not as they are known here, or nothing is kept yet, patterns are compiled as ever.
"""

from __future__ import annotations

import atexit
import re
from array import array
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from functools import lru_cache
from typing import Any, Final

from kg import kept

try:
    import _sre  # type: ignore[import-not-found]
    from re import _compiler, _parser  # type: ignore[attr-defined]
except ImportError:  # another Python than CPython
    _sre = None

#: a pattern with its flags
_Key = tuple[str, int]
#: what the matcher is given beside the pattern: all flags, the instructions as bytes, how many groups there are, the
#: numbers of those with names, the names of all
_Instructions = tuple[int, bytes, int, dict[str, int], tuple[str | None, ...]]

#: If more are kept, those that a process did not ask for are forgotten: patterns change with word lists and versions.
_MOST: Final = 1_000

#: what this process has asked for, and what of it had to be compiled
_asked: dict[_Key, re.Pattern[str]] = {}
_new: dict[_Key, _Instructions] = {}


def compiled(pattern: str, flags: int = 0) -> re.Pattern[str]:
    """What :func:`re.compile` gives, by what a process before this one has kept of it.

    For patterns that are the same in every process: each is kept.

    >>> compiled("[一二三]+").sub("#", "第二十三条")
    '第#十#条'
    """
    key = (pattern, int(flags))
    found = _asked.get(key)
    if found is None:
        found = _asked[key] = _made(key)
    return found


def alternatives(words: Iterable[str]) -> str:
    """A regular expression for any of the words, the longest first.

    >>> alternatives({"计划", "行动计划"})
    '行动计划|计划'
    """
    return "|".join(map(re.escape, sorted(words, key=lambda w: (-len(w), w))))


class Listed:
    """A pattern in which ``{name}`` stands for any of the words of a list: made when first asked, for lists are read.

    It has the methods of a pattern, which is its ``regex``.  ``lists`` gives all lists by their names.

    >>> lines = Listed("{line}(?=建设)", lambda: {"line": ["高铁", "铁路"]})
    >>> lines.search("城际铁路建设"), lines.search("城际铁路")
    (<re.Match object; span=(2, 4), match='铁路'>, None)
    """

    __slots__ = ("_lists", "_template", "findall", "finditer", "fullmatch", "match", "regex", "search", "sub")

    finditer: Callable[..., Iterator[re.Match[str]]]
    findall: Callable[..., list[Any]]
    fullmatch: Callable[..., re.Match[str] | None]
    match: Callable[..., re.Match[str] | None]
    search: Callable[..., re.Match[str] | None]
    sub: Callable[..., str]
    regex: re.Pattern[str]

    def __init__(self, template: str, lists: Callable[[], Mapping[str, Iterable[str]]]) -> None:
        self._template = template
        self._lists = lists

    def __getattr__(self, name: str) -> Any:  # of what is not there yet alone
        if name not in Listed.__slots__:
            raise AttributeError(name)
        lists = self._lists()
        self.regex = compiled(_LIST.sub(lambda m: f"(?:{alternatives(lists[m[1]])})", self._template))
        for method in Listed.__slots__[2:]:
            if method != "regex":
                setattr(self, method, getattr(self.regex, method))
        return getattr(self, name)


_LIST: Final = re.compile(r"\{([a-z][a-z-]*)\}")


def _made(key: _Key) -> re.Pattern[str]:
    known = _kept().get(key)
    if known is not None:
        with suppress(Exception):  # whatever it is, there is another way
            return _pattern(key[0], known)
    if kept.keeps():
        with suppress(Exception):  # what is wrong with the pattern is told below
            new = _instructions(*key)
            found = _pattern(key[0], new)
            if not _new:
                atexit.register(_keep)
            _new[key] = new
            return found
    return re.compile(*key)


def _pattern(pattern: str, instructions: _Instructions) -> re.Pattern[str]:
    flags, code, groups, numbers, names = instructions
    found: re.Pattern[str] = _sre.compile(pattern, flags, memoryview(code).cast("I").tolist(), groups, numbers, names)
    return found


@lru_cache(maxsize=1)
def _kept() -> dict[_Key, _Instructions]:
    """What processes before this one have kept."""
    found = kept.read("patterns", of=_version())
    return found if isinstance(found, dict) else {}


def _keep() -> None:
    """Keep what this process had to compile, for the next ones."""
    known = _kept() | _new
    if len(known) > _MOST:
        known = {key: known[key] for key in _asked if key in known}
    kept.write("patterns", known, of=_version())


def _version() -> str:
    """The language of the matcher."""
    return "" if _sre is None else f"{_sre.MAGIC} {_sre.CODESIZE}"


def _instructions(pattern: str, flags: int) -> _Instructions:
    """What :func:`re.compile` makes of a pattern before it hands it to the matcher."""
    parsed: Any = _parser.parse(pattern, flags)
    code = _compiler._code(parsed, flags)
    numbers = dict(parsed.state.groupdict)
    names: list[str | None] = [None] * parsed.state.groups
    for name, number in numbers.items():
        names[number] = name
    return (
        flags | parsed.state.flags,
        array("I", map(int, code)).tobytes(),
        parsed.state.groups - 1,
        numbers,
        tuple(names),
    )
