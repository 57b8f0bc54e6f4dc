"""Groups of words: what the table holds, and how words are chosen and grouped."""

from __future__ import annotations

import pytest

from kg.extract.names.spans import groups
from tools import word_groups


def test_words_that_are_used_alike_share_a_group() -> None:
    known = groups()
    assert len(known) > 10_000 and len(set(known.values())) > 200
    fairs = [known[word] for word in ("博览会", "论坛", "运动会")]
    signs = [known[sign] for sign in ("华", "瑞", "鑫")]
    assert len(set(fairs)) == 1 and len(set(signs)) == 1 and fairs[0] != signs[0]


def test_a_word_of_few_places_or_few_sentences_is_left_out() -> None:
    texts = [(place, ["博览会"] * 3 + ["鹭洲"] * (60 if place == "甲" else 0) + ["龙舟"]) for place in "甲乙丙丁戊"]
    assert word_groups.vocabulary(texts) == ["博览会"]


def test_words_in_the_same_surroundings_are_grouped(monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("sklearn", reason="scikit-learn is not installed")
    monkeypatch.setattr(word_groups, "_DIMENSIONS", 4)
    monkeypatch.setattr(word_groups, "_GROUPS", 2)
    texts = [
        (place, ["举办", noun, "，", "建成", thing, "。"] * 4)
        for place in "甲乙丙丁戊己庚辛"
        for noun in ("论坛", "博览会")
        for thing in ("大桥", "公园")
    ]
    found = word_groups.groups(texts)
    assert found["论坛"] == found["博览会"] != found["大桥"] == found["公园"]
