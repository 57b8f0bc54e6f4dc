from __future__ import annotations

import importlib
import pkgutil
import re

import pytest

import kg.extract
from kg.extract.listed import listed, lists
from kg.patterns import Listed


def patterns() -> dict[str, Listed]:
    """All of the extractor, by module and name."""
    found: dict[str, Listed] = {}
    for info in pkgutil.walk_packages(kg.extract.__path__, "kg.extract."):
        for name, value in vars(importlib.import_module(info.name)).items():
            if isinstance(value, Listed):
                found[f"{info.name}.{name}"] = value
    return found


def test_every_list_is_asked_for_and_every_one_asked_for_is_there() -> None:
    asked = {name for pattern in patterns().values() for name in re.findall(r"\{([a-z-]+)\}", pattern._template)}
    assert asked == lists().keys()


def test_words_of_a_list_are_taken_by_the_longest() -> None:
    for pattern in (listed("{line-noun}"), listed("建设{line-noun}")):
        found = pattern.search("建设高速公路")
        assert found is not None and found[0].endswith("高速公路")


def test_it_is_made_when_first_asked_and_only_then() -> None:
    asked: list[int] = []

    def words() -> dict[str, list[str]]:
        asked.append(1)
        return {"line": ["铁路", "高铁"]}

    pattern = Listed(r"(?P<where>.{2}){line}$", words)
    assert not asked
    for _ in range(2):
        found = pattern.fullmatch("赣深高铁")
        assert found is not None and found["where"] == "赣深"
        assert pattern.sub("", "赣深高铁") == "" and pattern.match("高铁") is None
    assert asked == [1] and pattern.regex.pattern == "(?P<where>.{2})(?:铁路|高铁)$"
    with pytest.raises(AttributeError):
        pattern.groups  # noqa: B018 - what it has not is told as by any object


def test_a_list_that_is_not_there_is_told() -> None:
    with pytest.raises(KeyError, match="no-such-list"):
        listed("{no-such-list}").search("")
