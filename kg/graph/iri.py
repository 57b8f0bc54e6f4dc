"""How things get their IRIs: out of what they are, never out of a counter.

One thing has the same IRI in every build, on every machine, in any order of
reports; what is told in two reports of one area meets in one node.  Every
function takes text as it stands in a report, with whatever characters that
holds, and gives a valid IRI (RFC 3987).
"""

from __future__ import annotations

import hashlib
import json
import unicodedata
from collections.abc import Iterable
from functools import lru_cache
from typing import Final

from kg import resources
from kg.errors import KgError
from kg.graph.vocab import DEFAULT_BASE
from kg.model import Entity, EntityClass, Report, Span
from kg.patterns import compiled


class _Encoder(dict[int, str]):
    """A ``str.translate`` table that fills itself: code point to what stands for it in an IRI."""

    def __missing__(self, point: int) -> str:
        char = chr(point)
        # L* and N* lie wholly within RFC 3987's iunreserved; M* (combining), C* (control, bidi, private use,
        # surrogates) and Z* do not, or are unfit for an identifier that people read and copy
        if char in "-_.~" or (unicodedata.category(char)[0] in "LN" and _is_ucschar(point)):
            encoded = char
        else:
            encoded = "".join(f"%{byte:02X}" for byte in char.encode("utf-8", "surrogatepass"))
        self[point] = encoded
        return encoded


def _is_ucschar(point: int) -> bool:
    """Whether RFC 3987 allows the code point in a path: ASCII, or ``ucschar``."""
    if point < 0x80:
        return True
    if point < 0x10000:
        return 0xA0 <= point <= 0xD7FF or 0xF900 <= point <= 0xFDCF or 0xFDF0 <= point <= 0xFFEF
    return point & 0xFFFF <= 0xFFFD and (point < 0xE0000 or 0xE1000 <= point < 0xF0000)


_ENCODER: Final = _Encoder()


def segment(text: str) -> str:
    """Text as one segment of an IRI's path; different texts give different segments.

    Letters and digits of any script and ``-_.~`` stay, all else is percent-encoded as
    UTF-8 (a lone surrogate as the three bytes that it would take).  Raises
    ``ValueError`` for the empty text, which would be no segment.

    >>> segment("琶洲村改造复建安置房"), segment("《纲要(2008-2020年)》")
    ('琶洲村改造复建安置房', '%E3%80%8A纲要%282008-2020年%29%E3%80%8B')
    >>> segment("a/b c%"), segment("..")
    ('a%2Fb%20c%25', '%2E%2E')
    """
    if not text:
        raise ValueError("an IRI cannot be made of an empty name")
    if text in (".", ".."):  # would vanish when the IRI is resolved (RFC 3986, 5.2.4)
        return text.replace(".", "%2E")
    return text.translate(_ENCODER)


def check_base(base_iri: str) -> str:
    """The base with a closing slash; :class:`KgError` unless it is an absolute IRI without query or fragment.

    >>> check_base("https://example.org/kg")
    'https://example.org/kg/'
    """
    from pyoxigraph import NamedNode

    base = base_iri if base_iri.endswith("/") else base_iri + "/"
    try:
        NamedNode(base)
    except ValueError as error:
        raise KgError(f"the base IRI {base_iri!r} is not an absolute IRI", hint=str(error)) from None
    if "#" in base or "?" in base:
        raise KgError(f"the base IRI {base_iri!r} must have neither a query nor a fragment")
    return base


def digest(*fields: str | None) -> str:
    """The first 20 hexadecimal digits of SHA-256 over the fields; a missing one differs from an empty one.

    >>> digest("a", None) != digest("a", "")
    True
    """
    packed = json.dumps(fields, ensure_ascii=True, separators=(",", ":"))
    return hashlib.sha256(packed.encode("ascii")).hexdigest()[:20]


def encodable(text: str) -> str:
    """The text with U+FFFD for lone surrogates, which no RDF syntax can hold; offsets stay."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return "".join("\ufffd" if "\ud800" <= char <= "\udfff" else char for char in text)
    return text


def slug(report: Report) -> str:
    """``area-year-sha8`` of a report, without the parts that are not known."""
    parts = (report.area, str(report.year) if report.year is not None else None, report.sha256[:8])
    return segment("-".join(part for part in parts if part))


def report_iri(report: Report, base: str = DEFAULT_BASE) -> str:
    """The IRI of the report, of which its sections, sentences and mentions are fragments."""
    return f"{base}report/{slug(report)}"


def graph_iri(report: Report, base: str = DEFAULT_BASE) -> str:
    """The IRI of the report's named graph."""
    return f"{base}graph/{slug(report)}"


def links_graph_iri(base: str = DEFAULT_BASE) -> str:
    """The IRI of the named graph of the links to other graphs."""
    return f"{base}graph/links"


def verdicts_graph_iri(base: str = DEFAULT_BASE) -> str:
    """The IRI of the named graph of what became of the targets."""
    return f"{base}graph/verdicts"


def span_iri(report: str, span: Span) -> str:
    """A stretch of a report's text, in NIF's scheme of offsets (RFC 5147).

    >>> span_iri("https://example.org/report/a", Span(3, 7))
    'https://example.org/report/a#char=3,7'
    """
    return f"{report}#char={span.begin},{span.end}"


def place_of(iri: str) -> tuple[str, Span | None]:
    """The report of such a stretch, and where in its text it is: what :func:`span_iri` was given; None of another IRI.

    >>> place_of("https://example.org/report/a#char=3,7")
    ('https://example.org/report/a', Span(begin=3, end=7))
    """
    report, _, fragment = iri.partition("#char=")
    begin, _, end = fragment.partition(",")
    if not (begin.isdecimal() and end.isdecimal() and int(begin) < int(end)):
        return report, None
    return report, Span(int(begin), int(end))


#: A name that says by itself which area is meant: of a province, a city, or with the one above it in front.
_WHOLE_AREA = compiled(
    r".+(?:省|自治区|特别行政区|自治[州县旗]|市)|.{2,}(?:省|自治区|市|自治州|地区|盟).+(?:[区县旗镇乡]|街道?|村|社区)"
)
#: A title and nothing else, other titles inside it included.
_TITLE = compiled(r"《([^《》]*(?:《[^《》]*》[^《》]*)*)》")
#: A document's title of this many characters is told apart from all others by itself.
_LONG_TITLE = 12


def area_name(entity: Entity, report: Report) -> str | None:
    """The name that identifies an administrative area in every report, None if its own name does not.

    Two districts of one name in two cities are two things: "海珠区" alone is told apart by
    the report that it stands in, "广州市海珠区" by itself.
    """
    if EntityClass.ADMINISTRATIVE_AREA not in entity.classes:
        return None
    if entity.qualified:
        return entity.qualified
    if entity.own_area and report.area:
        return report.area
    return entity.name if _WHOLE_AREA.fullmatch(entity.name) else None


def document_title(entity: Entity) -> str | None:
    """The title, without 《》, that identifies a document in every report; None if it has none or a short one.

    The entity's name is asked first, then the longest of its aliases.
    """
    if EntityClass.POLICY not in entity.classes:
        return None
    for name in (entity.name, *sorted(entity.aliases, key=lambda alias: (-len(alias), alias))):
        title = _TITLE.fullmatch(name)
        if title and len(title[1]) >= _LONG_TITLE:
            return title[1]
    return None


def preferred_label(entity: Entity, report: Report) -> str:
    """The entity's preferred label.

    A node that several reports share has the label that its IRI is made of, whatever the one
    report calls it: else it would have as many preferred labels as reports.
    """
    if area := area_name(entity, report):
        return area
    title = document_title(entity)
    return f"《{title}》" if title else entity.name


def entity_iri(entity: Entity, report: Report, base: str = DEFAULT_BASE) -> str:
    """The IRI of an entity: by its name alone where that is enough, else within the report's area."""
    if area := area_name(entity, report):
        return f"{base}area/{segment(area)}"
    if title := document_title(entity):
        return f"{base}document/{segment(title)}"
    scope = segment(report.area) if report.area else slug(report)
    # a person is nothing else besides (owl:disjointWith): who is called like a place is not that place
    kind = "person" if EntityClass.PERSON in entity.classes else "entity"
    return f"{base}{kind}/{scope}/{segment(entity.name)}"


#: the common indicators are a code list: like the ontology they stay where they are whatever the base
INDICATOR_BASE = "https://w3id.org/gwr/indicator/"


def common_indicator_iri(path: str) -> str:
    """The IRI of a common indicator by its label, or of a topic by ``topic/NAME``.

    >>> common_indicator_iri("地区生产总值")
    'https://w3id.org/gwr/indicator/地区生产总值'
    """
    return INDICATOR_BASE + "/".join(segment(part) for part in path.split("/"))


@lru_cache(maxsize=1)
def common_indicators() -> frozenset[str]:
    """The labels of the common indicators."""
    return frozenset(label for (label,) in resources.table("indicators.tsv", "label"))


def indicator_iri(name: str, base: str = DEFAULT_BASE) -> str:
    """An indicator is the same in all reports: a common one of the code list, else one of the base.

    >>> indicator_iri("绿道驿站数")
    'https://w3id.org/gwr/id/indicator/绿道驿站数'
    """
    if name in common_indicators():
        return common_indicator_iri(name)
    return f"{base}indicator/{segment(name)}"


def period_iri(iso: str, base: str = DEFAULT_BASE) -> str:
    """
    >>> period_iri("2006/2010")
    'https://w3id.org/gwr/id/period/2006--2010'
    """
    return f"{base}period/{segment(iso.replace('/', '--'))}"


def unit_iri(label: str, base: str = DEFAULT_BASE) -> str:
    """A unit that the code list does not know."""
    return f"{base}unit/{segment(label)}"


def observation_iri(fields: Iterable[str | None], base: str = DEFAULT_BASE) -> str:
    """An observation is what it says: the digest of its content and of the report that says so."""
    return f"{base}observation/{digest(*fields)}"


def statement_iri(fields: Iterable[str | None], base: str = DEFAULT_BASE) -> str:
    """The reified statement of a relation, within one report."""
    return f"{base}statement/{digest(*fields)}"
