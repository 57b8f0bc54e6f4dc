from __future__ import annotations

import pytest

from kg.errors import KgError
from kg.extract.lexicon import SEGMENTERS, tokenize

TEXT = "推进琶洲、沥滘等城中村改造,引进好未来集团。\r\n地区生产总值363.15亿元"


@pytest.mark.parametrize("segmenter", SEGMENTERS)
def test_words_cover_the_text_without_gaps(segmenter: str) -> None:
    tokens = tokenize(TEXT, segmenter=segmenter)
    assert "".join(token.word for token in tokens) == TEXT
    assert all(TEXT[token.begin : token.end] == token.word for token in tokens)
    assert all(token.tag for token in tokens)
    assert len(tokenize("", segmenter=segmenter)) == 0


def test_both_cut_alike() -> None:
    assert tokenize(TEXT, segmenter="rjieba").pairs == tokenize(TEXT, segmenter="jieba").pairs


def test_a_segmenter_that_is_none_is_told() -> None:
    with pytest.raises(KgError, match="unknown segmenter 'hanlp'"):
        tokenize(TEXT, segmenter="hanlp")
