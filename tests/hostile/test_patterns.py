"""No pattern of the package backtracks without end: twice the text takes about four times as long at most.

Each is searched in texts made of what it is made of, by :func:`attacks`.  What is only ever matched at a begin is
searched here, too, from every place: so quadratic growth is allowed, cubic and exponential is not.
"""

from __future__ import annotations

import ast
import importlib
import math
import pkgutil
import re
import signal
import time
import types
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any

import pytest

import kg
from kg import resources

#: code points; short, so that the whole takes seconds: what grows exponentially is past all bounds with thirty
SHORT, LONG, LONGEST = 350, 700, 1_400
#: in seconds of the processor: below the first nothing can be told, above the second it is too slow anyhow
NOTICED, BOUND = 0.015, 0.5
#: with four times the text quadratic growth is 16, cubic 64: a processor shared with others is a factor of two off
GROWTH = 32
#: how often a pattern that seems to grow too fast is measured before it is said to
ROUNDS = 5
CALLS = {"compile", "search", "match", "fullmatch", "sub", "subn", "split", "findall", "finditer"}

try:
    from re import _constants as _c
    from re import _parser
except ImportError:  # pragma: no cover
    pytest.skip("the parser of patterns is elsewhere in this Python", allow_module_level=True)


# which there are ------------------------------------------------------------------------------------------------------


def modules() -> Iterator[types.ModuleType]:
    for info in pkgutil.walk_packages(kg.__path__, "kg."):
        if info.name.endswith("__main__"):
            continue
        try:
            yield importlib.import_module(info.name)
        except ImportError:  # an extra that is not installed
            continue


def inside(value: Any, seen: set[int], depth: int = 0) -> Iterator[re.Pattern[Any]]:
    """The patterns in a value: in containers and in attributes of our own objects."""
    if isinstance(value, re.Pattern):
        yield value
        return
    if id(value) in seen or depth > 4:
        return
    seen.add(id(value))
    if isinstance(value, dict):
        members = [*value.values()][:2_000]
    elif isinstance(value, list | tuple | set | frozenset):
        members = list(value)[:2_000]
    elif type(value).__module__.startswith("kg.") and not isinstance(value, types.FunctionType):
        members = list(vars(value).values()) if hasattr(value, "__dict__") else []
        members += [getattr(value, name, None) for name in getattr(type(value), "__slots__", ())]
    else:
        return
    for member in members:
        yield from inside(member, seen, depth + 1)


def written(module: types.ModuleType) -> Iterator[re.Pattern[Any]]:
    """The patterns that are written out in calls of ``re`` or ``kg.patterns``, inside functions too."""
    if module.__file__ is None:
        return
    for node in ast.walk(ast.parse(Path(module.__file__).read_text(encoding="utf-8"))):
        if not (isinstance(node, ast.Call) and node.args and called(node.func)):
            continue
        try:  # an f-string of names of the module, too
            source = eval(compile(ast.Expression(node.args[0]), "-", "eval"), vars(module))
            yield re.compile(source)
        except Exception:  # made of what only the function knows: it is met as a value, or not at all
            continue


def called(function: ast.expr) -> bool:
    """Whether it is one of ``re`` that takes a pattern first, or kg's own."""
    if isinstance(function, ast.Name):
        return function.id in ("compiled", "listed")
    return (
        isinstance(function, ast.Attribute)
        and isinstance(function.value, ast.Name)
        and function.value.id == "re"
        and function.attr in CALLS
    )


@lru_cache(maxsize=1)
def collected() -> dict[tuple[str | bytes, int], tuple[str, re.Pattern[Any]]]:
    from kg.extract.extractor import extract
    from kg.text.reader import read_report

    loaded = list(modules())
    extract(read_report(next(resources.folder("seeds").glob("*.txt"))))  # fills what is made when first asked
    found: dict[tuple[str | bytes, int], tuple[str, re.Pattern[Any]]] = {}
    seen: set[int] = set()
    for module in loaded:
        values: list[Any] = []
        for value in list(vars(module).values()):
            if hasattr(value, "cache_info") and getattr(value, "__module__", "").startswith("kg."):
                try:
                    values.append(value())
                except Exception:  # takes arguments
                    continue
            elif isinstance(value, type) and value.__module__ == module.__name__:
                values += list(vars(value).values())
            else:
                values.append(value)
        patterns = [pattern for value in values for pattern in inside(value, seen)]
        for pattern in [*patterns, *written(module)]:
            found.setdefault((pattern.pattern, pattern.flags), (module.__name__, pattern))
    return found


# what hurts them ------------------------------------------------------------------------------------------------------

_CLASSES = {"DIGIT": "7", "WORD": "文", "SPACE": " ", "NOT_DIGIT": "x", "NOT_WORD": "-", "NOT_SPACE": "x"}


def sample(items: Any, pick: int) -> str:
    """Something that the parsed pattern matches, more or less; ``pick`` chooses among alternatives."""
    out = ""
    for op, value in items:
        name = str(op)
        if name == "LITERAL":
            out += chr(value)
        elif name == "NOT_LITERAL":
            out += "x" if value != ord("x") else "y"
        elif name == "ANY":
            out += "x"
        elif name == "IN":
            out += member(value, pick)
        elif name == "CATEGORY":
            out += _CLASSES.get(str(value).removeprefix("CATEGORY_"), "x")
        elif name == "BRANCH":
            out += sample(value[1][pick % len(value[1])], pick)
        elif name == "SUBPATTERN":
            out += sample(value[3], pick)
        elif name in ("MAX_REPEAT", "MIN_REPEAT", "POSSESSIVE_REPEAT"):
            out += sample(value[2], pick) * max(1, min(value[0], 3))
        elif name == "ATOMIC_GROUP":
            out += sample(value, pick)
    return out


def member(items: Any, pick: int) -> str:
    chars: list[str] = []
    negated = False
    for op, value in items:
        name = str(op)
        if name == "NEGATE":
            negated = True
        elif name == "LITERAL":
            chars.append(chr(value))
        elif name == "RANGE":
            chars += [chr(value[0]), chr(value[1])]
        elif name == "CATEGORY":
            chars.append(_CLASSES.get(str(value).removeprefix("CATEGORY_"), "x"))
    if negated:
        return next(c for c in "文x7 -" if c not in chars)
    return chars[pick % len(chars)]


def repeated(items: Any, before: str = "") -> Iterator[tuple[str, str]]:
    """For each repetition without a small bound: what leads to it, and two samples of what it repeats."""
    for position, (op, value) in enumerate(items):
        lead = before + sample(items[:position], 0)
        name = str(op)
        if name in ("MAX_REPEAT", "MIN_REPEAT", "POSSESSIVE_REPEAT"):
            if value[1] is _c.MAXREPEAT or value[1] > 8:
                for pick in (0, 1):
                    yield lead, sample(value[2], pick)
                # what follows may take what is repeated
                yield lead, sample(value[2], 0) + sample(items[position + 1 :], 0)
            yield from repeated(value[2], lead)
        elif name == "SUBPATTERN":
            yield from repeated(value[3], lead)
        elif name == "BRANCH":
            for branch in value[1]:
                yield from repeated(branch, lead)
        elif name in ("ASSERT", "ASSERT_NOT"):
            yield from repeated(value[1], lead)


def attacks(pattern: re.Pattern[Any]) -> list[tuple[str, str]]:
    source = pattern.pattern if isinstance(pattern.pattern, str) else pattern.pattern.decode("latin-1")
    parsed = _parser.parse(source, pattern.flags & ~(re.UNICODE if isinstance(pattern.pattern, bytes) else 0))
    found = [(lead[-20:], body) for lead, body in repeated(parsed) if body]
    if not found and len(source) > 3_000:
        return []  # a list of words
    found += [("", sample(parsed, pick)) for pick in (0, 1)]
    found += [("", char) for char in dict.fromkeys(c for _, body in found for c in body)][:6]
    return list(dict.fromkeys((lead, body) for lead, body in found if body))[:16]


class _Over(Exception):
    """It takes longer than it may."""


def _stop(*_: object) -> None:
    raise _Over


def seconds(pattern: re.Pattern[Any], lead: str, body: str, size: int, bound: float = BOUND) -> float:
    """The time that all ways of using the pattern take together; infinite when it is above the bound."""
    text: Any = lead + body * (size // len(body)) + "\x00"
    if isinstance(pattern.pattern, bytes):
        text = text.encode("latin-1", "replace")
    before = signal.signal(signal.SIGVTALRM, _stop)
    begun = time.process_time()
    signal.setitimer(signal.ITIMER_VIRTUAL, bound)  # the engine looks for signals while it searches
    try:
        pattern.search(text)
        pattern.match(text)
        for _ in pattern.finditer(text):
            pass
    except _Over:
        return math.inf
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)
    return time.process_time() - begun


def test_the_patterns_are_found() -> None:
    found = collected()
    names = {module for module, _ in found.values()}
    assert len(found) > 200
    assert {"kg.extract.quantities", "kg.text.header", "kg.graph.queries", "kg.link.sssom", "kg.serve.guard"} <= names


def grows(pattern: re.Pattern[Any], lead: str, body: str) -> str:
    """What is wrong with the growth of its time, or nothing: it is wrong if no round shows it right.

    One round is enough where the short text is past all bounds: no other process makes that of a few milliseconds.
    """
    said = ""
    for _ in range(ROUNDS):
        long = seconds(pattern, lead, body, LONG)
        if long < NOTICED:
            return ""
        short = seconds(pattern, lead, body, SHORT)
        if long < 5 * short < math.inf:
            return ""
        if long < math.inf:
            long = seconds(pattern, lead, body, LONGEST, bound=4 * BOUND)
            if long < GROWTH * max(short, NOTICED / 4) < math.inf:
                return ""
        said = f"{pattern.pattern[:90]!r} on {lead!r} + {body!r}*: {short:.3f} s, {long:.3f} s"
        if short == math.inf:
            break
    return said


def test_twice_the_text_takes_no_more_than_four_times_as_long() -> None:
    bad = [
        f"{module}: {said}"
        for module, pattern in collected().values()
        for lead, body in attacks(pattern)
        if (said := grows(pattern, lead, body))
    ]
    assert not bad, "\n".join(bad)


@pytest.mark.parametrize("source", ["(?:连+)+x", "(?:连|连续?)*x", "连*连*连*连*x"])
def test_what_grows_faster_is_told(source: str) -> None:
    assert grows(re.compile(source), "", "连")


def test_what_grows_with_the_square_is_not() -> None:
    assert not grows(re.compile("(?:连续?|再|又)*x"), "", "连")
