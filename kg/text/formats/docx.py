"""Word documents (.docx) by the standard library: paragraphs, headings, tables, notes.

The XML is read as a stream by expat, so neither depth nor size is a matter of memory; a document type declaration,
which is where expanding entities come from, is refused, and no more is unpacked than :data:`MAX_PART` of a part.
"""

from __future__ import annotations

import io
import posixpath
import re
import zipfile
import zlib
from collections.abc import Callable
from typing import Final
from xml.parsers import expat

from kg.errors import ReadError
from kg.patterns import compiled
from kg.text.formats import heading

#: bytes of XML; that of a report of 20,000 characters has about 1 MB
MAX_PART: Final = 64 * 2**20
MAX_PARTS: Final = 10_000
_WORD = compiled(r".*wordprocessingml/(?:2006/)?main$")
_LEVEL = compiled(r"(?:heading|标题)\s*(\d)", re.I)
#: what Word shows in place of it stands beside it, or was deleted
_SKIPPED: Final = frozenset({"Fallback", "del", "moveFrom", "instrText", "delText"})


def text_of(data: bytes) -> str:
    """The text: a line for each paragraph and table row (cells parted by tabs), footnotes and endnotes at the end."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = set(archive.namelist())
            if len(names) > MAX_PARTS:
                raise ReadError(f"the document has {len(names):,} parts")
            main = _main_part(archive, names)
            folder = posixpath.dirname(main)
            levels = _heading_levels(archive, names, f"{folder}/styles.xml")
            lines = _Text(levels).read(_part(archive, main))
            for notes in ("footnotes", "endnotes"):
                if (name := f"{folder}/{notes}.xml") in names:
                    lines += _Text({}).read(_part(archive, name))
    except (zipfile.BadZipFile, zipfile.LargeZipFile, zlib.error, EOFError, OSError) as error:
        raise ReadError("the document is damaged") from error
    # what zipfile raises for a method of packing that it has not, an encrypted part, a name that is none
    except (NotImplementedError, RuntimeError, ValueError) as error:
        raise ReadError("the document cannot be unpacked", hint="save it again as .docx") from error
    if not any(line.strip() for line in lines):
        raise ReadError("the document holds no text", hint="if its pages are images, recognise their text first")
    return "\n".join(lines) + "\n"


def _part(archive: zipfile.ZipFile, name: str) -> bytes:
    info = archive.getinfo(name)
    with archive.open(info) as file:
        data = file.read(MAX_PART + 1)  # the size in the directory may lie
    if len(data) > MAX_PART:
        raise ReadError(f"the document unpacks to more than {MAX_PART // 2**20} MB")
    return data


def _main_part(archive: zipfile.ZipFile, names: set[str]) -> str:
    found: list[str] = []

    def start(tag: str, attributes: dict[str, str]) -> None:
        if tag.endswith(" Relationship") and attributes.get("Type", "").endswith("/officeDocument"):
            found.append(attributes.get("Target", "").lstrip("/"))

    if "_rels/.rels" in names:
        _parse(_part(archive, "_rels/.rels"), start)
    for name in (*found, "word/document.xml"):
        if name in names and name.startswith("word/"):
            return name
    raise ReadError("not a Word document", hint="a zip file of another kind")


def _heading_levels(archive: zipfile.ZipFile, names: set[str], name: str) -> dict[str, int]:
    """Heading level by id of the paragraph style; the ids are words in English and numbers in Chinese Word."""
    levels: dict[str, int] = {}
    style = ""

    def start(tag: str, attributes: dict[str, str]) -> None:
        nonlocal style
        local, values = _local(tag), _values(attributes)
        if local == "style":
            style = values.get("styleId", "")
        elif local == "name" and style and (match := _LEVEL.match(values.get("val", ""))):
            levels[style] = int(match[1])
        elif local == "outlineLvl" and style and values.get("val", "").isdecimal() and int(values["val"]) < 9:
            levels.setdefault(style, int(values["val"]) + 1)

    if name in names:
        _parse(_part(archive, name), start)
    return levels


class _Text:
    """Collects lines from the stream of elements."""

    def __init__(self, levels: dict[str, int]) -> None:
        self.levels = levels
        self.lines: list[str] = []
        self.paragraphs: list[list[str]] = []  # open ones; a text box stands inside a paragraph
        self.heads: list[int] = []  # the heading level of each, 0 for none
        self.rows: list[list[list[str]]] = []  # cells of the open table rows, each with its lines
        self.skipping = 0
        self.in_text = False

    def read(self, data: bytes) -> list[str]:
        _parse(data, self._start, self._end, self._characters)
        return self.lines

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        local = _local(tag)
        if self.skipping or local in _SKIPPED:
            self.skipping += 1
            return
        if not _is_word(tag):
            return
        if local == "p":
            self.paragraphs.append([])
            self.heads.append(0)
        elif local == "t":
            self.in_text = True
        elif local in ("tab", "br", "cr", "noBreakHyphen") and self.paragraphs:
            self.paragraphs[-1].append({"tab": "\t", "noBreakHyphen": "-"}.get(local, "\n"))
        elif local == "pStyle" and self.heads:
            self.heads[-1] = self.levels.get(_values(attributes).get("val", ""), 0)
        elif local == "tr":
            self.rows.append([])
        elif local == "tc" and self.rows:
            self.rows[-1].append([])

    def _end(self, tag: str) -> None:
        if self.skipping:
            self.skipping -= 1
            return
        if not _is_word(tag):
            return
        local = _local(tag)
        if local == "t":
            self.in_text = False
        elif local == "p" and self.paragraphs:
            text = "".join(self.paragraphs.pop())
            level = self.heads.pop()
            self._add(heading(text, level) if level else text)
        elif local == "tr" and self.rows:
            cells = self.rows.pop()
            self._add("\t".join(" ".join(" ".join(cell).split()) for cell in cells))

    def _characters(self, data: str) -> None:
        if self.in_text and self.paragraphs and not self.skipping:
            self.paragraphs[-1].append(data)

    def _add(self, text: str) -> None:
        if self.rows and self.rows[-1]:
            self.rows[-1][-1].append(text)
        else:
            self.lines.append(text)


def _local(tag: str) -> str:
    return tag.rpartition(" ")[2]


def _is_word(tag: str) -> bool:
    return bool(_WORD.match(tag.rpartition(" ")[0]))


def _values(attributes: dict[str, str]) -> dict[str, str]:
    return {_local(name): value for name, value in attributes.items()}


def _ignore(*_: object) -> None:
    return None


def _parse(
    data: bytes,
    start: Callable[[str, dict[str, str]], None],
    end: Callable[[str], None] = _ignore,
    characters: Callable[[str], None] = _ignore,
) -> None:
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.buffer_text = True
    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.CharacterDataHandler = characters

    def refuse(*_: object) -> None:
        raise ReadError("the document declares a document type, which no Word document does")

    parser.StartDoctypeDeclHandler = refuse
    parser.EntityDeclHandler = refuse
    try:
        parser.Parse(data, True)
    except expat.ExpatError as error:
        raise ReadError(f"the document is damaged: {expat.ErrorString(error.code)}") from error
