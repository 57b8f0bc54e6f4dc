"""Audit: what reports let one recompute, recomputed.

The way of the data: :mod:`~kg.audit.figures` reads the figures from the store, :mod:`~kg.audit.checks` compares those
that have to agree, :mod:`~kg.audit.run` ties them together.
"""
