"""Sentences as rows of units, and the chunks in which names stand."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kg.extract.chunks import Unit, chunks, parted_by_verbs, units
from kg.extract.lexicon import SEGMENTERS, tokenize
from kg.extract.words import words
from kg.model import Span
from kg.text.normalize import normalize

CASES = "chunks.tsv", ("text",)


def row(text: str, segmenter: str = "rjieba", *, begin: int = 0, end: int | None = None) -> list[Unit]:
    """The units of a stretch of a text, the whole of it by default."""
    norm = normalize(text)
    return units(norm, tokenize(norm, segmenter=segmenter), Span(begin, len(norm) if end is None else end), words())


@pytest.mark.parametrize("segmenter", SEGMENTERS)
def test_chunks(case: list[dict[str, str]], segmenter: str) -> None:
    (expected,) = case
    text = expected["text"]
    found = [text[c.begin : c.end] for c in chunks(row(text, segmenter), words())]
    assert found == expected["chunks"].split("|")


@pytest.mark.parametrize(
    ("text", "word", "kind"),
    [
        ("走访七星关区。", "七星关区", "word"),  # a division that the segmenter tears
        ("支援郫都区。", "郫都区", "word"),
        ("走访七星区。", "七星区", "word"),  # the shorter of two divisions that begin alike
        ("经开区加快发展。", "经开区", "word"),
        ("创成国家卫生城市。", "创成", "verb"),
        ("做强云溪品牌。", "做强", "verb"),
        ("建成区应急指挥中心。", "建成", "verb"),
        ("建成区绿化完成。", "建成区", "word"),
        ("从化温泉镇建成。", "从化", "word"),
        ("从化学工业转型。", "从", "function"),
        ("尚湖度假区开园。", "尚", "word"),  # an adverb elsewhere
        ("问题尚未解决。", "尚未", "function"),
        ("工程建设加快。", "工程", "word"),
        ("莲都居民增收。", "莲都", "word"),  # a short name that falls apart
        ("推进景宁发展。", "景宁", "word"),  # of 景宁畲族自治县
        ("公共文化服务云和博物馆。", "和", "conj"),  # 云和 is a county
        ("通往大连、马边。", "大连", "word"),  # an adverb to the dictionary
        ("通往大连、马边。", "马边", "word"),
    ],
)
def test_torn_words(text: str, word: str, kind: str) -> None:
    assert (word, kind) in {(u.text, u.kind) for u in row(text)}


_TORN = ["七星关区", "七星", "关区", "郫都区", "经开区", "经", "创成", "建成区", "应急", "从化", "尚", "湖", "工程建设"]
_MARKS = ["“", "”", "《", "》", "(", ")", "—", "、", "等", "第二届", "12", "号线", "T.I.T", "的", "。", " ", "万吨"]
_PIECES = st.sampled_from([*_TORN, *_MARKS])


@settings(max_examples=150, deadline=None)
@given(st.lists(_PIECES, min_size=1, max_size=14).map("".join), st.integers(0, 5), st.integers(0, 5))
def test_units_cover_any_stretch_without_gaps(text: str, before: int, behind: int) -> None:
    begin, end = before, len(text) - behind
    if begin >= end:
        begin, end = 0, len(text)
    norm = normalize(text)
    found = row(text, begin=begin, end=end)
    assert found[0].begin == begin and found[-1].end == end
    assert all(one.end == other.begin for one, other in pairwise(found))
    assert all(u.text == norm[u.begin : u.end] and u.kind for u in found)
    for chunk in chunks(found, words()):
        assert chunk.units == found[chunk.first : chunk.last]


@pytest.mark.parametrize(
    ("text", "parted"),
    [
        ("支持监利县建设国家现代农业示范园", "支持|监利县|建设|国家现代农业示范园"),
        ("依托长虹公司建设军民融合产业园", "依托|长虹公司|建设|军民融合产业园"),
        ("紫金县高质量建设紫城工业园", "紫金县|高质量|建设|紫城工业园"),
        ("成立滨江新区建设指挥部", "成立|滨江新区建设指挥部"),
        ("滨江新区建设步伐加快", "滨江新区建设步伐|加快"),
        ("推进滨江新区建设", "推进|滨江新区建设"),
    ],
)
def test_a_verb_between_who_builds_and_what_is_built_parts_them(text: str, parted: str) -> None:
    units_of_it = parted_by_verbs(normalize(text), row(text), words())
    assert "".join(unit.text for unit in units_of_it) == text
    joined = [""]
    for before, unit in pairwise([units_of_it[0], *units_of_it]):
        if unit is not before and (unit.kind != "word" or before.kind != "word"):
            joined.append("")
        joined[-1] += unit.text
    assert "|".join(joined) == parted
