"""The graph over HTTP: a SPARQL endpoint, the templates as an API, linked data, and the explorer in the browser.

The way of a request: ``app`` (routes) → ``protocol``, ``api``, ``linked`` or ``explorer`` (what it asks) → ``pool``
(which worker answers, and for how long) → ``worker`` (a process that reads a ``snapshot`` of the store).
"""
