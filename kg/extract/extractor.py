"""The extractor: report in, entities, observations and relations out."""

from __future__ import annotations

from kg.extract import lexicon, resolve
from kg.extract.names.finder import Finder
from kg.extract.observations import find_observations
from kg.extract.relations import Relator
from kg.model import Extraction, Report


def extract(report: Report, *, segmenter: str = "rjieba") -> Extraction:
    """Take everything out of ``report`` that it states.

    ``segmenter`` is ``rjieba`` or ``jieba``; both run jieba's algorithm.
    """
    norm = report.norm
    assert len(norm) == len(report.text), "the normalised text keeps all offsets"
    tokens = lexicon.tokenize(norm, segmenter=segmenter)
    scenes = Finder(report, norm, tokens).scenes()
    resolver = resolve.resolve(report, norm, scenes)
    relations = Relator(resolver).run(scenes)
    entities = tuple(resolve.entity(d) for d in resolver.unique())
    places = [(span, e.name, frozenset(e.classes)) for e in entities for span in e.mentions]
    observations = find_observations(report, norm, tokens, places)
    return Extraction(report, entities, tuple(observations), tuple(relations), segmenter)
