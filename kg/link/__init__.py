"""Linking: which entity of the graph is which thing of another graph.

The way of the data: :mod:`~kg.link.things` reads the entities from the store, a provider (:mod:`kg.link.providers`)
finds candidates for them, :mod:`~kg.link.matching` judges the candidates, :mod:`~kg.link.decisions` keeps the
judgements as SSSOM in the links' named graph, :mod:`~kg.link.run` ties them together and :mod:`~kg.link.review`
lets people decide what is open.
"""
