"""From bytes to a :class:`~kg.model.Report`: decode, lay out, read the header, segment.

The text is kept as it was read: line ends, spaces and odd characters stand as they
stood; only a leading byte order mark is dropped.  All offsets count code points of
that text.  Of a web page, a PDF or a Word document the text is what :mod:`kg.text.formats`
takes out of it.
"""

from __future__ import annotations

import codecs
import hashlib
from pathlib import Path
from typing import Final

from kg.errors import ReadError
from kg.model import Report, Span, split_area
from kg.patterns import compiled
from kg.text import formats, metadata, segment
from kg.text import header as headers
from kg.text.lines import join_soft_breaks, split_lines
from kg.text.metadata import NOTHING, Given
from kg.text.normalize import normalize
from kg.text.plausible import looks_like_report
from kg.text.script import is_traditional, simplify
from kg.text.vocabulary import words

#: a report has 10 to 60 KB as text, a few MB as PDF or Word document
MAX_BYTES: Final = 32 * 2**20
MAX_CHARACTERS: Final = 2_000_000
_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # before UTF-16, whose mark it begins with
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_LEGACY = ("gb18030", "big5")
#: share of the most frequent characters among the Chinese ones; right decodings have 0.6, wrong ones below 0.1
_PLAUSIBLE = 0.25
_SAMPLE = 20_000
_CONTROLS = compiled(r"[\x00-\x08\x0e-\x19\x1b-\x1f]")


def read_report(path: Path, *, given: Given = NOTHING, force: bool = False) -> Report:
    """Read one file (``.txt``, ``.md``, ``.html``, ``.pdf``, ``.docx``) as a report.

    Encodings of text: UTF-8 with or without byte order mark, UTF-16 and UTF-32 with one, GB18030 (and with it GBK
    and GB2312), Big5.  ``given`` goes before what the text says of itself.  Raises :class:`ReadError` where the file
    is missing, empty, binary, too large, in an encoding that cannot be told, or, unless ``force``, no report.
    """
    data = read_bytes(path)
    try:
        kind = formats.kind_of(data, path.suffix)
        text, encoding = decode(data) if kind == "text" else (formats.reader(kind)(data), kind)
        if len(text) > MAX_CHARACTERS:
            raise ReadError(f"{len(text):,} characters; a report has at most {MAX_CHARACTERS:,}")
        report = make_report(
            text, source=path.name, sha256=hashlib.sha256(data).hexdigest(), encoding=encoding, given=given
        )
        if not force and not looks_like_report(report.norm):
            raise ReadError("this does not look like a government work report", hint="--force builds it all the same")
    except ReadError as error:
        raise ReadError(error.message, file=path, offset=error.offset, hint=error.hint) from None
    return report


def read_bytes(path: Path) -> bytes:
    """The bytes of a file, of :data:`MAX_BYTES` at most.  Raises :class:`ReadError`."""
    try:
        with path.open("rb") as file:
            data = file.read(MAX_BYTES + 1)
    except FileNotFoundError:
        raise ReadError("no such file", file=path) from None
    except IsADirectoryError:
        raise ReadError("is a folder, not a file", file=path) from None
    except OSError as error:
        raise ReadError(f"cannot be read: {error.strerror}", file=path) from error
    if len(data) > MAX_BYTES:
        raise ReadError(f"larger than {MAX_BYTES // 2**20} MB, which no report is", file=path)
    return data


def decode(data: bytes) -> tuple[str, str]:
    """Text and the name of its encoding; a leading byte order mark is dropped.

    >>> decode("各位代表：".encode("gb18030"))
    ('各位代表：', 'gb18030')
    """
    if not data.strip():
        raise ReadError("the file is empty")
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return _decode_strictly(data[len(mark) :], encoding), encoding
    if b"\0" in data:
        raise ReadError("binary file, not text", hint="UTF-16 is read with a byte order mark")
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as utf8_error:
        return _decode_legacy(data, utf8_error)
    _refuse_binary(text)
    return text, "utf-8"


def _decode_strictly(data: bytes, encoding: str) -> str:
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as error:
        raise ReadError(f"not valid {encoding.upper()} at byte {error.start}, though marked as such") from None
    if not text.strip():
        raise ReadError("the file is empty")
    _refuse_binary(text)
    return text


def _decode_legacy(data: bytes, utf8_error: UnicodeDecodeError) -> tuple[str, str]:
    best: tuple[float, str, str] | None = None
    for encoding in _LEGACY:
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        share = _share_of_frequent(text)
        if best is None or share > best[0]:
            best = (share, text, encoding)
    if best is None or best[0] < _PLAUSIBLE:
        raise ReadError(
            f"neither UTF-8 (invalid at byte {utf8_error.start}) nor GB18030 nor Big5 text",
            hint="a binary file, or convert it to UTF-8",
        )
    _refuse_binary(best[1])
    return best[1], best[2]


def _share_of_frequent(text: str) -> float:
    frequent = words("frequent_characters", "character")
    others = [char for char in text[:_SAMPLE] if char > "\x7f" and not _is_mark(char)]
    return sum(char in frequent for char in others) / len(others) if others else 0.0


def _is_mark(char: str) -> bool:
    return "\u2010" <= char <= "\u303f" or char >= "\uff00"


def _refuse_binary(text: str) -> None:
    sample = text[:_SAMPLE]
    controls = len(_CONTROLS.findall(sample))
    if "\0" in sample or controls * 50 > len(sample):
        raise ReadError("binary file, not text")


def make_report(text: str, *, source: str, sha256: str, encoding: str = "utf-8", given: Given = NOTHING) -> Report:
    """The report that a text is: its header, sections and sentences.

    ``source`` is the name of the file, ``sha256`` the digest of its bytes, ``given`` what is known beforehand.
    Raises :class:`ReadError` where the text holds nothing but white space.  What is neither given nor told
    by the text (area, year) is None and named in ``Report.warnings``.
    """
    if text.startswith("\ufeff"):
        text = text[1:]
    norm = normalize(text)
    if is_traditional(norm):
        norm = simplify(norm)
    lines = split_lines(norm)
    if not lines:
        raise ReadError("the text is empty")
    layout = headers.lay_out(norm, lines)
    paragraphs = join_soft_breaks(norm, list(layout.body), segment.STARTS_BLOCK)
    headings = segment.find_headings(norm, paragraphs)
    header = headers.read_header(text, norm, layout.front, layout.body)
    warnings = _date(header, headers.infer_year(norm, headings, layout.body))
    warnings += _apply(given, header, text)
    sections, sentences = segment.build(norm, list(layout.front), paragraphs, headings, header.year)
    kept = [*layout.front, *layout.body] or lines
    return Report(
        text=text,
        source=source,
        sha256=sha256,
        title=header.title,
        area=header.area,
        year=header.year,
        date=header.date,
        meeting=header.meeting,
        speaker=header.speaker,
        body=Span(kept[0].begin, kept[-1].end),
        sections=sections,
        sentences=sentences,
        encoding=encoding,
        header=dict(sorted(header.spans.items())),
        norm=norm,
        warnings=_warnings(header, sections, warnings),
        level=given.level or metadata.level_of(split_area(header.area) if header.area else ()),
        given=given.names,
    )


#: a page put online years after the congress may bear its own date; a congress plans no year further back than its own
_STALE = 2


def _date(header: headers.Header, inferred: int | None) -> list[str]:
    """Set the year of the report from its header and its headings; a warning where they contradict each other."""
    if header.date and inferred is not None and inferred <= int(header.date[:4]) - _STALE:
        said = f"the header is dated {header.date}, the headings are of {inferred}"
        header.date = header.year = None
        header.spans.pop("date", None)
        return [said]
    header.year = headers.year_given(header, inferred)
    return []


def _apply(given: Given, header: headers.Header, text: str) -> list[str]:
    """Put what is given in place of what was inferred; a warning for each of area and year that the text denies."""
    warnings: list[str] = []
    if given.year is not None:
        if header.year is not None and header.year != given.year:
            warnings.append(f"the year is given as {given.year}, the text says {header.year}")
        header.year = given.year
    if given.area is not None:
        own = split_area(given.area)[-1]
        if header.area is not None and split_area(header.area)[-1] != own:
            warnings.append(f"the area is given as {given.area}, the text says {header.area}")
            header.spans.pop("area", None)
        header.area = given.area
    for name in ("title", "date", "meeting", "speaker"):
        value: str | None = getattr(given, name)
        if value is not None and value != getattr(header, name):
            setattr(header, name, value)
            at = text.find(value)
            if at >= 0:
                header.spans[name] = Span(at, at + len(value))
            else:
                header.spans.pop(name, None)
    return warnings


def _warnings(header: headers.Header, sections: tuple[object, ...], found: list[str]) -> tuple[str, ...]:
    if not sections:
        return (*found, "no sentence found: this does not look like a report")
    if header.area is None:
        found.append("the area cannot be told from the text")
    if header.year is None:
        found.append("the year cannot be told from the text")
    return tuple(found)
