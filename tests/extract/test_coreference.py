"""Two names of one thing make one entity, and those of two things two."""

from __future__ import annotations

from collections import Counter

import pytest

from kg.extract.coreference import contracted, plain
from kg.model import EntityClass
from tests.extract.test_things import find, rows, told


@pytest.mark.parametrize(("sentences", "name", "other", "same"), rows("one_thing.tsv"))
def test_names_of_one_thing(sentences: str, name: str, other: str, same: str) -> None:
    extraction = told("review", sentences)
    one, two = find(extraction, name), find(extraction, other)
    assert one is not None and two is not None, [e.name for e in extraction.entities]
    assert (one is two) == (same == "=")


@pytest.mark.parametrize(
    ("name", "short", "which"),
    [
        ("2022年亚运会", "亚运会", "2022年"),
        ("市第十四次党代会", "市党代会", "第十四次"),
        ("国家自由贸易试验区", "自贸区", "国家"),
        ("省级园区", "省级园区", ""),  # too little would be left
        ("深圳国家高新技术产业开发区", "深圳高新区", ""),
    ],
)
def test_a_name_without_which_of_several_it_is(name: str, short: str, which: str) -> None:
    assert plain(name) == (short, which)
    assert contracted(contracted(name)) == contracted(name)


@pytest.mark.parametrize(
    ("sentences", "names"),
    [
        ("与国家图书馆共建数字资源库。", {"国家图书馆"}),
        ("东河高新区经国务院批准升级为国家高新区。", {"国务院", "东河高新区"}),
        ("东河大学获教育部批准设立。", {"教育部", "东河大学"}),
    ],
)
def test_who_helps_or_grants_is_no_project(sentences: str, names: set[str]) -> None:
    extraction = told("review", sentences)
    for name in names:
        entity = find(extraction, name)
        assert entity is None or EntityClass.PROJECT not in entity.classes, name


@pytest.mark.parametrize(
    "sentences",
    [
        "推进东河自由贸易试验区建设。中国（东河）自由贸易试验区扩区。自贸试验区制度创新加快。",
        "云溪新城一期综合管廊开工，云溪新城一期棚改项目竣工。云溪新城一期建成。",
        "园博会、第十届园博会举办，国家园博会选址。",
    ],
)
def test_no_place_and_no_name_is_of_two_things(sentences: str) -> None:
    extraction = told("review", sentences)
    places = Counter(span for entity in extraction.entities for span in entity.mentions)
    assert [span.quote(extraction.report.text) for span, n in places.items() if n > 1] == []
    names = Counter(name for entity in extraction.entities for name in {entity.name, *entity.aliases})
    assert [name for name, n in names.items() if n > 1] == []
