"""IRIs come from content and are valid whatever the content is."""

from __future__ import annotations

import re

import pyoxigraph as ox
from hypothesis import given
from hypothesis import strategies as st

from kg.graph import iri

ANY_TEXT = st.text(st.characters(), min_size=1, max_size=40)


@given(ANY_TEXT)
def test_any_text_makes_a_valid_iri(text: str) -> None:
    made = "https://w3id.org/gwr/id/entity/" + iri.segment(text)
    ox.NamedNode(made)  # raises ValueError if it is none
    line = f"<{made}> <http://example.org/p> <{made}> .\n".encode()
    [triple] = ox.parse(input=line, format=ox.RdfFormat.N_TRIPLES)
    assert triple.subject.value == made
    assert not re.search(r"[\s/?#<>\"{}|\\^`\u202a-\u202e]", iri.segment(text))


@given(ANY_TEXT, ANY_TEXT)
def test_different_texts_make_different_iris(one: str, other: str) -> None:
    assert (iri.segment(one) == iri.segment(other)) == (one == other)


def test_chinese_stays_readable() -> None:
    assert iri.segment("海珠区T.I.T创意园") == "海珠区T.I.T创意园"
    assert iri.segment("甲/乙") == "甲%2F乙"
