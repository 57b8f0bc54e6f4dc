"""Comunica, the client that most pages in the browser use, against the endpoint.

It comes from npm, which the other tests do not need: install it anywhere, and name the folder:
``npm install --prefix DIR @comunica/query-sparql@4.2 && KG_COMUNICA=DIR make test`` (with Node.js 20; later ones need a
later Node.js).
"""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path

import pytest

from tests.serve.conftest import GRAPHS, Server


@pytest.fixture(scope="module")
def comunica() -> Path:
    """The program."""
    folder = os.environ.get("KG_COMUNICA")
    if not folder:
        pytest.skip("no Comunica: npm install --prefix DIR @comunica/query-sparql@4.2, and set KG_COMUNICA=DIR")
    program = Path(folder) / "node_modules" / ".bin" / "comunica-sparql"
    assert program.exists(), f"no Comunica in {folder}"
    return program


@pytest.mark.parametrize("source", ["{url}/sparql", "sparql@{url}/sparql"], ids=["it finds out what it is", "told"])
def test_comunica(source: str, comunica: Path, small_server: Server) -> None:
    query = "SELECT ?s ?o WHERE { ?s <http://example.org/in> ?o } ORDER BY ?o"
    command = [str(comunica), source.format(url=small_server.url), query, "-t", "application/sparql-results+json"]
    told = subprocess.run(command, capture_output=True, text=True, check=True, timeout=60)
    rows = json.loads(told.stdout)["results"]["bindings"]
    assert [row["s"]["value"] for row in rows] == [graph.replace("data", "thing") for graph in GRAPHS]
