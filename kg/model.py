"""The frozen data model: what flows from the text to the graph.

Offsets are Unicode code points into :attr:`Report.text`, end exclusive, so that
``report.text[span.begin:span.end]`` is always the quotation.  Nothing in here
knows RDF, jieba or click.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum


class EntityClass(StrEnum):
    """The eleven classes of entity; the value is the local name in the ontology."""

    ADMINISTRATIVE_AREA = "AdministrativeArea"
    ZONE = "Zone"
    PARK = "Park"
    ENTERPRISE = "Enterprise"
    ORGANIZATION = "Organization"
    PROJECT = "Project"
    FACILITY = "Facility"
    POLICY = "Policy"
    EVENT = "Event"
    HONOUR = "Honour"
    PERSON = "Person"


class Measure(StrEnum):
    """What a figure says of its indicator."""

    LEVEL = "level"
    GROWTH = "growth"
    AVERAGE_ANNUAL_GROWTH = "averageAnnualGrowth"
    MULTIPLE = "multiple"
    RANK = "rank"


class Modality(StrEnum):
    """Whether a figure was reached (actual) or is aimed at (target)."""

    ACTUAL = "actual"
    TARGET = "target"


class Bound(StrEnum):
    """How the figure bounds the quantity: exactly, at least, at most, about."""

    EQ = "eq"
    GE = "ge"
    LE = "le"
    APPROX = "approx"


class Status(StrEnum):
    """How far a project has come."""

    COMPLETED = "completed"
    UNDERWAY = "underway"
    PLANNED = "planned"


class Level(StrEnum):
    """The level of government that gives a report, the highest first."""

    PROVINCE = "province"
    PREFECTURE = "prefecture"
    COUNTY = "county"
    TOWNSHIP = "township"


class Predicate(StrEnum):
    """The ten relations; the value is the local name in the ontology."""

    LOCATED_IN = "locatedIn"
    PART_OF = "partOf"
    SETTLED_IN = "settledIn"
    RECEIVED = "received"
    GRANTED_BY = "grantedBy"
    SUPPORTS = "supports"
    HOSTS = "hosts"
    ADOPTS = "adopts"
    OPERATES = "operates"
    HOLDS_POST = "holdsPost"


class Part(StrEnum):
    """Which part of a report a section belongs to."""

    FRONT = "front"  # salutation and opening, before the first heading
    REVIEW = "review"  # what was done
    PLAN = "plan"  # what is to be done
    OTHER = "other"  # thanks, problems, closing words


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A stretch of the report's text: ``text[begin:end]``, code points."""

    begin: int
    end: int

    def __post_init__(self) -> None:
        if not 0 <= self.begin < self.end:
            raise ValueError(f"not a span: {self.begin}-{self.end}")

    def __len__(self) -> int:
        return self.end - self.begin

    def __contains__(self, other: Span) -> bool:
        return self.begin <= other.begin and other.end <= self.end

    def overlaps(self, other: Span) -> bool:
        """Whether the two spans share a code point.

        >>> Span(0, 3).overlaps(Span(2, 5)), Span(0, 2).overlaps(Span(2, 5))
        (True, False)
        """
        return self.begin < other.end and other.begin < self.end

    def quote(self, text: str) -> str:
        """The quotation that the span stands for."""
        return text[self.begin : self.end]


@dataclass(frozen=True, slots=True)
class Period:
    """A year, month, day or interval, as ISO 8601 (``2010``, ``2011-01``, ``2006/2010``)."""

    iso: str

    @property
    def start(self) -> str:
        """The first day, ``YYYY-MM-DD``.

        >>> Period("2006/2010").start, Period("2011-02").start
        ('2006-01-01', '2011-02-01')
        """
        return _first_day(self.iso.split("/")[0])

    @property
    def end(self) -> str:
        """The last day, ``YYYY-MM-DD``.

        >>> Period("2006/2010").end, Period("2012-02").end
        ('2010-12-31', '2012-02-29')
        """
        return _last_day(self.iso.split("/")[-1])


def _first_day(point: str) -> str:
    parts = point.split("-")
    return "-".join([*parts, *["01"] * (3 - len(parts))])


def _last_day(point: str) -> str:
    import calendar

    parts = point.split("-")
    if len(parts) == 1:
        return f"{parts[0]}-12-31"
    if len(parts) == 2:
        return f"{point}-{calendar.monthrange(int(parts[0]), int(parts[1]))[1]:02d}"
    return point


@dataclass(frozen=True, slots=True)
class Section:
    """A headed stretch of the report; sections nest by ``level`` (1 is the outermost)."""

    span: Span
    level: int
    heading: Span | None
    part: Part
    #: the period that the heading names ("2018年工作回顾"), else that of the section around it
    period: Period | None = None


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence (up to 。！？； or the end of a line); ``section`` indexes ``Report.sections``."""

    span: Span
    section: int


def split_area(area: str) -> tuple[str, ...]:
    """The names that the full name of an area is made of, outermost first.

    >>> split_area("广州市海珠区"), split_area("济南市市中区"), split_area("荆州市沙市区")
    (('广州市', '海珠区'), ('济南市', '市中区'), ('荆州市', '沙市区'))
    """
    from kg.patterns import compiled

    # 州, 市 and 盟 may stand inside a name: 广州市, 沙市区
    suffix = "特别行政区|自治[区州县旗]|州(?![市区县])|市(?!区)|盟(?!市)|[省区县旗]"
    return tuple(compiled(rf".{{2,}}?(?:{suffix}|$)|.+").findall(area))


@dataclass(frozen=True, slots=True)
class Report:
    """A report as read: the raw text, what its header says, its sections and sentences."""

    text: str
    source: str  # name of the file it was read from, without folders
    sha256: str  # of the file's bytes
    title: str | None
    area: str | None  # the fullest name of the area that it is about: "广州市海珠区"
    year: int | None  # the year in which it was given
    date: str | None  # ISO date on which it was given, as far as the text says it
    meeting: str | None
    speaker: str | None
    body: Span  # what is text of the report; outside lies the web site's navigation
    sections: tuple[Section, ...]
    sentences: tuple[Sentence, ...]
    encoding: str = "utf-8"
    #: where each piece of metadata stands in the text: "title", "area", "date", "meeting", "speaker"
    header: dict[str, Span] = field(default_factory=dict)
    #: the text with characters made uniform (half-width digits, one kind of dash, …); same length, same offsets
    norm: str = ""
    #: things a user should know: "the area cannot be told from the text"
    warnings: tuple[str, ...] = ()
    #: the level of government of the area, None where its name does not tell it
    level: Level | None = None
    #: which of the metadata were given, and not inferred from the text: "area", "year", …
    given: frozenset[str] = frozenset()

    @property
    def area_name(self) -> str | None:
        """The last part of :attr:`area`: ``海珠区`` of ``广州市海珠区``."""
        return self.area_parts[-1] if self.area_parts else None

    @property
    def area_parts(self) -> tuple[str, ...]:
        """The names that :attr:`area` is made of, outermost first."""
        return split_area(self.area) if self.area else ()

    def sentence_at(self, offset: int) -> Sentence | None:
        """The sentence in which the offset lies (binary search)."""
        import bisect

        i = bisect.bisect_right(self.sentences, offset, key=lambda s: s.span.begin) - 1
        if i >= 0 and offset < self.sentences[i].span.end:
            return self.sentences[i]
        return None


@dataclass(frozen=True, slots=True)
class Entity:
    """One thing that the report names, under all the names that it gives it."""

    name: str  # the fullest name in the text
    classes: tuple[EntityClass, ...]  # at least one, sorted by value
    aliases: tuple[str, ...]  # sorted, without `name`
    mentions: tuple[Span, ...]  # sorted; at least one
    status: Status | None = None
    #: set for administrative areas whose place in the hierarchy the text gives: "广州市海珠区"
    qualified: str | None = None
    #: whether this is the area that the report is about
    own_area: bool = False


@dataclass(frozen=True, slots=True)
class Observation:
    """One figure: what was measured, of what, when, and how much."""

    indicator: str  # canonical name
    wordings: tuple[str, ...]  # the report's own wordings, sorted
    area: str | None  # name of the entity that the figure is about; None if not even the area is known
    period: Period | None
    measure: Measure
    modality: Modality
    bound: Bound
    value: Decimal
    unit: str  # "" for a bare number
    value_text: str  # the figure as it stands in the report
    mentions: tuple[Span, ...]  # where the figure stands; sorted, at least one


@dataclass(frozen=True, slots=True)
class Relation:
    """A statement between two entities, named by ``Entity.name``."""

    subject: str
    predicate: Predicate
    object: str
    mentions: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class Extraction:
    """All that was taken out of one report, in text order."""

    report: Report
    entities: tuple[Entity, ...]
    observations: tuple[Observation, ...]
    relations: tuple[Relation, ...]
    segmenter: str  # "rjieba" or "jieba"

    def quotations(self) -> Iterator[tuple[Span, str]]:
        """Every span that is evidence for something, with what it quotes."""
        items: tuple[Entity | Observation | Relation, ...] = (*self.entities, *self.observations, *self.relations)
        for item in items:
            for span in item.mentions:
                yield span, span.quote(self.report.text)
