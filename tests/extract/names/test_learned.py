"""Learnt weights: they are read, they hold general vocabulary only, and every trait is one that a chunk can have."""

from __future__ import annotations

import re

import pytest

from kg.extract.lexicon import tokenize
from kg.extract.names import learned
from kg.extract.names.finder import Finder
from kg.extract.names.learned import ALWAYS, FOUND, NAME, Weights, classes_of
from kg.extract.words import words
from kg.model import EntityClass as C
from kg.model import Part
from kg.resources import folder, table
from kg.text.reader import read_report

ROWS = [tuple(row) for row in table("name_weights.tsv", "trait", "outcome", "weight")]
TRAITS = sorted({trait for trait, _, _ in ROWS})

#: what units are, and what stands at the edges of a sentence
KINDS = "word|quote|title|paren|number|enum|conj|etc|verb|function|stop"
_YES = "True|False"
#: a part of speech of the segmenter's, or none
_TAG = "[A-Za-z]*"
#: the traits of kg.extract.names.learned.traits and of kg.extract.names.doubted.traits that hold no word
PLAIN = re.compile(
    rf"{ALWAYS}|length [0-7]|words [1-6]|specific|unspecific|rare [0-3]|single [0-4]|first {_TAG}|last {_TAG}|"
    rf"tags [A-Za-z-]{{1,4}}|part (?:{'|'.join(p.value for p in Part)})|before (?:begin|{KINDS})|after (?:end|{KINDS})|"
    rf"shared (?:no|some|many)|general|placed|no head|listed|beside (?:{_YES}) (?:{_YES})|"
    rf"summed up as (?:{'|'.join(c.value for c in C)})|class (?:{'|'.join(c.value for c in C)})|"
    rf"around (?:begin|{KINDS}) (?:end|{KINDS})|names [0-4]|least (?:none|[0-5])|way [a-z-]+|several ways"
)
#: and those that hold one
WORDED = re.compile(
    r"(?P<what>closing|before|after|governed by|summed up|head|holds|opens|rule (?:head|list):) ?(?P<word>.+)",
    re.DOTALL,
)
#: what may follow the word of a trait about a head
_ABOUT = re.compile(rf" (?:{_YES}|begin|{KINDS})$")


def worded(trait: str) -> tuple[str, str]:
    """What a trait says, and of which word; nothing where it holds no word."""
    if PLAIN.fullmatch(trait):
        return "", ""
    m = WORDED.fullmatch(trait)
    assert m is not None, trait
    word = m["word"]
    return m["what"], _ABOUT.sub("", word) if m["what"] == "head" else word


def test_every_trait_is_one_that_a_chunk_can_have() -> None:
    w = words()
    for trait in TRAITS:
        what, word = worded(trait)
        if what == "head":
            assert word in w.heads, trait
        elif what == "summed up":
            assert word in w.list_heads, trait


def test_no_trait_holds_a_word_that_is_not_general() -> None:
    """What a report is about has no place in the weights, only how reports are worded."""
    w = words()
    for trait in TRAITS:
        what, word = worded(trait)
        assert not what or (
            len(word) == 1 or any(word in known for known in (w.general, w.heads, w.list_heads, w.governing, w.tail))
        ), trait


def test_every_weight_is_one_of_a_name_or_of_a_class() -> None:
    assert {outcome for _, outcome, _ in ROWS} == {NAME, FOUND, *(c.value for c in C)}
    assert all(abs(float(weight)) >= 0.05 for _, _, weight in ROWS)
    assert len({(trait, outcome) for trait, outcome, _ in ROWS}) == len(ROWS), "a trait speaks once for an outcome"
    # how often such a chunk is a name or of a class at all; one near zero is left out like any other
    assert any(trait == ALWAYS for trait, _, _ in ROWS)


@pytest.mark.parametrize(
    ("weights", "expected"),
    [
        ({}, {C.PROJECT}),  # nothing is known: what is built
        ({"a": {C.PARK: 1.0, C.ZONE: -2.0}}, {C.PARK}),
        ({"a": {C.PARK: 1.0, C.ZONE: -0.5}}, {C.PARK, C.ZONE}),  # what is nearly as likely is given, too
        ({"a": {C.PARK: -3.0, C.ZONE: -2.0}}, {C.ZONE}),  # the likeliest of the unlikely
        ({"a": {C.PARK: 1.0}, "b": {C.PARK: -4.0, C.EVENT: 0.5}, "c": {C.EVENT: 9.0}}, {C.EVENT}),
    ],
)
def test_the_likeliest_class_is_given(weights: dict[str, dict[C, float]], expected: set[C]) -> None:
    assert classes_of(["a", "b"], Weights({}, weights, {})) == expected


def test_the_traits_of_a_report_are_of_the_same_kinds_and_words() -> None:
    """What the table is held against is what the extractor really asks for."""
    report = read_report(folder("seeds") / "haizhu-2011.txt")
    finder = Finder(report, report.norm, tokenize(report.norm), without={"names.learned"})
    found = {
        trait
        for scene in finder.scenes()
        for left in learned.leftovers(finder.ctx, scene)
        for trait in learned.traits(finder.ctx, scene, left)
    }
    assert len(found & set(TRAITS)) > 250
    kinds = {worded(trait)[0] for trait in found}
    assert kinds == {"", "closing", "before", "after", "governed by", "summed up", "head", "holds", "opens"}
