#!/usr/bin/env python3
"""Write ontology/indicators.ttl, the SKOS scheme of the common indicators, from kg/data/indicators.tsv.

    python -m tools.indicator_concepts [--check]

The table is what is edited; the Turtle is what the graph holds, so that a question finds 地区生产总值 by "GDP"
even where no report says so.  ``--check`` writes nothing and fails if the two differ.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from kg.graph import iri
from kg.graph.mapping import known_units
from kg.resources import folder, table

#: the broader topics in English
TOPICS = {
    "交通和通信": "transport and communication",
    "人民生活": "living standards",
    "农业": "agriculture",
    "国民经济": "national economy",
    "就业和社会保障": "employment and social security",
    "工业": "industry",
    "投资": "investment",
    "教育和卫生": "education and health",
    "旅游和文化": "tourism and culture",
    "治理": "governance",
    "科技和创新": "science and innovation",
    "财政和金融": "finance",
    "贸易和对外经济": "trade and foreign economic relations",
    "资源和环境": "resources and environment",
}

HEADER = """# The indicators that government work reports have in common. Made by tools/indicator_concepts.py from
# kg/data/indicators.tsv, where the source of each stands; edit that table, not this file.

@prefix gwr: <https://w3id.org/gwr/ontology#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
"""


def text(value: str, language: str) -> str:
    """A Turtle literal."""
    escaped = value.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"@{language}'


def turtle() -> str:
    """The whole file."""
    units = known_units()
    topics: dict[str, list[str]] = {}
    blocks = []
    for label, aliases, english, topic, unit in table("indicators.tsv", "label", "aliases", "en", "topic", "unit"):
        node = f"<{iri.common_indicator_iri(label)}>"
        broader = f"<{iri.common_indicator_iri('topic/' + topic)}>"
        topics.setdefault(topic, []).append(node)
        lines = [
            f"{node} a gwr:Indicator , skos:Concept",
            f"skos:prefLabel {text(label, 'zh')}",
            f"rdfs:label {text(label, 'zh')} , {text(english, 'en')}",
        ]
        if names := sorted({a for a in aliases.split("|") if a and a != label}):
            lines.append("skos:altLabel " + " , ".join(text(a, "zh") for a in names))
        lines.append(f"skos:broader {broader}")
        if unit:
            lines.append(f"gwr:usualUnit {units[unit]}")
        lines.append("skos:inScheme gwr:indicators")
        blocks.append(" ;\n    ".join(lines) + " .\n")
    heads = []
    for topic in sorted(topics):
        node = f"<{iri.common_indicator_iri('topic/' + topic)}>"
        heads.append(
            f"{node} a skos:Concept ;\n    skos:prefLabel {text(topic, 'zh')} ;\n"
            f"    rdfs:label {text(topic, 'zh')} , {text(TOPICS[topic], 'en')} ;\n"
            f"    skos:topConceptOf gwr:indicators ;\n    skos:inScheme gwr:indicators .\n"
        )
    return HEADER + "\n" + "\n".join(heads + blocks)


def main() -> int:
    """Write the file, or with ``--check`` say whether it is up to date."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--check", action="store_true")
    path: Path = folder("ontology") / "indicators.ttl"
    new = turtle()
    if parser.parse_args().check:
        if path.read_text(encoding="utf-8") != new:
            print("ontology/indicators.ttl is not what kg/data/indicators.tsv gives", file=sys.stderr)
            return 1
        return 0
    path.write_text(new, encoding="utf-8", newline="\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
