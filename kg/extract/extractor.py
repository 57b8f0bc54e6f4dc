"""The extractor: report in, entities, observations and relations out."""

from __future__ import annotations

from kg.extract import lexicon, resolve
from kg.extract.mentions import Finder
from kg.model import Extraction, Report


def extract(report: Report, *, segmenter: str = "rjieba") -> Extraction:
    """Take everything out of ``report`` that it states."""
    norm = report.norm
    assert len(norm) == len(report.text), "the normalised text keeps all offsets"
    tokens = lexicon.tokenize(norm, segmenter=segmenter)
    finder = Finder(report, norm, tokens)
    scenes = finder.scenes()
    resolver = resolve.Resolver(report, norm)
    drafts = resolve.build(resolver, scenes)
    entities = tuple(resolve.entity(d) for d in drafts)
    return Extraction(report, entities, (), (), segmenter)
