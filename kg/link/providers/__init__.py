"""Where candidates come from: each module is a provider of one kind of source.

A provider is a class with a ``target`` and a method ``candidates``; see :class:`~kg.link.providers.base.Provider`.
"""
