"""The scheme of common indicators is what its table gives."""

from __future__ import annotations

from kg.resources import folder, table
from tools.indicator_concepts import turtle


def test_turtle_is_what_the_table_gives() -> None:
    assert (folder("ontology") / "indicators.ttl").read_text(encoding="utf-8") == turtle()


def test_labels_name_one_indicator_each() -> None:
    owner: dict[str, str] = {}
    rows = table("indicators.tsv", "label", "aliases")
    assert len(rows) >= 150
    for label, aliases in rows:
        for name in {label, *filter(None, aliases.split("|"))}:
            assert owner.setdefault(name, label) == label, f"{name} stands for {owner[name]} and {label}"
