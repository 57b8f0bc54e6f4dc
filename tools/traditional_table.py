"""Which simplified character stands for each traditional one, and the words in which it is another.

    python tools/traditional_table.py WHEEL_OR_FOLDER

The argument is the wheel of opencc-python-reimplemented (Apache-2.0), or a folder with its ``dictionary/``.
Writes ``kg/data/text_traditional.tsv`` and ``kg/data/text_traditional_words.tsv``: single characters (of several
candidates OpenCC's first), the variants used in Hong Kong and Taiwan included, and those words of the same length
in which character by character would be wrong (乾隆 is not 干隆).
"""

from __future__ import annotations

import sys
import zipfile
from pathlib import Path

from kg.resources import folder

_HEAD = "# derived by tools/traditional_table.py from opencc-python-reimplemented 0.1.7 (OpenCC; Apache-2.0)"


def rows(source: Path, name: str) -> list[tuple[str, list[str]]]:
    """Key and candidates of each row of a dictionary."""
    if source.is_dir():
        text = (source / "dictionary" / name).read_text(encoding="utf-8")
    else:
        with zipfile.ZipFile(source) as wheel:
            text = wheel.read(f"opencc/dictionary/{name}").decode("utf-8")
    cells = (line.split("\t") for line in text.splitlines() if "\t" in line)
    return [(key, values.split(" ")) for key, values in cells]


def characters(source: Path) -> dict[str, str]:
    """Traditional to simplified; without characters that stay what they are, and without those above the BMP."""
    table = {key: values[0] for key, values in rows(source, "TSCharacters.txt")}
    for name in ("HKVariantsRev.txt", "TWVariantsRev.txt"):
        for variant, (standard, *_) in rows(source, name):
            if len(variant) == len(standard) == 1:
                table.setdefault(variant, table.get(standard, standard))
    # a simplified form that is itself mapped on would make the second pass differ from the first
    for key, value in table.items():
        table[key] = table.get(value, value)
    return {key: value for key, value in sorted(table.items()) if key != value and max(key, value) <= "\uffff"}


def exceptions(source: Path, table: dict[str, str]) -> dict[str, str]:
    """Words of which the translation is as long as the word, and not the one character by character."""
    plain_of = {ord(one): other for one, other in table.items() if one != "著"}
    found: dict[str, str] = {}
    pairs = [(word, translations[0]) for word, translations in rows(source, "TSPhrases.txt")]
    # 著 is 着 by the variants, but not in 著名
    for name in ("HKVariantsRevPhrases.txt", "TWVariantsRevPhrases.txt"):
        pairs += [(word, word.translate(plain_of)) for word, _ in rows(source, name) if "著" in word]
    pairs += [(words[0], word) for word, words in rows(source, "STPhrases.txt") if "著" in word]
    for word, translation in pairs:
        if len(word) < 2 or word[0] == "於":  # rarely the surname, mostly the preposition
            continue
        plain = "".join(table.get(char, char) for char in word)
        if len(word) == len(translation) and plain != translation:
            found[word] = translation
    # "乾隆年間" says nothing that "乾隆" does not
    shorter = {
        word: translation
        for word, translation in found.items()
        if not any(
            part != word and part in word and _translate(word, found, table, part) == translation for part in found
        )
    }
    return dict(sorted(shorter.items()))


def _translate(word: str, found: dict[str, str], table: dict[str, str], part: str) -> str:
    plain = "".join(table.get(char, char) for char in word)
    at = word.find(part)
    return plain[:at] + found[part] + plain[at + len(part) :]


def main(source: Path) -> None:
    table = characters(source)
    words = exceptions(source, table)
    for name, pairs in (("text_traditional.tsv", table), ("text_traditional_words.tsv", words)):
        lines = [_HEAD, "traditional\tsimplified\tsource", *(f"{a}\t{b}\tOpenCC" for a, b in pairs.items())]
        (folder("data") / name).write_text("\n".join(lines) + "\n", encoding="utf-8")
        print(f"{name}: {len(pairs)} rows")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
