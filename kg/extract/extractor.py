"""The extractor: report in, entities, observations and relations out."""

from __future__ import annotations

import gc
from collections.abc import Collection, Iterator
from contextlib import contextmanager

from kg.extract import beside, lexicon, observations, own_relations, relations, resolve
from kg.extract.names import finder, network, spans
from kg.extract.obs_words import obs_words
from kg.extract.plain import plain
from kg.extract.rules import described
from kg.extract.words import words
from kg.model import Extraction, Report


def rules() -> dict[str, str]:
    """The rules that :func:`extract` can leave out, by name, with what they do."""
    return {
        **described("names", finder.WAYS),
        **finder.RULES,
        **described("things", resolve.STEPS),
        **relations.RULES,
        **observations.RULES,
    }


def extract(report: Report, *, segmenter: str = "rjieba", without: Collection[str] = ()) -> Extraction:
    """Take everything out of ``report`` that it states.

    ``segmenter`` is ``rjieba`` or ``jieba``; both run jieba's algorithm.  ``without`` names the rules of
    :func:`rules` to leave out, to see what they bring; raises :class:`ValueError` for one that is none.
    """
    if unknown := sorted(set(without) - set(rules()) if without else ()):
        raise ValueError(f"no such rule: {unknown[0]}")
    with uncollected():
        copy = plain(report)
        found = _extract(copy.report if copy else report, segmenter, without)
        return copy.restore(found) if copy else found


def load(segmenter: str = "rjieba") -> None:
    """Read the dictionary of a segmenter and the word lists, which the first report would have to wait for.

    Raises :class:`~kg.errors.KgError` for an unknown segmenter or a word list that cannot be read.
    """
    with uncollected():
        for lists in (words, obs_words, spans.groups, own_relations.weights):
            lists()
        if segmenter != "rjieba" or not beside.runs():  # else that gets ready meanwhile
            lexicon.tokenize("", segmenter=segmenter)
        if not beside.runs():
            network.load()


@contextmanager
def uncollected() -> Iterator[None]:
    """Without the collector of cycles: it would go over all that is of the report again and again, and finds none."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()


def _extract(report: Report, segmenter: str, without: Collection[str]) -> Extraction:
    norm = report.norm
    assert len(norm) == len(report.text), "the normalised text keeps all offsets"
    tokens = lexicon.tokenize(norm, segmenter=segmenter)
    scenes = finder.Finder(report, norm, tokens, without=without).scenes()
    beside.rest()  # nothing of this report is left to be cut or reckoned: that process ends while the rest is read
    resolver = resolve.resolve(report, norm, scenes, tokens, without=without)
    related = relations.Relator(resolver, without=without).run(scenes)
    drafts = resolver.unique()
    entities = tuple(map(resolve.entity, drafts))
    places = [(span, e.name, classes) for e in entities for classes in (frozenset(e.classes),) for span in e.mentions]
    figures = observations.find_observations(report, norm, tokens, places, without=without)
    return Extraction(report, entities, tuple(figures), tuple(related), segmenter)
