"""The interface in Chinese and English: ``texts.tsv``, and which of the two a visitor wants."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any, Final

from starlette.requests import Request

from kg import resources

LANGUAGES: Final = {"zh": "中文", "en": "English"}
COOKIE: Final = "kg_language"


@cache
def _table() -> dict[str, dict[str, str]]:
    # an absolute path: the file lies beside this module, not among the vocabularies
    rows = resources.table(str(Path(__file__).with_name("texts.tsv")), "key", "zh", "en")
    return {key: {"zh": zh, "en": en} for key, zh, en in rows}


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
