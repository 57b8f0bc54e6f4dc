"""The interface in Chinese and English: ``texts.tsv``, and which of the two a visitor wants."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import Any, Final

from starlette.requests import Request

from kg import resources

LANGUAGES: Final = {"zh": "中文", "en": "English"}
COOKIE: Final = "kg_language"
#: Longer sentences of linking are not looked for in the table: names from elsewhere may be of any length.
_LONGEST_REASON: Final = 400


@cache
def _table() -> dict[str, dict[str, str]]:
    # an absolute path: the file lies beside this module, not among the vocabularies
    rows = resources.table(str(Path(__file__).with_name("texts.tsv")), "key", "zh", "en")
    return {key: {"zh": zh, "en": en} for key, zh, en in rows}


@cache
def _reasons() -> list[tuple[re.Pattern[str], str]]:
    """The sentences of linking as patterns, those with the most words of their own first, with the Chinese for them."""
    rows = [row for key, row in _table().items() if key.startswith("reason.")]
    rows.sort(key=lambda row: -len(re.sub(r"{\w+}", "", row["en"])))
    return [(re.compile(re.sub(r"\\{(\w+)\\}", r"(?P<\1>.+)", re.escape(row["en"]))), row["zh"]) for row in rows]


@cache
def _words() -> dict[str, str]:
    """What may stand within such a sentence: other sentences, and the local names of classes."""
    told = {row["en"]: row["zh"] for key, row in _table().items() if key.startswith("reason.")}
    classes = {key.removeprefix("gwr."): row["zh"] for key, row in _table().items() if key.startswith("gwr.")}
    return told | classes


class Texts:
    """The texts in one language: ``t("search")``, ``t("rows", count="12")``."""

    def __init__(self, language: str) -> None:
        self.language = language

    def __call__(self, key: str, **values: str) -> str:
        """Raises ``KeyError`` if the table has no such text."""
        return _table()[key][self.language].format(**values)

    def term(self, term: dict[str, Any]) -> str:
        """The label of a term of the ontology, as views give it."""
        return str(term[self.language])

    def kind(self, name: str) -> str:
        """The name of a class, a measure or a modality of the ontology; the local name if the table has none."""
        entry = _table().get(f"gwr.{name}")
        return entry[self.language] if entry else name

    def target(self, key: str, title: str) -> str:
        """The short name of a graph that is linked to; its own name if the table has none."""
        entry = _table().get(f"target.{key}")
        return entry[self.language] if entry else title

    def near(self, predicate: str) -> str:
        """How near a link is, by its predicate's CURIE or local name."""
        entry = _table().get(f"match.{predicate.rpartition(':')[2]}")
        return entry[self.language] if entry else predicate

    def reason(self, text: str) -> str:
        """What linking says of a candidate, which it says in English; as it is where the table has no such sentence."""
        if self.language == "en" or len(text) > _LONGEST_REASON:
            return text
        for pattern, translation in _reasons():
            if (found := pattern.fullmatch(text)) is not None:
                return translation.format(**{name: self._parts(part) for name, part in found.groupdict().items()})
        return text

    def _parts(self, text: str) -> str:
        """What stands within a sentence of linking: names as they are; levels, classes and the like as words."""
        words = _words()
        return "、".join(words.get(part, part) for part in text.split(", "))

    def word(self, group: str, name: str, usual: str | None = None) -> str:
        """The text for a name of the templates, which are written in English; ``usual`` or the name itself in English,
        or if the table does not have it.
        """
        entry = _table().get(f"{group}.{name}") if self.language == "zh" else None
        return entry["zh"] if entry else name if usual is None else usual

    def words(self, group: str) -> dict[str, str]:
        """All Chinese texts of a group by name; none for English."""
        start = f"{group}."
        found = {key.removeprefix(start): row["zh"] for key, row in _table().items() if key.startswith(start)}
        return found if self.language == "zh" else {}

    def number(self, value: int) -> str:
        return f"{value:,}"


def language_of(request: Request) -> str:
    """By ``?lang=``, else by cookie, else by what the browser prefers; Chinese if it does not say."""
    for asked in (request.query_params.get("lang"), request.cookies.get(COOKIE)):
        if asked in LANGUAGES:
            return asked
    return preferred(request.headers.get("accept-language", ""))


def preferred(header: str) -> str:
    """The first of our languages in an ``Accept-Language``.

    >>> preferred("de;q=0.9, en-GB;q=0.8, zh;q=0.1"), preferred("zh-CN,zh;q=0.9,en;q=0.8"), preferred("fr")
    ('en', 'zh', 'zh')
    """
    best: tuple[float, str] | None = None
    for part in header.split(","):
        name, _, rest = part.strip().partition(";")
        language = name[:2].lower()
        try:
            weight = float(rest.partition("=")[2]) if "=" in rest else 1.0
        except ValueError:
            weight = 0.0
        if language in LANGUAGES and weight > 0 and (best is None or weight > best[0]):
            best = (weight, language)
    return best[1] if best else "zh"
